"""The gates of the end: which a cycle requires, in which order, and what is said while one is open."""

from itertools import product
from types import SimpleNamespace

import pytest

from evaluation.enums import EndOrder, Gate, LevelSource, ResultState
from evaluation.rules import conditions, gates
from evaluation.rules.gates import GATE_MOMENT, open_gates, required_gates

pytestmark = pytest.mark.usefixtures("english")
COUNCIL, REPORT, LEVELS = Gate.COUNCIL, Gate.REPORT, Gate.LEVELS
SENTENCE = {
    COUNCIL: "This must be done first: Council's approval.",
    REPORT: "This must be done first: Report to the national organization.",
    LEVELS: "This must be done first: Levels.",
}


@pytest.fixture(autouse=True)
def nothing_lapsed(monkeypatch):
    """What passed a gate stands; how it lapses is tried with real rows in tests/process/results/test_gates.py."""
    monkeypatch.setattr(gates, "LAPSED", {})


def a_cycle(order=EndOrder.COUNCIL_FIRST, report=True, levels=LevelSource.RECEIVED):
    return SimpleNamespace(end_order=order, report_required=report, level_source=levels)


def a_set(*passed, cycle=None):
    moments = {moment: ("then" if gate in passed else None) for gate, moment in GATE_MOMENT.items()}
    return SimpleNamespace(cycle=cycle or a_cycle(), state=ResultState.COMPUTED, **moments)


@pytest.mark.parametrize(
    ("order", "gates"),
    [
        (EndOrder.COUNCIL_FIRST, [COUNCIL, REPORT, LEVELS]),
        (EndOrder.ARO_FIRST, [REPORT, LEVELS, COUNCIL]),
        (EndOrder.COUNCIL_BEFORE_RANKING, [COUNCIL, REPORT, LEVELS]),
    ],
)
def test_each_order_has_its_gates_in_order(order, gates):
    assert required_gates(a_cycle(order)) == gates


@pytest.mark.parametrize(
    ("report", "source", "gates"),
    [
        (True, LevelSource.NONE, [COUNCIL, REPORT]),
        (False, LevelSource.RECEIVED, [COUNCIL, LEVELS]),
        (False, LevelSource.NONE, [COUNCIL]),
        (True, LevelSource.THRESHOLDS, [COUNCIL, REPORT, LEVELS]),
    ],
)
def test_what_a_cycle_does_not_require_is_no_gate(report, source, gates):
    assert required_gates(a_cycle(report=report, levels=source)) == gates


def test_each_open_gate_is_named_in_the_order_in_which_it_is_asked():
    assert open_gates(a_set(), [REPORT, COUNCIL]) == [SENTENCE[REPORT], SENTENCE[COUNCIL]]
    assert open_gates(a_set(COUNCIL), [REPORT, COUNCIL]) == [SENTENCE[REPORT]]
    assert open_gates(a_set(COUNCIL, REPORT, LEVELS), list(Gate)) == []


@pytest.mark.parametrize("order", EndOrder)
def test_a_gate_waits_for_those_before_it_and_for_no_other(order):
    cycle = a_cycle(order)
    gates = required_gates(cycle)
    for place, gate in enumerate(gates):
        for passed in product([True, False], repeat=len(gates)):
            done = [each for each, is_passed in zip(gates, passed, strict=True) if is_passed]
            waiting = [SENTENCE[each] for each in gates[:place] if each not in done]
            assert conditions.gates_before(gate).reasons(a_set(*done, cycle=cycle)) == waiting


def test_a_gate_that_the_cycle_does_not_require_is_refused_by_name():
    result_set = a_set(COUNCIL, cycle=a_cycle(report=False))
    assert conditions.gates_before(REPORT).reasons(result_set) == [
        "This cycle does not require it: Report to the national organization."
    ]


def test_announcing_waits_for_every_required_gate():
    cycle = a_cycle(levels=LevelSource.NONE)
    assert conditions.gates_passed.reasons(a_set(COUNCIL, cycle=cycle)) == [SENTENCE[REPORT]]
    assert conditions.gates_passed(a_set(COUNCIL, REPORT, cycle=cycle)) is True


@pytest.mark.parametrize("gate", Gate)
def test_figures_that_passed_a_gate_are_not_computed_again(gate):
    assert conditions.nothing_passed_yet.reasons(a_set()) == []
    assert conditions.nothing_passed_yet.reasons(a_set(gate)) == [
        "An approval step has been passed with these figures: void the result set before computing again."
    ]


@pytest.mark.parametrize("name", ["announce", "publish"])
def test_what_follows_the_gates_waits_for_the_figures_and_for_each_gate(name):
    a_draft, computed = a_set(), a_set(REPORT)
    a_draft.state = ResultState.DRAFT
    assert gates.not_yet(a_draft, name) == ["The results are not computed yet."]
    assert gates.not_yet(computed, name) == [SENTENCE[COUNCIL], SENTENCE[LEVELS]]


def test_after_the_gates_the_publication_alone_waits_for_the_announcement():
    result_set = a_set(*Gate)
    assert gates.not_yet(result_set, "announce") == []
    assert gates.not_yet(result_set, "publish") == ["The results are not announced yet."]
    result_set = a_set()
    result_set.state = ResultState.ANNOUNCED
    assert [gates.not_yet(result_set, name) for name in ("announce", "publish")] == [[], []]


def test_a_step_of_a_gate_waits_for_nothing_once_the_figures_are_computed():
    for name in gates.GATE_STEPS:
        assert gates.not_yet(a_set(), name) == []


def test_a_step_of_a_gate_that_the_cycle_does_not_require_waits_for_nothing():
    result_set = a_set(cycle=a_cycle(report=False))
    result_set.state = ResultState.DRAFT
    assert gates.not_yet(result_set, "record_report") == []
    assert gates.not_yet(result_set, "record_levels") == ["The results are not computed yet."]
