"""What keeps a festival from going on, and what keeps a cycle from its archive until its festival is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from evaluation.enums import FestivalState, ResultState, SnapshotPart

from . import festival_gate
from .conditions import condition

if TYPE_CHECKING:
    from evaluation.models import Cycle, Festival, Snapshot


@condition
def has_kinds(festival: Festival) -> list[str]:
    """The festival gives awards of some kind."""
    if festival.kinds.exists():
        return []
    return [_("The festival has no kind of award yet: choose them on its page.")]


@condition
def takes_nominations(festival: Festival) -> list[str]:
    """A kind of award of the festival is one for which agencies nominate."""
    if festival.kinds.filter(from_agencies=True).exists():
        return []
    return [_("The festival has no kind of award for which agencies nominate.")]


@condition
def window_set(festival: Festival) -> list[str]:
    """The days of the nominations are set, and the last one is still to come."""
    if festival.nominations_from is None or festival.nominations_until is None:
        return [_("Set the first and the last day of the nominations.")]
    if festival.nominations_until <= timezone.now():
        return [_("The last day of the nominations is over: set a later one.")]
    return []


@condition
def nominations_over(festival: Festival) -> list[str]:
    """Agencies had their time to nominate, where the festival asks them."""
    if not festival.kinds.filter(from_agencies=True).exists():
        return []
    if festival.state == FestivalState.PREPARING:
        return [_("Agencies nominate for some of the awards: open the nominations first.")]
    if festival.nominations_until and festival.nominations_until > timezone.now():
        return [_("The nominations are not over yet; to end them sooner, set an earlier last day.")]
    return []


@condition
def has_committee(festival: Festival) -> list[str]:
    """A committee with members is named."""
    if festival.committee is not None and festival.committee.members.exists():
        return []
    return [_("Name the committee that chooses, and register its members.")]


@condition
def has_winners(festival: Festival) -> list[str]:
    """At least one award is decided."""
    if festival.nominees.filter(award__isnull=False).exists():
        return []
    return [_("No winner is chosen yet.")]


def standing_figures(cycle: Cycle) -> Snapshot | None:
    """The snapshot of the figures that stand in the cycle, or None before they are computed."""
    result_set = cycle.result_sets.filter(state__in=ResultState.frozen()).order_by("-number").first()
    if result_set is None:
        return None
    return result_set.snapshots.filter(part=SnapshotPart.FIGURES).order_by("-number").first()


@condition
def figures_stand(festival: Festival) -> list[str]:
    """The figures by which candidates were proposed are the ones that stand in the cycle."""
    if not festival.nominees.exclude(figure=None).filter(~Q(measure=""), award__isnull=False).exists():
        return []
    standing = standing_figures(festival.cycle)
    if standing is not None and festival.figures_id == standing.pk:
        return []
    return [_("The figures of the cycle changed after the candidates were proposed: propose them again.")]


@condition
def ceremony_held(festival: Festival) -> list[str]:
    """The ceremony was held, and its course is written down."""
    missing = []
    if festival.held_on is None:
        missing.append(_("Set the date of the ceremony."))
    elif festival.held_on > timezone.localdate():
        missing.append(_("The ceremony is not held yet: it is reported afterwards."))
    if not festival.course.strip():
        missing.append(_("Write down the course of the ceremony: the report tells it."))
    return missing


@condition
def no_report_stands(festival: Festival) -> list[str]:
    """No report of the festival was sent that is neither refused nor superseded."""
    if festival_gate.standing_report(festival.cycle).exists():
        return [_("A report of this festival was sent already; supersede that transfer to send another one.")]
    return []


@condition
def results_announced(festival: Festival) -> list[str]:
    """Agencies know their own results: winners are named after that, not before."""
    if festival.cycle.result_sets.filter(state__in=ResultState.seen_by_agency()).exists():
        return []
    return [_("The results of the cycle are not announced yet: winners are named after that.")]
