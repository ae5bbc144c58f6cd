"""The tables of a trial of other rules: who moves, and by how much."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evaluation.persian import localise_digits

from .tables import CHANGE, COUNT, POINTS, Column, Report, Table


def report(trial):
    """The Report of a `what_if.Trial`: agencies by their new rank."""
    rows = [
        (
            move.name,
            move.before["rank"],
            move.after["rank"],
            shown_places(move.places),
            move.before["group_rank"],
            move.after["group_rank"],
            move.before["total"],
            move.after["total"],
            move.gain,
        )
        for move in trial.moves
    ]
    columns = (
        Column(_("Agency"), width=44),
        Column(_("rank: before"), COUNT),
        Column(_("rank: after"), COUNT),
        Column(_("places")),
        Column(_("rank in the group: before"), COUNT),
        Column(_("rank in the group: after"), COUNT),
        Column(_("total: before"), POINTS),
        Column(_("total: after"), POINTS),
        Column(_("difference"), CHANGE),
    )
    table = Table(_("Who moves"), columns, rows, note=summary(trial), empty=_("No agency has a figure."))
    return Report(title=_("What if"), tables=[table])


def shown_places(places):
    """How many places an agency rises or falls, in words; empty where it stays or has no rank."""
    if not places:
        return ""
    words = (
        ngettext("%(count)s place up", "%(count)s places up", places)
        if places > 0
        else ngettext("%(count)s place down", "%(count)s places down", -places)
    )
    return words % {"count": localise_digits(abs(places))}


def summary(trial):
    """How many agencies change their rank, and what happened to the lines of a changed formula."""
    moved = sum(bool(move.places) for move in trial.moves)
    parts = [
        ngettext("%(count)s agency changes its rank.", "%(count)s agencies change their rank.", moved)
        % {"count": localise_digits(moved)}
    ]
    if trial.rescored:
        parts.append(_("Lines scored anew: %(count)s.") % {"count": localise_digits(trial.rescored)})
    if trial.kept:
        parts.append(
            _("Lines that keep their share of the points, because the formula gives no score: %(count)s.")
            % {"count": localise_digits(trial.kept)}
        )
    return " ".join(parts)
