"""A table as comma-separated text: the plainest form, for other systems."""

import csv
from io import StringIO

from .cells import FORMULA_MARKS, clean, number_of, shown
from .table import Sheet, values_of


def build_csv(sheet: Sheet) -> bytes:
    """The bytes of a .csv file of one `Sheet`: UTF-8 with the mark by which Excel knows it, quoted where it must be.

    Text that a program would take for a formula begins with an apostrophe, since such a file holds no types.
    """
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow([guarded(column.heading) for column in sheet.columns])
    kinds = [column.kind for column in sheet.columns]
    for row in sheet.rows:
        writer.writerow([written(kind, value) for kind, value in zip(kinds, values_of(row, sheet), strict=True)])
    return out.getvalue().encode("utf-8-sig")


def written(kind: str, value: object) -> str:
    """A value as text: numbers in full with a decimal point, dates in the Jalali calendar."""
    if value is None:
        return ""
    if kind == "number" and (number := number_of(value)) is not None:
        return f"{number:f}"
    return guarded(clean(shown(value)))


def guarded(text: str) -> str:
    """The text, with an apostrophe before what a program would calculate."""
    return f"'{text}" if text.startswith(FORMULA_MARKS) else text
