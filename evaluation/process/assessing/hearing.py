"""Defence sessions (docs/process.md#objections): the agency is told time and place, and each change, once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from evaluation import persian
from evaluation.enums import HearingState, NoticeKind, Role
from evaluation.models import Hearing, Notice, Objection, Participation, TransitionLog
from evaluation.rules import stages
from evaluation.rules.permissions import holds

from ..door import Forbidden, Refusal, already_moved, log, perform
from ..messages import notice

if TYPE_CHECKING:
    from evaluation.process.messages.notice import Sentence

INVITED = {  # by whether a place is known
    True: lambda: _("You are invited to a defence session on %(when)s. Place: %(place)s."),
    False: lambda: _("You are invited to a defence session on %(when)s."),
}
MOVED = {
    True: lambda: _("Your defence session has been moved: it is now on %(when)s. Place: %(place)s."),
    False: lambda: _("Your defence session has been moved: it is now on %(when)s."),
}


@transaction.atomic
def summon(
    participation: Participation,
    *,
    starts_at: datetime,
    by: User,
    place: str = "",
    invitees: str = "",
    objections: Collection[Objection] = (),
) -> Hearing:
    """Plan a defence session (`starts_at`: aware datetime) with open objections as its agenda; the agency is told.

    Raises Forbidden; Refusal for an objection of another agency.
    """
    if not holds(by, "add_hearing", participation):
        raise Forbidden("add_hearing")
    check_agenda(participation, objections)
    hearing = Hearing.objects.create(
        participation=participation, starts_at=starts_at, place=place.strip(), invitees=invitees
    )
    hearing.objections.set(objections)
    row = log(hearing, "summon", target=hearing.state, by=by, note=slot(hearing))
    tell(hearing, row, INVITED)
    return hearing


@transaction.atomic
def reschedule(
    hearing: Hearing,
    *,
    starts_at: datetime,
    by: User,
    place: str = "",
    invitees: str = "",
    objections: Collection[Objection] | None = None,
) -> Hearing:
    """Change a planned session. Of another time or place the agency is told; of invitees and agenda it is not.

    `objections`: the new agenda, or None for the one that stands. Returns the session. Raises Forbidden, Refusal.
    """
    hearing = Hearing.objects.select_for_update(of=("self",)).get(pk=hearing.pk)
    if not holds(by, "change_hearing", hearing):
        raise Forbidden("change_hearing")
    if hearing.state != HearingState.PLANNED:
        raise Refusal(already_moved(hearing))
    check_agenda(hearing.participation, objections or ())
    before = slot(hearing)
    hearing.starts_at, hearing.place, hearing.invitees = starts_at, place.strip(), invitees
    hearing.save(update_fields=["starts_at", "place", "invitees"])
    if objections is not None:
        hearing.objections.set(objections)
    if before != slot(hearing):  # to the minute, as people read it
        tell(hearing, log(hearing, "reschedule", by=by, note=slot(hearing)), MOVED)
    else:
        log(hearing, "edit", by=by)
    return hearing


def check_agenda(participation: Participation, objections: Iterable[Objection]) -> None:
    """Raise Refusal for objections that belong to another agency."""
    foreign = [objection for objection in objections if objection.line.assessment.participation_id != participation.pk]
    if foreign:
        raise Refusal(
            _("These objections do not belong to “%(agency)s”: %(names)s.")
            % {"agency": participation.agency, "names": stages.listed(foreign)}
        )


def hold(hearing: Hearing, *, by: User, minutes: str) -> Hearing:
    """Record that the session was held, with its minutes."""
    return perform(hearing, "hold", by=by, note=minutes, minutes=minutes)


@transaction.atomic
def cancel(hearing: Hearing, *, by: User, reason: str) -> Hearing:
    """Cancel a planned session; the agency reads the reason."""
    hearing = perform(hearing, "cancel", by=by, note=reason)
    names = {"reason": reason}
    tell_agency(
        hearing,
        "cancelled",
        lambda: _("Your defence session on %(when)s is cancelled. Reason: %(reason)s") % (names | named(hearing)),
    )
    return hearing


def named(hearing: Hearing) -> dict[str, str]:
    """Time and place in the language that is spoken now."""
    return {"when": persian.format_jalali_datetime(hearing.starts_at, "long"), "place": hearing.place}


def slot(hearing: Hearing) -> str:
    """Time and place of the session, for the log."""
    return " · ".join(filter(None, named(hearing).values()))


def tell(hearing: Hearing, row: TransitionLog, sentences: Mapping[bool, Callable[[], str]]) -> None:
    """`row` of the log is the event: a session moved there and back is told each time, the same move once."""
    sentence = sentences[bool(hearing.place)]
    tell_agency(hearing, row.pk, lambda: sentence() % named(hearing))


def tell_agency(hearing: Hearing, event: object, text: Sentence) -> list[Notice]:
    """Tell the agency's people once for each `event`; `text` gives the sentence. Returns the notices."""
    participation = hearing.participation
    return notice.tell(
        notice.people(Role.AGENCY, agency=participation.agency_id),
        event=f"hearing:{hearing.pk}:{event}",
        kind=NoticeKind.HEARING,
        cycle=participation.cycle,
        text=text,
    )
