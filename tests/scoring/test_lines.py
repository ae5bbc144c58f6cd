"""The score of one line: worked cases first (scoring_formulas.csv), then what must hold for every line."""

from dataclasses import replace
from decimal import Decimal as D
from decimal import localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.scoring import (
    BadFigure,
    Direction,
    Formula,
    Measure,
    Measurement,
    Nature,
    NegativeTarget,
    Reason,
    Status,
    Step,
    check_target,
    composite,
    score,
    typed,
)
from tests.strategies import decimals, measurements, plain_lines, positive

SCALE = (Step("none", D(0)), Step("drafted", D("0.4")), Step("in force", D(1)))


def line(nature="single", direction="ascending", *, maximum="50", steps=(), **figures):
    given = {name: None if figure is None else D(figure) for name, figure in figures.items()}
    return Measurement(Nature(nature), Direction(direction), D(maximum), steps=steps, **given)


@pytest.mark.parametrize(
    ("direction", "target", "actual", "expected", "formula"),
    [
        ("ascending", "200", "150", "37.5", "ascending"),
        ("ascending", "200", "260", "50", "ascending"),
        ("ascending", "200", "0", "0", "ascending"),
        ("descending", "10", "12.5", "40", "descending"),
        ("descending", "10", "8", "50", "descending"),
        ("descending", "10", "0", "50", "descending_zero"),
        ("descending", "0", "0", "50", "descending_zero"),
        ("ascending", "200", "-1", "0", "negative_actual"),
        ("descending", "10", "-1", "0", "negative_actual"),
    ],
)
def test_worked_cases(direction, target, actual, expected, formula):
    outcome = score(line(direction=direction, target=target, actual=actual))
    assert (outcome.status, outcome.score, outcome.fraction) == (Status.SCORED, D(expected), D(expected) / 50)
    assert (outcome.explanation.formula, outcome.explanation.result) == (Formula(formula), D(expected))


@pytest.mark.parametrize(
    ("nature", "figures", "actual", "expected"),
    [
        ("ratio", {"numerator": "45", "denominator": "60", "target": "100"}, "75", "37.5"),
        ("ratio", {"numerator": "-45", "denominator": "-60", "target": "100"}, "75", "37.5"),
        ("ratio", {"actual": "75", "target": "100"}, "75", "37.5"),
        ("ratio", {"actual": "75", "numerator": "3", "target": "100"}, "75", "37.5"),
        ("ratio", {"actual": "1", "numerator": "45", "denominator": "60", "target": "100"}, "75", "37.5"),
        ("growth", {"numerator": "1785.56", "denominator": "1291.57", "target": "50"}, "38.247249", "38.247249"),
        ("growth", {"numerator": "1785.56", "baseline": "1291.57", "target": "50"}, "38.247249", "38.247249"),
        ("growth", {"numerator": "130", "denominator": "100", "baseline": "1", "target": "50"}, "30", "30"),
        ("growth", {"actual": "30", "target": "50"}, "30", "30"),
        ("growth", {"actual": "30", "baseline": "100", "target": "50"}, "30", "30"),
        ("growth", {"numerator": "90", "denominator": "100", "target": "50"}, "-10", "0"),
        ("reduction", {"numerator": "80", "denominator": "100", "target": "50"}, "20", "20"),
        ("reduction", {"numerator": "120", "baseline": "100", "target": "50"}, "-20", "0"),
        ("reduction", {"actual": "20", "target": "50"}, "20", "20"),
    ],
)
def test_actuals_that_are_computed(nature, figures, actual, expected):
    outcome = score(line(nature, **figures))
    assert (outcome.actual, outcome.score) == (D(actual), D(expected))


def test_a_reduction_is_good_when_high_whatever_the_direction():
    figures = {"numerator": "80", "denominator": "100", "target": "50"}
    assert score(line("reduction", "descending", **figures)).score == D(20)
    assert score(line("growth", "descending", numerator="120", denominator="100", target="10")).score == D(25)


@pytest.mark.parametrize(
    ("nature", "direction", "figures", "reason"),
    [
        ("single", "ascending", {"target": "0", "actual": "5"}, "zero_target"),
        ("single", "ascending", {"target": "0", "actual": "0"}, "zero_target"),
        ("single", "ascending", {"target": "0", "actual": "-5"}, "zero_target"),
        ("single", "descending", {"target": "0", "actual": "5"}, "zero_target"),
        ("reduction", "descending", {"target": "0", "actual": "0"}, "zero_target"),
        ("single", "ascending", {"actual": "5"}, "no_target"),
        ("single", "descending", {"actual": "0"}, "no_target"),
        ("growth", "ascending", {"target": "5", "numerator": "3", "denominator": "0"}, "zero_base"),
        ("growth", "ascending", {"target": "5", "numerator": "3", "baseline": "0"}, "zero_base"),
        ("growth", "ascending", {"target": "5", "actual": "3", "baseline": "0"}, "zero_base"),
        ("reduction", "ascending", {"target": "5", "numerator": "3", "denominator": "0"}, "zero_base"),
        ("growth", "ascending", {"target": "5", "numerator": "3", "denominator": "-1"}, "negative_base"),
        ("ratio", "ascending", {"target": "5", "numerator": "3", "denominator": "0"}, "zero_denominator"),
        ("qualitative", "ascending", {}, "no_scale"),
        ("qualitative", "ascending", {"actual": "1"}, "no_scale"),
    ],
)
def test_what_the_formula_cannot_answer_asks_for_a_typed_score(nature, direction, figures, reason):
    outcome = score(line(nature, direction, **figures))
    assert (outcome.status, outcome.reason, outcome.score, outcome.explanation) == (
        Status.UNDEFINED,
        Reason(reason),
        None,
        None,
    )


