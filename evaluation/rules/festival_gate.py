"""Whether a cycle has held its festival: what its process template asks for before the year is archived."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from evaluation.enums import FestivalState, TransferDirection, TransferState

if TYPE_CHECKING:
    from evaluation.models import Cycle, Festival


def is_required(cycle: Cycle) -> bool:
    """Whether a process template of the cycle asks for a festival."""
    own = cycle.template is not None and cycle.template.festival_required
    return own or cycle.steps.filter(template__festival_required=True).exists()


def festival_of(cycle: Cycle) -> Festival | None:
    return getattr(cycle, "festival", None)


def standing_report(cycle: Cycle) -> QuerySet:
    """The reports of the festival that were sent and are neither refused nor superseded."""
    sent = [TransferState.SENT, TransferState.RECEIVED]
    return cycle.transfers.filter(direction=TransferDirection.FESTIVAL, state__in=sent)


def missing(cycle: Cycle) -> list[str]:
    """What of the festival is missing before the cycle may be archived; nothing where no template asks for one."""
    if not is_required(cycle):
        return []
    festival = festival_of(cycle)
    if festival is None:
        return [_("The process template requires a festival, and the cycle has none: add it in the list of festivals.")]
    if festival.state not in FestivalState.winners_known():
        return [_("The winners of the festival are not announced yet.")]
    if not standing_report(cycle).exists():
        return [_("No report of the festival was sent to the national organization that stands: send it.")]
    return []
