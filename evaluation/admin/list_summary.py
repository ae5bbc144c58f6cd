"""What the filters and the pages of a list ask of all its rows, by one query: counts, choices, periods."""

from django.db.models import Count, Max, Min
from django.utils.timezone import localdate

from evaluation.enums import Role
from evaluation.models import Cycle
from evaluation.rules.paths import STATE
from evaluation.rules.roles import memberships_of

from .chosen_year import chosen_year, narrowed

MAX_COUNTED = 1_000  # rows of a list, for somebody who sees several provinces: twenty pages; filters lead on


class ListSummary:
    """The rows of a list as its person sees them, before any filter but its year: how many, which related rows, and
    their periods.

    `counted`, `related` and `periods` are the paths of the fields that the filters of the list ask for. `row_keys`: the
    keys of these rows where they were read, else None.
    """

    def __init__(self, queryset, counted=(), related=(), periods=(), *, row_keys=None):
        self.row_keys = row_keys
        spans = {f"first_{path}": Min(path) for path in periods} | {f"last_{path}": Max(path) for path in periods}
        joined = queryset.query.group_by is not None  # a column counts rows of another table: a row stands there often
        rows = Count("pk", distinct=True) if joined else Count("*")  # the latter can be answered by an index alone
        paths = list(dict.fromkeys([*counted, *related]))
        if paths:
            self.groups = list(queryset.order_by().values(*paths).annotate(rows_of_list=rows, **spans))
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

    def keys(self, path):
        """The keys of the related rows that occur in the list."""
        return {group[path] for group in self.groups} - {None}

    def span(self, path):
        """{"first": …, "last": …} of a moment or a day; both None in an empty list."""
        firsts, lasts = (
            [group[f"{end}_{path}"] for group in self.groups if group[f"{end}_{path}"] is not None]
            for end in ("first", "last")
        )
        return {"first": min(firsts, default=None), "last": max(lasts, default=None)}


class LongListSummary:
    """A list of more than MAX_COUNTED rows of several provinces, which nobody counts.

    How many rows have a value, and which related rows occur, is not asked: both are None.
    """

    def __init__(self, queryset, user, year=None):
        self.queryset, self.user, self.year, self.total = queryset, user, year, MAX_COUNTED

    def counts(self, path):
        return None

    def keys(self, path):
        return None

    def span(self, path):
        """As of a `ListSummary`, from the two ends of an index for whoever sees all rows.

        For others, and in a list of one year, the database would go through the rows of the whole country to meet their
        first: the years of the cycles that they know until today.
        """
        if self.year is not None or not self.user.is_superuser:
            cycles = Cycle.objects.visible_to(self.user)
            cycles = cycles if self.year is None else cycles.filter(performance_year=self.year)
            first = cycles.aggregate(first=Min("period_start"))["first"]
            return {"first": first, "last": first and max(first, localdate())}
        moments = self.queryset.order_by().filter(**{f"{path}__isnull": False})
        first, last = moments.order_by(path), moments.order_by(f"-{path}")
        return {end: rows.values_list(path, flat=True).first() for end, rows in (("first", first), ("last", last))}


def summary_of(request, model_admin):
    """The summary of a list, read once in a request."""
    known = request.__dict__.setdefault("list_summaries", {})
    if model_admin not in known:
        known[model_admin] = _read(request, model_admin)
    return known[model_admin]


def _read(request, model_admin):
    rows, keys = narrowed(request, model_admin, model_admin.get_queryset(request)), None
    long_list = LongListSummary(rows, request.user, chosen_year(request, model_admin))
    if asks_for_keys(request, model_admin, long_list.year):
        keys = few_keys(rows.order_by(), MAX_COUNTED)
        if keys is None and not sees_one_province(request.user) and reaches_several_provinces(request):
            return long_list
    elif request.user.is_superuser and not counted(request, rows)[1]:
        return long_list
    if keys is not None:
        rows = rows.filter(pk__any_of=keys)
    listed = model_admin.get_list_filter(request)
    filters = [entry for entry in listed if isinstance(entry, (list, tuple))]
    asked = {
        name: [path for path, kind in filters if getattr(kind, f"is_{name}", False)]
        for name in ("counted", "related", "period")
    }
    related = [*asked["related"], *(entry.related_path for entry in listed if hasattr(entry, "related_path"))]
    return ListSummary(rows, asked["counted"], related, asked["period"], row_keys=keys)


def asks_for_keys(request, model_admin, year):
    """Whether the rows of a list are found once, and then by keys, if they are few.

    Those of a part of several provinces are, and of one year those of all; of one province those that a group or a
    steward judges, found from file to file, and those of one year in lists that have no index by cycle.
    """
    if sees_one_province(request.user):
        return judges(request.user, model_admin) or (year is not None and model_admin.few_in_a_year)
    return year is not None or not request.user.is_superuser


def few_keys(rows, most):
    """The keys of these rows in their order; None where they are more than `most`.

    What a headquarters sees is found through its agencies, from file to file. After that the rows are found by keys.
    """
    keys = list(rows.values_list("pk", flat=True)[: most + 1])
    return keys if len(keys) <= most else None


def counted(request, rows):
    """(the rows of a list, whether these are all): beyond MAX_COUNTED rows of several provinces nobody counts."""
    rows = rows.order_by()
    if sees_one_province(request.user):
        return rows.count(), True
    few = rows[: MAX_COUNTED + 1].count()
    if few <= MAX_COUNTED:
        return few, True
    return (MAX_COUNTED, False) if reaches_several_provinces(request) else (rows.count(), True)


def sees_one_province(user):
    """Whether all memberships of a person are of the same province: its rows are counted, however many years it has."""
    return only_province(user) is not None


def judges(user, model_admin):
    """Whether the rows of a list are of files, and the person is an evaluator or a steward."""
    return model_admin.opts.model_name in STATE and any(
        membership.role in (Role.EVALUATOR, Role.STEWARD) for membership in memberships_of(user)
    )


def only_province(user):
    """The key of the province of all memberships of a person; None where they are of several, or see several."""
    if user.is_superuser:
        return None
    places = {_province_of(membership) for membership in memberships_of(user)}
    return places.pop() if len(places) == 1 else None


def _province_of(membership):
    """The only province whose rows a membership sees, or None."""
    return membership.province_id or (membership.agency and membership.agency.province_id)


def reaches_several_provinces(request):
    """Whether there are cycles of several provinces for the person to see; asked once in a request."""
    if not hasattr(request, "several_provinces"):
        provinces = Cycle.objects.visible_to(request.user).order_by().values("province").distinct()
        request.several_provinces = len(provinces[:2]) > 1
    return request.several_provinces
