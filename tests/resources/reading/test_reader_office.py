"""The same workbook as LibreOffice writes it in four formats: values, errors and notes by cell are the same."""

from decimal import Decimal

import pytest

from evaluation.resources.reading import refusals
from evaluation.resources.reading.book import Broken
from evaluation.resources.reading.reader import read
from tests.resources.office import DAY, FORMATS, MOMENT
from tests.resources.uploads import refusal, values

pytestmark = pytest.mark.office


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
