"""The check before the fast library: what a workbook's archive unpacks to, and where its cells stand.

calamine aborts the process on a cell at XFD1048576, unpacks without limit, and reads errors and uncalculated formulas
as empty. So the archive is unpacked here under limits, every part is walked by a streaming parser, and only the
parts that were seen are handed on, in a fresh archive.
"""

import zlib
from dataclasses import dataclass, field
from io import BytesIO
from xml.parsers import expat
from zipfile import ZIP_STORED, BadZipFile, ZipFile

from .refusals import (
    BINARY,
    BOMB,
    DAMAGED,
    ENCRYPTED,
    MACROS,
    MOST_CELLS,
    OTHER_KIND,
    PERCENT_IN_ODS,
    TOO_MUCH_TEXT,
    UnreadableWorkbook,
    too_many_cells,
)
from .sheet_walk import SheetWalk, percent_styles, targets, text_lengths, walk

MOST_UNZIPPED = 80 * 2**20
MOST_PARTS = 2_000
WORST_RATIO = 200  # of zipped to unzipped; real sheets stay under 60
RATIO_FROM = 8 * 2**20
MOST_TEXT = 60_000_000  # characters in all cells, counting a shared text wherever it is used

DAMAGE = (
    BadZipFile,
    zlib.error,
    EOFError,
    expat.ExpatError,
    NotImplementedError,
    ValueError,
    LookupError,
    UnicodeError,
)
_SKIPPED = ("/pivot", "/drawings/", "/charts/", "/theme/", "/calcchain", "/externallinks/", "/comments", "/threaded")


@dataclass
class Guarded:
    """An archive that may be read: the fresh bytes, and what is known of each sheet's cells by its title."""

    data: bytes = b""
    is_ods: bool = False
    sheets: dict = field(default_factory=dict)

    def cells(self, title):
        return self.sheets.get(title)


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
        entries[part.lower()] = entry
    if len(entries) > MOST_PARTS:
        raise UnreadableWorkbook(BOMB)
    if any(part.endswith("vbaproject.bin") for part in entries):
        raise UnreadableWorkbook(MACROS)
    if "xl/workbook.bin" in entries:
        raise UnreadableWorkbook(BINARY)
    if "content.xml" in entries and "mimetype" in entries:
        return _check_ods(archive, entries, name, len(data))
    if "xl/workbook.xml" not in entries:
        raise UnreadableWorkbook(OTHER_KIND, name=name)
    return _Xlsx(_Unpacker(archive, len(data)), entries).check()


def _check_ods(archive, entries, name, size):
    unpack = _Unpacker(archive, size)
    if b"opendocument.spreadsheet" not in unpack(entries["mimetype"]):
        raise UnreadableWorkbook(OTHER_KIND, name=name)
    for part, entry in entries.items():
        if part.endswith(".xml"):
            walk(unpack(entry), start=_refuse_percent)
    return Guarded(is_ods=True)


def _refuse_percent(tag, attributes):
    if tag == "table-cell" and "percentage" in attributes.values():
        raise UnreadableWorkbook(PERCENT_IN_ODS)


class _Unpacker:
    """Reads parts of the archive and stops at the limits, whatever the archive says of its sizes."""

    def __init__(self, archive, zipped):
        self.archive, self.zipped, self.unpacked = archive, zipped, 0

    def __call__(self, entry):
        chunks = []
        with self.archive.open(entry) as part:
            while chunk := part.read(2**18):
                self.unpacked += len(chunk)
                if self.unpacked > min(MOST_UNZIPPED, max(RATIO_FROM, WORST_RATIO * self.zipped)):
                    raise UnreadableWorkbook(BOMB)
                chunks.append(chunk)
        return b"".join(chunks)


class _Xlsx:
    def __init__(self, unpack, entries):
        self.unpack, self.entries = unpack, entries
        self.out = BytesIO()
        self.area = self.text = 0
        self.lengths, self.percent_styles, self.titles = [], set(), {}

    def check(self):
        found = {}
        with ZipFile(self.out, "w", ZIP_STORED) as clean:
            for part in self._wanted():
                content = self.unpack(self.entries[part])
                clean.writestr(self.entries[part].filename.replace("\\", "/").lstrip("/"), content)
                if part == "xl/workbook.xml":
                    sheets = self._sheets(content)
                elif part == "xl/_rels/workbook.xml.rels":
                    self.titles = {target: sheets[key] for key, target in targets(content) if key in sheets}
                elif part == "xl/sharedstrings.xml":
                    self.lengths = text_lengths(content)
                elif part == "xl/styles.xml":
                    self.percent_styles = percent_styles(content)
                else:
                    found[part] = self._walk_sheet(part, content)
        sheets = {title: found.get(part) for part, title in self.titles.items()}
        return Guarded(data=self.out.getvalue(), sheets=sheets)

    def _wanted(self):
        """The parts that are read, those first that others refer to."""
        first = ["xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/sharedstrings.xml", "xl/styles.xml"]
        rest = [
            part
            for part in self.entries
            if part not in first
            and part.endswith((".xml", ".rels"))
            and (part.startswith("xl/") or part in ("[content_types].xml", "_rels/.rels"))
            and not any(skipped in part for skipped in _SKIPPED)
        ]
        return [part for part in first if part in self.entries] + rest

    def _sheets(self, content):
        sheets = {}

        def start(tag, attributes):
            if tag == "sheet":
                key = next((value for name, value in attributes.items() if name.rpartition(":")[2] == "id"), "")
                if attributes["name"] in sheets.values():
                    raise UnreadableWorkbook(DAMAGED)
                sheets[key] = attributes["name"]

        walk(content, start=start)
        return sheets

    def _walk_sheet(self, part, content):
        sheet = SheetWalk(self.titles.get(part, part), self.percent_styles, self.lengths)
        walk(content, start=sheet.start, end=sheet.end, text=sheet.characters)
        self.area += sheet.highest_row * sheet.highest_column
        if self.area > MOST_CELLS:
            raise too_many_cells()
        self.text += sheet.length
        if self.text > MOST_TEXT:
            raise UnreadableWorkbook(TOO_MUCH_TEXT)
        return sheet.cells
