"""The settings of a province's service desk, and who reads them before log-in."""

from django.db.models import QuerySet

from evaluation.enums import TicketKind
from evaluation.models import ServiceDesk, TicketRule

from .ticket import USUAL_DAYS


def complete_rules(desk: ServiceDesk) -> list[TicketRule]:
    """Give the desk a rule with the usual days for each kind of ticket that has none. Returns what it made."""
    known = set(desk.rules.values_list("kind", flat=True))
    missing = [TicketRule(desk=desk, kind=kind, days=USUAL_DAYS[kind]) for kind in TicketKind if kind not in known]
    return TicketRule.objects.bulk_create(missing)


def desks() -> QuerySet[ServiceDesk]:
    """The desks whose phone and address stand on the page before log-in."""
    return ServiceDesk.objects.select_related("province").order_by("province__name")


def open_desks() -> QuerySet[ServiceDesk]:
    """The desks to which people without an account may write."""
    return desks().filter(public=True)
