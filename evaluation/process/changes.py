"""What an import changed, row by row: stored with the run, so that pages show it and it can be undone."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from json.encoder import encode_basestring_ascii
from operator import attrgetter
from typing import Any, NamedTuple

from django.db.models import Model

from evaluation.models import ImportChange, ImportRun

from . import bulk

type Columns = dict[str, Any]  # {column: plain value}


class Change(NamedTuple):
    """One written row. `before` and `after` map columns to values as `plain` gives them; no `before`: it was made."""

    kind: str
    key: int
    sheet: str
    row: int
    before: Columns | None
    after: Columns


def plain(value: Any) -> Any:
    """A column's value as JSON keeps it: decimals as exact text, dates in ISO form."""
    if value is None or type(value) is str:
        return value
    if isinstance(value, Decimal):
        return shortest(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value


def columns_of(obj: Model, names: Iterable[str]) -> Columns:
    """{column: plain value} of a model's row; a foreign key by its key."""
    return {name: plain(getattr(obj, attribute)) for name, attribute in attributes(obj.__class__, tuple(names))}


def rows_of(objects: Iterable[Any], names: Sequence[str]) -> list[Columns]:
    """[{column: plain value}] of many rows; those with equal values share one mapping, which nobody may change."""
    read = attrgetter(*names)
    known: dict[Any, Columns] = {}
    rows: list[Columns] = []
    for obj in objects:
        values = read(obj)
        if (row := known.get(values)) is None:
            row = known[values] = dict(zip(names, map(plain, values), strict=True))
        rows.append(row)
    return rows


def texts_of(columns: Mapping[str, Sequence[Any]]) -> list[str]:
    """`rows_of` as JSON, of rows that are given column by column."""
    row = f"{{{', '.join(f'"{name}": %s' for name in columns)}}}"
    return [row % cells for cells in zip(*map(_json_texts, columns.values()), strict=True)]


def _json_texts(values: Sequence[Any]) -> list[str]:
    return [
        "null"
        if value is None
        else f'"{shortest(value)}"'
        if type(value) is Decimal
        else encode_basestring_ascii(value)
        if type(value) is str
        else json.dumps(plain(value))
        for value in values
    ]


def shortest(value: Decimal) -> str:
    """`plain` of a figure: its digits without an exponent and without zeros at the end of its decimals."""
    digits = bulk.digits(value)
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


@lru_cache(maxsize=100)
def attributes(model: Any, names: tuple[str, ...]) -> list[tuple[str, str]]:
    """[(field name, attribute that holds its value)]; a foreign key's attribute holds the key."""
    return [(name, model._meta.get_field(name).attname) for name in names]


def keep_changes(run: ImportRun, changes: Iterable[Change]) -> None:
    """Store what a run changed; in the transaction of the change."""
    changes = list(changes)
    if not changes:
        return
    kinds, keys, sheets, rows, before, after = zip(*changes, strict=True)
    columns = {"kind": kinds, "object_id": keys, "sheet": cut(sheets), "row": rows, "before": before, "after": after}
    bulk.insert(ImportChange, columns, same={"run_id": run.pk, "outcome": "", "reason": ""})


def keep_columns(
    run: ImportRun,
    kind: str,
    keys: Sequence[int],
    places: Sequence[tuple[str, int]],
    *,
    before: Mapping[str, Sequence[Any]],
    after: Mapping[str, Sequence[Any]],
) -> None:
    """`keep_changes` of rows of one kind that are given column by column; `places`: the sheet and row of each."""
    if not keys:
        return
    sheets, rows = zip(*places, strict=True)
    columns = {
        "object_id": keys,
        "sheet": cut(sheets),
        "row": rows,
        "before": texts_of(before),
        "after": texts_of(after),
    }
    same = {"run_id": run.pk, "kind": kind, "outcome": "", "reason": ""}
    bulk.insert(ImportChange, columns, same=same, dumped=("before", "after"))


def cut(sheets: Iterable[str]) -> list[str]:
    """Titles of sheets as the column holds them."""
    return [sheet[:60] for sheet in sheets]
