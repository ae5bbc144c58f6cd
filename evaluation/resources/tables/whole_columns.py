"""Columns whose cells all say what they mean: read at once. One cell that needs a closer look, and nothing is taken.

Such are texts of printable ASCII without spaces (codes, stamps), remarks in settled spelling, and numbers that the file
holds as numbers. What comes out is what the column's widget gives cell by cell; a test holds both against each other.
"""

from decimal import Decimal, InvalidOperation

from evaluation.persian import is_settled

from .columns import ERASE, SIX, AsItIs, Code, Number, Text, is_erasure


def read_whole(column, cells):
    """The typed values of these cells of a column, None for empty ones; None where they must be read one by one."""
    read = READERS.get(type(column.widget))
    kinds = set(map(type, cells))
    if read is None or (column.required and type(None) in kinds):
        return None
    return read(column.widget, cells, kinds - {type(None)})


def texts(widget, cells, kinds):
    """Texts in which there is nothing to normalise, to correct or to erase."""
    if kinds != {str}:
        return None
    filled = [cell for cell in cells if cell is not None]
    if "" in filled or max(map(len, filled)) > widget.longest:
        return None
    together = "".join(filled)
    if together.isascii() and together.isprintable() and " " not in together:
        return cells
    if type(widget) is not Text or (ERASE in together and any(map(is_erasure, filled))):
        return None
    return cells if is_settled("\n".join(filled)) else None


def numbers(widget, cells, kinds):
    """Numbers within the limits of the column, with six decimals."""
    if not kinds or not kinds <= {int, Decimal} or widget.whole:
        return None
    filled = [cell for cell in cells if cell is not None]
    try:
        least, most = min(filled), max(filled)
        fit = -widget.least_too_large < least <= most < widget.least_too_large and (widget.negative or least >= 0)
    except InvalidOperation:  # one is no number, and compares with none
        return None
    if not fit:
        return None
    return [
        None if cell is None else (cell if type(cell) is Decimal else Decimal(cell)).quantize(SIX) for cell in cells
    ]


READERS = {
    Text: texts,
    Code: texts,
    AsItIs: texts,
    Number: numbers,
}  # by the class itself: others read in their own way
