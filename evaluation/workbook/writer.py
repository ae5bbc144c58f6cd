"""The writer over openpyxl: right to left, headings in row 1, text that can never become a formula."""

import re
from collections.abc import Mapping
from copy import copy
from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO
from itertools import count

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation

from evaluation.persian import format_jalali, format_jalali_datetime

from .table import KINDS, Column, Sheet

FONT = "Tahoma"  # has Persian letters on every Windows; a font that is missing would be replaced at random
FORMULA_MARKS = ("=", "+", "-", "@", "\t", "\r")
LONGEST_TEXT = 32_767
LISTS = "_lists"
SPARE_ROWS = 1_000
LINE, HIGHEST_ROW = 15, 400  # points

_LINE = Side(style="thin", color="D5D9E0")
_BORDER = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)


def build(sheets, *, properties=None, protect=False, codes=False):
    """The bytes of an .xlsx workbook.

    `properties` fills title, subject, creator … of the file; `protect` locks headings and locked columns; `codes`
    adds a hidden second row with the English code of each column. Notes make a last sheet that explains the others.
    """
    book = Workbook(write_only=True)
    for name, value in (properties or {}).items():
        setattr(book.properties, name, str(value))
    sheets, lists = list(sheets), _Lists(book)
    titles = set()
    for sheet in sheets:
        _Writer(book, sheet, lists=lists, title=_free_title(sheet.title, titles), protect=protect, codes=codes).write()
    if notes := list(_notes(sheets)):
        columns = (
            Column(code="subject", heading=_("Subject"), width=30),
            Column(code="note", heading=_("Guide"), width=90),
        )
        guide = Sheet(title=_("Guide"), columns=columns, rows=notes)
        _Writer(book, guide, lists=lists, title=_free_title(guide.title, titles), protect=protect).write()
    lists.write()
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _notes(sheets):
    for sheet in sheets:
        if sheet.note:
            yield sheet.title, sheet.note
        yield from ((column.heading, column.note) for column in sheet.columns if column.note)


def _free_title(title, taken):
    """A title that Excel accepts and the workbook does not have yet."""
    plain = re.sub(r"[\[\]:*?/\\]", " ", clean(title)).strip("' ")[:31] or "1"
    candidates = (plain if number == 1 else f"{plain[:27]} {number}" for number in count(1))
    free = next(candidate for candidate in candidates if candidate.casefold() not in taken)
    taken.add(free.casefold())
    return free


def clean(value):
    """`value` as text that a cell can hold: no control characters, no more than Excel's length."""
    return ILLEGAL_CHARACTERS_RE.sub("", str(value))[:LONGEST_TEXT]


class _Lists:
    """The hidden sheet that the drop-downs read; equal lists share a column."""

    def __init__(self, book):
        self.book, self.columns = book, {}

    def formula(self, choices):
        choices = tuple(clean(choice) for choice in choices)
        letter = get_column_letter(self.columns.setdefault(choices, len(self.columns) + 1))
        return f"{quote_sheetname(LISTS)}!${letter}$1:${letter}${len(choices)}"

    def write(self):
        if not self.columns:
            return
        sheet = self.book.create_sheet(LISTS)
        sheet.sheet_state = "hidden"
        for row in range(max(map(len, self.columns))):
            cells = []
            for choices in self.columns:
                cell = WriteOnlyCell(sheet, choices[row] if row < len(choices) else None)
                cell.data_type = "s" if cell.value is not None else "n"
                cells.append(cell)
            sheet.append(cells)


