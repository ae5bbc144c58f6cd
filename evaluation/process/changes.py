"""What an import changed, row by row: kept with the run, so that it can be shown and undone."""

from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from evaluation.models import ImportChange

BATCH = 1_000


class Change(NamedTuple):
    """One written row. `before` and `after` map columns to values as `plain` gives them; no `before`: it was made."""

    kind: str
    key: int
    sheet: str
    row: int
    before: dict | None
    after: dict


def plain(value):
    """A column's value as JSON keeps it: decimals as exact text, dates in ISO form."""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value


def columns_of(obj, names):
    """{column: plain value} of a model's row; a foreign key by its key."""
    return {name: plain(getattr(obj, obj._meta.get_field(name).attname)) for name in names}


def keep_changes(run, changes):
    """Store what a run changed; in the transaction of the change."""
    ImportChange.objects.bulk_create(
        [
            ImportChange(
                run=run,
                kind=change.kind,
                object_id=change.key,
                sheet=change.sheet[:60],
                row=change.row,
                before=change.before,
                after=change.after,
            )
            for change in changes
        ],
        batch_size=BATCH,
    )
