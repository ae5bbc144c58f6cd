"""Columns whose cells all say what they mean: read at once. One cell that needs a closer look, and nothing is taken.

Such are texts of printable ASCII without spaces (codes, stamps) and numbers that the file holds as numbers. What comes
out is what the column's widget gives cell by cell; a test holds both against each other.
"""

from decimal import Decimal

from .columns import SIX, AsItIs, Code, Number, Text


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
    together = "".join(filled)
    plain = together.isascii() and together.isprintable() and " " not in together and "" not in filled
    return cells if plain and max(map(len, filled)) <= widget.longest else None


def numbers(widget, cells, kinds):
    """Numbers within the limits of the column, with six decimals."""
    if not kinds or not kinds <= {int, Decimal} or widget.whole:
        return None
    filled = [cell for cell in cells if cell is not None]
    if Decimal in kinds and not all(cell.is_finite() for cell in filled if type(cell) is Decimal):
        return None
    least, most = min(filled), max(filled)
    if most >= widget.least_too_large or least <= -widget.least_too_large or (least < 0 and not widget.negative):
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
