"""The tables of an upload: the columns of each sheet, and the rows below its headings with typed values."""

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from evaluation.persian import localise_digits

from ..reading.book import Broken
from ..reading.refusals import UnreadableWorkbook
from .as_seen import put_texts_as_seen
from .columns import ERASE, is_erasure
from .faults import Cause, Fault, Notable, shown
from .heading_rows import recognised
from .headings import HeadingsNeeded, Names
from .other_rows import UNIT_TEXTS, WORDS_OF_TOTALS, OtherRow, kind_of, numbers_columns
from .stamps import STAMP_CODE
from .whole_columns import read_whole

__all__ = ["CellFault", "Entry", "HeadingsNeeded", "Names", "Table", "fault_at", "tables"]

NO_ROWS = _("The workbook has headings but no row below them. Fill the template and upload it again.")
NO_RECORDS = _(
    "No row below the headings was read. Row %(row)s: %(reason)s Correct it, or fill the template, and upload the "
    "workbook again."
)
MENDED = _("“%(raw)s” was read as “%(value)s”.")
UNCALCULATED = _("The formula was never calculated. Open the workbook in Excel, save it and upload it again.")
DISGUISED = _(
    "The cell's format shows this number in another way than it is stored. Format the cell as text, type the code as "
    "it is to be read, and upload the workbook again."
)
ERROR = _("This cell contains an error: enter the right value.")
UNFILLED = _("This cell must be filled.")
UNERASABLE = _("“%(word)s” erases a value, and this cell cannot be erased: enter the right value.")


class Table:
    """One sheet's columns {code: place from 0} and its filled rows.

    `raw` holds the cells of each column for all rows of the sheet, `typed` the typed values of the filled rows.
    """

    def __init__(self, seen):
        self.seen, self.sheet, self.columns = seen, seen.sheet, seen.columns
        self.notes = seen.sheet.notes
        self.raw = {code: self.sheet.column(place) for code, place in self.columns.items()}
        self.typed, self.erased = {}, {}  # erased: {code: places of the cells that erase}
        columns = [values for code, values in self.raw.items() if code != STAMP_CODE]
        codes = seen.codes_row.number - 1 if seen.codes_row else None
        empty = (None,) * len(columns)
        filled = (at for at, cells in enumerate(zip(*columns, strict=True)) if cells != empty)
        self.rows = [at for at in filled if at >= seen.bottom and at != codes]
        self.others = self._take_out_others()
        self.merges = self._fill_down() if self.notes.merged else []

    @property
    def width(self):
        """The number of columns of the sheet's widest row."""
        return max((row.width for row in self.sheet.rows), default=0)

    def _take_out_others(self):
        """Take the rows that are no records out of `rows`. Returns [(row number, OtherRow)] of them."""
        first = self.seen.names.first
        codes = sorted(self.seen.names.required, key=lambda code: code != first)
        required = [self.raw[code] for code in codes if code in self.raw]
        if not required:
            return []
        headings = {heading.place: heading.key for heading in self.seen.headings}
        texts = {heading.text for heading in self.seen.headings} | WORDS_OF_TOTALS
        keys = list(zip(*required, strict=True))
        suspects = [at for at in self.rows if None in keys[at] or keys[at][0] in texts or keys[at][0] in UNIT_TEXTS]
        covered = self._covered_rows() if suspects and self.notes.merged else ()
        others = []
        if self.rows and numbers_columns(self.sheet.rows[self.rows[0]], headings):
            others.append((self.rows[0] + 1, OtherRow.UNITS))
            suspects = [at for at in suspects if at != self.rows[0]]
        for at in suspects:
            if at + 1 in covered:
                continue  # its key stands in the first cell of a merged range
            cells = [self.raw[code][at] for code in self.columns if code != STAMP_CODE]
            known = {"key": self._places_of_key(at), "has_free_key": self._has_free_key(at)}
            kind = kind_of(self.sheet.rows[at], cells=cells, required=keys[at], headings=headings, **known)
            if kind:
                others.append((at + 1, kind))
        left_out = {number - 1 for number, _kind in others}
        if left_out:
            self.rows = [at for at in self.rows if at not in left_out]
        return others

    def _places_of_key(self, at):
        """The places of the row's mandatory key cells, or none unless each of them is filled."""
        names = self.seen.names
        key = [code for code in names.key if code in names.required]
        is_filled = all(code in self.columns and self.raw[code][at] is not None for code in key)
        return [self.columns[code] for code in key] if is_filled else []

    def _has_free_key(self, at):
        """Whether the row is known by a key that may be empty, in a workbook none of whose keys is mandatory."""
        names = self.seen.names
        return not names.first and any(self.raw[code][at] is not None for code in names.key if code in self.columns)

    def _covered_rows(self):
        """The numbers of rows below the first one of a merged range in a mandatory column."""
        places = {self.columns[code] for code in self.seen.names.required if code in self.columns}
        merged = [(top, bottom) for top, left, bottom, _right in self.notes.merged if left in places]
        return {row for top, bottom in merged for row in range(top + 1, bottom + 1)}

    def _fill_down(self):
        """Give each row of a merged range the value of its first cell. Returns [(first row, last row, code)] of these
        ranges.
        """
        merges, codes, first = [], {place: code for code, place in self.columns.items()}, self.seen.bottom
        for top, left, bottom, _right in self.notes.merged:
            code = codes.get(left)
            if code is None or top <= first or bottom == top or self.raw[code][top - 1] is None:
                continue
            values = self.raw[code]
            for at in range(top, min(bottom, len(values))):
                values[at] = values[top - 1]
            merges.append((top, bottom, code))
        return merges


