"""The search box of lists and Ctrl+K: rows in which every word is found, however it is typed.

Words and texts are compared by their search keys. Names of agencies and indicators stand in many lists by way of other
tables: the keys of the rows that hold a word are asked first, table by table, so that the list itself is found by its
own columns, which have indexes; a join over all tables with one OR over their columns has none.
"""

from django.db.models import Exists, F, OuterRef, Q
from django.utils.text import smart_split, unescape_string_literal

from evaluation.models.search_key import BETWEEN, SearchKey
from evaluation.persian import search_key

MAX_KEYS = 2_000  # rows of another table that are named one by one; above them the database looks them up itself
IN_KEY = {  # the columns that `search_key` of a table holds
    "agency": {"name", "code"},
    "indicator": {"title", "code"},
    "evidence": {"title"},
}


class WordSearchMixin:
    """For every admin with a search box. Needs `get_search_fields()` of its class; adds the search of this file."""

    def get_search_results(self, request, queryset, search_term):
        fields = self.get_search_fields(request)
        known = request.__dict__.setdefault("found_words", {})
        return (rows_with(queryset, fields, search_term, known=known) if fields else queryset), False


def rows_with(rows, fields, text, *, known=None):
    """The rows of a queryset in which each word of `text` is found in one of `fields`, paths as in `search_fields`.

    `known` holds the keys that were found in other tables, so that several lists in one request ask once.
    """
    known = {} if known is None else known
    for key in keys_of(text):
        rows = holding(rows, fields, key, known)
    return rows


def keys_of(text):
    """The search keys of the words; words between quotation marks are one."""
    words = (
        unescape_string_literal(word) if len(word) > 1 and word[0] in "\"'" and word[0] == word[-1] else word
        for word in smart_split(text)
    )
    return list(dict.fromkeys(key for word in words if (key := search_key(word).replace(BETWEEN, ""))))


def holding(rows, fields, key, known):
    """The rows in which one of the fields holds the key."""
    own = [path for path in fields if "__" not in path]
    by_hop = {}
    for path in fields:
        if path not in own:
            hop, _separator, rest = path.partition("__")
            by_hop.setdefault(hop, []).append(rest)
    rows, scope = in_own(rows, own, key)
    for hop, rest in by_hop.items():
        target = rows.model._meta.get_field(hop).related_model
        place = target, tuple(rest), key
        if not own and len(by_hop) == 1:
            scope |= Q(**{f"{hop}__in": leading(*place, known).values("pk")})
        else:
            scope |= leads_to(hop, place, known)
    return rows.filter(scope)


def in_own(rows, names, key):
    """(rows, Q): columns of the table itself; the stored key holds two of some tables."""
    stored, scope = IN_KEY.get(rows.model._meta.model_name, set()), Q(pk__in=[])
    if stored & set(names):
        scope |= Q(search_key__contains=key)
    for name in names:
        if name not in stored:
            rows = rows.alias(**{f"searched_{name}": SearchKey(F(name))})
            scope |= Q(**{f"searched_{name}__contains": key})
    return rows, scope


def leads_to(hop, place, known):
    """The Q of rows whose `hop` holds the key: by keys, or row by row where these are many."""
    if place not in known:
        keys = list(leading(*place, known).values_list("pk", flat=True)[: MAX_KEYS + 1])
        known[place] = keys if len(keys) <= MAX_KEYS else None
    if known[place] is None:
        return Q(Exists(leading(*place, known).filter(pk=OuterRef(f"{hop}_id"))))
    return Q(**{f"{hop}__in": known[place]})


def leading(model, fields, key, known):
    """The rows of `model` that hold the key: by one join where all fields belong to one agency or indicator."""
    rows = model._base_manager.order_by()
    places = {path.rpartition("__")[0] for path in fields}
    if len(places) == 1 and places != {""}:
        (place,) = places
        names = {path.rpartition("__")[2] for path in fields}
        if names <= IN_KEY.get(target_of(model, place)._meta.model_name, set()):
            return rows.filter(**{f"{place}__search_key__contains": key})
    return holding(rows, fields, key, known)


def target_of(model, path):
    for name in path.split("__"):
        model = model._meta.get_field(name).related_model
    return model
