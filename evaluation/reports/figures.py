"""What ranking page, workbook, book and disc show of a result set: read from its snapshot, in so many queries always.

Names, groups and figures are those that were kept; rights are asked of the rows of today. Ranks are None as long as the
cycle's order hides them; the figures are those that `user` may see (None: all of them).
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from evaluation import persian, scoring
from evaluation.enums import ResultState
from evaluation.models import AgencyResult, AxisResult
from evaluation.process import kept
from evaluation.process.results import snapshot
from evaluation.process.results.result import shows_ranks
from evaluation.rules.gates import GATE_MOMENT, passed, required_gates

from .result_rows import (
    Agency,
    Axis,
    AxisFigure,
    AxisRow,
    Counts,
    Cycle,
    Dimension,
    Figure,
    Group,
    Level,
    Longer,
    Ranking,
    Results,
    Standing,
)


def read(result_set, user=None):
    """The Results of a set for this person. Raises `kept.NotKept` before anything was computed."""
    figures_kept, announced = snapshot.standing(result_set)
    content, end = kept.read(figures_kept), kept.read(announced) if announced else None
    names = Names(content, levels_of(result_set, end))
    table = ranking_of(content, names, result_set, user)
    rows = axis_rows_of(content, names, result_set, user)
    return Results(
        result_set=result_set,
        content=content,
        cycle=cycle_of(content),
        ranking=table,
        axes=means_of(rows),
        axis_rows=rows,
        extensions=extensions_of(content, names, table),
        council=end["council"] if end else None,
        code=(announced or figures_kept).sha256,
        edition=content["edition"],
        base_years=sorted({base["year"] for agency in content["agencies"] for base in agency["bases"]}),
    )


class Names:
    """The rows of a snapshot by their keys."""

    def __init__(self, content, levels):
        self.levels = levels
        self.groups = {entry["row"]: Group(entry["row"], entry["title"], entry["order"]) for entry in content["groups"]}
        self.dimensions = {
            entry["row"]: Dimension(entry["row"], entry["title"], entry["order"], Decimal(entry["maximum"]))
            for entry in content["dimensions"]
        }
        self.axes = {
            entry["row"]: Axis(entry["row"], entry["title"], entry["number"], self.dimensions[entry["dimension"]])
            for entry in content["axes"]
        }
        self.agencies = {
            entry["row"]: Agency(entry["agency"], entry["code"], entry["name"]) for entry in content["agencies"]
        }
        self.group_of = {entry["row"]: self.groups.get(entry["group"]) for entry in content["agencies"]}


def levels_of(result_set, end):
    """{(participation, dimension): Level}: as announced, before that as they stand."""
    if end is not None:
        return {(row["participation"], row["dimension"]): Level(row["title"], row["order"]) for row in end["levels"]}
    rows = result_set.agency_results.exclude(level=None)
    names = ("participation", "dimension", "level__title", "level__order")
    return {(row, dimension): Level(title, order) for row, dimension, title, order in rows.values_list(*names)}


def cycle_of(content):
    """The cycle as the snapshot calls it."""
    facts = content["cycle"]
    return Cycle(
        province=facts["province"],
        title=facts["title"],
        performance_year=facts["performance_year"],
        period_start=date.fromisoformat(facts["period_start"]),
        period_end=date.fromisoformat(facts["period_end"]),
        template=facts["template"],
        settings=content["settings"],
    )


def visible_keys(model, column, result_set, user):
    """The pairs (participation, `column`) of the rows that `user` may see; None for all of them."""
    if user is None:
        return None
    rows = model.objects.filter(result_set=result_set).visible_to(user)
    return set(rows.values_list("participation", column))


def number(text):
    return None if text is None else Decimal(text)


def ranking_of(content, names, result_set, user):
    """The standings: ranked, evaluated without rank, and those that did not take part."""
    may = visible_keys(AgencyResult, "dimension", result_set, user)
    visible_ranks, standings, dimensions = shows_ranks(result_set), {}, set()
    for row in content["results"]:
        participation, dimension = row["participation"], row["dimension"]
        if may is not None and (participation, dimension) not in may:
            continue
        if participation not in standings:
            agency, group = names.agencies[participation], names.group_of[participation]
            standings[participation] = Standing(participation, agency, group, visible_ranks)
        figure = figure_of(row, names.levels.get((participation, dimension)))
        if dimension is None:
            standings[participation].combined = figure
        else:
            standings[participation].dimensions[dimension] = figure
            dimensions.add(names.dimensions[dimension])
    everybody = sorted(standings.values(), key=by_rank)
    active = [standing for standing in everybody if not standing.passive]
    return Ranking(
        dimensions=sorted(dimensions, key=lambda dimension: dimension.order),
        shows_ranks=visible_ranks,
        ranked=[standing for standing in active if standing.has_rank],
        unranked=[standing for standing in active if not standing.has_rank],
        passive=[standing for standing in everybody if standing.passive],
        counts=counts_of(content, names),
    )


def counts_of(content, names):
    """The Counts of a snapshot: of how many agencies a rank is one."""
    combined = [row for row in content["results"] if row["dimension"] is None]
    groups = [names.group_of[row["participation"]] for row in combined if row["group_rank"] is not None]
    return Counts(
        agencies=len(combined),
        ranked=sum(row["rank"] is not None for row in combined),
        in_group=Counter(group.pk for group in groups if group),
    )


def figure_of(row, level):
    return Figure(
        raw=Decimal(row["raw"]),
        total=number(row["total"]),
        maximum=Decimal(row["maximum"]),
        exempt_points=Decimal(row["exempt"]),
        passive=row["passive"],
        rank=row["rank"],
        group_rank=row["group_rank"],
        growth=number(row["growth"]),
        level=level,
    )


def by_rank(standing):
    """By rank, then those ranked in their group alone, by it; the rest by name.

    Without visible ranks by name alone, for the order would tell them.
    """
    name = persian.sort_key(standing.agency.name)
    if not standing.shows_ranks or standing.rank is not None:
        return False, standing.rank or 0, name
    group = standing.group.order if standing.only_in_group and standing.group else 0
    return True, group, standing.group_rank or 0, name


def axis_rows_of(content, names, result_set, user):
    """Axis figures per agency, by the agency's name."""
    may = visible_keys(AxisResult, "axis", result_set, user)
    rows = [
        AxisRow(
            participation=row["participation"],
            agency=names.agencies[row["participation"]],
            axis=names.axes[row["axis"]],
            raw=Decimal(row["raw"]),
            total=number(row["total"]),
            maximum=Decimal(row["maximum"]),
        )
        for row in content["axis_results"]
        if may is None or (row["participation"], row["axis"]) in may
    ]
    return sorted(rows, key=lambda row: (persian.sort_key(row.agency.name), row.axis.dimension.order, row.axis.number))


