"""The ranking by one figure: the share reached in an axis, growth on the base year, or growth over two years.

Figures come from the snapshot, as for the awards of the festival, and places are those among all ranked agencies; what
is shown are the rows that the reader sees. While ranks are hidden there is no such ranking, for its order would tell.
"""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from evaluation import persian, scoring
from evaluation.enums import Measure
from evaluation.process.festival import candidates
from evaluation.process.festival.festival import two_years_ago

from .result_rows import Standing

MEASURES = {"growth": Measure.GROWTH, "two_years": Measure.GROWTH_OF_TWO_YEARS}
AXIS = "axis"  # before the key of an axis


@dataclass(frozen=True)
class PlacedRow:
    """A ranked agency with its figure in percent (None: it has none), and its places; `in_group`: of how many."""

    standing: Standing
    figure: Decimal | None
    place: int | None
    place_in_group: int | None
    in_group: int


@dataclass(frozen=True)
class RankedBy:
    """`rows` by their places, those without a figure last; `placed`: how many agencies have a place overall."""

    name: str
    title: str
    is_growth: bool
    rows: list[PlacedRow]
    placed: int


def choices(results):
    """[(name, title)] of the figures by which the agencies can be ranked; none while ranks are hidden."""
    if not results.ranking.shows_ranks:
        return []
    axes = [(f"{AXIS}{figure.axis.pk}", _("Axis “%(title)s”") % {"title": figure.axis}) for figure in results.axes]
    return [*axes, ("growth", _("Growth")), ("two_years", Measure.GROWTH_OF_TWO_YEARS.label)]


def read(results, name):
    """The RankedBy of a figure; None for a name that is no choice of this reader."""
    title = dict(choices(results)).get(name)
    if title is None:
        return None
    content = results.content
    figures = figures_of(content, results.result_set.cycle, name)
    groups = {row["row"]: row["group"] for row in content["agencies"]}
    only_in_group = {row["row"] for row in content["agencies"] if row.get("only_in_group")}
    places = scoring.ranks(
        scoring.Entry(key, figure, group=groups[key], only_in_group=key in only_in_group)
        for key, figure in figures.items()
    )
    in_groups = Counter(groups[key] for key in figures)
    readable = readable_in(results, name)
    rows = [
        placed_row(standing, figures if standing.participation in readable else {}, places, in_groups)
        for standing in results.ranking.ranked
    ]
    placed = sum(place.overall is not None for place in places.values())
    return RankedBy(name, str(title), name in MEASURES, sorted(rows, key=by_place), placed)


def figures_of(content, cycle, name):
    """{participation: percent} of all ranked agencies that have this figure."""
    if name in MEASURES:
        earlier = two_years_ago(cycle) if name == "two_years" else {}
        return candidates.figures_by(MEASURES[name], content, earlier)
    axis = int(name.removeprefix(AXIS))
    return candidates.shares(candidates.axis_points(content, {axis}), content)


def readable_in(results, name):
    """The participations whose figure the reader sees: in an axis those whose row of this axis is open to them."""
    if name in MEASURES:
        return {standing.participation for standing in results.ranking.ranked}
    return {row.participation for row in results.axis_rows if f"{AXIS}{row.axis.pk}" == name}


def placed_row(standing, figures, places, in_groups):
    figure = figures.get(standing.participation)
    place = places[standing.participation] if figure is not None else scoring.Rank(None, None)
    group = standing.group.pk if standing.group else None
    return PlacedRow(standing, figure, place.overall, place.in_group, in_groups[group])


def by_place(row):
    """By the place overall, then by that in the group, then by name; without a figure last."""
    name = persian.sort_key(row.standing.agency.name)
    return row.figure is None, row.place is None, row.place or row.place_in_group or 0, name
