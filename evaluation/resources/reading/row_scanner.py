"""The quick scan of a sheet: rows in exactly the form that Excel, openpyxl, xlsxwriter and LibreOffice write.

One regular expression matches such a row whole, byte by byte: every cell has a literal address in this row and inside
the columns looked for, elements are balanced, attributes are in double quotes and in their order, texts hold no markup
and no entity but the five of XML. Matched rows are cut out of the part, an empty row is put in their place, and the
streaming walk reads all the rest. So each byte of a sheet is either of that form or walked: what the library reads as a
cell was checked by one of the two. The empty row proves that rows were cut between elements: inside a tag or an
attribute it is no XML. Whatever hides elements from a parser (comments, CDATA, instructions, another encoding) leaves
the whole part to the walk.
"""

import re
from codecs import getincrementaldecoder
from collections import Counter
from functools import cache
from html import unescape
from xml.parsers import expat

from openpyxl.utils import get_column_letter

from .refusals import MAX_COLUMNS, MAX_ROWS
from .sheet_walk import is_hidden, walk

MAX_ROW_FORMS = 2_000  # different heights and marks of rows; Excel writes a handful
MAX_PIECES = 100_000  # between recognised rows; true workbooks have few
MAX_QUICK_BOUND = 20_000_000  # characters: below it, shared texts are all counted with the length of the longest
_CELL_MARKUP = len('<c r="A1"><v></v></c>')

_DECLARED = re.compile(
    rb"""(?:\xef\xbb\xbf)?+(?:<\?xml version=(?:"1\.0"|'1\.0')(?: encoding=(?:"UTF-8"|'UTF-8'|"utf-8"|'utf-8'))?+"""
    rb"""(?: standalone=(?:"yes"|"no"|'yes'|'no'))?+ ?\?>)?+\s*+(?=<worksheet[\s>])"""
)

_PLAIN = rb"[^<>&\x00-\x08\x0b\x0c\x0e-\x1f]*+"
_SIGN = (  # &lt; and the like, and characters by number that XML allows
    rb"&(?:amp|lt|gt|quot|apos|#(?:9|1[03]|3[2-9]|[4-9][0-9]|[1-9][0-9]{2,3}|[1-4][0-9]{4}|5[0-4][0-9]{3}|"
    rb"6[0-4][0-9]{3}|1[0-2][0-9]{4}));"
)
_TEXT = _PLAIN + rb"(?:" + _SIGN + _PLAIN + rb")*+"
_VALUE = rb'"[^"<>&\x00-\x1f]*+"'
_STYLE = rb'(?: s="[0-9]{1,5}+")?+'
_MARKS = rb'(?: [cv]m="[0-9]{1,9}+")?+'
_FORMULA = (
    rb'<f(?: t="[a-zA-Z]++")?+(?: aca="[a-z01]++")?+(?: ref="[A-Z0-9:]++")?+(?: (?:ca|aca)="[a-z01]++")?+'
    rb'(?: si="[0-9]{1,9}+")?+(?:/>|>' + _TEXT + rb"</f>)"
)
_REST_OF_CELL = (
    rb'(?: t="s"><v>[0-9]{1,7}+</v></c>'
    rb'|(?: t="n")?+(?:/>|><v>[0-9.eE+-]{1,30}+</v></c>)'
    rb'| t="inlineStr"><is><t(?: xml:space="preserve")?+>' + _TEXT + rb"</t></is></c>"
    rb'|(?: t="(?:str|b|e|n|d)")?+' + _MARKS + rb">(?:" + _FORMULA + rb")?+"
    rb"(?:<v/>|<v(?: xml:space=\"preserve\")?+>" + _TEXT + rb"</v>)?+</c>)"
)
_ADDRESS = rb'<c r="([A-Z]{1,2}+)([0-9]{1,6}+)"'
_COLUMNS = {get_column_letter(column).encode(): column for column in range(1, MAX_COLUMNS + 1)}


def cut_rows(content, sheet):
    """The part without the matched rows, which are noted in `sheet`, a SheetWalk; the whole part where it is not sure.

    The noted positions and lengths are upper bounds.
    """
    start = content.find(b"<sheetData>") + len(b"<sheetData>")
    if start < len(b"<sheetData>") or not (declared := _DECLARED.match(content)):
        return content
    runs, forms, lowest = _Runs(content, start), {}, 0
    for number, form in runs:
        forms.setdefault(form, []).append(number)
        lowest = max(lowest, number)
        if lowest > MAX_ROWS or len(forms) > MAX_ROW_FORMS:
            return content
    rest = runs.rest
    if not runs.found or b"<!" in rest or b"<?" in rest[declared.end() :] or not _is_unicode(content):
        return content
    if not _note_hidden(forms, sheet.cells.notes.hidden_rows):
        return content
    sheet.saw(sum(map(len, forms.values())))
    sheet.reach(lowest, runs.width)
    _note_cells(content, runs.found, sheet)
    return rest


