from datetime import UTC, date, datetime, time
from decimal import Decimal
from io import BytesIO

import pytest
from django.utils.translation import gettext_lazy
from openpyxl import load_workbook

from evaluation.workbook import Column, Sheet, build

NAME = Column(code="name", heading="نام دستگاه")
SCORE = Column(code="score", heading="امتیاز", kind="number", places=2, total=True)


def opened(*sheets, **options):
    return load_workbook(BytesIO(build(sheets, **options)))


def one(columns, rows, **options):
    return opened(Sheet(title="دستگاه‌ها", columns=columns, rows=rows), **options).worksheets[0]


def test_a_sheet_reads_right_to_left_under_a_frozen_bold_heading():
    page = one([NAME, SCORE], [{"name": "اداره کل راه", "score": Decimal("12.5")}, ("بهزیستی", 3)])
    assert page.title == "دستگاه‌ها"
    assert page.sheet_view.rightToLeft is True
    assert page.freeze_panes == "A2"
    assert page.auto_filter.ref == "A1:B3"
    assert page.print_title_rows == "$1:$1"
    assert [cell.value for cell in page[1]] == ["نام دستگاه", "امتیاز"]
    assert page["A1"].font.b is True
    assert page["A1"].alignment.wrap_text is True
    assert page["A1"].fill.start_color.rgb == "001F3A5F"
    assert [[cell.value for cell in row] for row in page["A2:B3"]] == [["اداره کل راه", 12.5], ["بهزیستی", 3]]
    assert page["B2"].number_format == "#,##0.00"
    assert page["A2"].number_format == "@"


@pytest.mark.parametrize("text", ["=1+1", "+98", "-", "@sum", "\ttab", "\rreturn", "=HYPERLINK(1)"])
def test_text_never_becomes_a_formula(text):
    cell = one([NAME], [[text]])["A2"]
    assert cell.data_type == "s"
    assert cell.value.strip() == text.strip()
    assert cell.quotePrefix is True


def test_headings_codes_and_choices_never_become_formulas_either():
    column = Column(code="=code", heading="=heading", kind="choice", choices=("=choice",))
    book = opened(Sheet(title="s", columns=[column]), codes=True)
    cells = [book.worksheets[0]["A1"], book.worksheets[0]["A2"], book["_lists"]["A1"]]
    assert [(cell.value, cell.data_type) for cell in cells] == [("=heading", "s"), ("=code", "s"), ("=choice", "s")]


def test_numbers_stay_numbers_and_texts_texts():
    page = one(
        [NAME, SCORE], [["0012", Decimal("-3.25")], [12, "دوازده"], ["x", 0.1], ["y", True], ["z", Decimal("NaN")]]
    )
    values = [(page.cell(row, 1).value, page.cell(row, 2).value) for row in range(2, 7)]
    assert values == [("0012", -3.25), ("12", "دوازده"), ("x", 0.1), ("y", str(gettext_lazy("Yes"))), ("z", "NaN")]
    assert page["B2"].data_type == "n"
    assert page["A3"].data_type == "s"


def test_dates_are_jalali_text():
    columns = [Column(code="d", heading="d", kind="date"), Column(code="t", heading="t", kind="datetime")]
    page = one(columns, [[date(2025, 8, 3), datetime(2025, 8, 2, 22, 15, tzinfo=UTC)], [time(9, 5), None]])
    assert [cell.value for cell in page[2]] == ["1404/05/12", "1404/05/12 01:45"]
    assert [cell.value for cell in page[3]] == ["09:05", None]


def test_lazy_texts_control_characters_and_long_texts():
    page = one([NAME], [[gettext_lazy("Total")], ["a\x00b\x0bc"], ["م" * 40_000]])
    assert page["A2"].value == str(gettext_lazy("Total"))
    assert page["A3"].value == "abc"
    assert len(page["A4"].value) == 32_767