class _Writer:
    def __init__(self, book, sheet, *, lists, title, protect, codes=False):
        self.columns, self.rows, self.lists, self.codes = tuple(sheet.columns), sheet.rows, lists, codes
        self.page = book.create_sheet(title)
        self.protect = protect
        self.styles = [self._style(column) for column in self.columns]
        self.quoted = [self._style(column, quoted=True) for column in self.columns]
        self.wrapped = [(place, _width(column)) for place, column in enumerate(self.columns) if column.kind == "text"]
        self.sums = {place: Decimal(0) for place, column in enumerate(self.columns) if column.total}

    def write(self):
        self._lay_out()
        bold = Font(name=FONT, size=10, bold=True)
        self.page.append([self._heading(column) for column in self.columns])
        if self.codes:
            self.page.append([self._text(column.code) for column in self.columns])
        last = 2 if self.codes else 1
        for row in self.rows:
            last += 1
            cells = [self._cell(place, value) for place, value in enumerate(self._values(row))]
            if (
                self.wrapped and (lines := self._lines(cells)) > 1
            ):  # without a height the programs lay wrapped rows over each other
                self.page.row_dimensions[last].height = min(LINE * lines, HIGHEST_ROW)
            self.page.append(cells)
        if not self.codes:
            self.page.auto_filter.ref = f"A1:{get_column_letter(len(self.columns))}{last}"
        if self.sums:
            self.page.append([self._total(place, bold) for place in range(len(self.columns))])
        self._offer_choices(last + SPARE_ROWS)
        self.page.close()

    def _lines(self, cells):
        """How many lines the longest wrapped text of a row takes."""
        return max(
            sum(-(-len(line) // width) or 1 for line in cells[place].value.split("\n"))
            if isinstance(cells[place].value, str)
            else 1
            for place, width in self.wrapped
        )

    def _lay_out(self):
        page = self.page
        page.sheet_view.rightToLeft = True
        page.freeze_panes = "A3" if self.codes else "A2"
        page.row_dimensions[1].height = 36
        if self.codes:
            page.row_dimensions[2].hidden = True
        for place, column in enumerate(self.columns, start=1):
            dimension = page.column_dimensions[get_column_letter(place)]
            dimension.width = _width(column)
            dimension._style = copy(self.styles[place - 1])  # what people type into empty rows stays text
        page.page_setup.orientation = "landscape"
        page.page_setup.paperSize = 9  # A4
        page.page_setup.fitToHeight = 0
        page.sheet_properties.pageSetUpPr.fitToPage = True
        page.print_title_rows = "1:1"
        page.protection.sheet = self.protect
        if self.protect:  # reading helps stay allowed
            page.protection.autoFilter = page.protection.sort = page.protection.formatColumns = False

    def _values(self, row):
        return (row.get(column.code) for column in self.columns) if isinstance(row, Mapping) else row

    def _style(self, column, *, quoted=False):
        cell = WriteOnlyCell(self.page)
        cell.font = Font(name=FONT, size=10)
        cell.border = _BORDER
        cell.alignment = Alignment(vertical="top", wrap_text=column.kind == "text", readingOrder=2)
        cell.number_format = "@" if column.kind != "number" else _number_format(column.places)
        if self.protect:
            cell.protection = Protection(locked=column.locked)
        style = cell._style
        style.quotePrefix = int(quoted)
        return style

    def _heading(self, column):
        cell = self._text(column.heading)
        cell.font = Font(name=FONT, size=10, bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", start_color="1F3A5F")
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True, readingOrder=2)
        cell.border = _BORDER
        return cell

    def _text(self, text):
        cell = WriteOnlyCell(self.page, clean(text))
        cell.data_type = "s"
        return cell

    def _cell(self, place, value):
        column = self.columns[place]
        if value is None or value == "":
            cell = WriteOnlyCell(self.page)
        elif column.kind == "number" and (number := _number(value)) is not None:
            if place in self.sums:
                self.sums[place] += number
            cell = WriteOnlyCell(self.page, number)
        else:
            cell = self._text(_shown(value))
            if cell.value.startswith(FORMULA_MARKS):
                cell._style = copy(self.quoted[place])
                return cell
        cell._style = copy(self.styles[place])
        return cell

    def _total(self, place, bold):
        cell = self._cell(place, None)
        if place in self.sums:
            cell.value = self.sums[place]
        elif place == 0:
            cell = self._text(_("Total"))
        cell.font, cell.border = bold, _BORDER
        cell.alignment = Alignment(readingOrder=2)
        return cell

    def _offer_choices(self, last):
        first = 3 if self.codes else 2
        for place, column in enumerate(self.columns, start=1):
            if not column.choices:
                continue
            rule = DataValidation(type="list", formula1=self.lists.formula(column.choices), allow_blank=True)
            rule.errorTitle = clean(column.heading)[:32]
            rule.error = _("Choose one of the values in the list.")
            rule.showErrorMessage = True
            letter = get_column_letter(place)
            rule.add(f"{letter}{first}:{letter}{last}")
            self.page.data_validations.append(rule)


def _width(column):
    return column.width or min(max(KINDS[column.kind], len(str(column.heading)) + 4), 60)


def _number_format(places):
    if places is None:
        return "General"
    return "#,##0." + "0" * places if places else "#,##0"


def _number(value):
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    return number if number.is_finite() else None


def _shown(value):
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, datetime):
        return format_jalali_datetime(value, language="en")
    if isinstance(value, date):
        return format_jalali(value, language="en")
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return value
