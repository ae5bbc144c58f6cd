"""What stands above the pages now, and the answers that a person is shown."""

from django.db.models import Q
from django.utils import timezone

from evaluation.models import Announcement, Faq
from evaluation.rules.roles import memberships_of


def in_force(at=None):
    """Announcements shown at `at` (aware datetime; now by default), faults first."""
    at = at or timezone.now()
    rows = Announcement.objects.filter(Q(shown_until=None) | Q(shown_until__gt=at), shown_from__lte=at)
    return rows.order_by("kind", "-shown_from", "-pk")


def announced_to(user, at=None):
    """What stands above this person's pages: that of their provinces and what is for everybody."""
    rows = in_force(at)
    if user.is_superuser:
        return rows
    return rows.filter(Q(province=None) | Q(province__in=provinces_of(user)))


def announced_before_login(at=None):
    return in_force(at).filter(on_login_page=True)


def answers_for(user):
    """Questions and answers for the person's roles and provinces."""
    if user.is_superuser:
        return Faq.objects.all()
    roles = {membership.role for membership in memberships_of(user)}
    return Faq.objects.filter(Q(province=None) | Q(province__in=provinces_of(user)), Q(role="") | Q(role__in=roles))


def provinces_of(user):
    """The provinces in which a person has a seat, or whose agency or headquarters they work for."""
    found = set()
    for membership in memberships_of(user):
        if membership.province_id:
            found.add(membership.province_id)
        if membership.agency_id:
            found.add(membership.agency.province_id)
        if membership.headquarters_id:
            found |= set(membership.headquarters.agencies.order_by().values_list("province_id", flat=True))
    return found
