"""The same workbook as LibreOffice writes it in four formats: values, errors and notes by cell are the same."""

import datetime
from decimal import Decimal

import pytest
from openpyxl import Workbook

from evaluation.resources import refusals
from evaluation.resources.book import Broken
from evaluation.resources.reader import read

from .office import converted
from .uploads import refusal, saved, values, workbook

DAY, MOMENT = datetime.date(2025, 8, 3), datetime.datetime(2025, 8, 3, 14, 30)  # noqa: DTZ001  cells have no zone
FORMATS = ("xlsx", "xls", "ods")


def _remarkable():
    """Percents, formulas, errors, a hidden row and merges, below and beside empty rows and columns."""
    book = Workbook()
    page = book.active
    page.title = "داده"
    page.append([])
    page.append([None, "متن", 0.85, "=1/0", "=C2*2", "=NA()", DAY, MOMENT, '=IF(1,"","x")', "=1+1"])
    page.append([None, "ادغام", 0.5, 12.5, 0.1 + 0.2, 1e-7, 123456789012345])
    page.append([None, None, 0.5])
    page.append([None, "پنهان", 5])
    page.append([None, 0.25, 0.25, 0.25])
    for cell in ("C2", "E2", "B6", "C6", "D6"):
        page[cell].number_format = "0.0%"
    page["C3"].number_format = '0.00" %"'
    page.merge_cells("B3:B4")
    page.merge_cells("B8:D9")
    page["B8"] = "پایین"
    page.row_dimensions[5].hidden = True
    book.create_sheet("پنهان").sheet_state = "hidden"
    book["پنهان"]["A1"] = 1
    book.create_sheet("دوم")["B2"] = "z"
    return saved(book)


@pytest.fixture(scope="session")
def office(tmp_path_factory):
    """`{format: {name: bytes}}` of everything that these tests read."""
    made = {
        "remarkable": _remarkable(),
        "plain": workbook(["متن", 12.0, 12.5, "0012"], [None, 3, DAY]),
        "wide": workbook(["x"] * 201),
    }
    folder = tmp_path_factory.mktemp("office")
    return {to: converted(folder, made, to=to) for to in (*FORMATS, "csv")}


@pytest.mark.parametrize("kind", FORMATS)
def test_values_and_errors_stand_in_the_same_cells(office, kind):
    first, second = read(office[kind]["remarkable"], f"a.{kind}").sheets
    assert (first.title, second.title) == ("داده", "دوم")
    assert [[value for value in row.values if value is not None] for row in first.rows] == [
        [],
        ["متن", 85, Broken("#DIV/0!"), 170, Broken("#N/A"), DAY, MOMENT, 2],
        ["ادغام", Decimal("0.5"), Decimal("12.5"), Decimal("0.3"), Decimal("1E-7"), 123456789012345],
        [Decimal("0.5")],
        ["پنهان", 5],
        [25, 25, 25],
        [],
        ["پایین"],
    ]
    assert first.rows[1].address(9) == "داده!J2"
    assert first.rows[1].value(9) == 2
    assert second.rows[1].value(1) == "z"


@pytest.mark.parametrize("kind", FORMATS)
def test_notes_are_the_same(office, kind):
    notes = read(office[kind]["remarkable"], f"a.{kind}").sheets[0].notes
    assert notes.formulas == {(2, 4), (2, 9)}
    assert notes.percent == {(2, 2), (2, 4), (6, 1), (6, 2), (6, 3)}
    assert notes.hidden_rows == {5}
    assert sorted(notes.merged) == [(3, 1, 4, 1), (8, 1, 8, 3)]


def test_texts_of_a_csv_file_say_the_same(office):
    (sheet,) = read(office["csv"]["remarkable"], "داده.csv").sheets
    assert [value for value in sheet.rows[1].values if value] == [
        "متن",
        "85.0%",
        Broken("#DIV/0!"),
        "170.0%",
        Broken("#N/A"),
        "2025-08-03",
        "2025-08-03 14:30:00",
        "2",
    ]
    assert sheet.rows[1].address(3) == "داده!D2"


@pytest.mark.parametrize("kind", FORMATS)
def test_plain_values(office, kind):
    assert values(office[kind]["plain"], f"a.{kind}") == [
        ["متن", 12, Decimal("12.5"), "0012"],
        [None, 3, DAY, None],
    ]


@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_half_a_file(office, kind):
    data = office[kind]["plain"]
    assert refusal(data[: len(data) // 2], f"a.{kind}") == str(refusals.DAMAGED)


@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_the_limits_are_the_same(office, kind):
    assert refusal(office[kind]["wide"], f"a.{kind}") == (
        "The workbook is too large: at most 200000 rows, 200 columns and 3000000 cells can be read. Split it into "
        "several files."
    )
