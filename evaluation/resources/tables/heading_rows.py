"""Finding the heading rows of an upload: in which sheets and rows, below titles and over merged cells."""

from functools import lru_cache

from django.utils.translation import gettext_lazy as _

from evaluation.persian import match_key

from ..reading.refusals import UnreadableWorkbook
from . import lettered
from .headings import Heading, HeadingsNeeded, Seen, titles
from .our_sheets import is_ours, is_summary
from .suffixes import parted, says_nothing_new

HEADING_WITHIN = 30  # rows: titles may stand above the headings
SEARCHED_AT_MOST = 1_000  # rows, where the first ones hold no headings
MAX_HEADING_LENGTH = 250

NO_HEADINGS = _(
    "The headings of this workbook were not found. A sheet needs a row with these headings: %(headings)s. Download the "
    "template and fill it."
)


BY_LETTER = _(
    "The workbook seems to have no headings; these columns are needed: %(headings)s. Choose what each column is, by "
    "its letter and its first values. The first row is read too, unless you say that it holds headings."
)


def recognised(book, names):
    """The heading row (`Seen`) of every sheet that holds the workbook's columns.

    Sheets that share fewer than two headings with the workbook (a guide, notes) and our own list of faults are skipped.
    Raises UnreadableWorkbook where no answer could help, and HeadingsNeeded where a person can say what the headings
    mean.
    """
    sheets = [sheet for sheet in book.sheets if not is_summary(sheet.title)]
    if named := [seen for sheet in sheets if (seen := lettered.by_letter(sheet, names))]:
        return named
    heading_rows = [seen for sheet in sheets if (seen := find(sheet, names)) and seen.known >= names.enough]
    others_read = any(not seen.missing for seen in heading_rows)
    if others_read:  # then a sheet in which nothing is like a missing heading is a summary, and is named as not read
        heading_rows = [seen for seen in heading_rows if {*seen.missing} <= {*seen.guessed.values()}]
    problems = [(seen, problem) for seen in heading_rows if (problem := seen.problem())]
    if problems:
        _seen, (sentence, values) = problems[0]
        asked = [seen for seen, _problem in problems]
        raise HeadingsNeeded(sentence, seen=asked, names=names, others_read=others_read, **values)
    if not heading_rows:
        made_out = [seen for sheet in sheets if (seen := make_out(sheet, names))]
        needed = titles(names, names.required)
        if alike := [seen for seen in made_out if seen.known or seen.guessed]:
            raise HeadingsNeeded(NO_HEADINGS, seen=likeliest(alike), names=names, headings=needed)
        by_letter = [data for sheet in sheets if not is_ours(sheet) and (data := lettered.as_data(sheet, names))]
        if by_letter:
            raise HeadingsNeeded(BY_LETTER, seen=[], names=names, lettered=by_letter, headings=needed)
        raise UnreadableWorkbook(NO_HEADINGS, headings=needed)
    return heading_rows


def others_with_headings(book, read, names):
    """The heading rows of sheets that are not read, for a person who may say that they are tables too."""
    taken = {id(seen.sheet) for seen in read}
    others = [sheet for sheet in book.sheets if id(sheet) not in taken and not is_ours(sheet)]
    return [seen for sheet in others if (seen := make_out(sheet, names)) and seen.open]


def likeliest(seen):
    """Of heading rows that name hardly a column those that are most like ours."""
    likeness = [row.known + len(row.guessed) for row in seen]
    return [row for row, alike in zip(seen, likeness, strict=True) if alike == max(likeness)]


def find(sheet, names):
    """Of the first rows the one that names most columns, or None when no row names any.

    Where none of them names enough, a long text may stand above the headings: more rows are searched.
    """
    candidates = naming(sheet, sheet.rows[:HEADING_WITHIN], names)
    if not any(seen.known >= names.enough for seen in candidates):
        candidates += naming(sheet, sheet.rows[HEADING_WITHIN:SEARCHED_AT_MOST], names)
    if not candidates:
        return None
    best = max(candidates, key=lambda seen: seen.known)
    best.bottom = bottom_of(best)
    note_codes(best, [seen for seen in candidates if seen.row.number < best.row.number])
    return best


