"""What an import changed, row by row: stored with the run, so that pages show it and it can be undone."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
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
        return f"{value.normalize():f}"
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
    bulk.insert(
        ImportChange,
        {
            "kind": kinds,
            "object_id": keys,
            "sheet": [sheet[:60] for sheet in sheets],
            "row": rows,
            "before": before,
            "after": after,
        },
        same={"run_id": run.pk, "outcome": "", "reason": ""},
    )
