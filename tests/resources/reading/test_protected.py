"""Workbooks with a password are refused as such, whatever their kind; hidden columns are noted."""

import struct
from io import BytesIO
from zipfile import ZipFile

import pytest
from openpyxl import Workbook

from evaluation.resources.reading import refusals
from evaluation.resources.reading.reader import read
from tests.resources.office import FORMATS, converted
from tests.resources.uploads import changed, refusal, saved

BOF, PASSWORD = 0x0809, 0x002F
MANIFEST = (
    b'<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    b'<manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/></manifest:file-entry>'
    b"</manifest:manifest>"
)


def with_hidden_columns():
    book = Workbook()
    book.active.append(["کد", "نام", "عدد", "شرح"])
    book.active.append([1, 2, 3, 4])
    for letter in "BD":
        book.active.column_dimensions[letter].hidden = True
    return saved(book)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder, plain = tmp_path_factory.mktemp("protected"), {"hidden": with_hidden_columns()}
    return {to: converted(folder, plain, to)["hidden"] for to in FORMATS}


def archive(**parts):
    out = BytesIO()
    with ZipFile(out, "w") as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return out.getvalue()


@pytest.mark.office
@pytest.mark.parametrize("kind", FORMATS)
def test_hidden_columns_are_noted(made, kind):
    assert read(made[kind], f"a.{kind}").sheets[0].notes.hidden_columns == {1, 3}


@pytest.mark.office
@pytest.mark.parametrize("method", [0, 1])
def test_an_xls_with_a_password(made, method):
    data = bytearray(made["xls"])
    first = data.find(struct.pack("<HHH", BOF, 16, 0x0600)) + 20  # the record after the beginning of the workbook
    struct.pack_into("<H", data, first, PASSWORD)
    struct.pack_into("<H", data, first + 4, method)
    assert refusal(bytes(data), "a.xls") == str(refusals.ENCRYPTED)


@pytest.mark.office
def test_an_ods_with_a_password(made):
    parts = {"META-INF/manifest.xml": MANIFEST, "content.xml": b"\x17\x03\x99encrypted"}
    assert refusal(changed(made["ods"], **parts), "a.ods") == str(refusals.ENCRYPTED)
    whole = {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "encrypted-package": b"\x17\x03\x99"}
    assert refusal(archive(**whole), "a.ods") == str(refusals.ENCRYPTED)
