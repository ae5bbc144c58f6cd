"""Reading uploads safely: what could harm the process is refused, with a sentence, before any library sees it."""

import csv
import json
import subprocess
import sys
from codecs import BOM_UTF8
from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import PurePosixPath

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from evaluation.persian import localise_digits

from . import calamine_child
from .book import Book, Broken, Row, SheetData
from .guard import guarded
from .refusals import (
    CSV_BROKEN,
    DAMAGED,
    EMPTY,
    ENCRYPTED,
    MACROS,
    MOST_BYTES,
    MOST_CELLS,
    MOST_COLUMNS,
    MOST_ROWS,
    NOT_WHAT_ITS_NAME_SAYS,
    NOTHING_VISIBLE,
    OTHER_KIND,
    TOO_BIG,
    TOO_SLOW,
    WEB_PAGE,
    UnreadableWorkbook,
    too_many_cells,
)

CHILD_SECONDS = 30
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
READABLE = (".xlsx", ".xls", ".ods", ".csv")
WITH_MACROS = (".xlsm", ".xltm", ".xlam")


def read(data, name):
    """The `Book` in the uploaded bytes. Raises UnreadableWorkbook with a sentence; nothing else for any input.

    Numbers come as int or Decimal with Excel's fifteen digits, percent cells as they were seen (85, not 0.85),
    texts as written, empty cells as None, error cells and uncalculated formulas as Broken.
    """
    name = PurePosixPath(str(name).replace("\\", "/")).name
    kind = PurePosixPath(name).suffix.lower()
    if not data.strip(b"\x00\r\n\t "):
        raise UnreadableWorkbook(EMPTY)
    if len(data) > MOST_BYTES:
        raise UnreadableWorkbook(TOO_BIG, most=localise_digits(MOST_BYTES // 2**20))
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
        return _read_in_child(data)
    try:
        with CalamineWorkbook.from_filelike(BytesIO(guard.data)) as book:
            shown = [
                sheet.name
                for sheet in book.sheets_metadata
                if sheet.visible is SheetVisibleEnum.Visible and sheet.typ is SheetTypeEnum.WorkSheet
            ]
            return [
                _sheet(title, book.get_sheet_by_name(title).to_python(skip_empty_area=False), guard.cells(title))
                for title in shown
            ]
    except BaseException as error:  # a panic of the library derives from BaseException
        if isinstance(error, CalamineError) or type(error).__name__ == "PanicException":
            raise UnreadableWorkbook(DAMAGED) from error
        raise


def _read_old(data):
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise UnreadableWorkbook(ENCRYPTED)
    return _read_in_child(data)


def _read_in_child(data):
    """Formats that cannot be checked beforehand are read where running out of memory or time kills nobody else."""
    try:
        done = subprocess.run(
            [sys.executable, "-I", calamine_child.__file__, str(MOST_CELLS), str(MOST_ROWS), str(MOST_COLUMNS)],
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
    return [_sheet(title, rows) for title, rows in json.loads(done.stdout)]


def _read_text(data, name, kind):
    start = data[:2000].removeprefix(BOM_UTF8).lstrip().lower()
    if start.startswith((b"<html", b"<!doctype html", b"<table")) or b"<html" in start:
        raise UnreadableWorkbook(WEB_PAGE)
    text = _text(data)
    if kind != ".csv":
        raise UnreadableWorkbook(OTHER_KIND if text is None else NOT_WHAT_ITS_NAME_SAYS, name=name)
    if text is None:
        raise UnreadableWorkbook(CSV_BROKEN)
    try:
        rows = list(csv.reader(StringIO(text, newline=""), delimiter=_delimiter(text)))
    except csv.Error as error:
        raise UnreadableWorkbook(CSV_BROKEN) from error
    if len(rows) > MOST_ROWS or max(map(len, rows)) > MOST_COLUMNS or sum(map(len, rows)) > MOST_CELLS:
        raise too_many_cells()
    return [_sheet(PurePosixPath(name).stem, rows)]


def _text(data):
    """The decoded text, or None when the bytes are no text."""
    encodings = ["utf-16"] if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "cp1256"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if any(ord(sign) < 32 and sign not in "\t\r\n\f" for sign in text) else text
    return None


def _delimiter(text):
    first = text.lstrip("\r\n").split("\n", 1)[0]
    return max(",;\t،", key=first.count)


def _sheet(title, rows, cells=None):
    """A SheetData of the library's rows; `cells` names percent cells and broken ones by (row, column) from 0."""
    broken, percent = (cells.broken, cells.percent) if cells else ({}, set())
    made = [[_value(value) for value in row] for row in rows]
    for (row, column), cell in broken.items():
        _put(made, row, column, cell)
    for row, column in percent:
        value = made[row][column] if row < len(made) and column < len(made[row]) else None
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            made[row][column] = _number(Decimal(value) * 100)
    while made and all(value is None for value in made[-1]):
        made.pop()
    return SheetData(title, [Row(title, number, row) for number, row in enumerate(made, start=1)])


def _put(rows, row, column, value):
    rows.extend([] for _missing in range(row + 1 - len(rows)))
    rows[row].extend([None] * (column + 1 - len(rows[row])))
    rows[row][column] = value


def _value(value):
    if isinstance(value, str):
        return value if value.strip() else None
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float):
        return _number(Decimal(format(value, ".15g")))
    if isinstance(value, list):  # from the child: the name of a type and its ISO text
        return {"datetime": datetime, "date": date, "time": time}[value[0]].fromisoformat(value[1])
    return value


def _number(value):
    """12.0 is 12: an int where nothing is lost."""
    if not value.is_finite():
        return Broken(str(value))
    if value == value.to_integral_value() and abs(value) < 10**15:
        return int(value)
    return value.normalize()
