"""The demo province's accounts: how their names begin and their one password, for who makes and who prints them."""

from django.contrib.auth import get_user_model

from evaluation.enums import Role
from evaluation.models import Membership

DEMO_PREFIX = "demo-"
DEMO_PASSWORD = "demo"


def demo_accounts():
    """(role, user name, password): the first demo account of each role, in the order of Role, then the superuser.

    Empty where no demo province was made, and without accounts whose password was changed or that were switched off.
    """
    active = Membership.objects.filter(active=True, user__username__startswith=DEMO_PREFIX, user__is_active=True)
    by_role = {}
    for membership in active.select_related("user").order_by("pk"):
        if membership.role not in by_role and membership.user.check_password(DEMO_PASSWORD):
            by_role[membership.role] = membership.user.username
    accounts = [(role.value, by_role[role], DEMO_PASSWORD) for role in Role if role in by_role]
    root = get_user_model().objects.filter(is_superuser=True, is_active=True, username__startswith=DEMO_PREFIX).first()
    if root and root.check_password(DEMO_PASSWORD):
        accounts.append(("superuser", root.username, DEMO_PASSWORD))
    return accounts
