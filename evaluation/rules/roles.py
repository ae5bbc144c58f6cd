"""What a person's memberships give: the one source of every right.

Read once per request and kept on the user object, as Django keeps its permissions.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from django.contrib.auth.models import Permission, User
from django.db.models import QuerySet
from django.utils import timezone

from evaluation.enums import Role

from .statements import statement

if TYPE_CHECKING:
    from evaluation.models import Membership, Province

SCHEDULER = "scheduler"  # the account by which scheduled work acts; nobody logs in with it


@dataclass
class Answers:
    """What has been asked of one membership: `covered`, by (model name, key)."""

    covered: dict[tuple[str, int], bool] = field(default_factory=dict)


# The roles that a province's staff give: those within it. Whose people see other provinces is the superuser's to give.
GIVEN_BY_STAFF = (*Role.provincial(), Role.STEWARD, Role.AGENCY)
PLACE_OF_ROLE = {  # the field of a membership that a role needs
    Role.AGENCY: "agency",
    Role.HEADQUARTERS: "headquarters",
    Role.STEWARD: "partner",
    **dict.fromkeys(Role.provincial(), "province"),
}


def memberships_of(user: User) -> list[Membership]:
    """The active memberships of a user, with their places."""
    if not hasattr(user, "_active_memberships"):
        active = _active_memberships.objects(user.pk, timezone.localdate())
        for membership in active:
            membership.user = user.memberships.instance
        user._active_memberships = active
    return user._active_memberships


@statement
def _active_memberships(user: int, day: date) -> QuerySet[Membership]:
    return User(pk=user).memberships.on_day(day).select_related("province", "agency", "headquarters", "partner")


def roles_of(user: User) -> set[Role]:
    """The roles of a user's active memberships."""
    return {Role(membership.role) for membership in memberships_of(user)}


def role_permissions(user: User) -> dict[str, set[str]]:
    """{role: {"app.codename"}} of the user's roles, from the groups that the fixture loads."""
    if not hasattr(user, "_role_permissions"):
        granted: dict[str, set[str]] = {}
        for role, app, codename in _permissions.rows(tuple(sorted(str(role) for role in roles_of(user)))):
            granted.setdefault(role, set()).add(f"{app}.{codename}")
        user._role_permissions = granted
    return user._role_permissions


@statement
def _permissions(role_names: tuple[str, ...]) -> QuerySet[Permission, tuple[str, str, str]]:
    rows = Permission.objects.filter(group__name__in=role_names).order_by()
    return rows.values_list("group__name", "content_type__app_label", "codename")


def forget(user: User) -> None:
    """Read the memberships again at the next question."""
    for name in ("_active_memberships", "_role_permissions", "_own_files", "_seats"):
        user.__dict__.pop(name, None)


def limit_to(user: User, province: Province) -> None:
    """Count no memberships of this user object but those of one province, until they are forgotten."""
    here = [membership for membership in memberships_of(user) if membership.province_id == province.pk]
    user._active_memberships = here


def is_mpo(user: User) -> bool:
    """Whether the user is of a provincial organization's own staff, or the superuser."""
    return user.is_superuser or any(role in Role.mpo() for role in roles_of(user))
