"""The public password of the demo accounts, and how an account that has it is recognised without hashing.

A salted hash cannot be compared with a password by a query, and hashing costs a fraction of a second an account. So the
password's hash has one salt of its own, which a query finds. An account whose hash of it has another salt (made by
hand, or hashed anew by Django) gets ours when it logs in and when the product starts.
"""

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.models import User
from django.db.models import Q, QuerySet

PREFIX = "demo-"  # of the demo accounts' names
PASSWORD = "demo"
SALT = "demoPasswordKnownToAll0"  # as long as Django's own, which it would replace when they are shorter
EXPOSED = Q(is_active=True, password__contains=f"${SALT}$")  # accounts that anybody can open
MAX_COMPARED = 50  # hashes: each comparison costs a fraction of a second


def hashed() -> str:
    """The hash of the demo password that a query recognises; costs a fraction of a second."""
    return make_password(PASSWORD, salt=SALT)


def is_marked(user: User) -> bool:
    return f"${SALT}$" in user.password


def mark(*users: User) -> None:
    """Give accounts that have the demo password the hash that is recognised."""
    password = hashed()
    get_user_model().objects.filter(pk__in=[user.pk for user in users]).update(password=password)
    for user in users:
        user.password = password


def mark_unmarked() -> None:
    """Mark what `unmarked` finds; when the product starts."""
    if users := unmarked():
        mark(*users)


def exposed() -> QuerySet[User]:
    """Active accounts with the demo password, as far as one query knows."""
    return get_user_model().objects.filter(EXPOSED)


def unmarked() -> list[User]:
    """Demo accounts and system administrators whose hash has another salt and is that of the demo password.

    Other people cannot have chosen it: every form refuses passwords that are shorter than eight characters. Accounts
    that were made together share a hash, which is compared once.
    """
    likely = Q(username__startswith=PREFIX) | Q(is_superuser=True)
    users = get_user_model().objects.filter(likely, is_active=True).exclude(EXPOSED).order_by("-is_superuser", "pk")
    by_hash: dict[str, list[User]] = {}
    for user in users:
        by_hash.setdefault(user.password, []).append(user)
    compared = list(by_hash.items())[:MAX_COMPARED]
    return [user for password, owners in compared if check_password(PASSWORD, password) for user in owners]
