from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from evaluation import persian
from evaluation.persian import (
    days_in_month,
    format_jalali,
    format_jalali_datetime,
    jalali_year,
    month_bounds,
    parse_jalali,
    parse_jalali_datetime,
    year_bounds,
)

TEHRAN = ZoneInfo("Asia/Tehran")


@pytest.mark.parametrize(
    "written",
    [
        "1404/05/12",
        "۱۴۰۴-۵-۱۲",
        "١٤٠٤/٥/١٢",
        "1404.5.12",
        "12 مرداد 1404",
        "۱۲ مرداد‌ماه ۱۴۰۴",
        "۱۲ مردادماه ۱۴۰۴",
        "12 Mordad 1404",
        "2025-08-03",
        "2025/8/3",
        date(2025, 8, 3),
        datetime(2025, 8, 2, 22, tzinfo=UTC),
    ],
)
def test_one_day_written_in_many_ways(written):
    assert parse_jalali(written) == date(2025, 8, 3)


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("1399/12/30", date(2021, 3, 20)),
        ("1403/12/30", date(2025, 3, 20)),
        ("1408/12/30", date(2030, 3, 20)),
        ("1404/01/01", date(2025, 3, 21)),
        ("1404/12/29", date(2026, 3, 20)),
        ("1405/1/1", date(2026, 3, 21)),
    ],
)
def test_the_ends_of_years(written, day):
    assert parse_jalali(written) == day


@pytest.mark.parametrize(
    "written",
    ["1404/12/30", "1400/12/30", "1404/07/31", "1404/13/01", "1404/0/1", "1404/1/0", "2025-02-29", "1700/1/1"],
)
def test_days_that_do_not_exist(written):
    with translation.override("en"), pytest.raises(ValueError) as refusal:
        parse_jalali(written)
    assert str(refusal.value) == f"“{written}” is a date that does not exist."


@pytest.mark.parametrize("written", ["04/05/12", "12/05/1404", "دیروز", "1404/05-12", "12 خورشید 1404", "14040512"])
def test_what_is_not_a_date(written):
    with translation.override("en"), pytest.raises(ValueError) as refusal:
        parse_jalali(written)
    assert str(refusal.value) == f"“{written}” is not a date. Write year, month and day, like 1404/05/12."


@pytest.mark.parametrize("empty", [None, "", "  "])
def test_nothing_is_no_date(empty):
    assert parse_jalali(empty) is None
    assert parse_jalali_datetime(empty) is None


@pytest.mark.parametrize(
    "written",
    [
        "۱۴۰۴/۰۵/۱۲ ۱۴:۳۰",
        "1404-05-12T14:30:00",
        "۱۲ مرداد ۱۴۰۴ ساعت ۱۴:۳۰",
        "12 Mordad 1404, 14:30",
        "2025-08-03 14:30",
    ],
)
def test_a_moment_is_in_tehran(written):
    assert parse_jalali_datetime(written) == datetime(2025, 8, 3, 14, 30, tzinfo=TEHRAN)


def test_a_day_alone_begins_at_midnight():
    assert parse_jalali_datetime("1404/05/12") == datetime(2025, 8, 3, tzinfo=TEHRAN)
    assert parse_jalali_datetime(date(2025, 8, 3)) == datetime(2025, 8, 3, tzinfo=TEHRAN)


def test_a_time_that_does_not_exist():
    with (
        translation.override("en"),
        pytest.raises(ValueError, match="25:00” is a time that does not exist"),
    ):
        parse_jalali_datetime("1404/05/12 25:00")


def test_dates_as_people_read_them():
    day = date(2025, 8, 3)
    assert format_jalali(day, language="fa") == "۱۴۰۴/۰۵/۱۲"
    assert format_jalali(day, "long", "fa") == "۱۲ مرداد ۱۴۰۴"
    assert format_jalali(day, language="en") == "1404/05/12"
    assert format_jalali(day, "long", "en") == "12 Mordad 1404"
    assert format_jalali(None) == ""


def test_moments_are_taken_to_tehran_first():
    moment = datetime(2025, 8, 2, 22, 15, tzinfo=UTC)
    assert format_jalali(moment, language="en") == "1404/05/12"
    assert format_jalali_datetime(moment, language="fa") == "۱۴۰۴/۰۵/۱۲ ساعت ۰۱:۴۵"
    assert format_jalali_datetime(moment, "long", "fa") == "۱۲ مرداد ۱۴۰۴ ساعت ۰۱:۴۵"
    assert format_jalali_datetime(moment, "long", "en") == "12 Mordad 1404, 01:45"
    assert jalali_year(datetime(2025, 3, 20, 21, tzinfo=UTC)) == 1404


def test_bounds_are_half_open():
    assert year_bounds(1403) == (date(2024, 3, 20), date(2025, 3, 21))
    assert month_bounds(1403, 12) == (date(2025, 2, 19), date(2025, 3, 21))
    assert month_bounds(1404, 12) == (date(2026, 2, 20), date(2026, 3, 21))
    assert [days_in_month(1403, month) for month in (1, 6, 7, 11, 12)] == [31, 31, 30, 30, 30]
    assert days_in_month(1404, 12) == 29


@given(st.dates(date(1850, 1, 1), date(2080, 1, 1)))
def test_what_is_shown_can_be_read_back(day):
    assert parse_jalali(format_jalali(day, language="fa")) == day
    assert parse_jalali(format_jalali(day, "long", "en")) == day
    first, after = month_bounds(*map(int, format_jalali(day, language="en").split("/")[:2]))
    assert first <= day < after
    assert parse_jalali_datetime(format_jalali_datetime(datetime.combine(day, time(9, 5)))).date() == day
    assert after - first <= timedelta(days=31)


@pytest.mark.parametrize(
    ("written", "moment", "day"),
    [
        ("1404/05/12", datetime(2025, 8, 4, 0, 0, tzinfo=TEHRAN), "1404/05/12"),  # the midnight after the day
        ("۱۴۰۴/۱۲/۲۹", datetime(2026, 3, 21, 0, 0, tzinfo=TEHRAN), "1404/12/29"),
        (
            "1404/05/12 00:00",
            datetime(2025, 8, 3, 0, 0, tzinfo=TEHRAN),
            "1404/05/11",
        ),  # an explicit midnight ends the day before
        ("1404/05/12 14:30", datetime(2025, 8, 3, 14, 30, tzinfo=TEHRAN), "1404/05/12"),
    ],
)
def test_an_end_is_a_day(written, moment, day):
    end = persian.parse_jalali_end(written)
    assert end == moment
    assert persian.format_jalali(persian.last_day_of(end), language="en") == day


def test_no_end_is_none():
    assert persian.parse_jalali_end("") is None


def test_an_end_is_shown_as_its_day():
    midnight = datetime(2026, 3, 21, tzinfo=timezone.get_default_timezone())
    assert persian.shown_end(midnight) == date(2026, 3, 20)
    assert persian.shown_end(timezone.make_naive(midnight)) == date(2026, 3, 20)
    within = midnight + timedelta(hours=14, seconds=1)
    assert persian.shown_end(within) == within
    assert persian.shown_end(midnight + timedelta(seconds=1)) == midnight + timedelta(seconds=1)


def test_titles_of_official_days_are_written_as_an_office_writes_them():
    with translation.override("fa"):
        assert (
            persian.holiday_title("تعطیل به مناسبت عید سعید فطر; عیدنوروز") == "تعطیل به مناسبت عید سعید فطر؛ عید نوروز"
        )
        assert persian.holiday_title("قیام 15 خرداد") == "قیام ۱۵ خرداد"
