"""The book of a cycle: process, ranking, levels and the progress of the axes, as a PDF."""

from datetime import date

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evaluation import persian
from evaluation.enums import EndOrder

from . import figures, status
from .typeset import figure, typeset, whole


def pdf(result_set, user=None):
    """The bytes of the book (A4, right to left, Persian digits); `user` limits the rows to those it may see."""
    with translation.override("fa"):
        return typeset("book", content(result_set, user), at=result_set.published_at or result_set.computed_at)


def content(result_set, user=None):
    """The texts of the book as data."""
    results = figures.read(result_set, user)
    ranking = results.ranking
    heading = _("Results of the performance evaluation of executive agencies")
    footer = _("%(heading)s · %(cycle)s") % {"heading": heading, "cycle": results.cycle.title}
    rows_of_axes = {}
    for axis_row in results.axis_rows:
        rows_of_axes.setdefault(axis_row.participation, []).append(axis_row)
    return {
        "title": footer,
        "heading": heading,
        "footer": footer,
        "mark": status.mark(result_set),
        "opening": _("In the name of God"),
        "province": organization(results.cycle),
        "cycle": results.cycle.title,
        "cover": cover(results),
        "facts": facts(results),
        "code": results.code,
        "steps": steps(result_set),
        "levels": levels(ranking),
        "columns": columns(ranking),
        "ranking": [row(standing, ranking, standing.rank) for standing in ranking.ranked],
        "groups": groups(ranking),
        "apart": apart(ranking),
        "axes": axes(results),
        "extensions": extensions(results),
        "agencies": [agency(standing, rows_of_axes.get(standing.participation, [])) for standing in active(ranking)],
        "words": words(),
    }


def organization(cycle):
    """The name of the provincial organization."""
    return _("Management and Planning Organization of %(province)s") % {"province": cycle.province}


def words():
    """The headings of the book."""
    return {
        "process": _("The process"),
        "code": _("Integrity code of the results"),
        "steps": _("Steps to the publication"),
        "step_columns": [_("Number"), _("Step"), _("Date")],
        "levels": _("Levels"),
        "ranking": _("Ranking"),
        "nobody": _("No agency is ranked in these results."),
        "apart": _("Outside the ranking"),
        "axes": _("Progress of the axes"),
        "axes_note": _("The mean over the agencies of points reached, in percent of the maximum."),
        "agencies": _("The agencies one by one"),
        "extensions": _("Extensions by agency"),
        "extension_columns": [_("Agency"), _("Number of extensions"), _("Days beyond the window")],
        "extensions_note": _(
            "Extension days are counted from the end of the window. Where a window was extended twice, only the "
            "longer extension counts."
        ),
    }


def cover(results):
    """[(name, value)] of the cover."""
    rows = [
        (_("Performance year"), whole(results.cycle.performance_year)),
        (_("Period"), period(results.cycle)),
    ]
    return [*rows, (_("Edition"), whole(results.edition))] if results.edition > 1 else rows


def period(cycle):
    """First and last day of the performance period, as one text."""
    return _("%(start)s to %(end)s") % {
        "start": persian.format_jalali(cycle.period_start, "long"),
        "end": persian.format_jalali(cycle.period_end, "long"),
    }


def facts(results):
    """[(name, value)] of the cycle and its results."""
    cycle, ranking = results.cycle, results.ranking
    rows = [
        (_("Evaluation cycle"), cycle.title),
        (_("Performance year"), whole(cycle.performance_year)),
        (_("Period"), period(cycle)),
        (_("Process template"), cycle.template or "—"),
        (_("Order of the end"), EndOrder(cycle.settings["end_order"]).label),
        (_("Agencies ranked"), whole(len(ranking.ranked))),
        (_("Evaluated without rank"), whole(len(ranking.unranked))),
        (_("Did not take part"), whole(len(ranking.passive))),
        *(
            (dimension.title, _("maximum %(points)s points") % {"points": figure(dimension.maximum, None)})
            for dimension in ranking.dimensions
        ),
    ]
    if results.edition > 1:
        rows.append((_("Edition"), whole(results.edition)))
    if session := session_of(results):
        said = _("Number %(number)s of %(date)s") % {
            "number": whole(session["number"]),
            "date": persian.format_jalali(session["held_on"], "long"),
        }
        rows.append((_("Council session"), said))
    return rows


def session_of(results):
    """{number, held_on} of the council's session: as announced, before that as it stands; None without one."""
    if results.council:
        held_on = date.fromisoformat(results.council["held_on"])
        return {"number": results.council["number"], "held_on": held_on}
    session = results.result_set.council_session
    return {"number": session.number, "held_on": session.held_on} if session else None


def steps(result_set):
    """[{number, name, at}] of the end of the cycle."""
    return [
        {
            "number": whole(number),
            "name": str(step.name),
            "at": persian.format_jalali(persian.local_date(step.done_at), "long") if step.done_at else "—",
        }
        for number, step in enumerate(figures.steps(result_set), start=1)
    ]


