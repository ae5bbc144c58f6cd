"""Reading uploads: what could harm the process is refused with a sentence before any library reads it."""

import json
import re
import subprocess
import sys
from codecs import BOM_UTF8
from contextlib import suppress
from io import BytesIO
from pathlib import PurePosixPath

from python_calamine import CalamineError, CalamineWorkbook

from evaluation.persian import localise_digits

from . import calamine_child, csv_text, xls_cells
from .book import Book, Broken, Row, SheetData, as_percent
from .guard import guarded
from .refusals import (
    DAMAGED,
    EMPTY_FILE,
    ENCRYPTED,
    MACROS,
    MAX_BYTES,
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_ROWS,
    NO_DATE,
    NOT_WHAT_ITS_NAME_SAYS,
    NOTHING_VISIBLE,
    OTHER_KIND,
    PDF,
    TOO_BIG,
    TOO_SLOW,
    WEB_PAGE,
    UnreadableWorkbook,
    too_many_cells,
)
from .sheet_walk import Cells

CHILD_SECONDS = 30
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
READABLE = (".xlsx", ".xls", ".ods", ".csv")
WITH_MACROS = (".xlsm", ".xltm", ".xlam")
_ERROR = re.compile(r"#(?:NULL!|DIV/0!|VALUE!|REF!|NAME\?|NUM!|N/A)|Err:[0-9]{3}")  # as Excel and LibreOffice show them


