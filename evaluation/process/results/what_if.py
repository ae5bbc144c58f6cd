"""What the ranking would be under other rules: computed from the figures of a year, and nothing is written.

The data are those of a cycle's snapshot; of a cycle without one the scores that stand now.
"""

import copy
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from evaluation import scoring
from evaluation.enums import DimensionKind, Direction, Nature, ResultState
from evaluation.models import Cycle, Indicator, Line
from evaluation.rules.end import TIE_BREAKERS

from .. import kept
from ..assessing.reckoning import steps
from . import computing, snapshot
from .ground import LINE_COLUMNS, Ground, gather

CHANGES_OF_NATURE = (Nature.GROWTH, Nature.REDUCTION)
SCORE, MAXIMUM = LINE_COLUMNS.index("score"), LINE_COLUMNS.index("maximum")


class Formula(NamedTuple):
    """How an indicator is scored: what is None stays as it was."""

    target: Decimal | None = None
    nature: str | None = None
    direction: str | None = None
    points: Decimal | None = None


@dataclass(frozen=True)
class Changes:
    """What is tried. Dimensions and axes by their keys with other points; agencies by their participation in the group
    with this key (None: in none); indicators by their keys with another formula.
    """

    exemption_rule: str = ""
    tie_breakers: tuple[str, ...] | None = None
    dimensions: Mapping[int, Decimal] = field(default_factory=dict)
    axes: Mapping[int, Decimal] = field(default_factory=dict)
    groups: Mapping[int, int | None] = field(default_factory=dict)
    formulas: Mapping[int, Formula] = field(default_factory=dict)


@dataclass(frozen=True)
class Move:
    """One agency before and after: totals in points, ranks None where there is none."""

    name: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]

    @property
    def gain(self) -> Decimal | None:
        """The points that the agency would gain; negative for a loss."""
        before, after = self.before["total"], self.after["total"]
        return None if before is None or after is None else after - before

    @property
    def places(self) -> int | None:
        """The places that it would rise; negative where it would fall."""
        before, after = self.before["rank"], self.after["rank"]
        return None if before is None or after is None else before - after


@dataclass(frozen=True)
class Trial:
    """`moves` by the new rank; `kept` are the lines whose new formula gives no score, so that the old one counts."""

    moves: list[Move]
    rescored: int
    kept: int


def data_of(cycle: Cycle) -> Ground | None:
    """The figures of a cycle: of its results where they were computed, else its standing scores; None without any."""
    results = cycle.result_sets.filter(state__in=ResultState.frozen()).first()
    figures = snapshot.figures(results) if results else None
    if figures is not None:
        return kept.read(figures)
    standing = standing_scores(cycle)
    if not standing:
        return None
    rests_on = gather(cycle)
    for row in rests_on["lines"]:
        row[SCORE] = standing.get(row[0])
    return rests_on


def standing_scores(cycle: Cycle) -> dict[int, Decimal]:
    """{line: the score that counts now}: final, else revised, else initial."""
    lines = Line.objects.filter(assessment__participation__cycle=cycle)
    columns = ("final_score", "revised_score", "initial_score")
    scores = {row[0]: first(row[1:]) for row in lines.values_list("pk", *columns)}
    return {line: score for line, score in scores.items() if score is not None}


def first[Value](values: Iterable[Value | None]) -> Value | None:
    """The first value that is not None, or None."""
    return next((value for value in values if value is not None), None)


def earlier_cycle(cycle: Cycle) -> Cycle | None:
    """The cycle of the year before: the one copied from, else the latest earlier one of the same kind; or None."""
    if cycle.copied_from:
        return cycle.copied_from
    rows = Cycle.objects.filter(province=cycle.province_id, kind=cycle.kind)
    return rows.filter(performance_year__lt=cycle.performance_year).order_by("-performance_year").first()


def formulas_of(cycle: Cycle, data: Cycle) -> dict[int, Formula]:
    """{indicator of `data`: the formula that `cycle`'s catalogue gives it}, of general leaves whose formula differs.

    The indicators of the later catalogue are matched by their origins.
    """
    rows = Indicator.objects.filter(cycle=cycle, agency=None, measures=None, origin__cycle=data)
    names = ("target", "nature", "direction", "points")
    changed: dict[int, Formula] = {}
    for indicator in rows.select_related("origin"):
        values = {name: getattr(indicator, name) for name in names}
        values = {name: value for name, value in values.items() if value != getattr(indicator.origin, name)}
        if values:
            changed[indicator.origin_id] = Formula(**values)
    return changed


def run(data: Ground, changes: Changes) -> Trial:
    """Compute the ranking of the data as it is and as it would be. Reads the lines of changed formulas; writes nothing.

    Other points of axes are weights: the axes of a dimension are brought to its maximum together.
    """
    before, _axes = computing.compute(copy.deepcopy(data))
    tried = copy.deepcopy(data)
    rescored, left = rescore(tried, changes.formulas)
    reweigh_axes(tried, changes.axes)
    reweigh_dimensions(tried, changes.dimensions)
    if changes.exemption_rule:
        tried["settings"]["exemption_rule"] = changes.exemption_rule
    if changes.tie_breakers is not None:
        breakers = (*changes.tie_breakers, "", "", "")
        tried["settings"] |= dict(zip(TIE_BREAKERS, breakers, strict=False))
    for agency in tried["agencies"]:
        agency["group"] = changes.groups.get(agency["row"], agency["group"])
    after, _axes = computing.compute(tried)
    return Trial(moves_of(data, before, after), rescored, left)


