"""Uploads as attackers and accidents make them, and the sentence that refuses each."""

from io import BytesIO
from zipfile import ZIP_BZIP2, ZIP_LZMA, ZipFile

import pytest
from openpyxl import Workbook

from evaluation.resources.reading import reader, refusals
from evaluation.resources.reading.reader import read
from evaluation.resources.reading.refusals import UnreadableWorkbook
from tests.resources.uploads import SHEET, changed, refusal, saved, with_cells, workbook, written


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        (
            "XFD1048576",
            "Sheet “Sheet” has a cell at XFD1048576, but at most 200000 rows and 200 columns can be read. Delete "
            "everything outside the table, save the workbook and upload it again.",
        ),
        (
            "GS1",
            "Sheet “Sheet” has a cell at GS1, but at most 200000 rows and 200 columns can be read. Delete everything "
            "outside the table, save the workbook and upload it again.",
        ),
    ],
)
def test_a_cell_at_the_end_of_the_world(cell, sentence):
    book = Workbook()
    book.active["A1"] = 1
    book.active[cell] = 1
    data = saved(book)
    assert len(data) < 6_000
    assert refusal(data) == sentence


def test_many_cells_between_two_corners():
    book = Workbook()
    book.active["A1"] = 1
    book.active["GR200000"] = 1
    assert refusal(saved(book)) == (
        "The workbook is too large: at most 200000 rows, 200 columns and 3000000 cells can be read. Split it into "
        "several files."
    )


def test_many_empty_cells(monkeypatch):
    monkeypatch.setattr("evaluation.resources.reading.sheet_walk.MAX_CELLS", 50)
    assert refusal(with_cells("<row>" + "<c/>" * 101 + "</row>")).startswith("The workbook is too large")
    assert refusal(with_cells("<row/>" * 101)).startswith("The workbook is too large")


def test_one_long_text_used_by_many_cells(monkeypatch):
    monkeypatch.setattr("evaluation.resources.reading.guard.MAX_TEXT", 300_000)

    def fill(book):
        page = book.add_worksheet("s")
        for row in range(20):
            page.write_string(row, 0, "م" * 30_000)

    assert refusal(written(fill)) == str(refusals.TOO_MUCH_TEXT)


@pytest.mark.parametrize("part", [SHEET, "xl/sharedStrings.xml", "xl/workbook.xml", "xl/styles.xml"])
def test_an_entity_bomb(part):
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'

    def armed(page):
        return page.replace(b"?>", b"?>" + bomb, 1) if page.startswith(b"<?xml") else bomb + page

    data = written(lambda book: book.add_worksheet("s").write_string("A1", "x"))
    assert refusal(changed(data, **{part: armed})) == str(refusals.DOCTYPE)


def test_a_bomb_of_zeros():
    data = changed(workbook(["x"]), **{SHEET: b"<worksheet>" + b" " * (40 * 2**20) + b"</worksheet>"})
    assert len(data) < 100_000
    assert refusal(data) == str(refusals.BOMB)


def test_a_bomb_that_lies_about_its_size():
    data = changed(workbook(["x"]), **{SHEET: b"<worksheet>" + b" " * (40 * 2**20) + b"</worksheet>"})
    size = (len(b"<worksheet></worksheet>") + 40 * 2**20).to_bytes(4, "little")
    assert data.count(size) == 2
    assert refusal(data.replace(size, (1000).to_bytes(4, "little"))) == str(refusals.DAMAGED)


def test_an_archive_of_too_many_parts():
    assert refusal(changed(workbook(["x"]), **{f"xl/{place}.bin": b"" for place in range(2_100)})) == str(refusals.BOMB)


@pytest.mark.parametrize(
    "broken",
    [
        lambda: workbook(["x"])[:-200],
        lambda: workbook(["x"])[:300],
        lambda: changed(workbook(["x"]), **{SHEET: b"<worksheet><sheetData>"}),
        lambda: changed(workbook(["x"]), **{"xl/workbook.xml": b"not xml"}),
        lambda: changed(workbook(["x"]), **{"xl/_rels/workbook.xml.rels": b"<Relationships/>"}),
        lambda: with_cells('<row r="1"><c r="1A"><v>1</v></c></row>'),
        lambda: with_cells('<row r="1"><c r="A1" t="s"><v>999</v></c></row>'),
        lambda: with_cells('<row r="x"><c><v>1</v></c></row>'),
        lambda: b"PK\x03\x04" + b"junk" * 100,
    ],
)
def test_damaged_workbooks(broken):
    assert refusal(broken()) == str(refusals.DAMAGED)


def evil(page):
    """A far cell in a part that is no sheet."""
    cells = b'<sheetData><row r="1"><c r="A1"><v>1</v></c><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    return page[: page.rindex(b"</")] + cells + page[page.rindex(b"</") :]


@pytest.mark.parametrize("part", ["sharedStrings.xml", "SharedStrings.xml", "styles.xml", "workbook.xml"])
@pytest.mark.parametrize("prefix", ["", "/xl/", "worksheets/../"])
def test_a_sheet_hidden_in_another_part(part, prefix):
    """The library would read as a sheet what was looked at as texts; it aborts the process at such a cell."""
    name = f"xl/{part[0].lower()}{part[1:]}"
    data = written(lambda book: book.add_worksheet("s").write_string("A1", "x"))
    target = f'Target="{prefix}{part}"'.encode()
    relations = {"xl/_rels/workbook.xml.rels": lambda page: page.replace(b'Target="worksheets/sheet1.xml"', target)}
    assert refusal(changed(data, **{name: evil}, **relations)) == str(refusals.DAMAGED)


