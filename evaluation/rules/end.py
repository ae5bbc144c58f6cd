"""The settings of the end of a cycle: figures rest on them, so they are locked as soon as figures stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import QuerySet

from evaluation.enums import LetterKind, ResultState

if TYPE_CHECKING:
    from evaluation.models import Cycle, ResultSet

TIE_BREAKERS = ("first_tie_breaker", "second_tie_breaker", "third_tie_breaker")  # in their order
END_SETTINGS = (
    "end_order",
    "report_required",
    "level_source",
    "level_scheme",
    "exemption_rule",
    "over_maximum",
    *TIE_BREAKERS,
    "base_year",
    "objection_only_up",
    "different_decider",
)


def figures_stand(cycle: Cycle) -> bool:
    """Whether the cycle has computed results that are not void."""
    return cycle.result_sets.filter(state__in=ResultState.frozen()).exists()


def council_letters(result_set: ResultSet) -> QuerySet:
    """The letters by which the present figures were sent to the council."""
    return result_set.letters.filter(kind=LetterKind.COUNCIL, sent_at__gte=result_set.computed_at)


def open_remarks(cycle: Cycle) -> QuerySet:
    """The remarks of the council that have no answer yet."""
    return cycle.council_remarks().filter(answer="")
