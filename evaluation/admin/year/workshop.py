"""Workshops for evaluators and for agencies: invitations, attendance, material."""

from io import BytesIO

from django import forms
from django.contrib import admin
from django.db.models import Count, Q
from django.http import Http404, HttpResponseNotAllowed
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from evaluation.enums import WorkshopKind
from evaluation.models import Attendance, Participant, Workshop
from evaluation.process.year import workshop
from evaluation.reports import attendance_certificate
from evaluation.rules.permissions import holds

from ..base import BaseAdmin, BaseTabular
from ..display import badge, column, digits, jalali
from ..files import attachment, file_column
from ..filters import CountedChoicesFilter, JalaliPeriodFilter, ScopedRelatedFilter
from ..forms import JalaliDateTimeField
from ..imports.workbooks import WorkbookButtonsMixin
from ..lookups import set_counts
from ..verbs.dialogs import VerbForm
from ..verbs.verb import Verb, VerbsMixin


class CameForm(VerbForm):
    """Who of those invited came; without anybody invited nothing is asked."""

    came = forms.ModelMultipleChoiceField(
        Attendance.objects.none(), label=_("Participants"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def prepare(self):
        super().prepare()
        invited = self.subject.attendances.select_related("agency", "user") if self.subject else None
        if not invited:
            del self.fields["came"]
            return
        self.fields["came"].queryset = invited
        self.initial.setdefault("came", [row.pk for row in invited if row.attended])


class HoldForm(CameForm):
    at = JalaliDateTimeField(label=_("held at"), required=False, help_text=_("If empty, the present time is recorded."))


class AttendanceInline(BaseTabular):
    """Who is invited and who came; for an agency, the name of whoever came is typed here."""

    model = Attendance
    fields = ("who", "name", "came")
    readonly_fields = ("who", "came")
    select_related = ("agency", "user")
    can_delete = False
    show_title = False

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return holds(request.user, "hold_workshop", obj)

    @column(_("invited"))
    def who(self, row):
        return str(row)

    @column(_("present"))
    def came(self, row):
        if row.attended is None:
            return badge(_("not noted yet"), "muted")
        return badge(_("present"), "good") if row.attended else badge(_("absent"), "warning")


class ParticipantInline(BaseTabular):
    """The people of the agencies by name: managers and experts."""

    model = Participant
    fields = ("agency", "name", "post", "attended")
    select_related = ("agency",)
    show_title = False

    def get_field_queryset(self, db, db_field, request):
        """The agencies of the cycle's province."""
        rows = super().get_field_queryset(db, db_field, request)
        workshop = request.edited
        return rows.filter(province=workshop.cycle.province_id) if workshop and db_field.name == "agency" else rows


@admin.register(Workshop)
class WorkshopAdmin(WorkbookButtonsMixin, VerbsMixin, BaseAdmin):
    workbooks = ("attendance",)
    list_display = ("title", "kind", "place", "start", "held", "attendance", "cycle", "material_link", "file_link")
    list_filter = (("cycle", ScopedRelatedFilter), ("kind", CountedChoicesFilter), ("starts_at", JalaliPeriodFilter))
    list_select_related = ("cycle",)
    select_related = ("cycle__province", "held_by")
    search_fields = ("title", "place")
    fields = (
        ("cycle", "kind"),
        "title",
        ("place", "starts_at"),
        ("held_at", "held_by"),
        "note",
        ("material", "file"),
    )
    inlines = (AttendanceInline, ParticipantInline)
    has_log = True
    change_form_outer_before_template = "admin/evaluation/year/workshop_top.html"
    material_link = file_column("material", _("material"))
    file_link = file_column("file", _("minutes"))
    verbs = (
        Verb(
            "invite",
            workshop.invite,
            label=_("Invite"),
            transition=False,
            codename="hold_workshop",
            offered=lambda obj: obj.held_at is None,
            icon="mail",
            sentence=_("All evaluators (or all agencies) of the cycle are invited and notified."),
        ),
        Verb(
            "hold",
            workshop.hold,
            form=HoldForm,
            label=_("Record as held"),
            transition=False,
            codename="hold_workshop",
            offered=lambda obj: obj.held_at is None,
            icon="co_present",
        ),
        Verb(
            "enlist",
            workshop.enlist,
            label=_("Complete the attendance list"),
            transition=False,
            codename="hold_workshop",
            offered=lambda obj: obj.held_at is not None and bool(workshop.left_to_invite(obj)),
            tone="plain",
            icon="group_add",
            sentence=_(
                "Everyone for whom the workshop is held is added to the attendance list without an invitation; then "
                "record who was present."
            ),
        ),
        Verb(
            "note_attendance",
            workshop.note_attendance,
            form=CameForm,
            label=_("Record who was present"),
            transition=False,
            codename="hold_workshop",
            offered=lambda obj: obj.held_at is not None and obj.attendances.exists(),
            icon="how_to_reg",
        ),
    )

    def get_inlines(self, request, obj):
        """No empty table before anybody is invited, nor for those who only read."""
        if obj is None:
            return ()
        invited = obj.attendances.visible_to(request.user).exists()
        by_name = obj.kind == WorkshopKind.AGENCIES and (
            holds(request.user, "add_participant", obj) or obj.participants.visible_to(request.user).exists()
        )
        return (*((AttendanceInline,) if invited else ()), *((ParticipantInline,) if by_name else ()))

    def save_related(self, request, form, formsets, change):
        """Who was entered by name counts for the attendance of their agencies."""
        super().save_related(request, form, formsets, change)
        if any(formset.model is Participant and formset.has_changed() for formset in formsets):
            workshop.note_participants(form.instance, by=request.user)

    def get_urls(self):
        view = self.admin_site.admin_view(self.certificates_view)
        address = "<path:object_id>/certificates/"
        return [path(address, view, name="evaluation_workshop_certificates"), *super().get_urls()]

    def certificates_view(self, request, object_id):
        """The certificates of attendance as one PDF; an agency gets those of its own people."""
        row = self.visible_row(request, object_id)
        if request.method != "GET":
            return HttpResponseNotAllowed(["GET"])
        people = workshop.certified(row, request.user)
        if not people:
            raise Http404
        data = attendance_certificate.certificates(row, people)
        return attachment(BytesIO(data), "certificates.pdf")

    def about(self, request, obj):
        people = workshop.certified(obj, request.user)
        address = reverse("admin:evaluation_workshop_certificates", args=[obj.pk]) if people else ""
        return super().about(request, obj) | {"certificates_url": address, "certificates": len(people)}

    def add_figures(self, request, rows):
        """With those of the list whom this person may see."""
        known = Attendance.objects.visible_to(request.user).filter(workshop__in=rows).order_by()
        came = Count("pk", filter=Q(attended=True))
        counted = known.values_list("workshop").annotate(invited=Count("pk"), came=came)
        set_counts(rows, counted, "invited", "came")

    @column(_("present"))
    def attendance(self, row):
        """How many of those on the list came."""
        if not row.invited:
            return "—"
        return _("%(came)s of %(all)s") % {"came": digits(row.came), "all": digits(row.invited)}

    @column(_("starts at"), "starts_at")
    def start(self, row):
        return jalali(row.starts_at)

    @column(_("held at"), "held_at")
    def held(self, row):
        return jalali(row.held_at) if row.held_at else badge(_("not held yet"), "warning")
