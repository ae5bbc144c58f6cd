"""Visits with their findings and files, and the feedback sheet that the agency acknowledges."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpResponseNotAllowed
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation.enums import Stage
from evaluation.models import FeedbackSheet, Visit, VisitFile, VisitFinding
from evaluation.process.assessing import visit
from evaluation.process.improvement import report_card
from evaluation.reports import feedback_sheet
from evaluation.rules.open_fields import sees_evaluators

from ..base import BaseAdmin, BaseTabular, ReadOnlyMixin, RefusableForm
from ..choices import CheckboxesMixin
from ..display import badge, column, digits, jalali
from ..files import file_column
from ..filters import JalaliPeriodFilter, ScopedRelatedFilter
from ..improvement.report_card import card_address
from ..lookups import set_counts
from ..verbs.dialogs import VerbForm
from ..verbs.verb import Verb, VerbsMixin


class VisitForm(RefusableForm):
    """The evaluators are those of the agency's cycle, and the day is past or today.

    A meeting that the agency asked for may be held by the provincial organization's people, without evaluators.
    """

    def clean(self):
        cleaned = super().clean()
        kept = self.instance.participation if self.instance.participation_id else None
        part = cleaned.get("participation") or kept
        seats = cleaned.get("evaluators") or ()
        if part and not seats and "evaluators" in self.fields and not report_card.is_asked_for(part.pk):
            self.add_error("evaluators", _("Choose the evaluators who visited the agency."))
        if strangers := [str(seat) for seat in seats if part and seat.group.cycle_id != part.cycle_id]:
            sentence = _("These evaluators are in no group of the agency's cycle: %(names)s.")
            self.add_error("evaluators", sentence % {"names": "، ".join(strangers)})
        if (day := cleaned.get("date")) and day > timezone.localdate():
            self.add_error("date", _("A visit can be recorded on its day or later."))
        return cleaned


def still_open(visit):
    """`process.is_open` of a visit that was read with its sheet, which a form asks many times."""
    sheet = getattr(visit.participation, "feedback_sheet", None)
    return sheet is None or sheet.issued_at is None


class RecordedMeetingMixin:
    """For admin and inlines of visits. Adds that a meeting for which the agency asked is recorded in the archive too.

    Needs `in_archive()` of `ScopedMixin`.
    """

    def in_archive(self, visit):
        return super().in_archive(visit) and not report_card.is_asked_for(visit.participation_id)


class OfVisitInline(RecordedMeetingMixin, BaseTabular):
    """Findings and files are fixed with the feedback sheet."""

    show_title = False

    def is_open(self, visit):
        return still_open(visit)


class VisitFindingInline(OfVisitInline):
    model = VisitFinding
    fields = ("line", "kind", "text")
    select_related = ("line__indicator",)

    def get_field_queryset(self, db, db_field, request):
        """Only the lines of the visited agency that this person may read."""
        rows = super().get_field_queryset(db, db_field, request)
        if db_field.name != "line":
            return rows
        rows = rows.filter(assessment__participation=request.edited.participation_id)
        return rows.select_related("indicator").order_by("indicator__code")


class VisitFileInline(OfVisitInline):
    model = VisitFile
    fields = ("title", "file")


@admin.register(Visit)
class VisitAdmin(RecordedMeetingMixin, CheckboxesMixin, VerbsMixin, BaseAdmin):
    form = VisitForm
    list_display = ("participation", "shown_cycle", "day", "place", "shown_findings", "shown_feedback")
    list_filter = (("participation__cycle", ScopedRelatedFilter), ("date", JalaliPeriodFilter))
    select_related = ("participation__agency", "participation__cycle", "participation__feedback_sheet")
    search_fields = ("participation__agency__name", "place")
    inlines = (VisitFindingInline, VisitFileInline)
    has_log = True
    verbs = (
        Verb(
            "prepare_feedback",
            visit.prepare_feedback_sheet,
            label=gettext_lazy("Write the feedback sheet"),
            transition=False,
            codename="issue_feedbacksheet",
            offered=visit.is_open,
            icon="rate_review",
            sentence=gettext_lazy(
                "Strengths and weaknesses are copied from the findings; the sheet can be edited afterwards."
            ),
        ),
    )

    def get_queryset(self, request):
        """In the order of `findings_count` too."""
        counted = VisitFinding.objects.filter(visit=OuterRef("pk")).order_by().values("visit")
        number = Subquery(counted.annotate(number=Count("pk")).values("number"))
        return super().get_queryset(request).alias(findings_count=Coalesce(number, 0))

    def add_figures(self, request, rows):
        findings = VisitFinding.objects.filter(visit__in=rows).order_by()
        set_counts(rows, findings.values_list("visit").annotate(Count("pk")), "findings_count")

    def get_fields(self, request, obj=None):
        """Agencies do not read who visited them by name."""
        agency = obj and obj.participation.agency_id
        names = ("evaluators",) if sees_evaluators(request.user, agency) else ()
        return ("participation", "date", "place", *names, "note")

    def get_readonly_fields(self, request, obj=None):
        return (*super().get_readonly_fields(request, obj), *(("participation",) if obj is not None else ()))

    def get_inlines(self, request, obj):
        return self.inlines if obj is not None else ()

    def get_field_queryset(self, db, db_field, request):
        rows = super().get_field_queryset(db, db_field, request)
        if db_field.name == "participation":
            asked = report_card.meetings_asked_for().values("object_id")
            return rows.select_related("agency", "cycle").filter(~Q(cycle__stage=Stage.CLOSED) | Q(pk__in=asked))
        if db_field.name == "evaluators":
            return rows.select_related("user", "group__cycle").exclude(group__cycle__stage=Stage.CLOSED)
        return rows

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field is not None and db_field.name == "participation":
            field.label_from_instance = lambda row: f"{row.agency} · {row.cycle}"
        return field

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        if field is not None and db_field.name == "evaluators":
            field.required = False  # whether the visit needs them, the form asks
            several = getattr(request, "edited", None) is None  # before the agency is known, those of every cycle
            field.label_from_instance = lambda seat: " · ".join(
                [str(seat), str(seat.group), *([str(seat.group.cycle)] if several else [])]
            )
        return field

    def is_open(self, visit):
        return still_open(visit)

    def response_add(self, request, obj, post_url_continue=None):
        """The next step is to write the findings: they stand on the page of the visit."""
        if "_addanother" in request.POST:
            return super().response_add(request, obj, post_url_continue)
        messages.success(request, _("The visit was recorded: now add the findings and the files."))
        return self.go(request, self.page_of(obj))

    def save_formset(self, request, form, formset, change):
        for row in formset.save(commit=False):
            if isinstance(row, VisitFile) and not row.sha256:
                visit.keep_file(row, by=request.user)
            row.save()
        for row in formset.deleted_objects:
            row.delete()
        formset.save_m2m()

    def after_verb(self, request, obj, verb):
        sheet = FeedbackSheet.objects.get(participation=obj.participation_id)
        return self.go(request, reverse("admin:evaluation_feedbacksheet_change", args=[sheet.pk]))

    @column(gettext_lazy("cycle"), "participation__cycle")
    def shown_cycle(self, row):
        return row.participation.cycle

    @column(gettext_lazy("date of the visit"), "date")
    def day(self, row):
        return jalali(row.date)

    @column(gettext_lazy("findings"), "findings_count")
    def shown_findings(self, row):
        return digits(row.findings_count)

    @column(gettext_lazy("feedback sheet"))
    def shown_feedback(self, row):
        return feedback_badge(getattr(row.participation, "feedback_sheet", None))


def feedback_badge(sheet):
    """How far the feedback sheet has come."""
    if sheet is None:
        return badge(_("not written yet"), "muted")
    if sheet.issued_at is None:
        return badge(_("draft"), "neutral")
    return badge(_("acknowledged"), "good") if sheet.acknowledged_at else badge(_("issued"), "info")


@admin.register(VisitFile)
class VisitFileAdmin(ReadOnlyMixin, BaseAdmin):
    """Hands out the files; they are added on the page of the visit."""

    list_display = ("visit", "title", "file_link")
    list_select_related = ("visit__participation__agency",)
    fields = ("visit", "title", "file", "sha256", "uploaded_at")
    file_link = file_column("file")

    def has_module_permission(self, request):
        return False


class AcknowledgeForm(VerbForm):
    comment = forms.CharField(
        label=gettext_lazy("comment of the agency"), widget=forms.Textarea, required=False, max_length=20000
    )


@admin.register(FeedbackSheet)
class FeedbackSheetAdmin(VerbsMixin, BaseAdmin):
    list_display = ("participation", "shown_cycle", "shown_state", "issued", "acknowledged")
    list_filter = (("participation__cycle", ScopedRelatedFilter),)
    select_related = ("participation__agency", "participation__cycle__province", "issued_by", "acknowledged_by")
    search_fields = ("participation__agency__name",)
    change_form_outer_before_template = "admin/evaluation/assessing/visit/sheet_top.html"
    has_log = True
    verbs = (
        Verb(
            "issue",
            visit.issue_feedback_sheet,
            label=gettext_lazy("Issue the feedback sheet"),
            transition=False,
            codename="issue_feedbacksheet",
            offered=lambda sheet: sheet.issued_at is None,
            batch=True,
            icon="send",
            sentence=gettext_lazy(
                "The agency can read the sheet from now on and is notified; the sheet can no longer be edited."
            ),
        ),
        Verb(
            "acknowledge",
            visit.acknowledge_feedback_sheet,
            form=AcknowledgeForm,
            label=gettext_lazy("Acknowledge the feedback sheet"),
            transition=False,
            codename="acknowledge_feedbacksheet",
            party=visit.ACKNOWLEDGE.party,
            offered=lambda sheet: sheet.issued_at is not None and sheet.acknowledged_at is None,
            icon="done_all",
        ),
    )

    def get_urls(self):
        view = self.admin_site.admin_view(self.sheet_view)
        return [path("<path:object_id>/sheet/", view, name="evaluation_feedbacksheet_sheet"), *super().get_urls()]

    def has_add_permission(self, request):
        """A sheet is written from the page of a visit."""
        return False

    def is_open(self, sheet):
        return sheet.issued_at is None

    def get_fields(self, request, obj=None):
        fields = ["participation", "text", "strengths", "weaknesses"]
        if obj is not None and obj.issued_at:
            names = sees_evaluators(request.user, obj.participation.agency_id)
            fields += [("issued_at", "issued_by") if names else "issued_at"]
        return [*fields, "acknowledged_at", "comment"] if obj is not None and obj.acknowledged_at else fields

    def get_readonly_fields(self, request, obj=None):
        return (*super().get_readonly_fields(request, obj), "participation", "comment")

    def about(self, request, obj):
        return super().about(request, obj) | {"card_url": card_address(obj.participation, request.user)}

    def sheet_view(self, request, object_id):
        """The sheet as it is printed, for people who may see it."""
        sheet = self.visible_row(request, object_id)
        if request.method != "GET":
            return HttpResponseNotAllowed(["GET"])
        if not self.has_view_permission(request, sheet):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": sheet,
            "title": _("Feedback sheet: %(agency)s") % {"agency": sheet},
            "sheet": sheet,
            "axes": feedback_sheet.axes_of(sheet, request.user),
            "visits": feedback_sheet.visits_of(sheet, request.user),
            "verbs": self.buttons(request, sheet),
            "card_url": card_address(sheet.participation, request.user),
            "names": sees_evaluators(request.user, sheet.participation.agency_id),
        }
        return TemplateResponse(request, "admin/evaluation/assessing/visit/sheet.html", context)

    @column(gettext_lazy("cycle"), "participation__cycle")
    def shown_cycle(self, row):
        return row.participation.cycle

    @column(gettext_lazy("state"))
    def shown_state(self, row):
        return feedback_badge(row)

    @column(gettext_lazy("issued at"), "issued_at")
    def issued(self, row):
        return jalali(row.issued_at)

    @column(gettext_lazy("acknowledged at"), "acknowledged_at")
    def acknowledged(self, row):
        return jalali(row.acknowledged_at)
