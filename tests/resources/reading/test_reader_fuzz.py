"""Broken uploads of every format: reading gives a book or a sentence, and nothing else."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from evaluation.resources.reading.reader import read
from evaluation.resources.reading.refusals import UnreadableWorkbook
from tests.properties import examples
from tests.resources.uploads import written

pytestmark = pytest.mark.office

PLACES = st.integers(0, 2**16)  # of the length of the file
SNIPPETS = st.sampled_from(
    [b"", b"\x00", b"\xff\xff\xff\xff", b"-1", b"1e999", b"99999999999", b"<", b"&", b'"', b"PK\x03\x04", b"A1", b"e"]
)
CHANGES = st.lists(
    st.tuples(PLACES, st.sampled_from([0, 1, 4, 512]), SNIPPETS | st.binary(max_size=3) | PLACES),
    min_size=1,
    max_size=4,
)
FORMATS = ("xlsx", "ods", "xls", "csv")


def broken(content, changes):
    """At each place some bytes go, and others come: given ones, or a piece from elsewhere."""
    for place, gone, come in changes:
        at = place * len(content) // 2**16
        if isinstance(come, int):
            start = come * len(content) // 2**16
            come = content[start : start + 64]
        content = content[:at] + come + content[at + gone :]
    return content


def repacked(data, part, changes):
    """The archive with one part broken: its checksums are right."""
    out = BytesIO()
    with ZipFile(BytesIO(data)) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        names = old.namelist()
        for name in names:
            content = old.read(name)
            new.writestr(name, broken(content, changes) if name == names[part % len(names)] else content)
    return out.getvalue()


def by_xlsxwriter(book):
    page = book.add_worksheet("s")
    page.write_row(0, 0, ["متن", 12, 1.5, True])
    page.write_formula("A2", "=1/0", None, "#DIV/0!")
    page.write_number("B2", 0.5, book.add_format({"num_format": "0%"}))
    page.merge_range("A3:B4", "x")


@pytest.fixture(scope="module")
def good(office):
    uploads = {kind: office[kind]["remarkable"] for kind in FORMATS}
    return [*uploads.items(), ("xlsx", written(by_xlsxwriter))]


def check(data, name):
    try:
        book = read(data, name)
    except UnreadableWorkbook:
        return
    assert all(len(row.values) <= 200 for sheet in book.sheets for row in sheet.rows)


@examples(100, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 4), CHANGES, st.none() | st.integers(0, 20))
def test_reading_never_fails_otherwise(good, choice, changes, part):
    kind, data = good[choice]
    packed = part is not None and kind in ("xlsx", "ods")
    check(repacked(data, part, changes) if packed else broken(data, changes), f"a.{kind}")
