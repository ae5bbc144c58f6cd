"""Top, weak and passive agencies, by the rules that staff have set for the cycle; with a text ready to announce."""

from django.utils.translation import gettext as _

from evaluation import scoring
from evaluation.persian import format_decimal, localise_digits

from ..tables import COUNT, PERCENT, POINTS, Bar, Column, Picture, Report, Table


def report(source):
    """Three tables and the text. While ranks are hidden there are none: the names would tell them."""
    cycle, title = source.result_set.cycle, _("Top, weak and passive agencies")
    if not source.ranking.shows_ranks:
        return Report(title=title, tables=[], note=_("They are named after the council has approved the results."))
    top, weak, passive = top_of(source, cycle), weak_of(source, cycle), source.ranking.passive
    tables = [
        table_of(_("Top agencies"), top, rule_of_top(cycle)),
        table_of(_("Weak agencies"), weak, rule_of_weak(cycle)),
        Table(
            _("Passive agencies"),
            (Column(_("Agency"), width=44), Column(_("Peer group"), width=24)),
            [(standing.agency.name, str(standing.group or "")) for standing in passive],
            note=_("They did not take part."),
            empty=_("No agency is named here."),
        ),
    ]
    return Report(title=title, tables=tables, announcement=announcement(source, top, weak, passive))


def top_of(source, cycle):
    """The ranked agencies within the first ranks, or with at least the percent that is set."""
    return [
        standing
        for standing in source.ranking.ranked
        if (cycle.top_count and standing.rank and standing.rank <= cycle.top_count)
        or (cycle.top_percent is not None and reaches(standing, cycle.top_percent))
    ]


def reaches(standing, percent):
    """Whether the agency's percent, as it is shown, is at least this one."""
    return standing.percent is not None and scoring.to_two_decimals(standing.percent) >= percent


def weak_of(source, cycle):
    """The agencies that took part and stay below the percent that is set, the lowest first."""
    return below(source.taking_part, cycle.weak_percent)


def below(rows, percent):
    """The rows whose percent, as it is shown, is below this one, the lowest first; none where it is None."""
    if percent is None:
        return []
    return sorted((row for row in rows if row.percent is not None and not reaches(row, percent)), key=by_percent)


def by_percent(row):
    return row.percent


def rule_of_top(cycle):
    """The rule in words; what to do where none is set."""
    words = []
    if cycle.top_count:
        words.append(_("ranks 1 to %(count)s") % {"count": localise_digits(cycle.top_count)})
    if cycle.top_percent is not None:
        words.append(_("at least %(percent)s percent of the maximum") % {"percent": shown(cycle.top_percent)})
    return _(" or ").join(words) if words else no_rule()


def rule_of_weak(cycle):
    if cycle.weak_percent is None:
        return no_rule()
    return _("below %(percent)s percent of the maximum") % {"percent": shown(cycle.weak_percent)}


def no_rule():
    return _("No rule is set; set it in the settings of the cycle.")


def shown(percent):
    return format_decimal(percent, 2, trim=True)


def table_of(title, standings, note):
    columns = (
        Column(_("Agency"), width=44),
        Column(_("Peer group"), width=24),
        Column(_("Rank"), COUNT),
        Column(_("Rank in the peer group"), COUNT),
        Column(_("Total"), POINTS),
        Column(_("Percent of the maximum"), PERCENT),
    )
    rows = [
        (
            standing.agency.name,
            str(standing.group or ""),
            standing.rank,
            standing.group_rank,
            standing.total,
            standing.percent,
        )
        for standing in standings
    ]
    bars = tuple(Bar(standing.agency.name, (standing.percent,)) for standing in standings)
    picture = Picture((_("Percent of the maximum"),), bars)
    return Table(title, columns, rows, note=note, empty=_("No agency is named here."), picture=picture)


def announcement(source, top, weak, passive):
    """The text that staff publish: who is named, with figures, and by which rule."""
    parts = [_("Results of “%(cycle)s” in %(province)s:") % vars_of(source)]
    parts += sentences(source.result_set.cycle, top=map(named, top), weak=map(named, weak))
    if passive:
        names = [standing.agency.name for standing in passive]
        parts.append(_("Agencies that did not take part: %(names)s.") % {"names": listed(names)})
    return "\n".join(parts) if len(parts) > 1 else ""


def sentences(cycle, *, top, weak):
    """The sentences on top and on weak agencies, given as names with their figures; none where nobody is named."""
    for names, rule, sentence in (
        (list(top), rule_of_top, _("Top agencies (%(rule)s): %(names)s.")),
        (list(weak), rule_of_weak, _("Weak agencies (%(rule)s): %(names)s.")),
    ):
        if names:
            yield sentence % {"rule": rule(cycle), "names": listed(names)}


def vars_of(source):
    return {"cycle": source.results.cycle.title, "province": source.results.cycle.province}


def named(standing):
    figures = {
        "name": standing.agency.name,
        "total": format_decimal(standing.total, 2),
        "maximum": format_decimal(standing.maximum, 2, trim=True),
    }
    return _("%(name)s (%(total)s of %(maximum)s points)") % figures


def listed(names):
    return _("; ").join(names)
