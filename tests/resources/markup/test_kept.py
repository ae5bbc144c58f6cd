"""What a workbook holds besides its cells stays as it is: byte by byte, but for the marked cells."""

import re
from io import BytesIO
from zipfile import ZipFile

import pytest
import xlsxwriter
from openpyxl import Workbook

from evaluation.resources.markup import SUMMARY_TITLE
from evaluation.resources.markup.sheets import WORKBOOK
from tests.resources.markup.marking import (
    RED,
    copy_of,
    differing,
    fills,
    note,
    notes,
    opened,
    parts,
    read_rows,
)
from tests.resources.uploads import SHEET, changed, saved, workbook, written

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d494844520000000100000001080600000" "01f15c4890000000d49444154789c63f8cfc0f01f0005050"
    "2005fc8f1d20000000049454e44ae426082"
)  # fmt: skip
TOUCHED = {WORKBOOK, "xl/_rels/workbook.xml.rels", "[Content_Types].xml", "xl/styles.xml"}


pytestmark = pytest.mark.filterwarnings("ignore:.*not supported and will be removed")  # openpyxl, when it looks


def rich(book):
    """Much of what people put into a workbook, over four sheets."""
    page, second = book.add_worksheet("نمره‌ها"), book.add_worksheet("second")
    hidden, chart = book.add_worksheet("hidden"), book.add_chart({"type": "column"})
    strong = book.add_format({"bold": True, "bg_color": "#DDEEFF", "num_format": "0.0", "border": 1})
    page.right_to_left()
    page.set_column("A:B", 20)
    page.freeze_panes(1, 0)
    page.write_row("A1", ["کد", "امتیاز"], strong)
    for row in range(1, 9):
        page.write_row(row, 0, [f"10{row}", row * 1.5], strong)
    page.write_formula("C2", "=B2*2", None, 3)
    page.merge_range("E1:F2", "merged")
    page.conditional_format("B2:B9", {"type": "3_color_scale"})
    page.conditional_format("B2:B9", {"type": "data_bar", "data_bar_2010": True})
    page.data_validation("A2:A9", {"validate": "list", "source": ["101", "102"]})
    page.add_sparkline("H2", {"range": "'نمره‌ها'!B2:B9"})
    page.insert_image("J2", "p.png", {"image_data": BytesIO(PIXEL)})
    chart.add_series({"values": "='نمره‌ها'!$B$2:$B$9"})
    page.insert_chart("J9", chart)
    page.set_header("&C&G", {"image_center": "p.png", "image_data_center": BytesIO(PIXEL)})
    page.write_url("G1", "https://example.test/")
    page.print_area("A1:C9")
    page.repeat_rows(0)
    second.add_table("A1:B3", {"data": [["a", 1], ["b", 2]]})
    second.autofilter("D1:E3")
    second.write_comment("A2", "از خودم", {"author": "Ali"})
    second.protect("secret")
    second.activate()
    hidden.write("A1", "x")
    hidden.hide()
    book.define_name("total", "='نمره‌ها'!$B$9")
    book.define_name("second!local", "=second!$B$2")


def test_everything_but_the_marked_cells_stays():
    data = written(rich)
    copy = copy_of(data, "B3", sheet="نمره‌ها")
    altered, new, gone = differing(data, copy)
    assert altered == TOUCHED | {
        "xl/worksheets/sheet1.xml",
        "xl/worksheets/sheet2.xml",
        "xl/worksheets/_rels/sheet1.xml.rels",
    }
    assert new == {
        "xl/comments2.xml",
        "xl/drawings/vmlDrawing3.vml",
        "xl/worksheets/sheet4.xml",
        "xl/worksheets/sheet5.xml",
    }
    assert gone == set()


def test_in_a_marked_sheet_only_the_style_and_the_drawing_are_new():
    data = written(rich)
    old, new = (parts(each)["xl/worksheets/sheet1.xml"] for each in (data, copy_of(data, "B3", sheet="نمره‌ها")))
    cell = re.search(rb'<c r="B3" s="(\d+)">', new)
    drawing = re.search(rb'<legacyDrawing xmlns:r="[^"]+" r:id="\w+"/>', new)
    assert new.index(b"<drawing ") < drawing.start() < new.index(b"<legacyDrawingHF")
    assert new.replace(drawing[0], b"").replace(cell[0], b'<c r="B3" s="1">') == old


def test_a_sheet_without_marks_only_loses_its_selection():
    data = written(rich)
    old, new = (parts(each)["xl/worksheets/sheet2.xml"] for each in (data, copy_of(data, "B3", sheet="نمره‌ها")))
    assert new == old.replace(b' tabSelected="1"', b"")
    assert new != old


