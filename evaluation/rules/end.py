"""The settings of the end of a cycle: figures rest on them, so they are locked as soon as figures stand."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

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
    return has_results(cycle, ResultState.frozen())


def has_results(cycle: Cycle, states: Collection[str]) -> bool:
    """Whether the cycle has a result set in one of these states; no query where its result sets were prefetched."""
    if is_prefetched(cycle, "result_sets"):
        return any(result_set.state in states for result_set in cycle.result_sets.all())
    return cycle.result_sets.filter(state__in=[str(state) for state in states]).exists()


def is_prefetched(obj: Any, name: str) -> bool:
    """Whether all rows of this relation of the object were read before."""
    return name in getattr(obj, "_prefetched_objects_cache", {})


def council_letters(result_set: ResultSet) -> QuerySet:
    """The letters by which the present figures were sent to the council."""
    return result_set.letters.filter(kind=LetterKind.COUNCIL, sent_at__gte=result_set.computed_at)


def open_remarks(cycle: Cycle) -> QuerySet:
    """The remarks of the council that have no answer yet."""
    return cycle.council_remarks().filter(answer="")
