"""Explain equals compute: every figure can be had again from its explanation, also after a trip through JSON."""

import json
from dataclasses import replace
from decimal import Decimal as D
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.scoring import (
    RULE_VERSION,
    Direction,
    Explanation,
    Formula,
    Measure,
    Measurement,
    Nature,
    QuickTyped,
    composite,
    evaluate,
    quick,
    quick_rule,
    score,
    total,
    typed,
)
from tests.strategies import COMPUTED, dimension_sheets, measurements, plain_lines, scored_lines


def through_json(explanation):
    return Explanation.from_data(json.loads(json.dumps(explanation.as_data())))


def half_up(fraction: Fraction) -> D:
    return D((fraction * 10**6 + Fraction(1, 2)).__floor__()) / 10**6


def by_hand(m: Measurement) -> Fraction:
    """The fraction reached, by rational numbers and straight from the text of the rules."""
    last = m.baseline if m.denominator is None else m.denominator
    if m.nature == Nature.RATIO and None not in (m.numerator, m.denominator):
        actual = Fraction(m.numerator) / Fraction(m.denominator) * 100
    elif m.nature == Nature.GROWTH and None not in (m.numerator, last):
        actual = (Fraction(m.numerator) - Fraction(last)) / Fraction(last) * 100
    elif m.nature == Nature.REDUCTION and None not in (m.numerator, last):
        actual = (Fraction(last) - Fraction(m.numerator)) / Fraction(last) * 100
    else:
        actual = Fraction(m.actual)
    if actual < 0:
        return Fraction(0)
    if m.nature == Nature.REDUCTION or m.direction == Direction.ASCENDING:
        return min(Fraction(1), actual / Fraction(m.target))
    return min(Fraction(1), Fraction(m.target) / actual) if actual else Fraction(1)


@given(scored_lines(COMPUTED))
def test_the_score_is_the_rational_one_rounded_half_up(measurement):
    outcome = score(measurement)
    assert outcome.score == half_up(by_hand(measurement) * Fraction(measurement.maximum))


@given(scored_lines())
def test_a_line_explained_equals_the_line_computed(measurement):
    outcome = score(measurement)
    read = through_json(outcome.explanation)
    assert read == outcome.explanation
    assert evaluate(read) == outcome.score == read.result


@given(dimension_sheets())
def test_a_dimension_explained_equals_the_dimension_computed(sheet):
    figures = total(sheet)
    for each in (figures, *figures.axes):
        if each.wholly_exempt:
            assert (each.explanation, each.scaled) == (None, None)
        else:
            assert evaluate(through_json(each.explanation)) == each.scaled


def test_measures_and_typed_scores_are_explained():
    parts = composite(D(40), [Measure(D(60), D("0.5")), Measure(D(40), D("0.25"))])
    assert evaluate(through_json(parts.explanation)) == parts.score == D(16)
    assert evaluate(through_json(typed(D(50), D(7)).explanation)) == D(7)


def test_a_changed_value_changes_the_figure():
    outcome = score(Measurement(Nature.SINGLE, Direction.ASCENDING, D(50), D(200), D(150)))
    values = outcome.explanation.values | {"actual": D(100)}
    assert evaluate(Explanation(Formula.ASCENDING, values, D("37.5"))) == D(25)


def test_the_data_are_plain():
    outcome = score(
        Measurement(Nature.RATIO, Direction.ASCENDING, D("1E+2"), target=D(100), numerator=D(45), denominator=D("6E+1"))
    )
    assert outcome.explanation.as_data() == {
        "formula": "ascending",
        "values": {
            "nature": "ratio",
            "numerator": "45",
            "denominator": "60",
            "actual": "75.000000",
            "maximum": "100",
            "target": "100",
        },
        "result": "75.000000",
        "rule_version": RULE_VERSION,
    }


@pytest.mark.parametrize("broken", [{}, {"formula": "guess", "values": {}, "result": "1", "rule_version": "1"}])
def test_what_is_no_explanation_is_refused(broken):
    with pytest.raises((KeyError, ValueError)):
        Explanation.from_data(broken)


@given(measurements(COMPUTED) | plain_lines() | plain_lines(Nature.REDUCTION, Direction.DESCENDING))
def test_the_short_way_says_what_the_long_one_says(measurement):
    """With an actual alone; whatever else is filled is asked of `score`."""
    m = replace(measurement, numerator=None, denominator=None, baseline=None)
    found, outcome = quick(m.nature, m.direction, m.maximum, m.target, m.actual), score(m)
    plain = m.actual is not None and m.actual > 0 and bool(m.target)
    assert (found is not None) == plain
    if found:
        assert tuple(found) == (outcome.actual, outcome.score, outcome.explanation.as_data())
        rule = quick_rule(m.nature, m.direction, m.maximum, m.target)
        assert rule.earned(m.actual) == outcome.score
        assert rule.explanation_text(m.actual, outcome.score) == json.dumps(outcome.explanation.as_data())


@given(st.decimals(0, 10**12, places=6), st.decimals(0, 10**12, places=6), st.text(min_size=1))
def test_a_typed_score_reads_the_same_on_the_short_way(one, other, reason):
    points, maximum = sorted((one, other))
    outcome = typed(maximum, points, reason=reason)
    assert QuickTyped(maximum, reason).explanation_text(D(1), points) == json.dumps(outcome.explanation.as_data())
    assert outcome.score.as_tuple() == points.as_tuple()


@pytest.mark.parametrize(
    "figures",
    [
        {"nature": "qualitative"},
        {"nature": "unknown"},
        {"actual": D(0)},
        {"actual": D(-1)},
        {"actual": D("1E+19")},
        {"actual": D("1E-19")},
        {"actual": D("NaN")},
        {"actual": None},
        {"actual": 70},
        {"target": D(0)},
        {"target": D("-1")},
        {"target": D("Infinity")},
        {"target": None},
        {"maximum": D(-1)},
    ],
)
def test_the_short_way_leaves_all_else_alone(figures):
    plain = {"nature": "single", "direction": "ascending", "maximum": D(20), "target": D(100), "actual": D(70)}
    assert quick(**plain).score == D(14)
    assert quick(**plain | figures) is None
