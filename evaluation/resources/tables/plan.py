"""What an import would change: row by row, each value before and after. Kept with the trial run, shown, and compared.

At the confirmation the same plan is made again: a row whose values moved since the trial is named, and nothing written.
"""

import json
from collections import Counter
from datetime import date
from decimal import Decimal
from enum import StrEnum
from json.encoder import encode_basestring
from typing import NamedTuple


class Kind(StrEnum):
    """What happens to a row. `ERASED`: a value that stands is taken away, whatever else changes in the row."""

    NEW = "new"
    CHANGED = "changed"
    ERASED = "erased"


NEW, CHANGED, ERASED = (kind.value for kind in Kind)


class PlannedRow(NamedTuple):
    """One row that would be written. `cells` is {column code: [before, after]} as `plain` gives values."""

    kind: str
    sheet: str
    row: int
    key: list
    cells: dict


class Plan:
    """What an import would change: the entries, their rows as the text that is kept, and counts for the report."""

    def __init__(self, entries=(), rows=()):
        self.entries, self.text = list(entries), as_text(rows)
        self.kinds, self.erased = counts(rows), erasures(rows)

    def as_data(self):
        """The counts, for the report of a run."""
        return {**self.kinds, "values_erased": self.erased}


class WrittenPlan(Plan):
    """A plan of lines, known by agency and code, whose rows are written as they come: for thousands of rows."""

    def __init__(self):
        super().__init__()
        self._texts, self._kinds, self.quoted = [], [], Quoted()

    def add(self, entry, *, is_new, cells):
        """A row with `cells`, [(column code, text before, text after)]."""
        erased, quoted = 0 if is_new else sum(now is None for _code, _was, now in cells), self.quoted
        pairs = ",".join([f'"{code}":[{quoted[was]},{quoted[now]}]' for code, was, now in cells])
        self.add_text(entry, NEW if is_new else ERASED if erased else CHANGED, pairs)
        self.erased += erased

    def add_text(self, entry, kind, cells):
        """A row whose cells come as JSON, `"code":[before,after]` with commas between them."""
        quoted, table, place = self.quoted, entry.table, entry.place_in_columns
        title, columns = quoted[table.sheet.title], table.typed
        agency, code = quoted[columns["agency"][place]], quoted[columns["code"][place]]
        self.entries.append(entry)
        self._kinds.append(kind)
        self._texts.append(f'["{kind}",{title},{entry.at + 1},[{agency},{code}],{{{cells}}}]')

    def finished(self):
        """The plan itself, with its text and counts."""
        self.text, self.kinds = f"[{','.join(self._texts)}]", Counter(self._kinds)
        return self


class Quoted(dict):
    """{text: how JSON writes it}, made when it is asked for; codes and remarks stand in many rows."""

    def __missing__(self, text):
        self[text] = "null" if text is None else encode_basestring(text)
        return self[text]


def plain(value):
    """A value as JSON keeps it, equal for equal values of one column: figures with six decimals as exact text."""
    if type(value) is Decimal:
        return str(value)
    if value is None or type(value) is str:
        return value or None
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):  # an enum
        return str(value) or None
    return value or (None if isinstance(value, list) else value)


def cells_of(before, after):
    """{code: [before, after]} of the values that differ, of two mappings by column code; None stands for empty."""
    pairs = ((code, plain(before.get(code)), plain(value)) for code, value in after.items())
    return {code: [was, now] for code, was, now in pairs if was != now}


def planned(entry, *, is_new, key, cells):
    """The PlannedRow of an entry."""
    kind = NEW
    if not is_new:
        kind = ERASED if any(now is None for _was, now in cells.values()) else CHANGED
    return PlannedRow(kind, entry.table.sheet.title, entry.at + 1, key, cells)


def as_text(rows):
    """The rows as text for the run."""
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


def from_text(text):
    """The rows that `as_text` wrote."""
    return [PlannedRow(*row) for row in json.loads(text)] if text else []


def erasures(rows):
    """The number of values that would be taken away."""
    return sum(now is None for row in rows if row.kind == Kind.ERASED for _was, now in row.cells.values())


def counts(rows):
    """{kind: number of rows}."""
    return Counter(row.kind for row in rows)


def moved(rows, tried):
    """[(index in `rows`, the row as it was tried or None)] of rows that are planned otherwise than at the trial run."""
    if rows == tried:
        return []
    known = {(row.sheet, row.row): row for row in tried}
    return [
        (at, known.get((row.sheet, row.row))) for at, row in enumerate(rows) if known.get((row.sheet, row.row)) != row
    ]
