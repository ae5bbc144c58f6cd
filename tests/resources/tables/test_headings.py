"""Finding the headings of an upload: titles above, other spellings, names given by a person, and what is asked."""

import json
from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook

from evaluation.enums import ImportState, Stage
from evaluation.models import Line
from evaluation.persian import match_key
from evaluation.process.imports import import_run
from evaluation.resources import runs
from evaluation.resources.tables.guesses import guess
from evaluation.resources.workbooks.agencies import Agencies
from evaluation.resources.workbooks.scores import Scores
from evaluation.resources.workbooks.self_assessment import SelfAssessment
from tests.resources.sheets import counts, imported, line_of, sheet, tried
from tests.resources.uploads import saved

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]  # formats of files

OURS = ["کد دستگاه", "کد شاخص", "عملکرد واقعی", "توضیح"]


def book(**sheets):
    """The bytes of a workbook with these sheets, {title: rows}."""
    made = Workbook()
    made.remove(made.active)
    for title, rows in sheets.items():
        page = made.create_sheet(title)
        for row in rows:
            page.append(row)
    return saved(made)


def actual(code="G-1"):
    return Line.objects.get(indicator__code=code, assessment__participation__agency__code="A").self_actual


def trial(cast, data, **named):
    """The trial run of a self-assessment, after the headings were named by the person where they are given."""
    run = tried("self", data, by=cast.reporter_a, cycle=cast.cycle)
    if named:
        run = named_headings(run, named, by=cast.reporter_a)
    return run


def named_headings(run, headings, *, by):
    run = import_run.name_headings(run, headings, texts={key: key for key in headings}, by=by)
    return runs.try_run(import_run.claim(run.pk, run.attempt))


def asked(run):
    """What the page is given: {heading: (key, code, guess)} of the first sheet."""
    return {
        each["heading"]: (each["key"], each["code"], each["guess"])
        for each in run.report["headings"]["sheets"][0]["headings"]
    }


# -- recognised by themselves ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "headings",
    [
        ["كد دستگاه", "كد شاخص", "عملكرد واقعي", "توضيح"],
        ["کد‌دستگاه", "کدشاخص ", " عملکرد  واقعی", "توضیح:"],
        ["AGENCY", "Code", "actual", "NOTE"],
        ["ﻛﺪ دستگاه", "«کد شاخص»", "عملکردِ واقعی", "توضیح\n"],
    ],
)
def test_other_spellings_of_the_same_headings(entry, headings):
    run = imported("self", sheet(headings, ["A", "G-1", 80, "شرح"]), by=entry.reporter_a, cycle=entry.cycle)
    assert (counts(run)["new"], actual(), run.report["remarks"], run.report["warnings"]) == (1, 80, [], [])


@pytest.mark.parametrize("above", [1, 29])
def test_titles_and_empty_columns_are_passed_over(entry, above):
    titles = [["ارزیابی عملکرد", None, "سال ۱۴۰۴"]] + [[]] * (above - 1)
    rows = [*titles, [None, "کد دستگاه", None, "کد شاخص", "عملکرد واقعی"], [None, "A", None, "G-1", 80]]
    run = imported("self", book(برگه=rows), by=entry.reporter_a, cycle=entry.cycle)
    assert (counts(run)["new"], actual()) == (1, 80)


def test_headings_too_far_below_are_not_looked_for(entry):
    rows = [*([["عنوان"]] * 1_000), OURS, ["A", "G-1", 80, None]]
    run = trial(entry, book(برگه=rows))
    assert (run.state, run.failure) == (
        ImportState.REFUSED,
        "The headings of this workbook were not found. A sheet needs a row with these headings: کد دستگاه، کد شاخص. "
        "Download the template and fill it.",
    )


def test_the_hidden_row_of_codes_is_no_row_of_data(entry):
    codes = ["agency", "code", "actual", "note", "axis"]
    data = sheet([*OURS, "محور"], codes, ["A", "G-1", 80, None, "محور یک"])
    run = imported("self", data, by=entry.reporter_a, cycle=entry.cycle)
    assert (counts(run)["new"], run.total, run.report["remarks"], "unread" in run.report) == (1, 1, [], False)


