"""What an erratum changed in the published results: totals and ranks of both editions, from their snapshots."""

from django.utils.translation import gettext as _

from evaluation import scoring
from evaluation.enums import SnapshotPart
from evaluation.models import Snapshot
from evaluation.process import kept

from .figures import number
from .tables import CHANGE, COUNT, POINTS, Column, Report, Table

COLUMNS = ("total", "rank", "group_rank")


def report(erratum):
    """A Report of the agencies whose shown total or rank is another one in the erratum's edition, by their new rank."""
    before, after = (whole_figures(erratum, edition) for edition in (erratum.edition - 1, erratum.edition))
    changed = [key for key in after if shown(before.get(key)) != shown(after[key])]
    changed.sort(key=lambda key: (after[key]["rank"] is None, after[key]["rank"] or 0, after[key]["name"]))
    rows = [row_of(before.get(key), after[key]) for key in changed]
    columns = (
        Column(_("Agency"), width=44),
        Column(_("Total before"), POINTS),
        Column(_("Total after"), POINTS),
        Column(_("Change in points"), CHANGE),
        Column(_("Rank before"), COUNT),
        Column(_("Rank after"), COUNT),
        Column(_("Rank in the peer group before"), COUNT),
        Column(_("Rank in the peer group after"), COUNT),
    )
    empty = _("No total and no rank changed.")
    title = _("Totals and ranks before and after")
    return Report(title=title, tables=[Table(title, columns, rows, empty=empty)])


def whole_figures(erratum, edition):
    """{participation: its combined figure with the agency's name} of an edition; {} where it was not kept."""
    snapshots = Snapshot.objects.filter(result_set=erratum.result_set_id, part=SnapshotPart.FIGURES)
    for row in snapshots.order_by("-number"):
        content = kept.read(row)
        if content["edition"] == edition:
            names = {entry["row"]: entry["name"] for entry in content["agencies"]}
            whole = (figure for figure in content["results"] if figure["dimension"] is None)
            return {figure["participation"]: figure | {"name": names[figure["participation"]]} for figure in whole}
    return {}


def shown(figure):
    """What readers see of a figure: its rounded total and its ranks."""
    if figure is None:
        return None
    total = number(figure["total"])
    return None if total is None else scoring.to_two_decimals(total), figure["rank"], figure["group_rank"]


def row_of(before, after):
    """The cells of one agency; without the edition before, dashes."""
    old = before or dict.fromkeys(COLUMNS)
    totals = number(old["total"]), number(after["total"])
    change = None if None in totals else totals[1] - totals[0]
    return (
        after["name"],
        *totals,
        change,
        old["rank"],
        after["rank"],
        old["group_rank"],
        after["group_rank"],
    )
