"""Workbooks made by hand and by libraries, and what reading them gives."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
import xlsxwriter
from openpyxl import Workbook

from evaluation.resources.reading.reader import read
from evaluation.resources.reading.refusals import UnreadableWorkbook


def saved(book):
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def workbook(*rows, title="Sheet"):
    book = Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    return saved(book)


def written(fill):
    out = BytesIO()
    with xlsxwriter.Workbook(out) as book:
        fill(book)
    return out.getvalue()


def changed(data, **parts):
    """The workbook with some parts replaced or added (bytes), or changed by a function of the old bytes."""
    out = BytesIO()
    with ZipFile(BytesIO(data)) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            change = parts.pop(name, content)
            new.writestr(name, change(content) if callable(change) else change)
        for name, content in parts.items():
            new.writestr(name, content)
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def with_cells(cells):
    """A hand-made sheet: the XML of its sheetData."""
    namespace = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    page = b"<worksheet " + namespace + b"><sheetData>" + cells.encode() + b"</sheetData></worksheet>"
    return changed(workbook(["x"]), **{SHEET: page})


def values(data, name="a.xlsx"):
    return [row.values for row in read(data, name).sheets[0].rows]


def refusal(data, name="a.xlsx"):
    with pytest.raises(UnreadableWorkbook) as caught:
        read(data, name)
    return str(caught.value)