def test_a_renamed_heading_is_known_by_its_hidden_code(entry):
    data = sheet(["دستگاه ما", *OURS[1:]], ["agency", "code", "actual", "note"], ["A", "G-1", 80, None])
    assert counts(imported("self", data, by=entry.reporter_a, cycle=entry.cycle))["new"] == 1


def test_sheets_without_our_headings_are_left_alone(entry):
    data = book(
        راهنما=[["توضیح", "این کاربرگ را پر کنید"], ["ردیف", "شرح"]],
        الف=[OURS, ["A", "G-1", 80, None]],
        ب=[OURS[:3], ["A", "G-31", 60]],
    )
    run = imported("self", data, by=entry.reporter_a, cycle=entry.cycle)
    assert (counts(run)["new"], actual(), actual("G-31")) == (2, 80, 60)


def test_a_heading_that_stands_twice(entry):
    run = trial(entry, sheet([*OURS, "کد شاخص"], ["A", "G-1", 80, None, "G-1"]))
    assert (run.state, run.failure, run.report) == (
        ImportState.REFUSED,
        "Sheet “Sheet1”: the heading “کد شاخص” occurs twice, at B1 and E1. Remove one of them.",
        {},
    )


def test_headings_without_rows(entry):
    run = trial(entry, sheet(OURS))
    assert run.failure == "The workbook has headings but no row below them. Fill the template and upload it again."


# -- asked ----------------------------------------------------------------------------------------


def test_a_missing_heading_is_asked_with_what_was_seen(entry):
    rows = [["گزارش"], ["کد دستگاه", "کد سنجه", "عملکرد سال", "همکار", "هدف", "توضیح"]]
    rows += [
        ["A", code, number, None, 100, None] for code, number in (("G-1", 80), ("G-31", 60.5), ("G-32", 70), ("S-1", 1))
    ]
    run = trial(entry, book(فرم=rows))
    assert (run.state, run.total) == (ImportState.MAPPING, 0)
    found = run.report["headings"]
    assert found["sentence"] == (
        "Sheet “فرم”, row 2: these headings are missing: کد شاخص. Headings are written as in the template."
    )
    assert found["columns"] == [
        ["agency", "کد دستگاه", True],
        ["code", "کد شاخص", True],
        ["actual", "عملکرد واقعی", False],
        ["numerator", "صورت", False],
        ["denominator", "مخرج", False],
        ["score", "امتیاز خودارزیابی", False],
        ["note", "توضیح", False],
    ]
    (page,) = found["sheets"]
    assert (page["sheet"], page["row"], page["missing"], page["known"]) == (
        "فرم",
        2,
        ["code"],
        {"agency": "کد دستگاه", "note": "توضیح"},
    )
    assert page["headings"] == [
        {
            "column": "A",
            "heading": "کد دستگاه",
            "key": "کددستگاه",
            "code": "agency",
            "guess": "agency",
            "samples": ["A", "A", "A"],
        },
        {
            "column": "B",
            "heading": "کد سنجه",
            "key": "کدسنجه",
            "code": "",
            "guess": "code",
            "samples": ["G-1", "G-31", "G-32"],
        },
        {
            "column": "C",
            "heading": "عملکرد سال",
            "key": "عملکردسال",
            "code": "",
            "guess": "actual",
            "samples": ["80", "60.5", "70"],
        },
        {"column": "D", "heading": "همکار", "key": "همکار", "code": "", "guess": "", "samples": []},
        {"column": "F", "heading": "توضیح", "key": "توضیح", "code": "note", "guess": "note", "samples": []},
    ]
    assert json.loads(json.dumps(found)) == found


