"""What is noted of cells that are read: formulas, percents, hidden rows, merges; and how rows give their values."""

import datetime
from decimal import Decimal

import pytest
from openpyxl import Workbook

from evaluation.resources.reading import refusals
from evaluation.resources.reading.book import Broken, CellNotes, Row, SheetData
from evaluation.resources.reading.reader import read
from tests.resources.uploads import SHEET, changed, refusal, saved, values, with_cells, written


def notes(data):
    return read(data, "a.xlsx").sheets[0].notes


def test_formulas_whose_value_was_read():
    def fill(book):
        page = book.add_worksheet("s")
        page.write_formula("A1", "=1+1", None, 2)
        page.write_formula("B1", "=1/0", None, "#DIV/0!")
        page.write_formula("C3", '="x"', None, "x")
        page.write_formula("D3", '=""', None, "")

    assert notes(written(fill)) == CellNotes(formulas={(1, 0), (3, 2)})


def test_a_percent_that_a_formula_gives_is_both():
    def fill(book):
        style = book.add_format({"num_format": "0%"})
        page = book.add_worksheet("s")
        page.write_formula("B2", "=1/2", style, 0.5)
        page.write_string("C2", "50%", style)
        page.write_number("D2", 0.1, style)

    data = written(fill)
    assert values(data) == [[None] * 4, [None, 50, "50%", 10]]
    assert notes(data) == CellNotes(formulas={(2, 1)}, percent={(2, 1), (2, 3)})


def test_rows_that_nobody_sees_are_read_and_noted():
    book = Workbook()
    for value in "abcd":
        book.active.append([value])
    book.active.row_dimensions[2].hidden = book.active.row_dimensions[900].hidden = True
    assert values(saved(book)) == [["a"], ["b"], ["c"], ["d"]]
    assert notes(saved(book)) == CellNotes(hidden_rows={2})


@pytest.mark.parametrize("mark", ['hidden="true"', 'ht="0" customHeight="1"'])
def test_marks_of_hidden_rows(mark):
    rows = f'<row r="1"><c r="A1"><v>1</v></c></row><row r="2" {mark}><c r="A2"><v>1</v></c></row>'
    assert notes(with_cells(rows)).hidden_rows == {2}
    assert notes(with_cells(rows.replace('"', "'"))).hidden_rows == {2}


CORNERS = '<row r="1"><c r="A1"><v>1</v></c></row><row r="4"><c r="B4"><v>1</v></c></row>'


def merged(cells, *refs):
    merges = "".join(f'<mergeCell ref="{ref}"/>' for ref in refs)
    return changed(
        with_cells(cells),
        **{SHEET: lambda page: page.replace(b"</sheetData>", f"</sheetData><m>{merges}</m>".encode())},
    )


def test_merges_end_with_the_sheet():
    data = merged(CORNERS, "A1:A3", "B4:XFD1048576", "A900:A901", "C1:D1", "A1", "nonsense")
    assert notes(data).merged == [(1, 0, 3, 0), (4, 1, 4, 1)]


def test_merges_that_lie_over_each_other_are_damage():
    cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="2000"><c r="A2000"><v>1</v></c></row>'
    assert len(notes(merged(cells, *["A1:A2000"] * 1_500)).merged) == 1_500
    assert refusal(merged(cells, *["A1:A2000"] * 1_501)) == str(refusals.DAMAGED)


def test_a_column_gives_the_values_of_its_rows():
    rows = [["1", 2.0, 0.1 + 0.2, True], [], [None, " ", 12.5], [1e300, float("inf"), Broken("#REF!")]]
    sheet = SheetData("s", [Row("s", number, cells) for number, cells in enumerate(rows, start=1)])
    columns = [sheet.column(place) for place in range(5)]
    assert columns == [
        ["1", None, None, Decimal("1E+300")],
        [2, None, None, Broken("#NUM!")],
        [Decimal("0.3"), None, Decimal("12.5"), Broken("#REF!")],
        [True, None, None, None],
        [None, None, None, None],
    ]
    assert [[row.value(place) for row in sheet.rows] for place in range(5)] == columns
    assert [sheet.column(place) for place in range(5)] == columns
    assert [row.is_empty for row in sheet.rows] == [False, True, False, False]


def test_durations_are_texts():
    def fill(book):
        book.add_worksheet("s").write_number("A1", 1.25, book.add_format({"num_format": "[h]:mm"}))

    assert values(written(fill)) == [["30:00:00"]]


def test_dates_of_a_workbook_that_counts_from_1904():
    book = Workbook()
    book.epoch = datetime.datetime(1904, 1, 1)  # noqa: DTZ001  cells have no zone
    book.active["A1"] = datetime.date(2025, 8, 3)
    assert values(saved(book)) == [[datetime.date(2025, 8, 3)]]


def test_a_number_that_is_no_date_is_named_by_its_row():
    def fill(book):
        page = book.add_worksheet("s")
        page.write_string("B3", "x")
        page.write_number("B5", 1e300, book.add_format({"num_format": "[h]:mm"}))

    assert refusal(written(fill)) == (
        "Sheet “s”, row 5: a cell is formatted as a date or a time, but its number is far too large for one. Correct "
        "the cell, save the workbook and upload it again."
    )
