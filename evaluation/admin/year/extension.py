"""Extensions and the requests for them: lists, filters, what each agency has had, and the agency's own request."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation.models import Extension, ExtensionRequest
from evaluation.persian import shown_end
from evaluation.process.year import extension, planning, windows
from evaluation.reports import extensions
from evaluation.rules.windows import last_day_as_text

from ..base import BaseAdmin, ReadOnlyMixin
from ..display import badge, column, jalali
from ..filters import CountedChoicesFilter, JalaliPeriodFilter, ScopedRelatedFilter
from ..forms import JalaliEndField
from ..imports.workbooks import XLSX
from ..labels import person
from ..verbs.dialogs import VerbForm
from ..verbs.verb import Verb, VerbsMixin
from .windows import PartForm

MORE_DAYS = 7  # written into an empty request; the person changes it


class RunningFilter(admin.SimpleListFilter):
    """Whether an extension still runs."""

    title = gettext_lazy("running or lapsed")
    parameter_name = "runs"

    def lookups(self, request, model_admin):
        return [("yes", _("running")), ("no", _("lapsed"))]

    def queryset(self, request, queryset):
        if self.value() == "yes":
            return queryset.filter(ends_at__gt=timezone.now())
        return queryset.filter(ends_at__lte=timezone.now()) if self.value() == "no" else queryset


@admin.register(Extension)
class ExtensionAdmin(BaseAdmin):
    form = PartForm
    list_display = (
        "agency",
        "stage",
        "part",
        "cycle",
        "ending",
        "shown_state",
        "shown_approver",
        "reason",
    )
    list_filter = (
        ("cycle", ScopedRelatedFilter),
        ("stage", CountedChoicesFilter),
        RunningFilter,
        ("agency", ScopedRelatedFilter),
        ("approver", ScopedRelatedFilter),
        ("ends_at", JalaliPeriodFilter),
    )
    list_select_related = ("agency", "cycle", "approver")
    select_related = ("agency", "cycle", "approver")
    search_fields = ("agency__name", "reason")
    autocomplete_fields = ("agency",)
    list_before_template = "admin/evaluation/year/calendar/extensions.html"
    has_log = True

    class Media:
        css = {"all": ("evaluation/css/calendar.css",)}

    def get_urls(self):
        view = self.admin_site.admin_view(self.workbook_view)
        return [path("workbook/", view, name="evaluation_extension_workbook"), *super().get_urls()]

    def workbook_view(self, request):
        """The extensions that this person may see as a workbook, with the figures of each agency."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        headers = {"Content-Disposition": 'attachment; filename="extensions.xlsx"'}
        return HttpResponse(extensions.workbook(self.get_queryset(request)), content_type=XLSX, headers=headers)

    def changelist_view(self, request, extra_context=None):
        panel = {"extensions_of": extension.per_agency(self.get_queryset(request))}
        return super().changelist_view(request, {**(extra_context or {}), **panel})

    def get_fields(self, request, obj=None):
        fields = ["cycle", "agency", ("stage", "part"), "dimension", "ends_at", "reason"]
        return fields if obj is None else [*fields, ("approver", "granted_at")]

    def get_readonly_fields(self, request, obj=None):
        fixed = ("cycle", "agency", "stage", "part", "dimension", "approver", "granted_at") if obj is not None else ()
        return (*super().get_readonly_fields(request, obj), *fixed)

    def save_model(self, request, obj, form, change):
        """A new extension is granted by the verb; later its end and reason are corrected by another."""
        if change:
            windows.correct(obj, ends_at=obj.ends_at, reason=obj.reason, by=request.user)
            return
        names = ("stage", "part", "dimension", "ends_at", "reason")
        granted = windows.extend(obj.cycle, obj.agency, by=request.user, **{name: getattr(obj, name) for name in names})
        obj.__dict__.update({field.attname: getattr(granted, field.attname) for field in obj._meta.fields})
        obj._state.adding = False

    @column(gettext_lazy("ends at"), "ends_at")
    def ending(self, row):
        return jalali(shown_end(row.ends_at))

    @column(gettext_lazy("state"), "ends_at")
    def shown_state(self, row):
        return badge(_("running"), "good") if row.ends_at > timezone.now() else badge(_("lapsed"), "muted")

    @column(gettext_lazy("approved by"), "approver")
    def shown_approver(self, row):
        return person(row.approver) if row.approver else "—"


