"""Lines that their steward may not mark, because the steward's people report for the line's own agency."""

from django.db.models import Q

from evaluation.enums import Role, Scorer
from evaluation.models import Membership


def without_steward(lines):
    """The steward lines (of a queryset) that nobody of their steward may mark: staff mark them (docs/rights.md).

    A partner body counts as barred from an agency when each of its active people is also a reporter of that agency.
    """
    people, agencies = {}, {}
    for partner, user in Membership.objects.active().filter(role=Role.STEWARD).values_list("partner", "user"):
        people.setdefault(partner, set()).add(user)
    reporters = Membership.objects.active().filter(role=Role.AGENCY, user__in=set().union(*people.values()))
    for user, agency in reporters.values_list("user", "agency"):
        agencies.setdefault(user, set()).add(agency)
    barred = Q(pk__in=[])
    for partner, users in people.items():
        if own := set.intersection(*(agencies.get(user, set()) for user in users)):
            barred |= Q(indicator__steward=partner, assessment__participation__agency__in=own)
    return lines.filter(barred, indicator__scorer=Scorer.STEWARD)
