"""The drawing part that shows the notes: one box for each, beside its cell and as large as its text."""

import re
from itertools import count

from lxml import etree

from .names import END
from .package import parsed, written

VML, OFFICE_VML, EXCEL = (f"urn:schemas-microsoft-com:{name}" for name in ("vml", "office:office", "office:excel"))
VML_CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
BOX_WIDTH, LINE_HEIGHT, PADDING, MAX_HEIGHT = 300, 17, 14, 640  # pixels
LETTERS_PER_LINE = 44  # of Tahoma 9 in a line of that width
CLUSTER = 1024  # shapes are numbered in clusters of this size, and each drawing has its own clusters

_CLUSTERS = re.compile(rb"<(?:[\w.-]+:)?idmap\b[^>]*\sdata=[\"']([\d,]+)[\"']")
_OPEN_BREAK = re.compile(rb"<br\s*>")  # old versions of Excel do not close them, which is no XML
_EMPTY_DRAWING = f"""<xml xmlns:v="{VML}" xmlns:o="{OFFICE_VML}" xmlns:x="{EXCEL}"><o:shapelayout v:ext="edit"/>\
<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">\
<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype></xml>"""
_SHAPE = f"""<v:shape xmlns:v="{VML}" xmlns:o="{OFFICE_VML}" xmlns:x="{EXCEL}" id="_x0000_s{{number}}" \
type="#_x0000_t202" style="position:absolute;margin-left:60pt;margin-top:2pt;width:{{width}}pt;height:{{height}}pt;\
z-index:1;visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/>\
<v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>\
<v:textbox style="{{direction}}mso-direction-alt:auto"><div style="text-align:{{side}}"/></v:textbox>\
<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{{anchor}}</x:Anchor>\
<x:AutoFill>False</x:AutoFill>{{aligned}}<x:Row>{{row}}</x:Row><x:Column>{{column}}</x:Column></x:ClientData></v:shape>"""


class Clusters:
    """Gives numbers to shapes that no drawing of the package has."""

    def __init__(self, package):
        parts = [package.read(name) for name in package.names.values() if name.lower().endswith(".vml")]
        taken = [int(number) for part in parts for numbers in _CLUSTERS.findall(part) for number in numbers.split(b",")]
        self.free = count(max(taken, default=0) + 1)

    def numbers(self, drawing):
        """Endless numbers for the shapes of one drawing, in whose list each cluster is entered."""
        for cluster in self.free:
            drawing.claim(cluster)
            yield from range(cluster * CLUSTER + 1, (cluster + 1) * CLUSTER)


class Boxes:
    """The shapes of one drawing part; `content` (bytes) may be None for a new one."""

    def __init__(self, content):
        self.root = parsed(_OPEN_BREAK.sub(b"<br/>", content or _EMPTY_DRAWING.encode()))
        self.notes = {}
        for shape in self.root.iterchildren(f"{{{VML}}}shape"):
            data = shape.find(f"{{{EXCEL}}}ClientData")
            if data is not None and data.get("ObjectType") == "Note":
                at = [int(data.findtext(f"{{{EXCEL}}}{name}", "0")) + 1 for name in ("Row", "Column")]
                self.notes[tuple(at)] = shape
        if content and self.root.find(f"{{{VML}}}shapetype[@id='_x0000_t202']") is None:
            self.root.append(parsed(_EMPTY_DRAWING.encode())[1])

    @property
    def is_empty(self):
        return self.root.find(f"{{{VML}}}shape") is None

    def written(self):
        return written(self.root)

    def claim(self, cluster):
        """Enter a cluster of numbers in the drawing's list."""
        layout = self.root.find(f"{{{OFFICE_VML}}}shapelayout")
        if layout is None:
            layout = etree.Element(f"{{{OFFICE_VML}}}shapelayout", {f"{{{VML}}}ext": "edit"})
            self.root.insert(0, layout)
        idmap = layout.find(f"{{{OFFICE_VML}}}idmap")
        if idmap is None:
            idmap = etree.SubElement(layout, f"{{{OFFICE_VML}}}idmap", {f"{{{VML}}}ext": "edit"})
        idmap.set("data", ",".join(filter(None, (idmap.get("data"), str(cluster)))))

    def remove(self, at):
        """Remove the box of the cell at (row, column)."""
        if at in self.notes:
            self.root.remove(self.notes.pop(at))

    def add(self, at, text, layout, number, *, right_to_left):
        """A box for the note of the cell at (row, column)."""
        width, height = size_of(text)
        box = _SHAPE.format(
            number=number,
            width=width * 3 / 4,
            height=height * 3 / 4,
            anchor=layout.anchor(at, width, height),
            direction="direction:RTL;" if right_to_left else "",
            side="right;direction:rtl" if right_to_left else "left",
            aligned="<x:TextHAlign>Right</x:TextHAlign>" if right_to_left else "",
            row=at[0] - 1,
            column=at[1] - 1,
        )
        self.notes[at] = parsed(box.encode())
        self.root.append(self.notes[at])

    def grow(self, at, text, layout):
        """Enlarge the box of a person's note for the text that was added."""
        anchor = self.notes[at].find(f"{{{EXCEL}}}ClientData/{{{EXCEL}}}Anchor") if at in self.notes else None
        if anchor is None or not anchor.text:
            return
        numbers = [int(number) for number in anchor.text.split(",")]
        width = max(layout.across(numbers[:2], numbers[4:6]), 40)
        missing = size_of(text, width)[1] - layout.down(numbers[2:4], numbers[6:])
        if missing > 0:
            numbers[6:] = layout.below(numbers[6:], missing)
            anchor.text = ", ".join(map(str, numbers))


