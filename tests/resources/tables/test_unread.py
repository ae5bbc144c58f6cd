"""Nothing is left out in silence: each filled cell is read, or named with its address as not read."""

from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook

from evaluation.enums import ImportState, Stage
from evaluation.resources import runs
from tests.resources.office import FORMATS, converted
from tests.resources.sheets import counts, faults, imported, line_of, sheet, tried
from tests.resources.uploads import saved

pytestmark = pytest.mark.django_db

OURS = ["کد دستگاه", "کد شاخص", "عملکرد واقعی", "توضیح"]
ROWS = ["A", "G-1", 80, "یک"], ["A", "S-1", 50, "دو"]


@pytest.fixture
def entry(cast):
    return cast.until(Stage.SELF_ASSESSMENT)


def told(run, *causes):
    """(cell, heading, value, sentence) of the warnings of these causes, addresses without their direction signs."""
    return [
        (each["cell"], each["heading"], each["value"], each["sentence"].replace("\u2066", "").replace("\u2069", ""))
        for each in run.report["warnings"]
        if each["cause"] in causes
    ]


def of_text(cast, text):
    return runs.try_out("self", data=text.encode(), file_name="a.csv", by=cast.reporter_a, cycle=cast.cycle)


def trial(cast, data):
    return tried("self", data, by=cast.reporter_a, cycle=cast.cycle)


# -- text files -----------------------------------------------------------------------------------


def test_a_row_wider_than_the_headings_is_a_fault(entry):
    run = of_text(entry, "agency,code,actual,note\nA,G-1,22,5,1\nA,S-1,50,x\n")
    assert (run.state, counts(run)) == (ImportState.REFUSED, {"new": 1, "changed": 0, "same": 0, "wrong": 1})
    assert [(cell, sentence) for cell, _heading, _value, sentence in faults(run)] == [
        (
            "E2",
            "This row has 5 cells and the headings 4, so its values may stand below wrong headings. Put a text with a "
            "separator in it between quotation marks.",
        )
    ]


def test_a_row_shorter_than_the_headings_is_named(entry):
    run = of_text(entry, "agency,code,actual,note\nA,G-1,22\nA,S-1,50,x\nA,G-31,1,,\n")
    assert (run.state, counts(run)["new"]) == (ImportState.TRIED, 3)
    assert told(run, "short") == [
        ("A2", "", "", "This row has 3 cells and the headings 4: the missing cells were read as empty.")
    ]


# -- columns and sheets ---------------------------------------------------------------------------


def test_columns_without_a_heading_and_below_a_merged_one(entry):
    book = load_workbook(BytesIO(sheet([*OURS, None, "سایر", None], *ROWS)))
    book.active["E3"], book.active["G2"], book.active["G3"] = "بی‌عنوان", 1, 2
    book.active.merge_cells("F1:G1")
    run = trial(entry, saved(book))
    assert (run.state, counts(run)["new"]) == (ImportState.TRIED, 2)
    assert told(run, "unread") == [
        ("G2", "", "1", "2 filled cells of this column are not read: G2:G3."),
        ("E3", "", "بی‌عنوان", "1 filled cell of this column is not read: E3."),
    ]


def test_an_unknown_heading_names_its_cells(entry):
    run = trial(entry, sheet([*OURS, "چیز"], *([*row, "x"] for row in ROWS)))
    assert told(run, "unread") == [("E2", "چیز", "x", "2 filled cells of this column are not read: E2:E3.")]


def test_what_stands_above_the_headings_is_named(entry):
    run = trial(entry, sheet(["گزارش سال"], OURS, *ROWS))
    assert run.report["titles"] == ["Sheet “Sheet1”: what stands above the headings is not read: \u2066A1\u2069."]


def test_a_second_sheet_without_our_headings_is_named_and_offered(entry):
    book = load_workbook(BytesIO(sheet(OURS, *ROWS)))
    second = book.create_sheet("ادامه")
    for row in (["سازمان", "سنجه", "رقم"], ["A", "G-31", 5]):
        second.append(row)
    run = trial(entry, saved(book))
    sentence = "This sheet is not read: its headings are not those of the workbook. It has 6 filled cells."
    assert told(run, "unread") == [("", "", "", sentence)]
    assert [each["sheet"] for each in run.report["unread"]["sheets"]] == ["ادامه"]


