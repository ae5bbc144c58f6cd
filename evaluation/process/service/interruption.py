"""Faults and planned stops: the line above the pages, and the notice to all whom it concerns."""

import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from evaluation.enums import AnnouncementKind, NoticeKind, TicketKind
from evaluation.models import Announcement, Membership, Ticket
from evaluation.persian import format_jalali_datetime
from evaluation.rules.permissions import holds
from evaluation.rules.roles import SCHEDULER

from ..door import Forbidden, Refusal, lock, log
from ..messages import notice
from .ticket import check_handler


def people_concerned(announcement: Announcement) -> list[User]:
    """The people of the announcement's province, of its agencies and their headquarters; without one, everybody."""
    members = Membership.objects.active().filter(user__is_active=True).exclude(user__username=SCHEDULER)
    place = announcement.province_id
    if place is not None:
        members = (
            members.filter(province=place)
            | members.filter(agency__province=place)
            | members.filter(headquarters__agencies__province=place)
            | members.filter(partner__province=place)
        )
    return list(User.objects.filter(pk__in=members.values("user")))


def may_tell(user: User, announcement: Announcement | None) -> bool:
    """Whether the person may tell everybody of it: who may change it, and of all provinces the superuser alone."""
    if announcement is not None and announcement.province_id is None:
        return user.is_superuser
    return holds(user, "change_announcement", announcement)


@transaction.atomic
def tell(announcement: Announcement, *, by: User) -> Announcement:
    """Notify all whom a fault or a planned stop concerns, by notice and e-mail, once. Raises Refusal, Forbidden."""
    announcement = lock(Announcement, announcement.pk)
    if not may_tell(by, announcement):
        raise Forbidden("change_announcement")
    if announcement.told_at:
        raise Refusal(_("The people concerned have been notified of this already."))
    announcement.told_at, announcement.told_by = timezone.now(), by
    announcement.save(update_fields=["told_at", "told_by"])
    notice.tell(
        people_concerned(announcement),
        event=f"announcement:{announcement.pk}",
        kind=NoticeKind.SERVICE,
        text=lambda: in_a_sentence(announcement),
    )
    return announcement


def in_a_sentence(announcement: Announcement) -> str:
    """The announcement as a notice says it: its kind, its text, and from when to when a stop lasts."""
    words = {"kind": announcement.get_kind_display(), "text": announcement.text}
    if announcement.kind != AnnouncementKind.INTERRUPTION:
        return _("%(kind)s: %(text)s") % words
    start = format_jalali_datetime(announcement.shown_from)
    if announcement.shown_until is None:
        return _("%(kind)s from %(start)s: %(text)s") % (words | {"start": start})
    words |= {"start": start, "end": format_jalali_datetime(announcement.shown_until)}
    return _("%(kind)s from %(start)s to %(end)s: %(text)s") % words


@transaction.atomic
def raise_banner(
    ticket: Ticket, *, text: str, by: User, until: datetime.datetime | None = None, everybody: bool = True
) -> Ticket:
    """Put the fault of a ticket above all pages of the province and on the log-in page; `everybody`: notify them too.

    `until` (aware datetime): when it goes by itself. Raises Refusal for another kind of ticket and a second banner.
    """
    ticket = lock(Ticket, ticket.pk)
    check_handler(ticket, by)
    if ticket.kind not in (TicketKind.FAULT, TicketKind.LOGIN):
        raise Refusal(_("Only a fault is announced above the pages."))
    if ticket.announcement_id:
        raise Refusal(_("This fault has been announced already."))
    now = timezone.now()
    if until is not None and until <= now:
        raise Refusal(_("An announcement must end after it begins."))
    ticket.announcement = Announcement.objects.create(
        province=ticket.province,
        kind=AnnouncementKind.FAULT,
        text=text,
        shown_from=now,
        shown_until=until,
        on_login_page=True,
        written_by=by,
    )
    ticket.save(update_fields=["announcement"])
    log(ticket, "raise_banner", by=by, note=text)
    if everybody:
        tell(ticket.announcement, by=by)
    return ticket
