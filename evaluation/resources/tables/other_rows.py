"""Rows of a table that are no records: totals, headings that are repeated, signatures, units. They are named, not read.

A row whose mandatory cells are all filled is a record, whatever else it says; only a code that is itself the word for a
total is none. One whose key cells are filled is a record too, whatever the cells beside them say.
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from evaluation.persian import match_key

MAX_LENGTH = 60  # of a text that may be such a word
NUMBERED_AT_LEAST = 4  # columns
TOTALS = ("جمع", "مجموع", "میانگین", "معدل", "total", "sum", "average")
WORDS_OF_TOTALS = frozenset(("جمع", "جمع کل", "مجموع", "میانگین", "معدل", "Total", "total", "Sum"))
UNIT_TEXTS = frozenset(("(۱)", "(1)", "[۱]", "[1]", "کد", "متن", "عدد"))  # in the first cell of a line of units
SIGNATURES = ("امضا", "مهر", "تهیه", "تنظیم", "تایید", "تصویب", "مدیر", "مسئول", "نامونامخانوادگی", "signature")
UNITS = {
    *("درصد", "ریال", "هزارریال", "میلیونریال", "میلیاردریال", "تومان", "نفر", "عدد", "مورد", "روز", "ساعت", "ماه"),
    *(
        "امتیاز",
        "متن",
        "کد",
        "تاریخ",
        "شمسی",
        "رقم",
        "کیلومتر",
        "مترمربع",
        "هکتار",
        "تن",
        "percent",
        "number",
        "text",
        "",
    ),
}


class OtherRow(TextChoices):
    """What a row is that is no record, with the sentence that tells so."""

    TOTAL = "total", _("This row looks like a total and was not read.")
    HEADINGS = "headings", _("This row repeats the headings and was not read.")
    SIGNATURE = "signature", _("This row looks like a line for signatures and was not read.")
    UNITS = "units", _("This row looks like a line of units or column numbers and was not read.")


def kind_of(row, *, cells, required, headings, key=(), has_free_key=False):
    """The OtherRow that this row is, or None for a record.

    `cells`: its values in the columns that are read; `required`: those of the mandatory columns; `headings`: the match
    keys of the heading row, by place; `key`: the places of its mandatory key cells if all are filled, since then a word
    beside them is no total; `has_free_key`: it is known by a column that may be empty, so no word is a total.
    """
    filled = [(place, value) for place, value in enumerate(row.values) if value is not None]
    keys = _keys(filled)
    if len(keys) == len(filled) and all(headings.get(place) == match_key(value) for place, value in filled):
        return OtherRow.HEADINGS
    if required[0] in WORDS_OF_TOTALS and not has_free_key:
        return OtherRow.TOTAL
    if None not in required:
        return OtherRow.UNITS if len(keys) == len(filled) and _are_units(keys, filled) else None
    words = _keys([(place, value) for place, value in filled if place in key]) if key else keys
    if any(word.startswith(TOTALS) for word in words):
        return OtherRow.TOTAL
    if len(keys) == len(filled) and _are_units(keys, filled):
        return OtherRow.UNITS
    if any(word.startswith(SIGNATURES) for word in words) and not any(_is_number(value) for value in cells):
        return OtherRow.SIGNATURE
    return None


def numbers_columns(row, headings):
    """Whether the first row below the headings numbers them: 1, 2, 3 … below each heading, and nothing else.

    Under fewer headings than `NUMBERED_AT_LEAST` such a row may be a record, with codes 1 and 2 and the figure 3.
    """
    places = sorted(headings)
    filled = [(place, value) for place, value in enumerate(row.values) if value is not None]
    numbers = [match_key(value) if isinstance(value, str) else value for _place, value in filled]
    counted = [f"{number}" for number in range(1, len(places) + 1)]
    return (
        len(places) >= NUMBERED_AT_LEAST
        and [place for place, _value in filled] == places
        and [f"{number}" for number in numbers] == counted
    )


def _keys(filled):
    """The match keys of the short texts among filled cells."""
    return [match_key(value) for _place, value in filled if isinstance(value, str) and len(value) <= MAX_LENGTH]


def _are_units(keys, filled):
    """Whether every cell holds a unit, or its column's number in brackets."""
    in_brackets = all(
        value.strip()[0] in "([" and key.isdigit() for key, (_at, value) in zip(keys, filled, strict=True)
    )
    return in_brackets or all(key in UNITS for key in keys)


def _is_number(value):
    return value is not None and not isinstance(value, str)
