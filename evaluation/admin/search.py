"""Ctrl+K over rows: a few of the lists that people look things up in, each within the person's own scope."""

from django.apps import apps
from django.contrib import admin
from django.urls import reverse
from unfold.dataclasses import SearchResult

SEARCHED = ("cycle", "agency", "headquarters", "indicator", "assessment", "objection", "transfer", "membership")
PER_LIST = 5
LONGEST = 100


def rows_like(request, words):
    """Unfold's `COMMAND.search_callback`: at most PER_LIST rows of each searched list."""
    return [result for name in SEARCHED for result in _rows(request, name, words[:LONGEST])]


def _rows(request, name, words):
    model = apps.all_models["evaluation"].get(name)
    registered = model and admin.site._registry.get(model)
    if not registered or not registered.has_view_or_change_permission(request):
        return []
    if not registered.get_search_fields(request):
        return []
    found, _duplicates = registered.get_search_results(request, registered.get_queryset(request), words)
    return [
        SearchResult(
            title=str(row),
            description=str(model._meta.verbose_name),
            link=reverse(f"admin:evaluation_{name}_change", args=[row.pk]),
            icon="article",
        )
        for row in found[:PER_LIST]
    ]
