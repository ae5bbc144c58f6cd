"""The final report of a cycle for council, governor and national organization, as a PDF: method, results, comparisons,
what the council decided and how its remarks were answered. Figures and names are those of the snapshot.
"""

import statistics
from datetime import date

from django.utils import translation
from django.utils.translation import gettext as _

from evaluation import persian
from evaluation.enums import EndOrder, ExemptionRule, LevelSource, RemarkAnswer, TieBreaker
from evaluation.models import CouncilRemark
from evaluation.process import kept
from evaluation.process.results import snapshot
from evaluation.rules.end import TIE_BREAKERS

from . import book, figures, status
from .typeset import figure, typeset, whole


def pdf(result_set, user=None):
    """The bytes of the report (A4, right to left) over the rows that `user` may see; equal rows give equal bytes."""
    at = result_set.published_at or result_set.announced_at or result_set.computed_at
    with translation.override("fa"):
        return typeset("final_report", content(result_set, user), at=at)


def content(result_set, user=None):
    """The texts of the report as data."""
    results = figures.read(result_set, user)
    ranking = results.ranking
    heading = _("Final report of the performance evaluation of executive agencies")
    title = _("%(heading)s · %(cycle)s") % {"heading": heading, "cycle": results.cycle.title}
    return {
        "title": title,
        "heading": heading,
        "mark": status.mark(result_set),
        "opening": _("In the name of God"),
        "province": book.organization(results.cycle),
        "cycle": results.cycle.title,
        "cover": book.cover(results),
        "code": results.code,
        "summary": summary(ranking),
        "method": method(results),
        "steps": book.steps(result_set),
        "columns": book.columns(ranking),
        "ranking": [book.row(standing, ranking, standing.rank) for standing in ranking.ranked],
        "apart": book.apart(ranking),
        "levels": book.levels(ranking),
        "dimensions": compared(dimension_figures(ranking)),
        "groups": compared(group_figures(ranking)),
        "axes": book.axes(results),
        "growth": growth(ranking),
        "council": council(results),
        "remarks": remarks(result_set),
        "words": book.words() | words(),
    }


def words():
    """The headings that the report has and the book has not."""
    return {
        "summary": _("Summary"),
        "method": _("Method"),
        "results": _("Results"),
        "comparisons": _("Comparisons"),
        "dimensions": _("By dimension"),
        "groups": _("By peer group"),
        "compared_columns": [_("Title"), _("Agencies"), _("Mean"), _("Median"), _("Highest"), _("Lowest")],
        "growth": _("Growth"),
        "growth_columns": [_("Agency"), _("Growth, percent")],
        "no_growth": _("No agency has an earlier year to measure growth on."),
        "council": _("Decision of the council"),
        "no_council": _("The council has not decided on these results yet."),
        "resolution": _("Resolution"),
        "remarks": _("Remarks of the council and their answers"),
        "no_remarks": _("The council made no remark before these results."),
        "remark_columns": [_("Agency"), _("Indicator"), _("Remark"), _("Answer")],
    }


# -- summary and method ---------------------------------------------------------------------------


def summary(ranking):
    """[(name, value)]: how many agencies, and the spread of their totals."""
    totals = [standing.total for standing in ranking.ranked if standing.total is not None]
    rows = [
        (_("Agencies ranked"), whole(len(ranking.ranked))),
        (_("Evaluated without rank"), whole(len(ranking.unranked))),
        (_("Did not take part"), whole(len(ranking.passive))),
    ]
    if not totals:
        return rows
    spread = spread_of(totals)
    return [*rows, *zip([_("Mean"), _("Median"), _("Highest"), _("Lowest")], map(figure, spread), strict=True)]


def spread_of(values):
    """(mean, median, highest, lowest) of unrounded figures."""
    return statistics.mean(values), statistics.median(values), max(values), min(values)