def means_of(rows):
    """The progress of entry axis over the agencies, with the highest and lowest of entry dimension computed."""
    pairs = {}
    for row in rows:
        pairs.setdefault(row.axis, []).append((row.total, row.maximum))
    progress = {axis: scoring.axis_progress(figures) for axis, figures in pairs.items()}
    lowest, highest = set(), set()
    for dimension in {axis.dimension for axis in pairs}:
        low, high = scoring.extremes({axis: progress[axis] for axis in by_number(pairs) if axis.dimension == dimension})
        if low != high:
            lowest.add(low)
            highest.add(high)
    return [
        AxisFigure(
            axis=axis,
            percent=progress[axis],
            agencies=sum(points is not None for points, _maximum in pairs[axis]),
            highest=axis in highest,
            lowest=axis in lowest,
        )
        for axis in by_number(pairs)
    ]


def by_number(axes):
    return sorted(axes, key=lambda axis: (axis.dimension.order, axis.number))


def extensions_of(content, names, ranking):
    """The extensions of the agencies of this Ranking, most days first.

    Whoever may read the figures of an agency reads how much more time it had to reach them.
    """
    standings = {standing.participation for standing in ranking.everybody}
    rows = [
        Longer(names.agencies[entry["row"]], entry["extensions"]["number"], entry["extensions"]["days"])
        for entry in content["agencies"]
        if entry["row"] in standings and entry["extensions"]["number"]
    ]
    return sorted(rows, key=lambda row: (-row.days, -row.number, persian.sort_key(row.agency.name)))


@dataclass(frozen=True)
class Step:
    """One step of the end of a cycle, in the order that the cycle requires."""

    name: str
    done_at: object
    current: bool = False


def steps(result_set):
    """Computed, the required gates in their order, announced, published: entry with its moment."""
    plan = [(_("Computation"), result_set.computed_at)]
    plan += [(gate.label, passed_at(result_set, gate)) for gate in required_gates(result_set.cycle)]
    plan += [
        (_("Announcement to the agencies"), result_set.announced_at),
        (_("Publication"), result_set.published_at),
    ]
    waiting = next((place for place, (_name, done) in enumerate(plan) if done is None), None)
    live = result_set.state != ResultState.VOID
    return [Step(name, done, live and place == waiting) for place, (name, done) in enumerate(plan)]


def passed_at(result_set, gate):
    """The moment at which a gate was passed; None where it is open, or open again."""
    over = result_set.state in (ResultState.ANNOUNCED, ResultState.PUBLISHED, ResultState.VOID)
    return getattr(result_set, GATE_MOMENT[gate]) if over or passed(result_set, gate) else None
