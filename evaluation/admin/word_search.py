"""The search box of lists and Ctrl+K: rows in which every word is found, however it is typed.

Words and texts are compared by their search keys. Names of agencies and indicators stand in many lists by way of other
tables: the keys of the rows that hold a word are asked first, table by table, so that the list itself is found by its
own columns, which have indexes; a join over all tables with one OR over their columns has none.
"""

from functools import partial

from django.contrib.auth import get_user_model
from django.db.models import Exists, F, OuterRef, Q
from django.utils.text import smart_split, unescape_string_literal

from evaluation.models.search_key import BETWEEN, PERSON, SearchKey, joined
from evaluation.persian import search_key
from evaluation.rules.own_files import OWN_ALONE, own_agencies
from evaluation.rules.paths import AGENCY, CYCLE, PROVINCE

from .chosen_year import chosen_cycles
from .list_summary import few_keys, only_province

MAX_KEYS = 2_000  # rows of another table that are named one by one; above them the database looks them up itself
IN_KEY = {  # the columns that `search_key` of a table holds
    "agency": {"name", "code"},
    "indicator": {"title", "code"},
    "evidence": {"title"},
    "transfer": {"letter_number"},
    "user": set(PERSON),  # not stored: the index of people is of that expression
}


class WordSearchMixin:
    """For every admin with a search box. Needs `get_search_fields()` of its class; adds the search of this file."""

    def get_search_results(self, request, queryset, search_term):
        """A list of one year looks for the words in that year alone."""
        known = known_words(request, chosen_cycles(request, self))
        return self.rows_with_words(request, queryset, search_term, known), False

    def rows_with_words(self, request, rows, words, known):
        """Those of these rows in which every word is found. `known`: of the cycles to which the rows are narrowed."""
        fields = self.get_search_fields(request)
        return rows_with(rows, fields, words, known) if fields else rows


def known_words(request, cycles=None):
    """The KnownWords of a request, for rows of the cycles with these keys; of all cycles where there are none."""
    kept, place = request.__dict__.setdefault("known_words", {}), cycles if cycles is None else tuple(cycles)
    if place not in kept:
        kept[place] = KnownWords(only_province(request.user), partial(own_agencies, request.user), cycles)
    return kept[place]


class KnownWords(dict):
    """{(table, fields, search key, own): keys of its rows that hold it, None where these are many}, for one request.

    `province`: the key of the only province whose rows are searched, or None. `own_agencies(path)`: the Q of rows of
    the only agencies whose files are searched, or None. `cycles`: the keys of the only cycles whose rows are searched,
    or None; of a year of the whole country there are too many to narrow anything. `own`: whether the table is looked
    at in their files alone.
    """

    def __init__(self, province=None, own_agencies=lambda path: None, cycles=None):
        super().__init__()
        self.province, self.own_agencies, self.cycles = province, own_agencies, cycles

    def rows_of(self, model, own=False):
        """The rows of a table that those searched may refer to."""
        rows, name = model._base_manager.order_by(), model._meta.model_name
        if self.cycles is not None and name in CYCLE and (own or self.province):
            rows = rows.filter(**{f"{CYCLE[name]}__any_of": self.cycles})
        elif self.province and name in PROVINCE and not own:
            rows = rows.filter(**{PROVINCE[name]: self.province})
        return rows.filter(self.own_agencies(AGENCY[name])) if own else rows

    def are_many(self, scope, own):
        """Whether rows of this Q need not be counted: of the whole country, those that refer to many rows are many."""
        everywhere = not own and self.province is None
        return everywhere and any(isinstance(part, Exists) for part in scope.flatten())

    def are_own(self, model):
        """Whether all rows of a list of this table are of the person's own agencies."""
        name = model._meta.model_name
        return name in OWN_ALONE and self.own_agencies(AGENCY[name]) is not None


def rows_with(rows, fields, text, known=None):
    """The rows of a queryset in which each word of `text` is found in one of `fields`, paths as in `search_fields`.

    `known`: what several searches of one request share.
    """
    known = KnownWords() if known is None else known
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
    aliases, scope = condition(rows.model, fields, key, known, own=known.are_own(rows.model))
    return rows.alias(**aliases).filter(scope)


def condition(model, fields, key, known, beyond="", *, own=False):
    """({name: expression} for `alias`, Q) of the rows in which one of the fields of `model` holds the key.

    `beyond` is the path from the rows to that table: "line__" for fields of the lines of the rows. `own`: all rows are
    of the person's own agencies.
    """
    own_fields = [path for path in fields if "__" not in path]
    by_hop = {}
    for path in fields:
        if path not in own_fields:
            hop, _separator, rest = path.partition("__")
            by_hop.setdefault(hop, []).append(rest)
    aliases, scope = in_own(model, own_fields, key, beyond)
    for hop, rest in by_hop.items():
        target = model._meta.get_field(hop).related_model
        stay_own = own and stays_with_agency(model, hop, target)
        if not own_fields and len(by_hop) == 1:  # all that is asked stands there: a join finds it
            return condition(target, rest, key, known, f"{beyond}{hop}__", own=stay_own)
        scope |= leads_to(f"{beyond}{hop}", (target, tuple(rest), key, stay_own), known)
    return aliases, scope


def stays_with_agency(model, hop, target):
    """Whether the row to which `hop` leads belongs to the agency of the row that it leads from."""
    own, other = AGENCY.get(model._meta.model_name), AGENCY.get(target._meta.model_name)
    return other is not None and own == (hop if other == "pk" else f"{hop}__{other}")


def in_own(model, names, key, beyond):
    """({name: expression}, Q): columns of the table itself; the stored key holds those of some tables."""
    stored, aliases, scope = IN_KEY.get(model._meta.model_name, set()), {}, Q(pk__in=[])
    if stored & set(names):
        stored_key = f"{beyond}search_key"
        if model is get_user_model():
            stored_key = f"searched_{beyond}person".replace("__", "_")
            aliases[stored_key] = SearchKey(joined(*(f"{beyond}{name}" for name in PERSON)))
        scope |= Q(**{f"{stored_key}__contains": key})
    for name in names:
        if name not in stored:
            alias = f"searched_{beyond}{name}".replace("__", "_")
            aliases[alias] = SearchKey(F(f"{beyond}{name}"))
            scope |= Q(**{f"{alias}__contains": key})
    return aliases, scope


def leading_to(rows, hop, fields, text, known):
    """The rows whose `hop`, the name of a reference, leads to one in which each word of `text` is found.

    Nobody may see a row that leads to one which they do not see.
    """
    model = rows.model._meta.get_field(hop).related_model
    for key in keys_of(text):
        rows = rows.filter(leads_to(hop, (model, fields, key, known.are_own(model)), known))
    return rows


def leads_to(hop, place, known):
    """The Q of rows whose `hop` holds the key: by keys, or row by row where these are many."""
    model, fields, key, own = place
    aliases, scope = condition(model, fields, key, known, own=own)
    rows = known.rows_of(model, own).alias(**aliases).filter(scope)
    if place not in known:
        known[place] = None if known.are_many(scope, own) else few_keys(rows, MAX_KEYS)
    if known[place] is None:
        return Q(Exists(rows.filter(pk=OuterRef(f"{hop}_id"))))
    return Q(**{f"{hop}__any_of": known[place]})
