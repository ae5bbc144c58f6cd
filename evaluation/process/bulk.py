"""Reading and writing thousands of rows without the ORM's objects, with exactly the values that it would store.

`bulk_create` makes an object of every row and asks every field of every object for its value; for the 12,000 lines of a
province with their marks that takes longer than all the rest of an import. Here rows are given column by column, each
column is converted at once, and the database gets them in its fastest way: SQLite by `executemany`, PostgreSQL by COPY.
Constraints are checked as always; signals and `save()` are not called, and no rule of ours is in either.
"""

import csv
import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from decimal import Context, Decimal
from io import StringIO
from itertools import batched, chain, repeat
from json import encoder as json_encoder
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models import Field, Model, QuerySet
from django.db.models.base import ModelState

ROWS_PER_STATEMENT = 5_000  # rows of one statement, so that their text does not fill the memory
MIN_ROWS_TO_COPY = 50  # rows below which COPY and its temporary table cost more than they save
ROWS_PER_INSERT = 50  # rows of one INSERT on SQLite, which spends a quarter of its time between statements
TEMPORARY_TABLE = "bulk_rows"


def whole(queryset: QuerySet, join: str, *, related: dict[str, dict[int, Model]] | None = None) -> list[Any]:
    """The objects of a query with all their columns, and with those that the foreign key `join` leads to.

    As `select_related` gives them, but each joined object is one for all, and made without its constructor.
    """
    own, other = queryset.model, queryset.model._meta.get_field(join).related_model
    names = [field.attname for field in own._meta.concrete_fields]
    joined_names = [field.attname for field in other._meta.concrete_fields]
    joined: dict[int, Model] = {}
    rows = []
    for row in values(queryset, *names, *(f"{join}__{name}" for name in joined_names)):
        columns = dict(zip(names, row, strict=False))
        if (key := columns[f"{join}_id"]) not in joined:
            joined[key] = made(other, zip(joined_names, row[len(names) :], strict=True), db=queryset.db)
        others = {name: objects[columns[f"{name}_id"]] for name, objects in (related or {}).items()}
        rows.append(made(own, columns.items(), db=queryset.db, related=others | {join: joined[key]}))
    return rows


def loaded(queryset: QuerySet, *columns: str, related: dict[str, dict[int, Model]] | None = None) -> list[Any]:
    """The objects of a query with these columns alone, named by attribute; the others are read when they are asked for.

    As `only` gives them, but made without the model's constructor, which takes longer than the query. `related`
    {foreign key: {key: object}} gives them the objects that they refer to.
    """
    model, columns = queryset.model, (queryset.model._meta.pk.attname, *columns)
    joins = [(name, columns.index(f"{name}_id"), objects) for name, objects in (related or {}).items()]
    return [
        made(
            model,
            zip(columns, row, strict=True),
            db=queryset.db,
            related={name: objects[row[place]] for name, place, objects in joins},
        )
        for row in values(queryset, *columns)
    ]


def made(
    model: type[Model], columns: Iterable[tuple[str, Any]], *, db: str, related: dict[str, Model | None] | None = None
) -> Any:
    """An object of a stored row from (attribute, value) pairs, without the constructor; other columns are deferred."""
    row: Any = object.__new__(model)
    state = ModelState()
    state.adding, state.db, state.fields_cache = False, db, related or {}
    row.__dict__.update(columns, _state=state)
    return row


def set_prefetched(obj: Model, name: str, rows: Sequence[Model]) -> None:
    """Keep these rows as all that the relation `name` of the object leads to, as `prefetch_related` does."""
    queryset = getattr(obj, name).all()
    queryset._result_cache, queryset._prefetch_done = list(rows), True
    obj.__dict__.setdefault("_prefetched_objects_cache", {})[name] = queryset


def values(queryset: QuerySet, *columns: str) -> Iterable[tuple[Any, ...]]:
    """`values_list`, whose converters go over every value of every row: here each different value is converted once.

    `columns` are paths over relations (`indicator__code`), or annotations, whose values come as the database has them.
    """
    return zip(*_fetched(queryset, columns), strict=True)


def by_column(queryset: QuerySet, *columns: str) -> dict[str, Sequence[Any]]:
    """{column: its values in the order of the rows}; columns and values are those of `values`."""
    return dict(zip(columns, _fetched(queryset, columns), strict=True))


