"""One agency's assessment in one dimension: its state machine (docs/process.md#assessment)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import RETURN_VALUE, ConcurrentTransitionMixin, transition

from evaluation.enums import AssessmentState as State
from evaluation.enums import Role
from evaluation.rules import conditions as must
from evaluation.rules import end_conditions as at_the_end
from evaluation.rules.permissions import may, may_finish_scoring, may_send

from .base import ScopedModel, moment_field, note_field, one_of, state_field, together, user_field
from .stored_file import StoredFileField


class Assessment(ConcurrentTransitionMixin, ScopedModel):
    participation = models.ForeignKey(
        "Participation", verbose_name=_("participation"), on_delete=models.PROTECT, related_name="assessments"
    )
    dimension = models.ForeignKey(
        "Dimension", verbose_name=_("dimension"), on_delete=models.PROTECT, related_name="assessments"
    )
    state = state_field(_("state"), State, State.NOT_STARTED)
    return_reason = note_field(_("reason of the return"))
    return_deadline = moment_field(_("own deadline after a return"))
    submitted_at = moment_field(_("submitted at"))
    submitted_by = user_field(_("submitted by"))
    report_file = StoredFileField(
        _("self-assessment report"), upload_to="reports/%Y/%m/", blank=True, editable=False, sha256="report_sha256"
    )
    report_sha256 = models.CharField(_("integrity code"), max_length=64, blank=True, editable=False)
    approved_at = moment_field(_("approved at"))
    approved_by = user_field(_("approved by"))
    received_at = moment_field(_("received at"))
    received_by = user_field(_("received by"))
    scored_at = moment_field(_("scored at"))
    scored_by = user_field(_("scored by"))
    disclosed_at = moment_field(_("disclosed at"))
    confirmed_at = moment_field(_("confirmed at"))
    confirmed_by = user_field(_("confirmed by"))

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        ordering = ["participation__cycle", "participation__agency__name", "dimension__order"]
        constraints = [
            models.UniqueConstraint(fields=["participation", "dimension"], name="assessment_once"),
            one_of("state", State),
            together("state", [State.SUBMITTED], "submitted_at", "submitted_by"),
            together("state", [State.APPROVED], "approved_at", "approved_by"),
            together("state", [State.RECEIVED, State.UNDER_EVALUATION], "received_at", "received_by"),
            together("state", [State.SCORED], "scored_at", "scored_by"),
            together("state", State.disclosed_or_after(), "disclosed_at"),
            together("state", [State.CONFIRMED, State.REPORTED], "confirmed_at", "confirmed_by"),
            models.CheckConstraint(
                condition=~Q(state=State.RETURNED) | ~Q(return_reason=""), name="assessment_return_has_reason"
            ),
        ]
        indexes = [models.Index(fields=["dimension", "state"], name="assessment_state")]
        permissions = [
            ("record_self", "Can enter the self-assessment"),
            ("record_hq", "Can enter the headquarters' figures"),
            ("record_initial", "Can enter initial scores"),
            ("start_assessment", "Can start a self-assessment"),
            ("submit_assessment", "Can submit a self-assessment"),
            ("return_assessment", "Can return a self-assessment"),
            ("approve_assessment", "Can approve a self-assessment"),
            ("send_assessment", "Can send an approved self-assessment"),
            ("refuse_assessment", "Can refuse a sent self-assessment"),
            ("receive_assessment", "Can receive an assessment"),
            ("open_scoring", "Can open an assessment for scoring"),
            ("send_back_assessment", "Can send an assessment back to the agency"),
            ("finish_scoring", "Can finish the scoring of an assessment"),
            ("disclose_assessment", "Can disclose initial results"),
            ("confirm_assessment", "Can confirm an assessment finally"),
            ("report_assessment", "Can report an assessment"),
            ("reopen_assessment", "Can reopen a confirmed assessment"),
            ("mark_absent", "Can mark an assessment as absent"),
            ("withdraw_assessment", "Can withdraw an assessment"),
            ("bring_back_assessment", "Can bring back an assessment that had left the evaluation"),
        ]

    def __str__(self):
        return f"{self.participation.agency} · {self.dimension}"

    @property
    def cycle(self):
        return self.participation.cycle

    @property
    def agency(self):
        return self.participation.agency

    @transition(
        field="state",
        source=State.NOT_STARTED,
        target=State.DRAFTING,
        permission=may("start_assessment", party=Role.AGENCY),
        conditions=[must.entry_open],
        custom={"label": pgettext_lazy("verb", "Start the self-assessment"), "hidden": True},
    )
    def start(self):
        pass

    @transition(
        field="state",
        source=[State.DRAFTING, State.RETURNED],
        target=State.SUBMITTED,
        permission=may("submit_assessment", party=Role.AGENCY),
        conditions=[must.entry_open, must.lines_filled, must.evidence_given],
        custom={"label": pgettext_lazy("verb", "Submit the self-assessment")},
    )
    def submit(self, *, person, moment):
        self.submitted_at, self.submitted_by = moment, person

    @transition(
        field="state",
        source=State.SUBMITTED,
        target=State.RETURNED,
        permission=may("return_assessment", party=Role.HEADQUARTERS),
        conditions=[must.headquarters_open],
        custom={"label": pgettext_lazy("verb", "Return to the agency"), "reason": True, "back": True},
    )
    def return_(self, *, reason, deadline):
        self.return_reason, self.return_deadline = reason, deadline

    @transition(
        field="state",
        source=State.SUBMITTED,
        target=State.APPROVED,
        permission=may("approve_assessment", party=Role.HEADQUARTERS),
        conditions=[must.headquarters_open],
        custom={"label": pgettext_lazy("verb", "Approve the self-assessment")},
    )
    def approve(self, *, person, moment):
        self.approved_at, self.approved_by = moment, person

    @transition(
        field="state",
        source=State.APPROVED,
        target=State.SENT,
        permission=may_send,
        conditions=[must.forward_open],
        custom={"label": pgettext_lazy("verb", "Send to the national organization"), "hidden": True},
    )
    def send(self):
        pass

    @transition(
        field="state",
        source=State.SENT,
        target=State.RETURNED,
        permission=may("refuse_assessment", party=Role.NATIONAL),
        custom={"label": pgettext_lazy("verb", "Refuse the self-assessment"), "reason": True, "back": True},
    )
    def refuse(self, *, reason, deadline):
        self.return_reason, self.return_deadline = reason, deadline

    @transition(
        field="state",
        source=list(State.before_receipt()),
        target=State.RECEIVED,
        permission=may("receive_assessment"),
        conditions=[must.received_through_transfer],
        custom={"label": pgettext_lazy("verb", "Record the receipt"), "hidden": True},
    )
    def receive(self, *, person, moment):
        self.received_at, self.received_by = moment, person
        self.return_deadline = None

    @transition(
        field="state",
        source=State.RECEIVED,
        target=RETURN_VALUE(*[str(state) for state in State.before_receipt()]),
        permission=may("receive_assessment"),
        custom={
            "label": pgettext_lazy("verb", "Take back the receipt"),
            "hidden": True,
            "reason": True,
            "back": True,
        },
    )
    def undo_receipt(self, *, to, deadline):
        """Only the undoing of the workbook that brought it: back to the state before, with its own deadline."""
        self.received_at = self.received_by = None
        self.return_deadline = deadline
        return to

    @transition(
        field="state",
        source=State.RECEIVED,
        target=State.UNDER_EVALUATION,
        permission=may("open_scoring"),
        custom={"label": pgettext_lazy("verb", "Open for scoring")},
    )
    def open_scoring(self):
        pass

    @transition(
        field="state",
        source=[State.RECEIVED, State.UNDER_EVALUATION],
        target=State.RETURNED,
        permission=may("send_back_assessment"),
        custom={"label": pgettext_lazy("verb", "Send back to the agency"), "reason": True, "back": True},
    )
    def send_back(self, *, reason, deadline):
        self.return_reason, self.return_deadline = reason, deadline

    @transition(
        field="state",
        source=State.UNDER_EVALUATION,
        target=State.SCORED,
        permission=may_finish_scoring,
        conditions=[must.every_line_scored],
        custom={"label": pgettext_lazy("verb", "Finish the scoring")},
    )
    def finish_scoring(self, *, person, moment):
        self.scored_at, self.scored_by = moment, person

    @transition(
        field="state",
        source=State.SCORED,
        target=State.DISCLOSED,
        permission=may("disclose_assessment"),
        custom={"label": pgettext_lazy("verb", "Disclose the initial results")},
    )
    def disclose(self, *, moment):
        self.disclosed_at = moment

    @transition(
        field="state",
        source=State.DISCLOSED,
        target=State.CONFIRMED,
        permission=may("confirm_assessment"),
        conditions=[must.objections_decided, at_the_end.remarks_of_file_answered],
        custom={"label": pgettext_lazy("verb", "Confirm finally")},
    )
    def confirm(self, *, person, moment):
        self.confirmed_at, self.confirmed_by = moment, person

    @transition(
        field="state",
        source=State.CONFIRMED,
        target=State.REPORTED,
        permission=may("report_assessment"),
        custom={"label": pgettext_lazy("verb", "Report to the national organization"), "hidden": True},
    )
    def report(self):
        pass

    @transition(
        field="state",
        source=[State.CONFIRMED, State.REPORTED],
        target=State.DISCLOSED,
        permission=may("reopen_assessment"),
        conditions=[must.not_published],
        custom={"label": pgettext_lazy("verb", "Reopen the assessment"), "reason": True, "back": True},
    )
    def reopen(self):
        pass

    @transition(
        field="state",
        source=[State.NOT_STARTED, State.DRAFTING],
        target=State.ABSENT,
        permission=may("mark_absent"),
        custom={"label": pgettext_lazy("verb", "Mark as absent"), "reason": True},
    )
    def mark_absent(self):
        pass

    @transition(
        field="state",
        source=list(State.before_confirmation()),
        target=State.WITHDRAWN,
        permission=may("withdraw_assessment"),
        custom={"label": pgettext_lazy("verb", "Withdraw from the evaluation"), "reason": True, "back": True},
    )
    def withdraw(self):
        pass

    @transition(
        field="state",
        source=[State.ABSENT, State.WITHDRAWN],
        target=RETURN_VALUE(*[str(state) for state in State.before_confirmation()]),
        permission=may("bring_back_assessment"),
        conditions=[must.not_published],
        custom={"label": pgettext_lazy("verb", "Bring back into the evaluation"), "reason": True, "back": True},
    )
    def bring_back(self, *, to, deadline):
        """To the state that it had; with an end of its own where the agency has work again."""
        if deadline:
            self.return_deadline = deadline
        return to
