"""What the first bytes of each kind of file are, and which kinds are accepted.

The table is ours, since a kind is refused by it; `puremagic` knows many more kinds and only says what a refused file
looks like.
"""

from collections.abc import Sequence

import puremagic
from django.conf import settings

HEAD = 4096  # bytes that are looked at
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # Word, Excel and PowerPoint until 2003; encrypted files of today
ZIP = (b"PK\x03\x04", b"PK\x05\x06")
TIFF = (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")

BEGINNINGS = {
    "jpg": (b"\xff\xd8\xff",),
    "jpeg": (b"\xff\xd8\xff",),
    "png": (b"\x89PNG\r\n\x1a\n",),
    "gif": (b"GIF87a", b"GIF89a"),
    "tif": TIFF,
    "tiff": TIFF,
    "rar": (b"Rar!\x1a\x07",),
    "7z": (b"7z\xbc\xaf\x27\x1c",),
}
TEXTS = ("txt", "csv")
OLE_STREAMS = {"doc": ("WordDocument",), "xls": ("Workbook", "Book"), "ppt": ("PowerPoint Document",)}
OOXML_FOLDERS = {"docx": "word/", "xlsx": "xl/", "pptx": "ppt/"}
ODF_TYPES = {"odt": "text", "ods": "spreadsheet", "odp": "presentation"}
WITH_MACROS = ("docm", "dotm", "xlsm", "xltm", "xlam", "xlsb", "pptm", "potm", "ppsm")
ARCHIVES = ("zip", "rar", "7z")
LIKELY = 0.3  # what puremagic is less sure of is not named


def suffix_of(name: str) -> str:
    return name.rpartition(".")[2].lower() if "." in name else ""


def accepted() -> Sequence[str]:
    """The accepted suffixes, in the order of the setting."""
    return settings.FILE_KINDS


def looks_like(head: bytes) -> str:
    """The suffix that these bytes would have, or ""."""
    if head.startswith(ZIP):
        return "zip"
    if head.startswith(OLE):
        return "doc / xls / ppt"
    try:
        matches = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):  # ValueError: no bytes
        return ""
    known = (match for match in matches if match.confidence >= LIKELY and match.extension)
    return next((match.extension.removeprefix(".") for match in known), "")


def is_pdf(head: bytes) -> bool:
    return b"%PDF-" in head[:1024]


def is_mp4(head: bytes) -> bool:
    return head[4:8] == b"ftyp"


def is_text(head: bytes) -> bool:
    """Whether these bytes can be a text: UTF-8, an old Persian code page, or UTF-16 with its mark."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    if is_pdf(head) or head.startswith((OLE, *ZIP, b"MZ", b"\x7fELF", *sum(BEGINNINGS.values(), ()))):
        return False
    return not set(head) & UNWRITTEN


UNWRITTEN = set(range(32)) - set(b"\t\n\r\f\x1a\x1b")  # control characters that no text holds
