"""The columns of our workbooks, as django-import-export describes them: a heading, and a widget for the values.

A widget reads a cell (`clean`) and shows a value (`render`). `clean` raises ValueError with a sentence that says what
is allowed; `cause` is the group of the report to which the fault belongs. `spelled` tells as what a text was read whose
spelling was corrected: None where nothing was corrected, "" where only Arabic letters were replaced.
"""

import re
from datetime import date, time
from decimal import Decimal

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export.fields import Field
from import_export.widgets import Widget

from evaluation import persian

from ..reading.book import Doubtful
from .earlier_headings import EARLIER
from .faults import Cause, shown

ERASE = "حذف"  # in a cell: what stands there is taken away; an empty cell says nothing
LONGEST_ERASURE = 20  # characters of that word with its signs; sentences that hold it are not looked at further
SIX = Decimal("0.000001")
PLAIN = re.compile(r"-?[0-9]+(\.[0-9]+)?")
SIGNS = "\u200e-−"
ARABIC = re.compile("[يىكﻯہە]")


class Column(Field):
    """A column by its Persian heading. `required`: no row without it; `readonly`: shown in our workbooks, not read;
    `erasable`: the word `ERASE` in a cell takes its value away, which a mandatory column never allows.
    """

    def __init__(self, heading, widget=None, *, required=False, erasable=True, note="", width=None, **kwargs):
        super().__init__(column_name=heading, widget=widget or Text(), **kwargs)
        self.required, self.note, self.width = required, note, width
        self.erasable = erasable and not required

    @property
    def heading(self):
        return self.column_name

    def matches(self, code):
        """The match keys of the headings that name this column: its Persian heading, its code, its earlier headings."""
        return {persian.match_key(name) for name in (self.heading, code, *EARLIER.get(self.heading, ()))}


class Text(Widget):
    """A normalised text of at most `longest` characters."""

    cause, kind = Cause.TEXT, "text"

    def __init__(self, longest=250):
        super().__init__()
        self.longest = longest

    def clean(self, value, row=None, **kwargs):
        if isinstance(value, date) and persian.is_jalali_taken_for_gregorian(value):
            raise ValueError(persian.jalali_taken_for_gregorian())
        text = persian.normalise(_plain(value))
        if len(text) > self.longest:
            raise ValueError(
                _("The text is too long: at most %(most)s characters are accepted.")
                % {"most": persian.localise_digits(self.longest)}
            )
        return text

    def spelled(self, raw, value):
        """An empty text where Arabic letters were replaced; other corrections of a text are not reported."""
        return "" if ARABIC.search(raw) else None

    def choices(self):
        return ()


class AsItIs(Text):
    """A text that people neither write nor read, such as the stamp: not normalised."""

    def clean(self, value, row=None, **kwargs):
        return _plain(value)


class Code(Text):
    """A code of an agency or an indicator: a text or a number, with Latin digits; no date and no truth value."""

    def __init__(self, longest=30):
        super().__init__(longest)

    def clean(self, value, row=None, **kwargs):
        if isinstance(value, bool | date | time):
            raise ValueError(
                _("This cell holds a date, a time or a truth value, and no code. Format it as text and type the code.")
            )
        return persian.normalise_code(super().clean(value))

    def spelled(self, raw, value):
        return None if raw == value else value


class NationalId(Code):
    """The national identifier of an organization: eleven digits."""

    def clean(self, value, row=None, **kwargs):
        text = super().clean(value)
        if text and not (len(text) == 11 and text.isdigit()):
            raise ValueError(_("A national identifier has eleven digits."))
        return text


class Number(Widget):
    """A Decimal with six decimals; at most `digits` digits before the decimal point. `whole`: no decimals but zeros."""

    cause, kind = Cause.NUMBER, "number"

    def __init__(self, *, negative=False, digits=18, whole=False):
        super().__init__()
        self.whole = whole
        self.negative, self.digits = negative, digits
        self.least_too_large = min(Decimal(10) ** digits, persian.LARGEST_FIGURE + 1)

    def clean(self, value, row=None, **kwargs):
        if isinstance(value, Doubtful):
            raise ValueError(_two_readings(value))
        if type(value) is Decimal and value.is_finite():
            number = value
        else:
            number = persian.parse_decimal(shown(value) if isinstance(value, bool | date | time) else value)
        if number is None:
            return None
        if not -self.least_too_large < number < self.least_too_large:
            if abs(number) < 10**self.digits:
                raise ValueError(
                    _("Ensure this value is less than or equal to %(limit_value)s.")
                    % {"limit_value": persian.format_decimal(persian.LARGEST_FIGURE, None)}
                )
            raise ValueError(
                _("The number is too large: at most %(most)s digits before the decimal point.")
                % {"most": persian.localise_digits(self.digits)}
            )
        if number < 0 and not self.negative:
            raise ValueError(_("A negative number is not allowed here."))
        if self.whole and number % 1:
            raise ValueError(_("Write a whole number, without decimals."))
        return number.quantize(SIX)

    def spelled(self, raw, value):
        """None also for digits and separators of the reader's own language, which nobody needs to be told of."""
        text = persian.format_decimal(value, None)
        own = text.lstrip(SIGNS)
        return None if PLAIN.fullmatch(raw) or raw.lstrip(SIGNS) in (own, own.replace("٬", "")) else text

    def choices(self):
        return ()


