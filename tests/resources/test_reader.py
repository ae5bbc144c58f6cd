"""Uploads as people and attackers make them: what is read, and the sentence that refuses."""

import datetime
from decimal import Decimal
from io import BytesIO
from subprocess import run
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
import xlsxwriter
from django.utils import translation
from openpyxl import Workbook

from evaluation.resources import reader, refusals
from evaluation.resources.book import Broken
from evaluation.resources.reader import read
from evaluation.resources.refusals import UnreadableWorkbook
from evaluation.workbook import Column, Sheet, build


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


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
    """The workbook with some parts replaced (bytes), changed (a function) or added; names with __ for / and . kept."""
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


def test_values_keep_their_types():
    day, moment = datetime.date(2025, 8, 3), datetime.datetime(2025, 8, 3, 14, 30)  # noqa: DTZ001  cells have no zone
    data = workbook(["متن", 12.0, 12.5, -3, True, day, moment, None, " ", "0012"])
    assert values(data) == [["متن", 12, Decimal("12.5"), -3, True, day, moment, None, None, "0012"]]
    assert type(values(data)[0][1]) is int


def test_numbers_have_excels_fifteen_digits():
    assert values(workbook([0.1 + 0.2, 1e-7, 123456789012])) == [[Decimal("0.3"), Decimal("1E-7"), 123456789012]]


def test_leading_empty_rows_and_columns_keep_the_addresses():
    book = Workbook()
    book.active.title = "نمره‌ها"
    book.active["C14"] = "x"
    (sheet,) = read(saved(book), "a.xlsx").sheets
    row = sheet.rows[13]
    assert len(sheet.rows) == 14
    assert (row.number, row.value(2), row.address(2), row.value(9)) == (14, "x", "نمره‌ها!C14", None)
    assert sheet.rows[0].is_empty
    assert not row.is_empty


def test_trailing_empty_rows_are_left_out():
    book = Workbook()
    book.active["A1"] = "x"
    book.active["A900"] = " "
    assert [[value for value in row if value] for row in values(saved(book))] == [["x"]]


def test_error_cells_and_uncalculated_formulas_are_named():
    def fill(book):
        page = book.add_worksheet("s")
        page.write_formula("A1", "=1/0", None, "#DIV/0!")
        page.write_formula("B2", "=A2*2", None, 14)

    book = Workbook()
    book.active["B2"] = "=A1*2"
    assert values(written(fill)) == [[Broken("#DIV/0!"), None], [None, 14]]
    assert values(saved(book)) == [[], [None, Broken("", uncalculated=True)]]
    empty_text = '<c r="B1" t="str"><f>""</f><v></v></c>'
    assert values(with_cells(f'<row r="1"><c r="A1"><v>1</v></c>{empty_text}</row>')) == [[1, None]]


def test_percent_cells_are_read_as_they_are_seen():
    def fill(book):
        page = book.add_worksheet("s")
        page.write_number("A1", 0.85, book.add_format({"num_format": "0%"}))
        page.write_number("B1", 0.125, book.add_format({"num_format": "0.0%"}))
        page.write_number("C1", 0.85, book.add_format({"num_format": '0.00" %"'}))
        page.write_number("D1", 0.85)

    assert values(written(fill)) == [[85, Decimal("12.5"), Decimal("0.85"), Decimal("0.85")]]


def test_hidden_sheets_are_left_out():
    book = Workbook()
    book.active.append(["x"])
    hidden = book.create_sheet("_lists")
    hidden.append(["y"])
    hidden.sheet_state = "hidden"
    assert [sheet.title for sheet in read(saved(book), "a.xlsx").sheets] == ["Sheet"]


def test_what_our_writer_writes_is_read_back():
    columns = [
        Column(code="code", heading="کد دستگاه"),
        Column(code="score", heading="امتیاز", kind="number", places=2),
        Column(code="nature", heading="ماهیت", kind="choice", choices=("نسبت", "رشد")),
    ]
    rows = [["=1+1", Decimal("12.75"), "نسبت"], ["0012", 3, "رشد"]]
    data = build([Sheet(title="نمره‌ها", columns=columns, rows=rows)])
    assert values(data) == [["کد دستگاه", "امتیاز", "ماهیت"], *rows]


