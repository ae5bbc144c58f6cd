"""The check before calamine reads an .xlsx: how large its archive unpacks, and where its cells are.

calamine aborts the process on a cell at XFD1048576, unpacks without limit, and reads errors and uncalculated formulas
as empty. So the visible sheets, their texts and their styles are unpacked here under limits and checked; they alone are
passed on, in a fresh archive. docs/decisions/0004-xlsx-guard.md says why no child process reads .xlsx.
"""

import struct
import zlib
from dataclasses import dataclass, field
from io import BytesIO
from xml.parsers import expat
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from . import ods_walk
from .clean_copy import CleanCopy
from .parts import CellStyles, cell_styles, sheets_of, text_lengths
from .refusals import (
    BINARY,
    BOMB,
    DAMAGED,
    ENCRYPTED,
    MACROS,
    MAX_CELLS,
    OTHER_KIND,
    TOO_MUCH_TEXT,
    UnreadableWorkbook,
    too_many_cells,
)
from .row_scanner import cut_rows
from .sheet_walk import SheetWalk, walk

MAX_UNZIPPED_BYTES = 80 * 2**20
MAX_PARTS = 2_000
WORST_RATIO = 200  # of zipped to unzipped; real sheets stay under 60
RATIO_FROM = 8 * 2**20
MAX_TEXT = 60_000_000  # characters in all cells, counting a shared text wherever it is used

DAMAGE = (
    BadZipFile,
    struct.error,
    zlib.error,
    EOFError,
    expat.ExpatError,
    NotImplementedError,
    ValueError,
    LookupError,
    OverflowError,
)
WORKBOOK, RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
ODS_MANIFEST = "meta-inf/manifest.xml"
STYLES, TEXTS = "xl/styles.xml", "xl/sharedstrings.xml"


@dataclass
class Guarded:
    """An archive that may be read: its bytes, and {title: Cells} of its visible sheets, in order.

    The sheets of a fresh .xlsx are named by their place; an .ods is unchanged and is read in the child process.
    """

    data: bytes = b""
    is_ods: bool = False
    sheets: dict = field(default_factory=dict)


def guarded(data, name):
    """The checked archive as `Guarded`. Raises UnreadableWorkbook."""
    try:
        with ZipFile(BytesIO(data)) as archive:
            return _check(archive, data, name)
    except DAMAGE as error:
        raise UnreadableWorkbook(DAMAGED) from error


def _check(archive, data, name):
    entries = {}
    for entry in archive.infolist():
        part = entry.filename.replace("\\", "/").lstrip("/")
        if entry.flag_bits & 1:
            raise UnreadableWorkbook(ENCRYPTED)
        if entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):  # no office program uses another
            raise UnreadableWorkbook(DAMAGED)
        entries[part.lower()] = entry
    if len(entries) > MAX_PARTS:
        raise UnreadableWorkbook(BOMB)
    if any(part.endswith("vbaproject.bin") for part in entries):
        raise UnreadableWorkbook(MACROS)
    if "xl/workbook.bin" in entries:
        raise UnreadableWorkbook(BINARY)
    if "encrypted-package" in entries:  # how LibreOffice writes an .ods with a password since its version 24.2
        raise UnreadableWorkbook(ENCRYPTED)
    if "content.xml" in entries and "mimetype" in entries:
        return _check_ods(archive, entries, name, len(data))
    if WORKBOOK not in entries:
        raise UnreadableWorkbook(OTHER_KIND, name=name)
    try:
        return _check_xlsx(archive, entries, len(data), quickly=True)
    except _Unsure:
        return _check_xlsx(archive, entries, len(data), quickly=False)


def _check_xlsx(archive, entries, size, *, quickly):
    with CleanCopy() as copy:
        return _Xlsx(_Unpacker(archive, size), entries, copy, quickly=quickly).check()


def _check_ods(archive, entries, name, size):
    unpack = _Unpacker(archive, size)
    if b"opendocument.spreadsheet" not in unpack(entries["mimetype"]):
        raise UnreadableWorkbook(OTHER_KIND, name=name)
    manifest = entries.get(ODS_MANIFEST)
    if manifest and b"encryption-data" in unpack(manifest):
        raise UnreadableWorkbook(ENCRYPTED)
    return Guarded(is_ods=True, sheets=ods_walk.cells_of(unpack(entries["content.xml"])))


class _Unpacker:
    """Reads parts of the archive and stops at the limits, whatever sizes the archive claims."""

    def __init__(self, archive, zipped):
        self.archive, self.zipped, self.unpacked = archive, zipped, 0

    def __call__(self, entry):
        chunks = []
        with self.archive.open(entry) as part:
            while chunk := part.read(2**18):
                self.unpacked += len(chunk)
                if self.unpacked > min(MAX_UNZIPPED_BYTES, max(RATIO_FROM, WORST_RATIO * self.zipped)):
                    raise UnreadableWorkbook(BOMB)
                chunks.append(chunk)
        return b"".join(chunks)


class _Unsure(Exception):
    """The quick scan is over a limit, but only by an upper bound: check exactly."""


class _Xlsx:
    """One workbook, checked part by part; `quickly`: by the row scanner where it is sure, else by the walk alone."""

    def __init__(self, unpack, entries, copy, *, quickly):
        self.unpack, self.entries, self.copy, self.quickly = unpack, entries, copy, quickly
        self.area = self.text = 0
        self.lengths, self.styles = [], CellStyles()

    def check(self):
        """The workbook as `Guarded`. Raises `_Unsure` when only a walk over everything can tell."""
        sheets, dates_from_1904 = sheets_of(*(self.unpack(self.entries[part]) for part in (WORKBOOK, RELATIONS)))
        parts = [sheet.part for sheet in sheets]
        if len(set(parts)) < len(parts) or not {WORKBOOK, RELATIONS, STYLES, TEXTS}.isdisjoint(parts):
            raise UnreadableWorkbook(DAMAGED)
        self._read_styles_and_texts()
        cells = {}
        for place, sheet in enumerate(sheets):
            content = self.unpack(self.entries[sheet.part])
            cells[sheet.title] = self._walk_sheet(sheet.title, content)
            self.copy.add_sheet(place, content)
        return Guarded(data=self.copy.finish(len(sheets), dates_from_1904=dates_from_1904), sheets=cells)

    def _read_styles_and_texts(self):
        if STYLES in self.entries:
            content = self.unpack(self.entries[STYLES])
            self.styles = cell_styles(content)
            self.copy.add_styles(content)
        if TEXTS in self.entries:
            content = self.unpack(self.entries[TEXTS])
            self.lengths = text_lengths(content)
            self.copy.add_texts(content)

    def _walk_sheet(self, title, content):
        sheet = SheetWalk(title, self.styles, self.lengths)
        rest = cut_rows(content, sheet) if self.quickly else content
        sheet.doubt_numbers(rest)
        walk(rest, start=sheet.start, end=sheet.end, text=sheet.characters)
        self.area += sheet.highest_row * sheet.highest_column
        self.text += sheet.length
        if self.quickly and (self.area > MAX_CELLS or self.text > MAX_TEXT):
            raise _Unsure
        if self.area > MAX_CELLS:
            raise too_many_cells()
        if self.text > MAX_TEXT:
            raise UnreadableWorkbook(TOO_MUCH_TEXT)
        return sheet.cells
