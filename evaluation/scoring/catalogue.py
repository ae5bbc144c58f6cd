"""Whether a catalogue adds up, and by how much it does not; weights turned into points."""

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from .figures import HUNDRED, ZERO, BadFigure, cut_to_six_decimals, exact, precise, to_six_decimals
from .kinds import Basis


class Whole(StrEnum):
    """What a shortfall is about: axes in a dimension, indicators in an axis, measures in an indicator."""

    DIMENSION = "dimension"
    AXIS = "axis"
    INDICATOR = "indicator"


@dataclass(frozen=True)
class CatalogueMeasure:
    name: str
    weight: Decimal


@dataclass(frozen=True)
class CatalogueIndicator:
    """`points` are not looked at on the basis of weights."""

    name: str
    points: Decimal | None
    measures: tuple[CatalogueMeasure, ...] = ()


@dataclass(frozen=True)
class CatalogueAxis:
    name: str
    maximum: Decimal | None
    indicators: tuple[CatalogueIndicator, ...] = ()


@dataclass(frozen=True)
class CatalogueDimension:
    name: str
    maximum: Decimal
    basis: Basis
    axes: tuple[CatalogueAxis, ...] = ()


@dataclass(frozen=True)
class Shortfall:
    """A place whose parts do not total what they must: points, or percent for the measures of an indicator."""

    name: str
    expected: Decimal
    actual: Decimal
    whole: Whole

    @property
    def missing(self) -> Decimal:
        """How much is missing; below zero when there is too much."""
        return self.expected - self.actual


@precise
def adds_up(dimension: CatalogueDimension) -> tuple[Shortfall, ...]:
    """Every place where the catalogue does not add up, from the top down; empty when it may be frozen."""
    return tuple(
        Shortfall(name, expected, actual, whole)
        for whole, name, expected, actual in _sums(dimension)
        if expected != actual
    )


@precise
def normalised[Key: Hashable](weights: Mapping[Key, Decimal], maximum: Decimal) -> dict[Key, Decimal]:
    """Points for weights: six decimals each, together exactly the maximum; the largest weight takes the remainder.

    Raises BadFigure for a weight or maximum below zero and when all weights are zero. No weights give no points.
    """
    weights = {key: exact(weight) for key, weight in weights.items()}
    if not weights:
        return {}
    whole, maximum = sum(weights.values()), to_six_decimals(exact(maximum))
    if min(weights.values()) < 0 or maximum < 0 or not whole:
        raise BadFigure("Weights and maximum must not be negative, and one weight at least must be above zero.")
    points = {key: cut_to_six_decimals(maximum * weight / whole) for key, weight in weights.items()}
    largest = min(weights, key=lambda key: (-weights[key], str(key)))
    points[largest] += maximum - sum(points.values())
    return points


def _sums(dimension: CatalogueDimension) -> Iterator[tuple[Whole, str, Decimal, Decimal]]:
    by_points = dimension.basis == Basis.POINTS
    if by_points:
        yield Whole.DIMENSION, dimension.name, dimension.maximum, _sum(axis.maximum for axis in dimension.axes)
    for axis in dimension.axes:
        if by_points:
            yield (
                Whole.AXIS,
                axis.name,
                axis.maximum or ZERO,
                _sum(indicator_of_axis.points for indicator_of_axis in axis.indicators),
            )
        for indicator in axis.indicators:
            if indicator.measures:
                yield Whole.INDICATOR, indicator.name, HUNDRED, _sum(measure.weight for measure in indicator.measures)


def _sum(figures: Iterator[Decimal | None]) -> Decimal:
    return sum((figure for figure in figures if figure is not None), ZERO)
