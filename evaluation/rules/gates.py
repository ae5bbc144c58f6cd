"""The gates of the end: which of them a cycle requires, in which order, and which a result set has not passed.

A gate is passed as long as what passed it stands: the report that covered every file, the levels of every agency.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from evaluation.enums import (
    END_ORDERS,
    AssessmentState,
    Gate,
    LevelSource,
    RankedAmong,
    ResultState,
    TransferDirection,
    TransferState,
)

from .sentences import listed

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
    """A sentence for each of `gates` that the result set has not passed, or has passed by what no longer stands."""
    return [sentence for gate in gates if (sentence := missing(result_set, gate))]


def passed(result_set: ResultSet, gate: Gate) -> bool:
    """Whether the gate is passed and what passed it stands."""
    return not missing(result_set, gate)


def missing(result_set: ResultSet, gate: Gate) -> str:
    """The sentence that says what the gate waits for; empty for a gate that is passed."""
    if getattr(result_set, GATE_MOMENT[gate]) is None:
        return _("This must be done first: %(gate)s.") % {"gate": gate.label}
    return LAPSED[gate](result_set) if gate in LAPSED else ""


def standing_reports(cycle: Cycle) -> QuerySet:
    """The final reports to the national organization that were sent and are neither refused nor superseded."""
    sent = [TransferState.SENT, TransferState.RECEIVED]
    return cycle.transfers.filter(direction=TransferDirection.REPORT, state__in=sent)


def unreported(result_set: ResultSet) -> str:
    """Names the files that no standing report carries, in a sentence; empty when each of them is reported."""
    files = result_set.cycle.assessments().exclude(state__in=[str(state) for state in AssessmentState.out()])
    left = files.exclude(pk__in=standing_reports(result_set.cycle).values("items__assessment"))
    left = left.select_related("participation__agency", "dimension")
    return named(left, _("These files are in no report that was sent and stands: %(names)s."))


def without_level(result_set: ResultSet) -> str:
    """Names the ranked agencies whose total has no level, in a sentence; empty when each has one."""
    rows = result_set.agency_results.filter(dimension=None, level=None, passive=False)
    rows = rows.filter(participation__ranked_among__in=RankedAmong.ranked())
    return named(rows, _("These agencies have no level yet: %(names)s."))


def named(rows: QuerySet, sentence: str) -> str:
    """The sentence with the first names of these rows; empty without rows."""
    names = listed(rows)
    return sentence % {"names": names} if names else ""


LAPSED = {Gate.REPORT: unreported, Gate.LEVELS: without_level}  # what a passed gate can lose again

GATE_STEPS = {"dispatch": Gate.COUNCIL, "approve": Gate.COUNCIL, "return_": Gate.COUNCIL}
GATE_STEPS |= {"record_report": Gate.REPORT, "set_levels": Gate.LEVELS, "record_levels": Gate.LEVELS}


def not_yet(result_set: ResultSet, name: str) -> list[str]:
    """Why a step of the end is not there yet, as sentences; empty where it is over, or was never to come."""
    state, order = result_set.state, required_gates(result_set.cycle)
    waits = name in ("announce", "publish") or GATE_STEPS.get(name) in order
    if state == ResultState.DRAFT and waits:
        return [_("The results are not computed yet.")]
    if name in ("announce", "publish") and state in (ResultState.COMPUTED, ResultState.APPROVED):
        missing_gates = open_gates(result_set, order)
        return missing_gates or ([_("The results are not announced yet.")] if name == "publish" else [])
    return []
