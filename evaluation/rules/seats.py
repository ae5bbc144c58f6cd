"""A person's seats in evaluator groups: what each group scores, as keys, in two queries.

Read once and kept on the user object, beside the memberships; `roles.forget` drops them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import BigIntegerField, F, Value
from django.db.models.functions import Cast

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.db.models import QuerySet


@dataclass
class Seat:
    """Keys of what one seat is for. No agencies: all of the cycle. No participations: all of the group's."""

    cycle: int
    province: int
    lead: bool
    covers_specific: bool
    dimension_of_axis: dict[int, int] = field(default_factory=dict)
    agencies: set[int] = field(default_factory=set)
    participations: set[int] = field(default_factory=set)


def seats_of(user: User) -> list[Seat]:
    """The person's seats, of all cycles."""
    if not hasattr(user, "_seats"):
        user._seats = _read(user)
    return user._seats


def _read(user: User) -> list[Seat]:
    columns = "pk", "group__cycle", "group__cycle__province", "lead", "group__covers_specific"
    seats = {key: Seat(*rest) for key, *rest in user.evaluators.order_by("pk").values_list(*columns)}
    for key, axis, dimension, agency, participation in _parts(user) if seats else ():
        if axis:
            seats[key].dimension_of_axis[axis] = dimension
        elif agency:
            seats[key].agencies.add(agency)
        else:
            seats[key].participations.add(participation)
    return list(seats.values())


def _parts(user: User) -> QuerySet[Any, tuple[int | None, ...]]:
    """(seat, axis, dimension of the axis, agency, participation): axis, agency or participation is given."""
    none = Cast(Value(None), BigIntegerField())  # PostgreSQL takes a bare NULL in a union for a text
    seats = user.evaluators.order_by()

    def rows(path: str, axis: Any = none, dimension: Any = none, agency: Any = none, participation: Any = none) -> Any:
        rows = seats.filter(**{f"{path}__isnull": False})
        return rows.annotate(axis=axis, dimension=dimension, agency=agency, participation=participation).values_list(
            "pk", "axis", "dimension", "agency", "participation"
        )

    axes = rows("group__axes", axis=F("group__axes"), dimension=F("group__axes__dimension"))
    agencies = rows("group__agencies", agency=F("group__agencies"))
    return axes.union(agencies, rows("assignments", participation=F("assignments__participation")), all=True)
