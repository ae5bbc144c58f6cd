"""A reference to another row is a link for people who may open that row's page; others read its name.

Django links every read-only foreign key, wherever it leads.
"""

from django.contrib import admin
from unfold.fields import UnfoldAdminReadonlyField

from .display import EMPTY, link


def opens(request, row):
    """Whether this person may open the change page of the row; one query, asked once in a request."""
    registered = admin.site._registry.get(type(row))
    if registered is None or not registered.has_view_or_change_permission(request):
        return False
    known = request.__dict__.setdefault("known_links", {})
    key = type(row), row.pk
    if key not in known:
        known[key] = request.user.is_superuser or registered.get_queryset(request).filter(pk=row.pk).exists()
    return known[key]


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
