"""The demo province's accounts and their one password, for who prints them."""

from evaluation.enums import Role
from evaluation.models import Membership
from evaluation.rules import demo_password

DEMO_PREFIX = demo_password.PREFIX
DEMO_PASSWORD = demo_password.PASSWORD


def demo_accounts():
    """(role, user name, password): the first demo account of each role, in the order of Role, then the superuser.

    Empty where no demo province was made, and without accounts whose password was changed or that were switched off.
    """
    found = {*demo_password.exposed(), *demo_password.unmarked()}
    users = {user.pk: user for user in found if user.username.startswith(DEMO_PREFIX)}
    by_role = {}
    for membership in Membership.objects.filter(active=True, user__in=users).order_by("pk"):
        by_role.setdefault(membership.role, users[membership.user_id].username)
    accounts = [(role.value, by_role[role], DEMO_PASSWORD) for role in Role if role in by_role]
    roots = [users[key].username for key in sorted(users) if users[key].is_superuser]
    return accounts + [("superuser", name, DEMO_PASSWORD) for name in roots[:1]]