# -- requests -------------------------------------------------------------------------------------


class GrantForm(VerbForm):
    ends_at = JalaliEndField(label=gettext_lazy("ends at"))


@admin.register(ExtensionRequest)
class ExtensionRequestAdmin(ReadOnlyMixin, VerbsMixin, BaseAdmin):
    list_display = ("agency", "stage", "part", "cycle", "asked", "wanted", "shown_decision", "reason")
    list_filter = (
        ("cycle", ScopedRelatedFilter),
        ("stage", CountedChoicesFilter),
        ("decision", CountedChoicesFilter),
        ("asked_at", JalaliPeriodFilter),
    )
    list_select_related = ("agency", "cycle")
    select_related = ("agency", "cycle", "asked_by", "decided_by", "extension")
    search_fields = ("agency__name", "reason")
    has_log = True
    fields = ("cycle", "agency", ("stage", "part"), "dimension", "reason", "wanted_until", ("asked_by", "asked_at"))
    fields += ("decision", ("decided_by", "decided_at"), "decision_note", "extension")
    verbs = (
        Verb(
            "grant",
            extension.grant,
            form=GrantForm,
            label=gettext_lazy("Grant more time"),
            transition=False,
            codename="decide_extensionrequest",
            offered=lambda request: not request.decision,
            initial=lambda request: {"ends_at": request.wanted_until},
            icon="more_time",
            sentence=gettext_lazy("The window of the agency is extended and its people are notified."),
        ),
        Verb(
            "refuse",
            extension.refuse,
            label=gettext_lazy("Refuse the request"),
            transition=False,
            codename="decide_extensionrequest",
            offered=lambda request: not request.decision,
            tone="danger",
            icon="block",
            sentence=gettext_lazy("The reason is sent to the agency's people."),
        ),
    )

    @column(gettext_lazy("requested at"), "asked_at")
    def asked(self, row):
        return jalali(row.asked_at)

    @column(gettext_lazy("wanted until"), "wanted_until")
    def wanted(self, row):
        return jalali(shown_end(row.wanted_until))

    @column(gettext_lazy("decision"), "decision")
    def shown_decision(self, row):
        if not row.decision:
            return badge(_("waiting for an answer"), "warning")
        return badge(row.get_decision_display(), "good" if row.decision == "granted" else "danger")


# -- the agency asks, on the page of its assessment -----------------------------------------------


class AskForm(VerbForm):
    wanted_until = JalaliEndField(label=gettext_lazy("wanted until"))


def usual_request(assessment):
    """A week after the end of the party's time, or from now where that has passed."""
    window = extension.window_to_ask_for(assessment)
    if window is None:
        return {}
    start = max(extension.end_of_time(assessment, window), timezone.now())
    return {"wanted_until": planning.end_of(start, MORE_DAYS, window.cycle.province)}


def window_details(assessment):
    window = extension.window_to_ask_for(assessment)
    if window is None:
        return None
    end = extension.end_of_time(assessment, window)
    return [(str(window), _("ends with %(day)s") % {"day": last_day_as_text(end)})]


ASK = Verb(
    "ask_extension",
    extension.ask,
    form=AskForm,
    label=gettext_lazy("Ask for more time"),
    transition=False,
    allowed=extension.may_ask,
    offered=lambda assessment: extension.work_of(assessment) is not None,
    tone="plain",
    icon="more_time",
    initial=usual_request,
    details=window_details,
    sentence=gettext_lazy(
        "The provincial organization decides and you are notified. One request at a time, up to seven days "
        "after the end."
    ),
)
