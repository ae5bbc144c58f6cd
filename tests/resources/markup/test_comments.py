"""Notes beside those that people wrote: the texts, and the boxes that show them."""

import re

import pytest
from openpyxl import Workbook
from openpyxl.comments import Comment

from tests.resources.markup.marking import SAID, copy_of, fault, note, notes, opened, parts
from tests.resources.uploads import changed, saved, workbook, written

DRAWING = "xl/drawings/vmlDrawing1.vml"


def commented(book):
    page = book.add_worksheet("s")
    page.write_row("A1", ["a", "b", "c"])
    page.write_comment("A1", "از خودم", {"author": "Ali", "visible": True, "width": 100, "height": 20})
    page.write_comment("C3", "of mine")
    page.insert_button("E2", {"caption": "Press"})


def boxes(data, part=DRAWING):
    """[(row, column, anchor)] of the notes' boxes, as the drawing has them."""
    shape = rb"<x:Anchor>([^<]*)</x:Anchor>(?:(?!</v:shape>).)*<x:Row>(\d+)</x:Row><x:Column>(\d+)"
    return [
        (int(row), int(column), anchor.decode())
        for anchor, row, column in re.findall(shape, parts(data)[part], re.DOTALL)
    ]


def test_peoples_notes_stay_and_ours_are_put_below():
    data = written(commented)
    page = opened(copy_of(data, "A1", "B1", warnings=["A1"]))["s"]
    assert notes(page) == {
        "A1": "از خودم\n\n" + note(SAID, f"Warning: {SAID}"),
        "B1": note(SAID),
        "C3": "of mine",
    }
    assert [page[cell].comment.author for cell in ("A1", "B1")] == ["Ali", "سامانهٔ ارزیابی عملکرد"]


def test_each_note_has_one_box_and_other_shapes_stay():
    data = written(commented)
    copy = copy_of(data, "A1", "B1")
    assert [box[:2] for box in boxes(copy)] == [(0, 0), (2, 2), (0, 1)]
    assert parts(copy)[DRAWING].count(b'ObjectType="Button"') == 1
    assert boxes(copy)[1] == boxes(data)[1]
    assert boxes(copy_of(copy))[1] == boxes(data)[1]
    assert [box[:2] for box in boxes(copy_of(copy))] == [(0, 0), (2, 2)]


def test_the_box_of_a_joined_note_grows_with_its_text():
    data = written(commented)
    assert boxes(data)[0][2] == "1, 15, 0, 2, 2, 51, 1, 2"
    grown = boxes(copy_of(data, "A1"))[0]
    assert grown == (0, 0, "1, 15, 0, 2, 2, 51, 6, 15")
    assert boxes(copy_of(copy_of(data, "A1"), "A1"))[0] == grown


def test_a_box_stands_beside_its_cell_whatever_the_columns_and_rows():
    def fill(book):
        page = book.add_worksheet("s")
        page.set_column("B:B", 2)
        page.set_column("C:C", None, None, {"hidden": True})
        page.set_column("D:D", 60)
        for row, height in enumerate([60, 15, 8, 8, 200]):
            page.set_row(row, height)
        page.set_row(3, None, None, {"hidden": True})
        page.write("A1", "x")

    assert [box[2] for box in boxes(copy_of(written(fill), "A1", "A3"))] == ["1, 15, 0, 4, 3, 296, 0, 69"] + [
        "1, 15, 1, 4, 3, 296, 4, 38"
    ]


def test_numbers_of_shapes_are_never_given_twice():
    def fill(book):
        for name in ("s", "t"):
            page = book.add_worksheet(name)
            page.write("A1", "x")
            page.write_comment("A1", "mine")

    cells = [fault(f"B{row}") for row in range(1, 1500)]
    copy = parts(copy_of(written(fill), *cells, fault("C1", sheet="t")))
    drawn = [copy[f"xl/drawings/vmlDrawing{number}.vml"] for number in (1, 2)]
    numbers = [re.findall(rb'<v:shape [^>]*?id="_x0000_s(\d+)"', each) for each in drawn]
    assert [len(each) for each in numbers] == [1500, 2]
    assert len(set(numbers[0] + numbers[1])) == 1502
    assert [re.search(rb'data="([\d,]+)"', each)[1] for each in drawn] == [b"1,3,4", b"2,5"]