def method(results):
    """[(name, value)] of the settings on which the figures rest."""
    cycle, settings = results.cycle, results.cycle.settings
    breakers = [str(TieBreaker(settings[name]).label) for name in TIE_BREAKERS if settings.get(name)]
    years = "، ".join(whole(year) for year in results.base_years)
    return [
        (_("Period"), book.period(cycle)),
        (_("Process template"), cycle.template or "—"),
        *(
            (dimension.title, _("maximum %(points)s points") % {"points": figure(dimension.maximum, None)})
            for dimension in results.ranking.dimensions
        ),
        (_("Total"), _("The sum of the dimensions that count, shown with two decimals; equal totals share a rank.")),
        (_("Rule for exempt lines"), str(ExemptionRule(settings["exemption_rule"]).label)),
        (_("Order of the end"), str(EndOrder(settings["end_order"]).label)),
        (_("Levels"), str(LevelSource(settings["level_source"]).label)),
        (_("Tie-breakers"), "، ".join(breakers) or "—"),
        (_("Growth is measured on the performance years"), years or "—"),
    ]


# -- comparisons ----------------------------------------------------------------------------------


def dimension_figures(ranking):
    """[(title, figures of the ranked agencies)] of each dimension, then of the total."""
    parts = [
        (dimension.title, [book.dimension_total(standing, dimension) for standing in ranking.ranked])
        for dimension in ranking.dimensions
    ]
    return [*parts, (_("Total"), [standing.total for standing in ranking.ranked])]


def group_figures(ranking):
    """[(title, totals)] of each peer group."""
    return [
        (str(group), [standing.total for standing in members])
        for group, members in ranking.groups().items()
        if group is not None
    ]


def compared(parts):
    """The rows of a comparison: title, number of agencies, mean, median, highest, lowest."""
    rows = []
    for title, values in parts:
        known = [value for value in values if value is not None]
        if known:
            rows.append([title, whole(len(known)), *map(figure, spread_of(known))])
    return rows


def growth(ranking):
    """[[agency, growth in percent]] of the agencies that have one, the highest first."""
    standings = [standing for standing in book.active(ranking) if standing.growth is not None]
    standings.sort(key=lambda standing: (-standing.growth, persian.sort_key(standing.agency.name)))
    return [[standing.agency.name, figure(standing.growth)] for standing in standings]


# -- the council ----------------------------------------------------------------------------------


def council(results):
    """{facts, resolution} of the session that approved the results, as announced, else as it stands; None without."""
    session = results.council or snapshot.council(results.result_set)
    if session is None:
        return None
    held_on = session["held_on"]
    held_on = date.fromisoformat(held_on) if isinstance(held_on, str) else held_on
    present = [*session["present"], *(name for name in session["guests"].splitlines() if name.strip())]
    return {
        "facts": [
            (_("Committee"), session["committee"]),
            (_("Session number"), whole(session["number"])),
            (_("Date of the session"), persian.format_jalali(held_on, "long")),
            (_("Present"), "، ".join(present) or "—"),
        ],
        "resolution": session["resolution"],
    }


def remarks(result_set):
    """The rows of the remarks on earlier figures of the cycle: each was answered before these were computed.

    Whoever may read the report reads them: it tells council, governor and nation what was decided.
    """
    names = names_of(result_set)
    rows = CouncilRemark.objects.filter(
        result_set__cycle=result_set.cycle_id, result_set__number__lt=result_set.number
    ).exclude(answer="")
    return [
        [
            names["agencies"].get(row.participation_id, str(row.participation)),
            names["indicators"].get(row.line.indicator_id, "—") if row.line_id else "—",
            row.text,
            _("%(answer)s: %(reason)s") % {"answer": RemarkAnswer(row.answer).label, "reason": row.reason},
        ]
        for row in rows.select_related("participation__agency", "line").order_by("pk")
    ]


def names_of(result_set):
    """{agencies: {participation: name}, indicators: {key: title}} as the snapshot has them."""
    kept_figures = kept.read(snapshot.figures(result_set))
    return {
        "agencies": {row["row"]: row["name"] for row in kept_figures["agencies"]},
        "indicators": {row["row"]: row["title"] for row in kept_figures["indicators"]},
    }
