"""The marked copy: which cells wear what, what their notes say, and the list in front."""

import re

import pytest
from django.utils import translation
from openpyxl import Workbook
from openpyxl.styles import Border, Font, PatternFill, Side

from evaluation.resources.markup import SUMMARY_TITLE, is_summary, marked
from evaluation.resources.markup.styles import colour
from tests.resources.markup.marking import (
    RED,
    SAID,
    YELLOW,
    copy_of,
    fault,
    fills,
    links,
    note,
    notes,
    opened,
    parts,
    read_rows,
)
from tests.resources.uploads import saved, with_cells, workbook, written


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("نمره‌ها.xlsx", "نمره‌ها-marked.xlsx"),
        ("a-marked.xlsx", "a-marked.xlsx"),
        ("C:\\x\\a.b.xls", "a.b-marked.xlsx"),
    ],
)
def test_its_name(given, name):
    assert marked(workbook(["x"], title="s"), given, [fault("A1")])[1] == name


def test_a_wrong_cell_keeps_its_own_style_under_the_fill():
    book = Workbook()
    page = book.active
    page.title = "s"
    page["B2"] = 12.5
    page["B2"].font, page["B2"].number_format = Font(name="Tahoma", bold=True, color="FF112233"), "0.00"
    page["B2"].border = Border(top=Side(style="double"))
    page["B3"] = 1
    cell = opened(copy_of(saved(book), "B2"))["s"]["B2"]
    assert (cell.value, cell.number_format, cell.fill.start_color.rgb) == (12.5, "0.00", RED)
    assert (cell.font.name, cell.font.b, cell.font.color.rgb) == ("Tahoma", True, "FF112233")
    assert cell.border.top.style == "double"


def test_only_the_named_cells_are_marked():
    data = workbook(["a", "b"], [1, 2], [3, 4], title="s")
    page = opened(copy_of(data, "B2", warnings=["A3"]))["s"]
    assert fills(page) == {"B2": RED, "A3": YELLOW}
    assert notes(page) == {"B2": note(SAID), "A3": note(f"Warning: {SAID}")}


def test_a_fault_outweighs_a_warning_and_the_note_says_all():
    given = [fault("A2", "Not a number."), fault("A2", "Not yours."), fault("A2", "Not yours.")]
    page = opened(copy_of(workbook(["a"], ["x"], title="s"), *given, warnings=[fault("A2", "Far.")]))["s"]
    assert fills(page) == {"A2": RED}
    assert notes(page) == {"A2": note("Not a number.", "Not yours.", "Warning: Far.")}


def test_our_notes_have_our_name_and_room_for_their_text():
    def height(sentence):
        copy = copy_of(workbook(["a"], title="s"), fault("A1", sentence))
        assert opened(copy)["s"]["A1"].comment.author == "سامانهٔ ارزیابی عملکرد"
        return float(re.search(rb"height:([0-9.]+)pt", parts(copy)["xl/drawings/vmlDrawing1.vml"])[1])

    assert [height(text) for text in ("Short.", "x" * 40 + " " + "y" * 40, "Long. " * 100)] == [48.75, 61.5, 214.5]


def test_cells_and_rows_that_are_not_there_are_made_in_their_order():
    data = with_cells(
        '<row r="2"><c r="B2"><v>1</v></c><c r="D2"><v>2</v></c></row><row r="5"><c r="A5"><v>3</v></c></row>'
    )
    copy = copy_of(data, "A1", "A2", "C2", "E2", "B4", "C9", sheet="Sheet")
    assert sorted(fills(opened(copy)["Sheet"])) == ["A1", "A2", "B4", "C2", "C9", "E2"]
    assert read_rows(copy)["Sheet"] == read_rows(data)["Sheet"]
    sheet = parts(copy)["xl/worksheets/sheet1.xml"].decode()
    assert re.findall(r'<c r="(\w+)"', sheet) == ["A1", "A2", "B2", "C2", "D2", "E2", "B4", "A5", "C9"]


def test_a_made_cell_has_the_style_of_its_row_or_column():
    def fill(book):
        page = book.add_worksheet("s")
        page.set_column("B:C", 12, book.add_format({"num_format": "0.0"}))
        page.set_row(4, 30, book.add_format({"num_format": "0.000"}))
        page.write("A1", "x")

    page = opened(copy_of(written(fill), "B3", "C5", "E3"))["s"]
    assert [page[cell].number_format for cell in ("B3", "C5", "E3")] == ["0.0", "0.000", "General"]
    assert fills(page) == {"B3": RED, "C5": RED, "E3": RED}


def test_of_merged_cells_the_first_is_marked():
    book = Workbook()
    book.active.title = "s"
    book.active["A2"] = "x"
    book.active.merge_cells("A2:B4")
    page = opened(copy_of(saved(book), fault("A3", "Three."), fault("B4", "Four.")))["s"]
    assert (fills(page), notes(page)) == ({"A2": RED}, {"A2": note("Three.", "Four.")})


def test_a_colour_of_the_persons_own_lies_under_a_shade_of_its_own():
    book = Workbook()
    page = book.active
    page.title = "s"
    page.append([1, 2, 3])
    page["A1"].fill = PatternFill("solid", start_color="FFDDEEFF")
    page["B1"].fill = PatternFill("lightUp", start_color="FF00FF00")
    copy = opened(copy_of(saved(book), "A1", "B1", "C1"))
    assert fills(copy["s"]) == {"A1": colour("fault", 1), "B1": colour("fault", 2), "C1": RED}
    assert copy["_marks"].sheet_state == "veryHidden"


