"""The settings of a province's service desk, and who reads them before log-in."""

from django.db.models import Q, QuerySet

from evaluation.enums import Role, TicketKind
from evaluation.models import Membership, Province, ServiceDesk, TicketRule
from evaluation.rules.roles import SCHEDULER

from .ticket import USUAL_DAYS


def complete_rules(desk: ServiceDesk) -> list[TicketRule]:
    """Give the desk a rule with the usual days for each kind of ticket that has none. Returns what it made."""
    known = set(desk.rules.values_list("kind", flat=True))
    missing = [TicketRule(desk=desk, kind=kind, days=USUAL_DAYS[kind]) for kind in TicketKind if kind not in known]
    return TicketRule.objects.bulk_create(missing)


def desks() -> QuerySet[ServiceDesk]:
    """The desks whose phone and address stand on the page before log-in."""
    return ServiceDesk.objects.select_related("province").order_by("province__name")


def served_provinces() -> QuerySet[Province]:
    """The provinces whose office works with the system: it has entered its desk, or has staff of its own."""
    staff = Membership.objects.active().filter(role__in=Role.mpo()).exclude(user__username=SCHEDULER)
    served = Q(service_desk__isnull=False) | Q(pk__in=staff.values("province"))
    return Province.objects.filter(served).order_by("name")


def open_provinces() -> QuerySet[Province]:
    """The provinces to whose desk people without an account may write.

    An office that has not entered its desk is open too, with the usual days to an answer: nobody has closed it.
    """
    return served_provinces().exclude(service_desk__public=False)
