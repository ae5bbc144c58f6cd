"""What was read from an uploaded workbook: sheets of rows; each cell has an address."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import zip_longest
from math import isfinite

from openpyxl.utils import get_column_letter


@dataclass(frozen=True, slots=True)
class Broken:
    """A cell without a usable value: an error such as #REF!, a formula that was never calculated, or a code that is
    stored otherwise than it is shown.
    """

    text: str
    uncalculated: bool = False
    disguised: bool = False

    def __str__(self):
        return self.text


class Doubtful(str):
    """A text of a .csv file such as 20,000 whose comma may group thousands or stand before decimals."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class CellNotes:
    """Facts about the cells of one sheet that a person should be told although the cells are read.

    Rows count from 1, columns from 0. `formulas`: cells whose last calculated value was read; `percent`: cells read as
    shown, 85 and not 0.85; both as (row, column). `formats`: {(row, column): format} of numbers that are shown
    otherwise than by their digits. `hidden_rows` by number, `hidden_columns` by place; `merged` as (first row, first
    column, last row, last column).
    """

    formulas: set = field(default_factory=set)
    percent: set = field(default_factory=set)
    formats: dict = field(default_factory=dict)
    hidden_rows: set = field(default_factory=set)
    hidden_columns: set = field(default_factory=set)
    merged: list = field(default_factory=list)

    def within(self, height, width):
        """A copy without what lies outside a sheet of that many rows and columns."""
        merged = [
            (top, left, min(bottom, height), min(right, width - 1))
            for top, left, bottom, right in self.merged
            if top <= height and left < width
        ]
        hidden = {row for row in self.hidden_rows if row <= height}
        columns = {column for column in self.hidden_columns if column < width}
        return CellNotes(self.formulas, self.percent, self.formats, hidden, columns, merged)


class Row:
    """One row; `number` counts from 1 as people see it. Cells: str, int, Decimal, bool, date, time, Broken or None.

    The library's values are converted when somebody first asks for one.
    """

    __slots__ = ("_cells", "_typed", "number", "sheet")

    def __init__(self, sheet, number, cells):
        self.sheet, self.number, self._cells, self._typed = sheet, number, cells, False

    def __repr__(self):
        return f"Row({self.sheet!r}, {self.number}, {self.values!r})"

    @property
    def values(self):
        """The converted cells, without the empty ones at the end of the row."""
        if not self._typed:
            self._cells, self._typed = typed(self._cells), True
        return self._cells

    def address(self, column):
        """`sheet!C14` for the cell in the column with this index, from 0."""
        return f"{self.sheet}!{get_column_letter(column + 1)}{self.number}"

    def value(self, column):
        """The cell's value, None also to the right of the last filled cell."""
        return self.values[column] if column < len(self._cells) else None

    @property
    def width(self):
        """The number of cells that the row has in the file, empty ones too."""
        return len(self._cells)

    @property
    def is_empty(self):
        return all(value is None for value in self.values)


@dataclass(frozen=True, slots=True)
class SheetData:
    """A visible sheet, from its first row to its last filled one; empty rows between keep their numbers. `of_text`: the
    rows of a text file, which may have more or fewer cells than the headings.
    """

    title: str
    rows: list[Row] = field(default_factory=list)
    notes: CellNotes = field(default_factory=CellNotes)
    of_text: bool = False
    _by_column: list = field(default_factory=list, init=False, repr=False, compare=False)

    def column(self, place):
        """The values of one column, from 0, in the order of `rows`; faster than asking every row."""
        if not self._by_column:
            self._by_column.extend(zip_longest(*[row._cells for row in self.rows]))
        if place >= len(self._by_column):
            return [None] * len(self.rows)
        return typed_many(self._by_column[place])


@dataclass(frozen=True, slots=True)
class Book:
    """The visible sheets of an upload, in order."""

    name: str
    sheets: list[SheetData]


def typed(cells):
    """The cells as `Row` gives them, from values of the library or of the child process; converted ones stay."""
    return [
        (cell if cell and not cell.isspace() else None)
        if (kind := type(cell)) is str
        else (make(cell) if (make := _MAKERS.get(kind)) else cell)
        for cell in cells
    ]


def typed_many(cells):
    """`typed` of a whole column: the same figure often stands in many rows, and is made once."""
    kinds = set(map(type, cells))
    if float not in kinds:
        return typed(cells)
    known = {figure: as_number(figure) for figure in {cell for cell in cells if type(cell) is float}}
    if kinds <= {float, str, type(None)}:
        return [
            known[cell] if type(cell) is float else (cell if cell and not cell.isspace() else None) for cell in cells
        ]
    return typed([known[cell] if type(cell) is float else cell for cell in cells])


def as_number(value):
    """12.0 is 12: an int where nothing is lost, else a Decimal of the fifteen digits that Excel shows."""
    if value.is_integer() and abs(value) < 10**15:
        return int(value)
    if not isfinite(value):
        return Broken("#NUM!")
    text = f"{value:.15g}"
    return Decimal(text) if "." in text or "e" in text else int(text)


def as_percent(value):
    """What a percent cell shows: 85 for 0.85."""
    if not isfinite(value):
        return Broken("#NUM!")
    percent = Decimal(f"{value:.15g}") * 100
    return int(percent) if percent == percent.to_integral_value() and abs(percent) < 10**15 else percent.normalize()


def _moment(cell):
    """From the child process: the name of a type and its ISO text, or its seconds."""
    kind, said = cell
    if kind == "timedelta":
        return as_clock(timedelta(seconds=said))
    return {"datetime": datetime, "date": date, "time": time}[kind].fromisoformat(said)


def as_clock(value):
    """30:00:00 for a length of time, as programs show it."""
    sign, seconds = "-" if value < timedelta() else "", round(abs(value).total_seconds())
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


_MAKERS = {float: as_number, list: _moment, timedelta: as_clock}
