"""The report card of an agency: read from the snapshot of its results, in so many queries always.

What was computed stands in the snapshot: totals, ranks, axes and final scores. From the tables come the evaluators'
remarks, levels, and the years before. Rights are asked of the rows of today (docs/rights.md#embargo): of the lines and
remarks whoever reads the final figures of the file; of the group's mean and median whoever reads the figures of all its
agencies, and before the publication the agency itself where the group is large enough (`Cycle.median_from`).
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from statistics import mean, median

from django.db.models import F

from evaluation import persian
from evaluation.enums import MarkLevel, ResultState
from evaluation.models import (
    AgencyResult,
    Assessment,
    Axis,
    AxisResult,
    CardReceipt,
    EarlierTotal,
    Line,
    ResultSet,
)
from evaluation.process import kept
from evaluation.process.results import snapshot
from evaluation.process.results.result import shows_ranks
from evaluation.rules import scopes
from evaluation.rules.open_fields import readable_levels
from evaluation.rules.own_files import is_mpo_for

from . import improvement
from .figures import Names, levels_of, number
from .report_card_rows import (
    NOBODY,
    Before,
    Card,
    CardAxis,
    CardDimension,
    CardLine,
    EarlierYear,
    Others,
    Rules,
    share,
)

MAX_EXAMPLES = 3  # agencies named as examples for one line


def result_set_for(participation, user):
    """The result set whose figures of this agency the person may read, or None."""
    rows = ResultSet.objects.visible_to(user).filter(cycle=participation.cycle_id)
    rows = rows.exclude(state__in=[ResultState.DRAFT, ResultState.VOID]).select_related("cycle__province")
    return rows.first()


def rules_of(cycle):
    """The Rules that staff set for the cards of a cycle."""
    return Rules(cycle.strength_from, cycle.weakness_below, cycle.gains_named, cycle.median_from)


def read(result_set, participation, user):
    """The Card of an agency for this person. Raises kept.NotKept before anything was computed, and LookupError for an
    agency that is no part of the results.
    """
    return Reader(result_set, user).card(participation)


class Reader:
    """The cards of one result set for one person; what all cards share is read once."""

    def __init__(self, result_set, user):
        self.result_set, self.user = result_set, user
        figures_kept, announced = snapshot.standing(result_set)
        self.content = kept.read(figures_kept)
        end = kept.read(announced) if announced else None
        self.names = Names(self.content, levels_of(result_set, end))
        self.code, self.figures_code = (announced or figures_kept).sha256, figures_kept.sha256
        self.rules = rules_of(result_set.cycle)
        self.indicators = {entry["row"]: entry for entry in self.content["indicators"]}
        self.results = {}
        for row in self.content["results"]:
            self.results.setdefault(row["participation"], {})[row["dimension"]] = row
        self.axis_rows = by_participation(self.content["axis_results"])
        columns = self.content["line_columns"]
        self.lines = by_participation(dict(zip(columns, row, strict=True)) for row in self.content["lines"])

    def card(self, participation):
        """The Card of this agency. Raises LookupError where the results have no figure of it."""
        key = participation.pk
        whole = self.results[key][None]
        group = self.names.group_of[key]
        members, around = self.members(group), self.around(participation)
        at_least = self.smallest(members)
        others = len(members) >= at_least
        beside = Beside(members if others else (), at_least)
        ranks = shows_ranks(self.result_set)
        return Card(
            participation=key,
            agency=self.names.agencies[key],
            cycle=self.content["cycle"]["title"],
            year=self.content["cycle"]["performance_year"],
            group=group,
            group_size=len(members),
            rules=self.rules,
            others=others,
            points=number(whole["total"]),
            maximum=number(whole["maximum"]),
            passive=whole["passive"],
            shows_ranks=ranks,
            rank=whole["rank"] if ranks else None,
            ranked=self.ranked(self.results, "rank"),
            group_rank=whole["group_rank"] if ranks else None,
            group_ranked=self.ranked(members, "group_rank"),
            level=self.names.levels.get((key, None)),
            growth=number(whole["growth"]),
            dimensions=[
                CardDimension(self.names.dimensions[dimension].title, number(row["total"]), number(row["maximum"]))
                for dimension, row in self.results[key].items()
                if dimension is not None
            ],
            axes=self.axes_of(key, beside, around),
            lines=self.lines_of(key, beside, around),
            years=around.years,
            code=self.code,
            figures_code=self.figures_code,
            edition=self.content["edition"],
            computed_at=self.result_set.computed_at,
        )

    def ranked(self, participations, column):
        """How many of these agencies have a rank: `column` is "rank" or "group_rank"."""
        return sum(self.results[key][None][column] is not None for key in participations)

    def members(self, group):
        """The agencies of a group that took part, by the keys of their participations; () without a group."""
        if group is None:
            return ()
        return [
            key for key, of in self.names.group_of.items() if of == group and not self.results[key][None]["passive"]
        ]

    def smallest(self, members):
        """Of how many agencies at least the person reads a mean and a median."""
        if self.result_set.state == ResultState.PUBLISHED:
            return 2
        return 2 if self.readable.issuperset(members) else self.rules.others_from

    @cached_property
    def readable(self):
        """The participations whose figures the person reads."""
        rows = AgencyResult.objects.visible_to(self.user).filter(result_set=self.result_set, dimension=None)
        return set(rows.values_list("participation", flat=True))

    def around(self, participation):
        """What the tables hold beside the figures of the agency."""
        participation.cycle = self.result_set.cycle
        axes, years = last_axes(participation, self.user), earlier_years(participation, self.user)
        if not reads_finals(participation, self.user):
            return Around(None, {}, axes, years)
        rows = lines_with_remarks(participation)
        origins = {row.origin: row.indicator_id for row in rows if row.origin}
        return Around(
            remarks={row.pk: row.revised_note or row.initial_note for row in rows},
            last_lines=last_lines(participation, origins),
            last_axes=axes,
            years=years,
            guides={row.indicator_id: row.guide for row in rows},
            named=named_beside(participation, self.members(self.names.group_of[participation.pk])),
            planned=improvement.planned_before(participation.agency_id, self.user, origins),
        )

    def axes_of(self, own, beside, around):
        """The CardAxis of each axis in which the agency has lines, in their order."""
        rows = sorted(
            self.axis_rows.get(own, ()),
            key=lambda row: (self.names.axes[row["axis"]].dimension.order, self.names.axes[row["axis"]].number),
        )
        cards = []
        for row in rows:
            axis, points, maximum = self.names.axes[row["axis"]], number(row["total"]), number(row["maximum"])
            shares = [
                share(number(other["total"]), number(other["maximum"]))
                for key in beside.members
                for other in self.axis_rows.get(key, ())
                if other["axis"] == row["axis"]
            ]
            cards.append(
                CardAxis(
                    pk=axis.pk,
                    number=axis.number,
                    title=axis.title,
                    dimension=axis.dimension.title,
                    points=points,
                    maximum=maximum,
                    group=beside.of(shares),
                    before=around.last_axes.get(axis.pk),
                    verdict=self.rules.verdict(share(points, maximum)),
                )
            )
        return cards

    def examples(self, line, named):
        """The names of the best agencies among `named` (participations) that did better in the indicator of a line."""
        own = share(number(line["score"]), number(line["maximum"])) or 0
        better = []
        for key in named:
            for other in self.lines.get(key, ()):
                if other["indicator"] == line["indicator"] and not other["exempt"] and other["score"] is not None:
                    percent = share(number(other["score"]), number(other["maximum"]))
                    better.append((-percent, persian.sort_key(self.names.agencies[key].name), key))
        best = sorted(entry for entry in better if -entry[0] > own)[:MAX_EXAMPLES]
        return [self.names.agencies[key].name for _percent, _name, key in best]

    def lines_of(self, own, beside, around):
        """The CardLine of each line that counts; None for readers who do not read the final figures of the file."""
        if around.remarks is None:
            return None
        shares = {}
        for key in beside.members:
            for line in self.lines.get(key, ()):
                if not line["exempt"] and line["score"] is not None:
                    percent = share(number(line["score"]), number(line["maximum"]))
                    shares.setdefault(line["indicator"], []).append(percent)
        cards = []
        for line in self.lines.get(own, ()):
            if line["exempt"]:
                continue
            indicator = self.indicators[line["indicator"]]
            points, maximum = number(line["score"]) or Decimal(0), number(line["maximum"])
            cards.append(
                CardLine(
                    pk=line["row"],
                    indicator=line["indicator"],
                    code=indicator["code"],
                    title=indicator["title"],
                    axis=indicator["axis"],
                    points=points,
                    maximum=maximum,
                    group=beside.of(shares.get(line["indicator"], ())),
                    before=around.last_lines.get(line["indicator"]),
                    remark=around.remarks.get(line["row"], ""),
                    guide=around.guides.get(line["indicator"], ""),
                    examples=self.examples(line, around.named),
                    verdict=self.rules.verdict(share(points, maximum)),
                    planned=improvement.reached(around.planned.get(line["indicator"]), points, maximum),
                )
            )
        return sorted(cards, key=lambda line: line.code)


class OverviewReader(Reader):
    """The cards of many agencies at once: without remarks and earlier years, in so many queries as for one."""

    def around(self, participation):
        """The lines for staff alone, asked of what is known of the person."""
        return Around({} if is_mpo_for(self.user, participation.agency_id) else None, {}, {}, [])


def by_participation(rows):
    """{participation: its rows}."""
    by_key = {}
    for row in rows:
        by_key.setdefault(row["participation"], []).append(row)
    return by_key


@dataclass(frozen=True)
class Around:
    """Beside the snapshot: {line: remark} (None: the person does not read the lines), {indicator: Before},
    {axis: Before}, and the EarlierYears. `guides` are {indicator: its guide}; `named` the participations of the group
    that agreed to be named as examples; `planned` what last year's plan expected, {indicator: Expected}.
    """

    remarks: dict | None
    last_lines: dict
    last_axes: dict
    years: list
    guides: dict = field(default_factory=dict)
    named: Collection[int] = ()
    planned: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Beside:
    """The agencies of the group, by their participations; figures of fewer than `at_least` are not shown."""

    members: Collection[int]
    at_least: int

    def of(self, shares):
        """The Others of these shares in percent, those without a figure left out."""
        known = [percent for percent in shares if percent is not None]
        return Others(mean(known), median(known)) if len(known) >= self.at_least else NOBODY


def reads_finals(participation, user):
    """Whether the person reads the final figures of the agency's files, line by line."""
    first = Assessment.objects.visible_to(user).filter(participation=participation).order_by("pk").first()
    if first is None:
        return False
    scopes.seen(user, first)
    first.participation = participation
    return MarkLevel.FINAL in readable_levels(user, first)


