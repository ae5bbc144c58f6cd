"""Questions whose SQL Django writes once for each form, to be asked again with other keys.

The ORM takes five to ten times as long to write a statement as SQLite to answer it, and a save asks a dozen of them.
A form is what the text of the statement follows from: which roles a person has, how many groups, which keys are equal.
Only texts are kept. Every key, day and moment is put in at each call, and every row is read anew
(docs/decisions/0013-statements.md).
"""

from __future__ import annotations

import copy
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date, datetime, timedelta, timezone
from types import SimpleNamespace
from typing import Any, NoReturn

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet
from django.db.models.query import ModelIterable

FIRST_KEY = 2**30  # above every key of a row; Django does not ask for a key that an integer of 32 bits cannot hold
LAST_DAY = date(9999, 12, 31)  # later than every day in a row
LAST_MOMENT = datetime(9999, 12, 31, tzinfo=timezone.utc)  # noqa: UP017
MAX_FORMS = 200  # of one question; above these they are written anew
A_DAY = re.compile(r"\d{4}-\d\d-\d\d")


class Form:
    """One text of a statement. `places` tells for each parameter which value of a call stands there, or None."""

    def __init__(self, queryset: QuerySet, stand_ins: Sequence[Any]) -> None:
        self.compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        place_of = {value: place for place, value in enumerate(adapted(stand_ins))}
        try:
            self.sql, params = self.compiler.as_sql()
        except EmptyResultSet:  # nobody of this form sees anything, which Django knows without asking
            self.sql, params = "", ()
        self.found_converters: Any = None
        self.params = list(params)
        self.places = [place_in(place_of, value) for value in params]
        for value, place in zip(self.params, self.places, strict=True):
            if place is None and (isinstance(value, date) or (isinstance(value, str) and A_DAY.match(value))):
                raise ValueError(f"A statement is kept with the day {value}, which would stand still.")

    def converters(self, columns: Sequence[Any]) -> Any:
        """How the values of the columns become Python's, which Django would find out at each call."""
        if self.found_converters is None:
            self.found_converters = self.compiler.get_converters(columns)
        return self.found_converters

    def filled(self, values: Sequence[Any]) -> tuple[Any, ...]:
        """The parameters with the values of this call."""
        own = adapted(values)
        pairs = zip(self.params, self.places, strict=True)
        return tuple(value if place is None else value_at(place, own) for value, place in pairs)


def place_in(place_of: dict[Any, int], value: Any) -> int | list[int] | None:
    """The place of a stand-in, the places of an array of them; None for a constant."""
    if isinstance(value, list):
        return [place_of[key] for key in value]
    return place_of.get(value) if isinstance(value, (int, str, date)) else None


def value_at(place: int | list[int], values: Sequence[Any]) -> Any:
    return values[place] if isinstance(place, int) else [values[number] for number in place]


class Statement:
    """A question as a function that returns a queryset, asked by the texts of its forms.

    Arguments are keys, days, moments, Arguments (a `PersonArgument`), and constants (text, tuple of texts, truth value,
    None), of which every value has a form of its own. The function asks the database nothing.
    """

    def __init__(self, build: Callable[..., QuerySet]) -> None:
        self.build = build
        self.forms: dict[Any, Form] = {}
        self.__doc__ = build.__doc__

    def objects(self, *args: Any) -> list[Any]:
        """The model objects of the queryset, with what it selects and annotates."""
        form, values = self._form(args)
        if not form.sql:
            return []
        compiler = copy.copy(form.compiler)
        compiler.connection = connections[DEFAULT_DB_ALIAS]
        statement = form.sql, form.filled(values)
        compiler.as_sql = lambda *_args, **_kwargs: statement
        compiler.get_converters = form.converters
        query = SimpleNamespace(get_compiler=lambda *_args, **_kwargs: compiler)
        return list(ModelIterable(SimpleNamespace(db=DEFAULT_DB_ALIAS, query=query, _known_related_objects={})))

    def rows(self, *args: Any) -> list[tuple[Any, ...]]:
        """The rows of the queryset's columns (`values_list`), as the database gives their values."""
        form, values = self._form(args)
        if not form.sql:
            return []
        with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
            cursor.execute(form.sql, form.filled(values))
            return cursor.fetchall()

    def _form(self, args: Sequence[Any]) -> tuple[Form, list[Any]]:
        """The form of a call, and its values in the order of the form's stand-ins."""
        call = Call(args)
        key = tuple(call.pattern)
        form = self.forms.get(key)
        if form is None:
            if len(self.forms) >= MAX_FORMS:
                self.forms.clear()
            with connections[DEFAULT_DB_ALIAS].execute_wrapper(refuse):
                queryset = self.build(*call.stand_in_arguments())
                form = self.forms[key] = Form(queryset, call.stand_ins())
        return form, call.values


