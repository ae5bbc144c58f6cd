"""A plain .xlsx of what was read, for uploads of other forms: the same values at the same addresses."""

import re
from datetime import MINYEAR, date, datetime
from io import BytesIO
from itertools import count

from django.utils.translation import get_language_bidi
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from evaluation.resources.book import Broken
from evaluation.workbook import clean

from .names import is_palette, is_summary

NARROWEST, WIDEST, LOOKED_AT = 10, 50, 200  # characters, and rows by which a width is chosen
FIRST_DAY = datetime(1900, 3, 1)  # noqa: DTZ001  cells have no zone; Excel counts days wrongly before


def rebuilt(book):
    """(bytes, {title in the Book: title here}) of a workbook with the Book's values; an earlier list is left out."""
    out, titles = Workbook(write_only=True), {}
    for sheet in book.sheets:
        if not is_summary(sheet.title) and not is_palette(sheet.title):
            titles[sheet.title] = _free(sheet.title, titles.values())
            _write(out.create_sheet(titles[sheet.title]), sheet)
    stream = BytesIO()
    out.save(stream)
    return stream.getvalue(), titles


def _free(title, taken):
    """The title as Excel accepts it, for once in this workbook."""
    plain = re.sub(r"[\[\]:*?/\\]", " ", clean(title)).strip("' ")[:31] or "1"
    taken = {each.casefold() for each in taken}
    tries = (plain if number == 1 else f"{plain[:27]} {number}" for number in count(1))
    return next(title for title in tries if title.casefold() not in taken)


def _write(page, sheet):
    page.sheet_view.rightToLeft = get_language_bidi()
    for column, width in enumerate(_widths(sheet), start=1):
        page.column_dimensions[get_column_letter(column)].width = width
    text, number = _style(page, "@"), _style(page, "General")
    for row in sheet.rows:
        page.append([_cell(page, value, text, number) for value in row.values])
    page.close()


def _style(page, shown):
    cell = WriteOnlyCell(page)
    cell.font, cell.alignment, cell.number_format = Font(name="Tahoma", size=10), Alignment(vertical="top"), shown
    return cell._style


def _widths(sheet):
    widths = {}
    for row in sheet.rows[:LOOKED_AT]:
        for column, value in enumerate(row.values):
            widths[column] = max(widths.get(column, NARROWEST), min(len(str(value or "")) + 3, WIDEST))
    return [widths[column] for column in sorted(widths)]


def _cell(page, value, text, number):
    """A cell that is read again as this value; text never acts as a formula."""
    if value is None:
        return None
    if isinstance(value, Broken):
        cell = WriteOnlyCell(page, clean(value))
        cell.data_type = "e" if value.text.startswith("#") else "s"
        return cell
    if isinstance(value, date) and (value.year == MINYEAR or _moment(value) < FIRST_DAY):
        value = value.isoformat()
    if isinstance(value, str):
        cell = WriteOnlyCell(page, clean(value))
        cell.data_type, cell._style = "s", text
        return cell
    cell = WriteOnlyCell(page, value)
    if not hasattr(value, "isoformat"):  # dates have got the format that makes them dates
        cell._style = number
    return cell


def _moment(value):
    return value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)  # noqa: DTZ001