def test_a_summary_sheet_does_not_block_the_file(entry):
    book = load_workbook(BytesIO(sheet(OURS, *ROWS)))
    summary = book.create_sheet("خلاصه")
    for row in (["کد دستگاه", "عملکرد واقعی"], ["A", 130]):
        summary.append(row)
    run = trial(entry, saved(book))
    assert (run.state, counts(run)["new"]) == (ImportState.TRIED, 2)
    sentence = "This sheet is not read: its headings are not those of the workbook. It has 4 filled cells."
    assert told(run, "unread") == [("", "", "", sentence)]


def test_a_second_sheet_with_the_same_headings_is_read(entry):
    book = load_workbook(BytesIO(sheet(OURS, ROWS[0])))
    second = book.create_sheet("دوم")
    for row in (OURS, ROWS[1]):
        second.append(row)
    assert counts(trial(entry, saved(book)))["new"] == 2


# -- words in brackets ----------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", ["(درصد)", "(٪)", "[اختیاری]", "(actual)"])
def test_a_suffix_that_changes_nothing_is_understood(entry, suffix):
    run = trial(entry, sheet([*OURS[:2], f"عملکرد واقعی {suffix}"], ["A", "G-1", 80]))
    assert (run.state, counts(run)["new"], run.report["remarks"]) == (ImportState.TRIED, 1, [])


@pytest.mark.parametrize("heading", ["امتیاز (از ۲۰)", "امتیاز (درصد)", "عملکرد تأییدشده (میلیون ریال)"])
def test_a_suffix_that_may_change_the_figures_is_asked_about(cast, heading):
    scoring = cast.until(Stage.EVALUATION)
    data = sheet(["کد دستگاه", "کد شاخص", heading], ["A", "G-1", 15])
    run = tried("scores", data, by=scoring.lead, cycle=scoring.cycle)
    column = heading.partition(" (")[0]
    assert run.state == ImportState.MAPPING
    assert run.report["headings"]["sentence"] == (
        f"Sheet “Sheet1”: the heading “{heading}” at C1 may mean the column “{column}”, but its words in brackets may "
        "give the figures another meaning. Choose the column, or that it is not read."
    )
    (asked,) = [each for each in run.report["headings"]["sheets"][0]["headings"] if each["heading"] == heading]
    assert asked["guess"] == {"امتیاز": "score", "عملکرد تأییدشده": "actual"}[column]


# -- merged labels and rows that are no records ---------------------------------------------------


def test_rows_beside_a_merged_label_are_read(entry):
    book = load_workbook(BytesIO(sheet(OURS, *ROWS, ["A", "G-31", 5, None], ["A", "G-32", 6, None])))
    book.active["H1"] = "توجه"
    book.active.merge_cells("H1:J6")
    run = trial(entry, saved(book))
    assert (run.state, counts(run)["new"]) == (ImportState.TRIED, 4)


@pytest.mark.office
@pytest.mark.parametrize("kind", FORMATS)
def test_headings_over_two_rows_go_on_working(entry, tmp_path, kind):
    book = Workbook()
    page = book.active
    for row in ([*OURS, "سایر", None], [None, None, None, None, "یک", "دو"], *ROWS):
        page.append(row)
    for cells in ("A1:A2", "B1:B2", "C1:C2", "D1:D2", "E1:F1"):
        page.merge_cells(cells)
    data = converted(tmp_path, {"a": saved(book)}, kind)["a"]
    run = runs.try_out("self", data=data, file_name=f"a.{kind}", by=entry.reporter_a, cycle=entry.cycle)
    assert (run.state, counts(run)) == (ImportState.TRIED, {"new": 2, "changed": 0, "same": 0, "wrong": 0})