def _fetched(queryset: QuerySet, columns: Sequence[str]) -> list[Sequence[Any]]:
    try:
        statement = queryset.values_list(*columns).query.sql_with_params()
    except EmptyResultSet:  # the person sees nothing, which Django knows without asking
        return [()] * len(columns)
    with connection.cursor() as cursor:
        cursor.execute(*statement)
        rows = cursor.fetchall()
    fields = [None if name in queryset.query.annotations else field_at(queryset.model, name) for name in columns]
    return _columns(rows, fields) if rows else [()] * len(columns)


def converted(rows: Iterable[tuple[Any, ...]], fields: Iterable[Field | None]) -> Iterable[tuple[Any, ...]]:
    """Rows as the database gave them, with the values of these fields (None: as they come)."""
    return zip(*_columns(rows, fields), strict=True)


def _columns(rows: Iterable[tuple[Any, ...]], fields: Iterable[Field | None]) -> list[Sequence[Any]]:
    by_column = zip(*rows, strict=True)
    return [_converted(field, column) for field, column in zip(fields, by_column, strict=False)]


def field_at(model: Any, path: str) -> Field:
    """The field at the end of a path over relations (`indicator__code`)."""
    *relations, name = path.split("__")
    for relation in relations:
        model = model._meta.get_field(relation).related_model
    return model._meta.get_field(name)


def _converted(field: Field | None, values: Sequence[Any]) -> Sequence[Any]:
    if field is None:
        return values
    column = field.cached_col
    steps = [*connection.ops.get_db_converters(column), *column.get_db_converters(connection)]
    if not steps:
        return values

    def convert(value: Any) -> Any:
        for step in steps:
            value = step(value, column, connection)
        return value

    if isinstance(field, models.JSONField):  # what it gives can be changed, so each row has its own
        return [[] if value == "[]" else {} if value == "{}" else convert(value) for value in values]
    known = {value: convert(value) for value in set(values)}
    return [known[value] for value in values]


def insert(
    model: type[Model], columns: Mapping[str, Sequence], *, same: Mapping | None = None, dumped: Collection[str] = ()
) -> None:
    """Insert rows given as {attribute: values}; `same` holds the attributes that are equal in all rows, `dumped` names
    columns of JSON that come as text, for callers that write it faster than it can be made of objects.

    Every column but the key must be given, since the database knows none of Django's defaults: else TypeError. In a
    transaction only. Raises django.db.IntegrityError as `save()` does.
    """
    fields, same = _fields(model), same or {}
    if wrong := fields.keys() ^ {*columns, *same, model._meta.pk.attname}:
        raise TypeError(f"{model.__name__}: {', '.join(sorted(wrong))}")
    prepared: list[Iterable[Any]] = [
        values if name in dumped else _prepared(fields[name], values) for name, values in columns.items()
    ]
    count = len(next(iter(columns.values())))
    prepared += [repeat(_prepared(fields[name], [value])[0], count) for name, value in same.items()]
    names = [fields[name].column for name in (*columns, *same)]
    for rows in batched(zip(*prepared, strict=True), ROWS_PER_STATEMENT):
        _insert(model._meta.db_table, names, rows)


def update(model: type[Model], keys: Sequence, columns: Mapping[str, Sequence]) -> None:
    """Set columns, {attribute: values}, of the rows with these primary keys. In a transaction only."""
    fields = _fields(model)
    prepared = [_prepared(fields[name], values) for name, values in columns.items()]
    for rows in batched(zip(*prepared, keys, strict=True), ROWS_PER_STATEMENT):
        _update(model, [fields[name] for name in columns], rows)


def _fields(model: type[Model]) -> dict[str, Field]:
    return {field.attname: field for field in model._meta.concrete_fields if not field.generated}


# -- values ---------------------------------------------------------------------------------------


def _prepared(field: Field, values: Sequence[Any]) -> Sequence[Any]:
    """The values of one column as the database takes them."""
    if isinstance(field, models.DecimalField):
        return _decimals(field, values)
    if isinstance(field, models.JSONField):
        return _dumped(field, values)
    if all(type(value) is int for value in values):
        return values
    known = {value: field.get_db_prep_save(value, connection) for value in set(values)}  # mostly the same few
    return [known[value] for value in values]


