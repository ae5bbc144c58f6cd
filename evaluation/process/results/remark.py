"""Answers to the remarks of the council: a score is changed with a reason, or upheld with a reason."""

from decimal import Decimal

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from evaluation.enums import AssessmentState, MarkLevel, MarkSource, RemarkAnswer
from evaluation.models import Assessment, CouncilRemark, Line
from evaluation.rules import sentences
from evaluation.rules.permissions import holds

from ..assessing.line import write_unchecked
from ..assessing.reckoning import Figures
from ..door import Forbidden, Refusal, lock, log


@transaction.atomic
def uphold(remark: CouncilRemark, *, by: User, reason: str) -> CouncilRemark:
    """Answer that the scores stand, with the reason."""
    return answer(waiting(remark, by, reason), RemarkAnswer.UPHELD, by=by, reason=reason)


@transaction.atomic
def change(remark: CouncilRemark, *, by: User, score: Decimal, reason: str) -> CouncilRemark:
    """Answer by another score of the remark's line: its revised level, with the reason. `score` in points.

    Raises Refusal for a remark on a whole agency, a score that stands already or does not fit, and while the file is
    not open for it.
    """
    remark = waiting(remark, by, reason)
    if remark.line_id is None:
        raise Refusal(_("The remark names no line: uphold the scores, or change a line by its own remark."))
    line = Line.objects.select_related("indicator").get(pk=remark.line_id)
    line.assessment = lock(Assessment, line.assessment_id)
    if line.assessment.state != AssessmentState.DISCLOSED:
        raise Refusal(
            _("“%(name)s” is in the state “%(state)s”: a score is changed only before the final confirmation.")
            % {"name": line.assessment, "state": line.assessment.get_state_display()}
        )
    if score == line.standing_score:
        raise Refusal(_("The line has this score already: uphold it instead."))
    figures = Figures(score=score, note=reason)
    write_unchecked([(line, figures)], MarkLevel.REVISED, by=by, source=MarkSource.COUNCIL)
    return answer(remark, RemarkAnswer.CHANGED, by=by, reason=reason)


def waiting(remark: CouncilRemark, by: User, reason: str) -> CouncilRemark:
    """The remark, locked. Raises Forbidden, or Refusal where it is answered already or the reason is missing."""
    if not holds(by, "answer_councilremark", remark):
        raise Forbidden("answer_councilremark")
    remark = CouncilRemark.objects.select_for_update(of=("self",)).get(pk=remark.pk)
    if remark.answer:
        raise Refusal(_("This remark is answered already: %(answer)s.") % {"answer": remark.get_answer_display()})
    if not reason.strip():
        raise Refusal(sentences.REASON_NEEDED)
    return remark


def answer(remark: CouncilRemark, kind: str, *, by: User, reason: str) -> CouncilRemark:
    """Write the answer and its row of the log."""
    remark.answer, remark.reason, remark.answered_at, remark.answered_by = kind, reason, timezone.now(), by
    remark.save(update_fields=["answer", "reason", "answered_at", "answered_by"])
    log(remark, "answer", target=str(kind), by=by, note=reason)
    return remark
