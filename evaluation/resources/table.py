"""Finding the table in an upload: which sheets hold it, where each column stands, and its rows, typed."""

from dataclasses import dataclass, field

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from evaluation.persian import localise_digits, match_key

from .book import Broken, Row
from .faults import Cause, Fault, shown
from .refusals import UnreadableWorkbook

HEADING_WITHIN = 15  # rows: titles may stand above the headings

NO_HEADINGS = _(
    "The headings of this workbook were not found. A sheet needs a row with these headings: %(headings)s. Download the "
    "template and fill it."
)
MISSING_HEADINGS = _(
    "Sheet “%(sheet)s”, row %(row)s: these headings are missing: %(headings)s. Headings are written as in the template."
)
HEADING_TWICE = _("Sheet “%(sheet)s”: the heading “%(heading)s” stands twice, at %(first)s and %(second)s.")
NO_ROWS = _("The workbook has headings but no row below them. Fill the template and upload it again.")


class HeadingsNeeded(UnreadableWorkbook):
    """Headings were seen but not all recognised; `as_data()` says which, for the person to name them."""

    def as_data(self):
        return {}


@dataclass(frozen=True)
class Table:
    """One sheet that holds the workbook's columns: {code: index}, and the rows below the headings."""

    sheet: str
    columns: dict
    rows: list
    unread: list


@dataclass
class Entry:
    """One typed row. Only columns that the upload has are in `values`; an empty cell is None there."""

    row: Row
    columns: dict
    values: dict = field(default_factory=dict)
    wrong: bool = False
    verdict: str = ""

    def __getitem__(self, code):
        return self.values.get(code)

    def has(self, code):
        """Whether the upload has this column: a column that is absent leaves what stands."""
        return code in self.columns

    def cell(self, code):
        """The address of a column's cell in this row, without the sheet."""
        return self.row.address(self.columns[code]).rpartition("!")[2] if code in self.columns else ""

    def place(self, code):
        """The cell and its sheet, in words; the address keeps its direction inside a Persian sentence."""
        words = gettext("cell \u2066%(cell)s\u2069 of sheet “%(sheet)s”")
        return words % {"cell": self.cell(code), "sheet": self.row.sheet}

    def read(self, code):
        return self.row.value(self.columns[code]) if code in self.columns else None


def tables(book, fields):
    """The tables of a book. `fields`: {code: Column} of what is read.

    Raises UnreadableWorkbook when headings are missing or stand twice, and when there is no row. Sheets that share no
    two headings with the workbook (a guide, notes) are left alone.
    """
    found, best = [], (0, None)
    for sheet in book.sheets:
        row, columns = _heading_row(sheet, fields)
        if row is None:
            continue
        best = max(best, (len(columns), sheet.title), key=lambda each: each[0])
        if len(columns) > 1 or len(fields) == 1:
            found.append(_table(sheet, row, columns, fields))
    if not found:
        needed = "، ".join(column.heading for column in fields.values() if column.required)
        raise UnreadableWorkbook(NO_HEADINGS, headings=needed)
    if not any(table.rows for table in found):
        raise UnreadableWorkbook(NO_ROWS)
    return found


def _heading_row(sheet, fields):
    """The row among the first ones that names most columns, with {code: index}; (None, {}) when no row names any."""
    best = (None, {})
    for row in sheet.rows[:HEADING_WITHIN]:
        columns = {}
        for place, value in enumerate(row.values):
            for code in _codes(value, fields):
                columns.setdefault(code, place)
        if len(columns) > len(best[1]):
            best = (row, columns)
    return best


def _codes(value, fields):
    key = match_key(value) if isinstance(value, str) else None
    return [code for code, column in fields.items() if key and key in column.matches(code)]


def _table(sheet, heading, columns, fields):
    if missing := [column.heading for code, column in fields.items() if column.required and code not in columns]:
        raise UnreadableWorkbook(
            MISSING_HEADINGS, sheet=sheet.title, row=localise_digits(heading.number), headings="، ".join(missing)
        )
    unread = {}
    for place, value in enumerate(heading.values):
        codes = _codes(value, fields)
        if not codes and value is not None:
            unread[place] = str(value)
        for code in codes:
            if columns[code] != place:
                first, second = (heading.address(at).rpartition("!")[2] for at in (columns[code], place))
                raise UnreadableWorkbook(
                    HEADING_TWICE, sheet=sheet.title, heading=str(value), first=first, second=second
                )
    below = [row for row in sheet.rows if row.number > heading.number]
    if ours := _row_of_codes(below, columns):
        below.remove(ours)
        # columns that a download shows for reading have their code too, and are no surprise
        unread = {place: value for place, value in unread.items() if ours.value(place) is None}
    filled = [row for row in below if any(row.value(place) is not None for place in columns.values())]
    return Table(sheet.title, columns, filled, list(unread.values()))


def _row_of_codes(rows, columns):
    """The hidden second row that our own downloads carry, or None; sorting may have moved it down."""
    code, place = next(iter(columns.items()))
    likely = (row for row in rows if row.value(place) == code)
    return next((row for row in (*rows[:1], *likely) if _holds_codes(row, columns)), None)


def _holds_codes(row, columns):
    return all(match_key(str(row.value(place) or "")) == match_key(code) for code, place in columns.items())


def entries(table, fields):
    """(Entry, its faults) for each row: every cell read by its column's widget."""
    for row in table.rows:
        entry, faults = Entry(row, table.columns), []
        for code in table.columns:
            value = row.value(table.columns[code])
            try:
                entry.values[code] = _typed(fields[code], value)
            except CellFault as fault:
                faults.append(fault_at(entry, code, fields[code], fault.cause, fault.sentence))
        entry.wrong = bool(faults)
        yield entry, faults


class CellFault(ValueError):
    def __init__(self, cause, sentence):
        super().__init__(sentence)
        self.cause, self.sentence = cause, str(sentence)


def _typed(column, value):
    if isinstance(value, Broken):
        raise CellFault(
            Cause.BROKEN,
            _("The formula was never calculated. Open the workbook in Excel, save it and upload it again.")
            if value.uncalculated
            else _("The cell holds an error. Replace it by a value."),
        )
    if value is None:
        if column.required:
            raise CellFault(Cause.MISSING, _("This cell must be filled."))
        return None
    try:
        found = column.widget.clean(value)
    except ValueError as error:
        raise CellFault(column.widget.cause, str(error)) from error
    if found in ("", None) and column.required:
        raise CellFault(Cause.MISSING, _("This cell must be filled."))
    return None if found == "" else found


def fault_at(entry, code, column, cause, sentence):
    """The Fault of one cell of an entry."""
    return Fault(cause, entry.row.sheet, entry.cell(code), column.heading, shown(entry.read(code)), str(sentence))
