"""Marking a workbook: remove earlier marks, mark the cells and notes of each sheet, add the list in front."""

from pathlib import PurePosixPath

from lxml import etree

from ..reading.guard import DAMAGE
from ..reading.reader import read
from ..tables.our_sheets import SUMMARY_TITLE
from .boxes import Clusters
from .cells import SheetXml
from .comments import SheetComments
from .marks import by_sheet
from .names import FAULT, PALETTE_TITLE
from .package import Odd, Package
from .rebuilt import rebuilt
from .sheets import WORKBOOK, Sheets
from .styles import Styles
from .summary import names_of, palette, summary

ODD = (Odd, etree.LxmlError, *DAMAGE)
SUFFIX = "-marked"


def marked(data, file_name, faults, *, warnings=(), title="", left_out=0):
    """(bytes, file name) of an .xlsx: the uploaded workbook with its faults marked.

    `faults` and `warnings` are those of a run's report; `left_out` counts faults that the report does not list. Earlier
    marks are removed; without faults and warnings nothing else is done. An upload of another kind, or a workbook that
    cannot be changed in place, is returned as a plain workbook of the values that were read. Raises UnreadableWorkbook.
    """
    stem = PurePosixPath(str(file_name).replace("\\", "/")).stem.removesuffix(SUFFIX)
    more = {"title": title, "left_out": left_out}
    try:
        made = _edited(data, faults, warnings, **more)
    except ODD:
        plain, titles = rebuilt(read(data, file_name))
        made = _edited(plain, faults, warnings, titles=titles, **more)
    return made, f"{stem}{SUFFIX}.xlsx"


def _edited(data, faults, warnings, *, title, left_out, titles=None):
    package = Package(data)
    sheets = Sheets(package)
    part = next((part for _key, kind, part in package.relations(WORKBOOK) if kind == "styles"), None)
    styles = Styles(package, part or "xl/styles.xml")
    if old := sheets.palette():
        styles.remember(_remembered(package.look(old)))
    parts, copied = dict(sheets.worksheets()), titles is not None
    titles = {theirs: ours for theirs, ours in (titles or {name: name for name in parts}).items() if ours in parts}
    reports, clusters = by_sheet(faults, warnings), Clusters(package)
    marks = {titles[sheet]: marks_of_sheet for sheet, marks_of_sheet in reports.items() if sheet in titles}
    for name, part_of_sheet in parts.items():
        _mark_sheet(package, part_of_sheet, marks.get(name, {}), styles, clusters, front=bool(faults or warnings))
    sheets.remove_ours()
    if faults or warnings:
        looks = {"title": title, "titles": titles, "left_out": left_out, "copied": copied}
        sheets.add(SUMMARY_TITLE, summary(faults, warnings, styles, **looks), first=True)
        for name in names_of(len(faults) + len(warnings)):
            sheets.name_in_first(*name)
        if under := styles.palette():
            sheets.add(PALETTE_TITLE, palette(under), hidden=True)
    sheets.finish(front=bool(faults or warnings))
    return package.saved()


def _mark_sheet(package, part, marks, styles, clusters, *, front):
    sheet = SheetXml(package.read(part))
    before = sheet.content
    if marks:
        marks = _at_anchors(marks, sheet.anchors(marks))
    if front:
        sheet.deselect()
    if marks or styles.marked_styles:
        kinds = {}
        for (row, column), mark in marks.items():
            kinds.setdefault(row, {})[column] = mark.kind
        sheet.restyle(kinds, styles)
    SheetComments(package, part, sheet, clusters).write(marks)
    if sheet.content is not before:
        package.put(part, sheet.content)


def _at_anchors(marks, anchors):
    """The marks of a merged range together at its first cell, the only visible one."""
    joined = {}
    for at, mark in marks.items():
        seen = joined.setdefault(anchors.get(at, at), type(mark)())
        seen.lines += mark.lines
        seen.kind = mark.kind if mark.kind == FAULT else seen.kind
    return joined


def _remembered(root):
    """{shade: style} of an earlier palette sheet."""
    cells = (cell for cell in root.iter("{*}c") if cell.get("r", "").startswith("A"))
    return {int(cell.get("r")[1:]): int(cell.get("s", 0)) for cell in cells}
