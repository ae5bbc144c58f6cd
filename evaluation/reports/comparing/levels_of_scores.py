"""What the agencies gave themselves beside what their headquarters and the evaluation gave them."""

from django.db.models import Sum
from django.utils.translation import gettext as _

from evaluation.models import Line
from evaluation.rules.open_fields import READS_ALL_LEVELS

from ..figures import number
from ..tables import CHANGE, PERCENT, POINTS, Bar, Column, Picture, Report, Table
from .source import difference, mean


def report(source):
    """One table of the means by dimension, and one of every agency in every dimension."""
    sums, rows = entered(source), []
    for standing in source.taking_part:
        for dimension in source.ranking.dimensions:
            figure = standing.dimensions.get(dimension.pk)
            if figure and not figure.passive:
                own, headquarters = sums.get((standing.participation, dimension.pk), (None, None))
                rows.append((standing.agency.name, dimension, own, headquarters, figure.raw, figure.maximum))
    return Report(
        title=_("Self-assessment, headquarters, final"),
        tables=[by_dimension(source, rows), by_agency(rows)],
        note=" ".join(notes(source)),
    )


def notes(source):
    """What is counted; of results from before the entered points were kept, also that these are those of today."""
    yield _("Earned points before the rule for exempt lines; exempt lines are not counted.")
    if "entered" not in source.content:
        yield _(
            "These results were computed before the points of agencies and headquarters were kept with them: those "
            "shown here are the ones that stand today."
        )


def entered(source):
    """{(participation, dimension): (points of the agency, of its headquarters)}; None where nothing was entered."""
    if "entered" in source.content:
        return {
            (participation, dimension): (number(own), number(headquarters))
            for participation, dimension, own, headquarters in source.content["entered"]
        }
    return standing_today(source)


def standing_today(source):
    """The same from the lines as they are, for snapshots that do not hold it."""
    lines = Line.objects.visible_to(source.user, among=READS_ALL_LEVELS)
    lines = lines.filter(assessment__participation__cycle=source.result_set.cycle_id, exempt=False)
    keys = ("assessment__participation", "assessment__dimension")
    rows = lines.order_by().values(*keys).annotate(own=Sum("self_score"), headquarters=Sum("hq_score"))
    return {tuple(row[key] for key in keys): (row["own"], row["headquarters"]) for row in rows}


def by_dimension(source, rows):
    """The means over the agencies, in percent of the maximum."""
    names = (_("Self-assessment"), _("Headquarters"), _("Final"))
    table = []
    for dimension in source.ranking.dimensions:
        own = [row for row in rows if row[1] == dimension]
        means = [mean([share(row[place], row[5]) for row in own]) for place in (2, 3, 4)]
        table.append((dimension.title, *means, difference(means[2], means[0])))
    columns = (
        Column(_("Dimension"), width=30),
        *(Column(name, PERCENT) for name in names),
        Column(_("final − self-assessment"), CHANGE),
    )
    bars = tuple(Bar(row[0], row[1:4]) for row in table)
    return Table(
        _("Means, percent of the maximum"), columns, table, empty=_("No line is scored."), picture=Picture(names, bars)
    )


def share(points, maximum):
    return points * 100 / maximum if points is not None and maximum else None


def by_agency(rows):
    columns = (
        Column(_("Agency"), width=44),
        Column(_("Dimension"), width=24),
        Column(_("Self-assessment"), POINTS),
        Column(_("Headquarters"), POINTS),
        Column(_("Final"), POINTS),
        Column(_("Maximum"), POINTS),
        Column(_("final − self-assessment"), CHANGE),
        Column(_("final − headquarters"), CHANGE),
    )
    table = [
        (
            name,
            dimension.title,
            own,
            headquarters,
            final,
            maximum,
            difference(final, own),
            difference(final, headquarters),
        )
        for name, dimension, own, headquarters, final, maximum in rows
    ]
    return Table(_("Agencies"), columns, table, empty=_("No line is scored."))
