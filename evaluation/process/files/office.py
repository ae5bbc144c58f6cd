"""What is inside Office files: which program wrote them, macros, a password. Nothing of them is opened or run."""

import re
from collections.abc import Iterable
from typing import IO
from zipfile import BadZipFile, ZipFile, ZipInfo

from . import kinds

SECTOR = 128  # bytes of an entry in the directory of an OLE file
PIECE = 2**20
VBA = ("_VBA_PROJECT", "_VBA_PROJECT_CUR", "VBA")
ENCRYPTED = ("EncryptedPackage",)


class Damaged(Exception):
    """An archive that cannot be read."""


def ole_names(file: IO[bytes]) -> set[str]:
    """Names of the streams and storages of an OLE file among those that matter to us.

    An entry of its directory has 128 bytes: the name in UTF-16, its length in bytes with the closing zero at 64, and
    the kind at 66. Directories may lie anywhere, so the file is read in pieces; what only looks like an entry is not
    counted.
    """
    wanted = [*VBA, *ENCRYPTED, *sum(kinds.OLE_STREAMS.values(), ())]
    names: set[str] = set()
    rest = b""
    file.seek(0)
    while piece := file.read(PIECE):  # a multiple of the size of an entry
        names.update(name for name in wanted if has_entry(rest + piece, name))
        rest = piece[-SECTOR:]
    file.seek(0)
    return names


def has_entry(data: bytes, name: str) -> bool:
    encoded = name.encode("utf-16-le")
    for match in re.finditer(re.escape(encoded + b"\0\0"), data):
        at = match.start()
        length, kind = data[at + 64 : at + 66], data[at + 66 : at + 67]
        if int.from_bytes(length, "little") == len(encoded) + 2 and kind in (b"\x01", b"\x02"):
            return True
    return False


def members(file: IO[bytes]) -> list[ZipInfo]:
    """The entries of a ZIP file. Raises Damaged."""
    try:
        with ZipFile(file) as archive:
            return archive.infolist()
    except (BadZipFile, ValueError, OSError, NotImplementedError, UnicodeError) as error:
        raise Damaged from error
    finally:
        file.seek(0)


def odf_type(file: IO[bytes]) -> str:
    """`text`, `spreadsheet` or `presentation` of an OpenDocument file, or "". Raises Damaged."""
    try:
        with ZipFile(file) as archive, archive.open("mimetype") as member:
            stated = member.read(200).decode("ascii", "replace").strip()
    except KeyError:
        return ""
    except (BadZipFile, ValueError, OSError, NotImplementedError, RuntimeError) as error:
        raise Damaged from error
    finally:
        file.seek(0)
    return stated.removeprefix("application/vnd.oasis.opendocument.") if "opendocument" in stated else ""


def has_macros(names: Iterable[str]) -> bool:
    """Whether the names of a document's members are those of one with macros."""
    lower = [name.lower() for name in names]
    return any(name.endswith("vbaproject.bin") or name.startswith(("basic/", "scripts/")) for name in lower)
