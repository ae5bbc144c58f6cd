"""Lines that their steward may not mark, because the steward's people report for the line's own agency."""

from django.db.models import Exists, OuterRef

from evaluation.enums import Role, Scorer
from evaluation.models import Membership


def without_steward(lines):
    """The steward lines (of a queryset) that nobody of their steward may mark: staff mark them (docs/rights.md).

    A partner body counts as barred from an agency when each of its active people is also a reporter of that agency.
    """
    active = Membership.objects.active().order_by()
    people = active.filter(role=Role.STEWARD, partner=OuterRef("indicator__steward"))
    reporters = active.filter(role=Role.AGENCY, agency=OuterRef(OuterRef("assessment__participation__agency")))
    free = people.exclude(user__in=reporters.values("user"))
    return lines.filter(Exists(people), ~Exists(free), indicator__scorer=Scorer.STEWARD)
