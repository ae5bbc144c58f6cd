"""Reading .csv text strictly: its encoding, its separator, and quotation marks that would swallow rows.

What can be read in two ways is refused with its place: a text that is almost UTF-8 is not taken for Windows-1256, and a
quotation mark that is never closed does not make a note of the rows after it.
"""

import csv
import re
from codecs import BOM_UTF8
from collections import Counter
from io import StringIO

from evaluation.persian import localise_digits, may_be_decimal

from .book import Doubtful
from .refusals import CSV_BROKEN, NOT_UTF_8, QUOTE_OPEN, QUOTE_SWALLOWS, UnreadableWorkbook

SEPARATORS = ",;\t،"
SNIFFED_LINES = 60
DECIMAL_COMMA = ";"  # programs separate by it where the comma stands before decimals
UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")
_QUOTED = re.compile(r'"(?:[^"]|"")*+(?:"|$)')


def rows_of(data):
    """The rows of the file's bytes as lists of texts. Raises UnreadableWorkbook with the place of what is wrong."""
    text = decoded(data)
    if text is None:
        raise UnreadableWorkbook(CSV_BROKEN)
    separator = separator_of(text)
    rows = list(_records(text, separator))
    if separator == DECIMAL_COMMA:
        rows = [[Doubtful(cell) if may_be_decimal(cell) else cell for cell in row] for row in rows]
    return rows


def decoded(data):
    """The text, or None when the bytes are no text. Raises UnreadableWorkbook for UTF-8 with a broken character."""
    if data[:2] in UTF_16_MARKS:
        return _plain(data, "utf-16")
    body = data.removeprefix(BOM_UTF8)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        if _is_meant_as_utf_8(data):
            line = body.count(b"\n", 0, error.start) + 1
            before = body[body.rfind(b"\n", 0, error.start) + 1 : error.start].decode("utf-8")
            raise UnreadableWorkbook(
                NOT_UTF_8, line=localise_digits(line), sign=localise_digits(len(before) + 1)
            ) from error
        return _plain(data, "cp1256")
    return None if _CONTROL.search(text) else text


def _plain(data, encoding):
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    return None if _CONTROL.search(text) else text


def _is_meant_as_utf_8(data):
    """Whether most characters beyond ASCII are whole UTF-8: in a Windows-1256 text hardly any is, by accident."""
    if data.startswith(BOM_UTF8):
        return True
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    return sum(1 for sign in text if sign > "\x7f") - broken > broken


def separator_of(text):
    """The mark that most of the first lines hold equally often; one line alone, such as a title, decides nothing."""
    lines = [line for line in _QUOTED.sub("", text[:200_000]).splitlines() if line.strip()][:SNIFFED_LINES]
    return max(SEPARATORS, key=lambda mark: _regularity(mark, lines))


def _regularity(mark, lines):
    """(how many lines hold the mark equally often, how often): larger for a likelier separator."""
    counts = Counter(count for line in lines if (count := line.count(mark)))
    return max(((alike, count) for count, alike in counts.items()), default=(0, 0))


def _records(text, separator):
    """The rows, read strictly."""
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    first, width = 1, 0
    try:
        for row in reader:
            width = max(width, len(row)) if len(row) > 1 else width
            if reader.line_num > first:
                _refuse_swallowed(row, width, separator, first)
            yield row
            first = reader.line_num + 1
    except csv.Error as error:
        if '"' not in text or "field larger" in str(error):
            raise UnreadableWorkbook(CSV_BROKEN) from error
        raise UnreadableWorkbook(QUOTE_OPEN, line=localise_digits(first)) from error


def _refuse_swallowed(row, width, separator, first):
    """Refuse a cell of several lines of which one after the first looks like a row of the table."""
    for cell in row:
        lines = cell.splitlines()[1:]
        if any(line.count(separator) >= max(width - 1, 1) for line in lines):
            raise UnreadableWorkbook(QUOTE_SWALLOWS, line=localise_digits(first))
