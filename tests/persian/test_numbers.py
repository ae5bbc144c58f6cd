from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from evaluation.persian import format_decimal, parse_decimal


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("۱۲٫۵", "12.5"),
        ("١٢٫٥", "12.5"),
        ("12.5", "12.5"),
        (" 12 ", "12"),
        ("۱٬۲۵۰٫۷۵", "1250.75"),
        ("1,250,000", "1250000"),
        ("۱،۲۵۰", "1250"),
        ("۸۵٪", "85"),
        ("٪ ۸۵", "85"),
        ("85.5 %", "85.5"),
        ("−۳", "-3"),
        ("\u200e−۳", "-3"),
        ("-0.5", "-0.5"),
        ("+7", "7"),
        (".5", "0.5"),
        ("5.", "5"),
        ("12345678901234567890", "12345678901234567890"),
    ],
)
def test_numbers_as_people_write_them(written, number):
    assert parse_decimal(written) == Decimal(number)


@pytest.mark.parametrize("empty", ["", "   ", "\u200f", None])
def test_nothing_is_no_number(empty):
    assert parse_decimal(empty) is None


@pytest.mark.parametrize("value", [Decimal("1.50"), 3, 0.1, 12.0])
def test_numbers_pass_through(value):
    assert parse_decimal(value) == Decimal(str(value))


@pytest.mark.parametrize(
    "written",
    [
        "NaN",
        "Infinity",
        "1e5",
        "1,5",
        "12,50",
        "1,25,000",
        "1,250٬000",
        "12/5",
        "12.5.1",
        "دوازده",
        "1 250",
        "--1",
        "1_0",
    ]
    + [True, float("nan"), float("inf"), Decimal("NaN"), "%", "-", ".", "5%%", "٠x10", "۱۲-"],
)
def test_what_is_not_a_number(written):
    with pytest.raises(ValueError, match="is not a number"):
        parse_decimal(written)


@pytest.mark.parametrize("written", ["0,125", "۰،۷۵۰", "00,125", "012,345", "-0,125", "0,125,000", "۰٬۱۲۵"])
def test_a_group_of_zeros_in_front_is_no_thousand(written):
    with pytest.raises(ValueError, match="is not a number"):
        parse_decimal(written)


@pytest.mark.parametrize("written", ["۱۲/۵", "12,5", "0,125", "1,250٬000", "1 250"])
def test_digits_with_marks_are_refused_with_an_example_that_helps(written):
    with translation.override("en"), pytest.raises(ValueError) as refusal:
        parse_decimal(written)
    assert str(refusal.value) == (
        f"“{written}” is not a number that can be read in one way only. Write decimals as in ۱۲٫۵ or 12.5, and "
        "thousands as in ۱٬۲۵۰ or 1250."
    )


def test_the_sentence_names_what_was_read():
    with translation.override("en"), pytest.raises(ValueError) as refusal:
        parse_decimal("دوازده")
    assert str(refusal.value) == "“دوازده” is not a number. Write it in digits, like 1250."


def test_no_more_digits_than_the_columns_of_figures_hold():
    with pytest.raises(ValueError, match="too long"):
        parse_decimal("1" * 25)
    assert parse_decimal("9" * 18 + "." + "9" * 6) == Decimal("9" * 18 + "." + "9" * 6)


@pytest.mark.parametrize(
    ("value", "options", "persian", "english"),
    [
        (Decimal("1234567.005"), {}, "۱٬۲۳۴٬۵۶۷٫۰۱", "1,234,567.01"),
        (Decimal("2.345"), {}, "۲٫۳۵", "2.35"),
        (Decimal("-2.345"), {}, "\u200e−۲٫۳۵", "-2.35"),
        (Decimal("-0.001"), {}, "۰٫۰۰", "0.00"),
        (Decimal("12.50"), {"trim": True}, "۱۲٫۵", "12.5"),
        (Decimal("100"), {"trim": True}, "۱۰۰", "100"),
        (Decimal("12.3400"), {"places": None}, "۱۲٫۳۴", "12.34"),
        (Decimal("1E+3"), {"places": None}, "۱٬۰۰۰", "1,000"),
        (Decimal("0.5"), {"places": 0}, "۱", "1"),
        (7, {"places": 0}, "۷", "7"),
        (0.1, {}, "۰٫۱۰", "0.10"),
        (None, {}, "", ""),
    ],
)
def test_numbers_as_people_read_them(value, options, persian, english):
    assert format_decimal(value, language="fa", **options) == persian
    assert format_decimal(value, language="en", **options) == english


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=6), st.sampled_from(["fa", "en"]))
def test_what_is_shown_can_be_read_back(value, language):
    assert parse_decimal(format_decimal(value, places=None, language=language)) == value
