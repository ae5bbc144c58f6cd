"""What people outside the provincial organization may know of a festival (docs/rights.md#embargo).

Agencies and headquarters know of it once nominations open, and read what they nominated themselves. Who wins, and by
which figure others are candidates, nobody outside knows before the winners are announced.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from evaluation.enums import FestivalState, NomineeOrigin, Role

from .paths import FESTIVAL, PROVINCE
from .roles import memberships_of
from .shared_rows import provinces_of

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from evaluation.models import Award, Membership

AFTER_OPENING = [str(state) for state in FestivalState if state != FestivalState.PREPARING]
ANNOUNCED = [str(state) for state in FestivalState.winners_known()]


def of_a_festival(membership: Membership, model_name: str) -> Q:
    """The Q of rows of a model of `paths.FESTIVAL` that one membership outside the provincial organization sees."""
    nominates = membership.role in (Role.AGENCY, Role.HEADQUARTERS)
    if model_name == "nominee":
        return own_nominations(membership) if nominates else Q(pk__in=[])
    known = AFTER_OPENING if nominates and model_name == "festival" else ANNOUNCED
    scope = Q(**{f"{FESTIVAL[model_name]}__in": known})
    if membership.role == Role.NATIONAL:
        return scope
    return scope & Q(**{f"{PROVINCE[model_name]}__in": provinces_of(membership)})


def own_nominations(membership: Membership) -> Q:
    """What the agency of the membership nominated, or the agencies below its headquarters."""
    if membership.role == Role.AGENCY:
        return Q(origin=NomineeOrigin.AGENCY, agency=membership.agency_id)
    return Q(origin=NomineeOrigin.AGENCY, agency__headquarters=membership.headquarters_id)


def is_of_their_agency(user: User, award: Award) -> bool:
    """Whether the person reports for the agency of an award, or belongs to its headquarters."""
    agency = award.nominee.agency
    if agency is None:
        return False
    return any(
        (member.role == Role.AGENCY and member.agency_id == agency.pk)
        or (member.role == Role.HEADQUARTERS and member.headquarters_id == agency.headquarters_id)
        for member in memberships_of(user)
    )


def may_have_certificate(user: User, award: Award) -> bool:
    """Whether the person may take the certificate of an award: its own agency does, once the winners are announced."""
    return award.nominee.festival.state in FestivalState.winners_known() and is_of_their_agency(user, award)