def read(data, name):
    """The `Book` in the uploaded bytes. Raises UnreadableWorkbook with a sentence; nothing else for any input.

    Numbers come as int or Decimal with Excel's fifteen digits, percent cells as they were seen (85, not 0.85),
    texts as written, empty cells as None, error cells and uncalculated formulas as Broken.
    """
    name = PurePosixPath(str(name).replace("\\", "/")).name
    kind = PurePosixPath(name).suffix.lower()
    if not data.strip(b"\x00\r\n\t "):
        raise UnreadableWorkbook(EMPTY_FILE)
    if len(data) > MAX_BYTES:
        raise UnreadableWorkbook(TOO_BIG, most=localise_digits(MAX_BYTES // 2**20))
    if kind in WITH_MACROS:
        raise UnreadableWorkbook(MACROS)
    if kind not in READABLE:
        raise UnreadableWorkbook(OTHER_KIND, name=name)
    if data.startswith(OLE):
        sheets = _read_old(data)
    elif data.startswith(ZIP):
        sheets = _read_zip(data, name)
    else:
        sheets = _read_text(data, name, kind)
    sheets = [sheet for sheet in sheets if sheet.rows]
    if not sheets:
        raise UnreadableWorkbook(NOTHING_VISIBLE)
    return Book(name, sheets)


def _read_zip(data, name):
    guard = guarded(data, name)
    if guard.is_ods:
        sheets = _read_in_child(data)
        return [_sheet(title, _named_errors(rows), guard.sheets.get(title)) for _place, title, rows in sheets]
    try:
        with CalamineWorkbook.from_filelike(BytesIO(guard.data)) as book:
            guard.data = b""  # freed, since the library has a copy
            return [
                _sheet(title, _rows(book, place, title), cells)
                for place, (title, cells) in enumerate(guard.sheets.items())
            ]
    except BaseException as error:  # a panic of the library derives from BaseException
        if isinstance(error, CalamineError) or type(error).__name__ == "PanicException":
            raise UnreadableWorkbook(DAMAGED) from error
        raise


def _rows(book, place, title):
    sheet = book.get_sheet_by_index(place)
    try:
        return sheet.to_python(skip_empty_area=False)
    except (OverflowError, ValueError) as error:
        raise UnreadableWorkbook(NO_DATE, sheet=title, row=localise_digits(_first_unreadable(sheet))) from error


def _first_unreadable(sheet):
    """The number of the first row that cannot be turned into Python's values."""
    number = 1
    with suppress(OverflowError, ValueError):
        for _row in sheet.iter_rows():
            number += 1
    return number


def _read_old(data):
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise UnreadableWorkbook(ENCRYPTED)
    if xls_cells.is_encrypted(data):
        raise UnreadableWorkbook(ENCRYPTED)
    sheets = _read_in_child(data)
    cells = xls_cells.cells_of(data)
    if any(place >= len(cells) for place, _title, _rows in sheets):
        raise UnreadableWorkbook(DAMAGED)
    return [_sheet(title, rows, cells[place]) for place, title, rows in sheets]


def _read_in_child(data):
    """(place among all sheets, title, rows) of the visible sheets.

    These formats cannot be checked beforehand, so a child process reads them: when it runs out of memory or time, no
    other process is affected.
    """
    try:
        done = subprocess.run(
            [sys.executable, "-I", calamine_child.__file__, str(MAX_CELLS), str(MAX_ROWS), str(MAX_COLUMNS)],
            input=data,
            capture_output=True,
            timeout=CHILD_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise UnreadableWorkbook(TOO_SLOW) from error
    if done.returncode == calamine_child.TOO_LARGE:
        raise too_many_cells()
    if done.returncode == calamine_child.PASSWORD:
        raise UnreadableWorkbook(ENCRYPTED)
    if done.returncode:
        raise UnreadableWorkbook(DAMAGED)
    return json.loads(done.stdout)


def _read_text(data, name, kind):
    start = data[:2000].removeprefix(BOM_UTF8).lstrip().lower()
    if start.startswith(b"%pdf"):
        raise UnreadableWorkbook(PDF, name=name)
    if start.startswith((b"<html", b"<!doctype html", b"<table")) or b"<html" in start:
        raise UnreadableWorkbook(WEB_PAGE)
    if kind != ".csv":
        is_text = csv_text.decoded(data) is not None
        raise UnreadableWorkbook(NOT_WHAT_ITS_NAME_SAYS if is_text else OTHER_KIND, name=name)
    rows = csv_text.rows_of(data)
    if len(rows) > MAX_ROWS or max(map(len, rows), default=0) > MAX_COLUMNS or sum(map(len, rows)) > MAX_CELLS:
        raise too_many_cells()
    may_hold_errors = b"#" in data or b"E" in data
    rows = _named_errors(rows) if may_hold_errors else rows
    return [_sheet(PurePosixPath(name).stem, rows, of_text=True)]


def _named_errors(rows):
    """The rows with error texts such as #REF! as Broken, for formats that store errors as texts."""
    return [
        [Broken(cell) if isinstance(cell, str) and _ERROR.fullmatch(cell) else cell for cell in row] for row in rows
    ]


def _sheet(title, rows, cells=None, *, of_text=False):
    """A SheetData of the library's rows and of the `Cells` that were read beside them."""
    cells = cells or Cells()
    _put_broken(rows, cells.broken)
    _put_percents(rows, cells.notes.percent)
    _put_booleans(rows, cells.booleans)
    while rows and all(cell is None or (isinstance(cell, str) and not cell.strip()) for cell in rows[-1]):
        rows.pop()
    notes = cells.notes.within(len(rows), max(map(len, rows), default=0))
    if sum((bottom - top + 1) * (right - left + 1) for top, left, bottom, right in notes.merged) > MAX_CELLS:
        raise UnreadableWorkbook(DAMAGED)  # real programs write no overlapping merges
    return SheetData(title, [Row(title, number, row) for number, row in enumerate(rows, start=1)], notes, of_text)


def _put_broken(rows, broken):
    if not broken:
        return
    height, width = max(row for row, _column in broken), max(column for _row, column in broken) + 1
    if height > MAX_ROWS or width > MAX_COLUMNS or height * width > MAX_CELLS:
        raise too_many_cells()
    rows.extend([] for _missing in range(height - len(rows)))
    for (row, column), cell in broken.items():
        cells = rows[row - 1]
        cells.extend([None] * (column + 1 - len(cells)))
        cells[column] = cell


def _put_booleans(rows, places):
    """Turn 1.0 of a cell that shows TRUE into True."""
    for row, column in places:
        cells = rows[row - 1] if row <= len(rows) else []
        if column < len(cells) and type(cells[column]) in (int, float):
            cells[column] = bool(cells[column])


def _put_percents(rows, percent):
    """Turn 0.85 of a percent cell into 85. Places that hold no number are removed from the set."""
    others = []
    for row, column in percent:
        cells = rows[row - 1] if row <= len(rows) else []
        if column < len(cells) and type(cells[column]) in (int, float):
            cells[column] = as_percent(cells[column])
        else:
            others.append((row, column))
    percent.difference_update(others)
