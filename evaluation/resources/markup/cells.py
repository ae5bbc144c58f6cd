"""The XML of one sheet, changed at the marked cells and nowhere else.

A tree of a large sheet would take gigabytes, and writing it would change everything. So rows and cells are found in the
bytes; sheets in which text could look like a tag are refused.
"""

import re
from bisect import bisect_left, bisect_right
from xml.parsers import expat

from openpyxl.utils import get_column_letter

from .marks import place
from .package import MAIN, OFFICE, Odd

_DATA = re.compile(rb"<((?:[\w.-]+:)?)sheetData(?=[\s/>])[^>]*?(/?)>")
_ROW = re.compile(rb"<((?:[\w.-]+:)?)row(?=[\s/>])([^>]*?)(/?)>")
_CELL = re.compile(rb"<((?:[\w.-]+:)?)c(?=[\s/>])([^>]*?)(/?)>")
_ATTRIBUTE = re.compile(rb"\s([\w.:-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_STYLE = re.compile(rb"\ss\s*=\s*(?:\"[^\"]*\"|'[^']*')")
_SPANS = re.compile(rb"\sspans\s*=\s*(?:\"[^\"]*\"|'[^']*')")
_SELECTED = re.compile(rb"(<(?:[\w.-]+:)?sheetView(?=\s)[^>]*?)\stabSelected\s*=\s*[\"'](?:1|true)[\"']")
_COLUMN = re.compile(rb"<(?:[\w.-]+:)?col(?=\s)([^>]*?)/?>")
_FORMAT = re.compile(rb"<(?:[\w.-]+:)?sheetFormatPr(?=\s)([^>]*?)/?>")
_MERGE = re.compile(rb"<(?:[\w.-]+:)?mergeCell(?=\s)([^>]*?)/?>")
_DRAWING = re.compile(rb"<(?:[\w.-]+:)?legacyDrawing(?=\s)([^>]*?)(?:/>|>\s*</(?:[\w.-]+:)?legacyDrawing\s*>)")
_AFTER_DRAWING = {"legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts"}
_AFTER_DRAWING |= {"extLst", "AlternateContent"}


class SheetXml:
    """One sheet's `content` (bytes), and what the notes need of its columns and rows. Raises Odd for unusual XML."""

    def __init__(self, content):
        declared = re.match(rb"[^<]*<\?xml[^>]*encoding=[\"']([\w-]+)", content)
        if declared and declared[1].lower() not in (b"utf-8", b"us-ascii", b"ascii"):
            raise Odd("encoding")
        if b"<![CDATA[" in content or b"<!--" in content or b"<!DOCTYPE" in content:
            raise Odd("not only tags")
        self.content, self.heights = content, {}
        self._find_data()
        if MAIN.encode() not in content[: self.start]:
            raise Odd("namespace")
        self.columns = [_attributes(match[1]) for match in _COLUMN.finditer(content, 0, self.start)]
        formats = _FORMAT.search(content, 0, self.start)
        self.format = _attributes(formats[1]) if formats else {}

    def _find_data(self):
        data = _DATA.search(self.content)
        if not data:
            raise Odd("no cells")
        self.prefix = data[1]
        if data[2]:  # <sheetData/>
            empty = b"<%ssheetData></%ssheetData>" % (data[1], data[1])
            self.content = self.content[: data.start()] + empty + self.content[data.end() :]
            data = _DATA.search(self.content)
        self.start = data.end()
        self.end = self.content.rfind(b"</%ssheetData" % self.prefix)

    # -- cells ----------------------------------------------------------------------------------

    def anchors(self, places):
        """{place: the first cell of its merged range}, for those of these places that are inside one."""
        by_row, anchors = {}, {}
        for row, column in places:
            by_row.setdefault(row, []).append(column)
        rows = sorted(by_row)
        for merge in _MERGE.finditer(self.content, self.end):
            first, _colon, last = _attributes(merge[1]).get("ref", "").partition(":")
            (top, left), (bottom, right) = place(first) or (1, 1), place(last) or (0, 0)
            for row in rows[bisect_left(rows, top) : bisect_right(rows, bottom)]:
                anchors |= {(row, column): (top, left) for column in by_row[row] if left <= column <= right}
        return anchors

    def restyle(self, marks, styles):
        """Give marked cells ({row: {column: kind}}) their style, and cells of an earlier mark-up their own again."""
        marked = b"|".join(str(style).encode() for style in sorted(styles.marked_styles))
        marked = re.compile(rb"\ss\s*=\s*[\"'](?:%s)[\"']" % marked) if marked else None
        out, at, waiting, added = [], 0, sorted(marks), 0
        for number, attributes, start, inner, close, end in self._rows():
            while added < len(waiting) and waiting[added] < number:
                out += [self.content[at:start], self._new_row(waiting[added], marks, styles)]
                at, added = start, added + 1
            wanted = marks.get(number, {})
            if wanted:
                added += 1
            if wanted or (marked and marked.search(self.content, start, end)):
                out += [self.content[at:start], self._row(number, attributes, (start, inner, close), wanted, styles)]
                at = end
        out += [self.content[at : self.end], *(self._new_row(row, marks, styles) for row in waiting[added:])]
        changed = b"".join(out)
        self.content = changed + self.content[self.end :]
        self.end = len(changed)

    def _rows(self):
        """(number, attributes, start, start of the cells, their end, end) of each row; notes the heights."""
        number, at = 0, self.start
        while match := _ROW.search(self.content, at, self.end):
            attributes = _attributes(match[2])
            before, number = number, int(attributes.get("r", number + 1))
            if number <= before or match[1] != self.prefix:
                raise Odd("rows")
            if "ht" in attributes or "hidden" in attributes:
                self.heights[number] = attributes
            inner = close = at = match.end()
            if not match[3]:
                close = self.content.index(b"</%srow" % match[1], inner)
                at = self.content.index(b">", close) + 1
            yield number, attributes, match.start(), inner, close, at

    def _row(self, number, attributes, places, wanted, styles):
        start, inner, close = places
        inherited = int(attributes["s"]) if attributes.get("customFormat") in ("1", "true") else None
        cells, made = self._cells(number, (inner, close), wanted, inherited, styles)
        if not cells.strip() and set(attributes) <= {"r", "spans"}:
            return b""  # the row was made for a mark
        head = self.content[start:inner].rstrip(b"/>").rstrip()
        return b"%s>%s</%srow>" % (_SPANS.sub(b"", head) if made else head, cells, self.prefix)

    def _cells(self, number, places, wanted, inherited, styles):
        """(the cells of one row, how many are new)"""
        start, end = places
        out, column, at, waiting, standing = [], 0, start, sorted(wanted), 0
        while match := _CELL.search(self.content, at, end):
            attributes = _attributes(match[2])
            column = (place(attributes.get("r")) or (number, column + 1))[1]
            while waiting and waiting[0] < column:
                out.append(self._new_cell(number, waiting.pop(0), wanted, inherited, styles))
            stop = match.end()
            if not match[3]:
                stop = self.content.index(b">", self.content.index(b"</%sc>" % match[1], stop)) + 1
            cell = self.content[match.end() : stop]
            old = int(attributes.get("s", 0))
            style = base = styles.base(old)
            if column in wanted:
                waiting.remove(column)
                standing += 1
                style = styles.marked(base, wanted[column])
            empty = not cell.strip() or cell.strip() == b"</%sc>" % match[1]
            made = style != old and empty and style == self._inherited(column, inherited)  # for a mark alone
            out += [self.content[at : match.start()], b"" if made else _with_style(match, old, style) + cell]
            at = stop
        out.append(self.content[at:end])
        out += [self._new_cell(number, column, wanted, inherited, styles) for column in waiting]
        return b"".join(out), len(wanted) - standing

    def _inherited(self, column, row_style):
        """The style that a cell without an element has."""
        if row_style is not None:
            return row_style
        own = next(
            (attributes for attributes in self.columns if int(attributes["min"]) <= column <= int(attributes["max"])),
            {},
        )
        return int(own.get("style", 0))

    def _new_cell(self, row, column, wanted, inherited, styles):
        style = styles.marked(styles.base(self._inherited(column, inherited)), wanted[column])
        return b'<%sc r="%s%d" s="%d"/>' % (self.prefix, get_column_letter(column).encode(), row, style)

    def _new_row(self, row, marks, styles):
        cells = b"".join(self._new_cell(row, column, marks[row], None, styles) for column in sorted(marks[row]))
        return b'<%srow r="%d">%s</%srow>' % (self.prefix, row, cells, self.prefix)

    # -- round the cells ------------------------------------------------------------------------

    def deselect(self):
        """Deselect the sheet: what is typed goes into all selected sheets, so only the first stays selected."""
        head, selected = _SELECTED.subn(rb"\1", self.content[: self.start])
        if selected:
            self._replace(0, self.start, head)

    def drawing(self):
        """The relation id of the part that draws the notes, or None."""
        match = _DRAWING.search(self.content, self.end)
        named = _attributes(match[1]) if match else {}
        return next((value for name, value in named.items() if name.rpartition(":")[2] == "id"), None)

    def draw(self, key):
        """Enter the part that draws the notes, at the place that Excel requires."""
        where = next((at for name, at in self._after_cells() if name in _AFTER_DRAWING), None)
        where = self.content.rindex(b"</") if where is None else where
        tag = b'<%slegacyDrawing xmlns:r="%s" r:id="%s"/>' % (self.prefix, OFFICE.encode(), key.encode())
        self._replace(where, where, tag)

    def undraw(self):
        """Remove the entry of the part that draws the notes."""
        match = _DRAWING.search(self.content, self.end)
        self._replace(match.start(), match.end(), b"")

    def _after_cells(self):
        """[(name, start)] of the elements after the cells."""
        elements, depth = [], 0
        parser = expat.ParserCreate()

        def opened(name, _attributes):
            nonlocal depth
            depth += 1
            if depth == 2:
                elements.append((name.rpartition(":")[2], parser.CurrentByteIndex))

        def closed(_name):
            nonlocal depth
            depth -= 1

        parser.StartElementHandler, parser.EndElementHandler = opened, closed
        parser.Parse(self.content[: self.start], False)
        parser.Parse(self.content[self.end :], True)
        skipped = self.end - self.start
        return [(name, at + skipped) for name, at in elements if at >= self.start]

    def _replace(self, start, end, new):
        self.content = self.content[:start] + new + self.content[end:]
        if end <= self.start:
            self.start, self.end = self.start + len(new) - (end - start), self.end + len(new) - (end - start)


def _attributes(tag):
    return {name.decode(): (plain or quoted).decode() for name, plain, quoted in _ATTRIBUTE.findall(tag)}


def _with_style(match, old, new):
    """The start tag of a cell with another style."""
    if old == new:
        return match[0]
    said = b' s="%d"' % new if new else b""
    tag, replaced = _STYLE.subn(said, match[0])
    if replaced:
        return tag
    close = b"/>" if match[3] else b">"
    return tag.removesuffix(close).rstrip() + said + close
