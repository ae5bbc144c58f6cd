"""A .csv file is read strictly: what could be read in two ways is refused, with its place."""

from decimal import Decimal

import pytest

from evaluation.resources.reading.reader import read
from evaluation.resources.reading.refusals import PDF
from evaluation.resources.tables.columns import Code, Number, Text
from tests.resources.uploads import refusal, values

HEADINGS = "کد دستگاه,کد شاخص,امتیاز,نظر ارزیاب"


def rows(text, encoding="utf-8"):
    return values(text.encode(encoding), "a.csv")


# -- quotation marks ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    ['A,G-2,5,"never closed', 'A,G-2,5,"closed" too early', 'A,G-2,5,"one\nB,G-1,7,\nB,G-2,8,'],
)
def test_a_quotation_mark_out_of_place_is_refused_with_its_line(line):
    text = f"{HEADINGS}\nA,G-1,20,\n{line}\nA,G-3,1,\n"
    assert refusal(text.encode(), "a.csv") == (
        "A quotation mark in line 3 of the .csv file is out of place or is never closed, so the rows after it cannot "
        "be told apart. Correct that line, or save the file in Excel as .xlsx, and upload it again."
    )


def test_rows_swallowed_between_two_marks_are_refused():
    text = f'{HEADINGS}\nA,G-1,20,"first\nA,G-2,5,\nA,G-3,1,last"\nA,G-4,1,\n'
    assert refusal(text.encode(), "a.csv") == (
        "A cell that begins in line 2 of the .csv file holds whole rows: a quotation mark seems to be missing. Correct "
        "that line, or save the file in Excel as .xlsx, and upload it again."
    )


def test_a_note_of_several_lines_is_one_cell():
    text = f'{HEADINGS}\r\nA,G-1,20,"first, second\r\nthird ""so"", fourth"\r\nA,G-2,5,\r\n'
    assert rows(text)[1:] == [["A", "G-1", "20", 'first, second\r\nthird "so", fourth'], ["A", "G-2", "5", None]]


# -- encodings ------------------------------------------------------------------------------------


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_utf_8_with_one_broken_byte_is_refused_with_the_place(mark):
    good = f"{HEADINGS}\nA,G-1,20,مستندات بررسی شد\nA,G-2,5,".encode()
    data = mark + good + "تأیید".encode()[:-1] + b"\nA,G-3,1,\n"
    assert refusal(data, "a.csv") == (
        "Line 3 of the .csv file holds a damaged character (number 13 of the line), so its letters cannot be read with "
        "certainty. Save the file in Excel as .xlsx, or again as “CSV UTF-8”, and upload that."
    )


def test_windows_1256_is_still_read():
    assert (
        rows(f"{HEADINGS}\nA,G-1,20,گزارش پاياني چاپ شد\n".replace("ی", "ي"), "cp1256")[1][3] == "گزارش پاياني چاپ شد"
    )


# -- separators -----------------------------------------------------------------------------------


@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("title", ["جدول امتیازات، سال ۱۴۰۴، استان قزوین", "امتیازات; 1404, تهران", "امتیازات"])
def test_a_title_above_does_not_decide_the_separator(mark, title):
    text = "\n".join([title, HEADINGS.replace(",", mark), f"A{mark}G-1{mark}20{mark}خوب، پذیرفته شد"])
    assert rows(text)[1:] == [HEADINGS.split(","), ["A", "G-1", "20", "خوب، پذیرفته شد"]]


def test_decimal_commas_do_not_hide_the_semicolons():
    text = "agency;code;actual;score\nA;G-1;12,5;3,5\nA;G-2;20,000;1\n"
    assert rows(text) == [
        ["agency", "code", "actual", "score"],
        ["A", "G-1", "12,5", "3,5"],
        ["A", "G-2", "20,000", "1"],
    ]


# -- numbers between semicolons -------------------------------------------------------------------


def test_a_comma_between_semicolons_may_be_decimal_and_is_asked_about():
    cells = rows("agency;code;actual\nA;G-1;20,000\nA;G-2;1,250,000\nA;G-3;۱٬۲۵۰\n")
    with pytest.raises(ValueError) as refused:
        Number().clean(cells[1][2])
    assert str(refused.value) == (
        "“20,000” can be read as 20000 or as 20, because this file separates its cells by semicolons. Write the number "
        "without a comma, decimals as in 12.5 or ۱۲٫۵."
    )
    assert [Number().clean(row[2]) for row in cells[2:]] == [Decimal(1_250_000), Decimal(1250)]
    assert (Text().clean(cells[1][2]), Code().clean(cells[1][2])) == ("20,000", "20,000")


def test_between_commas_a_quoted_group_is_a_thousand():
    (_headings, row) = rows('agency,code,actual\nA,G-1,"20,000"\n')
    assert Number().clean(row[2]) == Decimal(20_000)


# -- other kinds ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["a.xlsx", "a.csv", "a.ods"])
def test_a_pdf_with_the_name_of_a_workbook(name):
    assert refusal(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", name) == str(PDF) % {"name": name}


def test_rows_keep_their_numbers_below_notes_of_several_lines():
    book = read(b'code,name\nA,"one\ntwo"\nB,three\n', "a.csv")
    assert [(row.number, row.value(0)) for row in book.sheets[0].rows] == [(1, "code"), (2, "A"), (3, "B")]