class JalaliDate(Widget):
    """A day, as people write it (1404/05/12, «۱۲ مرداد ۱۴۰۴») or as a real date of the cell."""

    cause, kind = Cause.DATE, "date"

    def clean(self, value, row=None, **kwargs):
        if isinstance(value, time):  # what programs make of a day before 1900
            raise ValueError(persian.jalali_taken_for_gregorian())
        return persian.parse_jalali(value if isinstance(value, date) else _plain(value))

    def render(self, value, obj=None, **kwargs):
        return persian.format_jalali(value, language="en") if value else None

    def choices(self):
        return ()


class Choice(Widget):
    """One of an enum's values: its Persian or English label, its code, or a word of `also`. Shown by its label."""

    cause, kind = Cause.CHOICE, "choice"

    def __init__(self, enum, also=None):
        super().__init__()
        self.enum, self.also = enum, also or {}

    def choices(self):
        return tuple(str(label) for label in self.enum.labels)

    def render(self, value, obj=None, **kwargs):
        return str(self.enum(value).label) if value else None

    def clean(self, value, row=None, **kwargs):
        key = persian.match_key(_plain(value))
        if key not in self._known():
            raise ValueError(_("Allowed are: %(choices)s.") % {"choices": "، ".join(self.choices())})
        return self._known()[key]

    def spelled(self, raw, value):
        self._known()
        return None if raw.casefold() in self._words else self.render(value)

    def _known(self):
        if not hasattr(self, "_values"):
            words = {**self.also, **{choice.value: choice for choice in self.enum}}
            for language in ("fa", "en"):
                with translation.override(language):
                    words |= {str(choice.label): choice for choice in self.enum}
            self._words = {word.casefold() for word in words}
            self._values = {persian.match_key(word): value for word, value in words.items()}
        return self._values


class YesNo(Widget):
    """A truth value, by the Persian or English words, 1 or 0."""

    cause, kind = Cause.CHOICE, "choice"
    VALUES = {"بله": True, "خیر": False, "yes": True, "no": False, "1": True, "0": False, "true": True, "false": False}

    def choices(self):
        return (_("Yes"), _("No"))

    def render(self, value, obj=None, **kwargs):
        return _("Yes") if value else _("No")

    def clean(self, value, row=None, **kwargs):
        if isinstance(value, bool):
            return value
        key = persian.match_key(_plain(value))
        if key not in self.VALUES:
            raise ValueError(_("Allowed are: %(choices)s.") % {"choices": "، ".join(self.choices())})
        return self.VALUES[key]

    def spelled(self, raw, value):
        return None if raw.casefold() in self.VALUES else self.render(value)


STEPS = gettext_lazy("Write the steps as name:fraction, fractions from 0 to 1, with | between them.")


class NoStep(ValueError):
    """A text that is no step of a scale; it says nothing to people."""


def read_steps(parts):
    """[{title, fraction}] of texts as «خوب: 0.7»; empty ones are left out. Raises NoStep."""
    steps = []
    for part in filter(None, (piece.strip() for piece in parts)):
        title, _colon, fraction = part.rpartition(":")
        try:
            number = persian.parse_decimal(fraction)
        except ValueError:
            number = None
        if not title.strip() or number is None or not 0 <= number <= 1:
            raise NoStep(part)
        steps.append({"title": title.strip(), "fraction": f"{number.normalize():f}"})
    return steps


class Scale(Text):
    """Named steps of a qualitative indicator with their fractions: «عالی:1|خوب:0.7»."""

    def clean(self, value, row=None, **kwargs):
        try:
            steps = read_steps(super().clean(value).split("|"))
        except NoStep:
            raise ValueError(str(STEPS)) from None
        if not steps:
            raise ValueError(str(STEPS))
        return steps

    def render(self, value, obj=None, **kwargs):
        return "|".join(f"{step['title']}:{step['fraction']}" for step in value or ())


def in_words(widget, value):
    """A value of a plan (tables.plan.plain) as people read it; empty for None."""
    if value is None:
        return ""
    if widget.kind == "number":
        return persian.format_decimal(Decimal(value), None)
    if widget.kind == "date":
        return persian.format_jalali(date.fromisoformat(value))
    return widget.render(value) if widget.kind == "choice" or isinstance(value, list) else str(value)


def is_erasure(text):
    """Whether a cell's text is the word that erases, alone or between signs such as quotation marks."""
    return ERASE in text and len(text.strip()) <= LONGEST_ERASURE and persian.match_key(text) == ERASE


def _two_readings(text):
    """The sentence that refuses 20,000 of a file whose separator is the semicolon."""
    number = persian.parse_decimal(text)
    words = {"text": str(text), "grouped": f"{number:f}", "decimal": f"{number / 1000:f}"}
    return (
        _(
            "“%(text)s” can be read as %(grouped)s or as %(decimal)s, because this file separates its cells by "
            "semicolons. Write the number without a comma, decimals as in 12.5 or ۱۲٫۵."
        )
        % words
    )


def _plain(value):
    """A cell's value as the text that a person sees: 12 and not 12.0."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date):
        return persian.format_jalali(value, language="en")
    return str(value)