@pytest.mark.parametrize(
    ("nature", "figures"),
    [
        ("single", {"target": "5"}),
        ("single", {"target": "0"}),
        ("ratio", {"target": "5", "numerator": "3"}),
        ("ratio", {"target": "5", "denominator": "3"}),
        ("growth", {"target": "5", "numerator": "3"}),
        ("growth", {"target": "5", "baseline": "0"}),
    ],
)
def test_without_an_actual_there_is_no_score_yet(nature, figures):
    outcome = score(line(nature, **figures))
    assert (outcome.status, outcome.score, outcome.reason) == (Status.EMPTY, None, None)


def test_a_step_of_a_scale_earns_its_fraction():
    outcome = score(line("qualitative", "descending", actual="0.4", steps=SCALE))
    assert (outcome.score, outcome.explanation.values["step"]) == (D(20), "drafted")
    assert score(line("qualitative", actual="1.5", steps=SCALE)).score == D(50)
    assert score(line("qualitative", actual="-1", steps=SCALE)).score == D(0)
    assert score(line("qualitative", steps=SCALE)).status == Status.EMPTY


def test_negative_targets_are_refused():
    with pytest.raises(NegativeTarget):
        check_target(D("-0.01"))
    with pytest.raises(NegativeTarget):
        line(target="-5", actual="3")
    assert (check_target(D(0)), check_target(None)) == (None, None)


@pytest.mark.parametrize("actual", ["NaN", "sNaN", "Infinity", "-Infinity", "1E+300", "1E-300"])
def test_what_is_no_figure_is_refused(actual):
    with pytest.raises(BadFigure):
        line(target="5", actual=actual)


def test_floats_are_refused():
    with pytest.raises(TypeError):
        Measurement("single", "ascending", D(50), D(5), 2.5)
    with pytest.raises(BadFigure):
        line(maximum="-1")


def test_a_quotient_is_divided_once_so_that_a_tie_rounds_up():
    # 100 ÷ 3 divided first would leave a hair less than half a millionth, and the score would be 0
    outcome = score(line("ratio", maximum="0.000003", numerator="1", denominator="3", target="200"))
    assert outcome.score == D("0.000001")


def test_the_precision_of_the_caller_does_not_matter():
    measurement = line(target="3", actual="1", maximum="1000")
    with localcontext(prec=3):
        assert score(measurement).score == D("333.333333")


def test_a_typed_score_says_that_it_was_typed():
    outcome = typed(D(50), D("12.5"), reason="zero_target")
    assert (outcome.score, outcome.fraction, outcome.status) == (D("12.5"), D("0.25"), Status.SCORED)
    assert outcome.explanation.values == {"score": D("12.5"), "maximum": D(50), "reason": "zero_target"}
    for wrong in ("50.000001", "-0.1"):
        with pytest.raises(BadFigure):
            typed(D(50), D(wrong))


def test_measures_inside_an_indicator():
    assert composite(D(40), [Measure(D(100), D("0.5"))]).score == D(20)
    parts = [Measure(D(60), D("0.5")), Measure(D(30), D(1)), Measure(D(10), None)]
    outcome = composite(D(40), parts)
    assert (outcome.score, outcome.fraction) == (D(24), D("0.6"))


def test_a_fraction_outside_its_bounds_is_clamped():
    assert composite(D(40), [Measure(D(50), D("1.5")), Measure(D(50), D(-1))]).score == D(20)


def test_an_exempt_measure_rescales_its_siblings_to_a_hundred():
    parts = [Measure(D(60), D("0.5")), Measure(D(30), D(1)), Measure(D(10), D(1), exempt=True)]
    assert composite(D(90), parts).score == D(60)
    assert composite(D(90), [replace(part, fraction=D(1)) for part in parts]).score == D(90)
    assert composite(D(90), [replace(part, exempt=True) for part in parts]).status == Status.EMPTY


@given(measurements())
def test_a_score_stays_between_nothing_and_the_maximum(measurement):
    outcome = score(measurement)
    if outcome.status == Status.SCORED:
        assert D(0) <= outcome.score <= measurement.maximum
        assert D(0) <= outcome.fraction <= D(1)
        assert outcome.score == outcome.score.quantize(D("0.000001"))
    else:
        assert (outcome.score, outcome.fraction, outcome.explanation) == (None, None, None)
        assert (outcome.reason is None) == (outcome.status == Status.EMPTY)


@given(plain_lines(), positive)
def test_more_is_never_worse_when_ascending(measurement, more):
    better = replace(measurement, actual=measurement.actual + more)
    assert score(measurement).score <= score(better).score


@given(plain_lines(direction=Direction.DESCENDING), positive)
def test_more_is_never_better_when_descending(measurement, more):
    worse = replace(measurement, actual=measurement.actual + more)
    assert score(worse).score <= score(measurement).score


@given(plain_lines(), positive)
def test_a_higher_target_never_helps_when_ascending(measurement, more):
    assert score(replace(measurement, target=measurement.target + more)).score <= score(measurement).score


@given(plain_lines(), plain_lines(direction=Direction.DESCENDING))
def test_reaching_the_target_is_full(ascending, descending):
    for measurement in (ascending, descending):
        assert score(replace(measurement, actual=measurement.target)).score == measurement.maximum


@given(st.lists(st.builds(Measure, decimals("1", "60", places=2), decimals("0", "1")), min_size=1), st.randoms())
def test_the_order_of_measures_does_not_matter(measures, random):
    mixed = random.sample(measures, k=len(measures))
    assert composite(D(90), mixed).score == composite(D(90), measures).score <= D(90)
