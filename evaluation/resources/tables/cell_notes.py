"""Warnings about cells that are read all the same: formulas, percents, merged cells, hidden rows and columns."""

from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from openpyxl.utils import get_column_letter

from evaluation.persian import localise_digits

from ..reading.book import Broken
from .faults import Fault, Notable, shown
from .stamps import STAMP_CODE

MAX_RANGES = 20  # of hidden rows in one sentence


def notes_on(table, fields):
    """[Fault] of the warnings on the cells of a `Table` that are read. `fields`: {code: Column}."""
    return [
        *formulas(table, fields),
        *percents(table, fields),
        *merged(table, fields),
        *hidden(table),
        *hidden_columns(table, fields),
    ]


def formulas(table, fields):
    """Warnings on cells whose formula was read by its last value."""
    sentence = _("The formula's last calculated value was read.")
    return noted(table, fields, table.notes.formulas, Notable.FORMULA, sentence)


def percents(table, fields):
    """Warnings on percent cells, which are read as shown."""
    sentence = _("A percentage was read as it is seen, on a scale of 100.")
    return noted(table, fields, table.notes.percent, Notable.PERCENT, sentence)


def noted(table, fields, cells, notable, sentence):
    """A warning for each of these (row from 1, column from 0) that was read and holds a value."""
    if not cells:
        return
    codes, rows = columns_of(table), set(table.rows)
    for number, place in cells:
        code = codes.get(place)
        if code and number - 1 in rows:
            value = table.raw[code][number - 1]
            if value is not None and not isinstance(value, Broken):
                yield at(table, fields, code, number, notable, sentence)


def merged(table, fields):
    """Warnings on merged cells. Downwards the first value counts for each row, sideways for the first column alone."""
    for top, bottom, code in table.merges:
        words = _("The cells %(cells)s are merged: the value was read for each of these rows.")
        place = table.columns[code]
        yield at(table, fields, code, top, Notable.MERGED, words % {"cells": cells(top, place, bottom, place)})
    codes = columns_of(table)
    for top, left, bottom, right in table.notes.merged:
        emptied = [place for place in range(left + 1, right + 1) if place in codes]
        if emptied and top > table.seen.bottom:
            words = _("The cells %(cells)s are merged: only their first column holds the value, the others are empty.")
            sentence = words % {"cells": cells(top, left, bottom, right)}
            yield at(table, fields, codes.get(left, codes[emptied[0]]), top, Notable.MERGED, sentence)


def hidden(table):
    """One warning for the hidden rows of a sheet that were read."""
    rows = sorted({at + 1 for at in table.rows} & set(table.notes.hidden_rows))
    if rows:
        words = ngettext(
            "Row %(rows)s is hidden and was read too.", "The rows %(rows)s are hidden and were read too.", len(rows)
        )
        yield Fault(Notable.HIDDEN, table.sheet.title, "", "", "", words % {"rows": ranges(rows)})


def hidden_columns(table, fields):
    """A warning for each hidden column that was read."""
    for place, code in columns_of(table).items():
        if place in table.notes.hidden_columns:
            words = _("The column %(column)s is hidden and was read too.") % {"column": get_column_letter(place + 1)}
            yield Fault(Notable.HIDDEN, table.sheet.title, "", fields[code].heading, "", words)


def ranges(rows):
    """Row numbers as people write them: 5–9، 12. At most MAX_RANGES ranges, then an ellipsis."""
    runs = [
        [number for _place, number in run] for _gap, run in groupby(enumerate(rows), lambda pair: pair[1] - pair[0])
    ]
    texts = [f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs[:MAX_RANGES]]
    return localise_digits("، ".join(texts)) + ("، …" if len(runs) > MAX_RANGES else "")


def columns_of(table):
    """{place: code} of the columns of a table, without the stamp."""
    return {place: code for code, place in table.columns.items() if code != STAMP_CODE}


def cells(top, left, bottom, right):
    """A range of cells, between signs that keep its direction inside a Persian sentence."""
    first, last = f"{get_column_letter(left + 1)}{top}", f"{get_column_letter(right + 1)}{bottom}"
    return f"\u2066{first}:{last}\u2069"


def at(table, fields, code, number, notable, sentence):
    """The warning on one cell of a table."""
    cell = f"{get_column_letter(table.columns[code] + 1)}{number}"
    value = shown(table.raw[code][number - 1])
    return Fault(notable, table.sheet.title, cell, fields[code].heading, value, sentence)
