"""The quick look at rows: what it takes, what it leaves to the walk, and that it agrees with the walk."""

import re
from codecs import BOM_UTF16_LE
from io import BytesIO
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from evaluation.resources.reading import guard, refusals
from evaluation.resources.reading.parts import CellStyles
from evaluation.resources.reading.reader import read
from evaluation.resources.reading.refusals import UnreadableWorkbook
from evaluation.resources.reading.row_scanner import cut_rows
from evaluation.resources.reading.sheet_walk import SheetWalk, walk
from evaluation.workbook import Column, Sheet, build
from tests.resources.uploads import SHEET, changed, refusal, saved, with_cells, workbook, written

FAR = '<c r="XFD1048576"><v>1</v></c>'
ROW = '<row r="1"><c r="A1"><v>1</v></c></row>'
EXCEL = (  # a sheet by Excel 365, shortened
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n<worksheet xmlns="http://schemas.openxmlformats.org/'
    b'spreadsheetml/2006/main" xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac">'
    b'<dimension ref="A1:D3"/><sheetData><row r="1" spans="1:4" ht="15.75" thickBot="1" x14ac:dyDescent="0.3">'
    b'<c r="A1" s="1" t="s"><v>0</v></c><c r="B1" s="1"/><c r="C1" t="str"><f>"a"&amp;"b"</f><v>ab</v></c></row>'
    b'<row r="2" spans="1:4" hidden="1" x14ac:dyDescent="0.25"><c r="A2"><v>1.0000000000000001E-5</v></c>'
    b'<c r="B2"><f t="shared" ref="B2:B3" si="0">A2*2</f><v>2</v></c><c r="C2" t="b"><v>1</v></c>'
    b'<c r="D2" t="e" vm="1"><f ca="1">NA()</f><v>#N/A</v></c></row>'
    b'<row r="3" spans="1:4" x14ac:dyDescent="0.25"><c r="B3"><f t="shared" si="0"/><v>4</v></c><c r="AA3"><v>5</v></c>'
    b'</row></sheetData><mergeCells count="1"><mergeCell ref="A1:B1"/></mergeCells></worksheet>'
)


def page_of(data):
    with ZipFile(BytesIO(data)) as archive:
        return archive.read(SHEET)


def looked_at(content, *, quickly=True):
    """(the SheetWalk, what the streaming walk was left with)."""
    sheet = SheetWalk("s", CellStyles({"1"}, {"2": "000"}), [3] * 50)
    rest = cut_rows(content, sheet) if quickly else content
    sheet.doubt_numbers(rest)
    walk(rest, start=sheet.start, end=sheet.end, text=sheet.characters)
    return sheet, rest


def by_xlsxwriter(book):
    page = book.add_worksheet("s")
    page.write_row(0, 0, ["متن", 12, 1.5, True, "a < b & c", " x "])
    page.write_formula("A2", "=B1*2", None, 24)
    page.write_blank("B3", None, book.add_format({"bold": True}))
    page.set_row(3, 0)
    page.write_number("A4", 0.5, book.add_format({"num_format": "0%"}))


def by_our_writer():
    columns = [Column(code="code", heading="کد"), Column(code="score", heading="امتیاز", kind="number", places=2)]
    return build([Sheet(title="s", columns=columns, rows=[["0012", 3], ["=1+1", 2]])], codes=True, protect=True)


def by_openpyxl():
    book = Workbook()
    book.active.append(["متن 😀", 12, "=A1", "a < b & c", True])
    book.active.row_dimensions[1].hidden = True
    return saved(book)


@pytest.mark.parametrize(
    "page", [EXCEL, page_of(written(by_xlsxwriter)), page_of(by_our_writer()), page_of(by_openpyxl())]
)
def test_what_programs_write_is_taken_whole_and_noted_alike(page):
    quick, rest = looked_at(page)
    slow, whole = looked_at(page, quickly=False)
    assert whole is page
    assert re.findall(rb"<c[ />]|<row r=\"[0-9]+\"[^/]", rest) == []
    assert quick.cells == slow.cells
    assert quick.seen >= slow.seen
    assert (quick.highest_row, quick.highest_column) >= (slow.highest_row, slow.highest_column)
    assert quick.length >= slow.length