def naming(sheet, rows, names):
    """Those of the rows that name a column, as `Seen`."""
    heading_rows = (Seen(sheet, row, names, headings_of(sheet, row, names)) for row in rows)
    return [seen for seen in heading_rows if seen.known]


def note_codes(seen, above):
    """Find the hidden row of codes of our own workbooks, so that it is not read as data; sorting may have moved it.

    Where a heading was renamed, the row of codes is the one that names most columns; then the rows begin below the
    headings.
    """
    headings = [other.row.number for other in above if other.known >= seen.names.enough]
    if headings and holds_codes(seen, seen.row):
        seen.bottom, seen.codes_row = headings[0], seen.row
    else:
        code, place = next(iter(seen.columns.items()))
        first, cells = seen.sheet.rows[seen.bottom : seen.bottom + 1], seen.sheet.column(place)
        likely = [seen.sheet.rows[at] for at in range(seen.bottom, len(cells)) if cells[at] == code]
        seen.codes_row = next((row for row in (*first, *likely) if holds_codes(seen, row)), None)
    if seen.codes_row:
        seen.ours = frozenset(place for place, value in enumerate(seen.codes_row.values) if value is not None)


def holds_codes(seen, row):
    """Whether a row holds the codes of the columns instead of values."""
    values = [(code, row.value(place)) for code, place in seen.columns.items() if row.value(place) is not None]
    return bool(values) and all(
        isinstance(value, str) and match_key(value) == match_key(code) for code, value in values
    )


def make_out(sheet, names):
    """A row that looks like headings although it names hardly a column: most texts, all different, rows below it."""
    best, least = None, max(2, len(names.required))
    for row in sheet.rows[:HEADING_WITHIN]:
        texts = [value for value in row.values if value is not None]
        if len(texts) < least or not all(isinstance(value, str) for value in texts):
            continue
        headings = [own for own in headings_of(sheet, row, names) if own.key]
        all_differ = len({own.key for own in headings}) == len(texts)
        if all_differ and (best is None or len(texts) > len(best.headings)):
            best = Seen(sheet, row, names, headings, made_out=True)
    if best is None or all(row.is_empty for row in sheet.rows[best.row.number :]):
        return None
    return best


def headings_of(sheet, row, names):
    """The headings of a row; a cell merged over several rows is a heading of each of them."""
    values = dict(enumerate(row.values))
    for top, left, bottom, _right in sheet.notes.merged:
        if top < row.number <= bottom and values.get(left) is None:
            values[left] = sheet.rows[top - 1].value(left)
    return [heading(place, values[place], names) for place in sorted(values) if values[place] is not None]


key_of = lru_cache(maxsize=5_000)(
    match_key
)  # thirty rows are searched, whose texts repeat from row to row and file to file


def heading(place, value, names):
    """One heading of a row; `names` says which column it is."""
    text = str(value)
    key = key_of(text) if isinstance(value, str) and len(text) <= MAX_HEADING_LENGTH else ""
    code, asked = names.code(key) if key else "", ""
    if key and not code and key not in names.aliases and (parts := parted(text)):
        base, suffix = parts
        if base in names.readonly_keys:
            key = base
        elif names.code(base) and says_nothing_new(base, suffix, names):
            code = names.code(base)
        else:
            asked = names.code(base)
    if key and not code and names.offered.get(key) in names.fields:
        asked = names.offered[key]
    return Heading(place, text, key, code, asked)


def bottom_of(seen):
    """The number of the last row of the headings: the one that merged cells of the heading row reach.

    A row below the headings whose mandatory cells are filled is a record, whatever is merged beside it.
    """
    sheet, number = seen.sheet, seen.row.number
    last = max([number, *(last for top, _left, last, _right in sheet.notes.merged if top <= number <= last)])
    places = [seen.columns[code] for code in seen.names.required if code in seen.columns]
    for row in sheet.rows[number:last]:
        if places and any(is_value(row.value(place)) for place in places) and not holds_codes(seen, row):
            return row.number - 1
    return last


def is_value(value):
    """Whether a cell below a heading holds a value, and not a remark on the heading in brackets."""
    return value is not None and not (isinstance(value, str) and value.strip().startswith(("(", "[")))
