"""Sending circulars to their recipients, receipts, and reminders."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from evaluation.enums import CircularDirection, NoticeKind, Role
from evaluation.models import Agency, Circular, CircularReceipt
from evaluation.rules.permissions import holds

from ..door import Forbidden, Refusal, counted, log
from ..messages import notice


@transaction.atomic
def send(circular: Circular, *, by: User, agencies: Iterable[Agency] | None = None) -> Circular:
    """Send an issued circular to its recipients: `agencies` of the province, else `usual_recipients`.

    Each gets a receipt and its people a notice. Returns the circular. Raises Forbidden, and Refusal for a second
    sending and where there is no recipient.
    """
    circular = lock(circular, by)
    if circular.direction != CircularDirection.OUTGOING:
        raise Refusal(_("Only an issued circular is sent; this one was received."))
    if circular.sent_at:
        raise Refusal(_("This circular has been sent already."))
    agencies = list(usual_recipients(circular) if agencies is None else within(circular, agencies))
    if not agencies:
        raise Refusal(_("There is no recipient: import the workbook of agencies first."))
    circular.sent_at, circular.sent_by = timezone.now(), by
    circular.save(update_fields=["sent_at", "sent_by"])
    hand_out(circular, agencies)
    log(circular, "send", by=by, note=counted(len(agencies)))
    return circular


@transaction.atomic
def send_also(circular: Circular, *, by: User, agencies: Iterable[Agency]) -> Circular:
    """Send a circular that went out already to further agencies of the province. Raises Refusal, Forbidden."""
    circular = lock(circular, by)
    if not circular.sent_at:
        raise Refusal(_("This circular has not been sent yet."))
    fresh = [agency for agency in further_recipients(circular) if agency in set(agencies)]
    if not fresh:
        raise Refusal(_("These agencies have received the circular already."))
    hand_out(circular, fresh)
    log(circular, "send_also", by=by, note="، ".join(str(agency) for agency in fresh))
    return circular


def lock(circular: Circular, by: User) -> Circular:
    """The circular as it is now, locked. Raises Forbidden."""
    circular = Circular.objects.select_for_update(of=("self",)).get(pk=circular.pk)
    if not holds(by, "send_circular", circular):
        raise Forbidden("send_circular")
    return circular


def within(circular: Circular, agencies: Iterable[Agency]) -> list[Agency]:
    """Those of the given agencies that belong to the circular's province."""
    return [agency for agency in agencies if agency.province_id == circular.cycle.province_id]


def usual_recipients(circular: Circular) -> QuerySet[Agency]:
    """The cycle's agencies; before they are fixed, the province's active ones."""
    cycle = circular.cycle
    agencies = cycle.province.agencies.filter(active=True)
    return agencies.filter(participations__cycle=cycle) if cycle.participants_fixed_at else agencies


def further_recipients(circular: Circular) -> QuerySet[Agency]:
    """The province's active agencies that have not received the circular."""
    return circular.cycle.province.agencies.filter(active=True).exclude(receipts__circular=circular)


def hand_out(circular: Circular, agencies: Sequence[Agency]) -> None:
    """A receipt for each agency, and a notice for its people."""
    CircularReceipt.objects.bulk_create([CircularReceipt(circular=circular, agency=agency) for agency in agencies])
    notice.tell(
        notice.people(Role.AGENCY, agency__in=agencies),
        event=f"circular:{circular.pk}",
        kind=NoticeKind.CIRCULAR,
        cycle=circular.cycle,
        text=lambda: (
            _("The circular “%(subject)s” was sent to you: please read it and confirm.") % {"subject": circular.subject}
        ),
    )


@transaction.atomic
def read(circular: Circular, agency: Agency, *, by: User) -> int:
    """Note the first reading of a circular by an agency's person."""
    unread = CircularReceipt.objects.filter(circular=circular, agency=agency, read_at=None)
    return unread.update(read_at=timezone.now(), read_by=by)


@transaction.atomic
def remind(circular: Circular, *, by: User) -> Circular:
    """Tell the people of the agencies that have not read a sent circular. Returns the circular.

    The same agency is reminded once a day at most; Refusal where nobody is left to remind.
    """
    circular = lock(circular, by)
    if not circular.sent_at:
        raise Refusal(_("This circular has not been sent yet."))
    now = timezone.now()
    unread = circular.receipts.filter(read_at=None).select_related("agency")
    rows = [row for row in unread if not (row.reminded_at and same_day(row.reminded_at, now))]
    if not rows:
        raise Refusal(_("Every recipient has read this circular, or has been reminded today."))
    CircularReceipt.objects.filter(pk__in=[row.pk for row in rows]).update(
        reminded_at=now, reminders=F("reminders") + 1
    )
    notice.tell(
        notice.people(Role.AGENCY, agency__in=[row.agency for row in rows]),
        event=f"circular:{circular.pk}:{timezone.localdate(now)}",
        kind=NoticeKind.CIRCULAR,
        cycle=circular.cycle,
        text=lambda: (
            _("Reminder: the circular “%(subject)s” is not confirmed as read. Please read it and confirm.")
            % {"subject": circular.subject}
        ),
    )
    log(circular, "remind", by=by, note=counted(len(rows)))
    return circular


def same_day(one: datetime, other: datetime) -> bool:
    """Whether two aware moments fall on one local day."""
    return timezone.localdate(one) == timezone.localdate(other)
