"""The verbs that undo the end of a cycle: an assessment reopened or brought back, the cycle taken back."""

from datetime import datetime

from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation.enums import AssessmentState, Role
from evaluation.models import Assessment, Cycle, TransitionLog

from ..assessing.moves import own_deadline, tell_side
from ..door import Refusal, perform
from ..year import cycle as year
from . import result


@transaction.atomic
def reopen(assessment: Assessment, *, by: User, reason: str) -> Assessment:
    """Take an assessment back to disclosed; the result set that was computed from it is void."""
    assessment = perform(assessment, "reopen", by=by, note=reason)
    assessment.lines.update(final_score=None, final_actual=None)
    result.void_standing(assessment.cycle, by=by, reason=reason)
    return assessment


@transaction.atomic
def bring_back(assessment: Assessment, *, by: User, reason: str, deadline: datetime | None = None) -> Assessment:
    """Take an absent or withdrawn agency's file up again in the state that it had (docs/process.md, assessment).

    Where the agency has work again it gets a deadline of its own: `deadline`, an aware moment, else the usual one of a
    return. Figures computed without the file are void. Raises Refusal where nothing tells which state it had.
    """
    had = state_before_leaving(assessment)
    if had is None:
        raise Refusal(_("The log does not tell in which state “%(name)s” left the evaluation.") % {"name": assessment})
    works = had in AssessmentState.open_to_agency()
    end = (deadline or own_deadline(assessment)) if works else None
    assessment = perform(assessment, "bring_back", by=by, note=reason, to=had, deadline=end)
    result.void_standing(assessment.cycle, by=by, reason=reason)
    text = gettext_lazy("“%(name)s” is part of the evaluation again.")
    tell_side(assessment, Role.AGENCY, "bring_back", text)
    return assessment


def state_before_leaving(assessment: Assessment) -> str | None:
    """The state from which the file became absent or was withdrawn last; None without a row of the log."""
    rows = TransitionLog.objects.filter(
        content_type=ContentType.objects.get_for_model(Assessment),
        object_id=assessment.pk,
        name__in=["mark_absent", "withdraw"],
    )
    return rows.order_by("at", "pk").values_list("source", flat=True).last()


@transaction.atomic
def take_back(cycle: Cycle, *, stage: str, by: User, reason: str) -> Cycle:
    """Take the cycle back to an earlier stage; what was computed or announced is void with the same reason.

    Raises Refusal once results are published: they are corrected by an erratum.
    """
    result.void_standing(cycle, by=by, reason=reason)
    return year.reopen(cycle, stage=stage, by=by, reason=reason)