def test_notes_of_excels_sheet():
    sheet, _rest = looked_at(EXCEL)
    assert {place: broken.text for place, broken in sheet.cells.broken.items()} == {(2, 3): "#N/A"}
    assert sheet.cells.notes.formulas == {(1, 2), (2, 1), (3, 1)}
    assert sheet.cells.notes.hidden_rows == {2}
    assert sheet.cells.notes.merged == [(1, 0, 1, 1)]
    assert (sheet.highest_row, sheet.highest_column) == (3, 27)


def test_a_row_of_another_form_is_walked_between_taken_ones():
    rows = [f'<row r="{row}"><c r="A{row}"><v>{row}</v></c></row>' for row in range(1, 6)]
    rows[2] = "<row r='3'><c r='B3' t='e'><v>#REF!</v></c></row>"
    sheet, rest = looked_at(page_of(with_cells("".join(rows))))
    assert rest.endswith(
        b"<sheetData><row r=\"2\"/><row r='3'><c r='B3' t='e'><v>#REF!</v></c></row><row r=\"5\"/></sheetData>"
        b"</worksheet>"
    )
    assert list(sheet.cells.broken) == [(3, 1)]


def test_a_sheet_of_mixed_rows_is_left_to_the_walk_at_last(monkeypatch):
    monkeypatch.setattr("evaluation.resources.reading.row_scanner.MAX_PIECES", 10)
    rows = "".join(f'<row r="{row}"/><row r=\'{row}\'><c t="e"><v>#REF!</v></c></row>' for row in range(1, 101))
    sheet, rest = looked_at(page_of(with_cells(rows)))
    assert rest.count(b"<row r=") > 190
    assert len(sheet.cells.broken) == 100


ATTACKS = {
    "in a row of its own": f'{ROW}<row r="1048576">{FAR}</row>',
    "in another row": ROW.replace("</row>", f"{FAR}</row>"),
    "in single quotes": f"{ROW}<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>",
    "with a prefix": f"{ROW}<x:row xmlns:x='y'><x:c r='XFD1048576'><x:v>1</x:v></x:c></x:row>",
    "with other white space": f'{ROW}<row\tr="2"><c\n r = "XFD1048576"\r\n><v>1</v></c></row>',
    "with a character by number": f'{ROW}<row r="2"><c r="&#88;FD1048576"><v>1</v></c></row>',
    "behind a > in an attribute": f'{ROW}<row r="2"><c x=">" r="XFD1048576"><v>1</v></c></row>',
    "without an address": f'{ROW}<row r="1048576"><c><v>1</v></c></row>',
    "without an address after others": f'{ROW}<row r="1048576"><c r="A1"><v>1</v></c><c><v>1</v></c></row>',
    "far down only": f'{ROW}<row r="200001"><c r="A200001"><v>1</v></c></row>',
    "far out only": f'{ROW}<row r="2"><c r="GS2"><v>1</v></c></row>',
    "beside the table": f"{ROW}</sheetData><x>{FAR}</x><sheetData>",
    "in a row in a row": f'{ROW}<row r="2"><row r="3">{FAR}</row></row>',
}


@pytest.mark.parametrize("cells", ATTACKS.values(), ids=ATTACKS)
@pytest.mark.parametrize("quickly", [True, False], ids=["quickly", "by the walk"])
def test_a_far_cell_is_seen_however_it_is_written(cells, quickly, monkeypatch):
    if not quickly:
        monkeypatch.setattr(guard, "cut_rows", lambda content, _sheet: content)
    assert refusal(with_cells(cells)).startswith("Sheet “Sheet” has a cell at ")


