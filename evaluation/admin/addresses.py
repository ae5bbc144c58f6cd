"""Addresses of lists and pages that may not exist for this person, or not yet."""

from django.contrib import admin
from django.urls import NoReverseMatch, reverse


def list_url(request, model, **lookups):
    """The list of `model` narrowed by `lookups`; "" for people who may not open it. Unknown filters are left out."""
    registered = admin.site._registry.get(model)
    if registered is None or not registered.has_view_or_change_permission(request):
        return ""
    allowed = {
        name: str(value) for name, value in lookups.items() if registered.lookup_allowed(name, str(value), request)
    }
    return reverse(f"admin:evaluation_{model._meta.model_name}_changelist", query=allowed or None)


def page_url(name, *args):
    """The page `admin:evaluation_<name>`, or "" when there is none."""
    try:
        return reverse(f"admin:evaluation_{name}", args=args)
    except NoReverseMatch:
        return ""