# -- the list in front ----------------------------------------------------------------------------


def listed(data):
    return [
        [cell for cell in row if cell is not None] for row in opened(data)[SUMMARY_TITLE].iter_rows(values_only=True)
    ]


def test_the_list_in_front_says_where_and_what():
    faults = [
        fault("B2", "Write a number.", cause="number", heading="امتیاز", value="=cmd|' /C calc'!A0"),
        fault("", "A heading is missing.", cause="heading", heading=""),
        fault("A9", "Gone.", sheet="elsewhere"),
    ]
    data = copy_of(workbook(["a", "b"], title="s"), *faults, warnings=["A1"], title="Scores 1403", left_out=7)
    assert listed(data) == [
        ["Scores 1403"],
        ["Faults: 10. Warnings: 1. Another 7 faults are not listed here."],
        [
            "Correct the red cells, save this workbook and upload it again. Yellow cells are warnings. This sheet, the "
            "colours and the notes may stay; they are not read."
        ],
        ["Cause", "Sheet", "Cell", "Column heading", "Value read", "What is wrong and what is allowed"],
        ["Headings", "s", "A heading is missing."],
        ["Mandatory cells left empty", "elsewhere", "A9", "Score", "Gone."],
        ["Cells that hold no number", "s", "B2", "امتیاز", "=cmd|' /C calc'!A0", "Write a number."],
        ["Far from last year's figure", "s", "A1", "Score", SAID],
    ]
    assert links(opened(data)[SUMMARY_TITLE]) == {"C7": "'s'!B2", "C8": "'s'!A1"}


def test_it_stands_first_and_alone_is_selected():
    book = Workbook()
    book.active.title = "one"
    book.create_sheet("it's 2")["A1"] = "x"
    book.active = 1
    copy = opened(copy_of(saved(book), fault("A1", sheet="it's 2")))
    assert copy.sheetnames == [SUMMARY_TITLE, "one", "it's 2"]
    assert copy.active.title == SUMMARY_TITLE
    assert [page.sheet_view.tabSelected for page in copy] == [True, None, None]
    assert links(copy.active) == {"C5": "'it''s 2'!A1"}


def test_no_text_in_it_acts_as_a_formula():
    data = copy_of(workbook(["a"], title="s"), fault("A1", "=1+1", heading="@x", value="+1"), title="=2+2")
    cells = [cell for row in opened(data)[SUMMARY_TITLE].iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert {cell.quotePrefix for cell in cells} == {True}
    assert {cell.number_format for cell in cells} == {"@"}
    assert {"=2+2", "@x", "+1", "=1+1"} <= {cell.value for cell in cells}


def test_it_can_be_read_and_printed():
    page = opened(copy_of(workbook(["a"], title="s"), fault("A1", "Long. " * 60)))[SUMMARY_TITLE]
    assert (page.freeze_panes, page.auto_filter.ref, page.print_title_rows) == ("A5", "A4:F5", "$4:$4")
    assert [page.column_dimensions[letter].width for letter in "ABCDEF"] == [30, 20, 10, 22, 24, 76]
    assert (page.row_dimensions[5].height, page["F5"].alignment.wrap_text) == (88, True)
    assert (page.page_setup.orientation, page.sheet_properties.pageSetUpPr.fitToPage) == ("landscape", True)


def test_it_runs_as_its_language_does():
    data = workbook(["a"], title="s")
    assert opened(copy_of(data, "A1"))[SUMMARY_TITLE].sheet_view.rightToLeft is False
    with translation.override("fa"):
        copy = opened(copy_of(data, "A1"))
    assert copy[SUMMARY_TITLE].sheet_view.rightToLeft is True
    assert copy["s"]["A1"].comment.text.split("\n")[1] == f"\u202b• {SAID}\u202c"


@pytest.mark.parametrize("title", [SUMMARY_TITLE, f"{SUMMARY_TITLE} (2)", "خطاهاي درون ريزي", f"{SUMMARY_TITLE}_2"])
def test_its_title_is_reserved(title):
    assert is_summary(title)


@pytest.mark.parametrize("title", ["s", "خطاها", "درون‌ریزی", f"{SUMMARY_TITLE} سال پیش", ""])
def test_other_titles_are_data(title):
    assert not is_summary(title)


def test_direction_isolates_become_marks_that_old_excels_know():
    copy = opened(copy_of(workbook(["a"], title="s"), fault("A1", "See \u2066B2\u2069.")))
    assert copy["s"]["A1"].comment.text == note("See \u200eB2\u200e.")
    assert copy[SUMMARY_TITLE]["F5"].value == "See \u200eB2\u200e."


def test_the_same_upload_gives_the_same_bytes():
    data = workbook(["a"], title="s")
    assert copy_of(data, "A1", warnings=["B7"]) == copy_of(data, "A1", warnings=["B7"])


def test_without_faults_there_is_nothing_to_show():
    data = workbook(["a"], title="s")
    copy = opened(copy_of(data))
    assert (copy.sheetnames, fills(copy["s"]), notes(copy["s"])) == (["s"], {}, {})


def test_what_was_read_is_read_again():
    data = workbook(["کد", "امتیاز"], ["0012", 12.5], [None, "=x"], title="s")
    rows = read_rows(data)
    assert read_rows(copy_of(data, "B2", "A3", "C7"))["s"] == rows["s"]