def test_what_counts_sheets_is_shifted():
    book = opened(copy_of(written(rich), "B3", sheet="نمره‌ها"))
    assert book.sheetnames == [SUMMARY_TITLE, "نمره‌ها", "second", "hidden", "_marks"]
    assert [page.sheet_state for page in book] == ["visible", "visible", "visible", "hidden", "veryHidden"]
    assert (book["نمره‌ها"].print_area, book["نمره‌ها"].print_title_rows) == ("'نمره‌ها'!$A$1:$C$9", "$1:$1")
    assert book["second"].defined_names["local"].attr_text == "second!$B$2"
    assert book.defined_names["total"].attr_text == "'نمره‌ها'!$B$9"
    assert (book.active.title, book.views[0].firstSheet) == (SUMMARY_TITLE, 0)


def test_a_protected_sheet_stays_so_and_its_notes_are_joined():
    page = opened(copy_of(written(rich), "A2", "B3", sheet="second"))["second"]
    assert (page.protection.sheet, page.protection.password) == (True, "DAA7")
    assert notes(page) == {
        "A2": "از خودم\n\n" + note("This cell must be filled."),
        "B3": note("This cell must be filled."),
    }
    assert (page["A2"].comment.author, page["B3"].comment.author) == ("Ali", "سامانهٔ ارزیابی عملکرد")


def test_values_formulas_and_the_chain_of_calculation_stay():
    def chain(content):
        return content.replace(b"</Types>", b'<Override PartName="/xl/calcChain.xml" ContentType="x/y"/></Types>')

    data = changed(written(rich), **{"xl/calcChain.xml": b"<calcChain/>", "[Content_Types].xml": chain})
    copy = copy_of(data, "B3", "C2", sheet="نمره‌ها")
    assert parts(copy)["xl/calcChain.xml"] == b"<calcChain/>"
    assert opened(copy)["نمره‌ها"]["C2"].value == "=B2*2"
    rows = read_rows(data)
    assert {title: read_rows(copy)[title] for title in rows} == rows


def test_hidden_sheets_are_marked_too_when_a_fault_names_them():
    assert fills(opened(copy_of(written(rich), "A1", sheet="hidden"))["hidden"]) == {"A1": RED}


@pytest.mark.parametrize(
    "cells",
    [
        "<row><c><v>1</v></c><c><v>2</v></c></row>"
        "<row><c><v>3</v></c><c t='inlineStr'><is><t>&lt;c/&gt;</t></is></c></row>",
        "<row r='1'><c r='A1'><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c><c t='str'><v>&lt;c/></v></c></row>",
    ],
)
def test_cells_without_addresses(cells):
    page = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'
    data = changed(workbook(["x"], title="s"), **{SHEET: page % cells.encode()})
    copy = copy_of(data, "B1", "A2", "B2")
    assert read_rows(copy)["s"] == [[1, 2], [3, "<c/>"]]
    sheet = parts(copy)[SHEET].decode()
    styles = re.findall(r"<c[^>]*?(?: s=\"(\d+)\")?>", sheet)
    assert [bool(style) for style in styles] == [False, True, True, True]


def test_prefixed_names():
    def prefixed(page):
        return page.replace(b"<", b"<x:").replace(b"<x:/", b"</x:").replace(b"xmlns=", b"xmlns:x=")

    data = changed(workbook(["x", "y"], title="s"), **{SHEET: prefixed})
    copy = copy_of(data, "B1", "C4")
    assert fills(opened(copy)["s"]) == {"B1": RED, "C4": RED}
    assert read_rows(copy)["s"] == [["x", "y"]]


def test_rows_and_cells_that_close_themselves():
    book = Workbook()
    book.active.title = "s"
    page = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData/></worksheet>'
    data = changed(saved(book), **{SHEET: page})
    assert fills(opened(copy_of(data, "B2"))["s"]) == {"B2": RED}
    closed = page.replace(
        b"<sheetData/>", b'<sheetData><row r="2" ht="30"/><row r="3"><c r="B3" s="0"/></row></sheetData>'
    )
    page = opened(copy_of(changed(saved(book), **{SHEET: closed}), "A2", "B3"))["s"]
    assert (fills(page), page.row_dimensions[2].height) == ({"A2": RED, "B3": RED}, 30)


def test_an_archive_that_names_its_parts_in_other_letters():
    content = parts(written(lambda book: book.add_worksheet("s").write("A1", "x")))
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        archive.writestr("XL/", b"")
        for name, part in content.items():
            archive.writestr(name.replace("xl/styles", "XL\\Styles"), part)
    copy = parts(copy_of(out.getvalue(), "A1"))
    assert RED.encode() in copy["XL/Styles.xml"]
    assert b'<c r="A1" t="s" s="1">' in copy[SHEET]


def test_xlsxwriter_and_openpyxl_write_in_constant_memory_too():
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True}) as book:
        book.add_worksheet("s").write_row(0, 0, ["a", "b"])
    assert fills(opened(copy_of(out.getvalue(), "B1"))["s"]) == {"B1": RED}
    book = Workbook(write_only=True)
    book.create_sheet("s").append(["a", "b"])
    assert fills(opened(copy_of(saved(book), "B1"))["s"]) == {"B1": RED}