def _dumped(field: Field, values: Sequence[Any]) -> list[str | None]:
    """Each mapping is written once, also where many rows share it."""
    encode, known = _encoder(field), {}
    for value in values:
        if id(value) not in known:
            known[id(value)] = None if value is None else encode(value)
    return [known[id(value)] for value in values]


def _encoder(field: Field) -> Callable[[Any], str]:
    """`json.dumps` of a field; that function makes the encoder in C anew for each value, which doubles its time."""
    c_make_encoder = getattr(json_encoder, "c_make_encoder", None)  # no Python but CPython has it
    if c_make_encoder is None or field.encoder:
        return lambda value: json.dumps(value, cls=field.encoder)
    default, text = json_encoder.JSONEncoder().default, json_encoder.encode_basestring_ascii
    encode = c_make_encoder(None, default, text, None, ": ", ", ", False, False, True)
    return lambda value: "".join(encode(value, 0))


def _decimals(field: Field, values: Sequence[Any]) -> list[str | None]:
    """What `adapt_decimalfield_value` gives: PostgreSQL rounds by itself; for the others Django does."""
    if connection.vendor == "postgresql":
        return [None if value is None else digits(value) for value in values]
    context, unit = Context(prec=field.max_digits), Decimal(1).scaleb(-field.decimal_places)
    most = Decimal(10) ** (field.max_digits - field.decimal_places)
    filled = [value for value in values if value is not None]
    if all(map(unit.same_quantum, filled)) and (not filled or -most < min(filled) <= max(filled) < most):
        return [None if value is None else digits(value) for value in values]  # the usual column: nothing to round
    return [None if value is None else f"{value.quantize(unit, None, context):f}" for value in values]


def digits(value: Decimal) -> str:
    """`format(value, "f")`; `str` takes a third of the time and differs only where it writes an exponent."""
    text = str(value)
    return f"{value:f}" if "E" in text else text


# -- statements -----------------------------------------------------------------------------------


def _insert(table: str, names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    quoted = ", ".join(map(connection.ops.quote_name, names))
    with connection.cursor() as cursor:
        if _copies(rows):
            _copy(cursor, f"{table} ({quoted})", rows)
            return
        statement, marks = f"INSERT INTO {table} ({quoted}) VALUES ", f"({', '.join(['%s'] * len(names))})"
        rows_at_once = ROWS_PER_INSERT if connection.vendor == "sqlite" else 1
        full = len(rows) // rows_at_once * rows_at_once
        groups = [tuple(chain.from_iterable(group)) for group in batched(rows[:full], rows_at_once)]
        for values, group in ((", ".join([marks] * rows_at_once), groups), (marks, rows[full:])):
            if group:
                cursor.executemany(statement + values, group)


def _update(model: type[Model], fields: Sequence[Field], rows: Sequence[tuple[Any, ...]]) -> None:
    table, key = model._meta.db_table, model._meta.pk
    quoted = [connection.ops.quote_name(field.column) for field in fields]
    with connection.cursor() as cursor:
        if _copies(rows):
            types = [f"{name} {field.db_type(connection)}" for name, field in zip(quoted, fields, strict=True)]
            cursor.execute(
                f"CREATE TEMP TABLE {TEMPORARY_TABLE} ({', '.join(types)}, row_key {key.rel_db_type(connection)})"
            )
            _copy(cursor, TEMPORARY_TABLE, rows)
            sets = ", ".join(f"{name} = {TEMPORARY_TABLE}.{name}" for name in quoted)
            cursor.execute(f"UPDATE {table} SET {sets} FROM {TEMPORARY_TABLE} WHERE {table}.{key.column} = row_key")
            cursor.execute(f"DROP TABLE {TEMPORARY_TABLE}")
        else:
            sets = ", ".join(f"{name} = %s" for name in quoted)
            cursor.executemany(f"UPDATE {table} SET {sets} WHERE {key.column} = %s", rows)


def _copies(rows: Sequence[tuple[Any, ...]]) -> bool:
    return connection.vendor == "postgresql" and len(rows) >= MIN_ROWS_TO_COPY


def _copy(cursor: Any, target: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """COPY as CSV, which Python writes in C: only None stays without quotes, and that is NULL."""
    out = StringIO()
    csv.writer(out, quoting=csv.QUOTE_NOTNULL).writerows(rows)
    with connection.wrap_database_errors, cursor.copy(f"COPY {target} FROM STDIN (FORMAT csv)") as copy:
        copy.write(out.getvalue())