def size_of(text, width=BOX_WIDTH):
    """(width, height) in pixels of a box that shows the whole text, at most MAX_HEIGHT high."""
    letters = max(LETTERS_PER_LINE * width // BOX_WIDTH, 4)
    lines = sum(1 if line == END else -(-len(line) // letters) or 1 for line in text.split("\n"))
    return width, min(LINE_HEIGHT * lines + PADDING, MAX_HEIGHT)


class Layout:
    """Sizes of columns and rows of a sheet, in pixels at 96 to the inch."""

    def __init__(self, sheet):
        self.sheet = sheet
        default = float(sheet.format.get("defaultColWidth", 8.43 + 0.71))
        self.widths = [
            (
                int(attributes["min"]),
                int(attributes["max"]),
                0 if _hidden(attributes) else _pixels(float(attributes.get("width", default))),
            )
            for attributes in sheet.columns
        ]
        self.usual = _pixels(default)
        self.high = round(float(sheet.format.get("defaultRowHeight", 15)) * 4 / 3)

    def width(self, column):
        """The width of a column, from 0."""
        return next((width for first, last, width in self.widths if first <= column + 1 <= last), self.usual)

    def height(self, row):
        """The height of a row, from 0."""
        attributes = self.sheet.heights.get(row + 1, {})
        if _hidden(attributes):
            return 0
        return round(float(attributes["ht"]) * 4 / 3) if "ht" in attributes else self.high

    def anchor(self, at, width, height):
        """Excel's eight numbers for a box beside the cell: column, pixels, row, pixels, from and to."""
        row, column = at[0] - 1, at[1] - 1
        left, top = [column + 1, 15], [max(row - 1, 0), 4]
        right, bottom = self._on(left, width, self.width), self.below(top, height)
        return ", ".join(map(str, [*left, *top, *right, *bottom]))

    def below(self, start, pixels):
        """[row, pixels inside it], so many pixels below a start of the same form."""
        return self._on(start, pixels, self.height)

    def across(self, start, end):
        """The pixels between two places of the form [column, pixels inside it]."""
        return sum(map(self.width, range(start[0], end[0]))) - start[1] + end[1]

    def down(self, start, end):
        """The pixels between two places of the form [row, pixels inside it]."""
        return sum(map(self.height, range(start[0], end[0]))) - start[1] + end[1]

    def _on(self, start, pixels, size):
        """[index, pixels inside it], so many pixels after `start`."""
        place, rest = start[0], start[1] + pixels
        while rest > size(place):
            rest -= size(place)
            place += 1
        return [place, rest]


def _hidden(attributes):
    return attributes.get("hidden") in ("1", "true")


def _pixels(width):
    return int(width * 7 + 0.5)  # a character of the usual font is 7 pixels wide
