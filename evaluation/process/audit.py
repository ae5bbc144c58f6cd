"""Steps taken on behalf of an outside body, and the account by which scheduled work acts."""

from collections.abc import Mapping
from datetime import date

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.core.files import File
from django.utils.translation import gettext as _

from evaluation.enums import BehalfBasis, Role
from evaluation.models import Cycle, Membership, OnBehalf, Province
from evaluation.rules import roles
from evaluation.rules.permissions import holds

from .door import Forbidden, Refusal

SCHEDULER = roles.SCHEDULER


def act_on_behalf(
    cycle: Cycle,
    *,
    role: Role | str,
    body: str,
    letter_number: str,
    letter_date: date | None,
    file: File | None,
    by: User,
) -> OnBehalf:
    """Record the letter by which MPO staff take an outside body's step.

    `file` is an uploaded file, which `files.letters` asks for room. Raises Refusal when anything is missing, Forbidden
    for people outside the MPO.
    """
    if not holds(by, "act_on_behalf", cycle):
        raise Forbidden("act_on_behalf")
    if not (body.strip() and letter_number.strip() and letter_date and file):
        raise Refusal(_("A step on behalf needs the body, the letter's number, its date and its file."))
    return OnBehalf.objects.create(
        cycle=cycle, role=role, body=body, letter_number=letter_number, letter_date=letter_date, file=file, by=by
    )


def by_rule(cycle: Cycle, *, role: Role | str, body: object, by: User) -> OnBehalf:
    """Record the cycle's rule for a silent side, in place of a letter. Returns the OnBehalf."""
    return OnBehalf.objects.create(cycle=cycle, basis=BehalfBasis.RULE, role=role, body=str(body), by=by)


def by_rule_many(places: Mapping[int, tuple[Cycle, object]], *, role: Role | str, by: User) -> dict[int, OnBehalf]:
    """`by_rule` for many rows: {key of a row: its OnBehalf}. `places` is {key: (cycle, body)}."""
    rows = [
        OnBehalf(cycle=cycle, basis=BehalfBasis.RULE, role=role, body=str(body), by=by)
        for cycle, body in places.values()
    ]
    return dict(zip(places, OnBehalf.objects.bulk_create(rows), strict=True))


def scheduler(province: Province) -> User:
    """The account by which scheduled work acts in a province: a real one, with the manager's role and no password.

    The user that is returned has its rights in this province alone.
    """
    user, created = get_user_model().objects.get_or_create(
        username=SCHEDULER, defaults={"first_name": "سامانه", "last_name": "(خودکار)", "is_staff": False}
    )
    if created:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    Membership.objects.get_or_create(user=user, role=Role.MANAGER, province=province)
    roles.forget(user)
    roles.limit_to(user, province)
    return user
