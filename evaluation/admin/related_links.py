"""A reference to another row is a link for people who may open that row's page; others read its name.

Django links every read-only foreign key, wherever it leads.
"""

from django.contrib import admin
from unfold.fields import UnfoldAdminReadonlyField

from .display import EMPTY, link

MANY = 500  # rows of a table whose keys are read at once


def opens(request, row):
    """Whether this person may open the change page of the row; at most two queries for a table that is not large.

    At the second row of a table the keys of all its rows are read that the person may open.
    """
    registered = admin.site._registry.get(type(row))
    if registered is None or not registered.has_view_or_change_permission(request):
        return False
    if request.user.is_superuser:
        return True
    known = request.__dict__.setdefault("known_links", {}).setdefault(type(row), {})
    if row.pk not in known:
        rows = registered.get_queryset(request).order_by()
        whole = list(rows.values_list("pk", flat=True)[: MANY + 1]) if len(known) == 1 else None
        if whole is not None and len(whole) <= MANY:
            request.known_links[type(row)] = known = dict.fromkeys(whole, True)
            known[None] = False  # every other row of this table is closed
        elif None not in known:
            known[row.pk] = rows.filter(pk=row.pk).exists()
    return known.get(row.pk, False)


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
