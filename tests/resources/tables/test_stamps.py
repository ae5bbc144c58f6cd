"""The stamp of a row: equal for what a person would call equal, different for every change."""

from datetime import date
from decimal import Decimal

import pytest

from evaluation.enums import Nature
from evaluation.resources.tables.stamps import is_of, of_row, stamp


def test_ten_hex_digits_that_never_change():
    assert stamp({"actual": Decimal("80.500000"), "note": "بر پایه گزارش"}) == "969a9f8235"


def test_a_row_has_the_stamp_of_its_values_and_six_digits_of_its_name():
    values, key = {"actual": Decimal("80.500000"), "note": "بر پایه گزارش"}, {"agency": "A", "code": "G-1"}
    made = of_row(values, key)
    assert (made[:11], len(made), is_of(made, values), is_of(made, {})) == ("969a9f8235-", 17, True, False)
    assert made != of_row(values, key | {"code": "G-2"})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"a": Decimal("80")}, {"a": Decimal("80.000000")}),
        ({"a": Decimal("100")}, {"a": 100}),
        ({"a": Decimal("-0")}, {"a": Decimal("0.000")}),
        ({"a": None, "b": 1}, {"b": 1, "a": ""}),
        ({"b": 1}, {"a": None, "b": 1}),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        ({"a": "كتاب  علي"}, {"a": "کتاب علی "}),
        ({"a": Nature.RATIO}, {"a": "ratio"}),
        ({"a": True}, {"a": 1}),
    ],
)
def test_the_same_values_in_another_spelling(one, other):
    assert stamp(one) == stamp(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"a": Decimal("80")}, {"a": Decimal("80.000001")}),
        ({"a": 1, "b": 2}, {"a": 2, "b": 1}),
        ({"a": 0}, {"a": None}),
        ({"a": False}, {"a": None}),
        ({"a": "x", "b": ""}, {"a": "", "b": "x"}),
        ({"a": Nature.RATIO}, {"a": Nature.GROWTH}),
        ({"a": date(2025, 8, 3)}, {"a": date(2025, 8, 4)}),
        ({"a": [{"title": "خوب", "fraction": "1"}]}, {"a": [{"title": "خوب", "fraction": "0.5"}]}),
        ({"a": "یک\nدو"}, {"a": "یک دو"}),
    ],
)
def test_every_change_is_seen(one, other):
    assert stamp(one) != stamp(other)