def test_openpyxl_names_its_drawings_otherwise():
    book = Workbook()
    book.active.title = "s"
    book.active.append(["a", "b"])
    book.active["A1"].comment = Comment("mine", "Ali")
    drawing = parts(copy_of(saved(book), "B1"))["xl/drawings/commentsDrawing1.vml"]
    assert re.findall(rb'id="_x0000_s(\d+)"', drawing) == [b"1026", b"2049"]
    assert re.findall(rb'idmap [^>]*data="([\d,]+)"', drawing) == [b"1,2"]


def test_a_conversation_of_newer_excels_is_left_alone():
    book = Workbook()
    book.active.title = "s"
    book.active.append(["a", "b"])
    book.active["A1"].comment = Comment("[Threaded comment]\n\nComment:\n    hi", "tc={5CD7-11}")
    page = opened(copy_of(saved(book), "A1", "B1"))["s"]
    assert notes(page) == {"A1": "[Threaded comment]\n\nComment:\n    hi", "B1": note(SAID)}
    assert page["A1"].fill.fill_type == "solid"


def test_drawings_of_old_excels_that_are_no_xml():
    def old(drawing):
        return drawing.replace(b'<div style="text-align:left"></div>', b'<div style="text-align:left">a<br>b</div>')

    data = changed(written(commented), **{DRAWING: old})
    assert parts(data)[DRAWING].count(b"<br>") == 2
    copy = copy_of(data, "A1", "B1")
    assert notes(opened(copy)["s"])["B1"] == note(SAID)
    assert [box[:2] for box in boxes(copy)] == [(0, 0), (2, 2), (0, 1)]


def test_notes_without_a_drawing_get_one_for_ours():
    def bare(page):
        return re.sub(rb"<legacyDrawing [^>]*/>", b"", page)

    data = changed(written(commented), **{"xl/worksheets/sheet1.xml": bare})
    copy = copy_of(data, "A1", "B1")
    assert notes(opened(copy)["s"])["A1"] == "از خودم\n\n" + note(SAID)
    assert [box[:2] for box in boxes(copy, "xl/drawings/vmlDrawing2.vml")] == [(0, 1)]


def test_plain_texts_of_notes_become_runs():
    book = Workbook()
    book.active.title = "s"
    book.active["A1"] = "a"
    book.active["A1"].comment = Comment(" mine ", "Ali")

    def plain(content):
        return re.sub(rb"<text>.*</text>", b"<text><t> mine </t></text>", content, flags=re.DOTALL)

    data = changed(saved(book), **{"xl/comments/comment1.xml": plain})
    copy = copy_of(data, "A1")
    assert notes(opened(copy)["s"]) == {"A1": " mine \n\n" + note(SAID)}
    assert notes(opened(copy_of(copy))["s"]) == {"A1": " mine "}


def test_a_long_note_ends_and_its_box_too():
    copy = copy_of(workbook(["a"], title="s"), fault("A1", "Very long. " * 1000))
    text = notes(opened(copy)["s"])["A1"]
    assert (len(text), text.split("\n")[-1]) == (3036, "────────────")
    assert text.split("\n")[1].endswith("…")


@pytest.mark.parametrize("broken", [b"<comments", b"<!DOCTYPE x><comments/>", b""])
def test_notes_that_cannot_be_read_give_a_plain_copy(broken):
    data = changed(written(commented), **{"xl/comments1.xml": broken})
    copy = opened(copy_of(data, "B1"))
    assert notes(copy["s"]) == {"B1": note(SAID)}
    assert copy["s"]["A1"].value == "a"
