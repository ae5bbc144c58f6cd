"""Filled cells that are not read, each named with its address: nothing is left out in silence."""

from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from openpyxl.utils import get_column_letter

from evaluation.persian import localise_digits

from .faults import Cause, Fault, Notable, shown
from .our_sheets import is_ours

MAX_RANGES = 12  # of cells in one sentence


def unread_cells(tables, book, names):
    """[Fault] of the warnings on filled cells that no table of the book reads."""
    told = []
    for table in tables:
        told += [*beside(table, names), *no_records(table), *short(table)]
    return [*told, *sheets(tables, book)]


def beside(table, names):
    """A warning for each column that has filled cells and is neither read nor shown by our workbooks."""
    known = set(table.columns.values()) | table.seen.ours
    known |= {heading.place for heading in table.seen.headings if heading.key in names.readonly_keys}
    texts = {heading.place: heading.text for heading in table.seen.headings}
    aside = {row for row, _kind in table.others}
    for place in set(range(table.width)) - known:
        cells = table.sheet.column(place)
        rows = [at + 1 for at in range(table.seen.bottom, len(cells)) if cells[at] is not None and at + 1 not in aside]
        if rows:
            words = ngettext(
                "%(count)s filled cell of this column is not read: %(cells)s.",
                "%(count)s filled cells of this column are not read: %(cells)s.",
                len(rows),
            )
            letter = get_column_letter(place + 1)
            sentence = words % {"count": localise_digits(len(rows)), "cells": ranges(letter, rows)}
            value = shown(cells[rows[0] - 1])
            yield Fault(Notable.UNREAD, table.sheet.title, f"{letter}{rows[0]}", texts.get(place, ""), value, sentence)


def above(table):
    """The sentence on what stands above the headings of a table, such as a title; "" for nothing."""
    first = min(table.seen.row.number, table.seen.bottom)
    rows = [row for row in table.sheet.rows[: max(first - 1, 0)] if row is not table.seen.codes_row]
    cells = [
        row.address(place).rpartition("!")[2]
        for row in rows
        for place, value in enumerate(row.values)
        if value is not None
    ]
    if not cells:
        return ""
    listed = "، ".join(f"\u2066{cell}\u2069" for cell in cells[:MAX_RANGES])
    words = _("Sheet “%(sheet)s”: what stands above the headings is not read: %(cells)s.")
    return words % {"sheet": table.sheet.title, "cells": listed + ("، …" if len(cells) > MAX_RANGES else "")}


def no_records(table):
    """A warning for each row that is a total, a repeated heading, a signature or a line of units."""
    for number, kind in table.others:
        row = table.sheet.rows[number - 1]
        place, value = next((place, value) for place, value in enumerate(row.values) if value is not None)
        cell = f"{get_column_letter(place + 1)}{number}"
        yield Fault(Notable.OTHER_ROW, table.sheet.title, cell, "", shown(value), str(kind.label))


def short(table):
    """Warnings on rows of a text file that have fewer cells than the headings."""
    if not table.sheet.of_text:
        return
    for at in table.rows:
        row = table.sheet.rows[at]
        if row.width < table.seen.width:
            words = _(
                "This row has %(cells)s cells and the headings %(headings)s: the missing cells were read as empty."
            )
            counts = {"cells": localise_digits(row.width), "headings": localise_digits(table.seen.width)}
            yield Fault(Notable.SHORT, table.sheet.title, f"A{row.number}", "", "", words % counts)


def wide(table):
    """(place among the rows, Fault) of rows of a text file with more cells than the headings: an unquoted separator
    shifts the rest.
    """
    if not table.sheet.of_text:
        return
    for place, at in enumerate(table.rows):
        row = table.sheet.rows[at]
        extra = [place for place in range(table.seen.width, row.width) if row.value(place) is not None]
        if extra:
            words = _(
                "This row has %(cells)s cells and the headings %(headings)s, so its values may stand below wrong "
                "headings. Put a text with a separator in it between quotation marks."
            )
            counts = {"cells": localise_digits(row.width), "headings": localise_digits(table.seen.width)}
            cell = f"{get_column_letter(extra[0] + 1)}{row.number}"
            value = shown(row.value(extra[0]))
            yield place, Fault(Cause.HEADING, table.sheet.title, cell, "", value, words % counts)


def sheets(tables, book):
    """A warning for each sheet that is not read, but for our guides and lists of faults."""
    read = {id(table.sheet) for table in tables}
    left = [sheet for sheet in book.sheets if id(sheet) not in read and not is_ours(sheet)]
    for sheet in left:
        count = sum(value is not None for row in sheet.rows for value in row.values)
        words = ngettext(
            "This sheet is not read: its headings are not those of the workbook. It has %(count)s filled cell.",
            "This sheet is not read: its headings are not those of the workbook. It has %(count)s filled cells.",
            count,
        )
        yield Fault(Notable.UNREAD, sheet.title, "", "", "", words % {"count": localise_digits(count)})


def ranges(letter, rows):
    """Cells of one column as people write them: D2–D13، D15. At most MAX_RANGES ranges, then an ellipsis."""
    runs = [[row for _at, row in run] for _gap, run in groupby(enumerate(rows), lambda pair: pair[1] - pair[0])]
    texts = [
        f"\u2066{letter}{run[0]}:{letter}{run[-1]}\u2069" if len(run) > 1 else f"\u2066{letter}{run[0]}\u2069"
        for run in runs[:MAX_RANGES]
    ]
    return "، ".join(texts) + ("، …" if len(runs) > MAX_RANGES else "")
