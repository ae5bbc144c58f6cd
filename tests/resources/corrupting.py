"""What is done to a workbook between its download and its upload, by the names that `strategies.office_work` draws."""

import csv
from io import BytesIO, StringIO
from zipfile import BadZipFile, ZipFile
from zlib import error

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import IllegalCharacterError

from .uploads import saved

DAMAGED = (BadZipFile, NotImplementedError, RuntimeError, ValueError, OSError, EOFError, error)  # of zipfile


def corrupted(data, work):
    """(bytes, file name) of a download that went through this work."""
    changes, kind, of_file = work
    book = load_workbook(BytesIO(data))
    for name, *parts in changes:
        WORKBOOK[name](book, book.worksheets[0], *parts)
    made = as_csv(book) if kind == "csv" else saved(book)
    for name, *parts in of_file:
        made = FILE[name](made, *parts)
    return made, {"csv": "a.csv", "xls name": "a.xls"}.get(kind, "a.xlsx")


def as_csv(book):
    out = StringIO()
    csv.writer(out).writerows(book.worksheets[0].iter_rows(values_only=True))
    return out.getvalue().encode("utf-8-sig", errors="replace")


def put(cell, value):
    """Not into the hidden part of a merge, and no character that openpyxl refuses to write."""
    if type(cell).__name__ == "MergedCell":
        return
    try:
        cell.value = value
    except IllegalCharacterError:
        cell.value = f"'{value!r}"


def row_of(page, place):
    """Mostly a row of data."""
    return place % page.max_row + 1


def column_of(page, place):
    return place % page.max_column + 1


def write(book, page, row, column, value):
    put(page.cell(row_of(page, row), column_of(page, column)), value)


def fill(book, page, column, value):
    for row in range(3, page.max_row + 1):
        put(page.cell(row, column_of(page, column)), value)


def scale(book, page, column, by):
    for row in range(3, page.max_row + 1):
        cell = page.cell(row, column_of(page, column))
        if isinstance(cell.value, int | float):
            put(cell, cell.value * by)


def copy_row(book, page, row, to):
    for cell in list(page[row_of(page, row)]):
        put(page.cell(row_of(page, to), cell.column), cell.value)


def swap_columns(book, page, one, other):
    for row in range(1, page.max_row + 1):
        left, right = page.cell(row, column_of(page, one)), page.cell(row, column_of(page, other))
        was = left.value
        put(left, right.value)
        put(right, was)


def rename_heading(book, page, column, value):
    put(page.cell(1, column_of(page, column)), value)


def double_heading(book, page, one, other):
    for row in (1, 2):
        put(page.cell(row, column_of(page, one)), page.cell(row, column_of(page, other)).value)


def merge(book, page, row, column, tall, wide):
    first, left = row_of(page, row), column_of(page, column)
    page.merge_cells(start_row=first, start_column=left, end_row=first + tall - 1, end_column=left + wide - 1)


def hide_row(book, page, row):
    page.row_dimensions[row_of(page, row)].hidden = True


def hide_column(book, page, column):
    page.column_dimensions[get_column_letter(column_of(page, column))].hidden = True


def add_sheet(book, page, first, values):
    added = book.create_sheet("برگه نو", 0 if first else None)
    for column, value in enumerate(values, start=1):
        put(added.cell(1, column), value)


def copy_sheet(book, page):
    title, page.title = page.title, "برگه"  # openpyxl warns of names that grow too long by its “Copy”
    book.copy_worksheet(page)
    page.title = title


def hide_sheet(book, page):
    if len([each for each in book.worksheets if each.sheet_state == "visible"]) > 1:
        page.sheet_state = "hidden"


def set_format(book, page, row, column, number_format):
    page.cell(row_of(page, row), column_of(page, column)).number_format = number_format


WORKBOOK = {
    "write": write,
    "fill": fill,
    "scale": scale,
    "copy row": copy_row,
    "swap columns": swap_columns,
    "rename heading": rename_heading,
    "double heading": double_heading,
    "insert rows": lambda book, page, row, amount: page.insert_rows(row_of(page, row), amount),
    "insert columns": lambda book, page, column, amount: page.insert_cols(column_of(page, column), amount),
    "delete rows": lambda book, page, row, amount: page.delete_rows(row_of(page, row), amount),
    "delete columns": lambda book, page, column, amount: page.delete_cols(column_of(page, column), amount),
    "merge": merge,
    "hide row": hide_row,
    "hide column": hide_column,
    "add sheet": add_sheet,
    "copy sheet": copy_sheet,
    "hide sheet": hide_sheet,
    "format": set_format,
}


def flip(data, at, mask):
    at %= len(data) or 1
    return data[:at] + bytes(byte ^ mask for byte in data[at : at + 1]) + data[at + 1 :]


def parts_changed(data, change):
    """The archive with its parts changed as a list of [name, bytes]; a file that is none (any more) stays."""
    if not data.startswith(b"PK\x03\x04"):
        return data
    try:
        with ZipFile(BytesIO(data)) as archive:
            parts = [[name, archive.read(name)] for name in archive.namelist()]
    except DAMAGED:
        return data
    change(parts)
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        for name, content in parts:
            archive.writestr(name, content)
    return out.getvalue()


def drop_part(data, place):
    return parts_changed(data, lambda parts: parts.pop(place % len(parts)) if parts else None)


def empty_part(data, place):
    return parts_changed(data, lambda parts: parts[place % len(parts)].__setitem__(1, b"") if parts else None)


FILE = {
    "flip": flip,
    "cut": lambda data, at: data[: at % (len(data) or 1)],
    "append": lambda data, more: data + more,
    "drop part": drop_part,
    "empty part": empty_part,
}
