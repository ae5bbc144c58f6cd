"""The walk over an .ods workbook's content: percents, errors, formulas, hidden rows and merges, where the library reads
numbers and texts only. Repeated rows and cells are counted as the library counts them."""

from evaluation.persian import to_latin_digits

from .book import Broken
from .refusals import DAMAGED, MAX_CELLS, MAX_COLUMNS, MAX_ROWS, UnreadableWorkbook, too_many_cells
from .sheet_walk import Cells, walk

_REMARKABLE = (
    b'"percentage"',
    b'"error"',
    b'"boolean"',
    b"data-style-name",
    b"table:formula",
    b"table:visibility",
    b"-spanned",
)
_TRUTHS = {"TRUE", "FALSE"}  # what a number shows that LibreOffice made of a truth value of another format
_CELLS = {"table-cell", "covered-table-cell"}
_UNSEEN = {"collapse", "filter"}


def cells_of(content):
    """{title: Cells} of content.xml. Raises UnreadableWorkbook for what no workbook holds, and expat's errors."""
    if not any(mark in content for mark in _REMARKABLE):
        walk(content)
        return {}
    sheets = OdsWalk()
    walk(content, start=sheets.start, end=sheets.end, text=sheets.characters)
    return sheets.sheets


class OdsWalk:
    """Handles the elements of content.xml; `sheets` maps titles to the `Cells` that were read."""

    def __init__(self):
        self.sheets, self.cells = {}, Cells()
        self.row = self.column = self.spent = 0  # rows and cells read so far
        self.rows, self.broken, self.shown, self.aside, self.text = 1, [], None, 0, None

    def start(self, tag, attributes):
        if tag == "table":
            self.cells = self.sheets.setdefault(attributes.get("table:name", ""), Cells())
            self.row = self.column = 0
        elif tag == "table-column":
            self._column(attributes)
        elif tag == "table-row":
            self.rows, self.column = _count(attributes, "rows-repeated"), 0
            if attributes.get("table:visibility") in _UNSEEN:
                self._hide()
        elif tag in _CELLS:
            self._cell(attributes)
        elif tag == "annotation":
            self.aside += 1
        elif tag == "p" and (self.broken or self.shown) and not self.aside:
            self.text = []

    def characters(self, text):
        if self.text is not None:
            self.text.append(text)

    def end(self, tag):
        if tag == "table-row":
            self.row += self.rows
        elif tag == "annotation":
            self.aside -= 1
        elif tag == "p" and self.text is not None:
            self._note_text("".join(self.text))
            self.broken, self.shown, self.text = [], None, None

    def _note_text(self, text):
        """Note what a cell shows: the name of an error, or a number in another way than by its digits."""
        if self.broken:
            self.cells.broken.update(dict.fromkeys(self.broken, Broken(text)))
        elif text in _TRUTHS:
            self.cells.booleans.update(self._places(*self.shown[1:]))
        elif not _is_same_number(text, self.shown[0]):
            literal = '"' + text.replace('"', "") + '"'
            self.cells.notes.formats.update(dict.fromkeys(self._places(*self.shown[1:]), literal))

    def _column(self, attributes):
        first, times = self.column, _count(attributes, "columns-repeated")
        self.column += times
        if attributes.get("table:visibility") in _UNSEEN:
            self.cells.notes.hidden_columns.update(range(first, min(first + times, MAX_COLUMNS)))

    def _hide(self):
        last = min(self.row + self.rows, MAX_ROWS)
        self._spend(last - self.row)
        self.cells.notes.hidden_rows.update(range(self.row + 1, last + 1))

    def _cell(self, attributes):
        first, times = self.column, _count(attributes, "columns-repeated")
        self.column += times
        self.broken, self.shown, self.text = [], None, None
        kind, notes = attributes.get("office:value-type"), self.cells.notes
        if attributes.get("calcext:value-type") == "error":
            self.broken = self._places(first, times)
            self.cells.broken.update(dict.fromkeys(self.broken, Broken("")))
        elif "table:formula" in attributes and kind:
            notes.formulas.update(self._places(first, times))
        if kind == "percentage":
            notes.percent.update(self._places(first, times))
        elif kind == "boolean":
            self.cells.booleans.update(self._places(first, times))
        elif kind == "float":
            self.shown = attributes.get("office:value", ""), first, times
        down, across = _count(attributes, "rows-spanned"), _count(attributes, "columns-spanned")
        if down > 1 or across > 1:
            notes.merged.append((self.row + 1, first, self.row + down, first + across - 1))

    def _places(self, first, times):
        """Every address of this repeated cell, rows from 1. Raises UnreadableWorkbook for cells far outside a table."""
        if self.row + self.rows > MAX_ROWS or first + times > MAX_COLUMNS:
            raise too_many_cells()
        self._spend(self.rows * times)
        rows = range(self.row + 1, self.row + self.rows + 1)
        return [(row, column) for row in rows for column in range(first, first + times)]

    def _spend(self, places):
        self.spent += places
        if self.spent > MAX_CELLS:
            raise too_many_cells()


def _is_same_number(text, value):
    """Whether a cell shows its value's own digits, grouped or not; 007 and 1.10 are other ones than 7 and 1.1."""
    plain = to_latin_digits(text).replace("٫", ".").replace(",", "").replace("٬", "")
    return plain == value


def _count(attributes, name):
    text = attributes.get(f"table:number-{name}", "1")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise UnreadableWorkbook(DAMAGED)
    return int(text)
