import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from evaluation.persian import (
    localise_digits,
    match_key,
    normalise,
    normalise_code,
    sort_key,
    to_latin_digits,
    to_persian_digits,
)


def test_digits_of_three_alphabets():
    assert to_persian_digits("کد 12٣۴") == "کد ۱۲۳۴"
    assert to_latin_digits("کد ۱۲٣4") == "کد 1234"


def test_digits_follow_the_active_language():
    with translation.override("fa"):
        assert localise_digits(1404) == "۱۴۰۴"
        assert localise_digits(1404, "en") == "1404"
    with translation.override("en-us"):
        assert localise_digits(1404) == "1404"
    with translation.override(None):
        assert localise_digits(1404) == "1404"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("سازمان مديريت وبرنامه‌ريزي", "سازمان مدیریت وبرنامه‌ریزی"),
        ("  كد \u00a0 دستگاه\t", "کد دستگاه"),
        ("مـــدیر", "مدیر"),
        ("۴۴۶۴۲/ت۲۷۷۰۱هـ", "۴۴۶۴۲/ت۲۷۷۰۱هـ"),  # the sign of a decree of the cabinet
        ("44642/ت27701هــ (1389)", "44642/ت27701هـ (1389)"),
        ("هـمه", "همه"),
        ("می\u200c\u200cشود", "می‌شود"),
        ("می \u200c شود\u200c", "می شود"),
        ("\u202bآب\u202c", "آب"),
        ("ﻣﺪﯾﺮ", "مدیر"),
        ("خط یک \r\n خط دو", "خط یک\nخط دو"),
        ("صفر\x00بعد", "صفربعد"),
        ("آ", "آ"),
        ("۱۲ ٫ 5", "۱۲ ٫ 5"),
        (None, ""),
    ],
)
def test_normalise(written, kept):
    assert normalise(written) == kept
    assert normalise(kept) == kept


@given(
    st.text(
        st.sampled_from("aZ0~ \n\r\t\u200c\u200e\u0640\u064b\u0653\u0654\u0301\u00a0\u2028آأؤئءابیيىکكهۀةﺪﷺ«»؛٪۷٧"),
        max_size=8,
    )
)
def test_what_needs_no_change_is_told_apart(text):
    """The mark at the end is dropped, but keeps the text from being passed on as it is."""
    assert normalise(text) == normalise(text + "\u200e")


def test_a_code_keeps_its_hyphen_and_gets_latin_digits():
    assert normalise_code(" ۱-٢ ") == "1-2"


@pytest.mark.parametrize(
    ("heading", "other"),
    [
        ("کد‌دستگاه", "كد دستگاه"),
        ("عملکرد تأییدشده", "عملكرد تاييد شده:"),
        ("self_actual", "Self Actual"),
        ("شاخص ۱", "شاخص1"),
        ("مسئول", "مسيول"),
        ("هدفِ سال", "هدف سال"),
    ],
)
def test_headings_that_are_the_same(heading, other):
    assert match_key(heading) == match_key(other)


def test_headings_that_differ():
    assert match_key("عملکرد") != match_key("عملکرد پایه")


def test_the_persian_alphabet():
    words = [
        "یزد",
        "گیلان",
        "قم",
        "ژاله",
        "پارس",
        "آذربایجان",
        "اردبیل",
        "چالوس",
        "کرمان",
        "وان",
        "هرمز",
        "2",
        "Abc",
    ]
    assert sorted(words, key=sort_key) == [
        "2",
        "Abc",
        "آذربایجان",
        "اردبیل",
        "پارس",
        "چالوس",
        "ژاله",
        "قم",
        "کرمان",
        "گیلان",
        "وان",
        "هرمز",
        "یزد",
    ]


def test_arabic_letters_sort_with_the_persian_ones():
    assert sorted(["لرستان", "كرمان", "قم"], key=sort_key) == ["قم", "كرمان", "لرستان"]
