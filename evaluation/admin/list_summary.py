"""What the filters and the pages of a list ask of all its rows, by one query: counts, first and last moments."""

from django.db.models import Count, Max, Min


class ListSummary:
    """The rows of a list as its person sees them, before any filter: how many by each counted field, and their periods.

    `counted` and `periods` are the paths of the fields that the filters of the list ask for.
    """

    def __init__(self, queryset, counted, periods):
        spans = {f"first_{path}": Min(path) for path in periods} | {f"last_{path}": Max(path) for path in periods}
        joined = queryset.query.group_by is not None  # a column counts rows of another table: a row stands there often
        rows = Count("pk", distinct=joined)
        if counted:
            self.groups = list(queryset.order_by().values(*counted).annotate(rows_of_list=rows, **spans))
        else:
            self.groups = [queryset.order_by().aggregate(rows_of_list=rows, **spans)]

    @property
    def total(self):
        return sum(group["rows_of_list"] for group in self.groups)

    def counts(self, path):
        """{value of the field: rows of the list that have it}."""
        counts = {}
        for group in self.groups:
            counts[group[path]] = counts.get(group[path], 0) + group["rows_of_list"]
        return counts

    def span(self, path):
        """{"first": …, "last": …} of a moment or a day; both None in an empty list."""
        firsts, lasts = (
            [group[f"{end}_{path}"] for group in self.groups if group[f"{end}_{path}"] is not None]
            for end in ("first", "last")
        )
        return {"first": min(firsts, default=None), "last": max(lasts, default=None)}


def summary_of(request, model_admin):
    """The ListSummary of a list, read once in a request."""
    known = request.__dict__.setdefault("list_summaries", {})
    if model_admin not in known:
        filters = [entry for entry in model_admin.get_list_filter(request) if isinstance(entry, (list, tuple))]
        counted = [path for path, kind in filters if getattr(kind, "is_counted", False)]
        periods = [path for path, kind in filters if getattr(kind, "is_period", False)]
        known[model_admin] = ListSummary(model_admin.get_queryset(request), counted, periods)
    return known[model_admin]
