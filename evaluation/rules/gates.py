"""The gates of the end: which of them a cycle requires, in which order, and which a result set has not passed yet."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from evaluation.enums import END_ORDERS, Gate, LevelSource

if TYPE_CHECKING:
    from evaluation.models import Cycle, ResultSet

GATE_MOMENT = {Gate.COUNCIL: "council_at", Gate.REPORT: "reported_at", Gate.LEVELS: "levelled_at"}


def required_gates(cycle: Cycle) -> list[Gate]:
    """The gates that this cycle requires, in the order of its setting."""
    needed = {
        Gate.COUNCIL: True,
        Gate.REPORT: cycle.report_required,
        Gate.LEVELS: cycle.level_source != LevelSource.NONE,
    }
    return [gate for gate in END_ORDERS[cycle.end_order] if needed[gate]]


def open_gates(result_set: ResultSet, gates: Iterable[Gate]) -> list[str]:
    """A sentence for each of `gates` that the result set has not passed."""
    waiting = [gate for gate in gates if getattr(result_set, GATE_MOMENT[gate]) is None]
    return [_("This must be done first: %(gate)s.") % {"gate": gate.label} for gate in waiting]
