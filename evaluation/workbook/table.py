"""What a workbook is made of, as data: sheets, columns and rows, and pages of words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

KINDS = {"text": 24, "number": 14, "date": 14, "datetime": 20, "choice": 18}  # {kind: usual width in characters}
OPEN, SHUT = "FFFBE8", "ECEEF2"  # the fills of cells to write into, and of cells to read only
MEANINGS = {OPEN: _("Open: fill this cell."), SHUT: _("Only for reading.")}
LOCKED = "_locked"  # key of a mapping row: codes of the columns that are locked in this row alone


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column. `code` is the key of a mapping row, `places` fixes the decimals shown, `note` explains it.

    `choices` are offered as a list; without `choices_strict` another value is taken after a warning. `minimum` and
    `maximum` bound a number, again with a warning; a maximum may be the code of the column that holds it. A column of
    numbers without `places` keeps every digit: what Excel would round is written as text.
    """

    code: str
    heading: str
    kind: str = "text"
    width: int | None = None
    choices: Sequence[str] = ()
    choices_strict: bool = True
    minimum: Decimal | int | None = None
    maximum: Decimal | int | str | None = None
    checked: bool = False  # whether numbers and dates are checked while people type
    locked: bool = False
    hidden: bool = False
    fill: str = ""
    total: bool = False
    places: int | None = None
    note: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"unknown kind of column: {self.kind}")


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One table. A row is a mapping by column code, or a sequence in the order of the columns.

    `grows`: people add rows, so locked columns are open below the given rows. `frozen`: the number of columns that stay
    visible when the sheet is scrolled. `note` explains the sheet in the guide.
    """

    title: str
    columns: Sequence[Column]
    rows: Iterable[Mapping | Sequence] = field(default=())
    note: str = ""
    grows: bool = False
    frozen: int = 0


@dataclass(frozen=True, kw_only=True)
class Page:
    """A sheet of words: a heading, facts as (label, value), numbered steps under a title, fills with their meaning."""

    title: str
    heading: str
    facts: Sequence[tuple[str, str]] = ()
    steps_title: str = ""
    steps: Sequence[str] = ()
    legend_title: str = ""
    legend: Sequence[tuple[str, str]] = ()


def values_of(row: Mapping | Sequence, sheet: Sheet) -> list[object]:
    """The values of one row of a sheet in the order of its columns."""
    return [row.get(column.code) for column in sheet.columns] if isinstance(row, Mapping) else list(row)
