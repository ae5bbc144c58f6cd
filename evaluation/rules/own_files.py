"""A person on two sides: on the files of their own agency or headquarters they are that party only.

An ICT department is an agency of the province and the steward of an indicator; a headquarters lends an evaluator. By
docs/rights.md (embargo) no other membership of the same person counts there, neither to read nor to write.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import User
from django.db.models import Q

from evaluation.enums import Role

from .paths import AGENCY
from .roles import memberships_of

if TYPE_CHECKING:
    from evaluation.models import Membership

FILES = (  # the rows of somebody's file
    "specificlist target feedvalue extension extensionrequest assessment line mark evidence exemption objection "
    "objectionversion hearing visit visitfinding visitfile feedbacksheet transitionlog agencyresult axisresult "
    "councilremark correction cardreceipt nominee letter improvementplan improvementaction actionfile publicity"
).split()
# The way from such a row to its agency; who is assigned to a file is no row that its agency sees.
OF_A_FILE = {name: AGENCY[name] for name in FILES}
OF_A_FILE |= {"assignment": "participation__agency", "transferitem": "assessment__participation__agency"}
OWN_ALONE = "assessment line mark evidence exemption objection objectionversion".split()  # nobody's else are ever shown


def own_agencies(user: User, path: str) -> Q | None:
    """The Q of rows that belong to the person's agencies, to which `path` leads; None where a role sees others too."""
    if user.is_superuser:
        return None
    scope = None
    for member in memberships_of(user):
        if member.role == Role.AGENCY:
            own = Q(**{path: member.agency_id})
        elif member.role == Role.HEADQUARTERS:
            own = Q(**{"headquarters" if path == "pk" else f"{path}__headquarters": member.headquarters_id})
        else:
            return None
        scope = own if scope is None else scope | own
    return scope


def own_files(user: User) -> tuple[set[int], set[int]]:
    """({agency key}, {agency key}): the agencies for which the person reports, and those of their headquarters.

    Read once and kept on the user object beside the memberships; `roles.forget` drops it.
    """
    if not hasattr(user, "_own_files"):
        memberships = memberships_of(user)
        reported = {member.agency_id for member in memberships if member.role == Role.AGENCY}
        bodies = [member.headquarters for member in memberships if member.role == Role.HEADQUARTERS]
        below = set()
        if len(memberships) > 1:  # nobody with one membership can be on two sides
            below = {key for body in bodies for key in body.agencies.values_list("pk", flat=True)}
        user._own_files = reported, below
    return user._own_files


def barred(membership: Membership) -> set[int]:
    """Keys of the agencies on whose files this membership counts for nothing, since its person is a party there."""
    if membership.role == Role.AGENCY:
        return set()
    reported, below = own_files(membership.user)
    return reported if membership.role == Role.HEADQUARTERS else reported | below


def is_mpo_for(user: User, agency: int) -> bool:
    """Whether the person is of the provincial organization's staff on the files of this agency (its key)."""
    if user.is_superuser:
        return True
    return any(member.role in Role.mpo() and counts_for(member, agency) for member in memberships_of(user))


def counts_for(membership: Membership, agency: int) -> bool:
    """Whether the membership counts on the files of this agency (its key)."""
    return agency not in barred(membership)
