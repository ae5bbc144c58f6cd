"""What an .xls workbook stores beside its values: errors, formulas, percents, hidden rows and merges.

The file is a compound document (MS-CFB) with a stream of records (MS-XLS); only the records of interest are read.
"""

import struct

from .number_formats import BUILT_IN, PERCENT_IDS, shapes, shows_percent
from .refusals import DAMAGED, MAX_COLUMNS, UnreadableWorkbook
from .sheet_walk import Cells

FREE = 0xFFFFFFFA  # sector numbers from here on mark ends and free space
ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}
BOF, EOF, SHEET, FORMAT, XF, ROW, MERGED = 0x0809, 0x000A, 0x0085, 0x041E, 0x00E0, 0x0208, 0x00E5
PASSWORD, COLUMNS = 0x002F, 0x007D
FORMULA, NUMBER, ERROR, SHORT_NUMBER, SHORT_NUMBERS = 0x0006, 0x0203, 0x0205, 0x027E, 0x00BD
BIFF8 = 0x0600
HIDDEN_ROW, HIDDEN_COLUMN = 0x20, 0x01
NO_NUMBER = 0xFFFF  # in the last two bytes of a formula's result; the first byte then tells what it is


def cells_of(data):
    """The `Cells` of every sheet of an .xls workbook, in the order of its list of sheets.

    Raises UnreadableWorkbook when the file is damaged.
    """
    try:
        return records_of(_stream(data))
    except (struct.error, LookupError, ValueError) as error:
        raise UnreadableWorkbook(DAMAGED) from error


def is_encrypted(data):
    """Whether an .xls workbook asks for a password; False also where it is damaged."""
    try:
        stream = _stream(data)
        at = 0
        while at + 4 <= len(stream):
            kind, size = struct.unpack_from("<HH", stream, at)
            if kind == PASSWORD:
                return True
            if kind in (SHEET, EOF):  # a password stands before the list of sheets
                return False
            at += 4 + size
    except (struct.error, LookupError, ValueError):
        return False
    return False


def records_of(stream):
    """The `Cells` of every sheet by the records of the workbook's stream. Raises ValueError and the like for damage."""
    return _Workbook().read(stream)


def _stream(data):
    """The bytes of the stream called Workbook (Book before Excel 97)."""
    (shift,), (first_directory,) = struct.unpack_from("<H", data, 30), struct.unpack_from("<I", data, 48)
    size = 1 << shift
    if shift not in (9, 12):
        raise ValueError("sectors of another size")
    sectors = [data[at : at + size] for at in range(size, len(data), size)]
    table = _numbers(b"".join(sectors[number] for number in _table_sectors(data, sectors)))
    directory = _chain(sectors, table, first_directory)
    entries = {}
    for at in range(0, len(directory) - 127, 128):
        length, kind = struct.unpack_from("<HB", directory, at + 64)
        name = directory[at : at + max(length - 2, 0)].decode("utf-16-le")
        entries.setdefault("root" if kind == 5 else name, struct.unpack_from("<II", directory, at + 116))
    start, length = entries.get("Workbook") or entries["Book"]
    least, first_small = struct.unpack_from("<II", data, 56)
    if length >= least:
        return _chain(sectors, table, start)[:length]
    small = _chain(sectors, table, entries["root"][0])
    pieces = [small[at : at + 64] for at in range(0, len(small), 64)]
    return _chain(pieces, _numbers(_chain(sectors, table, first_small)), start)[:length]


def _table_sectors(data, sectors):
    """The numbers of the sectors that hold the allocation table: 109 in the header, more in a linked list."""
    numbers = list(struct.unpack_from("<109I", data, 76))
    (following,) = struct.unpack_from("<I", data, 68)
    for _sector in sectors:
        if following >= FREE:
            break
        *more, following = _numbers(sectors[following])
        numbers += more
    return [number for number in numbers if number < FREE]


