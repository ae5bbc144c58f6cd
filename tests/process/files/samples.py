"""Small files of many kinds, made in memory."""

from io import BytesIO
from zipfile import ZipFile, ZipInfo

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PDF = b"%PDF-1.7\n1 0 obj\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF"
MP4 = b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00isomiso2avc1mp41"
EXE = b"MZ\x90\x00" + b"\x00" * 200
RAR = b"Rar!\x1a\x07\x01\x00"
SEVEN = b"7z\xbc\xaf\x27\x1c\x00\x04"
TEXT = "گزارش عملکرد\n".encode()


def packed(members):
    """A ZIP of {name: bytes}."""
    made = BytesIO()
    with ZipFile(made, "w") as archive:
        for name, content in members.items():
            archive.writestr(ZipInfo(name), content)  # without the time: the bytes name the tests
    return made.getvalue()


def ooxml(folder, *more):
    return packed(dict.fromkeys(["[Content_Types].xml", f"{folder}/document.xml", *more], b"<x/>"))


def odf(kind, *more):
    members = {"mimetype": f"application/vnd.oasis.opendocument.{kind}".encode(), "content.xml": b"<x/>"}
    return packed(members | dict.fromkeys(more, b"<x/>"))


def ole(*names):
    """The head of an OLE file and a directory with these names, as Word and Excel of 97–2003 write them."""
    entries = b""
    for name in ("Root Entry", *names):
        encoded = name.encode("utf-16-le") + b"\0\0"
        kind = b"\x05" if name == "Root Entry" else b"\x02"
        entries += encoded.ljust(64, b"\0") + len(encoded).to_bytes(2, "little") + kind + b"\0" * 61
    return OLE.ljust(512, b"\0") + entries


def encrypted_zip():
    """A ZIP whose one member says that it is encrypted."""
    made = bytearray(packed({"a.pdf": PDF}))
    for sign, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        made[made.index(sign) + at] |= 1
    return bytes(made)
