"""The Jalali calendar: reading, showing, and the bounds of its years and months. Stored dates stay Gregorian."""

import re
from datetime import date, datetime, time, timedelta

import jdatetime
from django.utils import timezone
from django.utils.translation import gettext as _

from .text import is_persian, localise_digits, match_key, normalise, to_latin_digits

MONTHS = {
    "fa": (
        "فروردین",
        "اردیبهشت",
        "خرداد",
        "تیر",
        "مرداد",
        "شهریور",
        "مهر",
        "آبان",
        "آذر",
        "دی",
        "بهمن",
        "اسفند",
    ),
    "en": (
        "Farvardin",
        "Ordibehesht",
        "Khordad",
        "Tir",
        "Mordad",
        "Shahrivar",
        "Mehr",
        "Aban",
        "Azar",
        "Dey",
        "Bahman",
        "Esfand",
    ),
}
# Monday first, as date.weekday() counts.
WEEKDAYS = {
    "fa": ("دوشنبه", "سه‌شنبه", "چهارشنبه", "پنج‌شنبه", "جمعه", "شنبه", "یکشنبه"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
FIRST_YEAR, LAST_YEAR = 1200, 1500

_MONTH_OF = {match_key(name): number for names in MONTHS.values() for number, name in enumerate(names, start=1)}
_MONTH_OF |= {match_key("امرداد"): 5, match_key("ابان"): 8, match_key("اذر"): 9}
_NUMERIC = re.compile(r"(\d{4})([/.\-])(\d{1,2})\2(\d{1,2})")
_WORDS = re.compile(r"(\d{1,2}) ?([^\W\d]+?)(?:[ \u200c]?ماه)? ?(\d{4})")
_MOMENT = re.compile(r"(.+?)(?:[ T،,]+| ساعت )(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?")


def is_leap(year):
    """Whether Esfand of the Jalali `year` has 30 days."""
    return jdatetime.date(year, 1, 1).isleap()


def days_in_month(year, month):
    """29, 30 or 31."""
    if month == 12:
        return 30 if is_leap(year) else 29
    return 31 if month <= 6 else 30


def to_jalali(value):
    """The `jdatetime.date` of a date, or of a moment in the current time zone."""
    return jdatetime.date.fromgregorian(date=local_date(value))


def local_date(value):
    """The Gregorian day of a date, or of a moment in the current time zone."""
    if isinstance(value, datetime):
        return (timezone.localtime(value) if timezone.is_aware(value) else value).date()
    return value


def is_jalali_taken_for_gregorian(day):
    """Whether a date lies in the Gregorian years 1200 to 1500: a program took a Jalali date for a Gregorian one."""
    return FIRST_YEAR <= day.year <= LAST_YEAR


def jalali_taken_for_gregorian():
    """The sentence that refuses such a date. It is not read as Jalali: programs count those days in two ways."""
    return _(
        "The spreadsheet program took a Jalali date for a Gregorian one of that year. Format the cell as text and type "
        "the date again, as in %(example)s."
    ) % {"example": localise_digits("1404/05/12")}


def parse_jalali(text):
    """The Gregorian date of what a person wrote, or None for an empty text.

    1404/05/12, ۱۴۰۴-۵-۱۲, «۱۲ مرداد ۱۴۰۴», 12 Mordad 1404; years from 1900 on are read as Gregorian (2025-08-03).
    Dates pass through, but for those of a Gregorian year such as 1404, which no one means. Raises ValueError with a
    sentence, also for a day that the month does not have.
    """
    if isinstance(text, date) and is_jalali_taken_for_gregorian(text):
        raise ValueError(jalali_taken_for_gregorian())
    if text is None or isinstance(text, date):
        return local_date(text)
    written = to_latin_digits(normalise(text))
    if not written:
        return None
    if match := _NUMERIC.fullmatch(written):
        year, month, day = int(match[1]), int(match[3]), int(match[4])
    elif (match := _WORDS.fullmatch(written)) and (month := _MONTH_OF.get(match_key(match[2]))):
        year, day = int(match[3]), int(match[1])
    else:
        raise ValueError(
            _("“%(text)s” is not a date. Write year, month and day, like %(example)s.")
            % {"text": written[:40], "example": localise_digits("1404/05/12")}
        )
    return _gregorian(year, month, day, written)


def _gregorian(year, month, day, written):
    try:
        if year >= 1900:
            return date(year, month, day)
        if FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12 and 1 <= day <= days_in_month(year, month):
            return jdatetime.date(year, month, day).togregorian()
    except ValueError:
        pass
    raise ValueError(_("“%(text)s” is a date that does not exist.") % {"text": localise_digits(written[:40])})


def parse_jalali_datetime(text):
    """The moment that a person wrote, aware in the current time zone; a date alone is its first minute.

    ۱۴۰۴/۰۵/۱۲ ۱۴:۳۰, «۱۲ مرداد ۱۴۰۴ ساعت ۱۴:۳۰». Empty gives None. Raises ValueError with a sentence.
    """
    if text is None or isinstance(text, datetime):
        return timezone.make_aware(text) if text is not None and timezone.is_naive(text) else text
    day, clock = _day_and_clock(text)
    return None if day is None else timezone.make_aware(datetime.combine(day, clock or time.min))


def parse_jalali_end(text):
    """The moment at which something ends that a person wrote, aware: a date alone ends with that day, at 24:00.

    With a time the moment itself; an explicit 00:00 is the end of the day before. Empty gives None. Raises ValueError
    with a sentence.
    """
    if text is None or isinstance(text, datetime):
        return parse_jalali_datetime(text)
    day, clock = _day_and_clock(text)
    if day is None:
        return None
    return midnight_after(day) if clock is None else timezone.make_aware(datetime.combine(day, clock))


def midnight_after(day):
    """The moment at which a day ends, aware: the midnight after it."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def last_day_of(moment):
    """The last local day of something that ends at this moment; a midnight ends the day before."""
    return timezone.localtime(moment - timedelta(microseconds=1)).date()


def shown_end(moment):
    """What is shown of an end: the last day (a date) where it is the midnight after it, else the moment itself.

    A naive moment is in local time.
    """
    aware = timezone.make_aware(moment) if timezone.is_naive(moment) else moment
    return last_day_of(aware) if timezone.localtime(aware).time() == time.min else moment


def _day_and_clock(text):
    """The day that was written, and its time of day or None."""
    written = to_latin_digits(normalise(text)) if not isinstance(text, date) else text
    clock = None
    if isinstance(written, str) and (match := _MOMENT.fullmatch(written)):
        written, clock = match[1], [int(part or 0) for part in match.group(2, 3, 4)]
    day = parse_jalali(written)
    try:
        return day, clock and time(*clock)
    except ValueError:
        raise ValueError(_("“%(text)s” is a time that does not exist.") % {"text": localise_digits(text)}) from None


def format_jalali(value, style="numeric", language=None):
    """A date for people: `numeric` 1404/05/12 or `long` 12 Mordad 1404; None gives an empty text."""
    if not value:
        return ""
    day = to_jalali(value)
    if style == "long":
        month = MONTHS["fa" if is_persian(language) else "en"][day.month - 1]
        return localise_digits(f"{day.day} {month} {day.year}", language)
    return localise_digits(f"{day.year:04}/{day.month:02}/{day.day:02}", language)


def format_time(value, language=None):
    """Hours and minutes of a time, or of a moment in the current time zone: 14:30."""
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return localise_digits(f"{value:%H:%M}", language)


def format_jalali_datetime(value, style="numeric", language=None):
    """A moment for people, in the current time zone: ۱۴۰۴/۰۵/۱۲ ساعت ۱۴:۳۰; English 1404/05/12 14:30.

    `style` "long": ۱۲ مرداد ۱۴۰۴ ساعت ۱۴:۳۰; English 12 Mordad 1404, 14:30.
    """
    if not value:
        return ""
    day, clock = format_jalali(value, style, language), format_time(value, language)
    if is_persian(language):
        return f"{day} ساعت {clock}"
    return f"{day}, {clock}" if style == "long" else f"{day} {clock}"


def jalali_year(value):
    """The Jalali year of a date or moment."""
    return to_jalali(value).year


def year_bounds(year):
    """First day of the Jalali `year` and of the next one: a half-open range."""
    return _first(year, 1), _first(year + 1, 1)


def month_bounds(year, month):
    """First day of the Jalali month and of the next one: a half-open range."""
    first = _first(year, month)
    return first, first + timedelta(days=days_in_month(year, month))


def a_year_later(value):
    """The same day of the next Jalali year, as a date; the last day of a month stays the last one (29 or 30 Esfand)."""
    day = to_jalali(value)
    longest = days_in_month(day.year + 1, day.month)
    number = longest if day.day == days_in_month(day.year, day.month) else min(day.day, longest)
    return jdatetime.date(day.year + 1, day.month, number).togregorian()


def _first(year, month):
    return jdatetime.date(year, month, 1).togregorian()


def holiday_title(text):
    """The title of an official day as it is shown; `text` is that of the `holidays` package.

    The package parts two titles by a semicolon, spaced or not, has digits of both kinds and joins «عیدنوروز».
    """
    return localise_digits(re.sub(r"\s*[;؛]\s*", "؛ ", text).replace("عیدنوروز", "عید نوروز"))
