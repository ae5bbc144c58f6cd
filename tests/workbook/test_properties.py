"""A workbook's own properties, written and read back; hostile ones read as none."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from evaluation.workbook import Column, Sheet, build, properties_of

PART = "docProps/custom.xml"
GIVEN = {"workbook": "self", "cycle": "12", "exported_by": "کاربر <&> یک", "schema": "1"}


def workbook(custom=GIVEN):
    return build([Sheet(title="s", columns=[Column(code="a", heading="a")])], custom=custom)


def replaced(content):
    out = BytesIO()
    with ZipFile(BytesIO(workbook())) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, content if name == PART else old.read(name))
    return out.getvalue()


def test_they_come_back():
    assert properties_of(workbook()) == GIVEN


def test_a_workbook_without_any():
    assert properties_of(workbook({})) == {}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x03\x04 cut",
        "کد,نام".encode(),
        workbook()[:-40],
        replaced(b"<Properties><broken"),
        replaced(b"\xff\xfe"),
        replaced(b"<Properties>" + b"<property name='a'><v>1</v></property>" * 10_000 + b"</Properties>"),
        replaced(b"<!DOCTYPE p [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><p><property name='a'>&e;</property></p>"),
    ],
    ids=["nothing", "a start", "text", "cut off", "broken", "no characters", "too many", "an entity"],
)  # named, since the bytes hold the time and every worker must collect the same
def test_what_cannot_be_read_has_none(data):
    assert properties_of(data) == {}