class _Runs:
    """Iterates over the matched rows as (number, other attributes), and collects their places and the rest."""

    def __init__(self, content, start):
        self.content, self.at, self.kept = content, start, [content[:start]]
        self.found, self.width = [], 1

    @property
    def rest(self):
        return b"".join(self.kept)

    def __iter__(self):
        while True:
            start, number = self.at, 0
            for row in iter(_row(self.width).scanner(self.content, start).match, None):
                number, self.at = int(row[1]), row.end()
                yield number, row[2]
            if number:
                self.found.append((start, self.at))
                self.kept.append(b'<row r="%d"/>' % number)
            if not self._widen() and not self._keep():
                return

    def _widen(self):
        """Whether the row here is of the form when more columns are looked for."""
        wide = _row(MAX_COLUMNS).match(self.content, self.at)
        if not wide:
            return False
        self.width = max(_COLUMNS[match[1]] for match in re.finditer(_ADDRESS, wide[0]))
        return True

    def _keep(self):
        """Leave everything up to the next row to the walk. Returns whether there is one. After too many pieces, leave
        all.
        """
        following = self.content.find(b"<row ", self.at + 1) if len(self.kept) < MAX_PIECES else -1
        self.kept.append(self.content[self.at : None if following < 0 else following])
        self.at = following
        return following >= 0


@cache
def _row(width):
    """The expression of a row whose cells stand in the first `width` columns; groups: number, other attributes."""
    last = get_column_letter(width)
    columns = f"[A-{last}]"
    if len(last) == 2:
        before = f"|[A-{chr(ord(last[0]) - 1)}][A-Z]" if last[0] > "A" else ""
        columns = f"(?:{last[0]}[A-{last[1]}]{before}|[A-Z])"
    cell = rb'<c r="' + columns.encode() + rb'\1"' + _STYLE + _REST_OF_CELL
    attributes = rb"((?: [a-zA-Z0-9:]{1,30}+=" + _VALUE + rb")*+)"
    return re.compile(rb'<row r="([1-9][0-9]{0,5}+)"' + attributes + rb"(?:/>|>(?:" + cell + rb")*+</row>)[ \t\r\n]*+")


def _is_unicode(content):
    if content.isascii():
        return True
    decoder, view = getincrementaldecoder("utf-8")(), memoryview(content)
    try:
        pieces = (decoder.decode(view[at : at + 2**20]) for at in range(0, len(view), 2**20))
        return not any("\ufffe" in piece or "\uffff" in piece for piece in pieces)
    except UnicodeDecodeError:
        return False


def _note_hidden(forms, hidden):
    """Whether the attributes of all rows are well formed; hidden rows are added to the set."""
    for form, numbers in forms.items():
        rows = []
        try:
            walk(b"<row%s/>" % form, start=lambda _tag, attributes, rows=rows: rows.append(attributes))
        except expat.ExpatError:  # an attribute twice
            return False
        if "r" in rows[0]:
            return False
        if is_hidden(rows[0]):
            hidden.update(numbers)
    return True


def _note_cells(content, runs, sheet):
    cells = content.count(b"<c r=")
    sheet.saw(cells)
    shared = content.count(b' t="s"')
    sheet.length += max(len(content) - cells * _CELL_MARKUP, 0) + _shared_length(content, shared, sheet.lengths)
    percent = {style.encode() for style in sheet.styles.percent}
    shapes = {style.encode(): code for style, code in sheet.styles.shapes.items()}
    for pattern in _remarkable(content, runs, [*sheet.styles.percent, *sheet.styles.shapes]):
        for start, end in runs:
            for cell in pattern.finditer(content, start, end):
                column, row, style, kind, formula, value = cell.groups()
                sheet.cells.judge(
                    (int(row), _COLUMNS[column] - 1),
                    unescape(value.decode()) if value and kind == b"e" else value,
                    kind=kind.decode() if kind else "n",
                    formula=bool(formula),
                    percent=style in percent,
                    shape=shapes.get(style),
                )


def _remarkable(content, runs, remarkable_styles):
    """Expressions for the cells of which the library tells too little; none where a plain search finds no such cell."""
    # One letter is looked for much faster than two, and most sheets of figures hold no such letter at all.
    if any(content.find(b"f", start, end) >= 0 <= content.find(b"<f", start, end) for start, end in runs):
        yield _cell(formula=_FORMULA)
    if b' t="e"' in content:
        yield _cell(kind=b"e")
    if remarkable_styles:
        styles = "|".join(sorted(remarkable_styles)).encode()
        yield _cell(style=rb' s="(' + styles + rb')"(?: t="(n)")?+', kind=None)


def _cell(*, style=rb'(?: s="([0-9]{1,5}+)")?+', kind=rb"[a-zA-Z]++", formula=rb"(?:" + _FORMULA + rb")?+"):
    """Groups: column, row, style, type, formula, value."""
    if kind == b"e":
        style += rb' t="(e)"'
    elif kind:
        style += rb'(?: t="(' + kind + rb')")?+'
    value = rb"(?:<v(?: xml:space=\"preserve\")?+>([^<]*+)</v>)?+"
    return re.compile(_ADDRESS + style + _MARKS + rb">(" + formula + rb")" + value)


def _shared_length(content, count, lengths):
    """Characters of all shared texts of a sheet: at most, when few or short ones are used, else added up."""
    bound = count * max(lengths, default=0)
    if bound <= MAX_QUICK_BOUND:
        return bound
    used = Counter(re.findall(rb' t="s"><v>([0-9]{1,7})</v>', content))
    return sum(times * lengths[int(place)] for place, times in used.items())