def test_cells_without_addresses_and_with_prefixes():
    assert values(with_cells("<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>")) == [
        [1, 2],
        [3, None],
    ]
    prefixed = changed(
        with_cells("<row><c t='e'><v>#N/A</v></c></row>"),
        **{SHEET: lambda page: page.replace(b"<", b"<x:").replace(b"<x:/", b"</x:").replace(b"xmlns=", b"xmlns:x=")},
    )
    assert values(prefixed) == [[Broken("#N/A")]]


def test_a_bogus_dimension_and_styled_empty_cells_far_away_do_no_harm():
    def bogus(page):
        return page.replace(b'ref="A1"', b'ref="A1:XFD1048576"').replace(b'ref="A1:A1"', b'ref="A1:XFD1048576"')

    assert values(changed(workbook(["x"]), **{SHEET: bogus})) == [["x"]]
    assert values(with_cells('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"/></row>')) == [
        [1]
    ]


# --- refused ----------------------------------------------------------------------------------------------------------


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
    monkeypatch.setattr("evaluation.resources.sheet_walk.MOST_CELLS", 50)
    assert refusal(with_cells("<row>" + "<c/>" * 101 + "</row>")).startswith("The workbook is too large")


def test_one_long_text_used_by_many_cells(monkeypatch):
    monkeypatch.setattr("evaluation.resources.guard.MOST_TEXT", 300_000)

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


@pytest.mark.parametrize("data", [b"", b"\n  ", b"\x00" * 50])
def test_an_empty_file(data):
    assert refusal(data) == "The file is empty. Fill the template, save it and upload it again."


def test_a_workbook_without_cells():
    assert refusal(saved(Workbook())) == str(refusals.NOTHING_VISIBLE)


def test_a_large_file(monkeypatch):
    monkeypatch.setattr(reader, "MOST_BYTES", 2**20)
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


# --- csv, xls, ods ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1256", "utf-16"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_csv_as_excel_and_others_write_it(encoding, mark):
    text = f'كد{mark}نام\r\n0012{mark}"راه{mark}شهر"\r\n\r\n'
    book = read(text.encode(encoding), "دستگاه‌ها.csv")
    assert [row.values for row in book.sheets[0].rows] == [["كد", "نام"], ["0012", f"راه{mark}شهر"]]
    assert book.sheets[0].rows[1].address(1) == "دستگاه‌ها!B2"


@pytest.mark.parametrize("data", [b"a,b\n1,\x00\x01\x02", b'a,"' + b"x" * 200_000 + b'"', b"\xff\xfe\x00\xd8,"])
def test_csv_that_is_none(data):
    assert refusal(data, "a.csv") == str(refusals.CSV_BROKEN)


def test_csv_with_too_many_columns():
    assert refusal(b",".join([b"x"] * 201), "a.csv").startswith("The workbook is too large")


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """Converts a workbook with LibreOffice to another form."""

    def convert(data, kind):
        folder = tmp_path_factory.mktemp("office")
        (folder / "a.xlsx").write_bytes(data)
        profile = f"-env:UserInstallation=file://{folder}/profile"
        command = ["soffice", profile, "--headless", "--convert-to", kind, "--outdir", folder, folder / "a.xlsx"]
        try:
            run(command, capture_output=True, timeout=120, check=True)
        except FileNotFoundError:
            pytest.skip("needs LibreOffice to write .xls and .ods")
        return (folder / f"a.{kind}").read_bytes()

    return convert


@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_old_and_open_formats(office, kind):
    data = office(workbook(["متن", 12.0, 12.5], [None, True, datetime.date(2025, 8, 3)]), kind)
    assert values(data, f"a.{kind}") == [["متن", 12, Decimal("12.5")], [None, True, datetime.date(2025, 8, 3)]]
    assert refusal(data[: len(data) // 2], f"a.{kind}") == str(refusals.DAMAGED)


@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_old_and_open_formats_have_the_same_limits(office, kind):
    data = office(workbook(["x"] * 201), kind)
    assert refusal(data, f"a.{kind}").startswith("The workbook is too large: at most 200000 rows, 200 columns")


def test_percents_of_open_workbooks_are_refused(office):
    book = Workbook()
    book.active["A1"] = 0.85
    book.active["A1"].number_format = "0%"
    assert refusal(office(saved(book), "ods"), "a.ods") == str(refusals.PERCENT_IN_ODS)


def test_a_child_that_takes_too_long_is_ended(monkeypatch):
    monkeypatch.setattr(reader, "CHILD_SECONDS", 0.001)
    assert refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "a.xls") == str(refusals.TOO_SLOW)
