"""Axes and dimensions, with and without exempt lines."""

from dataclasses import replace
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.scoring import (
    AxisInput,
    DimensionInput,
    ExemptionRule,
    LineInput,
    combined,
    evaluate,
    explain_combined,
    to_two_decimals,
    total,
)
from tests.strategies import dimension_sheets


def line(key, maximum, score, **more):
    return LineInput(key, D(maximum), None if score is None else D(score), **more)


def sheet(*axes, rule="scale"):
    made = tuple(AxisInput(key, sum(each.maximum for each in lines), lines) for key, *lines in axes)
    made = tuple(replace(axis, lines=tuple(axis.lines)) for axis in made)
    return DimensionInput("general", sum(axis.maximum for axis in made), made, ExemptionRule(rule))


def figures_of(figures):
    return [(axis.key, axis.raw, axis.scaled, axis.exempt_points) for axis in figures.axes]


def one_exempt_line(rule):
    return total(
        sheet(
            ("a", line(1, 60, 30), line(2, 40, 40, exempt=True)),
            ("b", line(3, 100, 50)),
            rule=rule,
        )
    )


def one_exempt_axis(rule):
    return total(
        sheet(
            ("a", line(1, 60, 30), line(2, 20, None, exempt=True)),
            ("b", line(3, 70, None, exempt=True), line(4, 30, None, exempt=True)),
            ("c", line(5, 20, 10)),
            rule=rule,
        )
    )


def test_nothing_exempt_is_the_plain_sum():
    figures = total(sheet(("a", line(1, 60, "30.123456"), line(2, 40, "0.000001")), ("b", line(3, 100, 50))))
    assert (figures.raw, figures.scaled, figures.maximum) == (D("80.123457"), D("80.123457"), D(200))
    assert (figures.exempt_points, figures.wholly_exempt, figures.unscored) == (D(0), False, 0)


@pytest.mark.parametrize(
    ("rule", "scaled", "axis_a"),
    [("scale", "100", "50"), ("axis", "100", "50"), ("grant", "120", "70")],
)
def test_one_exempt_line(rule, scaled, axis_a):
    figures = one_exempt_line(rule)
    assert (figures.raw, figures.scaled, figures.exempt_points) == (D(80), D(scaled), D(40))
    assert figures_of(figures) == [("a", D(30), D(axis_a), D(40)), ("b", D(50), D(50), D(0))]


def test_scaling_the_dimension_differs_from_sharing_inside_the_axis():
    axes = ("a", line(1, 60, 60), line(2, 40, None, exempt=True)), ("b", line(3, 100, 20))
    assert total(sheet(*axes)).scaled == D(100)  # 80 × 200 ÷ 160
    assert total(sheet(*axes, rule="axis")).scaled == D(120)  # 60 × 100 ÷ 60 + 20
    assert total(sheet(*axes, rule="grant")).scaled == D(120)  # 80 + 40


@pytest.mark.parametrize(
    ("rule", "scaled", "axis_a"),
    [
        ("scale", "100", "40"),  # 40 × 200 ÷ (200 − 120)
        ("axis", "100", "40"),  # (30 × 80 ÷ 60 + 10) × 200 ÷ (200 − 100)
        ("grant", "160", "50"),  # 40 + 120
    ],
)
def test_a_wholly_exempt_axis_has_no_figure(rule, scaled, axis_a):
    figures = one_exempt_axis(rule)
    assert (figures.raw, figures.scaled, figures.exempt_points) == (D(40), D(scaled), D(120))
    assert figures_of(figures) == [
        ("a", D(30), D(axis_a), D(20)),
        ("b", D(0), None, D(100)),
        ("c", D(10), D(10), D(0)),
    ]
    assert [axis.wholly_exempt for axis in figures.axes] == [False, True, False]


@pytest.mark.parametrize("rule", ExemptionRule)
def test_a_wholly_exempt_dimension_keeps_out_of_the_combined_total(rule):
    exempt = total(sheet(("a", line(1, 60, None, exempt=True)), ("b", line(2, 40, 10, exempt=True)), rule=rule))
    assert (exempt.raw, exempt.scaled, exempt.exempt_points, exempt.wholly_exempt) == (D(0), None, D(100), True)
    assert (combined([exempt, one_exempt_line(rule)]), explain_combined([exempt])) == (None, None)


def measures(*exempt):
    scores = {"x": "20", "y": "0", "z": "10"}
    shares = {"x": "50", "y": "30", "z": "20"}
    return [
        line(key, shares[key], scores[key], parent="p", weight=D(shares[key]), exempt=key in exempt) for key in shares
    ]


@pytest.mark.parametrize("rule", ExemptionRule)
def test_an_exempt_measure_rescales_its_siblings_and_exempts_no_points(rule):
    figures = total(sheet(("a", *measures("y"), line(1, 100, 10)), rule=rule))
    assert (figures.exempt_points, figures.wholly_exempt) == (D(0), False)
    assert (figures.raw, figures.scaled) == (D("52.857143"), D("52.857143"))  # 30 × 100 ÷ 70 + 10