def lines_with_remarks(participation):
    """The lines of the agency with the comments of its evaluators, `origin` and `guide` of their indicators."""
    rows = Line.objects.filter(assessment__participation=participation).order_by("pk")
    rows = rows.annotate(origin=F("indicator__origin"), guide=F("indicator__guide"))
    return list(rows.only("pk", "indicator", "initial_note", "revised_note"))


def named_beside(participation, members):
    """The other ones of these participations whose agencies agreed to be named as examples."""
    rows = CardReceipt.objects.filter(participation__in=members, may_be_named=True)
    return set(rows.exclude(participation=participation).values_list("participation", flat=True))


def last_lines(participation, origins):
    """{indicator: Before of its line}, where it was announced; `origins` are {last year's: this year's}."""
    rows = Line.objects.filter(
        assessment__participation__agency=participation.agency_id,
        indicator__in=origins,
        exempt=False,
        assessment__participation__cycle__result_sets__state__in=ResultState.seen_by_agency(),
    )
    figures = rows.order_by().values_list("indicator", "final_score", "maximum").distinct()
    return {origins[key]: Before(points, maximum) for key, points, maximum in figures}


def last_axes(participation, user):
    """{axis: Before} of the agency, by the origins of the axes of its cycle."""
    origins = dict(
        Axis.objects.filter(dimension__cycle=participation.cycle_id, origin__isnull=False).values_list("origin", "pk")
    )
    rows = AxisResult.objects.visible_to(user).filter(
        participation__agency=participation.agency_id,
        axis__in=origins,
        result_set__state__in=ResultState.seen_by_agency(),
    )
    figures = rows.values_list("axis", "total", "maximum")
    return {origins[key]: Before(points, maximum) for key, points, maximum in figures}


def earlier_years(participation, user):
    """The EarlierYears of the agency, latest first: announced totals, and recorded ones of years before the system."""
    years, cycle = {}, participation.cycle
    recorded = EarlierTotal.objects.visible_to(user).filter(
        agency=participation.agency_id, dimension="", year__lt=cycle.performance_year
    )
    for year, points, maximum in recorded.values_list("year", "total", "maximum"):
        years[year] = EarlierYear(year, points, maximum)
    announced = AgencyResult.objects.visible_to(user).filter(
        participation__agency=participation.agency_id,
        dimension=None,
        passive=False,
        total__isnull=False,
        result_set__state__in=ResultState.seen_by_agency(),
        result_set__cycle__kind=cycle.kind,
        result_set__cycle__performance_year__lt=cycle.performance_year,
    )
    for year, points, maximum in announced.values_list("result_set__cycle__performance_year", "total", "maximum"):
        years[year] = EarlierYear(year, points, maximum)
    return [years[year] for year in sorted(years, reverse=True)]
