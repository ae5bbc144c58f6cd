"""Columns of the admin's lists. Each helper escapes what it is given."""

import datetime

import unfold.fields
from django.contrib import admin
from django.db import models
from django.template.defaultfilters import linebreaksbr
from django.utils import timezone
from django.utils.html import format_html

from backoffice.row_addresses import row_address
from evaluation import persian
from evaluation.templatetags.look import (
    EMPTY,
    badge,
    digits,
    jalali,
    latin,
    letter,
    number,
    percent,
    progress,
    score,
    sentences,
    source,
    state_badge,
    tone_of,
    typed,
)

from .forms import END_FIELDS

__all__ = [
    "EMPTY",
    "badge",
    "column",
    "digits",
    "jalali",
    "latin",
    "letter",
    "link",
    "number",
    "percent",
    "progress",
    "score",
    "score_column",
    "sentences",
    "shown_field",
    "source",
    "state_badge",
    "state_column",
    "tone_of",
    "typed",
    "year_column",
]


def link(obj, text=None):
    """A link to the change page of `obj`, or its text where it has none."""
    if obj is None:
        return EMPTY
    meta = obj._meta
    url = row_address(f"admin:{meta.app_label}_{meta.model_name}_change", obj.pk)
    return format_html('<a class="ev-link" href="{}">{}</a>', url, text or obj)


def column(description, ordering=None, *, exported=True, **extra):
    """`admin.display`, shorter; what the function returns is shown as it is.

    `exported`: whether files of the list have it too; not a column that only leads to another page.
    """

    def mark(function):
        function.exported = exported
        return admin.display(description=description, ordering=ordering, **extra)(function)

    return mark


def state_column(description, field="state", reader=None):
    """A list column with the badge of a state field, in the words of `reader`; a `BaseAdmin` asks for those in time."""

    @admin.display(description=description, ordering=field)
    def show(obj):
        return state_badge(obj, field, reader)

    show.__name__ = f"{field}_badge"
    show.read_by = lambda person: state_column(description, field, person)
    return show


def score_column(description, field):
    """A list column with a score of two decimals."""

    @admin.display(description=description, ordering=field)
    def show(obj):
        return score(getattr(obj, field))

    show.__name__ = f"{field}_score"
    return show


def year_column(description, field):
    """A list column with a year: Persian digits, no grouping."""

    @admin.display(description=description, ordering=field)
    def show(obj):
        return digits(getattr(obj, field))

    show.__name__ = f"{field}_year"
    return show


LATIN_FIELDS = {"code", "sha256", "report_sha256", "username", "email", "func"}  # codes and hashes
LETTER_FIELDS = {"number", "letter_number", "level_letter"}  # of letters and sessions, where they are texts


def end_of(moment):
    """The day that a midnight ends, else the moment in local time."""
    end = persian.shown_end(moment)
    return timezone.localtime(end) if isinstance(end, datetime.datetime) and timezone.is_aware(end) else end


def shown_field(value, field, empty_value_display):
    """A read-only field of a form: figures as people write them, codes in Latin, numbers of letters from the right."""
    if value and isinstance(field, models.CharField) and field.name in LATIN_FIELDS:
        return latin(value)
    if value and isinstance(field, models.CharField) and not field.flatchoices and value.isdecimal():
        return digits(value)
    if value and field.name in END_FIELDS and isinstance(field, models.DateTimeField):
        return jalali(end_of(value), "long")
    if isinstance(field, models.TextField) and isinstance(value, str):
        text = value.strip()
        return linebreaksbr(source(text) if text and field.name == "source" else text) or empty_value_display
    if value and field.name == "source":
        return source(value)
    if value and isinstance(field, models.CharField) and field.name in LETTER_FIELDS:
        return letter(value)
    if value is not None and isinstance(field, models.DecimalField):
        return score(value) if "score" in (field.name or "").split("_") else number(value)
    if value is not None and isinstance(field, models.IntegerField) and not field.flatchoices:
        return digits(value)
    return _theirs(value, field, empty_value_display)


_theirs, unfold.fields.display_for_field = unfold.fields.display_for_field, shown_field
