"""The first half of the year (an interim cycle) beside the final phase: axis by axis and agency by agency."""

from decimal import Decimal

from django.utils.translation import gettext as _

from evaluation.enums import CycleKind
from evaluation.models import Axis, Cycle
from evaluation.process.year import interim_figures

from ..tables import CHANGE, PERCENT, Bar, Column, Picture, Report, Table
from .source import difference, extremes, mean


def report(source):
    """One table of axes and one of agencies for each interim cycle of the year."""
    year = source.result_set.cycle_id
    interims = Cycle.objects.filter(kind=CycleKind.INTERIM, main_cycle=year).order_by("period_end")
    tables = [table for interim in interims for table in tables_of(source, interim)]
    if not tables:
        tables = [Table(_("Axes"), axis_columns(), [], empty=_("This cycle has no interim evaluation."))]
    note = _(
        "Percent of the possible points, mean over the agencies; each agency counts the same. The interim evaluation "
        "has general indicators only."
    )
    return Report(title=_("First half beside final phase"), tables=tables, note=note)


def tables_of(source, interim):
    """The two tables of one interim cycle."""
    shares = interim_figures.shares(interim)
    return [axes(source, interim, shares), agencies(source, interim, shares)]


def axis_columns():
    return (
        Column(_("Axis"), width=44),
        Column(_("first half"), PERCENT),
        Column(_("final phase"), PERCENT),
        Column(_("change, percentage points"), CHANGE),
        Column(_("first half: remark")),
        Column(_("final phase: remark")),
    )


def axes(source, interim, shares):
    """Each axis with its mean in both phases, the highest and the lowest of each phase computed."""
    origins = dict(Axis.objects.filter(dimension__cycle=interim).values_list("pk", "origin"))
    early = {}
    for share in shares:
        early.setdefault(origins.get(share.axis), []).append(share.percent)
    rows = [
        (figure, mean(early[figure.axis.pk]), figure.percent)
        for figure in source.results.axes
        if figure.axis.pk in early
    ]
    first = extremes([(figure.axis.pk, before) for figure, before, _after in rows])
    final = extremes([(figure.axis.pk, after) for figure, _before, after in rows])
    marks = {"highest": _("Highest"), "lowest": _("Lowest")}
    return Table(
        _("Axes: %(cycle)s") % {"cycle": interim},
        axis_columns(),
        [
            (
                str(figure.axis),
                before,
                after,
                difference(after, before),
                marks.get(first.get(figure.axis.pk), ""),
                marks.get(final.get(figure.axis.pk), ""),
            )
            for figure, before, after in rows
        ],
        empty=_("No axis of the interim evaluation is scored."),
        picture=two_phases([(str(figure.axis), before, after) for figure, before, after in rows]),
    )


def two_phases(rows):
    """The picture of [(name, first half, final phase)]."""
    return Picture(
        (_("first half"), _("final phase")), tuple(Bar(name, (before, after)) for name, before, after in rows)
    )


def agencies(source, interim, shares):
    """Each agency's general indicators in both phases, in percent of the possible points."""
    early = {}
    for share in shares:
        early.setdefault(share.agency, []).append(share)
    rows = []
    for standing in source.taking_part:
        own = early.get(standing.agency.pk, [])
        before = whole(own)
        after = general_percent(source, standing)
        if own:
            rows.append((standing.agency.name, before, after, difference(after, before)))
    columns = (Column(_("Agency"), width=44), *axis_columns()[1:4])
    return Table(
        _("Agencies: %(cycle)s") % {"cycle": interim},
        columns,
        rows,
        empty=_("No agency of the interim evaluation is in these results."),
    )


def whole(shares):
    """The percent over all axes of one agency; None while a line has no score."""
    if any(share.percent is None for share in shares):
        return None
    possible = sum((share.possible for share in shares), Decimal(0))
    return sum((share.earned for share in shares), Decimal(0)) * 100 / possible if possible else None


def general_percent(source, standing):
    """The percent of an agency in the general dimensions; None without a figure."""
    parts = [figure for key, figure in standing.dimensions.items() if key in source.general]
    known = [figure for figure in parts if figure.total is not None]
    maximum = sum((figure.maximum for figure in known), Decimal(0))
    return sum((figure.total for figure in known), Decimal(0)) * 100 / maximum if maximum else None