def test_named_headings_are_read_and_remembered(entry):
    data = sheet(["دستگاه", "سنجه", "میزان", "چیز"], ["A", "G-1", 80, "x"])
    run = trial(entry, data)
    assert (run.state, run.report["headings"]["sheets"][0]["missing"]) == (ImportState.MAPPING, ["agency", "code"])
    headings = {"دستگاه": "agency", "سنجه": "code", "میزان": "actual", "چیز": ""}
    run = named_headings(run, headings, by=entry.reporter_a)
    assert (run.state, counts(run)["new"], run.report["remarks"]) == (
        ImportState.TRIED,
        1,
        ["These columns are not read: چیز."],
    )
    named = {each["heading"]: (each["code"], each["guess"]) for each in run.report["unread"]["sheets"][0]["headings"]}
    assert named == {
        "دستگاه": ("agency", "agency"),
        "سنجه": ("code", "code"),
        "میزان": ("actual", "actual"),
        "چیز": ("", ""),
    }
    runs.confirm(run, by=entry.reporter_a)
    assert actual() == 80
    again = trial(entry, sheet(["دستگاه", "سنجه", "میزان"], ["A", "G-31", 60]))
    assert (again.state, again.offered) == (ImportState.MAPPING, headings)  # named for one file alone
    named_headings(again, headings, by=entry.reporter_a)
    third = trial(entry, sheet(["دستگاه", "سنجه", "میزان"], ["A", "G-32", 50]))
    assert (third.state, third.headings, counts(third)["new"]) == (ImportState.TRIED, headings, 1)


def test_a_name_wins_over_the_headings_own(entry):
    data = sheet([*OURS, "عملکرد نهایی"], ["A", "G-1", 70, None, 80])
    run = trial(entry, data, عملکردواقعی="", عملکردنهایی="actual")
    assert (run.state, run.report["remarks"]) == (ImportState.TRIED, ["These columns are not read: عملکرد واقعی."])
    runs.confirm(run, by=entry.reporter_a)
    assert actual() == 80


def test_two_headings_for_one_column_are_asked(entry):
    data = sheet([*OURS, "عملکرد نهایی"], ["A", "G-1", 70, None, 80])
    run = trial(entry, data, عملکردنهایی="actual")
    assert (run.state, run.report["headings"]["sentence"]) == (
        ImportState.MAPPING,
        "Sheet “Sheet1”: the headings at C1 and E1 both mean the column “عملکرد واقعی”. Remove one of them.",
    )
    assert asked(run)["عملکرد واقعی"] == ("عملکردواقعی", "actual", "actual")
    assert asked(run)["عملکرد نهایی"] == ("عملکردنهایی", "", "actual")


def test_a_code_and_its_heading_side_by_side_are_asked_too(entry):
    run = trial(entry, sheet([*OURS, "actual"], ["A", "G-1", 70, None, 80]))
    assert (run.state, asked(run)["actual"]) == (ImportState.MAPPING, ("actual", "", "actual"))
    run = named_headings(run, {"actual": ""}, by=entry.reporter_a)
    assert run.state == ImportState.TRIED


def test_optional_headings_can_be_named_after_the_trial(entry):
    run = trial(entry, sheet(["agency", "code", "actual", "هدف", "ملاحظات"], ["A", "G-1", 80, 100, "شرح"]))
    assert run.report["remarks"] == ["These columns are not read: ملاحظات."]
    (page,) = run.report["unread"]["sheets"]
    assert [(each["heading"], each["code"], each["guess"]) for each in page["headings"]] == [
        ("agency", "agency", "agency"),
        ("code", "code", "code"),
        ("actual", "actual", "actual"),
        ("ملاحظات", "", "note"),
    ]
    run = named_headings(run, {"ملاحظات": "note"}, by=entry.reporter_a)
    runs.confirm(run, by=entry.reporter_a)
    line = Line.objects.get(indicator__code="G-1", assessment__participation__agency=entry.agency_a)
    assert (line.self_actual, line.self_note) == (80, "شرح")