DAMAGES = {
    "an address twice": f'{ROW}<row r="2"><c r="A2" r="XFD1048576"><v>1</v></c></row>',
    "a row's number twice": f'{ROW}<row r="2" r="1048576"><c r="A2"><v>1</v></c></row>',
    "a mark of a row twice": f'{ROW}<row r="2" hidden="0" hidden="1"><c r="A2"><v>1</v></c></row>',
    "rows inside an attribute": f'<q a="{ROW}"/>',
    "rows inside a tag": f"<q {ROW}/>",
    "a cell in a cell": f'{ROW}<row r="2"><c r="A2"><is><c r="B2"><v>1</v></c></is></c></row>',
    "a row in a cell": '<row r="200000"><c r="A1"><is><row r="1"/></is></c><c><v>1</v></c></row>',
    "two tables": f'<row r="1048000"/><sheetData>{ROW}</sheetData>',
    "a small address": '<row r="1"><c r="a1"><v>1</v></c></row>',
    "a negative row": '<row r="-5"><c><v>1</v></c></row>',
    "a character that XML has not": '<row r="1"><c r="A1" t="str"><v>&#0;</v></c></row>',
    "half a character": '<row r="1"><c r="A1" t="str"><v>&#55296;</v></c></row>',
    "an unknown entity": '<row r="1"><c r="A1" t="str"><v>&b;</v></c></row>',
    "a text twice": '<row r="1"><c r="A1" t="s"><v>0</v><v>1</v></c></row>',
    "a text by a negative number": '<row r="1"><c r="A1" t="s"><v>-1</v></c></row>',
    "a text by Persian digits": '<row r="1"><c r="A1" t="s"><v>۱</v></c></row>',
}


@pytest.mark.parametrize("cells", DAMAGES.values(), ids=DAMAGES)
@pytest.mark.parametrize("quickly", [True, False], ids=["quickly", "by the walk"])
def test_what_two_parsers_may_read_in_two_ways_is_damage(cells, quickly, monkeypatch):
    if not quickly:
        monkeypatch.setattr(guard, "cut_rows", lambda content, _sheet: content)
    assert refusal(with_cells(cells)) == str(refusals.DAMAGED)


@pytest.mark.parametrize(
    "hide",
    [
        lambda page: page.replace(b"<sheetData>", b"<sheetData><!-- -->"),
        lambda page: page.replace(b"<sheetData>", b"<?x y?><sheetData>"),
        lambda page: page.replace(b"<sheetData>", b"<x><![CDATA[z]]></x><sheetData>"),
        lambda page: page.replace(b"<worksheet", b"<?xml version='1.0' encoding='latin-1'?><worksheet"),
        lambda page: page.replace(b"<worksheet", b"<x:worksheet").replace(b"</worksheet", b"</x:worksheet"),
        lambda page: page.replace(b"<sheetData>", b"<sheetData >"),
    ],
)
def test_a_part_that_could_hide_something_is_left_to_the_walk(hide):
    page = hide(page_of(with_cells(ROW)))
    _sheet, rest = looked_at(page)
    assert rest is page


@pytest.mark.parametrize(
    "page",
    [
        f"<worksheet><sheetData>{ROW}</sheetData></worksheet>".encode("utf-16"),
        f"<worksheet><sheetData>{ROW}</sheetData></worksheet>".encode("utf-16-be"),
        f"<worksheet><sheetData>{ROW}</sheetData></worksheet>".replace("<v>1", "<v>ژ").encode("cp1256"),
        BOM_UTF16_LE  # Chinese signs in a text to one parser, a table to the other
        + "<worksheet>".encode("utf-16-le")
        + f"<sheetData><row r='1'>{FAR} </row></sheetData>".encode()
        + "</worksheet>".encode("utf-16-le"),
    ],
)
def test_other_encodings_are_refused(page):
    assert refusal(changed(workbook(["x"]), **{SHEET: page})) == str(refusals.DAMAGED)


def test_a_sheet_that_is_counted_too_generously_is_walked():
    far = '<row r="200000"><c r="A200000" s="1"/><c r="P200000" s="1"/></row>'
    (sheet,) = read(with_cells(ROW + far), "a.xlsx").sheets
    assert [row.values for row in sheet.rows] == [[1]]