class Entry:
    """One typed row of a table. `entry[code]` is None for an empty cell, for one that erases, and in a column that the
    upload lacks; `says` and `get` tell them apart.
    """

    __slots__ = ("at", "place_in_columns", "table", "verdict", "wrong")

    def __init__(self, table, at, place):
        self.table, self.at, self.place_in_columns = table, at, place
        self.wrong, self.verdict = False, ""

    @property
    def row(self):
        """The `Row` of the sheet that was read."""
        return self.table.sheet.rows[self.at]

    def __getitem__(self, code):
        column = self.table.typed.get(code)
        return None if column is None else column[self.place_in_columns]

    def get(self, code, standing=None):
        """The typed value of a column, None where the cell erases; `standing` where the row says nothing of it."""
        value = self[code]
        return value if value is not None or self.erases(code) else standing

    def has(self, code):
        """Whether the upload has this column."""
        return code in self.table.typed

    def says(self, code):
        """Whether the row has a value in this column, or erases it. An empty or absent cell changes nothing."""
        return self[code] is not None or self.erases(code)

    def erases(self, code):
        """Whether the cell holds the word that erases."""
        return bool(self.table.erased) and self.place_in_columns in self.table.erased.get(code, ())

    def cell(self, code):
        """The address of a column's cell in this row, without the sheet."""
        columns = self.table.columns
        return self.row.address(columns[code]).rpartition("!")[2] if code in columns else ""

    def place(self, code):
        """The cell and its sheet, in words; signs round the address keep its direction inside a Persian sentence."""
        words = gettext("cell %(cell)s of sheet “%(sheet)s”")
        return words % {"cell": f"\u2066{self.cell(code)}\u2069", "sheet": self.row.sheet}

    def read(self, code):
        """The cell's value before it was typed."""
        return self.table.raw[code][self.at] if code in self.table.raw else None


def tables(book, names):
    """The tables of a book, by a `Names`.

    Raises UnreadableWorkbook when there are no headings or no rows, HeadingsNeeded when a person can say which they
    are.
    """
    with_headings = [Table(seen) for seen in recognised(book, names)]
    if not any(table.rows for table in with_headings):
        if others := [other for table in with_headings for other in table.others]:
            number, kind = others[0]
            raise UnreadableWorkbook(NO_RECORDS, row=localise_digits(number), reason=kind.label)
        raise UnreadableWorkbook(NO_ROWS)
    return with_headings


