"""Workbooks that people fill: what is open and what is shut, checks while typing, hidden columns, own properties."""

from decimal import Decimal
from io import BytesIO

import pytest
from django.utils import translation
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from evaluation.workbook import LOCKED, OPEN, SHUT, Column, Page, Sheet, build

CODE = Column(code="code", heading="کد", locked=True, fill=SHUT)
ACTUAL = Column(code="actual", heading="عملکرد", kind="number", fill=OPEN, checked=True)
STAMP = Column(code="stamp", heading="مهر نسخه", locked=True, hidden=True)


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def opened(*sheets, **options):
    return load_workbook(BytesIO(build(sheets, **options)))


def form(columns, rows, *, protect=True, codes=True, **sheet):
    return opened(Sheet(title="s", columns=columns, rows=rows, **sheet), protect=protect, codes=codes).worksheets[0]


def rule(column, *, beside=()):
    page = form([column, *beside], [[None]])
    (found,) = page.data_validations.dataValidation
    return found


def look(cell):
    return cell.protection.locked, cell.fill.start_color.rgb[2:] if cell.fill.fill_type else ""


def test_what_is_open_and_what_is_shut_is_seen_and_kept():
    page = form([CODE, ACTUAL], [["G-1", 80], {"code": "G-2", "actual": None, LOCKED: {"actual"}}])
    assert [look(cell) for row in page["A3:B4"] for cell in row] == [
        (True, SHUT),
        (False, OPEN),
        (True, SHUT),
        (True, SHUT),
    ]
    assert page["A1"].fill.start_color.rgb != page["B1"].fill.start_color.rgb
    assert [page.column_dimensions[letter].protection.locked for letter in "AB"] == [True, False]


def test_below_the_rows_of_a_growing_sheet_everything_is_open_but_the_stamp():
    page = form([CODE, ACTUAL, STAMP], [["G-1", 80, "x"]], grows=True)
    assert page["A3"].protection.locked is True
    assert [page.column_dimensions[letter].protection.locked for letter in "ABC"] == [False, False, True]


def test_a_protected_sheet_can_still_be_sorted_filtered_and_widened():
    protection = form([CODE], [["1"]]).protection
    allowed = [
        name
        for name in ("autoFilter", "sort", "formatColumns", "formatRows", "insertRows", "deleteColumns", "objects")
        if not getattr(protection, name)
    ]
    assert allowed == ["autoFilter", "sort", "formatColumns", "formatRows", "insertRows", "objects"]


def test_a_hidden_column_is_there_for_programs():
    page = form([CODE, STAMP], [["G-1", "0123456789"]])
    assert page.column_dimensions["B"].hidden is True
    assert page["B3"].value == "0123456789"


def test_a_fixed_list_refuses_and_an_offered_one_warns():
    nature = Column(code="nature", heading="ماهیت", kind="choice", choices=("نسبت", "رشد"))
    unit = Column(code="unit", heading="واحد", choices=("درصد",), choices_strict=False)
    found = [rule(column) for column in (nature, unit)]
    assert [(each.type, each.errorStyle, each.errorTitle, each.error) for each in found] == [
        ("list", "stop", "ماهیت", "Choose one of the values in the list."),
        ("list", "warning", "واحد", "Choose one of the values in the list."),
    ]


@pytest.mark.parametrize(
    ("bounds", "formulas", "sentence"),
    [
        ({}, (str(-(10**18)), str(10**18)), "Write a number here."),
        ({"minimum": 0}, ("0", str(10**18)), "Write a number from 0 on."),
        ({"minimum": 0, "maximum": Decimal("99.500000")}, ("0", "99.5"), "Write a number from 0 to 99.5."),
        ({"minimum": 0, "maximum": "most"}, ("0", "B3"), "Write a number from 0 to the maximum of this row."),
    ],
)
def test_numbers_outside_their_bounds_are_warned_of(bounds, formulas, sentence):
    column = Column(code="score", heading="امتیاز", kind="number", checked=True, **bounds)
    found = rule(column, beside=[Column(code="most", heading="سقف", kind="number")])
    assert (found.type, found.operator, found.errorStyle, str(found.sqref)) == ("decimal", "between", "warning", "A3")
    assert ((found.formula1, found.formula2), found.error) == (formulas, sentence)


def test_a_date_is_real_or_written_like_a_jalali_one():
    found = rule(Column(code="day", heading="تاریخ", kind="date", checked=True))
    assert (found.type, found.errorStyle, found.error) == ("custom", "warning", "Write a date such as 1404/05/12.")
    assert found.formula1 == 'OR(ISNUMBER(A3),AND(LEN(A3)=10,MID(A3,5,1)="/",MID(A3,8,1)="/"))'


def test_open_rows_below_are_checked_too():
    (found,) = form([ACTUAL], [], protect=False).data_validations.dataValidation
    assert str(found.sqref) == "A3:A1003"


def test_digits_that_excel_would_round_are_written_as_text():
    page = form([ACTUAL], [[Decimal("123456789012345.000000")], [Decimal("1234567890123456.5")], [Decimal("1e17")]])
    assert [page.cell(row, 1).value for row in (3, 4, 5)] == [123456789012345, "1234567890123456.5", 10**17]


def test_texts_come_back_as_they_were():
    texts = [" گوشه‌ها ", "یک\nدو", "a\r\nb", "<b>&amp;\"'", "_x0041_", "=1", "‌", "\ud800\ufffe\x00x"]
    data = build([Sheet(title="s", columns=[CODE], rows=[[text] for text in texts])])
    read = [row[0] for row in CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_index(0).to_python()[1:]]
    assert read == [*texts[:-1], "x"]


def test_a_page_of_words_beside_tables():
    words = Page(
        title="راهنما",
        heading="بسته",
        facts=[("دستگاه", "اداره الف"), ("بلند", "م" * 200)],
        steps_title="گام‌ها",
        steps=["پر کنید", "=بارگذاری"],
        legend_title="رنگ‌ها",
        legend=[(OPEN, "باز"), (SHUT, "بسته")],
    )
    book = opened(words, Sheet(title="s", columns=[CODE]), protect=True)
    page = book.worksheets[0]
    assert [[cell.value for cell in row] for row in page.rows] == [
        ["بسته", None],
        ["دستگاه", "اداره الف"],
        ["بلند", "م" * 200],
        ["گام‌ها", None],
        ["1", "پر کنید"],
        ["2", "=بارگذاری"],
        ["رنگ‌ها", None],
        [None, "باز"],
        [None, "بسته"],
    ]
    assert (page.sheet_view.rightToLeft, page.protection.sheet, page.row_dimensions[3].height) == (True, True, 30)
    assert [look(page.cell(row, 1))[1] for row in (8, 9)] == [OPEN, SHUT]
    assert page["B6"].data_type == "s"
