"""The announcements above the pages now, and the questions and answers for a person."""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db.models import BigIntegerField, CharField, Count, DateTimeField, Exists, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone

from evaluation.enums import Role
from evaluation.models import Announcement, Faq, Notice
from evaluation.rules import demo_password
from evaluation.rules.person_argument import PersonArgument
from evaluation.rules.roles import memberships_of, roles_of
from evaluation.rules.statements import statement

EXPOSED = "exposed"  # the kind of the warning, which no row carries; sorts before "fault"
UNREAD = "unread"  # the kind of the row that counts the person's unread notices, which no announcement carries


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
    return rows.filter(of_own_provinces(user))


def texts(rows: QuerySet[Announcement]) -> QuerySet:
    """(kind, text, shown from, key) of announcements."""
    return rows.values_list("kind", "text", "shown_from", "pk")


def texts_for(user: User) -> list[tuple[Any, ...]]:
    """What stands above this person's pages, and the number of their unread notices: one query, for every page.

    (kind, text, shown from as the database gives it, key). The number of notices is the key of the row of the kind
    UNREAD. Staff of the organization are warned of exposed accounts by a row of the kind EXPOSED. Outsiders do not
    read it: they could log in with that password. Both have no text.
    """
    return _frame.rows(PersonArgument(user), timezone.now())


@statement
def _frame(user: User, now: datetime) -> QuerySet:
    notices = Notice.objects.filter(user=user, read_at=None).order_by().values("user").values(number=Count("*"))
    known = User.objects.filter(pk=user.pk).order_by()
    others = [known.values_list(*_without_text(UNREAD, Coalesce(Subquery(notices), Value(0)), now))]
    if user.is_superuser or roles_of(user) & set(Role.mpo()):
        warned = known.filter(Exists(demo_password.exposed()))
        others.append(warned.values_list(*_without_text(EXPOSED, Value(0), now)))
    return texts(announced_to(user, now).order_by()).union(*others).order_by("kind", "-shown_from", "-pk")


def _without_text(kind: str, key: Any, now: datetime) -> tuple[Any, ...]:
    """The columns of `texts` of a row that is no announcement."""
    return (
        Value(kind, CharField()),
        Value("", CharField()),
        Value(now, DateTimeField()),
        Cast(key, BigIntegerField()),
    )


def announced_before_login(at: datetime | None = None) -> QuerySet[Announcement]:
    """What stands on the login page at `at` (aware datetime; now by default)."""
    return in_force(at).filter(on_login_page=True)


def answers_for(user: User) -> QuerySet[Faq]:
    """Questions and answers for the person's roles and provinces."""
    if user.is_superuser:
        return Faq.objects.all()
    roles = {membership.role for membership in memberships_of(user)}
    return Faq.objects.filter(of_own_provinces(user), Q(role="") | Q(role__in=roles))


def answers_before_login() -> QuerySet[Faq]:
    """Questions and answers that staff show to people without an account."""
    return Faq.objects.filter(before_login=True).select_related("province")


def of_own_provinces(user: User) -> Q:
    """The Q of what is for everybody, and for the provinces in which a person has a seat, or whose agency or
    headquarters they work for.
    """
    own, scope = set(), Q(province=None)
    for membership in memberships_of(user):
        if membership.province_id:
            own.add(membership.province_id)
        if membership.agency_id:
            own.add(membership.agency.province_id)
        if membership.headquarters_id:
            scope |= Q(province__in=membership.headquarters.agencies.order_by().values("province"))
    return scope | Q(province__in=own)