def moves_of(data: Ground, before: list[computing.Row], after: list[computing.Row]) -> list[Move]:
    """The combined figures of every agency that took part, by the new rank, then by name."""
    names = {agency["row"]: agency["name"] for agency in data["agencies"]}
    was = {row["participation"]: row for row in before if row["dimension"] is None}
    will = {row["participation"]: row for row in after if row["dimension"] is None}
    moves = [Move(names[key], was[key], row) for key, row in will.items() if not row["passive"]]
    return sorted(moves, key=lambda move: (move.after["rank"] is None, move.after["rank"] or 0, move.name))


# -- weights ---------------------------------------------------------------------------------------


def scale_lines(data: Ground, factor_of: Callable[[dict[str, Any]], Decimal | None]) -> None:
    """Multiply points and score of each line by its factor; None leaves it as it is."""
    for row in data["lines"]:
        factor = factor_of(dict(zip(LINE_COLUMNS, row, strict=True)))
        if factor is not None:
            row[MAXIMUM] = Decimal(row[MAXIMUM]) * factor
            row[SCORE] = None if row[SCORE] is None else Decimal(row[SCORE]) * factor


def reweigh_axes(data: Ground, points: Mapping[int, Decimal]) -> None:
    """Give axes other weights: in each dimension that has one of them, all axes together fill its maximum."""
    if not points:
        return
    factors: dict[int, Decimal] = {}
    for dimension in data["dimensions"]:
        axes = [axis for axis in data["axes"] if axis["dimension"] == dimension["row"]]
        if not any(axis["row"] in points for axis in axes):
            continue
        weights = {axis["row"]: points.get(axis["row"], Decimal(axis["maximum"])) for axis in axes}
        shares = scoring.normalised(weights, Decimal(dimension["maximum"]))
        for axis in axes:
            old = Decimal(axis["maximum"])
            if old:
                factors[axis["row"]] = shares[axis["row"]] / old
            axis["maximum"] = shares[axis["row"]]
    axis_of = {entry["row"]: entry["axis"] for entry in data["indicators"]}
    scale_lines(data, lambda line: factors.get(axis_of[line["indicator"]] or 0))


def reweigh_dimensions(data: Ground, points: Mapping[int, Decimal]) -> None:
    """Give dimensions another maximum; their axes and lines keep their shares of it."""
    factors: dict[int, Decimal] = {}
    for dimension in data["dimensions"]:
        if dimension["row"] in points:
            factors[dimension["row"]] = points[dimension["row"]] / Decimal(dimension["maximum"])
            dimension["maximum"] = points[dimension["row"]]
    for axis in data["axes"]:
        if axis["dimension"] in factors:
            axis["maximum"] = Decimal(axis["maximum"]) * factors[axis["dimension"]]
    scale_lines(data, lambda line: factors.get(line["dimension"]))


# -- formulas --------------------------------------------------------------------------------------


def rescore(data: Ground, formulas: Mapping[int, Formula]) -> tuple[int, int]:
    """Score the lines of these indicators anew from the actual that counts.

    Returns (lines scored anew, lines that keep their share of the points because the formula gives no score).
    """
    if not formulas:
        return 0, 0
    rows = {row[0]: row for row in data["lines"] if row[LINE_COLUMNS.index("indicator")] in formulas}
    lines = Line.objects.filter(pk__in=rows).select_related("indicator")
    rescored = left = 0
    for line in lines:
        row, formula = rows[line.pk], formulas[line.indicator_id]
        old = Decimal(row[MAXIMUM])
        maximum = old if formula.points is None else formula.points
        outcome = None if row[SCORE] is None else scoring.score(measurement(line, formula, maximum))
        row[MAXIMUM] = maximum
        if outcome is not None and outcome.score is not None:
            row[SCORE], rescored = outcome.score, rescored + 1
        elif row[SCORE] is not None:
            row[SCORE], left = Decimal(row[SCORE]) * maximum / old if old else Decimal(0), left + 1
    return rescored, left


def measurement(line: Line, formula: Formula, maximum: Decimal) -> scoring.Measurement:
    """A line with its standing actual, as another formula sees it.

    A level becomes a change on the line's base figure; a change that had one sign gets the other.
    """
    indicator = line.indicator
    nature, old = Nature(formula.nature or indicator.nature), Nature(indicator.nature)
    actual = first((line.final_actual, line.revised_actual, line.initial_actual))
    numerator = None
    if nature in CHANGES_OF_NATURE and old not in CHANGES_OF_NATURE:
        actual, numerator = None, actual
    elif nature != old and nature in CHANGES_OF_NATURE and actual is not None:
        actual = -actual
    target = first((formula.target, line.revised_target, line.initial_target, line.target))
    return scoring.Measurement(
        nature=scoring.Nature(nature),
        direction=scoring.Direction(Direction(formula.direction or indicator.direction)),
        maximum=maximum,
        target=target,
        actual=actual,
        numerator=numerator,
        baseline=line.baseline,
        steps=steps(indicator.scale) if indicator.scale else (),
    )


def general_leaves(data: Ground) -> list[dict[str, Any]]:
    """The general indicators with lines, as the data name them, by code."""
    kinds = {entry["row"]: entry["kind"] for entry in data["dimensions"]}
    scored = {row[LINE_COLUMNS.index("indicator")] for row in data["lines"]}
    leaves = [
        entry
        for entry in data["indicators"]
        if entry["row"] in scored and kinds[entry["dimension"]] == DimensionKind.GENERAL
    ]
    return sorted(leaves, key=lambda entry: entry["code"])
