"""The records of .xls files and the repeated cells of .ods files, where LibreOffice writes no example."""

import struct
from io import BytesIO
from zipfile import ZipFile

import pytest

from evaluation.resources.reading import refusals, xls_cells
from evaluation.resources.reading.book import Broken, CellNotes
from evaluation.resources.reading.ods_walk import cells_of
from evaluation.resources.reading.reader import read
from evaluation.resources.reading.refusals import UnreadableWorkbook
from tests.resources.uploads import refusal


def record(kind, form, *values, text=b""):
    content = struct.pack(form, *values) + text
    return struct.pack("<HH", kind, len(content)) + content


def stream(version, percent_format):
    """A list of one sheet, three styles (plain, 0%, the given format), and the sheet."""
    head = record(0x0809, "<HH", version, 5) + percent_format
    head += b"".join(record(0x00E0, "<HH", 0, number) for number in (0, 9, 164))
    end = record(0x000A, "<")
    place = len(head) + len(record(0x0085, "<I", 0)) + len(end)
    cells = record(0x0203, "<3Hd", 0, 0, 1, 0.5)
    cells += record(0x027E, "<3HI", 1, 3, 2, 0)
    cells += record(0x00BD, "<HHHIHIH", 2, 1, 1, 0, 0, 0, 2)
    cells += record(0x0205, "<3HBB", 3, 0, 0, 0x17, 1) + record(0x0205, "<3HBB", 3, 1, 0, 1, 0)
    for column, result in enumerate([b"\x02\0\x2a\0\0\0\xff\xff", b"\x03\0\0\0\0\0\xff\xff", struct.pack("<d", 0.5)]):
        cells += record(0x0006, "<3H", 4, column, 1, text=result)
    cells += record(0x0208, "<6HHH", 5, 0, 0, 0, 0, 0, 0x20, 0)
    chart = record(0x0809, "<HH", version, 0x20) + record(0x0205, "<3HBB", 9, 9, 0, 0x17, 1) + end
    return head + record(0x0085, "<I", place) + end + record(0x0809, "<HH", version, 16) + chart + cells + end


@pytest.mark.parametrize(
    ("version", "percent_format"),
    [
        (0x0600, record(0x041E, "<HHB", 164, 4, 0, text=b"0.0%")),
        (0x0600, record(0x041E, "<HHB", 164, 4, 1, text="0.0%".encode("utf-16-le"))),
        (0x0500, record(0x041E, "<HB", 164, 4, text=b"0.0%")),
    ],
)
def test_records_of_both_versions(version, percent_format):
    (cells,) = xls_cells.records_of(stream(version, percent_format))
    assert cells.broken == {(4, 0): Broken("#REF!"), (5, 0): Broken("#N/A")}
    assert cells.notes == CellNotes(formulas={(5, 2)}, percent={(1, 0), (2, 3), (3, 1), (5, 2)}, hidden_rows={6})


@pytest.mark.parametrize("data", [b"", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\xd0\xcf" + b"\x09\x00" * 300])
def test_documents_that_are_none(data):
    with pytest.raises(UnreadableWorkbook) as caught:
        xls_cells.cells_of(data)
    assert str(caught.value) == str(refusals.DAMAGED)


def test_a_chain_of_sectors_that_bites_its_tail():
    header = bytearray(512)
    struct.pack_into("<H", header, 30, 9)
    struct.pack_into("<I", header, 48, 1)
    struct.pack_into("<I", header, 68, 0xFFFFFFFE)
    struct.pack_into("<109I", header, 76, 0, *[0xFFFFFFFF] * 108)
    table = struct.pack("<128I", 0xFFFFFFFD, 1, *[0xFFFFFFFF] * 126)
    with pytest.raises(UnreadableWorkbook):
        xls_cells.cells_of(bytes(header) + table + b"\0" * 512)


ROOT = (
    '<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x" xmlns:calcext="c"><office:body>'
    "<office:spreadsheet>{}</office:spreadsheet></office:body></office:document-content>"
)
MIME = "application/vnd.oasis.opendocument.spreadsheet"


def ods(tables):
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        archive.writestr("mimetype", MIME)
        archive.writestr("META-INF/manifest.xml", '<manifest:manifest xmlns:manifest="m"/>')
        archive.writestr("content.xml", ROOT.format(tables))
    return out.getvalue()


ROWS = (
    '<table:table table:name="s">'
    '<table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="3"/>'
    "</table:table-row>"
    '<table:table-row table:number-rows-repeated="2" table:visibility="filter">'
    "<table:table-cell/><table:covered-table-cell/>"
    '<table:table-cell table:number-columns-repeated="2" office:value-type="percentage" office:value="0.5">'
    "<text:p>50%</text:p></table:table-cell>"
    '<table:table-cell table:formula="of:=1/0" office:value-type="string" office:string-value="" '
    'calcext:value-type="error"><office:annotation><text:p>why?</text:p></office:annotation><text:p>#DIV/0!</text:p>'
    "</table:table-cell>"
    '<table:table-cell table:number-rows-spanned="2" office:value-type="float" office:value="7"/>'
    "</table:table-row></table:table>"
)


def test_repeated_rows_and_cells_of_an_open_workbook():
    (sheet,) = read(ods(ROWS), "a.ods").sheets
    filled = [None, None, 50, 50, Broken("#DIV/0!"), 7]
    assert [row.values for row in sheet.rows] == [[None] * 6, [None] * 6, filled, filled]
    assert sheet.notes.percent == {(3, 2), (3, 3), (4, 2), (4, 3)}
    assert sheet.notes.hidden_rows == {3, 4}
    assert sheet.notes.merged == [(3, 5, 4, 5)]


@pytest.mark.parametrize(
    "row",
    [
        '<table:table-row table:number-rows-repeated="200001"><table:table-cell office:value-type="percentage"/>',
        '<table:table-row><table:table-cell table:number-columns-repeated="201" office:value-type="percentage"/>',
        '<table:table-row table:number-rows-repeated="100000">'
        '<table:table-cell table:number-columns-repeated="31" office:value-type="percentage"/>',
        '<table:table-row table:number-rows-repeated="1000000" table:visibility="collapse"></table:table-row>' * 2
        + '<table:table-row><table:table-cell office:value-type="percentage"/>',
    ],
)
def test_repetitions_have_limits(row):
    with pytest.raises(UnreadableWorkbook) as caught:
        cells_of(ROOT.format(f'<table:table table:name="s">{row}</table:table-row></table:table>').encode())
    assert str(caught.value).startswith("The workbook is too large")


@pytest.mark.parametrize("number", ["-5", "۵", "1e3", "9" * 30, ""])
def test_a_repetition_that_is_no_number(number):
    table = f'<table:table table:name="s"><table:table-row table:number-rows-repeated="{number}" table:visibility=""/>'
    assert refusal(ods(f"{table}</table:table>"), "a.ods") == str(refusals.DAMAGED)
