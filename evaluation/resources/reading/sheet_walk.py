"""The streaming walk over a sheet's XML: where its cells are, and what the library does not tell of them."""

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from dataclasses import dataclass, field
from functools import lru_cache
from xml.parsers import expat

from openpyxl.utils import column_index_from_string, get_column_letter

from evaluation.persian import localise_digits

from .book import Broken, CellNotes
from .refusals import (
    DAMAGED,
    DOCTYPE,
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_ROWS,
    TOO_FAR,
    UnreadableWorkbook,
    too_many_cells,
)

_ADDRESS = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_TWOFOLD = re.compile(rb">[0-9]*+(?:&#|<[!?])")  # digits, then a character by number, a comment or the like
UTF_16 = (BOM_UTF16_BE, BOM_UTF16_LE)
_PREFIXED = re.compile(rb"<[^<>\s=\"'/]*:")  # an element with a prefix; anything that looks like one counts too
_STANDS = {"sheetData", "row", "c"}
_DIGITS = re.compile(r"[0-9]{1,7}")
_RANGE = re.compile(r"([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})")
_YES = {"1", "true", "on"}


@dataclass
class Cells:
    """What the library does not tell of one sheet; `broken` and `booleans` by (row from 1, column from 0), as in
    `CellNotes`. `booleans` are those that the library gives as numbers.
    """

    broken: dict = field(default_factory=dict)
    booleans: set = field(default_factory=set)
    notes: CellNotes = field(default_factory=CellNotes)

    def judge(self, place, value, *, kind="n", formula=False, percent=False, shape=None):
        """Note one cell by the text of its value, its type in Excel's letters, and its format; `shape`: the format that
        shows it otherwise than by its digits.
        """
        if kind == "e" and (value or formula):
            self.broken[place] = Broken(value or "")
        elif formula and not value and kind != "str":
            self.broken[place] = Broken("", uncalculated=True)
        else:
            if formula and value:
                self.notes.formulas.add(place)
            if percent and kind == "n" and value:
                self.notes.percent.add(place)
            elif shape is not None and kind == "n" and value:
                self.notes.formats[place] = shape


