"""The peer groups beside each other: means, highest and lowest agency, in all and by dimension."""

from django.utils.translation import gettext as _

from ..tables import COUNT, PERCENT, POINTS, Bar, Column, Picture, Report, Table
from .source import mean


def report(source):
    """One table of all counting dimensions together, and one of the means by dimension."""
    groups = by_group(source)
    return Report(title=_("Peer groups"), tables=[totals(groups), dimensions(source, groups)])


def by_group(source):
    """[(name of the group, its standings that have a total)], in the order of the groups; without a group last."""
    groups = {}
    for standing in source.taking_part:
        if standing.total is not None:
            groups.setdefault(standing.group, []).append(standing)
    ordered = sorted(groups, key=lambda group: (group is None, group.order if group else 0))
    return [(str(group) if group else _("Without a peer group"), groups[group]) for group in ordered]


def totals(groups):
    columns = (
        Column(_("Peer group"), width=30),
        Column(_("Agencies"), COUNT),
        Column(_("Mean"), POINTS),
        Column(_("Mean, percent of the maximum"), PERCENT),
        Column(_("Highest"), POINTS),
        Column(_("Agency with the highest total"), width=40),
        Column(_("Lowest"), POINTS),
        Column(_("Agency with the lowest total"), width=40),
    )
    rows = [(name, len(members), *summary(members)) for name, members in groups]
    bars = tuple(Bar(row[0], (row[3],)) for row in rows)
    picture = Picture((_("Mean, percent of the maximum"),), bars)
    return Table(_("Totals"), columns, rows, empty=_("No agency has a total."), picture=picture)


def summary(members):
    """Mean total, mean percent, highest and lowest total with the names that have it."""
    highest, lowest = (pick(standing.total for standing in members) for pick in (max, min))
    return (
        mean([standing.total for standing in members]),
        mean([standing.percent for standing in members]),
        highest,
        names_at(members, highest),
        lowest,
        names_at(members, lowest),
    )


def names_at(members, total):
    return _("; ").join(standing.agency.name for standing in members if standing.total == total)


def dimensions(source, groups):
    """The mean points of each group in each dimension."""
    parts = source.ranking.dimensions
    columns = (Column(_("Peer group"), width=30), *(Column(part.title, POINTS) for part in parts))
    rows = [
        (name, *(mean([total_in(standing, part) for standing in members]) for part in parts))
        for name, members in groups
    ]
    return Table(_("Mean by dimension"), columns, rows, empty=_("No agency has a total."))


def total_in(standing, dimension):
    figure = standing.dimensions.get(dimension.pk)
    return figure.total if figure else None
