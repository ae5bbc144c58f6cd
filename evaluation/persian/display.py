"""Django's own date texts in the Jalali calendar: `|date`, `{{ value }}`, the admin's lists and read-only fields."""

from datetime import date, datetime, time

from django.core.exceptions import ValidationError
from django.utils import dateformat, formats, timezone

from .dates import MONTHS, WEEKDAYS, days_in_month, to_jalali
from .text import is_persian, localise_digits

FORMATS_BY_NAME = {
    "DATE_FORMAT": "j F Y",
    "DATETIME_FORMAT": "j F Y, H:i",
    "TIME_FORMAT": "H:i",
    "YEAR_MONTH_FORMAT": "F Y",
    "MONTH_DAY_FORMAT": "j F",
    "SHORT_DATE_FORMAT": "Y/m/d",
    "SHORT_DATETIME_FORMAT": "Y/m/d H:i",
}
PERSIAN_BY_NAME = {  # moments name the hour, as in `dates.format_jalali_datetime`
    "DATETIME_FORMAT": "j F Y ساعت H:i",
    "SHORT_DATETIME_FORMAT": "Y/m/d ساعت H:i",
}
# Read by machines: these stay Gregorian and in Latin digits.
MACHINE_FORMATS = {"c", "r", "U", "u", "Z", "O"}

# What validators and fields of Django name in their errors beside the value that was typed.
NUMBERS_IN_ERRORS = {"limit_value", "max", "min", "length", "min_length"}

_texts_of = ValidationError.__iter__
_date_format, _time_format = formats.date_format, formats.time_format


class JalaliFormat(dateformat.DateFormat):
    """Django's format letters over the Jalali calendar; short month names do not exist, so long ones stand in."""

    def __init__(self, value):
        super().__init__(value)
        self.day = to_jalali(value)
        self.words = "fa" if is_persian() else "en"

    def d(self):
        return f"{self.day.day:02}"

    def j(self):
        return self.day.day

    def S(self):
        return ""

    def l(self):  # noqa: E743  (Django's letter)
        return WEEKDAYS[self.words][self.data.weekday()]

    def D(self):
        return self.l() if self.words == "fa" else self.l()[:3]

    def F(self):
        return MONTHS[self.words][self.day.month - 1]

    b = E = M = N = F

    def m(self):
        return f"{self.day.month:02}"

    def n(self):
        return self.day.month

    def t(self):
        return days_in_month(self.day.year, self.day.month)

    def L(self):
        return self.day.isleap()

    def Y(self):
        return self.day.year

    o = Y

    def y(self):
        return f"{self.day.year % 100:02}"

    def z(self):
        return (self.day - self.day.replace(month=1, day=1)).days + 1

    def P(self):
        return f"{self.H()}:{self.i()}"


def persian_date_format(value, format=None, use_l10n=None):
    """`django.utils.formats.date_format` in the Jalali calendar, with Persian digits when Persian is active.

    Moments are taken to the current time zone. With `use_l10n=False` and for c, r and U Django's own text stays.
    """
    if use_l10n is False or format in MACHINE_FORMATS or not isinstance(value, (date, time)):
        return _date_format(value, format, use_l10n)
    if isinstance(value, time):
        return persian_time_format(value, format)
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    try:
        text = JalaliFormat(value).format(_pattern(format or "DATE_FORMAT"))
    except ValueError:  # before 622 or after 9998: not a date of ours, but no reason to fail a page
        return _date_format(value, format, use_l10n)
    return localise_digits(text)


def persian_time_format(value, format=None, use_l10n=None):
    """`django.utils.formats.time_format` on the 24-hour clock, with Persian digits when Persian is active."""
    if use_l10n is False or format in MACHINE_FORMATS:
        return _time_format(value, format, use_l10n)
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    pattern = _pattern(format or "TIME_FORMAT")
    return localise_digits(dateformat.time_format(value, "H:i" if pattern == "P" else pattern))


def _pattern(format):
    pattern = FORMATS_BY_NAME.get(format, format)
    return PERSIAN_BY_NAME.get(format, pattern) if is_persian() else pattern


def texts_of(error):
    """The texts of a ValidationError; numbers that Django puts into its own, as the limits of a field, in the digits of
    the language.
    """
    texts = _texts_of(error)
    if hasattr(error, "error_dict"):
        yield from texts
        return
    for single, text in zip(error.error_list, texts, strict=True):
        yield localise_digits(text) if NUMBERS_IN_ERRORS & (single.params or {}).keys() else text


def install():
    """Let Django, its admin and the theme show Jalali dates and Persian digits. Called once, when the app is ready."""
    formats.date_format, formats.time_format = persian_date_format, persian_time_format
    ValidationError.__iter__ = texts_of
