"""Codes of cells that hold no text: read as people see them, or refused; a Jalali date that a program misread too."""

import datetime
from decimal import Decimal

import pytest
from openpyxl import Workbook

from evaluation.enums import Stage
from evaluation.models import Agency
from evaluation.resources import runs
from evaluation.resources.reading.number_formats import as_seen, shapes
from evaluation.resources.tables.columns import JalaliDate, Text
from tests.resources.office import FORMATS, converted, dates_taken_for_gregorian
from tests.resources.sheets import counts, faults
from tests.resources.uploads import saved

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]  # formats of files
DISGUISED = (
    "The cell's format shows this number in another way than it is stored. Format the cell as text, type the code as "
    "it is to be read, and upload the workbook again."
)
NO_CODE = "This cell holds a date, a time or a truth value, and no code. Format it as text and type the code."
MISREAD = (
    "The spreadsheet program took a Jalali date for a Gregorian one of that year. Format the cell as text and type the "
    "date again, as in 1404/05/12."
)
SEEN = [  # value, format, the code that people see
    (7, "000", "007"),
    (1.1, "0.00", "1.10"),
    (12, '"QZ-"00', "QZ-12"),
    (30, "General", "30"),
    (5, "#,##0", "5"),
]
UNSEEN = [(0.85, "0%"), (True, "General"), (datetime.date(2026, 3, 1), "yyyy-mm-dd")]


def agencies(cells):
    book = Workbook()
    page = book.active
    page.append(["کد دستگاه", "نام دستگاه"])
    for row, (value, form, *_seen) in enumerate(cells, start=2):
        page.append([value, f"نام {row}"])
        page.cell(row, 1).number_format = form
    return saved(book)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """{format: {name: bytes}} of both tables, as three programs write them."""
    plain = {"seen": agencies(SEEN), "unseen": agencies(UNSEEN)}
    folder = tmp_path_factory.mktemp("seen")
    return {"openpyxl": plain} | {to: converted(folder, plain, to) for to in FORMATS}


def tried(cast, data, kind, name="agencies", by=None):
    by = by or cast.manager
    return runs.try_out(name, data=data, file_name=f"a.{kind}", by=by, cycle=cast.cycle)


@pytest.mark.office
@pytest.mark.parametrize("kind", ["openpyxl", *FORMATS])
def test_a_number_is_the_code_that_its_format_shows(cast, made, kind):
    run = tried(cast, made[kind]["seen"], "xlsx" if kind == "openpyxl" else kind)
    assert (counts(run)["new"], faults(run)) == (5, [])
    runs.confirm(run, by=cast.manager)
    assert set(Agency.objects.exclude(code__in="AB").values_list("code", flat=True)) == {code for *_cell, code in SEEN}


@pytest.mark.office
@pytest.mark.parametrize("kind", ["openpyxl", *FORMATS])
def test_what_shows_no_code_is_refused(cast, made, kind):
    run = tried(cast, made[kind]["unseen"], "xlsx" if kind == "openpyxl" else kind)
    found = [(cell, sentence) for cell, _heading, _value, sentence in faults(run)]
    assert found == [("A2", DISGUISED), ("A3", NO_CODE), ("A4", NO_CODE)]


@pytest.mark.office
@pytest.mark.parametrize("kind", FORMATS)
def test_a_jalali_date_that_became_a_gregorian_one_is_refused(cast, tmp_path, kind):
    cast.until(Stage.EVALUATION)
    data = dates_taken_for_gregorian(tmp_path, "agency,code,value,observed_at\nA,G-1,5,1404/12/10\n", kind)
    run = tried(cast, data, kind, name="feed", by=cast.expert)
    assert [(cell, sentence) for cell, _heading, _value, sentence in faults(run)] == [("D2", MISREAD)]


@pytest.mark.parametrize("day", [datetime.date(1404, 12, 10), datetime.time(0, 0)])
def test_such_a_date_is_no_text_either(day):
    with pytest.raises(ValueError) as refused:
        JalaliDate().clean(day)
    assert str(refused.value) == MISREAD
    if isinstance(day, datetime.date):
        with pytest.raises(ValueError, match="took a Jalali date for a Gregorian one"):
            Text().clean(day)


@pytest.mark.parametrize(
    ("form", "number", "text"),
    [
        ("0000", 12, "0012"),
        ("0.0", Decimal("1.25"), "1.3"),
        ("00;-00", 5, "05"),
        ('[Red]"کد "000', 7, "کد 007"),
        ('"007"', 7, "007"),
        ("00-00", 1234, None),
        ("000", -7, None),
        ("0.00E+00", 7, None),
        ("# ?/?", 7, None),
    ],
)
def test_formats_that_can_be_followed(form, number, text):
    assert shapes(form)
    assert as_seen(form, number) == text


@pytest.mark.parametrize("form", ["General", "0", "#,##0", "@", "0%", "yyyy-mm-dd", "#,##0.##", "[$-3000401]0"])
def test_formats_that_show_the_digits_themselves(form):
    assert not shapes(form)
