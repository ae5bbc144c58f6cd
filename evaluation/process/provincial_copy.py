"""A province's own copy of a shared row: texts of e-mails and letters, level schemes, process templates."""

from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from evaluation.enums import Role
from evaluation.models import Province
from evaluation.rules.permissions import holds
from evaluation.rules.roles import memberships_of

from .door import Forbidden, Refusal, log

CHILDREN = {  # (relation, field of the parent) of what is copied along
    "levelscheme": ("levels", "scheme"),
    "processtemplate": ("steps", "template"),
    "noticetemplate": None,
    "lettertemplate": None,
    "awardkind": None,
}
BY_KIND = ("noticetemplate", "lettertemplate")  # rows known by their kind, the others by their code


def provinces_to_copy_for(user: User) -> QuerySet[Province]:
    """The provinces of whose staff the person is."""
    return Province.objects.filter(pk__in=[m.province_id for m in memberships_of(user) if m.role in Role.mpo()])


def is_shared(row: Any) -> bool:
    return row.province_id is None


@transaction.atomic
def copy_for_province[Row: Model](row: Row, *, by: User) -> list[Row]:
    """Copy a shared row with its children into each province of the person that has no copy; returns the copies.

    From then on the province's cycles and e-mails take the copy. Raises Refusal where the row is no shared one or every
    province has its copy, Forbidden for people who may not add such rows.
    """
    name = row._meta.model_name
    if not holds(by, f"add_{name}"):
        raise Forbidden(f"add_{name}")
    if not is_shared(row):
        raise Refusal(_("“%(name)s” is a province's own row already: edit it.") % {"name": row})
    key = "kind" if name in BY_KIND else "code"
    taken = type(row).objects.filter(**{key: getattr(row, key)}).exclude(province=None).values("province")
    provinces = provinces_to_copy_for(by).exclude(pk__in=taken)
    copies = [_copy(row, province, by) for province in provinces]
    if not copies:
        raise Refusal(_("Your province has its own copy of “%(name)s” already: edit that one.") % {"name": row})
    return copies


def _copy[Row: Model](row: Row, province: Province, by: User) -> Row:
    children = CHILDREN[row._meta.model_name]
    copy = type(row).objects.get(pk=row.pk)
    copy.pk, copy.province = None, province
    copy.save()
    if children:
        relation, parent = children
        for child in getattr(row, relation).all():
            child.pk = None
            setattr(child, parent, copy)
            child.save()
    log(copy, "copy_for_province", by=by, note=str(row))
    return copy
