"""Bounds, messages and contexts of the arithmetic: found by changing the code and seeing no test fail."""

from dataclasses import replace
from decimal import Decimal, getcontext, localcontext

import pytest

from evaluation.scoring import (
    AxisInput,
    BadFigure,
    DimensionInput,
    Direction,
    Explanation,
    Formula,
    LineInput,
    Measurement,
    Nature,
    NegativeTarget,
    Reason,
    Status,
    Step,
    extremes,
    level_for,
    score,
    total,
)
from evaluation.scoring.figures import (
    check_target,
    cut_to_six_decimals,
    exact,
    exact_or_none,
    plain,
    to_six_decimals,
    to_two_decimals,
)
from evaluation.scoring.formulas import compute, numbered
from evaluation.scoring.quick import quick

LEAST, GREATEST = Decimal("1E-18"), Decimal("9E18")
TARGET, HUNDRED = Decimal(80), Decimal(100)


# -- figures --------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [LEAST, GREATEST, -LEAST, -GREATEST, Decimal(0)])
def test_figures_up_to_their_bounds_are_reckoned_with(value):
    assert exact(value) is value
    assert exact_or_none(value) is value


@pytest.mark.parametrize("value", [Decimal("9E-19"), Decimal("1E19"), Decimal("Infinity"), Decimal("NaN")])
def test_beyond_them_the_figure_is_named(value):
    with pytest.raises(BadFigure) as error:
        exact(value)
    assert str(error.value) == f"{value} cannot be reckoned with."


def test_whole_numbers_become_decimals_and_nothing_else_does():
    assert (exact(7), type(exact(7)), exact_or_none(None)) == (Decimal(7), Decimal, None)
    for value, kind in ((0.5, "float"), (True, "bool"), ("1", "str")):
        with pytest.raises(TypeError) as error:
            exact(value)
        assert str(error.value) == f"A figure must be a Decimal, not {kind}."


def test_a_negative_target_and_maximum_are_named():
    for refuse in (lambda: check_target(Decimal(-1)), lambda: a_line(target=Decimal(-1))):
        with pytest.raises(NegativeTarget) as error:
            refuse()
        assert str(error.value) == "The target -1 is below zero."
    with pytest.raises(BadFigure) as error:
        a_line(maximum=Decimal(-1))
    assert str(error.value) == "The maximum -1 is below zero."


def test_rounding_does_not_depend_on_the_callers_context():
    with localcontext() as context:
        context.prec, context.rounding = 3, "ROUND_DOWN"
        assert to_six_decimals(Decimal("1234.5678905")) == Decimal("1234.567891")
        assert cut_to_six_decimals(Decimal("1234.5678909")) == Decimal("1234.567890")
        assert to_two_decimals(Decimal("1234.565")) == Decimal("1234.57")
        assert getcontext().prec == 3
    assert plain(Decimal("1E+3")) == "1000"
    assert plain(Decimal("0E-10")) == "0.0000000000"


# -- formulas and explanations --------------------------------------------------------------------


def test_members_of_a_list_are_taken_in_the_order_of_their_numbers():
    values = {f"figure.{number}": Decimal(number) for number in (10, 2, 1)} | {"a.figure.3": Decimal(3)}
    assert numbered(values, "figure") == [1, 2, 10]
    assert numbered({"a.b.2": Decimal(2), "a.b.1": Decimal(1)}, "a.b") == [1, 2]


def test_a_list_that_lacks_a_member_is_no_explanation():
    with pytest.raises(ValueError, match="zip"):
        compute(
            Formula.MEASURES, {"maximum": HUNDRED, "weight.1": Decimal(60), "weight.2": Decimal(40), "fraction.1": 1}
        )
    axes = {"raw.1": Decimal(1), "maximum.1": Decimal(2), "exempt.1": Decimal(0), "raw.2": Decimal(1)}
    with pytest.raises(ValueError, match="zip"):
        compute(Formula.SHARED, axes | {"maximum": Decimal(4), "wholly_exempt": Decimal(0)})


def test_an_explanation_keeps_the_version_of_its_rules():
    data = {"formula": "total", "values": {"figure.1": "2"}, "result": "2", "rule_version": "0.old"}
    assert Explanation.from_data(data).rule_version == "0.old"
    assert Explanation.from_data(data).as_data() == data


@pytest.mark.parametrize(
    ("available", "expected"), [("1", "100"), ("0.5", "100"), ("0", "30"), ("-1", "30"), ("60", "50")]
)
def test_scaling_by_what_is_left(available, expected):
    values = {"raw": Decimal(30), "maximum": HUNDRED, "exempt": HUNDRED - Decimal(available)}
    assert compute(Formula.SCALED, values) == Decimal(expected)


# -- lines ----------------------------------------------------------------------------------------


def a_line(**figures):
    given = {"nature": Nature.SINGLE, "direction": Direction.ASCENDING, "maximum": HUNDRED, "target": TARGET}
    return Measurement(**given | figures)


def test_what_comes_as_text_or_number_is_made_exact():
    line = Measurement("single", "descending", 100, target=80, actual=160, steps=[])
    assert (line.nature, line.direction) == (Nature.SINGLE, Direction.DESCENDING)
    assert type(line.maximum) is type(line.target) is Decimal
    assert line.steps == ()
    assert score(line).score == Decimal(50)


