"""Conditions of the end of a year: the council's letter and remarks, and what published or announced results keep."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from evaluation.enums import Gate, ResultState

from . import end
from .conditions import condition, gates_before
from .sentences import listed

if TYPE_CHECKING:
    from evaluation.models import Assessment, Cycle, ResultSet, Transfer


@condition
def sent_to_council(result_set: ResultSet) -> list[str]:
    """The present figures were sent to the council by letter; asked once the gates before it are passed."""
    if gates_before(Gate.COUNCIL).reasons(result_set) or end.council_letters(result_set).exists():
        return []
    return [_("These results were not sent to the council yet: send them with the number and date of the letter.")]


@condition
def remarks_answered(result_set: ResultSet) -> list[str]:
    """No remark of the council on earlier figures of the cycle waits for its answer."""
    return unanswered(end.open_remarks(result_set.cycle))


@condition
def remarks_of_file_answered(assessment: Assessment) -> list[str]:
    """No remark of the council on a line of the file, or on its agency, waits for its answer."""
    rows = end.open_remarks(assessment.cycle).filter(participation=assessment.participation_id)
    return unanswered(rows.filter(Q(line=None) | Q(line__assessment=assessment)))


def unanswered(remarks: QuerySet) -> list[str]:
    """The sentence about remarks without an answer, in a list."""
    waiting = remarks.select_related("participation__agency", "line__indicator", "line__assessment__participation")
    if not waiting:
        return []
    return [_("These remarks of the council have no answer yet: %(names)s.") % {"names": listed(waiting)}]


@condition
def nothing_published(cycle: Cycle) -> list[str]:
    """The results of the cycle are not published: after that it is never taken back."""
    if end.has_results(cycle, [ResultState.PUBLISHED]):
        return [_("The results of this cycle are published; they are corrected by an erratum only.")]
    return []


@condition
def no_results_rest_on_it(transfer: Transfer) -> list[str]:
    """The transfer is no report of results that were announced."""
    if transfer.result_sets.filter(state__in=ResultState.seen_by_agency()).exists():
        return [_("Announced results rest on this report; void them first. Published ones keep it.")]
    return []