def test_all_sheets_that_lack_a_heading_are_asked_at_once(entry):
    data = book(
        الف=[["کد دستگاه", "سنجه", "عملکرد واقعی"], ["A", "G-1", 80]],
        ب=[["دستگاه", "کد شاخص", "عملکرد واقعی"], ["A", "G-31", 60]],
        پ=[OURS, ["A", "G-32", 70, None]],
    )
    run = trial(entry, data)
    assert [(page["sheet"], page["missing"]) for page in run.report["headings"]["sheets"]] == [
        ("الف", ["code"]),
        ("ب", ["agency"]),
    ]
    run = named_headings(run, {"سنجه": "code", "دستگاه": "agency"}, by=entry.reporter_a)
    assert (run.state, counts(run)["new"]) == (ImportState.TRIED, 3)


def test_no_heading_is_left_that_could_be_the_missing_one(entry):
    run = trial(entry, sheet(["کد دستگاه", "عملکرد واقعی", "هدف"], ["A", 80, 100]))
    assert (run.state, run.failure) == (
        ImportState.REFUSED,
        "Sheet “Sheet1”, row 1: these headings are missing: کد شاخص. Headings are written as in the template.",
    )


def test_only_the_sheets_most_like_ours_are_asked(entry):
    data = book(
        متن=[["یادداشت نخست", "یادداشت دوم", "یادداشت سوم"], ["الف", "ب", "پ"]],
        داده=[["شناسه دستگاه", "شناسه شاخص", "مقدار عملکرد"], ["A", "G-1", 80]],
    )
    run = trial(entry, data)
    assert [page["sheet"] for page in run.report["headings"]["sheets"]] == ["داده"]
    assert {heading: guess for heading, (_key, _code, guess) in asked(run).items()} == {
        "شناسه دستگاه": "agency",
        "شناسه شاخص": "code",
        "مقدار عملکرد": "actual",
    }


def test_our_own_list_of_faults_is_never_data(entry):
    data = book(**{"خطاهای بارگذاری": [OURS, ["A", "G-32", 99, None]], "داده": [OURS, ["A", "G-1", 80, None]]})
    run = imported("self", data, by=entry.reporter_a, cycle=entry.cycle)
    assert (run.total, actual("G-32")) == (1, None)


# -- guesses --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "code"),
    [
        ("شناسه دستگاه", "agency"),
        ("کد دستگاه اجرایی", "agency"),
        ("شماره شاخص", "code"),
        ("عملکرد نهایی", "actual"),
        ("نمره", "score"),
        ("ملاحظات", "note"),
        ("تاریخ تولد", ""),
    ],
)
def test_what_offices_call_our_columns(heading, code):
    columns = {code: column for code, column in Scores.fields.items() if not column.readonly}
    assert guess({0: match_key(heading)}, columns).get(0, "") == code


def test_each_column_is_guessed_once_for_the_most_alike():
    assert guess({3: "نامدستگاهها", 5: "نامدستگاه"}, {"name": Agencies.fields["name"]}) == {5: "name"}


def test_the_description_of_an_indicator_is_no_explanation():
    note = {"note": SelfAssessment.fields["note"]}
    assert (guess({4: match_key("شرح")}, note), guess({4: match_key("ملاحضات")}, note)) == ({}, {4: "note"})


def test_headings_below_a_long_text_are_found(cast):
    entry = cast.until(Stage.SELF_ASSESSMENT)
    preface = [[f"بند {number} از دستورالعمل تکمیل"] for number in range(1, 46)]
    data = sheet(preface[0], *preface[1:], ["کد دستگاه", "کد شاخص", "عملکرد واقعی"], ["A", "G-1", 80])
    run = imported("self", data, by=entry.reporter_a, cycle=entry.cycle)
    assert (counts(run)["new"], line_of("G-1").self_actual) == (1, 80)


def test_a_hidden_column_is_read_and_told(cast):
    entry = cast.until(Stage.SELF_ASSESSMENT)
    book = load_workbook(BytesIO(sheet(["کد دستگاه", "کد شاخص", "عملکرد واقعی"], ["A", "G-1", 80])))
    book.active.column_dimensions["C"].hidden = True
    run = tried("self", saved(book), by=entry.reporter_a, cycle=entry.cycle)
    told = [(each["heading"], each["sentence"]) for each in run.report["warnings"] if each["cause"] == "hidden"]
    assert told == [("عملکرد واقعی", "The column C is hidden and was read too.")]