def entries(table, fields):
    """(the entries of a table, the faults of its cells, the warnings): each cell is read by its column's widget."""
    put_texts_as_seen(table, fields)
    rows = [Entry(table, at, place) for place, at in enumerate(table.rows)]
    faults, warnings = [], []
    for code in table.columns:
        table.typed[code], wrong, mended, erased = typed_column(fields[code], table.raw[code], table.rows)
        if erased:
            table.erased[code] = erased
        for place, fault in wrong:
            rows[place].wrong = True
            faults.append(fault_at(rows[place], code, fields[code], fault.cause, fault.sentence))
        for place, text in mended:
            if text:
                sentence = MENDED % {"raw": shown(rows[place].read(code)), "value": text}
                warnings.append(fault_at(rows[place], code, fields[code], Notable.NORMALISED, sentence))
        if lettered := [rows[place] for place, text in mended if not text]:
            warnings.append(fault_at(lettered[0], code, fields[code], Notable.NORMALISED, letters(len(lettered))))
    return rows, faults, warnings


def letters(count):
    """One warning for all texts of a column with Arabic letters: one each would hide all other warnings."""
    sentence = ngettext(
        "Arabic letters were read as Persian ones in %(count)s cell of this column, here first.",
        "Arabic letters were read as Persian ones in %(count)s cells of this column, here first.",
        count,
    )
    return sentence % {"count": localise_digits(count)}


class CellFault(ValueError):
    """A cell that cannot be read: the group of the report, and the sentence."""

    def __init__(self, cause, sentence):
        super().__init__(sentence)
        self.cause, self.sentence = cause, str(sentence)


def typed_column(column, raw, rows):
    """(values, [(place, CellFault)], [(place, corrected text)], {places that erase}) of one column in these rows."""
    cells = [raw[at] for at in rows]
    whole = read_whole(column, cells)
    return typed_cells(column, cells) if whole is None else (whole, [], [], set())


def typed_cells(column, cells):
    """`typed_column` of cells that are read one by one."""
    values, wrong, mended, erased = [], [], [], set()
    known = {}  # texts that were typed already: codes and choices repeat
    for place, value in enumerate(cells):
        if value is None and not column.required:
            values.append(None)
            continue
        try:
            if type(value) is not str:
                result, text = typed(column, value), None
            elif value in known:
                result, text = known[value]
            elif is_erasure(value):
                result, text = None, None
                refuse_erasure(column)
                erased.add(place)
            else:
                result = typed(column, value)
                text = spelled(column, value, result)
                known[value] = result, text
        except CellFault as fault:
            wrong.append((place, fault))
            result, text = None, None
        values.append(result)
        if text is not None:
            mended.append((place, text))
    return values, wrong, mended, erased


def refuse_erasure(column):
    """Raise CellFault where a column's cells cannot be erased."""
    if not column.erasable:
        raise CellFault(Cause.MISSING, UNERASABLE % {"word": ERASE})


def typed(column, value):
    """The value of one cell that is filled, or must be. Raises CellFault with what is allowed."""
    if value is None:
        raise CellFault(Cause.MISSING, UNFILLED)
    if isinstance(value, Broken):
        raise CellFault(Cause.BROKEN, UNCALCULATED if value.uncalculated else DISGUISED if value.disguised else ERROR)
    try:
        result = column.widget.clean(value)
    except ValueError as error:
        raise CellFault(column.widget.cause, str(error)) from error
    if result is None or (type(result) is str and not result):
        if column.required:
            raise CellFault(Cause.MISSING, UNFILLED)
        return None
    return result


def spelled(column, raw, value):
    """What the widget reports of a corrected spelling: see `columns`."""
    tell = getattr(column.widget, "spelled", None)
    return tell(raw, value) if tell and value is not None else None


def fault_at(entry, code, column, cause, sentence):
    """The Fault of one cell of an entry."""
    return Fault(cause, entry.row.sheet, entry.cell(code), column.heading, shown(entry.read(code)), str(sentence))