def test_rows_of_long_texts_are_high_enough():
    page = one([NAME], [["م" * 24], ["م" * 60], ["یک\nدو"], ["م" * 9_000]])
    assert [page.row_dimensions[row].height for row in range(2, 6)] == [None, 45, 30, 400]


def test_choices_are_offered_from_a_hidden_sheet():
    nature = Column(code="nature", heading="ماهیت", kind="choice", choices=("نسبت", "رشد"))
    again = Column(code="again", heading="دوباره", kind="choice", choices=("نسبت", "رشد"))
    other = Column(code="slice", heading="برش", kind="choice", choices=("ملی",))
    book = opened(Sheet(title="شاخص‌ها", columns=[nature, again, other], rows=[["رشد", "", ""]]))
    rules = {str(rule.sqref): rule.formula1 for rule in book.worksheets[0].data_validations.dataValidation}
    assert rules == {
        "A2:A1002": "'_lists'!$A$1:$A$2",
        "B2:B1002": "'_lists'!$A$1:$A$2",
        "C2:C1002": "'_lists'!$B$1:$B$1",
    }
    assert book["_lists"].sheet_state == "hidden"
    assert [[cell.value for cell in row] for row in book["_lists"].rows] == [["نسبت", "ملی"], ["رشد", None]]


def test_totals_stand_below_and_outside_the_filter():
    page = one([NAME, SCORE], [["a", Decimal("0.1")], ["b", Decimal("0.2")], ["c", "—"]])
    assert page["B5"].value == 0.3
    assert page["A5"].value == str(gettext_lazy("Total"))
    assert page.auto_filter.ref == "A1:B4"


def test_codes_stand_in_a_hidden_second_row():
    page = one([NAME, SCORE], [["a", 1]], codes=True)
    assert [cell.value for cell in page[2]] == ["name", "score"]
    assert page.row_dimensions[2].hidden is True
    assert page.freeze_panes == "A3"
    assert page.auto_filter.ref == "A1:B3"


def test_protection_locks_only_what_is_locked():
    locked = Column(code="code", heading="کد", locked=True)
    page = one([locked, NAME], [["1", "a"]], protect=True)
    assert page.protection.sheet is True
    assert (page["A1"].protection.locked, page["A2"].protection.locked, page["B2"].protection.locked) == (
        True,
        True,
        False,
    )
    assert one([locked], [["1"]]).protection.sheet is False


def test_notes_make_a_guide_and_properties_are_written():
    score = Column(code="score", heading="امتیاز", kind="number", note="عدد ۰ تا ۱۰۰")
    book = opened(Sheet(title="نمره‌ها", columns=[score], note="هر سطر یک شاخص"), properties={"title": "نمره‌های ۱۴۰۴"})
    assert len(book.sheetnames) == 2
    guide = book.worksheets[1]
    assert [[cell.value for cell in row] for row in guide["A2:B3"]] == [
        ["نمره‌ها", "هر سطر یک شاخص"],
        ["امتیاز", "عدد ۰ تا ۱۰۰"],
    ]
    assert book.properties.title == "نمره‌های ۱۴۰۴"


def test_the_notes_of_two_sheets_with_the_same_columns_stand_once():
    score = Column(code="score", heading="امتیاز", note="عدد ۰ تا ۱۰۰")
    book = opened(Sheet(title="یک", columns=[score]), Sheet(title="دو", columns=[score]))
    assert book.worksheets[2].max_row == 2


def test_titles_are_made_valid_and_different():
    long = "شاخص‌های اختصاصی دستگاه‌های اجرایی استان"
    book = opened(*(Sheet(title=title, columns=[NAME]) for title in (long, long, "a/b", "[?]", "")))
    assert book.sheetnames == [long[:31], f"{long[:27]} 2", "a b", "1", "1 2"]


def test_an_unknown_kind_is_a_mistake_of_ours():
    with pytest.raises(ValueError, match="unknown kind of column: money"):
        Column(code="x", heading="x", kind="money")
