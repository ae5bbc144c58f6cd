"""The verbs that undo the end of a cycle: an assessment reopened, results returned by the council."""

from django.db import transaction

from evaluation.enums import Stage

from .. import audit
from ..door import perform
from ..year import cycle
from . import result


@transaction.atomic
def reopen(assessment, *, by, reason):
    """Back to disclosed; the figures computed from it are void."""
    assessment = perform(assessment, "reopen", by=by, note=reason)
    assessment.lines.update(final_score=None, final_actual=None)
    result.void_standing(assessment.cycle, by=by, reason=reason)
    return assessment


@transaction.atomic
def return_(result_set, *, by, reason, on_behalf=None):
    """The council returns the results: the set is void, sent reports are superseded, the cycle goes back to the
    confirmation and its reported files are confirmed again there.
    """
    result_set = perform(result_set, "return_", by=by, on_behalf=on_behalf, note=reason)
    result.withdraw_reports(result_set, by=by, reason=reason)
    if result_set.cycle.stage in (Stage.RANKING, Stage.FESTIVAL):
        scheduler = audit.scheduler(result_set.cycle.province)
        cycle.reopen(result_set.cycle, stage=Stage.CONFIRMATION, by=scheduler, reason=reason)
    return result_set
