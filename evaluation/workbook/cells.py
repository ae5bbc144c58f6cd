"""Cells and rows as the XML of a sheet: text is never a formula, and numbers stay numbers.

openpyxl makes everything of a workbook but its rows: one object for each cell would take most of the time.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from xml.sax.saxutils import escape

from django.utils.translation import gettext as _
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.xml.functions import fromstring

from evaluation.persian import format_jalali, format_jalali_datetime

from .looks import Looks
from .table import Column

FORMULA_MARKS = ("=", "+", "-", "@", "\t", "\r")
MAX_TEXT_LENGTH = 32_767
MAX_DIGITS = 15  # of a number, as Excel stores it
LINE_HEIGHT, MAX_ROW_HEIGHT = 15, 400  # points
ZWNJ = "\u200c"
PERSIAN_PER_DIGIT = 1.1  # a width counts digits; so many Persian letters fit in the place of one

_IMPOSSIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # characters that XML forbids
_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")  # programs read _x0041_ as the letter A, so the first sign is escaped
_CARRIAGE_RETURN = {"\r": "&#13;"}


class RowsWriter(WorksheetWriter):
    """openpyxl's writer of one sheet, with rows as XML; `finish` is called after them and may add to the sheet."""

    def __init__(self, page: WriteOnlyWorksheet, rows: Iterable[str], finish: Callable[[], None]) -> None:
        super().__init__(page)
        self.rows_xml, self.finish = rows, finish

    def write_rows(self) -> None:
        xf = self.xf.send(True)
        with xf.element("sheetData"):
            for row in self.rows_xml:
                xf.write(fromstring(row))
        self.xf.send(None)

    def write_tail(self) -> None:
        self.finish()
        super().write_tail()


def write_page(page: WriteOnlyWorksheet, rows: Iterable[str], finish: Callable[[], None] = lambda: None) -> None:
    """Write a write-only sheet of openpyxl with these rows of XML."""
    page._writer = RowsWriter(page, rows, finish)
    page._writer.write_top()
    page.close()


def row_xml(number: int, cells: Iterable[str], *, height: float | None = None, hidden: bool = False) -> str:
    """One row of finished cells; `height` in points."""
    more = f' ht="{height}" customHeight="1"' if height else ""
    more += ' hidden="1"' if hidden else ""
    return f'<row r="{number}"{more}>{"".join(cells)}</row>'


def text_xml(place: str, look: int, text: str) -> str:
    """A cell of text; `place` is its address, `look` the id of a style."""
    space = ' xml:space="preserve"' if text != text.strip() else ""
    written = escape(_ESCAPED.sub("_x005F_", text), _CARRIAGE_RETURN)
    return f'<c r="{place}" s="{look}" t="inlineStr"><is><t{space}>{written}</t></is></c>'


def number_xml(place: str, look: int, number: Decimal) -> str:
    """A cell of a number."""
    return f'<c r="{place}" s="{look}"><v>{number:f}</v></c>'


def empty_xml(place: str, look: int) -> str:
    """A cell with a style alone."""
    return f'<c r="{place}" s="{look}"/>'


def clean(value: object) -> str:
    """The value as text that a cell can hold: without control characters, at most MAX_TEXT_LENGTH characters."""
    return _IMPOSSIBLE.sub("", str(value))[:MAX_TEXT_LENGTH]


def number_of(value: object) -> Decimal | None:
    """The value as a finite Decimal without trailing zeros, or None for what is no number."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    return number.normalize() if number.is_finite() else None


def shown(value: object) -> object:
    """A truth value, date or time as people read it; other values unchanged."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, datetime):
        return format_jalali_datetime(value, language="en")
    if isinstance(value, date):
        return format_jalali(value, language="en")
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return value


def height_of(values: Sequence[object], wrapped: Iterable[tuple[int, float]]) -> float | None:
    """The height in points of a row whose texts wrap, or None for one line. `wrapped`: (place, width in characters).

    Programs would draw wrapped rows over each other if no height were set.
    """
    lines = 1
    for place, width in wrapped:
        value = values[place]
        if isinstance(value, str) and (len(value) > width or "\n" in value):
            fits = int(width * PERSIAN_PER_DIGIT)
            lines = max(lines, sum(-(-len(line.replace(ZWNJ, "")) // fits) or 1 for line in value.split("\n")))
    return min(LINE_HEIGHT * lines, MAX_ROW_HEIGHT) if lines > 1 else None


class ColumnCells:
    """The XML of one column's cells."""

    def __init__(self, column: Column, letter: str, looks: Looks) -> None:
        self.letter, self.number, self.exact = letter, column.kind == "number", column.places is None
        self.looks = {
            (shut, quoted): looks.cell(column, shut=shut, quoted=quoted).style_id
            for shut in (False, True)
            for quoted in (False, True)
        }
        self.sum = Decimal(0) if column.total else None

    def xml(self, value: object, row: int, shut: bool = False) -> str:
        """The cell of a value in a row; `shut`: locked in this row alone."""
        place = f"{self.letter}{row}"
        if value is None or value == "":
            return empty_xml(place, self.looks[shut, False])
        if self.number and (number := number_of(value)) is not None:
            if self.sum is not None:
                self.sum += number
            if not self.exact or len(number.as_tuple().digits) <= MAX_DIGITS:
                return number_xml(place, self.looks[shut, False], number)
            value = f"{number:f}"
        text = clean(shown(value))
        return text_xml(place, self.looks[shut, text.startswith(FORMULA_MARKS)], text)
