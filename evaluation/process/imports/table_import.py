"""What the workbooks of small tables write: rows that staff keep by forms, with the rights and log rows of forms."""

from collections.abc import Sequence
from typing import Any

from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Model

from evaluation.models import ImportRun, Province
from evaluation.rules.permissions import holds
from evaluation.rules.roles import memberships_of
from evaluation.rules.shared_rows import SHARED

from ..door import Forbidden


def may_write(by: User, action: str, model: type[Model], province: Province | None) -> bool:
    """Whether the person may `add` or `change` rows of a table in this province (None: rows that all provinces share).

    A right counts from a membership of that province alone, as on forms, which offer the person's own place.
    """
    if by.is_superuser:
        return True
    place = province and province.pk
    here = {membership.role for membership in memberships_of(by) if membership.province_id == place}
    return holds(by, f"{action}_{model._meta.model_name}", among=here)


@transaction.atomic
def write_rows(new: Sequence[Model], changed: Sequence[tuple[Model, Sequence[str]]], *, by: User) -> None:
    """Save rows of one table, and note each in the log of forms. `changed` is [(row, names of its changed fields)].

    The right is asked of each row as it stands and as it is saved. Raises Forbidden.
    """
    for row, _names in changed:
        check(by, "change", row)
    for row in (*new, *(row for row, _names in changed)):
        row.save()
    for row in new:
        check(by, "add", row)
        note(row, by=by)
    for row, names in changed:
        check(by, "change", row)
        note(row, by=by, names=names)


def check(by: User, action: str, row: Model) -> None:
    """Raise Forbidden for a row that the person may not write so."""
    codename = f"{action}_{row._meta.model_name}"
    if not holds(by, codename, row):
        raise Forbidden(codename)


def note(row: Model, *, by: User, names: Sequence[str] | None = None) -> None:
    """A row in the log of forms, as a form would write it: an addition, or a change of the named fields."""
    if names is None:
        LogEntry.objects.log_actions(by.pk, [row], ADDITION, [{"added": {}}], single_object=True)
        return
    labels = [str(row._meta.get_field(name).verbose_name) for name in names]
    LogEntry.objects.log_actions(by.pk, [row], CHANGE, [{"changed": {"fields": labels}}], single_object=True)


def table_open(obj: Any, run: ImportRun) -> None:
    """Raise Forbidden where the person may not write such a row any more: the gate of the undoing."""
    province = obj.province if obj._meta.model_name in SHARED else run.province
    if not may_write(run.asked_by, "add", type(obj), province):
        raise Forbidden(f"add_{obj._meta.model_name}")
