"""A person as an argument of a Statement: the text of a scope follows from roles, seats, and which keys are equal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NoReturn

from django.contrib.auth.models import User
from django.db import DEFAULT_DB_ALIAS

from evaluation.enums import Role

from .own_files import own_files
from .roles import memberships_of
from .seats import Seat, seats_of
from .statements import Argument, Call

if TYPE_CHECKING:
    from evaluation.models import Membership

PLACES = ("province", "agency", "headquarters", "partner")


class PersonArgument(Argument):
    """A user for whom `scopes.visible` and its kin are written into a Statement."""

    def __init__(self, user: Any) -> None:
        self.user = user
        self.memberships = memberships_of(user)
        self.seats: list[Seat] | Unknown = Unknown()
        if any(membership.role == Role.EVALUATOR for membership in self.memberships):
            self.seats = seats_of(user)

    def take_keys(self, call: Call) -> None:
        for constant in (self.user.is_active, self.user.is_superuser, len(self.memberships)):
            call.take_constant(constant)
        call.take("user", self.user.pk)
        for membership in self.memberships:
            call.take_constant(str(membership.role))
            call.take("membership", membership.pk)
            for place in PLACES:
                call.take(place, getattr(membership, f"{place}_id"))
                if (where := getattr(membership, place)) is not None:
                    call.take("province", getattr(where, "province_id", None))
        for agencies in own_files(self.user):
            call.take_all("agency", agencies)
        for seat in () if isinstance(self.seats, Unknown) else self.seats:
            call.take_constant((seat.lead, seat.covers_specific))
            call.take("cycle", seat.cycle)
            call.take("province", seat.province)
            call.take_all("axis", seat.dimension_of_axis)
            call.take_all("dimension", seat.dimension_of_axis.values())
            call.take_all("agency", seat.agencies)
            call.take_all("participation", seat.participations)

    def with_stand_ins(self, call: Call) -> User:
        """A user with memberships, places and seats of stand-ins. Whatever else is asked of it fails."""
        person: Any = User.from_db(DEFAULT_DB_ALIAS, ["id"], [call.of("user", self.user.pk)])
        person.is_active, person.is_superuser = self.user.is_active, self.user.is_superuser
        person._active_memberships = [membership_of(person, membership, call) for membership in self.memberships]
        person._own_files = tuple({call.of("agency", key) for key in agencies} for agencies in own_files(self.user))
        person._role_permissions = Unknown()
        known = None if isinstance(self.seats, Unknown) else self.seats
        person._seats = Unknown() if known is None else [seat_of(seat, call) for seat in known]
        return person


class Unknown:
    """What a stand-in of a person does not know."""

    def __getattr__(self, name: str) -> NoReturn:
        raise TypeError("The form of a statement follows from roles, places and seats alone.")

    def __iter__(self) -> NoReturn:
        raise TypeError("Nobody asked for the seats of this person.")


def membership_of(person: User, membership: Membership, call: Call) -> Membership:
    columns = {"id": call.of("membership", membership.pk), "user_id": person.pk, "role": membership.role}
    columns |= {f"{place}_id": call.of(place, getattr(membership, f"{place}_id")) for place in PLACES}
    own: Any = loaded(type(membership), columns)
    own._state.fields_cache["user"] = person
    for name in PLACES:
        if (place := getattr(membership, name)) is not None:
            own._state.fields_cache[name] = place_of(name, place, call)
    return own


def place_of(kind: str, place: Any, call: Call) -> Any:
    columns = {"id": call.of(kind, place.pk)}
    if hasattr(place, "province_id"):
        columns["province_id"] = call.of("province", place.province_id)
    return loaded(type(place), columns)


def loaded(model: Any, columns: dict[str, Any]) -> Any:
    """An object with these columns alone: the others would be read, which the making of a form refuses."""
    names: Sequence[str] = [field.attname for field in model._meta.concrete_fields if field.attname in columns]
    return model.from_db(DEFAULT_DB_ALIAS, names, [columns[name] for name in names])


def seat_of(seat: Seat, call: Call) -> Seat:
    axes = {call.of("axis", axis): call.of("dimension", key) for axis, key in seat.dimension_of_axis.items()}
    agencies = {call.of("agency", key) for key in seat.agencies}
    participations = {call.of("participation", key) for key in seat.participations}
    cycle, province = call.of("cycle", seat.cycle), call.of("province", seat.province)
    return Seat(cycle, province, seat.lead, seat.covers_specific, axes, agencies, participations)
