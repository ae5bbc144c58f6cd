"""Whatever is wrong with a workbook that can still be read: its marked copy is made, and holds the same values."""

import re
from functools import cache
from io import BytesIO
from zipfile import ZipFile

from hypothesis import assume, given
from hypothesis import strategies as st

from evaluation.resources.reading.refusals import UnreadableWorkbook
from tests.properties import examples
from tests.resources.markup.marking import copy_of, parts, read_rows
from tests.resources.markup.test_again import painted
from tests.resources.markup.test_comments import commented
from tests.resources.uploads import written

ATTRIBUTE = re.compile(rb' [\w:]+="([^"<]*)"')
ELEMENT = re.compile(rb"<[\w:]+[^<>]*/>|<([\w:]+)[^<>]*>[^<>]*</\1>")
VALUES = [b"", b"-1", b"0", b"99999", b"x", b"A1"]


@cache
def workbooks():
    """Fresh ones, and copies that were marked before."""
    fresh = [painted(), written(commented)]
    return [parts(data) for data in (*fresh, *(copy_of(data, "A1", "B9") for data in fresh))]


def corrupted(content, choose):
    """A part with one attribute or element dropped, doubled or changed."""
    pattern, change = choose([(ATTRIBUTE, "drop"), (ATTRIBUTE, "change"), (ELEMENT, "drop"), (ELEMENT, "double")])
    found = list(pattern.finditer(content))
    assume(found)
    one = choose(found)
    if change == "change":
        return content[: one.start(1)] + choose(VALUES) + content[one.end(1) :]
    return content[: one.start()] + (one[0] * 2 if change == "double" else b"") + content[one.end() :]


def values(data):
    """What is read, without empty cells at the ends of rows: a marked cell widens its sheet."""
    return {
        title: [[cell for cell in row if cell is not None] for row in rows] for title, rows in read_rows(data).items()
    }


@examples(150)
@given(drawn=st.data())
def test_a_copy_is_always_made(drawn):
    def choose(among):
        return among[drawn.draw(st.integers(0, len(among) - 1))]

    content = dict(choose(workbooks()))
    part = choose([name for name in content if "theme" not in name and not name.startswith("docProps")])
    content[part] = corrupted(content[part], choose)
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        for name, each in content.items():
            archive.writestr(name, each)
    try:
        before = values(out.getvalue())
    except UnreadableWorkbook:
        assume(False)
    assume("s" in before)
    after = values(copy_of(out.getvalue(), "A1", "B1", "C7"))
    assert after["s"] == before["s"]
