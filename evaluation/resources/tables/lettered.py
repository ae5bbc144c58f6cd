"""Tables without headings: a person says by letter what each column is. Such answers hold for one upload alone.

They stand among the answers of the run, under keys that no heading has: `sheet!C` for a column, and `sheet!` for the
number of the first row of data.
"""

from openpyxl.utils import get_column_letter

from evaluation.process.imports.import_run import LETTER_MARK as MARK

from ..reading.book import Row
from .faults import shown
from .headings import SAMPLES, Heading, Seen


def key_of(sheet, letter=""):
    """The key of an answer about a column of a sheet; without a letter, of its first row of data."""
    return f"{sheet}{MARK}{letter}"


def by_letter(sheet, names):
    """The Seen of a sheet whose columns a person named by letter, or None where nobody did."""
    first = names.answers.get(key_of(sheet.title))
    if not first:
        return None
    width = max((row.width for row in sheet.rows), default=0)
    letters = [get_column_letter(place + 1) for place in range(width)]
    codes = [names.answers.get(key_of(sheet.title, letter), "") for letter in letters]
    headings = [
        Heading(place, letter, "", code if code in names.fields else "")
        for place, (letter, code) in enumerate(zip(letters, codes, strict=True))
    ]
    seen = Seen(sheet, Row(sheet.title, int(first) - 1, []), names, headings)
    return seen if seen.columns and not seen.missing else None


def as_data(sheet, names):
    """A sheet without headings as plain JSON, for the page on which its columns are named; None for a small one."""
    rows = [row for row in sheet.rows if not row.is_empty]
    places = sorted({place for row in rows[:SAMPLES] for place, value in enumerate(row.values) if value is not None})
    if len(places) < len(names.required):
        return None
    return {
        "sheet": sheet.title,
        "row": rows[0].number,
        "made_out": True,
        "has_headings": False,
        "missing": names.required,
        "known": {},
        "headings": [column(sheet.title, rows, place) for place in places],
    }


def column(title, rows, place):
    """One column by its letter, with its first values."""
    letter = get_column_letter(place + 1)
    values = [shown(row.value(place)) for row in rows if row.value(place) is not None]
    return {
        "column": letter,
        "heading": letter,
        "key": key_of(title, letter),
        "code": "",
        "guess": "",
        "samples": values[:SAMPLES],
    }
