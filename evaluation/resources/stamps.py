"""The stamp of a row: what its writable values were when the workbook was made, as ten hex digits.

A download carries it in a hidden last column; an import that would change a row compares it with the row as it stands.
"""

from collections.abc import Mapping
from decimal import Decimal
from enum import Enum
from hashlib import blake2b

from evaluation.persian import normalise

CODE, HEADING = "stamp", "مهر نسخه"
DIGITS = 10


def stamp(values: Mapping) -> str:
    """The stamp of {column code: value as it is kept}: equal for equal values, whatever their order and spelling.

    None, an empty text and a code that is absent are the same; 80 and 80.000000 too; choices count by their value.
    """
    parts = [f"{code}\x1f{plain}" for code in sorted(values) if (plain := canonical(values[code]))]
    return blake2b("\x1e".join(parts).encode(), digest_size=DIGITS // 2).hexdigest()


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
