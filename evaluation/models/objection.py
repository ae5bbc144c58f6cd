"""Objections to initial scores, every version of them, the decisions, and defence sessions."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import RETURN_VALUE, ConcurrentTransitionMixin, transition

from evaluation import enums
from evaluation.enums import ObjectionState, Role
from evaluation.persian import localise_digits
from evaluation.rules import conditions as must
from evaluation.rules.permissions import may, may_decide

from .audit import AppendOnly
from .base import (
    ScopedModel,
    choice_field,
    figure_field,
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


class Objection(ConcurrentTransitionMixin, ScopedModel):
    """One per line and round; editable until the window closes."""

    line = models.ForeignKey("Line", verbose_name=_("line"), on_delete=models.PROTECT, related_name="objections")
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    state = state_field(_("state"), ObjectionState, ObjectionState.FILED)
    kind = choice_field(_("kind"), enums.ObjectionKind)
    text = note_field(_("text of the objection"))
    claimed_actual = figure_field(_("claimed actual"))
    claimed_target = figure_field(_("claimed target"))
    claimed_score = points_field(_("claimed score"), null=True, blank=True)
    file = StoredFileField(_("file"), upload_to="objections/", blank=True)
    filed_by = user_field(_("filed by"), null=False, blank=False)
    on_behalf_of = models.ForeignKey(
        "OnBehalf", verbose_name=_("on behalf of"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    filed_at = models.DateTimeField(_("filed at"), default=timezone.now)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    steward_opinion = note_field(_("steward's opinion"))
    decision_reason = note_field(_("reason of the decision"))
    score_before = points_field(_("score before"), null=True, blank=True)
    score_after = points_field(_("score after"), null=True, blank=True)
    decided_by = user_field(_("decided by"))
    decided_at = moment_field(_("decided at"))

    class Meta:
        verbose_name = _("objection")
        verbose_name_plural = _("objections")
        ordering = ["-filed_at"]
        indexes = [
            models.Index(fields=["-filed_at", "-id"], name="objection_time"),
            models.Index(fields=["state"], name="objection_state"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["line", "round"], name="objection_once_in_round"),
            one_of("state", ObjectionState),
            together("state", ObjectionState.decided(), "decided_at", "decided_by", "score_before", "score_after"),
            models.CheckConstraint(
                condition=~Q(state__in=[str(s) for s in ObjectionState.decided()]) | ~Q(decision_reason=""),
                name="objection_decision_has_reason",
            ),
            models.CheckConstraint(
                condition=~Q(text=""),
                name="objection_has_text",
                violation_error_message=_("An objection needs a text."),
            ),
        ]
        permissions = [
            ("file_objection", "Can file an objection"),
            ("decide_objection", "Can decide an objection"),
        ]

    def __str__(self):
        return str(self.line.indicator)

    @transition(
        field="state",
        source=ObjectionState.FILED,
        target=RETURN_VALUE(*[str(s) for s in ObjectionState.decided()]),
        permission=may_decide,
        conditions=[must.answer_open],
        custom={"label": pgettext_lazy("verb", "Decide"), "reason": True},
    )
    def decide(self, *, verdict, reason, before, after, person, moment):
        self.decision_reason, self.score_before, self.score_after = reason, before, after
        self.decided_by, self.decided_at = person, moment
        return str(verdict)

    @transition(
        field="state",
        source=ObjectionState.FILED,
        target=ObjectionState.WITHDRAWN,
        permission=may("file_objection", party=Role.AGENCY),
        conditions=[must.objection_open],
        custom={"label": pgettext_lazy("verb", "Withdraw the objection")},
    )
    def withdraw(self):
        pass


class ObjectionVersion(AppendOnly):
    objection = models.ForeignKey(
        Objection, verbose_name=_("objection"), on_delete=models.PROTECT, related_name="versions"
    )
    number = models.PositiveIntegerField(_("version"))
    kind = choice_field(_("kind"), enums.ObjectionKind)
    text = note_field(_("text of the objection"))
    claimed_actual = figure_field(_("claimed actual"))
    claimed_target = figure_field(_("claimed target"))
    claimed_score = points_field(_("claimed score"), null=True, blank=True)
    file = StoredFileField(_("file"), upload_to="objections/", blank=True)
    by = user_field(_("by"), null=False, blank=False)
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("version of an objection")
        verbose_name_plural = _("versions of an objection")
        ordering = ["objection", "-number"]
        constraints = [models.UniqueConstraint(fields=["objection", "number"], name="objectionversion_once")]

    def __str__(self):
        return f"{self.objection} · {localise_digits(self.number)}"


class Hearing(ConcurrentTransitionMixin, ScopedModel):
    """A defence session (جلسه دفاعیه) of one agency."""

    participation = models.ForeignKey(
        "Participation", verbose_name=_("participation"), on_delete=models.PROTECT, related_name="hearings"
    )
    state = state_field(_("state"), enums.HearingState, enums.HearingState.PLANNED)
    starts_at = models.DateTimeField(_("starts at"))
    place = name_field(_("place"), blank=True)
    invitees = note_field(_("invitees"))
    objections = models.ManyToManyField(Objection, verbose_name=_("agenda"), blank=True, related_name="hearings")
    minutes = note_field(_("minutes"))
    minutes_file = StoredFileField(_("minutes file"), upload_to="hearings/", blank=True)
    held_at = moment_field(_("held at"), editable=False)
    held_by = user_field(_("recorded by"), editable=False)

    class Meta:
        verbose_name = _("defence session")
        verbose_name_plural = _("defence sessions")
        ordering = ["starts_at"]
        constraints = [
            one_of("state", enums.HearingState),
            together("state", [enums.HearingState.HELD], "held_at", "held_by"),
        ]
        permissions = [("hold_hearing", "Can record that a defence session was held")]

    def __str__(self):
        return str(self.participation)

    @transition(
        field="state",
        source=enums.HearingState.PLANNED,
        target=enums.HearingState.HELD,
        permission=may("hold_hearing"),
        custom={"label": pgettext_lazy("verb", "Record as held"), "reason": True},
    )
    def hold(self, *, minutes, person, moment):
        self.minutes, self.held_by, self.held_at = minutes, person, moment

    @transition(
        field="state",
        source=enums.HearingState.PLANNED,
        target=enums.HearingState.CANCELLED,
        permission=may("hold_hearing"),
        custom={"label": pgettext_lazy("verb", "Cancel the session"), "reason": True},
    )
    def cancel(self):
        pass