def test_a_line_with_a_scale_gives_actual_fraction_and_score():
    steps = (Step("none", Decimal(0)), Step("half", Decimal("0.5")), Step("full", Decimal(1)))
    line = a_line(nature=Nature.QUALITATIVE, target=None, actual=Decimal("0.5"), steps=steps)
    found = score(line)
    assert (found.actual, found.fraction, found.score) == (Decimal("0.5"), Decimal("0.5"), Decimal(50))
    bare = score(replace(line, steps=()))
    assert (bare.actual, bare.score, bare.status, bare.reason) == (
        Decimal("0.5"), None, Status.UNDEFINED, Reason.NO_SCALE,
    )  # fmt: skip


def test_a_descending_ratio_reaches_its_share_of_the_target():
    line = a_line(nature=Nature.RATIO, direction=Direction.DESCENDING, numerator=Decimal(4), denominator=Decimal(5))
    found = score(replace(line, target=Decimal(40)))
    assert (found.actual, found.fraction, found.score) == (Decimal(80), Decimal("0.5"), Decimal(50))


@pytest.mark.parametrize(("actual", "target", "maximum"), [
    (LEAST, TARGET, HUNDRED), (TARGET, LEAST, HUNDRED), (TARGET, TARGET, LEAST), (TARGET, TARGET, Decimal(0)),
    (GREATEST, GREATEST, GREATEST),
])  # fmt: skip
@pytest.mark.parametrize("direction", Direction)
def test_at_its_bounds_the_short_way_gives_the_same(actual, target, maximum, direction):
    short = quick("single", direction, maximum, target, actual)
    long = score(Measurement(Nature.SINGLE, direction, maximum, target=target, actual=actual))
    assert short == (long.actual, long.score, long.explanation.as_data())


@pytest.mark.parametrize("figures", [
    (Decimal("1E19"), TARGET, TARGET), (HUNDRED, Decimal("1E19"), TARGET), (HUNDRED, TARGET, Decimal("1E19")),
    (HUNDRED, Decimal(0), TARGET), (HUNDRED, TARGET, Decimal(0)), (Decimal("1E-19"), TARGET, TARGET),
    (HUNDRED, 80, TARGET), (HUNDRED, Decimal("NaN"), TARGET),
])  # fmt: skip
def test_what_is_not_plain_goes_the_long_way(figures):
    assert quick("single", "ascending", *figures) is None


# -- sheets ---------------------------------------------------------------------------------------


def a_sheet(*axes):
    return DimensionInput("d", sum((axis.maximum for axis in axes), Decimal(0)), axes)


def test_an_axis_without_lines_is_empty_and_not_exempt():
    full = AxisInput("full", Decimal(50), (LineInput("a", Decimal(50), Decimal(20)),))
    empty, _full = total(a_sheet(AxisInput("empty", Decimal(50)), full)).axes
    assert (empty.wholly_exempt, empty.raw, empty.scaled) == (False, 0, 0)


@pytest.mark.parametrize(
    ("maximum", "exempt", "wholly"), [("50", "50", True), ("50", "49", False), ("0.5", "0.5", True)]
)
def test_an_axis_whose_points_are_all_exempt_is_wholly_exempt(maximum, exempt, wholly):
    """A line of no points beside it does not keep the axis in."""
    lines = (LineInput("a", Decimal(exempt), exempt=True), LineInput("b", Decimal(0), Decimal(0)))
    other = AxisInput("other", Decimal(50), (LineInput("c", Decimal(50), Decimal(50)),))
    axis, _other = total(a_sheet(AxisInput("x", Decimal(maximum), lines), other)).axes
    assert axis.wholly_exempt is wholly


def test_measures_count_by_weight_and_lines_that_share_no_parent_apart():
    measures = (
        LineInput("a", Decimal(60), Decimal(60), parent="p", weight=Decimal(3)),
        LineInput("b", Decimal(40), Decimal(0), parent="p", weight=Decimal(1)),
        LineInput("c", Decimal(100), exempt=True),
        LineInput("d", Decimal(100), Decimal(10)),
    )
    (axis,) = total(a_sheet(AxisInput("x", Decimal(300), measures))).axes
    assert axis.exempt_points == Decimal(100)
    assert axis.unscored == 0


def test_what_is_left_beside_an_exempt_measure_counts_by_weight_and_not_by_points():
    measures = (
        LineInput("a", Decimal(50), Decimal(50), parent="p", weight=Decimal(3)),
        LineInput("b", Decimal(50), Decimal(0), parent="p", weight=Decimal(1)),
        LineInput("c", Decimal(50), exempt=True, parent="p", weight=Decimal(4)),
    )
    (axis,) = total(a_sheet(AxisInput("x", Decimal(150), measures))).axes
    assert (axis.raw, axis.exempt_points) == (Decimal("112.5"), 0)  # three quarters of 150


# -- comparisons ----------------------------------------------------------------------------------


def test_the_highest_axis_is_that_of_the_highest_figure_not_of_the_last_name():
    assert extremes({"b": Decimal(10), "a": Decimal(90), "c": Decimal(50), "d": None}) == ("b", "a")


def test_the_level_is_that_of_the_highest_threshold_even_where_two_are_equal():
    """Of levels with one threshold the first counts; their keys need not be comparable."""
    first, second = object(), object()
    assert level_for(Decimal(90), [(first, Decimal(80)), (second, Decimal(80))]) is first
    assert level_for(Decimal(90), [(first, Decimal(70)), (second, Decimal(80))]) is second
