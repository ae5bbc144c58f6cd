"""Figures of lines as a dense table shows them."""

from django import template
from django.utils.html import format_html

from evaluation import persian

from .look import EMPTY

register = template.Library()


@register.filter
def figure(value):
    """A measured figure with at most two decimals (four below one); four decimals in the title."""
    if value is None:
        return EMPTY
    exact = persian.format_decimal(value, 4, trim=True)
    rounded = persian.format_decimal(value, 2, trim=True) if abs(value) >= 1 else exact
    if rounded == exact:
        return format_html('<span class="ev-number">{}</span>', rounded)
    return format_html('<span class="ev-number" title="{}">{}</span>', exact, rounded)


@register.filter
def figure_text(value):
    """`figure` for a place that is never wrapped: an element of its own only for the title of a rounded one."""
    if value is not None and value == value.to_integral_value():
        return persian.format_decimal(value, 0)
    return figure(value)
