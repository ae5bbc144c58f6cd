"""Who may take which step: a codename, a place that covers the object, and whose step it is.

MPO staff may take an outside party's step on its behalf; `own` and `behalf` keep the two apart.
"""

from __future__ import annotations

from collections.abc import Collection
from enum import Enum
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import User
from django.db.models import Model

from evaluation.enums import DimensionKind, Role, Scorer, Sender, TransferDirection

from . import roles, scopes
from .seats import seats_of
from .shared_rows import may_write

if TYPE_CHECKING:
    from evaluation.models import Assessment


def holds(user: User | None, codename: str, obj: Model | None = None, *, among: Collection[Role] | None = None) -> bool:
    """Whether an active membership of `user` carries `codename` at a place that covers `obj`.

    `among` limits the roles that count.
    """
    if not (user and user.is_active):
        return False
    if user.is_superuser:
        return True
    granted = roles.role_permissions(user)
    return any(
        f"evaluation.{codename}" in granted.get(membership.role, ())
        and scopes.covers(membership, obj)
        and (obj is None or obj.pk is None or may_write(membership, codename, obj))
        for membership in roles.memberships_of(user)
        if among is None or membership.role in among
    )


def roles_with(user: User, *codenames: str) -> set[str]:
    """The roles of `user` that carry one of these codenames, wherever."""
    wanted = {f"evaluation.{codename}" for codename in codenames}
    return {role for role, granted in roles.role_permissions(user).items() if not wanted.isdisjoint(granted)}


class May:
    """Permission of a transition. `party` is the outside role whose step it is; None: the MPO's own step."""

    def __init__(self, codename: str, *, party: Role | None = None) -> None:
        self.codename = codename
        self.party = party

    def __call__(self, instance: Any, user: User | None) -> bool:
        return self.own(instance, user) or self.behalf(instance, user)

    def party_of(self, instance: Any) -> Role | None:
        """The outside role whose step it is on this object, or None."""
        return self.party

    def own(self, instance: Any, user: User | None) -> bool:
        """Whether the person may take the step in their own right."""
        return holds(user, self.codename, instance)

    def behalf(self, instance: Any, user: User | None) -> bool:
        """Only MPO staff, and only an outside party's step."""
        return bool(self.party_of(instance)) and holds(user, "act_on_behalf", instance)


def may(codename: str, *, party: Role | None = None) -> May:
    """The permission of a transition, for the declarations of models."""
    return May(codename, party=party)


class TheSender(Enum):
    """A party of a transfer: whom the cycle's setting names."""

    THE_SENDER = "the sender"


THE_SENDER = TheSender.THE_SENDER
SENDER_ROLE = {Sender.AGENCY: Role.AGENCY, Sender.HEADQUARTERS: Role.HEADQUARTERS, Sender.MPO: None}


class MaySend(May):
    """Who forwards approved files is a setting of the cycle."""

    def party_of(self, instance: Any) -> Role | None:
        """The role that the cycle's setting names as sender, or None for the MPO."""
        return SENDER_ROLE[Sender(instance.cycle.sender)]

    def own(self, instance: Any, user: User | None) -> bool:
        """Whether the person is of the sender's side and has the right."""
        party = self.party_of(instance)
        return holds(user, self.codename, instance, among=[party] if party else Role.mpo())


class MayMoveTransfer(May):
    """Each direction has its own sender and receiver.

    `parties` gives the role per direction: None for the MPO, THE_SENDER for whom the cycle's setting names.
    """

    def __init__(self, codename: str, parties: dict[TransferDirection, Role | TheSender | None]) -> None:
        super().__init__(codename)
        self.parties = parties

    def party_of(self, instance: Any) -> Role | None:
        """The role on this side of the transfer's direction, or None for the MPO."""
        party = self.parties[TransferDirection(instance.direction)]
        return SENDER_ROLE[Sender(instance.cycle.sender)] if party is THE_SENDER else party

    def own(self, instance: Any, user: User | None) -> bool:
        """Whether the person is of this side and has the right."""
        party = self.party_of(instance)
        return holds(user, self.codename, instance, among=[party] if party else Role.mpo())


class MayFinishScoring(May):
    """The lead of a group that scores in this dimension, or the MPO."""

    def own(self, instance: Any, user: User | None) -> bool:
        """Whether the person is of the MPO, or leads a group here, and has the right."""
        if holds(user, self.codename, instance, among=Role.mpo()):
            return True
        return holds(user, self.codename, instance, among=[Role.EVALUATOR]) and leads(user, instance)


class MayDecide(May):
    """MPO staff alone decide objections on a steward's or an outside system's line (docs/process.md#objections)."""

    def own(self, instance: Any, user: User | None) -> bool:
        """Whether the person may decide this objection."""
        evaluators_may = instance.line.indicator.scorer == Scorer.EVALUATOR
        return holds(user, self.codename, instance, among=None if evaluators_may else Role.mpo())


class MayReceiveLetter(May):
    """The body that a letter is addressed to: the council, an agency or its headquarters."""

    def party_of(self, instance: Any) -> Role | None:
        """The role of the addressee."""
        return Role(instance.addressee)

    def own(self, instance: Any, user: User | None) -> bool:
        """Whether the person is of the addressee and has the right."""
        return holds(user, self.codename, instance, among=[Role(instance.addressee)])


def leads(user: User, assessment: Assessment) -> bool:
    """Whether the user leads a group that scores in this assessment's dimension."""
    specific = assessment.dimension.kind == DimensionKind.SPECIFIC
    return any(
        seat.lead
        and seat.cycle == assessment.participation.cycle_id
        and (seat.covers_specific if specific else assessment.dimension_id in seat.dimension_of_axis.values())
        for seat in seats_of(user)
    )


may_send = MaySend("send_assessment")
may_finish_scoring = MayFinishScoring("finish_scoring")
may_decide = MayDecide("decide_objection")
may_send_transfer = MayMoveTransfer(
    "send_transfer",
    {
        TransferDirection.TO_ARO: THE_SENDER,
        TransferDirection.TO_MPO: Role.NATIONAL,
        TransferDirection.REPORT: None,
        TransferDirection.FESTIVAL: None,
    },
)
may_receive_transfer = MayMoveTransfer(
    "receive_transfer",
    {
        TransferDirection.TO_ARO: Role.NATIONAL,
        TransferDirection.TO_MPO: None,
        TransferDirection.REPORT: Role.NATIONAL,
        TransferDirection.FESTIVAL: Role.NATIONAL,
    },
)
may_supersede_transfer = May("supersede_transfer")
may_receive_letter = MayReceiveLetter("receive_letter")