@pytest.mark.parametrize(
    "cells",
    [
        '<c r="A{row}" t="s"><v>1</v></c>',
        '<c r="A{row}" t="s"><v>0&#49;</v></c>',
        '<c r="A{row}" t="s"><v>0<!-- -->1</v></c>',
    ],
)
def test_shared_texts_are_counted_by_their_longest_reading(cells, monkeypatch):
    """The library stops at what follows the first digits: number 0, the long text, and not number 1."""
    monkeypatch.setattr(guard, "MAX_TEXT", 100_000)
    texts = f"<sst><si><t>{'x' * 30_000}</t></si><si><t>{'y' * 30_000}</t></si></sst>"
    rows = "".join(f'<row r="{row}">{cells.format(row=row)}</row>' for row in range(1, 5))
    data = changed(with_cells(rows), **{"xl/sharedStrings.xml": texts.encode()})
    assert refusal(data) == str(refusals.TOO_MUCH_TEXT)


@pytest.mark.parametrize(
    "texts",
    [
        "<sst><si><t>a</t></si><si><r><t>{}</t></r></si></sst>",
        "<sst><si/><si><t>{}</t></si></sst>",
        "<sst><x:si xmlns:x='y'/><si><t>{}</t></si></sst>",
        "<sst><!-- <si> --><si><t>a</t></si><si><t>{}</t></si></sst>",
        "<sst><si><t>a</t></si ><si><t>{}</t></si ></sst>",
    ],
)
def test_shared_texts_are_counted_however_they_are_written(texts, monkeypatch):
    monkeypatch.setattr(guard, "MAX_TEXT", 100_000)
    rows = "".join(f'<row r="{row}"><c r="A{row}" t="s"><v>1</v></c></row>' for row in range(1, 5))
    short, long = (
        changed(with_cells(rows), **{"xl/sharedStrings.xml": texts.format("y" * length).encode()})
        for length in (20_000, 30_000)
    )
    assert [row.values for row in read(short, "a.xlsx").sheets[0].rows] == [["y" * 20_000]] * 4
    assert refusal(long) == str(refusals.TOO_MUCH_TEXT)


def test_no_more_shared_texts_than_cells(monkeypatch):
    monkeypatch.setattr("evaluation.resources.reading.parts.MAX_CELLS", 50)
    data = changed(workbook(["x"]), **{"xl/sharedStrings.xml": b"<sst>" + b"<si/>" * 51 + b"</sst>"})
    assert refusal(data).startswith("The workbook is too large")


def test_a_shared_text_in_a_shared_text_is_damage():
    nested = b"<sst><si><t>a</t><si><t>b</t></si></si><si><t>c</t></si></sst>"
    assert refusal(changed(workbook(["x"]), **{"xl/sharedStrings.xml": nested})) == str(refusals.DAMAGED)


PIECES = [
    *(piece for piece in re.split(r"(?<=>)(?=<)", EXCEL.decode().partition("<sheetData>")[2]) if piece),
    *ATTACKS.values(),
    *DAMAGES.values(),
    "<!-- x -->",
    "<?x y?>",
    "<c/>",
    '<c r="B2" s="1"><v>0.5</v></c>',
    '<row r="9" ht="0"><c r="A9" t="e"><v>#REF!</v></c><c r="B9" s="1"><f>1</f><v>2</v></c></row>',
    '<row r="10"><c r="C10"><f>1</f></c></row>',
    '<row r="8"><c r="GR8"><v>1</v></c></row>',
    " ",
    "text",
]


@given(st.lists(st.sampled_from(PIECES), max_size=6), st.integers(0, 30))
def test_the_quick_look_agrees_with_the_walk(pieces, place):
    head, _mark, table = EXCEL.partition(b"<sheetData>")
    at = [found.end() for found in re.finditer(rb">(?=<)", table)][place % 30]
    page = head + b"<sheetData>" + table[:at] + "".join(pieces).encode() + table[at:]
    outcomes = []
    for quickly in (True, False):
        try:
            sheet, _rest = looked_at(page, quickly=quickly)
        except (UnreadableWorkbook, *guard.DAMAGE):
            outcomes.append(None)
        else:
            outcomes.append((set(sheet.cells.broken), sheet.cells.notes))
    assert outcomes[0] == outcomes[1]
