"""The streaming walk over the XML parts of a workbook: where cells stand, which are broken, which are percents."""

import posixpath
import re
from dataclasses import dataclass, field
from xml.parsers import expat

from openpyxl.utils import column_index_from_string, get_column_letter

from evaluation.persian import localise_digits

from .book import Broken
from .refusals import (
    DAMAGED,
    DOCTYPE,
    MOST_CELLS,
    MOST_COLUMNS,
    MOST_ROWS,
    TOO_FAR,
    UnreadableWorkbook,
    too_many_cells,
)

_ADDRESS = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_PERCENT_IDS = {9, 10}  # Excel's built-in formats 0% and 0.00%
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.')  # what a number format shows as it stands


@dataclass
class Cells:
    """What calamine does not tell of one sheet, by (row, column) from 0."""

    broken: dict = field(default_factory=dict)
    percent: set = field(default_factory=set)


class SheetWalk:
    """Follows one sheet's rows and cells, with or without addresses of their own."""

    def __init__(self, title, percent_styles, lengths):
        self.title, self.percent_styles, self.lengths = title, percent_styles, lengths
        self.cells = Cells()
        self.row = self.column = self.highest_row = self.highest_column = self.length = 0
        self.attributes, self.inside, self.value, self.formula = None, "", [], False
        self.seen = 0

    def start(self, tag, attributes):
        if tag == "c":
            self._place(attributes.get("r"))
            self.attributes, self.value, self.formula = attributes, [], False
        elif tag == "row":
            self.row, self.column = int(attributes.get("r", self.row + 1)), 0
        elif self.attributes is not None:
            self.inside = tag
            self.formula |= tag == "f"

    def characters(self, text):
        if self.inside in ("v", "t"):
            self.value.append(text)

    def end(self, tag):
        self.inside = ""
        if tag == "c":
            self._finish()
            self.attributes = None

    def _place(self, address):
        self.seen += 1
        if self.seen > 2 * MOST_CELLS:  # empty ones do no harm but take their time
            raise too_many_cells()
        if not address:
            self.column += 1
            return
        found = _ADDRESS.fullmatch(address)
        if not found:
            raise UnreadableWorkbook(DAMAGED)
        self.column, self.row = column_index_from_string(found[1]), int(found[2])

    def _finish(self):
        value, kind = "".join(self.value), self.attributes.get("t", "n")
        if not value and not self.formula:
            return
        self._reach()
        self.length += self.lengths[int(value)] if kind == "s" and value else len(value)
        place = self.row - 1, self.column - 1
        if kind == "e":
            self.cells.broken[place] = Broken(value)
        elif self.formula and not value and kind != "str":
            self.cells.broken[place] = Broken("", uncalculated=True)
        elif kind == "n" and self.attributes.get("s") in self.percent_styles:
            self.cells.percent.add(place)

    def _reach(self):
        self.highest_row = max(self.highest_row, self.row)
        self.highest_column = max(self.highest_column, self.column)
        if self.row > MOST_ROWS or self.column > MOST_COLUMNS:
            raise UnreadableWorkbook(
                TOO_FAR,
                sheet=self.title,
                address=f"{get_column_letter(self.column)}{self.row}",
                rows=localise_digits(MOST_ROWS),
                columns=localise_digits(MOST_COLUMNS),
            )


def walk(content, *, start=None, end=None, text=None):
    """Streams one XML part past the handlers, which get names without prefix. A DOCTYPE is refused."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    if start:
        parser.StartElementHandler = lambda tag, attributes: start(tag.rpartition(":")[2], attributes)
    if end:
        parser.EndElementHandler = lambda tag: end(tag.rpartition(":")[2])
    if text:
        parser.CharacterDataHandler = text
    parser.Parse(content, True)


def _refuse_doctype(*_declaration):
    raise UnreadableWorkbook(DOCTYPE)


def targets(content):
    """(relation id, part in lower case) of the workbook's relations."""
    found = []

    def start(tag, attributes):
        if tag == "Relationship":
            found.append(
                (attributes["Id"], posixpath.normpath(posixpath.join("/xl", attributes["Target"]))[1:].lower())
            )

    walk(content, start=start)
    return found


def text_lengths(content):
    """Length of each shared text, in order."""
    lengths = []

    def start(tag, _attributes):
        if tag == "si":
            lengths.append(0)

    def text(characters):
        if lengths:
            lengths[-1] += len(characters)

    walk(content, start=start, text=text)
    return lengths


def percent_styles(content):
    """Indexes, as text, of the cell styles that show a number as a percentage."""
    formats, styles, inside = set(_PERCENT_IDS), [], []

    def start(tag, attributes):
        inside.append(tag)
        if tag == "numFmt" and "%" in _LITERAL.sub("", attributes.get("formatCode", "")):
            formats.add(int(attributes["numFmtId"]))
        elif tag == "xf" and "cellXfs" in inside:
            styles.append(int(attributes.get("numFmtId", 0)))

    walk(content, start=start, end=lambda _tag: inside.pop())
    return {str(place) for place, number in enumerate(styles) if number in formats}