def statement(build: Callable[..., QuerySet]) -> Statement:
    """Decorator of a function whose queryset is asked as a Statement."""
    return Statement(build)


def refuse(_execute: Any, sql: str, *_more: Any) -> NoReturn:
    raise RuntimeError(f"A form of a statement is made without asking the database: {sql}")


def adapted(values: Iterable[Any]) -> list[Any]:
    """Values as the database takes them."""
    ops = connections[DEFAULT_DB_ALIAS].ops
    return [
        ops.adapt_datetimefield_value(value)
        if isinstance(value, datetime)
        else ops.adapt_datefield_value(value)
        if isinstance(value, date)
        else value
        for value in values
    ]


class Argument(ABC):
    """An argument made of several keys."""

    @abstractmethod
    def take_keys(self, call: Call) -> None:
        """Give the call all keys, always in the same order, and constants on which the text depends."""

    @abstractmethod
    def with_stand_ins(self, call: Call) -> Any:
        """What the building function gets: `call.of(kind, key)` in the place of each key."""


class Call:
    """The arguments of one call: their different values in the order in which they come, and what the form follows
    from. Keys have a kind (of what they are the key): equal keys of one kind have one place.
    """

    def __init__(self, args: Sequence[Any]) -> None:
        self.args = args
        self.values: list[Any] = []
        self.place_of: dict[tuple[Any, Any], int] = {}
        self.pattern: list[Any] = [connections[DEFAULT_DB_ALIAS].vendor]
        for position, value in enumerate(args):
            if isinstance(value, Argument):
                value.take_keys(self)
            else:
                self.take(position, value)

    def take(self, kind: Any, value: Any) -> None:
        """Take a key of this kind, a day or a moment, or a constant."""
        if not is_value(value):
            self.take_constant(value)
            return
        place = self.place_of.setdefault((kind, value), len(self.values))
        if place == len(self.values):
            self.values.append(value)
        self.pattern.append(place)

    def take_all(self, kind: Any, keys: Collection[int]) -> None:
        self.take_constant(len(keys))
        for key in keys:
            self.take(kind, key)

    def take_constant(self, value: Any) -> None:
        self.pattern.append((type(value), value))

    def stand_ins(self) -> list[Any]:
        return [stand_in(place, value) for place, value in enumerate(self.values)]

    def stand_in_arguments(self) -> list[Any]:
        """The arguments with a stand-in for each key, day and moment."""
        return [
            value.with_stand_ins(self) if isinstance(value, Argument) else self.of(position, value)
            for position, value in enumerate(self.args)
        ]

    def of(self, kind: Any, value: Any) -> Any:
        """The stand-in of a key of this kind, of a day or a moment; a constant is its own."""
        return stand_in(self.place_of[kind, value], value) if is_value(value) else value


def is_value(value: Any) -> bool:
    """Whether it is put in at each call: a key, a day or a moment."""
    return isinstance(value, (int, date)) and not isinstance(value, bool)


def stand_in(place: int, value: Any) -> Any:
    """The value that stands in the text of a form for the value at this place of a call."""
    if isinstance(value, datetime):
        return LAST_MOMENT - timedelta(seconds=place)
    return LAST_DAY - timedelta(days=place) if isinstance(value, date) else FIRST_KEY + place
