"""The stamp of a row: a hash of its writable values at the time of the download, and of its key, as hex digits.

A download carries it in a hidden last column. The import compares it with the row in the database, to see whether
others edited it since, and with the row in the file, to see whether the person did. A row that the person did not edit
is left alone.
"""

from collections.abc import Mapping
from decimal import Decimal
from enum import Enum
from hashlib import blake2b

from evaluation.persian import normalise

STAMP_CODE, STAMP_HEADING = "stamp", "مهر نسخه"
DIGITS, DIGITS_OF_KEY = 10, 6


def stamp(values: Mapping) -> str:
    """The stamp of {column code: value as stored}: equal for equal values, whatever their order and spelling.

    None, an empty text and an absent code count as the same; so do 80 and 80.000000. Choices count by their value.
    """
    for value in values.values():
        if value is not None and (value != "" or type(value) is not str):
            break
    else:
        return BLANK  # the usual case in a first import, made without hashing
    parts = [f"{code}\x1f{plain}" for code in sorted(values) if (plain := canonical(values[code]))]
    return digest("\x1e".join(parts))


def digest(text):
    """The first DIGITS hex digits of a hash of a text."""
    return blake2b(text.encode(), digest_size=DIGITS // 2).hexdigest()


BLANK = digest("")


def of_row(values: Mapping, key: Mapping) -> str:
    """The stamp of a row: of its values, then of its key, so that a copy under another key is no unedited row."""
    return f"{stamp(values)}-{stamp(key)[:DIGITS_OF_KEY]}"


def is_of(row_stamp: str, values: Mapping) -> bool:
    """Whether a stamp was made of these values, under whatever key."""
    return row_stamp.partition("-")[0] == stamp(values)


def canonical(value) -> str:
    """One spelling of a value: digits without trailing zeros, Persian text normalised, 1 and 0 for yes and no."""
    if value is None or value == "":
        return ""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}" if value else "0"
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, list | tuple):
        return "\x1d".join(map(canonical, value))
    if isinstance(value, Mapping):
        return "\x1c".join(f"{key}\x1b{canonical(value[key])}" for key in sorted(value))
    text = str(value)
    return text if text.isascii() and text.isalnum() else normalise(text)
