"""Improvement plans with their actions: written, agreed, approved, and reported on."""

from django import forms
from django.contrib import admin
from django.db.models import Prefetch
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation.enums import PlanState
from evaluation.models import ActionFile, ImprovementAction, ImprovementPlan
from evaluation.persian import format_decimal
from evaluation.process.improvement import action, measuring, plan
from evaluation.rules import lights
from evaluation.templatetags.files import file_link

from ..base import BaseAdmin, BaseTabular, ReadOnlyInline, ReadOnlyMixin, RefusableForm
from ..display import EMPTY, badge, column, digits, jalali, link, percent, score, state_column, tone_of
from ..files import file_column
from ..filters import CountedChoicesFilter, JalaliPeriodFilter, ScopedRelatedFilter
from ..forms import PersianIntegerField, UploadField
from ..imports.workbooks import WorkbookButtonsMixin
from ..verbs.dialogs import VerbForm
from ..verbs.verb import Verb, VerbsMixin

OF_ACTION = ("line__indicator", "plan__participation__agency", "plan__participation__cycle__province")


def light_badge(light):
    """A light in words, with its tone."""
    return badge(light.label, tone_of(light))


def plan_light(obj):
    """The worst light of a plan's actions; the actions come prefetched."""
    today = timezone.localdate()
    return lights.worst(row.light_on(today) for row in obj.actions.all())


def is_followed(obj):
    """Whether the plan is in follow-up or closed: before that there is no progress to show."""
    return obj is not None and obj.state in PlanState.begun()


def has_light(obj):
    """Whether the plan is in follow-up; a closed one is late no more."""
    return obj.state == PlanState.FOLLOW_UP


class ActionForm(RefusableForm):
    """Expected points within those that the line lost."""

    def clean(self):
        cleaned = super().clean()
        line, expected = cleaned.get("line") or getattr(self.instance, "line", None), cleaned.get("expected")
        lost = ImprovementAction(line=line).lost if line else None
        if lost is not None and expected is not None and expected > lost:
            figures = {"lost": format_decimal(lost, 2)}
            self.add_error("expected", _("This line lost %(lost)s points: no more can be won.") % figures)
        return cleaned


class ActionInline(BaseTabular):
    model = ImprovementAction
    form = ActionForm
    show_title = False
    select_related = ("line__indicator", "plan__participation__cycle")
    written = ("line", "shown_lost", "action", "owner", "due", "expected", "measure")
    followed = ("indicator", "action", "owner", "due", "expected", "measure", "shown_progress", "shown_light", "won",
                "evidence")  # fmt: skip

    def is_open(self, plan):
        return plan.state in PlanState.written()

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("files")

    def get_fields(self, request, obj=None):
        return self.followed if is_followed(obj) else self.written

    def get_readonly_fields(self, request, obj=None):
        figures = ("indicator", "shown_lost", "shown_progress", "shown_light", "won", "evidence")
        return (*super().get_readonly_fields(request, obj), *figures)

    def get_field_queryset(self, db, db_field, request):
        """The lines of the agency that lost points."""
        if db_field.name != "line":
            return super().get_field_queryset(db, db_field, request)
        return plan.losing_lines(request.edited.participation).select_related("indicator")

    @column(gettext_lazy("lost points"))
    def shown_lost(self, row):
        return score(row.lost) if row.line_id else EMPTY

    @column(gettext_lazy("line"))
    def indicator(self, row):
        return link(row, row.line.indicator)

    @column(gettext_lazy("progress"))
    def shown_progress(self, row):
        return percent(row.progress)

    @column(gettext_lazy("traffic light"))
    def shown_light(self, row):
        return light_badge(row.light_on(timezone.localdate())) if has_light(row.plan) else EMPTY

    @column(gettext_lazy("points reached"))
    def won(self, row):
        return score(row.reached)

    @column(gettext_lazy("evidence"))
    def evidence(self, row):
        return format_html_join(" ", "{}", [(file_link(row.file),) for row in row.files.all()]) or EMPTY