def levels(ranking):
    """[{title, count, names}] of the levels that agencies have, in their order."""
    names_of_levels = {}
    for standing in active(ranking):
        if standing.level:
            names_of_levels.setdefault(standing.level, []).append(standing.agency.name)
    return [
        {"title": level.title, "count": counted(len(names)), "names": "، ".join(names)}
        for level, names in sorted(names_of_levels.items(), key=lambda item: item[0].order)
    ]


def counted(number):
    """“So many agencies”, as a text."""
    return ngettext("%(count)s agency", "%(count)s agencies", number) % {"count": whole(number)}


def columns(ranking):
    """The headings of the ranking."""
    return [
        _("Rank"),
        _("Agency"),
        _("Peer group"),
        *(dimension.title for dimension in ranking.dimensions),
        _("Total"),
        _("Growth, percent"),
        _("Level"),
    ]


def row(standing, ranking, rank):
    """The texts of one agency in the ranking, in the order of `columns`."""
    return [
        whole(rank),
        standing.agency.name,
        str(standing.group or "—"),
        *(figure(dimension_total(standing, dimension)) for dimension in ranking.dimensions),
        figure(standing.total),
        figure(standing.growth),
        str(standing.level or "—"),
    ]


def dimension_total(standing, dimension):
    """The agency's points in one dimension, or None."""
    result = standing.dimensions.get(dimension.pk)
    return result.total if result else None


def groups(ranking):
    """One table for each peer group, with the rank inside it."""
    tables = []
    for group, members in ranking.groups().items():
        if group is None:
            continue
        members = sorted(
            members, key=lambda standing: (standing.group_rank or 0, persian.sort_key(standing.agency.name))
        )
        rows = [drop(row(standing, ranking, standing.group_rank), 2) for standing in members]
        title = _("Peer group “%(group)s”") % {"group": group}
        tables.append({"title": title, "columns": drop(columns(ranking), 2), "rows": rows})
    return tables


def drop(values, place):
    """The values without the one at this place."""
    return [*values[:place], *values[place + 1 :]]


def apart(ranking):
    """[{title, names}] of the agencies outside the ranking."""
    parts = [(_("Evaluated without rank"), ranking.unranked), (_("Did not take part"), ranking.passive)]
    return [
        {"title": title, "names": "، ".join(standing.agency.name for standing in members)}
        for title, members in parts
        if members
    ]


def axes(results):
    """[{title, rows}] of the dimensions with the progress of their axes."""
    figures_of_dimensions = {}
    for axis_figure in results.axes:
        figures_of_dimensions.setdefault(axis_figure.axis.dimension.title, []).append(axis_figure)
    return [
        {"title": title, "rows": [axis_row(axis_figure) for axis_figure in members]}
        for title, members in figures_of_dimensions.items()
    ]


def axis_row(axis_figure):
    """One axis with its progress in percent, as text, as a number and as the width of its bar."""
    return {
        "number": whole(axis_figure.axis.number),
        "name": axis_figure.axis.title,
        "percent": float(axis_figure.percent or 0),  # the length of a bar
        "width": f"{axis_figure.percent or 0:.1f}",  # the same in a style sheet, which reads Latin digits
        "shown": percent(axis_figure.percent),
        "tone": "high" if axis_figure.highest else "low" if axis_figure.lowest else "",
        "remark": _("Highest") if axis_figure.highest else _("Lowest") if axis_figure.lowest else "",
    }


def extensions(results):
    """How much more time each agency had: name, number, calendar days."""
    return [[row.agency.name, whole(row.number), whole(row.days)] for row in results.extensions]


def percent(value):
    """A figure with its percent sign, one decimal; a dash for None."""
    return _("%(figure)s%%") % {"figure": figure(value, 1)} if value is not None else "—"


def active(ranking):
    """The standings of the agencies that took part."""
    return [*ranking.ranked, *ranking.unranked]


def agency(standing, rows):
    """The page of one agency: its name, summary and axes; `rows` are its axis figures."""
    return {
        "name": standing.agency.name,
        "line": " · ".join(summary(standing)),
        "axes": [
            {"name": row.axis.title, "percent": float(share), "shown": percent(share)}
            for row in rows
            if row.maximum and row.total is not None and (share := row.total * 100 / row.maximum) is not None
        ],
    }


def summary(standing):
    """Rank, total and level of one agency, what there is of them."""
    if standing.rank is None and standing.group_rank:
        yield _("Rank %(group_rank)s in the peer group") % {"group_rank": whole(standing.group_rank)}
    elif standing.rank:
        ranks = {"rank": whole(standing.rank), "group_rank": whole(standing.group_rank)}
        yield _("Rank %(rank)s, %(group_rank)s in the peer group") % ranks
    if standing.total is not None:
        yield _("Total %(total)s of %(maximum)s") % {
            "total": figure(standing.total),
            "maximum": figure(standing.maximum, None),
        }
    if standing.level:
        yield _("Level %(level)s") % {"level": standing.level}
