"""Tables whose rows all provinces share, and to which each province adds rows of its own.

A row without a province is shared: it belongs to the national organization and the superuser, everybody reads it. A
province's staff add rows of their province and change only those; other provinces do not see them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db.models import Model, Q

from evaluation.enums import Role

if TYPE_CHECKING:
    from evaluation.models import Membership

SHARED = {  # the way from a row to the one that has the province
    "headquarters": "",
    "partnerbody": "",
    "legalreference": "",
    "externalsystem": "",
    "noticetemplate": "",
    "lettertemplate": "",
    "processtemplate": "",
    "templatestep": "template",
    "levelscheme": "",
    "level": "scheme",
    "awardkind": "",
    "service": "",
    "servicechannel": "service",
    "agreement": "",
    "agreementclause": "agreement",
}
WRITING = ("add_", "change_", "delete_")


def shared_or_own(membership: Membership, model_name: str) -> Q:
    """The Q of the shared rows and those of the membership's provinces."""
    if membership.role == Role.NATIONAL:
        return Q(pk__isnull=False)
    path = f"{SHARED[model_name]}__province" if SHARED[model_name] else "province"
    return Q(**{path: None}) | Q(**{f"{path}__in": provinces_of(membership)})


def provinces_of(membership: Membership) -> Iterable[int]:
    """Keys of the provinces in which the membership has its place."""
    if membership.agency_id:
        return [membership.agency.province_id]
    if membership.headquarters_id:
        return membership.headquarters.agencies.order_by().values("province")
    if membership.partner_id:
        return [membership.partner.province_id] if membership.partner.province_id else []
    return [membership.province_id]


def may_write(membership: Membership, codename: str, obj: Model) -> bool:
    """Whether a right to write counts for this saved row: shared ones are the nation's, others their province's."""
    model_name = obj._meta.model_name
    if model_name not in SHARED or not codename.startswith(WRITING):
        return True
    owner = getattr(obj, SHARED[model_name]) if SHARED[model_name] else obj
    if membership.role == Role.NATIONAL:
        return owner.province_id is None
    return owner.province_id is not None and owner.province_id == membership.province_id
