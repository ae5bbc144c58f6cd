"""What a person said of the values of a file: the text that is read in place of another, and rows that are no data."""

from evaluation.persian import match_key

from .faults import shown

MAX_ASKED = 60  # values of one column that a page asks about


def key_of(cell):
    """What two spellings of one value have in common; "" for a cell without letters and digits."""
    return match_key(str(shown(cell)))


def reword(table, values):
    """Replace cells of a table by what they mean, and leave out the rows that are no data.

    `values` is {column code: {key of a value: text, or None to pass over the row}}. Returns (number of replaced cells,
    number of rows left out).
    """
    replaced, left_out = 0, set()
    for code, meanings in values.items():
        cells = table.raw.get(code, ())
        for at in table.rows if cells else ():
            if cells[at] is None or (key := key_of(cells[at])) not in meanings:
                continue
            if meanings[key] is None:
                left_out.add(at)
            else:
                cells[at] = meanings[key]
                replaced += 1
    table.rows = [at for at in table.rows if at not in left_out]
    return replaced, len(left_out)


def unknown(table, code, column, offered):
    """{key: text} of the values of a column that name none of its choices, in the order of the file."""
    texts = {}
    for at in table.rows:
        cell = table.raw[code][at]
        if cell is None or len(texts) == MAX_ASKED or (key := key_of(cell)) in texts or not key:
            continue
        if key not in offered and not is_known(column, cell):
            texts[key] = str(shown(cell))
    return texts


def is_known(column, cell):
    """Whether a column of fixed choices takes a cell as it is."""
    if column.widget.kind != "choice":
        return False
    try:
        column.widget.clean(cell)
    except ValueError:
        return False
    return True
