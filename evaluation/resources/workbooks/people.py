"""Accounts that a row names by their user name: those whom the person knows from lists of their own."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Q
from django.utils.translation import gettext as _

from evaluation.models import Membership
from evaluation.rules import scopes

from ..tables.faults import Cause
from ..tables.table import Entry


def accounts(by: User, names: Iterable[str | None]) -> dict[str, User]:
    """{user name: account} of those named that the person may choose: of their lists, or of roles that they read."""
    known = Q(pk__in=Membership.objects.visible_to(by).values("user")) | scopes.visible(by, "user")
    wanted = {name for name in names if name}
    return {user.username: user for user in User.objects.filter(known, username__in=wanted).distinct()}


def account_of(resource: Any, entry: Entry, code: str) -> User | None:
    """The account that a cell names, from `resource.accounts`; None for an empty cell, or after naming the fault."""
    name = entry[code]
    if name is None:
        return None
    if (account := resource.accounts.get(name)) is None:
        sentence = _("No account that you may choose has this user name. Enter the account and its role first.")
        resource.fault(entry, code, Cause.UNKNOWN, sentence)
    return account
