"""Who may be given a role where, and accounts that are made with their first role."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from evaluation.enums import Role
from evaluation.models import Membership
from evaluation.rules import scopes
from evaluation.rules.permissions import holds
from evaluation.rules.roles import PLACE_OF_ROLE

from ..door import Forbidden


def why_not(role: str | None, places: Mapping[str, Any], *, by: User) -> Iterator[tuple[str, str]]:
    """(field, sentence) of what stands against a role at these places, {field of the membership: place}."""
    wanted = PLACE_OF_ROLE.get(Role(role)) if role else None
    if wanted and not places.get(wanted):
        yield wanted, _("This role needs it.")
    partner = places.get("partner")
    if role == Role.STEWARD and partner and partner.province_id is None and not by.is_superuser:
        yield (
            "partner",
            _(
                "This body is shared by all provinces, and only the system administrator gives it an account. "
                "Choose a body of your province, or add one."
            ),
        )


def choosable(by: User, users: Collection[User]) -> set[int]:
    """The keys of those accounts to which the person may give a role.

    They are the people whose roles the person reads, and accounts that nobody has used yet and that have no role.
    """
    keys = [user.pk for user in users]
    known = User.objects.filter(pk__in=keys)
    if by.is_superuser:
        return {user.pk for user in known}
    of_lists = known.filter(scopes.visible(by, "user"))
    of_roles = known.filter(pk__in=Membership.objects.visible_to(by).values("user"))
    unused = known.filter(memberships=None, last_login=None, is_superuser=False)
    return {key for rows in (of_lists, of_roles, unused) for key in rows.values_list("pk", flat=True)}


@transaction.atomic
def open_accounts(accounts: Sequence[User], *, by: User) -> None:
    """Save new accounts, which nobody can log in with before a password is given. Raises Forbidden."""
    if accounts and not holds(by, "add_membership"):
        raise Forbidden("add_membership")
    for account in accounts:
        account.set_unusable_password()
        account.save()
