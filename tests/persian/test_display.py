"""Jalali dates wherever Django formats one by itself."""

from datetime import UTC, date, datetime, time

import pytest
from django.contrib.admin.utils import display_for_field, display_for_value
from django.db import models
from django.template import Context, Template
from django.utils import formats, translation

from evaluation.persian import install

MOMENT = datetime(2025, 8, 2, 22, 15, 40, tzinfo=UTC)
DAY = date(2025, 8, 3)


@pytest.fixture(autouse=True)
def _installed(monkeypatch):
    for name in ("date_format", "time_format"):
        monkeypatch.setattr(formats, name, getattr(formats, name))
    install()


def shown(source, value, language="fa"):
    with translation.override(language):
        return Template(source).render(Context({"d": value}))


@pytest.mark.parametrize(
    ("source", "value", "persian", "english"),
    [
        ('{{ d|date:"Y/m/d" }}', DAY, "۱۴۰۴/۰۵/۱۲", "1404/05/12"),
        ("{{ d }}", DAY, "۱۲ مرداد ۱۴۰۴", "12 Mordad 1404"),
        ("{{ d }}", MOMENT, "۱۲ مرداد ۱۴۰۴ ساعت ۰۱:۴۵", "12 Mordad 1404, 01:45"),
        ("{{ d|date }}", MOMENT, "۱۲ مرداد ۱۴۰۴", "12 Mordad 1404"),
        ('{{ d|date:"DATETIME_FORMAT" }}', MOMENT, "۱۲ مرداد ۱۴۰۴ ساعت ۰۱:۴۵", "12 Mordad 1404, 01:45"),
        ('{{ d|date:"SHORT_DATETIME_FORMAT" }}', MOMENT, "۱۴۰۴/۰۵/۱۲ ساعت ۰۱:۴۵", "1404/05/12 01:45"),
        ('{{ d|date:"YEAR_MONTH_FORMAT" }}', DAY, "مرداد ۱۴۰۴", "Mordad 1404"),
        ('{{ d|date:"MONTH_DAY_FORMAT" }}', DAY, "۱۲ مرداد", "12 Mordad"),
        ('{{ d|date:"l j F y, t" }}', DAY, "یکشنبه ۱۲ مرداد ۰۴, ۳۱", "Sunday 12 Mordad 04, 31"),
        ('{{ d|date:"D N jS, P" }}', MOMENT, "یکشنبه مرداد ۱۲, ۰۱:۴۵", "Sun Mordad 12, 01:45"),
        ('{{ d|date:"H:i:s" }}', MOMENT, "۰۱:۴۵:۴۰", "01:45:40"),
        ('{{ d|date:"z L" }}', date(2025, 3, 20), "۳۶۶ True", "366 True"),
        ('{{ d|time:"H:i" }}', MOMENT, "۰۱:۴۵", "01:45"),
        ("{{ d|time }}", time(14, 5), "۱۴:۰۵", "14:05"),
        ("{{ d }}", time(14, 5), "۱۴:۰۵", "14:05"),
        ('{{ d|date:"c" }}', DAY, "2025-08-03", "2025-08-03"),
        ('{{ d|date:"U" }}', MOMENT, "1754172940", "1754172940"),
        ("{{ d|date }}", None, "", ""),
        ("{{ d|date }}", "text", "", ""),
    ],
)
def test_templates(source, value, persian, english):
    assert shown(source, value) == persian
    assert shown(source, value, "en") == english


def test_text_for_machines_stays_gregorian():
    assert shown('{% load l10n %}{% localize off %}{{ d|date:"c" }}{% endlocalize %}', DAY) == "2025-08-03"


def test_python_code_and_the_admin():
    with translation.override("fa"):
        assert formats.localize(DAY) == "۱۲ مرداد ۱۴۰۴"
        assert formats.date_format(MOMENT, "SHORT_DATE_FORMAT") == "۱۴۰۴/۰۵/۱۲"
        assert display_for_value(MOMENT, "-") == "۱۲ مرداد ۱۴۰۴ ساعت ۰۱:۴۵"
        assert display_for_field(DAY, models.DateField(), "-") == "۱۲ مرداد ۱۴۰۴"
        assert display_for_field(MOMENT, models.DateTimeField(), "-") == "۱۲ مرداد ۱۴۰۴ ساعت ۰۱:۴۵"


def test_inputs_are_left_alone():
    with translation.override("fa"):
        assert formats.localize_input(DAY) == "2025-08-03"


@pytest.mark.parametrize("extreme", [date.min, date.max])
def test_dates_outside_the_calendar_fail_no_page(extreme):
    assert str(extreme.year) in shown("{{ d }}", extreme, "en")


def test_installing_twice_is_installing_once():
    install()
    assert shown("{{ d }}", DAY) == "۱۲ مرداد ۱۴۰۴"
