"""The general indicators over all agencies: means, and those that are zero or full everywhere."""

from django.utils.translation import gettext as _

from ..tables import COUNT, PERCENT, Bar, Column, Picture, Report, Table
from .source import mean

WHOLE = 100  # percent
SHOWN_BARS = 15  # the lowest means: a picture of sixty bars says nothing


def report(source):
    """All general indicators, the lowest mean first; then the two lists of what tells no agency from another."""
    names, shares = names_of(source), source.shares_of_indicators()
    rows = sorted(
        (row_of(names[indicator], percents) for indicator, percents in shares.items()), key=lambda row: (row[3], row[0])
    )
    zero = [row for row in rows if row[2] == row[6]]
    full = [row for row in rows if row[2] == row[7]]
    bars = tuple(Bar(row[0], (row[3],)) for row in rows[:SHOWN_BARS])
    picture = Picture((_("Mean, percent of the maximum"),), bars)
    nothing = _("There is no such indicator.")
    return Report(
        title=_("Indicators"),
        tables=[
            Table(_("Zero in every agency"), columns(), zero, empty=nothing),
            Table(_("Full in every agency"), columns(), full, empty=nothing),
            Table(_("All general indicators"), columns(), rows, empty=_("No line is scored."), picture=picture),
        ],
        note=_("Final scores; exempt lines and agencies that did not take part are not counted."),
    )


def names_of(source):
    """{indicator: (code and title, axis)} as they were called."""
    axes = {entry["row"]: entry["title"] for entry in source.content["axes"]}
    return {
        entry["row"]: (f"{entry['code']} · {entry['title']}", axes.get(entry["axis"], ""))
        for entry in source.content["indicators"]
    }


def columns():
    return (
        Column(_("Indicator"), width=60),
        Column(_("Axis"), width=30),
        Column(_("Agencies"), COUNT),
        Column(_("Mean"), PERCENT),
        Column(_("Lowest"), PERCENT),
        Column(_("Highest"), PERCENT),
        Column(_("Agencies at zero"), COUNT),
        Column(_("Agencies at the maximum"), COUNT),
    )


def row_of(name, percents):
    """The cells of one indicator; `percents` of its agencies."""
    return (
        *name,
        len(percents),
        mean(percents),
        min(percents),
        max(percents),
        sum(percent == 0 for percent in percents),
        sum(percent >= WHOLE for percent in percents),
    )
