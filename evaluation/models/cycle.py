"""The yearly cycle and its twelve stages (the Ilam process form), as a state machine."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import RETURN_VALUE, ConcurrentTransitionMixin, transition

from evaluation import enums
from evaluation.enums import Stage
from evaluation.rules import conditions as must
from evaluation.rules import end_conditions as at_the_end
from evaluation.rules.permissions import may

from .assessment import Assessment
from .base import (
    ScopedModel,
    choice_field,
    moment_field,
    name_field,
    note_field,
    one_of,
    share_field,
    state_field,
    user_field,
    whole_share_field,
)
from .objection import Hearing
from .remark import CouncilRemark


def opens(stage, label):
    """The one transition into `stage`: from every stage before it, when those between are skipped."""
    return transition(
        field="stage",
        source=[str(earlier) for earlier in stage.earlier],
        target=str(stage),
        permission=may("move_cycle"),
        conditions=[must.reached(stage), must.stage_done, must.steps_done],
        custom={"label": label},
    )


class Cycle(ConcurrentTransitionMixin, ScopedModel):
    province = models.ForeignKey(
        "Province", verbose_name=_("province"), on_delete=models.PROTECT, related_name="cycles"
    )
    performance_year = models.PositiveSmallIntegerField(_("performance year"))
    kind = choice_field(_("kind"), enums.CycleKind, default=enums.CycleKind.ANNUAL)
    main_cycle = models.ForeignKey(
        "self", verbose_name=_("main cycle"), null=True, blank=True, on_delete=models.PROTECT, related_name="interims"
    )
    copied_from = models.ForeignKey(
        "self",
        verbose_name=_("copied from the cycle"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="copies",
    )
    title = name_field(_("title"))
    period_start = models.DateField(_("start of the period"))
    period_end = models.DateField(_("end of the period"))
    stage = state_field(_("stage"), Stage, Stage.DRAFT)
    template = models.ForeignKey(
        "ProcessTemplate", verbose_name=_("process template"), null=True, blank=True, on_delete=models.PROTECT
    )
    skipped = models.JSONField(_("skipped stages"), default=list, blank=True)
    participants_fixed_at = moment_field(_("list of agencies fixed at"))
    participants_fixed_by = user_field(_("list of agencies fixed by"))

    sender = choice_field(
        _("who sends the self-assessments"),
        enums.Sender,
        default=enums.Sender.HEADQUARTERS,
        help_text=_("Who sends an approved self-assessment to the national organization."),
    )
    end_order = choice_field(_("order of the end"), enums.EndOrder, default=enums.EndOrder.COUNCIL_FIRST)
    report_required = models.BooleanField(_("report to the national organization required"), default=True)
    level_source = choice_field(_("source of levels"), enums.LevelSource, default=enums.LevelSource.RECEIVED)
    level_scheme = models.ForeignKey(
        "LevelScheme", verbose_name=_("level scheme"), null=True, blank=True, on_delete=models.PROTECT
    )
    exemption_rule = choice_field(_("rule for exempt lines"), enums.ExemptionRule, default=enums.ExemptionRule.SCALE)
    over_maximum = choice_field(_("score above the maximum"), enums.OverMaximum, default=enums.OverMaximum.REFUSE)
    first_tie_breaker = choice_field(
        _("equal totals are ranked by"),
        enums.TieBreaker,
        blank=True,
        help_text=_("If nothing is chosen, agencies with equal totals share a rank."),
    )
    second_tie_breaker = choice_field(_("then by"), enums.TieBreaker, blank=True)
    third_tie_breaker = choice_field(_("and last by"), enums.TieBreaker, blank=True)
    base_year = models.PositiveSmallIntegerField(
        _("base year of growth"),
        null=True,
        blank=True,
        help_text=_("If empty, growth is measured on the latest earlier year of each agency."),
    )
    top_count = models.PositiveSmallIntegerField(
        _("top agencies: the first ranks up to"),
        null=True,
        blank=True,
        help_text=_("These rules name agencies on the page of comparisons; they change no figure."),
    )
    top_percent = share_field(_("top agencies: at least this percent of the maximum"))
    weak_percent = share_field(_("weak agencies: below this percent of the maximum"))
    objection_only_up = models.BooleanField(_("an objection can only raise a score"), default=True)
    different_decider = models.BooleanField(_("the decider is not the first scorer"), default=True)
    silent_agency = choice_field(
        _("rule when the agency does not act in time"), enums.SilentAgency, default=enums.SilentAgency.SUBMIT_OR_ABSENT
    )
    silent_headquarters = choice_field(
        _("rule when the headquarters does not act in time"),
        enums.SilentHeadquarters,
        default=enums.SilentHeadquarters.WAIT,
    )
    commitment_text = note_field(
        _("text of commitments"),
        help_text=_(
            "What the agency's person accepts at the first login of the cycle. If empty, the standard text is used."
        ),
    )
    next_cycle_on = models.DateField(
        _("day on which the next cycle is drafted"),
        null=True,
        blank=True,
        help_text=_(
            "On this day the draft of the next year's cycle is opened from this one, and the managers are notified. If "
            "empty, nothing is opened by itself."
        ),
    )
    silent_national = choice_field(
        _("rule when the national organization does not act in time"),
        enums.SilentNational,
        default=enums.SilentNational.WAIT,
    )

    strength_from = whole_share_field(
        _("a strength from (percent)"),
        default=85,
        help_text=_("From this share of its maximum on, the report card names an axis or a line as a strength."),
    )
    weakness_below = whole_share_field(
        _("a weakness below (percent)"),
        default=60,
        help_text=_("Below this share of its maximum, the report card names an axis or a line as a weakness."),
    )
    gains_named = models.PositiveSmallIntegerField(
        _("lines named as bringing most"),
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(50)],
        help_text=_("How many lines with the largest lost points the report card names, and a plan begins with."),
    )
    expected_share = whole_share_field(
        _("points expected of those lost (percent)"),
        default=50,
        help_text=_("With this share of the lost points of a line, the draft of an improvement plan begins."),
    )
    warn_days = models.PositiveSmallIntegerField(
        _("days before the end of an action"),
        default=30,
        help_text=_("An action that is not done is at risk from so many days before its due date."),
    )
    behind_allowed = whole_share_field(
        _("progress behind the time (percentage points)"),
        default=25,
        help_text=_("An action is at risk when its progress lags behind the time that has passed by more than this."),
    )
    median_from = models.PositiveSmallIntegerField(
        _("smallest group whose median is shown"),
        default=5,
        validators=[MinValueValidator(3)],
        help_text=_(
            "Before the publication an agency reads mean and median of its group only where at least so many agencies "
            "have a figure: in a smaller group they would tell the figures of the others."
        ),
    )

    class Meta:
        verbose_name = _("evaluation cycle")
        verbose_name_plural = _("evaluation cycles")
        ordering = ["-performance_year", "province"]
        constraints = [
            models.UniqueConstraint(
                fields=["province", "performance_year", "kind", "period_start", "period_end"],
                name="cycle_once",
                violation_error_message=_("This province already has such a cycle for this year and period."),
            ),
            models.CheckConstraint(
                condition=Q(period_end__gt=F("period_start")),
                name="cycle_period_runs_forward",
                violation_error_message=_("The period must end after it starts."),
            ),
            models.CheckConstraint(
                condition=Q(kind=enums.CycleKind.ANNUAL, main_cycle=None)
                | Q(kind=enums.CycleKind.INTERIM, main_cycle__isnull=False),
                name="cycle_interim_has_main",
                violation_error_message=_("An interim cycle needs its main cycle, an annual cycle has none."),
            ),
            models.CheckConstraint(
                condition=Q(base_year=None) | Q(base_year__lt=F("performance_year")),
                name="cycle_base_year_is_earlier",
                violation_error_message=_("The base year of growth must be earlier than the performance year."),
            ),
            models.CheckConstraint(
                condition=Q(weakness_below__lte=F("strength_from")),
                name="cycle_weakness_below_strength",
                violation_error_message=_("The share of a weakness cannot be above that of a strength."),
            ),
            one_of("stage", Stage),
        ]
        permissions = [
            ("move_cycle", "Can move a cycle on"),
            ("reopen_cycle", "Can take a cycle back to an earlier stage"),
            ("fix_participants", "Can fix the list of participating agencies"),
            ("act_on_behalf", "Can take an outside body's step on its behalf"),
            ("override_training", "Can assign an evaluator without the training"),
        ]

    def __str__(self):
        return self.title

    def assessments(self):
        """All assessments of the cycle, in every dimension."""
        return Assessment.objects.filter(participation__cycle=self)

    def council_remarks(self):
        return CouncilRemark.objects.filter(result_set__cycle=self)

    def hearings(self):
        return Hearing.objects.filter(participation__cycle=self)

    @opens(Stage.CIRCULAR, pgettext_lazy("verb", "Start the cycle: circular"))
    def start_circular(self):
        pass

    @opens(Stage.EVALUATORS, pgettext_lazy("verb", "Go on to naming evaluators"))
    def name_evaluators(self):
        pass

    @opens(Stage.PARTICIPANTS, pgettext_lazy("verb", "Go on to the participating agencies"))
    def choose_participants(self):
        pass

    @opens(Stage.BRIEFING, pgettext_lazy("verb", "Go on to the briefing workshop"))
    def brief(self):
        pass

    @opens(Stage.INDICATORS, pgettext_lazy("verb", "Go on to the specific indicators"))
    def write_indicators(self):
        pass

    @opens(Stage.SELF_ASSESSMENT, pgettext_lazy("verb", "Open the self-assessment"))
    def open_self_assessment(self):
        pass

    @opens(Stage.TRANSFER, pgettext_lazy("verb", "Go on to approval and transfer"))
    def open_transfer(self):
        pass

    @opens(Stage.EVALUATION, pgettext_lazy("verb", "Open the expert evaluation"))
    def open_evaluation(self):
        pass

    @opens(Stage.OBJECTION, pgettext_lazy("verb", "Open viewing and objection"))
    def open_objection(self):
        pass

    @opens(Stage.CONFIRMATION, pgettext_lazy("verb", "Go on to final confirmation"))
    def open_confirmation(self):
        pass

    @opens(Stage.RANKING, pgettext_lazy("verb", "Go on to the ranking"))
    def open_ranking(self):
        pass

    @opens(Stage.FESTIVAL, pgettext_lazy("verb", "Go on to festival and publication"))
    def open_festival(self):
        pass

    @opens(Stage.CLOSED, pgettext_lazy("verb", "Archive the cycle"))
    def close(self):
        pass

    @transition(
        field="stage",
        source=[str(stage) for stage in Stage.worked() if stage is not Stage.CIRCULAR],
        target=RETURN_VALUE(*[str(stage) for stage in Stage.worked()]),
        permission=may("reopen_cycle"),
        conditions=[at_the_end.nothing_published],
        custom={"label": pgettext_lazy("verb", "Go back to an earlier stage"), "reason": True, "back": True},
    )
    def reopen(self, *, stage):
        return str(stage)
