"""Columns that are read at once say what their cells say one by one; whatever is not plain is left to these."""

from decimal import Decimal as D

import pytest

from evaluation.resources.reading.book import Broken, Doubtful, Row, SheetData
from evaluation.resources.tables.columns import AsItIs, Code, Column, NationalId, Number, Scale, Text
from evaluation.resources.tables.table import typed_cells, typed_column
from evaluation.resources.tables.whole_columns import read_whole

CELLS = [
    *(None, "گزارش کامل", "پس از حذف موارد تکراری\nتأیید شد", "a\n", " ", "x" * 31, "x" * 251, "a\tb", "a\x7fb", "é"),
    *("G-101", "a b", " x", "۱۲", "كد", "حذف", "G_1/2.3", "12", "-1"),
    *(0, 7, -7, 10**8, 10**18, True, D("12.5"), D("-0.0000005"), D("1E+3"), D("123456789.1"), D("NaN"), D("Infinity")),
    *(10**18 - 1, Broken("#REF!"), Doubtful("20,000")),
]
WIDGETS = [
    *(Text(), Text(4_000), Code(), Code(250), AsItIs(), NationalId(), Scale()),
    *(Number(), Number(negative=True), Number(digits=8), Number(whole=True)),
]


@pytest.mark.parametrize("required", [False, True])
@pytest.mark.parametrize("widget", WIDGETS, ids=lambda widget: f"{type(widget).__name__} {vars(widget)}")
def test_whole_columns_say_what_their_cells_say(widget, required):
    column = Column("ستون", widget, required=required)
    taken = 0
    for first in CELLS:
        for second in CELLS:
            values = read_whole(column, cells := [first, None, second] if not required else [first, second])
            one_by_one, wrong, mended, erased = typed_cells(column, cells)
            if values is not None:
                assert (list(map(repr, values)), [], [], set()) == (list(map(repr, one_by_one)), wrong, mended, erased)
                taken += 1
    assert bool(taken) == (type(widget) in (Text, Code, AsItIs, Number) and not getattr(widget, "whole", False))


@pytest.mark.parametrize("number", [10**18 - 1, D("-999999999999999999.5")])
def test_a_figure_that_no_database_could_give_back_is_refused(number):
    with pytest.raises(ValueError, match="less than or equal to 999,999,999,999,999,499"):
        Number(negative=True).clean(D(number))


def test_a_column_with_one_cell_to_look_at_is_read_cell_by_cell():
    column = Column("کد", Code(), required=True)
    values, wrong, mended, erased = typed_column(column, ["G-1", "G-۲", None, "G-4"], [0, 1, 2])
    assert (values, [place for place, _fault in wrong], mended, erased) == (
        ["G-1", "G-2", None],
        [2],
        [(1, "G-2")],
        set(),
    )


def test_columns_of_rows_of_different_length():
    rows = [["a", 1.0, 0.1], ["b"], [], ["", 1.0, 1e20, "  "]]
    sheet = SheetData("s", [Row("s", number, cells) for number, cells in enumerate(rows, start=1)])
    by_rows = [[row.value(place) for row in sheet.rows] for place in range(5)]
    assert [sheet.column(place) for place in range(5)] == by_rows
    assert by_rows[:3] == [["a", "b", None, None], [1, None, None, 1], [D("0.1"), None, None, D("1e20")]]
