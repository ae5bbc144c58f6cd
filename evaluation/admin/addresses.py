"""Addresses of lists and pages that may not exist for this person, or not yet."""

from django.contrib import admin
from django.urls import NoReverseMatch, reverse

from backoffice.row_addresses import row_address
from evaluation.rules import paths

MAX_KEY_DIGITS = 18  # digits that every database takes


def list_url(request, model, **lookups):
    """The list of `model` narrowed by `lookups`; "" for people who may not open it. Unknown filters are left out."""
    registered = admin.site._registry.get(model)
    if registered is None or not registered.has_view_or_change_permission(request):
        return ""
    allowed = {
        name: str(value) for name, value in lookups.items() if registered.lookup_allowed(name, str(value), request)
    }
    return reverse(f"admin:evaluation_{model._meta.model_name}_changelist", query=allowed or None)


def key_named(request, name):
    """The key of a row that the address names by this parameter; None for anything that cannot be one."""
    text = request.GET.get(name, "")
    return int(text) if is_key(text) else None


def is_key(text):
    return text.isdecimal() and len(text) <= MAX_KEY_DIGITS


def page_url(name, *args):
    """The page `admin:evaluation_<name>`, or "" when there is none."""
    try:
        return row_address(f"admin:evaluation_{name}", *args) if args else reverse(f"admin:evaluation_{name}")
    except NoReverseMatch:
        return ""


def of_cycle(model, cycles):
    """The filter of a list for the cycle, where there is just one."""
    path = paths.CYCLE.get(model._meta.model_name)
    return {f"{path}__id__exact": cycles[0].pk} if len(cycles) == 1 and path not in (None, "pk") else {}
