"""Committees and their sessions; the council for management development is one of them."""

from django.contrib import admin
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from evaluation.models import Committee, CommitteeMember, CommitteeSession
from evaluation.rules.permissions import holds

from ..addresses import key_named
from ..base import BaseAdmin, BaseTabular, ReadOnlyInline
from ..choices import CheckboxesMixin
from ..display import column, jalali, letter
from ..files import file_column
from ..filters import CountedChoicesFilter, JalaliPeriodFilter, ScopedRelatedFilter
from ..imports.workbooks import WorkbookButtonsMixin


class SessionInline(ReadOnlyInline):
    model = CommitteeSession
    fields = ("number", "held_on", "cycle")
    select_related = ("committee", "cycle")
    show_change_link = True
    show_title = True  # it carries the link to the session


class MemberInline(BaseTabular):
    model = CommitteeMember
    show_title = False
    fields = ("name", "post", "office", "decree", "since", "until", "user")


@admin.register(Committee)
class CommitteeAdmin(WorkbookButtonsMixin, BaseAdmin):
    workbooks = ("committees",)
    list_display = ("title", "kind", "province")
    list_filter = (("kind", CountedChoicesFilter), ("province", ScopedRelatedFilter))
    select_related = ("province", "legal_reference")
    search_fields = ("title",)
    inlines = (MemberInline, SessionInline)
    change_form_outer_before_template = "admin/evaluation/year/committee_top.html"

    def get_inlines(self, request, obj):
        """No empty table of sessions."""
        held = obj is not None and obj.sessions.visible_to(request.user).exists()
        return self.inlines if held else (MemberInline,)

    def about(self, request, obj):
        address = reverse("admin:evaluation_committeesession_add")
        may = holds(request.user, "add_committeesession", obj)
        return super().about(request, obj) | {"session_url": f"{address}?committee={obj.pk}" if may else ""}


@admin.register(CommitteeSession)
class CommitteeSessionAdmin(CheckboxesMixin, BaseAdmin):
    list_display = ("committee", "shown_number", "day", "cycle", "minutes_link")
    list_filter = (("cycle", ScopedRelatedFilter), ("committee", ScopedRelatedFilter), ("held_on", JalaliPeriodFilter))
    list_select_related = ("committee", "cycle")
    select_related = ("committee", "cycle", "recorded_by")
    search_fields = ("number", "resolution", "committee__title")
    fields = (
        ("committee", "cycle"),
        ("number", "held_on"),
        "place",
        "agenda",
        "present",
        "resolution",
        "minutes",
        "recorded_by",
    )
    readonly_fields = ("groups",)
    minutes_link = file_column("minutes", _("minutes"))

    def get_fields(self, request, obj=None):
        if obj is None:
            return self.fields[:-1]  # nobody has recorded it yet
        formed = obj.evaluator_groups.visible_to(request.user).exists()
        return (*self.fields, "groups") if formed else self.fields

    @column(_("evaluator groups formed by it"))
    def groups(self, session):
        return "، ".join(group.title for group in session.evaluator_groups.all())

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        """The members of the session's own committee; for a new session without one those of all, with its name."""
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        rows, committee = field.queryset.select_related("committee"), self.committee_of(request)
        field.queryset = rows.filter(committee=committee) if committee else rows
        field.label_from_instance = lambda row: row.name if committee else f"{row.name} · {row.committee}"
        if not field.queryset.exists():
            field.help_text = _("The committee has no members yet: add them on its page.")
        return field

    def committee_of(self, request):
        """The key of the committee: the session's own, or the one whose page led here."""
        session = getattr(request, "edited", None)
        return session.committee_id if session else key_named(request, "committee")

    def save_model(self, request, obj, form, change):
        if not change:
            obj.recorded_by = request.user
        super().save_model(request, obj, form, change)

    @column(_("session number"), "number")
    def shown_number(self, row):
        return letter(row.number)

    @column(_("date of the session"), "held_on")
    def day(self, row):
        return jalali(row.held_on)
