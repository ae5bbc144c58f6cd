"""The book of a cycle: process, ranking, levels and the progress of the axes, as a PDF."""

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evaluation import persian

from . import figures
from .typeset import figure, typeset, whole


def pdf(result_set, user=None):
    """The bytes of the book (A4, right to left, Persian digits); `user` limits the rows to those it may see."""
    with translation.override("fa"):
        return typeset("book", content(result_set, user), at=result_set.published_at)


def content(result_set, user=None):
    """The texts of the book as data."""
    cycle, ranking = result_set.cycle, figures.ranking(result_set, user)
    heading = _("Results of the performance evaluation of executive agencies")
    footer = _("%(heading)s · %(cycle)s") % {"heading": heading, "cycle": cycle.title}
    rows_of_axes = {}
    for each in figures.axis_rows(result_set, user):
        rows_of_axes.setdefault(each.participation_id, []).append(each)
    return {
        "title": footer,
        "heading": heading,
        "footer": footer,
        "opening": _("In the name of God"),
        "province": organization(cycle),
        "cycle": cycle.title,
        "cover": cover(result_set),
        "facts": facts(result_set, ranking),
        "steps": steps(result_set),
        "levels": levels(ranking),
        "columns": columns(ranking),
        "ranking": [row(each, ranking, each.rank) for each in ranking.ranked],
        "groups": groups(ranking),
        "apart": apart(ranking),
        "axes": axes(result_set, user),
        "extensions": extensions(result_set, ranking),
        "agencies": [agency(each, rows_of_axes.get(each.participation.pk, [])) for each in active(ranking)],
        "words": words(),
    }


def organization(cycle):
    return _("Management and Planning Organization of %(province)s") % {"province": cycle.province}


def words():
    return {
        "process": _("The process"),
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


def cover(result_set):
    cycle = result_set.cycle
    return [
        (_("Performance year"), whole(cycle.performance_year)),
        (_("Period"), period(cycle)),
    ]


def period(cycle):
    return _("%(start)s to %(end)s") % {
        "start": persian.format_jalali(cycle.period_start, "long"),
        "end": persian.format_jalali(cycle.period_end, "long"),
    }


def facts(result_set, ranking):
    cycle, session = result_set.cycle, result_set.council_session
    found = [
        (_("Evaluation cycle"), cycle.title),
        (_("Performance year"), whole(cycle.performance_year)),
        (_("Period"), period(cycle)),
        (_("Process template"), str(cycle.template or "—")),
        (_("Order of the end"), cycle.get_end_order_display()),
        (_("Agencies ranked"), whole(len(ranking.ranked))),
        (_("Evaluated without rank"), whole(len(ranking.unranked))),
        (_("Did not take part"), whole(len(ranking.passive))),
        *(
            (each.title, _("maximum %(points)s points") % {"points": figure(each.maximum, None)})
            for each in ranking.dimensions
        ),
    ]
    if session:
        said = _("Number %(number)s of %(date)s") % {
            "number": whole(session.number),
            "date": persian.format_jalali(session.held_on, "long"),
        }
        found.append((_("Council session"), said))
    return found


def maximum(dimension):
    return _("maximum %(points)s points") % {"points": figure(dimension.maximum, None)}


def steps(result_set):
    return [
        {
            "number": whole(number),
            "name": str(step.name),
            "at": persian.format_jalali(persian.local_date(step.done_at), "long") if step.done_at else "—",
        }
        for number, step in enumerate(figures.steps(result_set), start=1)
    ]


def levels(ranking):
    found = {}
    for each in active(ranking):
        if each.level:
            found.setdefault(each.level, []).append(each.agency.name)
    return [
        {"title": level.title, "count": counted(len(names)), "names": "، ".join(names)}
        for level, names in sorted(found.items(), key=lambda item: item[0].order)
    ]


def counted(number):
    return ngettext("%(count)s agency", "%(count)s agencies", number) % {"count": whole(number)}


def columns(ranking):
    return [
        _("Rank"),
        _("Agency"),
        _("Peer group"),
        *(each.title for each in ranking.dimensions),
        _("Total"),
        _("Growth, percent"),
        _("Level"),
    ]


def row(each, ranking, rank):
    return [
        whole(rank),
        each.agency.name,
        str(each.group or "—"),
        *(figure(dimension_total(each, dimension)) for dimension in ranking.dimensions),
        figure(each.total),
        figure(each.growth),
        str(each.level or "—"),
    ]


def dimension_total(each, dimension):
    found = each.dimensions.get(dimension.pk)
    return found.total if found else None


def groups(ranking):
    """One table for each peer group, with the rank inside it."""
    found = []
    for group, members in ranking.groups().items():
        if group is None:
            continue
        members = sorted(members, key=lambda each: (each.group_rank or 0, persian.sort_key(each.agency.name)))
        rows = [drop(row(each, ranking, each.group_rank), 2) for each in members]
        title = _("Peer group “%(group)s”") % {"group": group}
        found.append({"title": title, "columns": drop(columns(ranking), 2), "rows": rows})
    return found


def drop(values, place):
    return [*values[:place], *values[place + 1 :]]


def apart(ranking):
    parts = [(_("Evaluated without rank"), ranking.unranked), (_("Did not take part"), ranking.passive)]
    return [
        {"title": title, "names": "، ".join(each.agency.name for each in members)}
        for title, members in parts
        if members
    ]


def axes(result_set, user):
    found = {}
    for each in figures.axes(result_set, user):
        found.setdefault(each.axis.dimension.title, []).append(each)
    return [{"title": title, "rows": [axis_row(each) for each in members]} for title, members in found.items()]


def axis_row(each):
    return {
        "number": whole(each.axis.number),
        "name": each.axis.title,
        "percent": float(each.percent or 0),  # the length of a bar
        "width": f"{each.percent or 0:.1f}",  # the same in a style sheet, which reads Latin digits
        "shown": percent(each.percent),
        "tone": "high" if each.highest else "low" if each.lowest else "",
        "remark": _("Highest") if each.highest else _("Lowest") if each.lowest else "",
    }


def extensions(result_set, ranking):
    """How much more time each agency had: name, number, calendar days."""
    rows = figures.extensions(result_set, ranking)
    return [[each["agency"].name, whole(each["number"]), whole(each["days"])] for each in rows]


def percent(value):
    return _("%(figure)s%%") % {"figure": figure(value, 1)} if value is not None else "—"


def active(ranking):
    return [*ranking.ranked, *ranking.unranked]


def agency(each, rows):
    return {
        "name": each.agency.name,
        "line": " · ".join(summary(each)),
        "axes": [
            {"name": row.axis.title, "percent": float(share), "shown": percent(share)}
            for row in rows
            if row.maximum and row.total is not None and (share := row.total * 100 / row.maximum) is not None
        ],
    }


def summary(each):
    """Rank, total and level of one agency, what there is of them."""
    if each.rank:
        ranks = {"rank": whole(each.rank), "group_rank": whole(each.group_rank)}
        yield _("Rank %(rank)s, %(group_rank)s in the peer group") % ranks
    if each.total is not None:
        yield _("Total %(total)s of %(maximum)s") % {"total": figure(each.total), "maximum": figure(each.maximum, None)}
    if each.level:
        yield _("Level %(level)s") % {"level": each.level}