def _numbers(content):
    return struct.unpack(f"<{len(content) // 4}I", content[: len(content) // 4 * 4])


def _chain(sectors, table, number):
    chain = []
    while number < FREE:
        chain.append(sectors[number])
        number = table[number]
        if len(chain) > len(sectors):
            raise ValueError("a chain of sectors without end")
    return b"".join(chain)


class _Workbook:
    """Iterates over the records of the stream; `handlers` maps the kinds that matter to methods."""

    def __init__(self):
        self.sheets, self.starts, self.cells = [], {}, None
        self.is_biff8, self.formats, self.styles = True, dict(BUILT_IN), []
        self.percent, self.shapes = set(), {}
        self.handlers = {
            SHEET: self._sheet,
            FORMAT: self._format,
            XF: self._style,
            ROW: self._row,
            COLUMNS: self._columns,
            MERGED: self._merged,
            FORMULA: self._formula,
            NUMBER: self._number,
            SHORT_NUMBER: self._number,
            SHORT_NUMBERS: self._numbers,
            ERROR: self._error,
        }

    def read(self, stream):
        at, depth = 0, 0
        while at + 4 <= len(stream):
            kind, size = struct.unpack_from("<HH", stream, at)
            if kind == BOF:
                depth += 1
                if depth == 1:
                    self._begin(at, stream[at + 4 : at + 8])
            elif kind == EOF:
                depth -= 1
            elif depth == 1 and (handler := self.handlers.get(kind)):
                handler(stream[at + 4 : at + 4 + size])
            at += 4 + size
        return self.sheets

    def _begin(self, at, version):
        if not at:
            self.is_biff8 = struct.unpack_from("<H", version)[0] == BIFF8
        self.cells = self.starts.get(at) or Cells()
        percent = PERCENT_IDS | {number for number, code in self.formats.items() if shows_percent(code)}
        shaping = {number: code for number, code in self.formats.items() if number not in percent and shapes(code)}
        self.percent = {place for place, number in enumerate(self.styles) if number in percent}
        self.shapes = {place: shaping[number] for place, number in enumerate(self.styles) if number in shaping}

    def _sheet(self, record):
        self.sheets.append(Cells())
        self.starts[struct.unpack_from("<I", record)[0]] = self.sheets[-1]

    def _format(self, record):
        (number,) = struct.unpack_from("<H", record)
        text = record[5:] if self.is_biff8 else record[3:]
        wide = self.is_biff8 and record[4] & 1
        self.formats[number] = text.decode("utf-16-le" if wide else "latin-1")

    def _style(self, record):
        self.styles.append(struct.unpack_from("<H", record, 2)[0])

    def _row(self, record):
        if struct.unpack_from("<H", record, 12)[0] & HIDDEN_ROW:
            self.cells.notes.hidden_rows.add(struct.unpack_from("<H", record)[0] + 1)

    def _columns(self, record):
        first, last, _width, _style, options = struct.unpack_from("<5H", record)
        if options & HIDDEN_COLUMN:
            self.cells.notes.hidden_columns.update(range(first, min(last, MAX_COLUMNS) + 1))

    def _merged(self, record):
        (count,) = struct.unpack_from("<H", record)
        for place in range(count):
            top, bottom, left, right = struct.unpack_from("<4H", record, 2 + 8 * place)
            self.cells.notes.merged.append((top + 1, left, bottom + 1, right))

    def _number(self, record):
        row, column, style = struct.unpack_from("<3H", record)
        self._judge(row, column, style)

    def _numbers(self, record):
        row, first = struct.unpack_from("<2H", record)
        for place in range((len(record) - 6) // 6):
            self._judge(row, first + place, struct.unpack_from("<H", record, 4 + 6 * place)[0])

    def _error(self, record):
        row, column, _style, code, is_error = struct.unpack_from("<3HBB", record)
        if is_error:
            self._judge(row, column, 0, value=ERRORS.get(code, "#N/A"), kind="e")

    def _formula(self, record):
        row, column, style, result, marker = struct.unpack_from("<3H6sH", record)
        kind, value = "n", "1"
        if marker == NO_NUMBER:
            kinds = {1: ("b", "1"), 2: ("e", ERRORS.get(result[2], "#N/A")), 3: ("str", "")}
            kind, value = kinds.get(result[0], ("str", "1"))
        self._judge(row, column, style, value=value, kind=kind, formula=True)

    def _judge(self, row, column, style, *, value="1", kind="n", formula=False):
        shape = self.shapes.get(style)
        self.cells.judge(
            (row + 1, column), value, kind=kind, formula=formula, percent=style in self.percent, shape=shape
        )
