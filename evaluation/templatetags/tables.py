"""Cells and bars of the tables of `reports.tables`."""

from django import template
from django.utils.html import format_html
from django.utils.translation import gettext as _

from evaluation import persian
from evaluation.reports import tables

from .look import EMPTY, digits, jalali

register = template.Library()
SHOWN_PERCENT = 2


@register.filter
def cell(value, column):
    """A value as its column shows it: two decimals for points and percents, a sign before a difference."""
    if value is None or value == "":
        return EMPTY
    if column.kind == tables.DAY:
        return jalali(value)
    if column.kind == tables.COUNT:
        return digits(value)
    if column.kind not in tables.PLACES:
        return value
    text = persian.format_decimal(value, tables.PLACES[column.kind])
    if column.kind == tables.CHANGE and value > 0:
        text = f"+{text}"
    if column.kind == tables.PERCENT:
        text = f"{text}{'٪' if persian.is_persian() else '%'}"
    return format_html('<bdi class="ev-number">{}</bdi>', text)


@register.filter
def cells(row, table):
    """[(value, column)] of one row of a table."""
    return list(zip(row, table.columns, strict=True))


@register.filter
def bar_length(percent):
    """A percent as a length in a style sheet, which reads Latin digits; it never passes the whole."""
    return f"{min(max(percent or 0, 0), 100):.1f}"


@register.filter
def shown_percent(percent):
    """A percent with two decimals; "no figure" for None."""
    if percent is None:
        return _("no figure")
    return f"{persian.format_decimal(percent, SHOWN_PERCENT)}{'٪' if persian.is_persian() else '%'}"
