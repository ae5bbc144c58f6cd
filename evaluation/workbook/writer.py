"""Workbooks by openpyxl: right to left, headings in row 1, their codes hidden below, fills for open cells."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import BytesIO
from itertools import count

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from . import properties as custom_properties
from .cells import (
    FORMULA_MARKS,
    ColumnCells,
    clean,
    empty_xml,
    height_of,
    number_xml,
    row_xml,
    text_xml,
    write_page,
)
from .checks import Lists, rules
from .looks import Looks, lay_out, width
from .pages import write_words
from .table import LOCKED, MEANINGS, Column, Page, Sheet

SPARE_ROWS = 1_000
HEADING_HEIGHT = 36  # points


def build(
    sheets: Iterable[Sheet | Page],
    *,
    properties: Mapping[str, object] | None = None,
    custom: Mapping[str, object] | None = None,
    protect: bool = False,
    codes: bool = False,
    header: str = "",
) -> bytes:
    """The bytes of an .xlsx workbook of `Sheet`s and `Page`s.

    `properties` fills title, subject, creator … of the file, `custom` its own properties (`properties_of` reads them);
    `header` stands on every printed page; `protect` locks headings and locked columns; `codes` adds a hidden second row
    with the English code of each column.
    The notes of sheets and columns become a guide, the last sheet.
    """
    book = Workbook(write_only=True)
    for name, value in (properties or {}).items():
        setattr(book.properties, name, str(value))
    custom_properties.put(book, custom or {})
    sheets, lists = list(sheets), Lists(book)
    titles: set[str] = set()
    for sheet in [*sheets, *guide(sheets)]:
        page = book.create_sheet(free_title(sheet.title, titles))
        page.oddHeader.center.text = header or None
        if isinstance(sheet, Page):
            write_words(page, sheet, protect=protect)
        else:
            SheetWriter(page, sheet, lists=lists, protect=protect, codes=codes).write()
    lists.write()
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def guide(sheets: Sequence[Sheet | Page]) -> list[Page]:
    """[the guide], where a sheet or a column has a note and no page is given; else []."""
    tables = [sheet for sheet in sheets if isinstance(sheet, Sheet)]
    if len(tables) < len(sheets):
        return []
    notes = []
    for sheet in tables:
        notes += [(sheet.title, sheet.note)] if sheet.note else []
        notes += [(column.heading, column.note) for column in sheet.columns if column.note]
    if not notes:
        return []
    fills = {column.fill for sheet in tables for column in sheet.columns}
    return [
        Page(
            title=_("Guide"),
            heading=_("Guide"),
            facts=list(dict.fromkeys(notes)),
            legend_title=_("What the colours mean"),
            legend=[(fill, meaning) for fill, meaning in MEANINGS.items() if fill in fills],
        )
    ]


def free_title(title: str, taken: set[str]) -> str:
    """A title that Excel accepts and the workbook does not have yet."""
    plain = re.sub(r"[\[\]:*?/\\]", " ", clean(title)).strip("' ")[:31] or "1"
    candidates = (plain if number == 1 else f"{plain[:27]} {number}" for number in count(1))
    free = next(candidate for candidate in candidates if candidate.casefold() not in taken)
    taken.add(free.casefold())
    return free


class SheetWriter:
    """Writes one table."""

    def __init__(self, page: WriteOnlyWorksheet, sheet: Sheet, *, lists: Lists, protect: bool, codes: bool) -> None:
        self.page, self.sheet, self.lists, self.protect, self.codes = page, sheet, lists, protect, codes
        self.columns = tuple(sheet.columns)
        self.letters = [get_column_letter(place) for place in range(1, len(self.columns) + 1)]
        self.looks = Looks(page, protect=protect)
        self.cells = [
            ColumnCells(column, letter, self.looks) for column, letter in zip(self.columns, self.letters, strict=True)
        ]
        self.wrapped = [(place, width(column)) for place, column in enumerate(self.columns) if column.kind == "text"]
        self.first = 3 if codes else 2
        self.last = self.first - 1

    def write(self) -> None:
        lay_out(self.page, protect=self.protect)
        self.page.freeze_panes = f"{get_column_letter(self.sheet.frozen + 1)}{self.first}"
        self.page.print_title_rows = "1:1"
        for column, letter in zip(self.columns, self.letters, strict=True):
            dimension = self.page.column_dimensions[letter]
            dimension.width, dimension.hidden = width(column), column.hidden
            dimension._style = self.looks.spare(column, grows=self.sheet.grows)._style
        write_page(self.page, self.rows(), self.finish)

    def rows(self) -> Iterator[str]:
        """The XML of every row, in order."""
        yield row_xml(1, self.headings(), height=HEADING_HEIGHT)
        if self.codes:
            codes = [text_xml(f"{letter}2", 0, clean(column.code)) for letter, column in self.named()]
            yield row_xml(2, codes, hidden=True)
        keys = [column.code for column in self.columns]
        for row in self.sheet.rows:
            self.last += 1
            if isinstance(row, Mapping):
                values, shut = [row.get(key) for key in keys], row.get(LOCKED, ())
            else:
                values, shut = list(row), ()
            cells = [
                cells.xml(value, self.last, key in shut)
                for cells, key, value in zip(self.cells, keys, values, strict=False)
            ]
            yield row_xml(self.last, cells, height=height_of(values, self.wrapped))
        if any(column.total for column in self.columns):
            yield row_xml(self.last + 1, self.totals(self.last + 1))

    def named(self) -> Iterator[tuple[str, Column]]:
        """(letter, column) of each column."""
        return zip(self.letters, self.columns, strict=True)

    def headings(self) -> Iterator[str]:
        """The XML of the heading cells."""
        for letter, column in self.named():
            text = clean(column.heading)
            look = self.looks.heading(column, quoted=text.startswith(FORMULA_MARKS))
            yield text_xml(f"{letter}1", look.style_id, text)

    def totals(self, row: int) -> Iterator[str]:
        """The XML of the row of totals."""
        for place, (letter, column) in enumerate(self.named()):
            look = self.looks.total(column).style_id
            if (total := self.cells[place].sum) is not None:
                yield number_xml(f"{letter}{row}", look, total.normalize())
            elif place == 0:
                yield text_xml(f"{letter}{row}", look, _("Total"))
            else:
                yield empty_xml(f"{letter}{row}", look)

    def finish(self) -> None:
        """Set filter and checks, which need the last row."""
        self.page.auto_filter.ref = f"A1:{self.letters[-1]}{self.last}"
        spare = 0 if self.protect and not self.sheet.grows else SPARE_ROWS
        for rule in rules(self.columns, self.lists, first=self.first, last=max(self.last, self.first) + spare):
            self.page.data_validations.append(rule)
