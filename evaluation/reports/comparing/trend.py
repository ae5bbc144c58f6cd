"""Figures over the years: agencies, axes and indicators, followed through their origins."""

from django.utils.translation import gettext as _

from evaluation.enums import CycleKind, ResultState
from evaluation.models import Axis, EarlierTotal, Indicator, ResultSet
from evaluation.persian import localise_digits

from ..tables import CHANGE, PERCENT, Bar, Column, Picture, Report, Table
from .source import Source, difference, mean, reads_all

MAX_YEARS = 5  # this one and those before it: more columns are read by nobody
SHOWN_BARS = 12


def report(source):
    """Three tables with one column for each year; the last column is the change on the year before."""
    years = [*earlier(source), source]
    return Report(
        title=_("Trend over the years"),
        tables=[agencies(years), axes(years), indicators(years)],
        note=_("Percent of the maximum; axes and indicators are followed through the ones that they were copied from."),
    )


def earlier(source):
    """The Sources of the years before that were announced and that the person reads whole, the oldest first."""
    cycle = source.result_set.cycle
    sets = ResultSet.objects.visible_to(source.user).filter(
        cycle__province=cycle.province_id,
        cycle__kind=CycleKind.ANNUAL,
        cycle__performance_year__lt=cycle.performance_year,
        state__in=ResultState.seen_by_agency(),
    )
    newest = sets.select_related("cycle__province").order_by("-cycle__performance_year")[: MAX_YEARS - 1]
    readable = [Source(row, source.user) for row in newest if reads_all(row, source.user)]
    return readable[::-1]


def year_of(source):
    return source.results.cycle.performance_year


def columns(what, years):
    return (
        Column(what, width=44),
        *(Column(localise_digits(year), PERCENT) for year in years),
        Column(_("change, percentage points"), CHANGE),
    )


def table_of(title, what, years, named, *, note=""):
    """A Table of {name: {year: percent}}; the picture shows the last two years of the first rows."""
    rows = []
    for name, by_year in named:
        figures = [by_year.get(year) for year in years]
        change = difference(figures[-1], figures[-2]) if len(figures) > 1 else None
        rows.append((name, *figures, change))
    compared = min(len(years), 2)
    series = tuple(localise_digits(year) for year in years[-compared:])
    bars = tuple(Bar(row[0], row[-1 - compared : -1]) for row in rows[:SHOWN_BARS])
    empty = _("There is no figure.")
    return Table(title, columns(what, years), rows, note=note, empty=empty, picture=Picture(series, bars))


def agencies(years):
    """The agencies of this year, with their totals of earlier years; years before the system are those recorded."""
    named = {standing.agency.pk: (standing.agency.name, {}) for standing in years[-1].taking_part}
    for recorded in EarlierTotal.objects.filter(agency__in=named, dimension="").exclude(maximum=None):
        if recorded.maximum:
            named[recorded.agency_id][1][recorded.year] = recorded.total * 100 / recorded.maximum
    for source in years:
        for standing in source.taking_part:
            if standing.agency.pk in named:
                named[standing.agency.pk][1][year_of(source)] = standing.percent
    known = sorted({year for _name, by_year in named.values() for year in by_year} | {year_of(years[-1])})
    return table_of(_("Agencies"), _("Agency"), known[-MAX_YEARS:], list(named.values()))


def axes(years):
    """The means of this year's axes, and of those that they go back to."""
    means = [{figure.axis.pk: figure.percent for figure in source.results.axes} for source in years]
    titles = [(figure.axis.pk, figure.axis.title) for figure in years[-1].results.axes]
    return through_origins(_("Axes"), _("Axis"), Axis, titles, means, years)


def indicators(years):
    """The means of this year's general indicators, and of those that they go back to."""
    means = [
        {indicator: mean(percents) for indicator, percents in source.shares_of_indicators().items()} for source in years
    ]
    titles = [
        (entry["row"], f"{entry['code']} · {entry['title']}")
        for entry in years[-1].content["indicators"]
        if entry["row"] in means[-1]
    ]
    return through_origins(_("General indicators"), _("Indicator"), Indicator, titles, means, years)


def through_origins(title, what, model, titles, means, years):
    """A Table of this year's rows; `means`: {row: percent} of each year, `titles`: [(row, name)] of this one."""
    origins = origins_of(model, [row for row, _name in titles])
    names = [year_of(source) for source in years]
    named = []
    for row, name in titles:
        by_year = {}
        for ancestor in line_of(row, origins):
            for year, figures in zip(names, means, strict=True):
                if ancestor in figures:
                    by_year[year] = figures[ancestor]
        named.append((name, by_year))
    return table_of(title, what, names, named)


def origins_of(model, rows):
    """{row: its origin} of these rows and of those before them, as far as the years go."""
    origins, ask = {}, set(rows)
    for _year in range(MAX_YEARS):
        before = dict(model.objects.filter(pk__in=ask).exclude(origin=None).values_list("pk", "origin"))
        origins |= before
        ask = set(before.values()) - origins.keys()
        if not ask:
            break
    return origins


def line_of(row, origins):
    """The row and those that it goes back to."""
    while row is not None:
        yield row
        row = origins.get(row)
