"""A marked copy comes back: earlier marks go, what lay under them shows again, people's own marks stay."""

import pytest
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font, GradientFill, PatternFill
from openpyxl.styles.colors import Color

from evaluation.resources.markup import SUMMARY_TITLE
from evaluation.resources.markup.styles import colour
from tests.resources.markup.marking import (
    RED,
    SAID,
    YELLOW,
    copy_of,
    differing,
    fault,
    fills,
    note,
    notes,
    opened,
    parts,
    read_rows,
)
from tests.resources.markup.test_kept import rich
from tests.resources.uploads import changed, saved, workbook, written

LIGHT = "FFDDEEFF"
pytestmark = pytest.mark.filterwarnings("ignore:.*not supported and will be removed")  # openpyxl, when it looks


def painted():
    """A sheet whose cells wear fills of several kinds, and a note of its owner."""
    book = Workbook()
    page = book.active
    page.title = "s"
    page.append(["a", "b", "c", "d", "e"])
    page["A1"].fill = PatternFill("solid", start_color=LIGHT)
    page["B1"].fill = PatternFill("solid", start_color=Color(theme=4, tint=0.6))
    page["C1"].fill = GradientFill(stop=("FF112233", "FF445566"))
    page["D1"].font, page["D1"].comment = Font(bold=True, name="Tahoma"), Comment("mine\n", "Ali")
    return saved(book)


def looks(data, sheet="s"):
    """{address: everything of a cell's style} of the cells that are there."""
    cells = [cell for row in opened(data)[sheet].iter_rows() for cell in row]
    return {
        cell.coordinate: (repr(cell.fill), repr(cell.font), repr(cell.border), cell.number_format, repr(cell.alignment))
        for cell in cells
    }


@pytest.mark.parametrize("times", [1, 2, 3])
def test_clean_again_it_looks_as_before(times):
    data = copy = painted()
    for _time in range(times):
        copy = copy_of(copy, "A1", "B1", "C1", "D1", "G4", warnings=["E1"])
    assert set(fills(opened(copy)["s"])) == {"A1", "B1", "C1", "D1", "E1", "G4"}
    clean = copy_of(copy)
    assert looks(clean) == looks(data)
    assert notes(opened(clean)["s"]) == {"D1": "mine\n"}
    assert opened(clean).sheetnames == ["s"]


def test_clean_again_the_sheet_has_its_old_bytes():
    data = written(rich)
    clean = copy_of(copy_of(data, "B3", "A4", "H30", sheet="نمره‌ها"))
    altered, new, gone = differing(data, clean)
    assert (new, gone) == (set(), set())
    assert "xl/worksheets/sheet1.xml" not in altered
    assert parts(clean)["xl/worksheets/_rels/sheet1.xml.rels"].count(b"<Relationship ") == 3
    assert b"comments2" not in parts(clean)["[Content_Types].xml"]


def test_what_is_mended_loses_its_mark_and_the_rest_keeps_it():
    first = copy_of(painted(), "A1", "B1", fault("D1", "Old."), warnings=["E1"])
    again = copy_of(first, "A1", fault("D1", "New."), warnings=["B1"])
    page = opened(again)["s"]
    shown = fills(page)
    assert {cell: shown[cell] for cell in ("A1", "B1", "D1")} == {
        "A1": colour("fault", 1),
        "B1": colour("warning", 2),
        "D1": RED,
    }
    assert "E1" not in shown
    assert notes(page) == {"A1": note(SAID), "B1": note(f"Warning: {SAID}"), "D1": "mine\n\n\n" + note("New.")}


def test_marking_twice_does_not_grow():
    first = copy_of(painted(), "A1", "D1")
    second = copy_of(first, "A1", "D1")
    assert parts(first).keys() == parts(second).keys()
    assert opened(second).sheetnames == [SUMMARY_TITLE, "s", "_marks"]
    for part in ("xl/styles.xml", "xl/worksheets/sheet1.xml", "xl/comments/comment1.xml"):
        assert parts(first)[part] == parts(second)[part], part


