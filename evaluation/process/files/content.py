"""Whether a file's content fits its name: read from its bytes, never believed from the browser."""

from tempfile import SpooledTemporaryFile
from typing import IO
from zipfile import BadZipFile, ZipFile, ZipInfo

from django.conf import settings
from django.utils.translation import gettext as _

from evaluation.persian import localise_digits

from . import kinds, office

MAX_MEMBERS = 1_000
MAX_UNPACKED = 10  # times the largest upload: no archive of documents holds more
IN_MEMORY = 2**20
JUNK = ("__macosx/", ".ds_store", "thumbs.db", "desktop.ini")  # what systems put into archives by themselves
ENCRYPTED = 0x1  # bit of a member's flags


def fault(file: IO[bytes], name: str) -> str:
    """A sentence that says why the content of an open file may not be kept under this name; "" when it may.

    `file` can be read from any place; it stands at its beginning afterwards.
    """
    suffix = kinds.suffix_of(name)
    if suffix in kinds.WITH_MACROS:
        return macros(name)
    if suffix not in kinds.accepted():
        return other_kind(name, suffix)
    file.seek(0)
    head = file.read(kinds.HEAD)
    file.seek(0)
    if not head:
        return _("The file “%(name)s” is empty, so nothing was stored. Choose the right file.") % {"name": name}
    try:
        return inside(file, name, suffix, head)
    except office.Damaged:
        text = _(
            "The file “%(name)s” is damaged and cannot be opened, so it was not stored. Save it anew and try again."
        )
        return text % {"name": name}


def inside(file: IO[bytes], name: str, suffix: str, head: bytes) -> str:
    """The sentence for what lies behind the first bytes, or ""."""
    if suffix in kinds.OLE_STREAMS:
        return of_old_office(file, name, suffix, head)
    if suffix in kinds.OOXML_FOLDERS or suffix in kinds.ODF_TYPES:
        return of_office(file, name, suffix, head)
    if suffix == "zip":
        return of_archive(file, name) if head.startswith(kinds.ZIP) else unfit(name, suffix, head)
    return "" if fits(suffix, head) else unfit(name, suffix, head)


def fits(suffix: str, head: bytes) -> bool:
    """Whether the first bytes are those of this kind. A kind that the setting adds and no table knows is believed."""
    if suffix == "pdf":
        return kinds.is_pdf(head)
    if suffix == "mp4":
        return kinds.is_mp4(head)
    if suffix in kinds.TEXTS:
        return kinds.is_text(head)
    return suffix not in kinds.BEGINNINGS or head.startswith(kinds.BEGINNINGS[suffix])


def of_old_office(file: IO[bytes], name: str, suffix: str, head: bytes) -> str:
    if not head.startswith(kinds.OLE):
        return unfit(name, suffix, head)
    names = office.ole_names(file)
    if names & set(office.VBA):
        return macros(name)
    return "" if names & set(kinds.OLE_STREAMS[suffix]) else unfit(name, suffix, head)


def of_office(file: IO[bytes], name: str, suffix: str, head: bytes) -> str:
    if head.startswith(kinds.OLE) and "EncryptedPackage" in office.ole_names(file):
        return locked(name)
    if not head.startswith(kinds.ZIP):
        return unfit(name, suffix, head)
    names = [member.filename for member in office.members(file)]
    if office.has_macros(names):
        return macros(name)
    if suffix in kinds.OOXML_FOLDERS:
        right = any(member.startswith(kinds.OOXML_FOLDERS[suffix]) for member in names)
    else:
        right = office.odf_type(file) == kinds.ODF_TYPES[suffix]
    return "" if right else unfit(name, suffix, head)


def of_archive(file: IO[bytes], name: str) -> str:
    """The sentence for the first member of a ZIP that may not be kept, or ""."""
    members = [member for member in office.members(file) if not member.is_dir() and not is_junk(member.filename)]
    if not members:
        return _("The archive “%(name)s” holds no file, so it was not stored.") % {"name": name}
    most = MAX_UNPACKED * settings.UPLOAD_MAX_BYTES
    if len(members) > MAX_MEMBERS or sum(member.file_size for member in members) > most:
        text = _(
            "The archive “%(name)s” holds more than %(count)s files or %(megabytes)s megabytes, so it was not stored. "
            "Divide it into several archives."
        )
        numbers = {"count": localise_digits(MAX_MEMBERS), "megabytes": localise_digits(most // 2**20)}
        return text % {"name": name, **numbers}
    if any(member.flag_bits & ENCRYPTED for member in members):
        return locked(name)
    try:
        with ZipFile(file) as archive:
            return next(filter(None, (of_member(archive, member, name) for member in members)), "")
    except (BadZipFile, ValueError, OSError, NotImplementedError, RuntimeError, EOFError) as error:
        raise office.Damaged from error
    finally:
        file.seek(0)


def is_junk(path: str) -> bool:
    return path.lower().startswith(JUNK[0]) or path.rpartition("/")[2].lower() in JUNK


def of_member(archive: ZipFile, member: ZipInfo, name: str) -> str:
    """The sentence for one member, or "". It is unpacked into memory, a large one into a temporary file."""
    inner = member.filename.rpartition("/")[2]
    if ".." in member.filename.split("/") or member.filename.startswith("/"):
        sentence = _("its path leads out of the archive")
    elif kinds.suffix_of(inner) in kinds.ARCHIVES:
        sentence = _("an archive inside an archive is not opened")
    else:
        with SpooledTemporaryFile(IN_MEMORY) as unpacked:
            with archive.open(member) as packed:
                while piece := packed.read(IN_MEMORY):
                    unpacked.write(piece)
            sentence = fault(unpacked, inner) if member.file_size else ""
    if not sentence:
        return ""
    text = _("The archive “%(name)s” was not stored because of “%(member)s” in it: %(reason)s")
    return text % {"name": name, "member": member.filename, "reason": sentence}


def unfit(name: str, suffix: str, head: bytes) -> str:
    if seen := kinds.looks_like(head):
        text = _(
            "The file “%(name)s” was not stored: its content is not that of a .%(suffix)s file but looks like "
            "“%(seen)s”. Open it in its program and save it as .%(suffix)s, or choose the right file."
        )
        return text % {"name": name, "suffix": suffix, "seen": seen}
    text = _(
        "The file “%(name)s” was not stored: its content is not that of a .%(suffix)s file. Open it in its program and "
        "save it as .%(suffix)s, or choose the right file."
    )
    return text % {"name": name, "suffix": suffix}


def other_kind(name: str, suffix: str) -> str:
    text = _(
        "The file “%(name)s” was not stored: files of the kind “%(suffix)s” are not accepted. Accepted: %(allowed)s."
    )
    return text % {"name": name, "suffix": suffix or "—", "allowed": " ".join(kinds.accepted())}


def macros(name: str) -> str:
    text = _(
        "The file “%(name)s” was not stored: it holds macros, that is programs. Save it without macros (.docx, .xlsx, "
        ".pptx) and choose it again."
    )
    return text % {"name": name}


def locked(name: str) -> str:
    text = _(
        "The file “%(name)s” was not stored: it is locked with a password, so its content cannot be checked. Take the "
        "password off and choose it again."
    )
    return text % {"name": name}
