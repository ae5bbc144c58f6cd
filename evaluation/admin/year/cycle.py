"""The year: its stages, windows, checklist and settings."""

from django import forms
from django.contrib import admin
from django.db.models import prefetch_related_objects
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from evaluation.enums import Stage
from evaluation.models import Agency, Cycle, CycleStep, Dimension, PeerGroup, ProcessTemplate, StageWindow
from evaluation.process.catalogue import indicator
from evaluation.process.results import reopening
from evaluation.process.year import checklist, cycle
from evaluation.rules.end import END_SETTINGS, TIE_BREAKERS, figures_stand
from evaluation.rules.permissions import holds

from ..base import BaseAdmin, BaseTabular, ReadOnlyInline
from ..display import column, jalali, state_column, year_column
from ..filters import CountedChoicesFilter, ScopedRelatedFilter
from ..forms import IntegerWidget
from ..improvement.cards_page import CardsMixin
from ..improvement.half_time import HalfTimeCardsMixin
from ..improvement.plans_page import PlansMixin
from ..verbs.dialogs import VerbForm
from ..verbs.verb import Verb, VerbsMixin
from . import interim, next_year, planning
from .calendar_page import CalendarMixin
from .checklist import ChecklistMixin, DoneMixin
from .letters_page import LettersPageMixin
from .stage_strip import blockers, stage_strip
from .what_if import WhatIfMixin


class ReopenForm(VerbForm):
    stage = forms.ChoiceField(label=_("stage"))

    def prepare(self):
        super().prepare()
        now = Stage(self.subject.stage).number
        self.fields["stage"].choices = [
            (stage.value, stage.label)
            for stage in Stage.worked()
            if stage.number < now and stage not in self.subject.skipped
        ]


class ParticipantsForm(VerbForm):
    agencies = forms.ModelMultipleChoiceField(
        Agency.objects.none(),
        label=_("executive agencies"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "If nothing is chosen, all active agencies of the province are added. Agencies on the list stay on it."
        ),
    )

    def prepare(self):
        super().prepare()
        rows = self.subject.province.agencies.filter(active=True)
        rows = rows.exclude(participations__cycle=self.subject)
        self.fields["agencies"].queryset = rows
        if not rows.exists():
            self.fields["agencies"].help_text = _("All active agencies of the province are on the list.")

    def clean_agencies(self):
        return self.cleaned_data["agencies"] or None


class CatalogueForm(VerbForm):
    source = forms.ModelChoiceField(Cycle.objects.none(), label=_("copy from the cycle"))

    def prepare(self):
        super().prepare()
        others = Cycle.objects.visible_to(self.user).exclude(pk=self.subject.pk)
        self.fields["source"].queryset = others.exclude(indicators=None).distinct()


class TakeTemplateForm(VerbForm):
    template = forms.ModelChoiceField(ProcessTemplate.objects.none(), label=_("process template"))
    instead = forms.BooleanField(
        label=_("instead of the present checklist"),
        required=False,
        help_text=_(
            "Steps of the earlier template that have not begun are removed; otherwise the checklist holds the "
            "steps of both templates."
        ),
    )

    def prepare(self):
        super().prepare()
        self.fields["template"].queryset = ProcessTemplate.objects.visible_to(self.user)


def is_next(stage):
    return lambda obj: cycle.next_stage(obj) == stage


def is_before(stage):
    return lambda obj: Stage(obj.stage).number < stage.number


STAGE_VERBS = tuple(
    Verb(name, cycle.enter, fixed=(("stage", stage),), offered=is_next(stage), icon="arrow_forward")
    for stage, name in cycle.VERBS.items()
)


class WindowInline(ReadOnlyInline):
    model = StageWindow
    fields = ("stage", "part", "dimension", "opens_at", "closes_at")
    show_change_link = True
    select_related = ("dimension",)
    tab = True


class StepInline(DoneMixin, ReadOnlyInline):
    model = CycleStep
    fields = ("number", "title", "responsible", "stage", "mandatory", "shown_done")
    readonly_fields = ("shown_done", "done_or_button")
    select_related = ("done_by",)
    tab = True

    def get_fields(self, request, obj=None):
        return self.with_buttons(request, self.fields)


class DimensionInline(ReadOnlyInline):
    model = Dimension
    fields = ("title", "kind", "maximum", "basis", "counts", "frozen_at")
    show_change_link = True
    tab = True


class PeerGroupInline(BaseTabular):
    model = PeerGroup

    def is_open(self, cycle):
        return not figures_stand(cycle)

    fields = ("title", "order")
    tab = True


