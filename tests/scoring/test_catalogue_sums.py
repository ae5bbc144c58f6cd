"""A catalogue adds up or says by how much it does not; weights become points."""

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.scoring import (
    BadFigure,
    Basis,
    CatalogueAxis,
    CatalogueDimension,
    CatalogueIndicator,
    CatalogueMeasure,
    Shortfall,
    Whole,
    adds_up,
    normalised,
)
from tests.strategies import decimals


def catalogue(*, maximum="1000", basis=Basis.POINTS, second="400", points="150", weight="40"):
    measures = (CatalogueMeasure("m1", D(60)), CatalogueMeasure("m2", D(weight)))
    first = CatalogueAxis("e-government", D(600), (CatalogueIndicator("i1", D(600)),))
    other = CatalogueAxis(
        "integrity", D(second), (CatalogueIndicator("i2", D(250)), CatalogueIndicator("i3", D(points), measures))
    )
    return CatalogueDimension("general", D(maximum), basis, (first, other))


def test_a_catalogue_that_adds_up_has_no_shortfall():
    assert adds_up(catalogue()) == ()


@pytest.mark.parametrize(
    ("change", "shortfalls"),
    [
        ({"maximum": "1000.5"}, [("general", "1000.5", "1000", "dimension")]),
        ({"points": "149.9"}, [("integrity", "400", "399.9", "axis")]),
        ({"weight": "40.01"}, [("i3", "100", "100.01", "indicator")]),
        ({"second": "390"}, [("general", "1000", "990", "dimension"), ("integrity", "390", "400", "axis")]),
    ],
)
def test_every_shortfall_is_named(change, shortfalls):
    expected = tuple(Shortfall(name, D(whole), D(parts), Whole(kind)) for name, whole, parts, kind in shortfalls)
    assert adds_up(catalogue(**change)) == expected


def test_a_shortfall_says_by_how_much():
    missing = [each.missing for each in adds_up(catalogue(second="390"))]
    assert missing == [D(10), D(-10)]


def test_on_the_basis_of_weights_only_measures_must_add_up():
    assert adds_up(catalogue(basis=Basis.WEIGHTS, maximum="5", points="1")) == ()
    names = [each.name for each in adds_up(catalogue(basis=Basis.WEIGHTS, weight="1"))]
    assert names == ["i3"]


def test_an_axis_without_indicators_does_not_add_up():
    empty = CatalogueDimension("general", D(100), Basis.POINTS, (CatalogueAxis("a", D(100)),))
    assert adds_up(empty) == (Shortfall("a", D(100), D(0), Whole.AXIS),)


def test_weights_become_points():
    assert normalised({"a": D("1.4"), "b": D("2.3"), "c": D("0.3")}, D(800)) == {"a": D(280), "b": D(460), "c": D(60)}


def test_the_largest_takes_the_remainder():
    assert normalised({"a": D(1), "b": D(1), "c": D(1)}, D(200)) == {
        "a": D("66.666668"),
        "b": D("66.666666"),
        "c": D("66.666666"),
    }
    assert normalised({"a": D(1), "b": D(5)}, D(1))["b"] == D("0.833334")


@pytest.mark.parametrize("weights", [{"a": D(0)}, {"a": D(-1), "b": D(2)}])
def test_weights_that_give_no_points_are_refused(weights):
    with pytest.raises(BadFigure):
        normalised(weights, D(800))


def test_no_weights_no_points():
    assert normalised({}, D(800)) == {}


weights_by_key = st.dictionaries(st.integers(0, 50), decimals("0", "99", places=4), min_size=1).filter(
    lambda weights: any(weights.values())
)


@given(weights_by_key, decimals("0", "1000"))
def test_points_total_the_maximum_exactly(weights, maximum):
    points = normalised(weights, maximum)
    assert sum(points.values()) == maximum
    assert points.keys() == weights.keys()
    assert all(share == share.quantize(D("0.000001")) >= 0 for share in points.values())


@given(weights_by_key, decimals("1", "1000"), st.randoms())
def test_the_order_of_weights_does_not_matter(weights, maximum, random):
    mixed = dict(random.sample(list(weights.items()), k=len(weights)))
    assert normalised(mixed, maximum) == normalised(weights, maximum)


@given(weights_by_key, decimals("1", "1000"))
def test_a_larger_weight_never_gets_less(weights, maximum):
    points = normalised(weights, maximum)
    by_weight = [points[key] for key in sorted(weights, key=lambda key: (weights[key], points[key]))]
    assert by_weight == sorted(by_weight)
