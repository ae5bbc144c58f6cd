"""The columns that a line has for each level, and what stands in them."""

from decimal import Decimal
from zlib import crc32

from evaluation.enums import MarkLevel
from evaluation.models import Line

LEVEL_COLUMNS = {
    MarkLevel.SELF: ("actual", "numerator", "denominator", "score", "note"),
    MarkLevel.HQ: ("actual", "score", "note"),
    MarkLevel.INITIAL: ("actual", "target", "score", "note"),
    MarkLevel.REVISED: ("actual", "target", "score", "note"),
    MarkLevel.FINAL: ("actual", "score"),
}
COLUMN = {level: {name: f"{level}_{name}" for name in names} for level, names in LEVEL_COLUMNS.items()}
LEVELS = list(MarkLevel)
READ_WITH = {  # what whoever writes a level sees when writing: the levels up to it, and the line's target
    level: [
        "target",
        "exempt",
        *(name for earlier in LEVELS[: LEVELS.index(level) + 1] for name in COLUMN[earlier].values()),
    ]
    for level in MarkLevel
}


def version_at(line: Line, level: MarkLevel) -> str:
    """A short sum of what whoever writes this level sees of the line; another sum says that something was changed.

    Later levels are no part of it: an agency would learn from its own page that its headquarters or an evaluator has
    been at work (docs/rights.md#embargo).
    """
    values = "\x1f".join(_plain(getattr(line, name)) for name in READ_WITH[level])
    return f"{crc32(values.encode()):08x}"


def _plain(value: object) -> str:
    """One spelling for a value as it was given and as the database returns it."""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}" if value else "0"
    return "" if value is None else str(value)