@admin.register(Cycle)
class CycleAdmin(
    CardsMixin,
    HalfTimeCardsMixin,
    PlansMixin,
    CalendarMixin,
    ChecklistMixin,
    LettersPageMixin,
    interim.InterimMixin,
    next_year.NextYearMixin,
    WhatIfMixin,
    VerbsMixin,
    BaseAdmin,
):
    list_display = ("title", "province", year_column(_("performance year"), "performance_year"), "kind", "stage_badge")
    list_display += ("from_day", "to_day")
    stage_badge = staticmethod(state_column(_("stage"), "stage"))
    list_filter = (
        ("stage", CountedChoicesFilter),
        ("kind", CountedChoicesFilter),
        ("province", ScopedRelatedFilter),
    )
    list_select_related = ("province",)
    select_related = ("province", "template", "main_cycle", "copied_from", "level_scheme", "participants_fixed_by",
                      "festival")  # fmt: skip
    search_fields = ("title",)
    state = "stage"
    change_form_outer_before_template = "admin/evaluation/year/cycle_top.html"
    inlines = (WindowInline, StepInline, DimensionInline, PeerGroupInline)
    identity = ("province", ("performance_year", "kind"), "title", "main_cycle", ("period_start", "period_end"))
    settings = (
        ("sender", "end_order"),
        ("report_required", "level_source", "level_scheme"),
        ("exemption_rule", "over_maximum"),
        TIE_BREAKERS,
        "base_year",
        ("top_count", "top_percent", "weak_percent"),
        "next_cycle_on",
        ("objection_only_up", "different_decider"),
        ("silent_agency", "silent_headquarters", "silent_national"),
        ("strength_from", "weakness_below"),
        ("gains_named", "median_from"),
        ("expected_share", "warn_days", "behind_allowed"),
        "commitment_text",
    )
    verbs = (
        *STAGE_VERBS,
        Verb(
            "fix_participants",
            cycle.fix_participants,
            form=ParticipantsForm,
            label=_("Finalise the list of agencies"),
            transition=False,
            codename="fix_participants",
            offered=is_before(Stage.TRANSFER),
            tone="plain",
            icon="how_to_reg",
            sentence=_("Each agency is put into its default peer group."),
        ),
        Verb(
            "plan",
            planning.plan,
            form=planning.PlanForm,
            label=_("Plan the windows"),
            transition=False,
            codename="move_cycle",
            offered=is_before(Stage.FESTIVAL),
            tone="plain",
            icon="date_range",
            sentence=_(
                "Each stage that has not ended gets a window, one after the other, by the calendar days below. An "
                "end on a day off moves to the next working day. The present windows of these stages are replaced."
            ),
        ),
        Verb(
            "take_template",
            checklist.adopt_template,
            form=TakeTemplateForm,
            label=_("Choose a process template"),
            transition=False,
            codename="move_cycle",
            offered=is_before(Stage.EVALUATORS),
            tone="plain",
            icon="checklist",
        ),
        Verb(
            "clone_catalogue",
            indicator.clone_catalogue,
            form=CatalogueForm,
            label=_("Copy the catalogue of another cycle"),
            transition=False,
            codename="add_indicator",
            offered=is_before(Stage.SELF_ASSESSMENT),
            tone="plain",
            icon="content_copy",
            sentence=_("Dimensions, axes and general indicators are copied; each indicator keeps its origin."),
        ),
        interim.MAKE,
        next_year.OPEN,
        Verb("reopen", reopening.take_back, form=ReopenForm, icon="undo"),
    )

    def get_fieldsets(self, request, obj=None):
        if obj is None:
            return [(None, {"fields": (*self.identity, "template")}), (_("Settings"), {"fields": self.settings})]
        fixed = (("participants_fixed_at", "participants_fixed_by"),) if obj.participants_fixed_at else ()
        return [
            (None, {"fields": (*self.identity, "template", *fixed)}),
            (_("Settings"), {"fields": self.settings, "classes": ["tab"]}),
        ]

    def get_object(self, request, object_id, from_field=None):
        """The page of a cycle asks many conditions about its results and steps: while it is only read, once."""
        obj = super().get_object(request, object_id, from_field)
        if request.method == "GET" and request.resolver_match.url_name == "evaluation_cycle_change":
            prefetch_related_objects([obj], "result_sets", "steps")
        return obj

    def get_readonly_fields(self, request, obj=None):
        fixed = ("province", "performance_year", "kind", "main_cycle", "template") if obj is not None else ()
        if obj is not None and figures_stand(obj):
            fixed = (*fixed, "title", "period_start", "period_end", *END_SETTINGS)
        return (*super().get_readonly_fields(request, obj), *fixed)

    def get_inlines(self, request, obj):
        return self.inlines if obj is not None else ()

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name in ("performance_year", "base_year"):
            kwargs["widget"] = IntegerWidget()
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if not change:
            cycle.start(obj, by=request.user)

    def about(self, request, obj):
        return super().about(request, obj) | {
            "cycle_strip": stage_strip(obj, user=request.user),
            "blockers": self.in_the_way(request, obj),
            "computes": holds(request.user, "compute_resultset", obj),
            "adds_cycles": holds(request.user, next_year.OPEN.codename, obj),
            "reads_steps": holds(request.user, "view_cyclestep", obj),
        }

    def in_the_way(self, request, obj):
        """For people who move the cycle on: what is missing, beside the button that does it."""
        if not any(verb.may(request.user, obj) for verb in STAGE_VERBS[:1]):
            return None
        return blockers(obj)

    @column(_("start of the period"), "period_start")
    def from_day(self, row):
        return jalali(row.period_start)

    @column(_("end of the period"), "period_end")
    def to_day(self, row):
        return jalali(row.period_end)


def advance_button(obj, user):
    """Label and address of the verb that takes the cycle on, for people who may; else None."""
    following = cycle.next_stage(obj)
    verb = next((candidate for candidate in STAGE_VERBS if ("stage", following) in candidate.fixed), None)
    if verb is None or not verb.may(user, obj):
        return None
    return {"label": verb.text(Cycle), "url": reverse("admin:evaluation_cycle_do", args=[obj.pk, verb.name])}