def test_totals_headings_signatures_and_units_are_named_and_not_read(entry):
    rows = (
        ["(۱)", "(۲)", "(۳)", "(۴)"],
        [None, None, "درصد", None],
        ROWS[0],
        OURS,
        ROWS[1],
        ["جمع کل", None, 130, None],
        [None, "میانگین", 65, None],
        ["تهیه‌کننده: مدیر برنامه", None, None, "امضا"],
    )
    run = imported("self", sheet(OURS, *rows), by=entry.reporter_a, cycle=entry.cycle)
    assert (counts(run)["new"], line_of("G-1").self_actual, line_of("S-1").self_actual) == (2, 80, 50)
    units, total = "a line of units or column numbers", "a total"
    assert [(cell, sentence) for cell, _heading, _value, sentence in told(run, "other_row")] == [
        ("A2", f"This row looks like {units} and was not read."),
        ("C3", f"This row looks like {units} and was not read."),
        ("A5", "This row repeats the headings and was not read."),
        ("A7", f"This row looks like {total} and was not read."),
        ("B8", f"This row looks like {total} and was not read."),
        ("A9", "This row looks like a line for signatures and was not read."),
    ]


def test_a_file_whose_only_row_is_a_total_says_so(entry):
    run = trial(entry, sheet(OURS, ["جمع کل", None, 130, None]))
    assert run.failure == (
        "No row below the headings was read. Row 2: This row looks like a total and was not read. Correct it, or fill "
        "the template, and upload the workbook again."
    )


def test_a_record_with_such_words_is_read(entry):
    run = imported("self", sheet(OURS, ["A", "G-1", 80, "جمع سه ماه؛ امضا شد"]), by=entry.reporter_a, cycle=entry.cycle)
    assert (counts(run)["new"], told(run, "other_row")) == (1, [])


def test_a_row_without_its_key_stays_a_fault(entry):
    run = trial(entry, sheet(OURS, ["A", None, 80, "شرح"]))
    assert faults(run) == [("B2", "کد شاخص", "", "This cell must be filled.")]


def test_a_total_that_stands_in_the_code_makes_no_agency(cast):
    data = sheet(["کد دستگاه", "نام دستگاه"], ["C", "اداره ج"], ["جمع", "۱ دستگاه"])
    run = tried("agencies", data, by=cast.manager, cycle=cast.cycle)
    assert (counts(run)["new"], [cell for cell, *_rest in told(run, "other_row")]) == (1, ["A3"])


@pytest.mark.parametrize("word", ["جمع کل", "تأیید شد"])
def test_a_row_with_its_key_is_a_record_whatever_is_missing_beside_it(entry, word):
    by, cycle = entry.manager, entry.cycle
    data = sheet(["agency", "year", "total", "maximum", "source"], ["A", 1402, None, None, word])
    run = tried("history", data, by=by, cycle=cycle)
    assert faults(run) == [("C2", "امتیاز کل", "", "This cell must be filled.")]
    assert told(run, "other_row") == []


def test_a_word_for_a_total_beside_a_filled_key_is_a_record(cast):
    data = sheet(["number", "title", "source"], ["۱۲", "جمع کل", "الف"], [None, "جمع کل", "ب"])
    run = tried("legal_references", data, by=cast.expert, cycle=cast.cycle)
    assert (run.state, counts(run)["new"]) == (ImportState.TRIED, 1)
    assert [cell for cell, *_more in told(run, "other_row")] == ["B3"]


@pytest.mark.parametrize("numbers", [[1, 2, 3, 4], ["۱", "۲", "۳", "۴"], ["(1)", "(2)", "(3)", "(4)"]])
def test_a_row_that_numbers_the_columns_is_no_record(entry, numbers):
    run = trial(entry, sheet(OURS, numbers, *ROWS))
    assert (run.state, counts(run)["new"]) == (ImportState.TRIED, 2)
    sentence = "This row looks like a line of units or column numbers and was not read."
    assert [(cell, said) for cell, _heading, _value, said in told(run, "other_row")] == [("A2", sentence)]


@pytest.mark.parametrize(
    ("headings", "rows", "cell"),
    [
        (OURS[:3], [[1, 2, 3], ["A", "G-1", 80]], "A2"),  # may be the figure 3 of the agency 1
        (OURS, [ROWS[0], [1, 2, 3, 4]], "A3"),  # is not the first row
        (OURS, [[1, 2, 3, 5], ROWS[0]], "A2"),
    ],
)
def test_what_may_be_a_record_is_read_as_one(entry, headings, rows, cell):
    run = trial(entry, sheet(headings, *rows))
    assert (run.state, [found for found, *_more in faults(run)]) == (ImportState.REFUSED, [cell])
