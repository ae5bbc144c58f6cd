"""The authentication backend: permissions come from active memberships alone."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import User
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from . import demo_password, roles
from .statements import statement


@statement
def _account(key: int) -> QuerySet[User]:
    """The account with this key."""
    return User.objects.filter(pk=key)


class MembershipBackend(ModelBackend):
    """Permissions come from memberships alone; groups and permissions given to a user directly are ignored."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **credentials: Any
    ) -> User | None:
        """As Django's; who logs in with the demo password is remembered, so that everybody is warned."""
        user = super().authenticate(request, username=username, password=password, **credentials)
        if user is not None and password == demo_password.PASSWORD and not demo_password.is_marked(user):
            demo_password.mark(user)
        return user

    def get_user(self, user_id: int) -> User | None:
        """As Django's, which writes the statement anew for every request; None for an account that may not log in."""
        accounts = _account.objects(user_id)
        return accounts[0] if accounts and self.user_can_authenticate(accounts[0]) else None

    def get_user_permissions(self, user_obj: User, obj: Model | None = None) -> set[str]:
        """None: permissions given to a user directly count for nothing."""
        return set()

    def get_group_permissions(self, user_obj: User, obj: Model | None = None) -> set[str]:
        """All permissions, since every one comes from the group of a role."""
        return self.get_all_permissions(user_obj, obj)

    def get_all_permissions(self, user_obj: User, obj: Model | None = None) -> set[str]:
        """{"app.codename"} of all roles together; all permissions for a superuser, none for one object."""
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return set()
        if user_obj.is_superuser:
            return super()._get_permissions(user_obj, obj, "user")
        return set().union(*roles.role_permissions(user_obj).values())
