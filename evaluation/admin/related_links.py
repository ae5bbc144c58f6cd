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
    """What one request knows of one table: which keys the person may open, and of which it knows that no other is open.

    `whole`: of all of them; `blocks`: of those of these blocks of MANY keys.
    """

    keys: dict = field(default_factory=dict)
    whole: bool = False
    blocks: set = field(default_factory=set)

    def knows(self, key):
        return self.whole or key in self.keys or key // MANY in self.blocks


def opens(request, row):
    """Whether this person may open the change page of the row; two queries for a table that is not large.

    At the second row of a table the keys of all its rows are read that the person may open; of a large one those of the
    rows that were made beside this one: rows that stand on one page often were made together.
    """
    registered = admin.site._registry.get(type(row))
    if registered is None or not registered.has_view_or_change_permission(request):
        return False
    if request.user.is_superuser or isinstance(row, Province):  # whoever reads provinces reads all (`scopes.rows`)
        return True
    opened = request.__dict__.setdefault("opened", {}).setdefault(type(row), Opened())
    if not opened.knows(row.pk):
        _ask(opened, registered.get_queryset(request).order_by(), row.pk)
    return opened.keys.get(row.pk, False)


def remember_open(request, row):
    """Tell that this person sees the row: only the right to its list is still asked for."""
    request.__dict__.setdefault("opened", {}).setdefault(type(row), Opened()).keys[row.pk] = True


def _ask(opened, rows, key):
    """Ask for the first row alone, for all rows at the second one, then for a block of them."""
    if not opened.keys:
        opened.keys[key] = rows.filter(pk=key).exists()
        return
    if len(opened.keys) == 1:
        keys = list(rows.values_list("pk", flat=True)[: MANY + 1])
        opened.whole = len(keys) <= MANY
        opened.keys |= dict.fromkeys(keys, True)
    if not opened.knows(key):
        block = key // MANY
        near = rows.filter(pk__gte=block * MANY, pk__lt=(block + 1) * MANY)
        opened.keys |= dict.fromkeys(near.values_list("pk", flat=True), True)
        opened.blocks.add(block)


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
