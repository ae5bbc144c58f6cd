"""What is read of a workbook beside its cells: the list of sheets, the shared texts, the percent formats."""

import posixpath
from dataclasses import dataclass, field

from .number_formats import BUILT_IN, PERCENT_IDS, shapes, shows_percent
from .refusals import DAMAGED, MAX_CELLS, UnreadableWorkbook, too_many_cells
from .sheet_walk import walk

_HIDDEN = {"hidden", "veryHidden"}


@dataclass(frozen=True)
class SheetPart:
    """A visible sheet of cells: its title, and the name of its part in lower case."""

    title: str
    part: str


def sheets_of(workbook, relations):
    """(the visible sheets of cells in order, whether dates count from 1904), from the workbook and its relations."""
    targets, sheets, titles, dates_from_1904 = _targets(relations), [], set(), False

    def start(tag, attributes):
        nonlocal dates_from_1904
        if tag == "workbookPr":
            dates_from_1904 = attributes.get("date1904") in ("1", "true")
        elif tag == "sheet":
            title = attributes["name"]
            if title in titles:
                raise UnreadableWorkbook(DAMAGED)
            titles.add(title)
            key = next((value for name, value in attributes.items() if name.rpartition(":")[2] == "id"), "")
            part, has_cells = targets[key]
            if has_cells and attributes.get("state") not in _HIDDEN:
                sheets.append(SheetPart(title, part))

    walk(workbook, start=start)
    return sheets, dates_from_1904


def _targets(relations):
    """{relation id: (part in lower case, whether it is a sheet of cells)}."""
    styles = {}

    def start(tag, attributes):
        if tag == "Relationship":
            part = posixpath.normpath(posixpath.join("/xl", attributes["Target"]))[1:].lower()
            styles[attributes["Id"]] = part, attributes.get("Type", "").endswith("/worksheet")

    walk(relations, start=start)
    return styles


def text_lengths(content):
    """The length of each shared text in characters, in order. Raises UnreadableWorkbook for more texts than cells."""
    lengths, open_texts = [], []

    def start(tag, _attributes):
        if tag == "si":
            if open_texts:  # libraries disagree on how to number the texts after it
                raise UnreadableWorkbook(DAMAGED)
            open_texts.append(tag)
            lengths.append(0)
            if len(lengths) > MAX_CELLS:
                raise too_many_cells()

    def end(tag):
        if tag == "si":
            open_texts.pop()

    def text(characters):
        if lengths:
            lengths[-1] += len(characters)

    walk(content, start=start, end=end, text=text)
    return lengths


@dataclass
class CellStyles:
    """Cell styles by their index as text: `percent` show a percentage; `shapes`, {index: format}, more than digits."""

    percent: set = field(default_factory=set)
    shapes: dict = field(default_factory=dict)


def cell_styles(content):
    """The `CellStyles` of a workbook, from its part of styles."""
    formats, styles, inside = dict(BUILT_IN), [], []

    def start(tag, attributes):
        if tag == "cellXfs":
            inside.append(tag)
        elif tag == "numFmt":
            formats[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
        elif tag == "xf" and inside:
            styles.append(int(attributes.get("numFmtId", 0)))

    def end(tag):
        if tag == "cellXfs":
            inside.pop()

    walk(content, start=start, end=end)
    percent = PERCENT_IDS | {number for number, code in formats.items() if shows_percent(code)}
    shaping = {number: code for number, code in formats.items() if number not in percent and shapes(code)}
    numbered = [(str(place), number) for place, number in enumerate(styles)]
    return CellStyles(
        {place for place, number in numbered if number in percent},
        {place: shaping[number] for place, number in numbered if number in shaping},
    )