@admin.register(ImprovementPlan)
class ImprovementPlanAdmin(WorkbookButtonsMixin, VerbsMixin, BaseAdmin):
    state, has_log = "state", True
    list_display = ("agency", "cycle", state_column(gettext_lazy("state")), "light", "number", "expected", "won")
    list_filter = (("participation__cycle", ScopedRelatedFilter), ("state", CountedChoicesFilter))
    select_related = ("participation__agency__headquarters", "participation__cycle__province")
    search_fields = ("participation__agency__name", "participation__agency__code")
    readonly_fields = ("agency", "cycle", "light", "return_reason", "expected", "won", "measured_by")
    inlines = (ActionInline,)
    workbooks = ("plans",)
    change_form_outer_before_template = "admin/evaluation/improvement/plan_top.html"
    verbs = (
        Verb("propose", plan.propose, icon="send"),
        Verb("agree", plan.agree, icon="handshake"),
        Verb("decline", plan.decline, icon="undo"),
        Verb("approve", plan.approve, icon="verified", batch=True),
        Verb("return_", plan.return_, icon="undo"),
        Verb("revise", plan.revise, icon="edit"),
        Verb("close", measuring.close, icon="task_alt", tone="plain"),
    )

    def get_queryset(self, request):
        actions = ImprovementAction.objects.select_related("next_line__assessment__participation__cycle")
        actions = actions.order_by("due", "pk")
        return super().get_queryset(request).prefetch_related(Prefetch("actions", actions))

    def has_add_permission(self, request):
        """A plan is drafted from a report card."""
        return False

    def is_open(self, obj):
        return obj.state in PlanState.written()

    def get_fields(self, request, obj=None):
        fields = [("agency", "cycle")]
        if is_followed(obj):
            fields += ["light", ("agreed_at", "approved_at")]
        if obj is not None and obj.state == PlanState.CLOSED:
            fields += ["closed_at", ("expected", "won", "measured_by")]
        return [*fields, "return_reason"] if obj is not None and obj.return_reason else fields

    @column(gettext_lazy("executive agency"), ordering="participation__agency__name")
    def agency(self, obj):
        return obj.participation.agency

    @column(gettext_lazy("cycle"), ordering="participation__cycle")
    def cycle(self, obj):
        return obj.participation.cycle

    @column(gettext_lazy("traffic light"))
    def light(self, obj):
        return light_badge(plan_light(obj)) if has_light(obj) else EMPTY

    @column(gettext_lazy("actions"))
    def number(self, obj):
        return digits(len(obj.actions.all()))

    @column(gettext_lazy("expected points"))
    def expected(self, obj):
        return score(sum(row.expected for row in obj.actions.all()))

    @column(gettext_lazy("points reached"))
    def won(self, obj):
        reached = [row.reached for row in obj.actions.all() if row.reached is not None]
        return score(sum(reached)) if reached else EMPTY

    @column(gettext_lazy("measured by the results of"))
    def measured_by(self, obj):
        """The next cycle, which the lines of the actions name; nothing where none of them is measured there."""
        later = [row.next_line for row in obj.actions.all() if row.next_line_id]
        return later[0].assessment.participation.cycle if later else EMPTY


class ReportForm(VerbForm):
    progress = PersianIntegerField(label=gettext_lazy("progress (percent)"), min_value=0, max_value=100)
    note = forms.CharField(label=gettext_lazy("what was done"), widget=forms.Textarea, max_length=20000)
    file = UploadField(label=gettext_lazy("file that shows it"), required=False)


class ActionFileInline(ReadOnlyInline):
    model = ActionFile
    show_title = False
    fields = ("title", "shown_file", "uploaded_at")
    readonly_fields = ("shown_file", "uploaded_at")
    shown_file = file_column("file")


@admin.register(ImprovementAction)
class ImprovementActionAdmin(VerbsMixin, ReadOnlyMixin, BaseAdmin):
    has_log = True
    ordering = ("due", "pk")
    list_display = ("indicator", "agency", "owner", "due_day", "expected_points", "shown_progress", "light")
    list_filter = (
        ("plan__participation__cycle", ScopedRelatedFilter),
        ("plan__state", CountedChoicesFilter),
        ("due", JalaliPeriodFilter),
    )
    select_related = OF_ACTION
    search_fields = ("line__indicator__title", "line__indicator__code", "owner", "plan__participation__agency__name")
    inlines = (ActionFileInline,)
    fields = (
        "shown_plan",
        "indicator",
        "action",
        ("owner", "due"),
        "measure",
        ("expected", "won"),
        ("shown_progress", "light"),
        "progress_note",
        "reported_at",
    )
    readonly_fields = ("shown_plan", "indicator", "won", "shown_progress", "light", "progress_note")
    verbs = (
        Verb(
            "report",
            action.report,
            form=ReportForm,
            label=gettext_lazy("Report the progress"),
            transition=False,
            codename=action.REPORT.codename,
            party=action.REPORT.party,
            offered=action.in_follow_up,
            icon="trending_up",
            sentence=gettext_lazy("The progress is recorded with its date; earlier reports stay in the log."),
        ),
    )

    @column(gettext_lazy("improvement plan"))
    def shown_plan(self, obj):
        return link(obj.plan)

    @column(gettext_lazy("line"), ordering="line__indicator__code")
    def indicator(self, obj):
        return obj.line.indicator

    @column(gettext_lazy("executive agency"), ordering="plan__participation__agency__name")
    def agency(self, obj):
        return obj.plan.participation.agency

    @column(gettext_lazy("due date"), ordering="due")
    def due_day(self, obj):
        return jalali(obj.due)

    @column(gettext_lazy("expected points"), ordering="expected")
    def expected_points(self, obj):
        return score(obj.expected)

    @column(gettext_lazy("points reached"))
    def won(self, obj):
        return score(obj.reached)

    @column(gettext_lazy("progress"), ordering="progress")
    def shown_progress(self, obj):
        return percent(obj.progress)

    @column(gettext_lazy("traffic light"))
    def light(self, obj):
        return light_badge(obj.light_on(timezone.localdate())) if has_light(obj.plan) else EMPTY


@admin.register(ActionFile)
class ActionFileAdmin(ReadOnlyMixin, BaseAdmin):
    """Hands out the files; they come with reports of progress."""

    select_related = tuple(f"action__{name}" for name in OF_ACTION)
    list_display = ("action", "title", "file_link")
    fields = ("action", "title", "file", "sha256", "uploaded_at")
    readonly_fields = ("sha256", "uploaded_at")
    file_link = file_column("file")

    def has_module_permission(self, request):
        return False
