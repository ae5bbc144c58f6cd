"""ZIP files whose bytes depend on their content alone: names sorted, one timestamp, no owner."""

import re
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest moment that a ZIP can hold
SAVED_AT = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:\2>)")


def pack(files):
    """The bytes of a ZIP of `files` ({name: bytes}); equal files give equal bytes."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name in sorted(files):
            entry = ZipInfo(name, EPOCH)
            entry.compress_type, entry.create_system, entry.external_attr = ZIP_DEFLATED, 3, 0o644 << 16
            archive.writestr(entry, files[name])
    return out.getvalue()


def settled(workbook):
    """An .xlsx (bytes) without the moment at which it was made, so that equal rows give equal bytes."""
    with ZipFile(BytesIO(workbook)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    core = "docProps/core.xml"
    files[core] = SAVED_AT.sub(rb"\g<1>1980-01-01T00:00:00Z\g<3>", files[core])
    return pack(files)
