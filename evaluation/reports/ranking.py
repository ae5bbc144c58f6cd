"""The ranking as a workbook: standings, figures per dimension and axis, means of the axes, extensions by agency."""

from django.utils import translation
from django.utils.translation import gettext as _

from evaluation.exchange.archive import settled
from evaluation.workbook import Column, Sheet, build

from . import extensions, figures, status


def workbook(result_set, user=None):
    """The bytes of the .xlsx, in Persian and right to left. Figures are exact, their format shows two decimals.

    `user` limits the rows to those that the person may see.
    """
    with translation.override("fa"):
        results = figures.read(result_set, user)
        longer = [vars(row) for row in results.extensions]
        sheets = [
            standings_sheet(results.ranking),
            dimensions_sheet(results.ranking),
            axes_sheet(results.axis_rows),
            means_sheet(results.axes),
            extensions.by_agency(longer),
            integrity_sheet(results),
        ]
        title = _("Ranking of %(cycle)s") % {"cycle": results.cycle.title}
        properties = {"title": title, "subject": results.cycle.province}
        return settled(build(sheets, properties=properties, header=status.mark(result_set)))


def points(code, heading):
    """A column of points with two decimals."""
    return Column(code=code, heading=heading, kind="number", places=2, width=15)


def standings_sheet(ranking):
    """The sheet of the standings: ranked agencies first, then those without a rank."""
    columns = [
        Column(code="rank", heading=_("Rank"), kind="number", places=0, width=10),
        Column(code="agency", heading=_("Agency code"), width=14),
        Column(code="name", heading=_("Agency name"), width=44),
        Column(code="group", heading=_("Peer group"), width=24),
        Column(code="group_rank", heading=_("Rank in the peer group"), kind="number", places=0, width=14),
        *(points(f"dimension{dimension.pk}", dimension.title) for dimension in ranking.dimensions),
        points("total", _("Total")),
        points("maximum", _("Maximum")),
        Column(code="percent", heading=_("Percent of the maximum"), kind="number", places=2, width=14),
        Column(code="growth", heading=_("Growth on last year, percent"), kind="number", places=2, width=16),
        Column(code="level", heading=_("Level"), width=16),
        Column(code="remark", heading=_("Remark"), width=30),
    ]
    return Sheet(title=_("Ranking"), columns=columns, rows=[standing_row(standing) for standing in ranking.everybody])


def standing_row(standing):
    """The cells of one agency."""
    return {
        "rank": standing.rank,
        "agency": standing.agency.code,
        "name": standing.agency.name,
        "group": standing.group or "",
        "group_rank": standing.group_rank,
        **{f"dimension{key}": row.total for key, row in standing.dimensions.items()},
        "total": standing.total,
        "maximum": standing.maximum,
        "percent": standing.percent,
        "growth": standing.growth,
        "level": standing.level or "",
        "remark": remark(standing),
    }


def remark(standing):
    """Why an agency has no rank, as a text; empty for ranked ones."""
    if standing.passive:
        return _("Did not take part")
    if standing.only_in_group:
        return _("Ranked only in its peer group")
    return "" if standing.has_rank else _("Evaluated without rank")


def dimensions_sheet(ranking):
    """The sheet of the points of each agency in each dimension."""
    columns = [
        Column(code="agency", heading=_("Agency code"), width=14),
        Column(code="name", heading=_("Agency name"), width=44),
        Column(code="dimension", heading=_("Dimension"), width=24),
        points("raw", _("Earned points")),
        points("exempt", _("Exempt points")),
        points("total", _("Points after exemptions")),
        points("maximum", _("Maximum")),
        Column(code="rank", heading=_("Rank"), kind="number", places=0, width=10),
        Column(code="group_rank", heading=_("Rank in the peer group"), kind="number", places=0, width=14),
        Column(code="level", heading=_("Level"), width=16),
    ]
    rows = [
        {
            "agency": standing.agency.code,
            "name": standing.agency.name,
            "dimension": dimension.title,
            "raw": row.raw,
            "exempt": row.exempt_points,
            "total": row.total,
            "maximum": row.maximum,
            "rank": row.rank if ranking.shows_ranks else None,
            "group_rank": row.group_rank if ranking.shows_ranks else None,
            "level": row.level or "",
        }
        for standing in ranking.everybody
        for dimension in ranking.dimensions
        if (row := standing.dimensions.get(dimension.pk))
    ]
    return Sheet(title=_("Dimensions"), columns=columns, rows=rows)


def axes_sheet(axis_rows):
    """The sheet of the points of each agency in each axis."""
    columns = [
        Column(code="agency", heading=_("Agency code"), width=14),
        Column(code="name", heading=_("Agency name"), width=44),
        Column(code="dimension", heading=_("Dimension"), width=24),
        Column(code="number", heading=_("Axis number"), kind="number", places=0, width=12),
        Column(code="axis", heading=_("Axis"), width=44),
        points("raw", _("Earned points")),
        points("total", _("Points after exemptions")),
        points("maximum", _("Maximum")),
    ]
    rows = [
        {
            "agency": row.agency.code,
            "name": row.agency.name,
            "dimension": row.axis.dimension.title,
            "number": row.axis.number,
            "axis": row.axis.title,
            "raw": row.raw,
            "total": row.total,
            "maximum": row.maximum,
        }
        for row in axis_rows
    ]
    return Sheet(title=_("Axes"), columns=columns, rows=rows)


def means_sheet(axes):
    """The sheet of the mean progress of each axis, in percent."""
    columns = [
        Column(code="dimension", heading=_("Dimension"), width=24),
        Column(code="number", heading=_("Axis number"), kind="number", places=0, width=12),
        Column(code="axis", heading=_("Axis"), width=44),
        Column(code="percent", heading=_("Mean progress, percent"), kind="number", places=2, width=18),
        Column(code="agencies", heading=_("Agencies"), kind="number", places=0, width=12),
        Column(code="remark", heading=_("Remark"), width=20),
    ]
    rows = [
        {
            "dimension": axis_figure.axis.dimension.title,
            "number": axis_figure.axis.number,
            "axis": axis_figure.axis.title,
            "percent": axis_figure.percent,
            "agencies": axis_figure.agencies,
            "remark": _("Highest") if axis_figure.highest else _("Lowest") if axis_figure.lowest else "",
        }
        for axis_figure in axes
    ]
    return Sheet(title=_("Means of the axes"), columns=columns, rows=rows)


def integrity_sheet(results):
    """The sheet that says which snapshot the figures are of, and what their standing is."""
    columns = [
        Column(code="name", heading=_("Particular"), width=28),
        Column(code="value", heading=_("Value"), width=70),
    ]
    rows = [
        {"name": _("Evaluation cycle"), "value": results.cycle.title},
        {"name": _("Edition"), "value": str(results.edition)},
        {"name": _("Integrity code of the results"), "value": results.code},
    ]
    if standing := status.mark(results.result_set):
        rows.insert(0, {"name": _("Standing"), "value": standing})
    return Sheet(title=_("Integrity code"), columns=columns, rows=rows)
