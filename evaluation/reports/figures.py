"""What ranking page, workbook, book and disc show of a result set: read once, in a fixed number of queries.

Ranks are None as long as the cycle's order hides them; the rows are those that `user` may see (None: all rows).
"""

from dataclasses import dataclass, field
from decimal import Decimal

from evaluation import persian, scoring
from evaluation.enums import ResultState
from evaluation.models import AgencyResult, AxisResult, Dimension, Extension, Participation
from evaluation.process.results.result import shows_ranks
from evaluation.process.year import extension
from evaluation.rules.conditions import GATE_MOMENT, required_gates


@dataclass
class Standing:
    """One agency: its combined figures and those of each dimension, with what may be shown of the ranks."""

    participation: Participation
    combined: AgencyResult | None = None
    dimensions: dict[int, AgencyResult] = field(default_factory=dict)
    shows_ranks: bool = True

    @property
    def agency(self):
        return self.participation.agency

    @property
    def group(self):
        return self.participation.peer_group

    @property
    def total(self):
        return self.combined.total if self.combined else None

    @property
    def maximum(self):
        return self.combined.maximum if self.combined else None

    @property
    def percent(self):
        return self.total * 100 / self.maximum if self.total is not None and self.maximum else None

    @property
    def growth(self):
        return self.combined.growth if self.combined else None

    @property
    def level(self):
        return self.combined.level if self.combined else None

    @property
    def rank(self):
        return self.combined.rank if self.combined and self.shows_ranks else None

    @property
    def group_rank(self):
        return self.combined.group_rank if self.combined and self.shows_ranks else None

    @property
    def passive(self):
        return bool(self.combined and self.combined.passive)

    @property
    def has_rank(self):
        """Whether it is ranked at all, shown or not."""
        return bool(self.combined and self.combined.rank is not None)


@dataclass
class Ranking:
    dimensions: list[Dimension]
    shows_ranks: bool
    ranked: list[Standing]
    unranked: list[Standing]
    passive: list[Standing]

    @property
    def everybody(self):
        return [*self.ranked, *self.unranked, *self.passive]

    def groups(self):
        """{peer group or None: its ranked standings, best first}, in the order of the groups."""
        members_of_groups = {}
        for standing in sorted(
            self.ranked, key=lambda standing: (standing.group is None, standing.group.order if standing.group else 0)
        ):
            members_of_groups.setdefault(standing.group, []).append(standing)
        return members_of_groups


@dataclass(frozen=True)
class AxisFigure:
    """The mean over agencies of points ÷ maximum, in percent; `agencies` counts those with a figure."""

    axis: object
    percent: Decimal | None
    agencies: int
    highest: bool = False
    lowest: bool = False


def rows_of(model, result_set, user):
    """The rows of a result set that `user` may see; all of them without a user."""
    rows = model.objects.filter(result_set=result_set)
    return rows if user is None else rows.visible_to(user)


def ranking(result_set, user=None):
    """The standings of a result set: ranked, evaluated without rank, and those that did not take part."""
    visible_ranks = shows_ranks(result_set)
    rows = rows_of(AgencyResult, result_set, user).select_related(
        "participation__agency", "participation__peer_group", "dimension", "level"
    )
    standings, dimensions = {}, {}
    for row in rows:
        standing = standings.setdefault(row.participation_id, Standing(row.participation, shows_ranks=visible_ranks))
        if row.dimension_id is None:
            standing.combined = row
        else:
            standing.dimensions[row.dimension_id] = row
            dimensions[row.dimension_id] = row.dimension
    everybody = sorted(standings.values(), key=by_rank)
    active = [standing for standing in everybody if not standing.passive]
    return Ranking(
        dimensions=sorted(dimensions.values(), key=lambda dimension: dimension.order),
        shows_ranks=visible_ranks,
        ranked=[standing for standing in active if standing.has_rank],
        unranked=[standing for standing in active if not standing.has_rank],
        passive=[standing for standing in everybody if standing.passive],
    )


def by_rank(standing):
    """By rank, then by name; without visible ranks by name alone, for the order would tell them."""
    name = persian.sort_key(standing.agency.name)
    return (standing.rank is None, standing.rank or 0, name)


def axes(result_set, user=None):
    """The progress of each axis over the agencies, with the highest and lowest of each dimension computed."""
    pairs, known = {}, {}
    for row in rows_of(AxisResult, result_set, user).select_related("axis__dimension"):
        known[row.axis_id] = row.axis
        pairs.setdefault(row.axis_id, []).append((row.total, row.maximum))
    progress = {key: scoring.axis_progress(figures) for key, figures in pairs.items()}
    lowest, highest = set(), set()
    for dimension in {axis.dimension_id for axis in known.values()}:
        low, high = scoring.extremes({key: progress[key] for key in known if known[key].dimension_id == dimension})
        if low != high:
            lowest.add(low)
            highest.add(high)
    ordered = sorted(known.values(), key=lambda axis: (axis.dimension.order, axis.number))
    return [
        AxisFigure(
            axis=axis,
            percent=progress[axis.pk],
            agencies=sum(points is not None for points, _maximum in pairs[axis.pk]),
            highest=axis.pk in highest,
            lowest=axis.pk in lowest,
        )
        for axis in ordered
    ]


def axis_rows(result_set, user=None):
    """Axis figures per agency, ordered for a sheet."""
    return (
        rows_of(AxisResult, result_set, user)
        .select_related("participation__agency", "axis__dimension")
        .order_by("participation__agency__name", "axis__dimension__order", "axis__number")
    )


def extensions(result_set, ranking):
    """[{agency, number, days}] of the cycle, most days first, for the agencies of this `Ranking`.

    Whoever may read the figures of an agency reads how much more time it had to reach them. Days are calendar days.
    """
    agencies = [standing.agency.pk for standing in ranking.everybody]
    rows = Extension.objects.filter(cycle=result_set.cycle_id, agency__in=agencies)
    return extension.per_agency(rows.select_related("agency"))


@dataclass(frozen=True)
class Step:
    """One step of the end of a cycle, in the order that the cycle requires."""

    name: str
    done_at: object
    current: bool = False


def steps(result_set):
    """Computed, the required gates in their order, announced, published: each with its moment."""
    plan = [(ResultState.COMPUTED.label, result_set.computed_at)]
    plan += [(gate.label, getattr(result_set, GATE_MOMENT[gate])) for gate in required_gates(result_set.cycle)]
    plan += [
        (ResultState.ANNOUNCED.label, result_set.announced_at),
        (ResultState.PUBLISHED.label, result_set.published_at),
    ]
    waiting = next((place for place, (_name, done) in enumerate(plan) if done is None), None)
    live = result_set.state != ResultState.VOID
    return [Step(name, done, live and place == waiting) for place, (name, done) in enumerate(plan)]
