"""What was read from an uploaded workbook: sheets of rows whose cells know their address."""

from dataclasses import dataclass, field

from openpyxl.utils import get_column_letter


@dataclass(frozen=True, slots=True)
class Broken:
    """A cell without a usable value: an error such as #REF!, or a formula that was never calculated."""

    text: str
    uncalculated: bool = False

    def __str__(self):
        return self.text


@dataclass(frozen=True, slots=True)
class Row:
    """One row; `number` counts from 1 as people see it. Cells: str, int, Decimal, bool, date, time, Broken or None."""

    sheet: str
    number: int
    values: list

    def address(self, column):
        """`sheet!C14` for the cell in the column with this index, from 0."""
        return f"{self.sheet}!{get_column_letter(column + 1)}{self.number}"

    def value(self, column):
        """The cell's value, None also to the right of the last filled cell."""
        return self.values[column] if column < len(self.values) else None

    @property
    def is_empty(self):
        return all(value is None for value in self.values)


@dataclass(frozen=True, slots=True)
class SheetData:
    """A visible sheet, from its first row to its last filled one; empty rows between keep their numbers."""

    title: str
    rows: list[Row] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Book:
    """The visible sheets of an upload, in order."""

    name: str
    sheets: list[SheetData]