def test_another_workbook_beside_the_one_that_was_looked_at():
    """What says where the workbook lies is not handed on: nothing leads the library to other parts."""
    root = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    relations = f'<Relationships><Relationship Id="r" Type="{root}" Target="other/workbook.xml"/></Relationships>'
    data = written(lambda book: book.add_worksheet("s").write_string("A1", "x"))
    with ZipFile(BytesIO(data)) as archive:
        parts = {name.replace("xl/", "other/"): archive.read(name) for name in archive.namelist() if "xl/" in name}
    parts |= {"_rels/.rels": relations.encode(), "other/worksheets/sheet1.xml": evil(b"<worksheet></worksheet>")}
    assert [row.values for row in read(changed(data, **parts), "a.xlsx").sheets[0].rows] == [["x"]]


@pytest.mark.parametrize(
    "part",
    [
        b"<worksheet><sheetData><row><c",
        evil(b"<worksheet></worksheet>"),
        b"<!DOCTYPE x><worksheet/>",
        b"<worksheet>" + b" " * (40 * 2**20) + b"</worksheet>",
    ],
    ids=["broken", "far cell", "document type", "bomb"],
)
def test_what_is_not_read_is_not_looked_at(part):
    """Hidden sheets and parts without cells do not reach the library, whatever they hold."""
    book = Workbook()
    book.active["A1"] = "x"
    book.create_sheet("_lists")["A1"] = "y"
    book["_lists"].sheet_state = "hidden"
    parts = {"xl/worksheets/sheet2.xml": part, "[Content_Types].xml": part, "xl/other.xml": part}
    (sheet,) = read(changed(saved(book), **parts), "a.xlsx").sheets
    assert (sheet.title, [row.values for row in sheet.rows]) == ("Sheet", [["x"]])


def test_two_sheets_in_one_part():
    def same(page):
        return page.replace(b"sheet2.xml", b"sheet1.xml")

    book = Workbook()
    book.active["A1"] = book.create_sheet("b")["A1"] = 1
    assert refusal(changed(saved(book), **{"xl/_rels/workbook.xml.rels": same})) == str(refusals.DAMAGED)


@pytest.mark.parametrize("method", [ZIP_BZIP2, ZIP_LZMA])
def test_archives_packed_in_ways_that_no_office_program_uses(method):
    out = BytesIO()
    with ZipFile(BytesIO(workbook(["x"]))) as old, ZipFile(out, "w", method) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    assert refusal(out.getvalue()) == str(refusals.DAMAGED)


def test_an_archive_whose_parts_begin_behind_its_end():
    data = workbook(["x"])
    at = data.rindex(SHEET.encode()) - 4  # of the sheet's place in the file, in the list of parts
    assert refusal(data[:at] + (len(data) - 10).to_bytes(4, "little") + data[at + 4 :]) == str(refusals.DAMAGED)


@pytest.mark.parametrize("data", [b"", b"\n  ", b"\x00" * 50])
def test_an_empty_file(data):
    assert refusal(data) == "The file is empty. Fill the template, save it and upload it again."


def test_a_workbook_without_cells():
    assert refusal(saved(Workbook())) == str(refusals.NOTHING_VISIBLE)


def test_a_large_file(monkeypatch):
    monkeypatch.setattr(reader, "MAX_BYTES", 2**20)
    assert refusal(b"x" * (2**20 + 1)) == (
        "The file is larger than 1 megabytes. Remove pictures and unused sheets and upload it again."
    )


def test_text_with_the_name_of_a_workbook():
    assert refusal("کد,نام\n1,راه".encode(), "دستگاه‌ها.xlsx") == (
        "“دستگاه‌ها.xlsx” is plain text with the name of a workbook. Open it in Excel, save it as .xlsx and upload that."
    )
    assert refusal(b"\x89PNG\r\n\x1a\n\x00\x00", "a.xlsx") == (
        "“a.xlsx” is not a workbook. Upload an Excel workbook (.xlsx), or an .xls, .ods or .csv file."
    )


@pytest.mark.parametrize("page", [b"<html><table>", b"\xef\xbb\xbf<!DOCTYPE html>", b'<?xml version="1.0"?><html>'])
def test_a_web_page_with_the_name_of_a_workbook(page):
    assert refusal(page, "a.xls") == str(refusals.WEB_PAGE)


def test_other_kinds_of_files():
    zipped = BytesIO()
    with ZipFile(zipped, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    sentence = "“%s” is not a workbook. Upload an Excel workbook (.xlsx), or an .xls, .ods or .csv file."
    assert refusal(b"%PDF", "a.pdf") == sentence % "a.pdf"
    assert refusal(workbook(["x"]), "C:\\docs\\a.zip") == sentence % "a.zip"
    assert refusal(zipped.getvalue(), "a.xlsx") == sentence % "a.xlsx"


def test_macros():
    assert refusal(workbook(["x"]), "a.xlsm") == str(refusals.MACROS)
    assert refusal(changed(workbook(["x"]), **{"xl/vbaProject.bin": b"x"})) == str(refusals.MACROS)


def test_binary_workbooks():
    assert refusal(changed(workbook(["x"]), **{"xl/workbook.bin": b"x"})) == str(refusals.BINARY)


def test_a_password():
    stub = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 512 + "EncryptedPackage".encode("utf-16-le") + b"\x00" * 512
    assert refusal(stub) == (
        "The workbook is protected with a password. Remove the password in Excel, save it and upload it again."
    )


def test_sentences_follow_the_language_at_the_time_of_reading_them():
    with pytest.raises(UnreadableWorkbook) as caught:
        read(b"", "a.xlsx")
    assert "".join(map(str, caught.value.args)) == str(caught.value) == caught.value.sentence
