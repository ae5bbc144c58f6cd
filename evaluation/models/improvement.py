"""What follows from results: the report card that an agency has read, and its plan to improve."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import ConcurrentTransitionMixin, transition

from evaluation.enums import PlanState as State
from evaluation.enums import Role
from evaluation.rules import lights
from evaluation.rules import plan_conditions as must
from evaluation.rules.permissions import may

from .base import (
    ScopedModel,
    moment_field,
    name_field,
    note_field,
    one_of,
    points_field,
    state_field,
    together,
    user_field,
)
from .stored_file import StoredFileField


class CardReceipt(ScopedModel):
    """An agency has read its report card, of a year or at half-time; `sha256` names the figures that it read."""

    participation = models.OneToOneField(
        "Participation", verbose_name=_("agency in the cycle"), on_delete=models.PROTECT, related_name="card_receipt"
    )
    sha256 = models.CharField(_("integrity code"), max_length=64, blank=True, editable=False)
    comment = note_field(_("comment of the agency"))
    may_be_named = models.BooleanField(
        _("may be named as an example"),
        default=False,
        help_text=_("Agencies of the same group then read that this one is among the best in an indicator."),
    )
    acknowledged_at = moment_field(_("acknowledged at"))
    acknowledged_by = user_field(_("acknowledged by"))

    class Meta:
        verbose_name = _("receipt of a report card")
        verbose_name_plural = _("receipts of report cards")
        ordering = ["participation__agency__name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(acknowledged_at__isnull=False, acknowledged_by__isnull=False),
                name="cardreceipt_has_person",
            ),
        ]
        permissions = [("acknowledge_cardreceipt", "Can acknowledge a report card")]

    def __str__(self):
        return str(self.participation)

    @property
    def cycle(self):
        return self.participation.cycle

    @property
    def agency(self):
        return self.participation.agency


class ImprovementPlan(ConcurrentTransitionMixin, ScopedModel):
    """What an agency does about the lines that lost points, until the next cycle measures them again."""

    participation = models.OneToOneField(
        "Participation",
        verbose_name=_("agency in the cycle"),
        on_delete=models.PROTECT,
        related_name="improvement_plan",
    )
    state = state_field(_("state"), State, State.DRAFT)
    return_reason = note_field(_("reason of the return"))
    proposed_at = moment_field(_("proposed at"))
    proposed_by = user_field(_("proposed by"))
    agreed_at = moment_field(_("agreed at"))
    agreed_by = user_field(_("agreed by"))
    approved_at = moment_field(_("approved at"))
    approved_by = user_field(_("approved by"))
    closed_at = moment_field(_("closed at"))
    closed_by = user_field(_("closed by"))

    class Meta:
        verbose_name = _("improvement plan")
        verbose_name_plural = _("improvement plans")
        ordering = ["-participation__cycle__performance_year", "participation__agency__name"]
        constraints = [
            one_of("state", State),
            together("state", [State.PROPOSED], "proposed_at", "proposed_by"),
            together("state", [State.AGREED], "agreed_at", "agreed_by"),
            together("state", [State.FOLLOW_UP], "approved_at", "approved_by"),
            together("state", [State.CLOSED], "closed_at", "closed_by"),
        ]
        permissions = [
            ("draft_improvementplan", "Can draft an improvement plan"),
            ("propose_improvementplan", "Can propose an improvement plan to the agency"),
            ("agree_improvementplan", "Can agree to an improvement plan"),
            ("approve_improvementplan", "Can approve an improvement plan"),
            ("return_improvementplan", "Can return an improvement plan"),
            ("revise_improvementplan", "Can take an improvement plan out of the follow-up"),
            ("close_improvementplan", "Can close an improvement plan"),
        ]

    def __str__(self):
        return str(self.participation)

    @property
    def cycle(self):
        return self.participation.cycle

    @property
    def agency(self):
        return self.participation.agency

    @transition(
        field="state",
        source=State.DRAFT,
        target=State.PROPOSED,
        permission=may("propose_improvementplan"),
        conditions=[must.plan_has_actions],
        custom={"label": pgettext_lazy("verb", "Propose the plan to the agency")},
    )
    def propose(self, *, person, moment):
        self.proposed_at, self.proposed_by = moment, person

    @transition(
        field="state",
        source=[State.DRAFT, State.PROPOSED],
        target=State.AGREED,
        permission=may("agree_improvementplan", party=Role.AGENCY),
        conditions=[must.plan_has_actions, must.actions_complete],
        custom={"label": pgettext_lazy("verb", "Agree to the plan")},
    )
    def agree(self, *, person, moment):
        self.agreed_at, self.agreed_by = moment, person

    @transition(
        field="state",
        source=State.PROPOSED,
        target=State.DRAFT,
        permission=may("agree_improvementplan", party=Role.AGENCY),
        custom={"label": pgettext_lazy("verb", "Ask for a change of the plan"), "reason": True, "back": True},
    )
    def decline(self, *, reason):
        self.return_reason = reason

    @transition(
        field="state",
        source=State.AGREED,
        target=State.FOLLOW_UP,
        permission=may("approve_improvementplan", party=Role.HEADQUARTERS),
        custom={"label": pgettext_lazy("verb", "Approve the plan")},
    )
    def approve(self, *, person, moment):
        self.approved_at, self.approved_by = moment, person

    @transition(
        field="state",
        source=State.AGREED,
        target=State.DRAFT,
        permission=may("return_improvementplan", party=Role.HEADQUARTERS),
        custom={"label": pgettext_lazy("verb", "Return the plan"), "reason": True, "back": True},
    )
    def return_(self, *, reason):
        self.return_reason = reason

    @transition(
        field="state",
        source=State.FOLLOW_UP,
        target=State.DRAFT,
        permission=may("revise_improvementplan"),
        custom={"label": pgettext_lazy("verb", "Revise the plan"), "reason": True, "back": True},
    )
    def revise(self, *, reason):
        self.return_reason = reason

    @transition(
        field="state",
        source=State.FOLLOW_UP,
        target=State.CLOSED,
        permission=may("close_improvementplan"),
        custom={"label": pgettext_lazy("verb", "Close the plan")},
    )
    def close(self, *, person, moment):
        self.closed_at, self.closed_by = moment, person


class ImprovementAction(ScopedModel):
    """One action about one line: what is done, by whom, until when, how it is measured and what it should bring.

    `expected` are points of the line that it should win; `reached` what the next cycle's final score won, in points of
    this year's maximum, written when the plan is closed.
    """

    plan = models.ForeignKey(
        ImprovementPlan, verbose_name=_("improvement plan"), on_delete=models.CASCADE, related_name="actions"
    )
    line = models.ForeignKey("Line", verbose_name=_("line"), on_delete=models.PROTECT, related_name="actions")
    action = note_field(_("action"))
    owner = name_field(_("owner"), blank=True)
    due = models.DateField(_("due date"), null=True, blank=True)
    expected = points_field(_("expected points"), validators=[MinValueValidator(0)])
    measure = name_field(_("measure of success"), max_length=400, blank=True)
    progress = models.PositiveSmallIntegerField(
        _("progress (percent)"), default=0, validators=[MaxValueValidator(100)], editable=False
    )
    progress_note = note_field(_("last report"), editable=False)
    reported_at = moment_field(_("reported at"))
    reported_by = user_field(_("reported by"))
    reached = points_field(_("points reached"), null=True, blank=True, editable=False)
    next_line = models.ForeignKey(
        "Line",
        verbose_name=_("line of the next cycle"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        verbose_name = _("improvement action")
        verbose_name_plural = _("improvement actions")
        ordering = ["plan", "due", "line__indicator__code"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "line"],
                name="improvementaction_once",
                violation_error_message=_("The plan has an action for this line already."),
            ),
            models.CheckConstraint(
                condition=Q(expected__gte=0),
                name="improvementaction_expected_not_negative",
                violation_error_message=_("Expected points cannot be negative."),
            ),
            models.CheckConstraint(condition=Q(progress__lte=100), name="improvementaction_progress_within_100"),
            models.CheckConstraint(
                condition=Q(reported_at=None, reported_by=None)
                | Q(reported_at__isnull=False, reported_by__isnull=False),
                name="improvementaction_report_has_person",
            ),
        ]
        permissions = [
            ("report_improvementaction", "Can report the progress of an action"),
            ("import_improvementaction", "Can import improvement plans"),
            ("export_improvementaction", "Can export improvement plans"),
        ]

    def __str__(self):
        return str(self.line.indicator)

    @property
    def cycle(self):
        return self.plan.cycle

    @property
    def agency(self):
        return self.plan.agency

    @property
    def lost(self):
        """The points that the line lost, or None before its final score."""
        return None if self.line.final_score is None else self.line.maximum - self.line.final_score

    def light_on(self, today):
        """The enums.Light of the action on this day, by the limits of its cycle."""
        begun = self.plan.approved_at and timezone.localdate(self.plan.approved_at)
        limits = lights.Limits(self.cycle.warn_days, self.cycle.behind_allowed)
        return lights.light(progress=self.progress, due=self.due, begun=begun, today=today, limits=limits)


class ActionFile(ScopedModel):
    """A file that shows what was done about an action."""

    action = models.ForeignKey(
        ImprovementAction, verbose_name=_("improvement action"), on_delete=models.CASCADE, related_name="files"
    )
    title = name_field(_("title"), blank=True)
    file = StoredFileField(_("file"), upload_to="improvement/%Y/%m/", max_length=250, sha256="sha256")
    sha256 = models.CharField(_("integrity code"), max_length=64, editable=False)
    uploaded_by = user_field(_("uploaded by"), null=False, blank=False, editable=False)
    uploaded_at = models.DateTimeField(_("uploaded at"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("evidence of an action")
        verbose_name_plural = _("evidence of actions")
        ordering = ["action", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["action", "sha256"],
                name="actionfile_once",
                violation_error_message=_("This file is attached to the action already."),
            )
        ]

    def __str__(self):
        return self.title or str(self.action)

    @property
    def cycle(self):
        return self.action.plan.cycle

    @property
    def agency(self):
        return self.action.plan.agency
