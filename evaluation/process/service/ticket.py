"""Tickets of the service desk: received, assigned, answered, closed or reopened, with a thread that both sides read.

A complaint is never handled by the person it is about: whoever that is does not see it, is told nothing of it, and
cannot be given it.
"""

import datetime
import secrets
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from evaluation.enums import ComplainedOf, NoticeKind, Role, Satisfaction, TicketKind, TicketState
from evaluation.models import Agency, Cycle, Province, Ticket, TicketMessage, TicketRule
from evaluation.persian import localise_digits, match_key
from evaluation.rules.permissions import holds
from evaluation.rules.roles import SCHEDULER
from evaluation.rules.set_aside import is_complained_of

from ..audit import scheduler
from ..door import Forbidden, Refusal, lock, log, perform
from ..messages import notice
from ..year import planning

USUAL_DAYS = {  # calendar days to an answer where the province has no rule of its own
    TicketKind.LOGIN: 2,
    TicketKind.FAULT: 2,
    TicketKind.FAIRNESS: 10,
    TicketKind.COMPLAINT: 10,
    TicketKind.SUGGESTION: 20,
}
REFERENCE_DIGITS = 8


# -- who handles it -------------------------------------------------------------------------------


def check_handler(ticket: Ticket, by: User) -> None:
    """Raise Refusal for the person whom the ticket complains of, Forbidden for people without the right."""
    if is_complained_of(ticket, by):
        raise Refusal(_("You are concerned by this complaint: another person must handle it."))
    if not holds(by, "handle_ticket", ticket):
        raise Forbidden("handle_ticket")


def handlers(ticket: Ticket) -> list[User]:
    """The staff of the province who may handle the ticket; where it concerns them all, the system administrators."""
    staff = {
        user.pk: user
        for role in Role.mpo()
        for user in notice.people(role, province=ticket.province_id)
        if user.username != SCHEDULER and not is_complained_of(ticket, user)
    }
    return list(staff.values()) or administrators(ticket)


def administrators(ticket: Ticket) -> list[User]:
    """The system administrators whom the ticket does not complain of."""
    return [user for user in User.objects.filter(is_superuser=True, is_active=True) if user.pk != ticket.about_id]


def told_of(ticket: Ticket) -> list[User]:
    """Who is told of news from the asker: who handles it, or all who may; of a fault the system administrators too."""
    if ticket.owner:
        return [ticket.owner]
    people = handlers(ticket)
    if ticket.kind == TicketKind.FAULT:
        people += [user for user in administrators(ticket) if user not in people]
    return people


def in_words(ticket: Ticket) -> dict[str, object]:
    """What notices say of a ticket: its number and kind, nothing of its content."""
    return {"number": localise_digits(ticket.reference), "kind": ticket.get_kind_display()}


# -- filing ---------------------------------------------------------------------------------------


def due_after(province: Province, kind: str, at: datetime.datetime) -> datetime.datetime:
    """The end of the time for an answer to a ticket of this kind that comes at `at` (aware datetime)."""
    rule = TicketRule.objects.filter(desk__province=province, kind=kind).first()
    return planning.end_of(at, rule.days if rule else USUAL_DAYS[TicketKind(kind)], province)


def first_owner(ticket: Ticket) -> User | None:
    """Whom the province's rule names for tickets of this kind, if that person may handle this one."""
    rule = TicketRule.objects.filter(desk__province=ticket.province, kind=ticket.kind).exclude(owner=None).first()
    return rule.owner if rule and rule.owner in handlers(ticket) else None


def new_reference() -> str:
    """A number that no ticket has; it says nothing of how many there are."""
    while True:
        number = "".join(str(secrets.randbelow(10)) for _digit in range(REFERENCE_DIGITS))
        if not Ticket.objects.filter(reference=number).exists():
            return number


def named_account(province: Province, name: str) -> User | None:
    """The account of the province that has this full name, so that the person does not meet the complaint."""
    wanted = match_key(name)
    if not wanted:
        return None
    people = User.objects.filter(memberships__province=province, is_active=True).distinct()
    matching = [user for user in people if match_key(user.get_full_name()) == wanted]
    return matching[0] if len(matching) == 1 else None


