"""A reference to another row is a link for people who may open that row's page; others read its name.

Django links every read-only foreign key, wherever it leads.
"""

from dataclasses import dataclass, field

from django.contrib import admin
from unfold.fields import UnfoldAdminReadonlyField

from evaluation.models import Province

from .display import EMPTY, link

MANY = 500  # rows of a table whose keys are read at once


@dataclass
class Opened:
    """What one request knows of one table: which keys the person may open; `whole`: no other key is open."""

    keys: dict = field(default_factory=dict)
    whole: bool = False


def opens(request, row):
    """Whether this person may open the change page of the row; at most two queries for a table that is not large.

    At the second row of a table the keys of all its rows are read that the person may open.
    """
    registered = admin.site._registry.get(type(row))
    if registered is None or not registered.has_view_or_change_permission(request):
        return False
    if request.user.is_superuser or isinstance(row, Province):  # whoever reads provinces reads all (`scopes.rows`)
        return True
    opened = request.__dict__.setdefault("opened", {}).setdefault(type(row), Opened())
    if row.pk not in opened.keys and not opened.whole:
        rows = registered.get_queryset(request).order_by()
        if len(opened.keys) == 1:
            keys = list(rows.values_list("pk", flat=True)[: MANY + 1])
            opened.whole = len(keys) <= MANY
            opened.keys |= dict.fromkeys(keys, True)
        if not opened.whole and row.pk not in opened.keys:
            opened.keys[row.pk] = rows.filter(pk=row.pk).exists()
    return opened.keys.get(row.pk, False)


def name_or_link(request, row, text=None):
    """The row's name or `text`, linked to its page where the person may open it; "—" for no row."""
    if row is None:
        return EMPTY
    return link(row, text) if opens(request, row) else str(text or row)


def link_of_field(field, remote_field, row):
    """The read-only foreign key of a form; forms carry their request (`base.RefusedMixin`, `base.InlineMixin`)."""
    request = getattr(field.form, "request", None)
    return _theirs(field, remote_field, row) if request is not None and opens(request, row) else str(row)


_theirs, UnfoldAdminReadonlyField.get_admin_url = UnfoldAdminReadonlyField.get_admin_url, link_of_field
