"""What is read of a workbook beside its cells: the list of sheets, the shared texts, the percent formats."""

import posixpath
import re
from dataclasses import dataclass

from .refusals import DAMAGED, MAX_CELLS, UnreadableWorkbook, too_many_cells
from .sheet_walk import walk

PERCENT_IDS = {9, 10}  # Excel's built-in formats 0% and 0.00%
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.')  # what a number format shows as it stands
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


def percent_styles(content):
    """Indexes, as text, of the cell styles that show a number as a percentage."""
    formats, styles, cell_styles = set(PERCENT_IDS), [], []

    def start(tag, attributes):
        if tag == "cellXfs":
            cell_styles.append(tag)
        elif tag == "numFmt" and shows_percent(attributes.get("formatCode", "")):
            formats.add(int(attributes["numFmtId"]))
        elif tag == "xf" and cell_styles:
            styles.append(int(attributes.get("numFmtId", 0)))

    def end(tag):
        if tag == "cellXfs":
            cell_styles.pop()

    walk(content, start=start, end=end)
    return {str(place) for place, number in enumerate(styles) if number in formats}


def shows_percent(code):
    """Whether a number format multiplies by a hundred: it has a percent sign that is not in quotes."""
    return "%" in _LITERAL.sub("", code)
