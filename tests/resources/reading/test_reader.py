"""What is read from uploads as people make them."""

import datetime
from decimal import Decimal

import pytest
from openpyxl import Workbook

from evaluation.resources.reading import reader, refusals
from evaluation.resources.reading.book import Broken
from evaluation.resources.reading.reader import read
from evaluation.workbook import Column, Sheet, build
from tests.resources.uploads import SHEET, changed, refusal, saved, values, with_cells, workbook, written


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


def test_a_child_that_takes_too_long_is_ended(monkeypatch):
    monkeypatch.setattr(reader, "CHILD_SECONDS", 0.001)
    assert refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "a.xls") == str(refusals.TOO_SLOW)