def test_a_parent_whose_measures_are_all_exempt_is_exempt():
    figures = total(sheet(("a", *measures("x", "y", "z"), line(1, 100, 10))))
    assert (figures.raw, figures.exempt_points, figures.scaled) == (D(10), D(100), D(20))


def test_lines_without_a_score_count_as_nothing_and_are_counted():
    figures = total(sheet(("a", line(1, 60, None), line(2, 40, 20)), ("b", line(3, 10, None), line(4, 5, 5))))
    assert (figures.raw, figures.unscored, [axis.unscored for axis in figures.axes]) == (D(25), 2, [1, 1])
    assert total(sheet(("a", line(1, 60, None, exempt=True), line(2, 40, 20)))).unscored == 0


def test_an_empty_sheet_earns_nothing_and_is_not_exempt():
    figures = total(sheet())
    assert (figures.raw, figures.scaled, figures.wholly_exempt) == (D(0), D(0), False)


def test_the_published_total_of_two_dimensions():
    general = total(sheet(("a", line(1, 1000, "970.84"))))
    specific = total(sheet(("a", line(1, 1000, "814.72"))))
    assert combined([general, specific]) == D("1785.56")
    assert evaluate(explain_combined([general, specific])) == D("1785.56")


def test_a_shown_total_is_the_rounded_sum_not_the_sum_of_rounded_parts():
    parts = [total(sheet(("a", line(1, 1000, "100.004")))), total(sheet(("a", line(1, 1000, "100.004"))))]
    assert to_two_decimals(combined(parts)) == D("200.01")
    assert sum(to_two_decimals(part.scaled) for part in parts) == D("200.00")


@given(dimension_sheets())
def test_scaling_never_exceeds_the_maximum_and_never_takes_away(sheet):
    figures = total(sheet)
    for each in (figures, *figures.axes):
        if not each.wholly_exempt:
            assert each.raw <= each.scaled <= each.maximum
        assert D(0) <= each.exempt_points <= each.maximum
    assert figures.raw == sum(axis.raw for axis in figures.axes)


@given(dimension_sheets(), st.randoms())
def test_the_order_of_axes_and_lines_does_not_matter(sheet, random):
    axes = [replace(axis, lines=tuple(random.sample(axis.lines, k=len(axis.lines)))) for axis in sheet.axes]
    mixed = replace(sheet, axes=tuple(random.sample(axes, k=len(axes))))
    one, other = total(sheet), total(mixed)
    assert (one.raw, one.scaled, one.exempt_points) == (other.raw, other.scaled, other.exempt_points)
    assert sorted(figures_of(one)) == sorted(figures_of(other))


@given(dimension_sheets())
def test_full_marks_are_full_whatever_is_exempt(sheet):
    axes = [replace(axis, lines=tuple(replace(line, score=line.maximum) for line in axis.lines)) for axis in sheet.axes]
    figures = total(replace(sheet, axes=tuple(axes)))
    for each in (figures, *figures.axes):
        assert each.scaled in (None, each.maximum)
        assert (each.scaled is None) == each.wholly_exempt


@given(dimension_sheets())
def test_without_exemptions_all_rules_give_the_sum_of_the_lines(sheet):
    axes = [replace(axis, lines=tuple(replace(line, exempt=False) for line in axis.lines)) for axis in sheet.axes]
    expected = sum((line.score or D(0) for axis in axes for line in axis.lines), D(0))
    for rule in ExemptionRule:
        figures = total(replace(sheet, axes=tuple(axes), rule=rule))
        assert (figures.raw, figures.scaled, figures.exempt_points) == (expected, expected, D(0))


@given(dimension_sheets(rules=[ExemptionRule.GRANT]))
def test_granting_is_never_less_than_scaling(sheet):
    granted, scaled = total(sheet), total(replace(sheet, rule=ExemptionRule.SCALE))
    assert granted.wholly_exempt or scaled.scaled <= granted.scaled


def test_measures_with_rounded_shares_still_reach_all_the_points():
    lines = [line(key, "33.333333", "33.333333", parent="p", weight=D(20)) for key in (1, 2)]
    lines.append(line(3, "33.333334", None, parent="p", weight=D(20), exempt=True))
    assert total(sheet(("a", *lines))).raw == D(100)
    unweighted = [replace(each, weight=None) for each in lines]
    assert total(sheet(("a", *unweighted))).raw == D(100)


def test_a_weight_of_zero_earns_nothing():
    lines = [line(1, 0, 0, parent="p", weight=D(0)), line(2, 10, None, parent="p", weight=D(100), exempt=True)]
    assert total(sheet(("a", *lines))).scaled == D(0)


def test_a_wholly_exempt_axis_exempts_its_maximum_even_when_its_lines_do_not_total_it():
    axes = (
        AxisInput("a", D(50), (line(1, 40, None, exempt=True),)),
        AxisInput("b", D(50), (line(2, 50, 25),)),
    )
    figures = total(DimensionInput("general", D(100), axes))
    assert (figures.exempt_points, figures.scaled) == (D(50), D(50))
