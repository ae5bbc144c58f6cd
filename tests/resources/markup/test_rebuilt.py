"""Uploads that are no .xlsx, or one that we do not change in place: a plain workbook with the same values and marks."""

import datetime
from decimal import Decimal
from io import BytesIO
from zipfile import ZipFile

import pytest
from openpyxl import Workbook

from evaluation.resources.markup import SUMMARY_TITLE, marked
from evaluation.resources.markup.package import MAIN
from tests.resources.markup.marking import (
    RED,
    SAID,
    YELLOW,
    converted,
    copy_of,
    fault,
    fills,
    links,
    note,
    notes,
    opened,
    parts,
    read_rows,
)
from tests.resources.uploads import SHEET, changed, saved, workbook, written

COPIED = (
    "This is a plain copy of the values that were read from your file. Correct the red cells, save it and upload it. "
    "Yellow cells are warnings."
)
SHARED = "xl/sharedStrings.xml"


def test_a_text_file_comes_back_as_a_workbook():
    text = "کد,امتیاز\n0012,=1+1\n,\n+7,x\n"
    data, name = marked(text.encode(), "نمره: ۱۴۰۳.csv", [fault("B2", sheet="نمره: ۱۴۰۳")], warnings=[])
    book = opened(data)
    assert (name, book.sheetnames) == ("نمره: ۱۴۰۳-marked.xlsx", [SUMMARY_TITLE, "نمره  ۱۴۰۳"])
    page = book["نمره  ۱۴۰۳"]
    assert [[cell.value for cell in row] for row in page["A1:B4"]] == [
        ["کد", "امتیاز"],
        ["0012", "=1+1"],
        [None, None],
        ["+7", "x"],
    ]
    assert {cell.data_type for row in page["A1:B4"] for cell in row if cell.value} == {"s"}
    assert (fills(page), notes(page)) == ({"B2": RED}, {"B2": note(SAID)})
    assert book[SUMMARY_TITLE]["A3"].value == COPIED
    assert links(book[SUMMARY_TITLE]) == {"C5": "'نمره  ۱۴۰۳'!B2"}


def test_a_plain_copy_is_the_same_every_time():
    assert copy_of(b"a,b\n1,2", "A1", name="s.csv") == copy_of(b"a,b\n1,2", "A1", name="s.csv")


def of_every_kind():
    book = Workbook()
    page = book.active
    page.title = "s"
    page.append(["متن", 12, 12.5, True, datetime.date(2025, 8, 3), datetime.datetime(2025, 8, 3, 14, 30)])  # noqa: DTZ001
    page["B4"], page["C5"] = "=A1", datetime.time(8, 15)
    book.create_sheet("t").append(["x"])
    return saved(book)


@pytest.mark.office
@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_old_and_open_workbooks_come_back_with_their_values(kind, tmp_path):
    data = converted(of_every_kind(), kind, tmp_path)
    rows = read_rows(data, f"a.{kind}")
    copy = copy_of(data, "B1", warnings=[fault("A1", sheet="t")], name=f"a.{kind}")
    assert {title: read_rows(copy)[title] for title in rows} == rows
    assert rows["s"][0] == [
        "متن",
        12,
        Decimal("12.5"),
        True,
        datetime.date(2025, 8, 3),
        datetime.datetime(2025, 8, 3, 14, 30),  # noqa: DTZ001
    ]
    book = opened(copy)
    assert (fills(book["s"]), fills(book["t"])) == ({"B1": RED}, {"A1": YELLOW})
    assert book["s"].column_dimensions["A"].width >= 10


def strict(data):
    """The workbook in the strict form of the standard, whose names are others."""
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        for name, content in parts(data).items():
            content = content.replace(MAIN.encode(), b"http://purl.oclc.org/ooxml/spreadsheetml/main")
            archive.writestr(
                name, content.replace(b"schemas.openxmlformats.org/officeDocument/2006", b"purl.oclc.org/ooxml")
            )
    return out.getvalue()


def test_a_strict_workbook_is_rebuilt():
    data = strict(workbook(["a", 1], title="s"))
    copy = opened(copy_of(data, "B1"))
    assert (copy[SUMMARY_TITLE]["A3"].value, fills(copy["s"]), copy["s"]["B1"].value) == (COPIED, {"B1": RED}, 1)


@pytest.mark.parametrize(
    ("part", "change"),
    [
        (SHEET, lambda page: page.replace(b"<sheetData>", b"<sheetData><!-- <row/> -->")),
        (
            SHEET,
            lambda page: page.replace(b"<sheetFormatPr", b"<x:y xmlns:x='z'><![CDATA[<row>]]></x:y><sheetFormatPr"),
        ),
        (SHEET, lambda page: page.replace(b' t="n"', b' s="99"')),
        (SHEET, lambda page: page.replace(b'<row r="1"', b'<row r="1"></row><row r="1"')),
        ("xl/styles.xml", b"<styleSheet/>"),
        ("docProps/core.xml", b""),
    ],
)
def test_what_we_do_not_dare_to_change_is_rebuilt(part, change):
    data = changed(workbook(["a", 1], title="s"), **{part: change})
    assert parts(data)[part] != parts(workbook(["a", 1], title="s"))[part]
    copy = opened(copy_of(data, "B1"))
    assert (copy[SUMMARY_TITLE]["A3"].value, fills(copy["s"]), copy["s"]["B1"].value) == (COPIED, {"B1": RED}, 1)


@pytest.mark.parametrize("missing", ["xl/styles.xml", "[Content_Types].xml"])
def test_a_workbook_without_one_of_its_parts_is_rebuilt(missing):
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        for name, content in parts(workbook(["a", 1], title="s")).items():
            if name != missing:
                archive.writestr(name, content)
    assert fills(opened(copy_of(out.getvalue(), "B1"))["s"]) == {"B1": RED}
    assert opened(copy_of(out.getvalue()))["s"]["B1"].value == 1


def test_what_unpacks_to_too_much_outside_the_sheets_is_left_out():
    data = changed(workbook(["a", 1], title="s"), **{"xl/media/big.bin": b"\0" * (81 * 2**20)})
    copy = copy_of(data, "B1")
    assert "xl/media/big.bin" not in parts(copy)
    assert fills(opened(copy)["s"]) == {"B1": RED}


def test_errors_stay_errors_and_old_dates_stay_readable():
    def fill(book):
        page = book.add_worksheet("s")
        page.write_formula("A1", "=1/0", None, "#DIV/0!")
        page.write_datetime("B1", datetime.datetime(1900, 1, 5), book.add_format({"num_format": "yyyy"}))  # noqa: DTZ001

    data = strict(written(fill))
    rows = read_rows(data)["s"]
    copy = copy_of(data, "A1")
    assert read_rows(copy)["s"][0][0] == rows[0][0]
    assert opened(copy)["s"]["B1"].value == "1900-01-05"


def test_a_rebuilt_copy_that_comes_back_has_no_list_in_it():
    first = copy_of(strict(workbook(["a", 1], title="s")), "B1")
    again = opened(copy_of(strict(first), "A1"))
    assert again.sheetnames == [SUMMARY_TITLE, "s"]
    assert fills(again["s"]) == {"A1": RED}
