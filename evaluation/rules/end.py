"""The settings of the end of a cycle: figures rest on them, so they are locked as soon as figures stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evaluation.enums import ResultState, Stage

if TYPE_CHECKING:
    from evaluation.models import Cycle

END_SETTINGS = (
    "end_order",
    "report_required",
    "level_source",
    "level_scheme",
    "exemption_rule",
    "over_maximum",
    "objection_only_up",
    "different_decider",
)


def figures_stand(cycle: Cycle) -> bool:
    """Whether the cycle has computed results that are not void."""
    return cycle.result_sets.filter(state__in=ResultState.frozen()).exists()


def is_archived(cycle: Cycle) -> bool:
    """Whether the cycle is closed: nothing of it is changed any more but by an erratum."""
    return cycle.stage == Stage.CLOSED
