"""Circulars out to their recipients, receipts, and workshops."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from evaluation.enums import CircularDirection, Role
from evaluation.models import Circular, CircularReceipt, Workshop
from evaluation.rules.permissions import holds

from . import notice
from .door import Forbidden, Refusal, log


@transaction.atomic
def send(circular, *, by, agencies=None):
    """Send an issued circular to its recipients: the cycle's agencies, before they are fixed the province's active
    ones. Each gets a receipt and its people a notice. Returns the circular; a second sending is refused.
    """
    circular = Circular.objects.select_for_update(of=("self",)).get(pk=circular.pk)
    if not holds(by, "send_circular", circular):
        raise Forbidden("send_circular")
    if circular.direction != CircularDirection.OUTGOING:
        raise Refusal(_("Only an issued circular is sent; this one was received."))
    if circular.sent_at:
        raise Refusal(_("This circular has been sent already."))
    cycle = circular.cycle
    if agencies is None:
        agencies = cycle.province.agencies.filter(active=True)
        if cycle.participants_fixed_at:
            agencies = agencies.filter(participations__cycle=cycle)
    agencies = list(agencies)
    if not agencies:
        raise Refusal(_("There is no recipient: import the workbook of agencies first."))
    CircularReceipt.objects.bulk_create([CircularReceipt(circular=circular, agency=agency) for agency in agencies])
    circular.sent_at, circular.sent_by = timezone.now(), by
    circular.save(update_fields=["sent_at", "sent_by"])
    log(circular, "send", by=by, note=str(len(agencies)))
    notice.tell(
        notice.people(Role.AGENCY, agency__in=agencies),
        event=f"circular:{circular.pk}",
        cycle=cycle,
        text=lambda: _("A circular has arrived: %(subject)s") % {"subject": circular.subject},
    )
    return circular


@transaction.atomic
def read(circular, agency, *, by):
    """Note the first reading of a circular by an agency's person."""
    unread = CircularReceipt.objects.filter(circular=circular, agency=agency, read_at=None)
    return unread.update(read_at=timezone.now(), read_by=by)


@transaction.atomic
def hold(workshop, *, by, at=None, note=""):
    """Record that a workshop was held."""
    workshop = Workshop.objects.select_for_update(of=("self",)).get(pk=workshop.pk)
    if not holds(by, "hold_workshop", workshop):
        raise Forbidden("hold_workshop")
    if workshop.held_at:
        raise Refusal(_("This workshop is recorded as held already."))
    workshop.held_at, workshop.held_by, workshop.note = at or timezone.now(), by, note or workshop.note
    workshop.save(update_fields=["held_at", "held_by", "note"])
    log(workshop, "hold", by=by, note=note)
    return workshop
