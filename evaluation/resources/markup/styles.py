"""The styles part. A marked cell keeps its style but for the fill, and our fill tells what the old fill was.

Programs renumber styles whenever they save, so a stored number would be worthless. Our fills have shades that look
alike: shade 0 stands for no fill, shade n for the fill of row n of the hidden palette sheet. So the old fill of a
marked cell is known wherever the cell is moved or sorted to.
"""

from functools import cached_property

from lxml import etree

from .names import FAULT, WARNING
from .package import MAIN, Odd

MAX_STYLES = 64_000  # Excel's limit is 65,490
MAX_SHADES = 128
_BLUE_STEPS = 16  # shades with the same green
_BASES = {FAULT: (0xC4, 0xC8), WARNING: (0xEC, 0x9C)}  # green and blue of shade 0; red is FE, which no palette offers


class Styles:
    """The cell styles of a workbook. Raises Odd where fills or styles are missing."""

    def __init__(self, package, part):
        self.package, self.part, self.root = package, part, package.look(part)
        self.fills, self.xfs = self._child("fills"), self._child("cellXfs")
        if self.fills is None or self.xfs is None or not len(self.fills) or not len(self.xfs):
            raise Odd("styles")
        self.our_fills = {
            place: kind_and_shade for place, fill in enumerate(self.fills) if (kind_and_shade := _shade_of(fill))
        }
        self.marked_styles = {place for place, xf in enumerate(self.xfs) if int(xf.get("fillId", 0)) in self.our_fills}
        self.shades, self.fill_of_shade, self.known_styles = {0: 0}, {}, {}

    def _child(self, name):
        return self.root.find(f"{{{MAIN}}}{name}")

    # -- marks ----------------------------------------------------------------------------------

    def remember(self, palette):
        """Take over an earlier palette, {shade: style of its row}."""
        self.fill_of_shade = {shade: self._fill_of(style) for shade, style in palette.items()}

    def palette(self):
        """The styles of the rows of the palette sheet, from shade 1."""
        fills = sorted(self.shades, key=self.shades.get)[1:]
        return [self._like(0, fill) for fill in fills]

    def base(self, style):
        """The style that a cell had before it was marked."""
        if style not in self.marked_styles:
            return style
        _kind, shade = self.our_fills[self._fill_of(style)]
        return self._like(style, self.fill_of_shade.get(shade, 0))

    def marked(self, style, kind):
        """The style like this unmarked one, with the fill of `kind` (fault or warning)."""
        key = style, kind
        if key not in self.known_styles:
            fill = self._fill_of(style)
            shade = self.shades.setdefault(fill, len(self.shades)) if len(self.shades) < MAX_SHADES else 0
            self.known_styles[key] = self._like(style, self.fill(colour(kind, shade)))
        return self.known_styles[key]

    def _fill_of(self, style):
        if not 0 <= style < len(self.xfs):
            raise Odd("style")
        return int(self.xfs[style].get("fillId", 0))

    @cached_property
    def _places(self):
        """{what an xf says: its index}, the first one where several say the same."""
        places = {}
        for place, xf in enumerate(self.xfs):
            places.setdefault(_says(xf), place)
        return places

    def _like(self, style, fill):
        """The style that differs from this one by its fill only."""
        xf = self.xfs[style]
        wanted = _says(xf, fill)
        if wanted not in self._places:
            new = etree.fromstring(etree.tostring(xf, with_tail=False))
            new.set("fillId", str(fill))
            new.set("applyFill", "1")
            self._places[wanted] = self._append(self.xfs, new)
        return self._places[wanted]

    # -- parts of styles ------------------------------------------------------------------------

    def fill(self, rgb):
        """The index of the solid fill of this colour."""
        return self._index("fills", _element("fill", _element("patternFill", _solid(rgb), patternType="solid")))

    def font(self, *, size=10, bold=False, underlined=False, rgb=None):
        """The index of the font of this kind."""
        parts = [_element("b")] * bold + [_element("u")] * underlined
        parts += [_element("sz", val=str(size))] + ([_element("color", rgb=rgb)] if rgb else [])
        return self._index("fonts", _element("font", "".join(parts) + _element("name", val="Tahoma")))

    def border(self, rgb):
        """The index of the thin border of this colour."""
        line = _element("color", rgb=rgb)
        sides = "".join(_element(side, line, style="thin") for side in ("left", "right", "top", "bottom"))
        return self._index("borders", _element("border", sides + _element("diagonal")))

    def style(self, *, fill=0, font=0, border=0, text=True, **alignment):
        """The index of a cell style. Its text stays text when somebody types into the cell."""
        parts = {"numFmtId": 49 if text else 0, "fontId": font, "fillId": fill, "borderId": border, "xfId": 0}
        applied = dict.fromkeys(("NumberFormat", "Font", "Fill", "Border", "Alignment"), "1")
        attributes = {"quotePrefix": "1"} | {f"apply{name}": value for name, value in applied.items()}
        xf = etree.Element(f"{{{MAIN}}}xf", {name: str(value) for name, value in parts.items()} | attributes)
        etree.SubElement(xf, f"{{{MAIN}}}alignment", **alignment)
        wanted = _says(xf)
        if wanted not in self._places:
            self._places[wanted] = self._append(self.xfs, xf)
        return self._places[wanted]

    def _index(self, name, source):
        parent, new = self._child(name), etree.fromstring(source)
        if parent is None:
            raise Odd(name)
        plain = _plain(new)
        for place, child in enumerate(parent):
            if _plain(child) == plain:
                return place
        return self._append(parent, new)

    def _append(self, parent, new):
        if len(parent) >= MAX_STYLES:
            raise Odd("too many styles")
        self.package.edit(self.part)
        parent.append(new)
        parent.set("count", str(len(parent)))
        return len(parent) - 1


def colour(kind, shade):
    """The colour of a mark, as ARGB."""
    green, blue = _BASES[kind]
    return f"FFFE{green + shade // _BLUE_STEPS:02X}{blue + shade % _BLUE_STEPS:02X}"


_SHADES = {colour(kind, shade): (kind, shade) for kind in _BASES for shade in range(MAX_SHADES)}


def _shade_of(fill):
    """(kind, shade) of a fill of ours, else None."""
    pattern = fill.find(f"{{{MAIN}}}patternFill")
    if pattern is None or pattern.get("patternType") != "solid":
        return None
    foreground = pattern.find(f"{{{MAIN}}}fgColor")
    return _SHADES.get(foreground.get("rgb", "").upper()) if foreground is not None else None


def _says(xf, fill=None):
    """What makes an xf differ from another, with this fill in place of its own."""
    attributes = {name: value for name, value in xf.attrib.items() if name not in ("fillId", "applyFill")}
    fill = int(xf.get("fillId", 0)) if fill is None else fill
    return frozenset(attributes.items()), fill, tuple(_plain(child) for child in xf)


def _plain(element):
    """The content of an element, independent of its namespace prefix."""
    inner = tuple(_plain(child) for child in element)
    return etree.QName(element).localname, frozenset(element.attrib.items()), element.text if not inner else "", inner


def _element(name, inner="", **attributes):
    said = "".join(f' {key}="{value}"' for key, value in attributes.items())
    return f'<{name} xmlns="{MAIN}"{said}>{inner}</{name}>'


def _solid(rgb):
    return _element("fgColor", rgb=rgb) + _element("bgColor", indexed="64")