class SheetWalk:
    """Handles the rows and cells of one sheet. Cells without an address are counted as the library counts them."""

    def __init__(self, title, styles, lengths):
        self.title, self.styles, self.lengths = title, styles, lengths
        self.cells = Cells()
        self.begun, self.row, self.column = False, 1, 0  # of the next cell that has no address
        self.highest_row = self.highest_column = self.length = self.seen = 0
        self.attributes, self.place, self.inside, self.value, self.children = None, None, "", [], []

    def start(self, tag, attributes):
        if tag in _STANDS and (self.attributes is not None or (tag == "sheetData" and self.begun)):
            raise UnreadableWorkbook(DAMAGED)  # libraries disagree on what such nesting means
        if tag == "c":
            self._place(attributes.get("r"))
            self.attributes, self.value, self.children = attributes, [], []
        elif tag == "row":
            self._start_row(attributes)
        elif tag == "sheetData":
            self.begun, self.row, self.column = True, 1, 0
        elif tag == "col":
            self._hide_columns(attributes)
        elif tag == "mergeCell":
            self._merge(attributes.get("ref", ""))
        elif self.attributes is not None:
            self.inside = tag
            self.children.append(tag)

    def characters(self, text):
        if self.inside in ("v", "t"):
            self.value.append(text)

    def end(self, tag):
        self.inside = ""
        if tag == "c" and self.attributes is not None:
            self._finish()
            self.attributes = None
            self.column += 1
        elif tag == "row":
            self.row, self.column = self.row + 1, 0

    def doubt_numbers(self, content):
        """Where the number of a shared text could be read in two ways, count every shared text as the longest."""
        if self.lengths and _TWOFOLD.search(content):
            self.lengths = [max(self.lengths)] * len(self.lengths)

    def saw(self, cells):
        """Count cells and rows. Empty ones are harmless, but a file of millions of them would take minutes."""
        self.seen += cells
        if self.seen > 2 * MAX_CELLS:
            raise too_many_cells()

    def reach(self, row, column):
        """Note that a cell with content is at this row and column, both from 1."""
        self.highest_row = max(self.highest_row, row)
        self.highest_column = max(self.highest_column, column)
        if row > MAX_ROWS or column > MAX_COLUMNS:
            raise UnreadableWorkbook(
                TOO_FAR,
                sheet=self.title,
                address=f"{get_column_letter(column)}{row}",
                rows=localise_digits(MAX_ROWS),
                columns=localise_digits(MAX_COLUMNS),
            )

    def _start_row(self, attributes):
        self.saw(1)
        if "r" in attributes:
            if not _DIGITS.fullmatch(attributes["r"]):
                raise UnreadableWorkbook(DAMAGED)
            self.row = int(attributes["r"])
        if is_hidden(attributes):
            self.cells.notes.hidden_rows.add(self.row)

    def _hide_columns(self, attributes):
        first, last = (attributes.get(name, "") for name in ("min", "max"))
        if attributes.get("hidden") in _YES and _DIGITS.fullmatch(first) and _DIGITS.fullmatch(last):
            self.cells.notes.hidden_columns.update(range(int(first) - 1, min(int(last), MAX_COLUMNS)))

    def _place(self, address):
        self.saw(1)
        if not address:
            self.place = self.row, self.column
            return
        match = _ADDRESS.fullmatch(address)
        if not match:
            raise UnreadableWorkbook(DAMAGED)
        self.column = column_index_from_string(match[1]) - 1
        self.place = int(match[2]), self.column

    def _merge(self, ref):
        if match := _RANGE.fullmatch(ref):
            left, right = (column_index_from_string(match[part]) - 1 for part in (1, 3))
            self.cells.notes.merged.append((int(match[2]), left, int(match[4]), right))

    def _finish(self):
        value, kind, formula = "".join(self.value), self.attributes.get("t", "n"), "f" in self.children
        if not value and not formula:
            return
        self.reach(self.place[0], self.place[1] + 1)
        self.length += self._shared(value) if kind == "s" and value else len(value)
        style = self.attributes.get("s")
        shape = self.styles.shapes.get(style)
        percent = style in self.styles.percent
        self.cells.judge(self.place, value, kind=kind, formula=formula, percent=percent, shape=shape)

    def _shared(self, value):
        """The length of the shared text with this number; what libraries may take for another number is refused."""
        if self.children != ["v"] or not _DIGITS.fullmatch(value):
            raise UnreadableWorkbook(DAMAGED)
        return self.lengths[int(value)]


def is_hidden(row):
    """Whether a row with these attributes is not to be seen: hidden by hand or filter, or without height."""
    return row.get("hidden") in _YES or row.get("ht") == "0"


def walk(content, *, start=None, end=None, text=None):
    """Stream one XML part through the handlers, which get names without their prefix.

    A DOCTYPE is refused, and so is every encoding but UTF-8: the library would read the same bytes as other characters.
    """
    if content[:2] in UTF_16 or b"\x00" in content[:2]:  # what expat takes for UTF-16, whatever it is told
        raise UnreadableWorkbook(DAMAGED)
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    has_prefixes = _PREFIXED.search(content) is not None
    if start:
        parser.StartElementHandler = (lambda tag, attributes: start(_local(tag), attributes)) if has_prefixes else start
    if end:
        parser.EndElementHandler = (lambda tag: end(_local(tag))) if has_prefixes else end
    if text:
        parser.CharacterDataHandler = text
    parser.Parse(content, True)


@lru_cache(maxsize=100)  # a part has few different names, and each stands in it thousands of times
def _local(tag):
    return tag.partition(":")[2] or tag


def _refuse_doctype(*_declaration):
    raise UnreadableWorkbook(DOCTYPE)
