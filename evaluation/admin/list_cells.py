"""What a list shows in a cell, as a workbook holds it: text without marks of HTML, numbers, dates of the calendar."""

import re
from datetime import datetime
from html.parser import HTMLParser

from django.contrib.admin.utils import lookup_field
from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.utils import timezone
from django.utils.safestring import SafeString

from evaluation import persian

from .display import EMPTY

NUMBER = re.compile(r'<span class="ev-number">([^<%٪]+)</span>')
MOMENT = re.compile(r"<time [^>]*>([^<]+)</time>")
PERSIAN_NUMBER = re.compile("[۱-۹][۰-۹٬]*(٫[۰-۹]+)?|۰(٫[۰-۹]+)?")
LINES = {"li", "br", "p", "div", "tr"}


def cell_of(name, row, model_admin):
    """The value of one column of a list in one row: a Decimal, a truth value, a moment, or text; "" where it is empty.

    A column that is a field of the table has the field's value; of any other one the shown text is taken, so that
    nothing comes out which the list hides.
    """
    try:
        field, attribute, value = lookup_field(name, row, model_admin)
    except ObjectDoesNotExist:
        return ""
    if field is None:
        return value if getattr(attribute, "boolean", False) else from_shown(value)
    if isinstance(field, models.ForeignKey):
        related = getattr(row, field.name)
        return "" if related is None else str(related)
    if field.flatchoices:
        return str(dict(field.flatchoices).get(value, "" if value is None else value))
    return stored(value)


def stored(value):
    """The value of a field: whole numbers as Decimal, moments in local time, other objects as their text."""
    if isinstance(value, bool) or value is None:
        return "" if value is None else value
    if isinstance(value, int | float):
        return persian.parse_decimal(value)
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value


def from_shown(value):
    """What a column's function gave, read back: a marked figure or plain Persian digits as a number, else the text."""
    if not isinstance(value, SafeString):
        text = "" if value is None else str(value)
        if isinstance(value, bool | int | float | datetime):
            return stored(value)
    elif match := NUMBER.fullmatch(value):
        return persian.parse_decimal(match[1])
    elif match := MOMENT.fullmatch(value):
        return persian.to_latin_digits(match[1])
    else:
        return without_marks(value)
    if PERSIAN_NUMBER.fullmatch(text):
        return persian.parse_decimal(text)
    return "" if text == EMPTY else text


def without_marks(html):
    """The text of a piece of HTML as people read it; what is drawn only (`aria-hidden`) is left out."""
    words = Words()
    words.feed(html)
    words.close()
    lines = (" ".join(line.split()) for line in "".join(words.parts).split("\n"))
    text = "\n".join(line for line in lines if line)
    return "" if text == EMPTY else text


class Words(HTMLParser):
    """Collects the text of HTML in `parts`."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.parts, self.hidden = [], 0

    def handle_starttag(self, tag, attributes):
        if tag in LINES:
            self.parts.append("\n")
        if self.hidden or dict(attributes).get("aria-hidden") == "true":
            self.hidden += tag not in ("br", "input", "img")

    def handle_endtag(self, tag):
        self.hidden -= bool(self.hidden)

    def handle_data(self, data):
        if not self.hidden:
            self.parts.append(data)
