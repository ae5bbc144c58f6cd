"""Codes and texts of cells that hold numbers: read as people see them, or not at all.

A code that was typed as 007 may be stored as the number 7 that is shown with zeros in front.
"""

from decimal import Decimal

from ..reading.book import Broken
from ..reading.number_formats import as_seen
from .columns import Code, Text


def put_texts_as_seen(table, fields):
    """Replace numbers in columns of texts by what their cells show; a code that cannot be known becomes Broken."""
    columns = {place: code for code, place in table.columns.items() if isinstance(fields[code].widget, Text)}
    for (row, place), form in table.notes.formats.items():
        if (code := columns.get(place)) and row <= len(table.raw[code]):
            number = table.raw[code][row - 1]
            if type(number) in (int, Decimal):
                table.raw[code][row - 1] = _text(form, number, is_code=isinstance(fields[code].widget, Code))
    for row, place in table.notes.percent:
        if (code := columns.get(place)) and row <= len(table.raw[code]):
            number = table.raw[code][row - 1]
            if type(number) in (int, Decimal):
                table.raw[code][row - 1] = _percent(number, is_code=isinstance(fields[code].widget, Code))


def _text(form, number, *, is_code):
    text = as_seen(form, number)
    if text is None:
        return Broken(f"{number}", disguised=True) if is_code else number
    return text


def _percent(number, *, is_code):
    text = f"{number}%"
    return Broken(text, disguised=True) if is_code else text