def test_marks_move_with_their_cells_and_styles_are_numbered_anew():
    """Another program saved the copy: cells were moved, styles, parts and strings got other numbers."""
    data = painted()
    book = opened(copy_of(data, "A1", "C1", "D1"))
    book["s"].insert_rows(1, 3)
    book["s"]["F9"].fill = PatternFill("solid", start_color="FF00FF00")
    clean = copy_of(saved(book))
    shown = looks(clean)
    assert {cell: shown[f"{cell}4"] for cell in "ABCDE"} == {cell: looks(data)[f"{cell}1"] for cell in "ABCDE"}
    assert fills(opened(clean)["s"])["F9"] == "FF00FF00"


def test_without_the_palette_the_marks_go_all_the_same():
    book = opened(copy_of(painted(), "A1", "D1"))
    del book["_marks"]
    del book[SUMMARY_TITLE]
    assert set(fills(opened(copy_of(saved(book)))["s"])) == {"B1", "C1"}


def test_what_people_write_below_our_lines_stays():
    book = opened(copy_of(workbook(["a", "b"], title="s"), "A1", "B1"))
    for cell in ("A1", "B1"):
        book["s"][cell].comment = Comment(book["s"][cell].comment.text + "\nasked Ali", "me")
    assert notes(opened(copy_of(saved(book), fault("A1", "New.")))["s"]) == {
        "A1": "\nasked Ali\n\n" + note("New."),
        "B1": "\nasked Ali",
    }


def test_copies_of_the_list_go_too_and_names_are_shifted_back():
    book = opened(copy_of(written(rich), "B3", sheet="نمره‌ها"))
    book.copy_worksheet(book[SUMMARY_TITLE]).title = f"{SUMMARY_TITLE} (2)"
    book.active = book["second"]
    clean = opened(copy_of(saved(book)))
    assert clean.sheetnames == ["نمره‌ها", "second", "hidden"]
    assert (clean.active.title, clean["نمره‌ها"].print_title_rows) == ("second", "$1:$1")
    assert clean["second"].defined_names["local"].attr_text == "second!$B$2"


def test_formulas_in_a_removed_list_leave_the_chain_of_calculation():
    def related(content):
        link = b'<Relationship Id="rId99" Type="http://x/calcChain" Target="calcChain.xml"/></Relationships>'
        return content.replace(b"</Relationships>", link)

    def typed(content):
        return content.replace(b"</Types>", b'<Override PartName="/xl/calcChain.xml" ContentType="x/y"/></Types>')

    chain = {"xl/calcChain.xml": b"<calcChain/>", "xl/_rels/workbook.xml.rels": related, "[Content_Types].xml": typed}
    first = copy_of(workbook(["a"], title="s"), "A1")
    again = parts(copy_of(changed(first, **chain), "A1"))
    assert "xl/calcChain.xml" not in again
    assert b"calcChain" not in again["[Content_Types].xml"] + again["xl/_rels/workbook.xml.rels"]


def test_a_correction_is_read_and_the_list_is_not_data():
    data = workbook(["code", "score"], ["1", "x"], ["2", 5], title="s")
    book = opened(copy_of(data, "B2", warnings=["B3"]))
    assert list(read_rows(saved(book))) == [SUMMARY_TITLE, "s"]
    book["s"]["B2"] = 4
    assert read_rows(saved(book))["s"] == [["code", "score"], ["1", 4], ["2", 5]]
    assert read_rows(copy_of(saved(book))) == {"s": [["code", "score"], ["1", 4], ["2", 5]]}


def test_a_workbook_of_nothing_but_our_sheets_stays_readable():
    book = opened(copy_of(workbook(["a"], title="s"), "A1"))
    del book["s"]
    copy = opened(copy_of(saved(book), "A1"))
    assert copy.sheetnames == [SUMMARY_TITLE, "1"]


def test_people_may_wear_colours_close_to_ours():
    book = Workbook()
    page = book.active
    page.title = "s"
    page.append([1, 2])
    page["A1"].fill, page["B1"].fill = (PatternFill("solid", start_color=rgb) for rgb in ("FFFFC7CE", "FFFFEB9C"))
    assert fills(opened(copy_of(copy_of(saved(book))))["s"]) == {"A1": "FFFFC7CE", "B1": "FFFFEB9C"}
    assert {RED, YELLOW} == {"FFFEC4C8", "FFFEEC9C"}
