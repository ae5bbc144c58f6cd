"""What people outside the provincial organization may know of a festival (docs/rights.md#embargo).

Agencies and headquarters know of it once nominations open, and read what they nominated themselves. Who wins, and by
which figure others are candidates, nobody outside knows before the winners are announced.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from evaluation.enums import FestivalState, NomineeOrigin, Role

from .paths import FESTIVAL, PROVINCE
from .shared_rows import provinces_of

if TYPE_CHECKING:
    from evaluation.models import Membership

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