@transaction.atomic
def file_ticket(
    province: Province,
    *,
    kind: str,
    subject: str,
    text: str,
    by: User | None = None,
    agency: Agency | None = None,
    about_cycle: Cycle | None = None,
    about_role: str = "",
    about_name: str = "",
    **asker: Any,
) -> Ticket:
    """Receive a ticket; it goes to whom the province's rule for its kind names. Returns it.

    `by` is None for people without an account; `asker`: name, phone, email and code_hash. A closed cycle takes tickets
    too. Raises Refusal for a missing subject or text, and for a complaint that does not say whom it is about.
    """
    if not subject.strip() or not text.strip():
        raise Refusal(_("A ticket needs a subject and a text."))
    about_people = kind in TicketKind.about_people()
    if kind == TicketKind.COMPLAINT and not about_role:
        raise Refusal(_("Say whom the complaint is about, so that this person does not handle it."))
    now = timezone.now()
    ticket = Ticket(
        province=province,
        reference=new_reference(),
        kind=kind,
        subject=subject,
        text=text,
        agency=agency,
        about_cycle=about_cycle,
        about_role=about_role if about_people else "",
        about_name=about_name if about_people else "",
        about=named_account(province, about_name) if about_people else None,
        filed_at=now,
        due_at=due_after(province, kind, now),
        author=by,
        **asker,
    )
    ticket.save()
    TicketMessage.objects.create(ticket=ticket, by=by, text=text, at=now)
    if owner := first_owner(ticket):
        ticket = hand_to(ticket, owner)
    notice.tell(
        told_of(ticket),
        event=f"ticket:{ticket.pk}",
        kind=NoticeKind.SERVICE,
        text=lambda: _("A new ticket waits at the service desk: %(number)s (%(kind)s).") % in_words(ticket),
    )
    return ticket


def hand_to(ticket: Ticket, owner: User) -> Ticket:
    """Give a new ticket to whom the rule of its kind names, in that person's name: it is theirs from the start."""
    return perform(ticket, "assign", by=owner, owner=owner)


# -- the desk -------------------------------------------------------------------------------------


@transaction.atomic
def assign(ticket: Ticket, *, owner: User, by: User, note: str = "") -> Ticket:
    """Give the ticket to a person of the staff, who is told. Raises Refusal for whom it complains of, and Forbidden."""
    ticket = lock(Ticket, ticket.pk)
    check_handler(ticket, by)
    if is_complained_of(ticket, owner):
        raise Refusal(
            _("“%(name)s” is concerned by this complaint: choose another person.") % {"name": owner.get_full_name()}
        )
    if owner not in handlers(ticket) and not owner.is_superuser:
        raise Refusal(_("Tickets are handled by staff of the provincial organization."))
    ticket = perform(ticket, "assign", by=by, note=note, owner=owner)
    if owner != by:
        notice.tell(
            [owner],
            event=f"ticket:{ticket.pk}:to:{owner.pk}:{timezone.now().isoformat()}",
            kind=NoticeKind.SERVICE,
            text=lambda: _("Ticket %(number)s (%(kind)s) was assigned to you.") % in_words(ticket),
        )
    return ticket


@transaction.atomic
def answer(ticket: Ticket, *, text: str, by: User) -> Ticket:
    """Answer a ticket; the asker is told. One that nobody has becomes the answerer's. Raises Refusal, Forbidden."""
    ticket = lock(Ticket, ticket.pk)
    check_handler(ticket, by)
    if not text.strip():
        raise Refusal(_("Write the answer."))
    if ticket.state == TicketState.OPEN:
        ticket = perform(ticket, "assign", by=by, owner=by)
    ticket = perform(ticket, "answer", by=by)
    say(ticket, text, by=by, of_desk=True)
    return ticket


def say(ticket: Ticket, text: str, *, by: User | None, of_desk: bool) -> TicketMessage:
    """Add a message to the thread and tell the other side, once for each message."""
    message = TicketMessage.objects.create(ticket=ticket, by=by, of_desk=of_desk, text=text)
    asker = [ticket.author] if ticket.author else []
    notice.tell(
        asker if of_desk else told_of(ticket),
        event=f"ticketmessage:{message.pk}",
        kind=NoticeKind.SERVICE,
        text=lambda: news_of(ticket, of_desk=of_desk),
    )
    return message


