"""The announcements above the pages now, and the questions and answers for a person."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db.models import CharField, DateTimeField, IntegerField, Q, QuerySet, Value
from django.utils import timezone

from evaluation.enums import Role
from evaluation.models import Announcement, Faq
from evaluation.rules import demo_password
from evaluation.rules.roles import memberships_of, roles_of

EXPOSED = "exposed"  # the kind of the warning, which no row carries; sorts before "fault"


def in_force(at: datetime | None = None) -> QuerySet[Announcement]:
    """Announcements shown at `at` (aware datetime; now by default), faults first."""
    at = at or timezone.now()
    rows = Announcement.objects.filter(Q(shown_until=None) | Q(shown_until__gt=at), shown_from__lte=at)
    return rows.order_by("kind", "-shown_from", "-pk")


def announced_to(user: User, at: datetime | None = None) -> QuerySet[Announcement]:
    """What stands above this person's pages: that of their provinces and what is for everybody."""
    rows = in_force(at)
    if user.is_superuser:
        return rows
    return rows.filter(Q(province=None) | Q(province__in=provinces_of(user)))


def texts(rows: QuerySet[Announcement]) -> QuerySet:
    """(kind, text, shown from, key) of announcements."""
    return rows.values_list("kind", "text", "shown_from", "pk")


def texts_for(user: User) -> QuerySet:
    """What stands above this person's pages, one query; staff of the organization are warned of exposed accounts.

    The warning has the kind EXPOSED and no text. Outsiders do not read it: they could log in with that password.
    """
    rows = announced_to(user)
    if not (user.is_superuser or roles_of(user) & set(Role.mpo())):
        return texts(rows)
    warning = demo_password.exposed().values_list(
        Value(EXPOSED, CharField()),
        Value("", CharField()),
        Value(timezone.now(), DateTimeField()),
        Value(0, IntegerField()),
    )
    return texts(rows.order_by()).union(warning).order_by("kind", "-shown_from", "-pk")


def announced_before_login(at: datetime | None = None) -> QuerySet[Announcement]:
    """What stands on the login page at `at` (aware datetime; now by default)."""
    return in_force(at).filter(on_login_page=True)


def answers_for(user: User) -> QuerySet[Faq]:
    """Questions and answers for the person's roles and provinces."""
    if user.is_superuser:
        return Faq.objects.all()
    roles = {membership.role for membership in memberships_of(user)}
    return Faq.objects.filter(Q(province=None) | Q(province__in=provinces_of(user)), Q(role="") | Q(role__in=roles))


def provinces_of(user: User) -> set[int]:
    """The provinces in which a person has a seat, or whose agency or headquarters they work for."""
    provinces = set()
    for membership in memberships_of(user):
        if membership.province_id:
            provinces.add(membership.province_id)
        if membership.agency_id:
            provinces.add(membership.agency.province_id)
        if membership.headquarters_id:
            provinces |= set(membership.headquarters.agencies.order_by().values_list("province_id", flat=True))
    return provinces