def news_of(ticket: Ticket, *, of_desk: bool) -> str:
    """The sentence by which the other side hears of a new message."""
    if of_desk:
        return _("The service desk has written to you about ticket %(number)s.") % in_words(ticket)
    return _("The asker has written again about ticket %(number)s.") % in_words(ticket)


@transaction.atomic
def ask_back(ticket: Ticket, *, text: str, by: User) -> Ticket:
    """The desk asks the asker something; the ticket goes on waiting for its answer. Raises Refusal, Forbidden."""
    ticket = lock(Ticket, ticket.pk)
    check_handler(ticket, by)
    if not text.strip() or ticket.state not in TicketState.waiting():
        raise Refusal(_("Only a ticket that waits for its answer is written about."))
    say(ticket, text, by=by, of_desk=True)
    log(ticket, "ask_back", by=by)
    return ticket


@transaction.atomic
def name_person(ticket: Ticket, *, person: User, by: User) -> Ticket:
    """Name the account that a complaint is about: that person alone stands aside, and the ticket leaves their hands."""
    ticket = lock(Ticket, ticket.pk)
    check_handler(ticket, by)
    if ticket.kind not in TicketKind.about_people():
        raise Refusal(_("Only a complaint or unequal treatment is about a person."))
    if person == by:
        raise Refusal(_("You are concerned by this complaint: another person must handle it."))
    if ticket.owner_id == person.pk:
        ticket = perform(ticket, "assign", by=by, owner=by)
    ticket.about, ticket.about_role = person, ComplainedOf.OTHER
    ticket.save(update_fields=["about", "about_role"])
    log(ticket, "name_person", by=by)
    return ticket


# -- the asker ------------------------------------------------------------------------------------


@transaction.atomic
def follow_up(ticket: Ticket, *, text: str, by: User | None) -> Ticket:
    """The asker writes again; an answered or closed ticket is reopened by it, with a new time for the answer.

    `by` is None for an asker without an account, who has shown number and code. Raises Refusal, Forbidden.
    """
    ticket = lock(Ticket, ticket.pk)
    check_asker(ticket, by)
    if not text.strip():
        raise Refusal(_("Write what you want to add."))
    if ticket.state in TicketState.settled():
        return reopen(ticket, reason=text, by=by)
    say(ticket, text, by=by, of_desk=False)
    return ticket


def check_asker(ticket: Ticket, by: User | None) -> None:
    """Raise Forbidden unless the ticket is this person's."""
    if ticket.author_id != (by and by.pk):
        raise Forbidden("view_ticket")


@transaction.atomic
def reopen(ticket: Ticket, *, reason: str, by: User | None) -> Ticket:
    """Open an answered or closed ticket again, by its asker or its handler; it waits again for an answer."""
    due = due_after(ticket.province, ticket.kind, timezone.now())
    ticket = perform(ticket, "reopen", by=by or acting_for(ticket), note=reason, due_at=due)
    say(ticket, reason, by=by, of_desk=by is not None and by.pk != ticket.author_id)
    return ticket


def close(ticket: Ticket, *, by: User | None, note: str = "") -> Ticket:
    """Close an answered ticket, by its asker or its handler."""
    return perform(ticket, "close", by=by or acting_for(ticket), note=note)


def acting_for(ticket: Ticket) -> User:
    """The system's own account, which takes the steps of askers without one."""
    return scheduler(ticket.province)


@transaction.atomic
def rate(ticket: Ticket, *, satisfaction: int, by: User | None, note: str = "") -> Ticket:
    """The asker says how satisfied they are with the answer; the last word counts. Raises Refusal, Forbidden."""
    ticket = lock(Ticket, ticket.pk)
    check_asker(ticket, by)
    if ticket.state not in TicketState.settled():
        raise Refusal(_("An answer is rated when it is there."))
    ticket.satisfaction, ticket.satisfaction_note = Satisfaction(satisfaction), note
    ticket.save(update_fields=["satisfaction", "satisfaction_note"])
    log(ticket, "rate", by=by or acting_for(ticket), note=str(Satisfaction(satisfaction).label))
    return ticket
