"""The wizard of imports through HTTP: upload, trial report, confirmation, receipt, and the list of imports."""

import hashlib

import pytest
from django.utils import timezone, translation
from openpyxl import Workbook

from evaluation.enums import Stage
from evaluation.models import ImportRun, Line, Mark, TransitionLog
from evaluation.resources.reading import refusals
from evaluation.templatetags.look import quoting
from tests.admin.imports.import_desk import HEADINGS, Desk, errors, page, shown_messages
from tests.resources.sheets import sheet
from tests.resources.uploads import SHEET, changed, saved, workbook

pytestmark = pytest.mark.django_db

UNFIT = (
    "The file “%s” was not stored: its content is not that of a .%s file%s. Open it in its program and save it as "
    ".%s, or choose the right file."
)
DAMAGED = "The file “a.xlsx” is damaged and cannot be opened, so it was not stored. Save it anew and try again."
PDF = "“a.pdf” is not a workbook. Upload an Excel workbook (.xlsx), or an .xls, .ods or .csv file."


@pytest.fixture
def entry(cast):
    return cast.until(Stage.SELF_ASSESSMENT)


def steps(desk, run):
    """The steps of the wizard on the page of a run."""
    return [step["tone"] for step in desk.report(run).context["steps"]]


# -- from upload to receipt -----------------------------------------------------------------------


def test_upload_trial_confirmation_and_receipt(entry):
    desk = Desk(entry, "reporter_a")
    data = sheet(HEADINGS, ["A", "G-1", "۸۰٫۵"], ["A", "S-1", 100])
    run = desk.queued("self", data)
    assert (run.file_name, run.size, run.sha256, run.uploaded_by) == (
        "a.xlsx",
        len(data),
        hashlib.sha256(data).hexdigest(),
        entry.reporter_a,
    )
    assert steps(desk, run) == ["done", "done", "now", "next", "next"]
    desk.here(run)
    assert (run.state, run.new, run.changed, run.same, run.wrong) == ("tried", 2, 0, 0, 0)
    assert Mark.objects.count() == 0
    words = desk.words(run)
    assert "Nothing has been written yet." in words
    assert "Write 2 new and 0 changed rows" in words
    assert steps(desk, run) == ["done", "done", "done", "now", "next"]

    response = desk.step("confirm", run)
    assert (response.url, run.state, run.job, Mark.objects.count()) == (page("change", run.pk), "queued", "write", 0)
    desk.here(run)
    assert (run.state, run.new, run.stage) == ("written", 2, "self_assessment")
    marks = Mark.objects.order_by("line__indicator__code").values_list("level", "actual", "source", "run", "by")
    assert list(marks) == [
        ("self", 80.5, "import", run.pk, entry.reporter_a.pk),
        ("self", 100, "import", run.pk, entry.reporter_a.pk),
    ]
    log = TransitionLog.objects.filter(name="write").get()
    assert (log.subject, log.by, log.note) == (run, entry.reporter_a, "a.xlsx")
    receipt = desk.words(run)
    assert f"Import number {run.pk} has been written." in receipt
    assert run.sha256 in receipt
    assert not desk.offers("confirm", run)
    assert steps(desk, run) == ["done"] * 5


def test_the_trial_run_cannot_be_skipped(entry):
    desk = Desk(entry, "reporter_a")
    run = desk.queued("self", sheet(HEADINGS, ["A", "G-1", 80]))
    response = desk.step("confirm", run)
    assert shown_messages(response, desk.client) == ["The work on this upload is under way already."]
    assert (run.state, run.job, Mark.objects.count()) == ("queued", "trial", 0)


def test_confirming_twice_writes_once(entry):
    desk = Desk(entry, "reporter_a")
    run = desk.upload("self", sheet(HEADINGS, ["A", "G-1", 80]))
    desk.confirm(run)
    written_at = run.written_at
    response = desk.confirm(run)
    assert shown_messages(response, desk.client) == ["This workbook was written already; it is written once."]
    assert (Mark.objects.count(), run.written_at) == (1, written_at)


def test_a_second_import_of_the_same_file_changes_nothing(entry):
    desk = Desk(entry, "reporter_a")
    data = sheet(HEADINGS, ["A", "G-1", 80], ["A", "S-1", 100])
    desk.confirm(desk.upload("self", data))
    before = list(Line.objects.order_by("pk").values())
    run = desk.upload("self", data)
    assert (run.new, run.changed, run.same, run.wrong) == (0, 0, 2, 0)
    assert "there is nothing to write" in desk.words(run)
    desk.confirm(run)
    assert (run.state, Mark.objects.count()) == ("written", 2)
    assert list(Line.objects.order_by("pk").values()) == before
    assert "No row was changed." in desk.words(run)


def test_one_wrong_cell_writes_nothing_and_is_named(entry):
    desk = Desk(entry, "reporter_a")
    run = desk.upload("self", sheet(HEADINGS, ["A", "G-1", 80], ["A", "S-1", "هشتاد"], title="ارقام"))
    assert (run.state, run.new, run.wrong) == ("refused", 1, 1)
    shown = desk.report(run).context
    assert [step["tone"] for step in shown["steps"]] == ["done", "done", "wrong", "next", "next"]
    assert [(group["title"], group["count"], group["left_out"]) for group in shown["faults"]] == [
        ("Cells that hold no number", 1, 0)
    ]
    assert shown["faults"][0]["kinds"] == [
        {
            "heading": "عملکرد واقعی",
            "value": "هشتاد",
            "sentence": "“هشتاد” is not a number. Write it in digits, like 1250.",
            "count": 1,
            "places": [("ارقام", "C3")],
            "more": 0,
        }
    ]
    response = desk.confirm(run)
    assert shown_messages(response, desk.client) == [
        "The trial run found errors: correct the workbook and upload it again."
    ]
    assert (run.state, Mark.objects.count()) == ("refused", 0)


def test_the_same_error_is_told_once_with_its_places(entry):
    desk = Desk(entry, "reporter_a")
    run = desk.upload("self", sheet(HEADINGS, *(["NONE", f"G-{number}", 80] for number in range(20))))
    kind = desk.report(run).context["faults"][0]["kinds"][0]
    assert kind["places"] == [("Sheet1", f"A{row}") for row in range(2, 14)]
    assert "Sheet1! A12 Sheet1! A13 and 8 other places" in desk.words(run)


def test_the_confirmation_checks_everything_again(entry):
    desk = Desk(entry, "reporter_a")
    run = desk.upload("self", sheet(HEADINGS, ["A", "G-1", 80]))
    entry.cycle.windows.filter(stage=Stage.SELF_ASSESSMENT).update(closes_at=timezone.now())
    desk.confirm(run)
    sentence = (
        "The data of the system changed after the trial run, so nothing was written. The errors are listed below."
    )
    assert sentence in desk.words(run)
    assert (run.state, Mark.objects.count()) == ("refused", 0)
    assert [fault["cause"] for fault in run.report["faults"]] == ["closed"]


def test_a_stored_file_that_was_exchanged_is_not_written(entry, media):
    desk = Desk(entry, "reporter_a")
    run = desk.upload("self", sheet(HEADINGS, ["A", "G-1", 80]))
    (media / run.file.name).write_bytes(sheet(HEADINGS, ["A", "G-1", 90]))
    desk.confirm(run)
    assert (run.state, run.failure) == ("failed", "The stored file differs from the checked file. Upload it again.")
    words = desk.words(run)
    assert "Nothing was written." in words
    assert run.failure in words
    assert Mark.objects.count() == 0


# -- the list -------------------------------------------------------------------------------------


def test_the_list_of_runs_is_the_history(entry):
    desk = Desk(entry, "reporter_a")
    desk.confirm(desk.upload("self", sheet(HEADINGS, ["A", "G-1", 80])))
    desk.upload("self", sheet(HEADINGS, ["A", "G-1", "x"]))
    waiting = desk.queued("self", sheet(HEADINGS, ["A", "G-1", 90]), file_name="c.xlsx")
    rows = desk.client.get(page("changelist")).context["cl"].result_list
    assert [(run.state, run.file_name) for run in rows] == [
        ("queued", "c.xlsx"),
        ("refused", "a.xlsx"),
        ("written", "a.xlsx"),
    ]
    found = desk.client.get(page("changelist", state__exact="queued")).context["cl"].result_list
    assert [run.pk for run in found] == [waiting.pk]


def test_the_list_costs_the_same_with_more_runs(entry, django_assert_num_queries):
    desk = Desk(entry, "reporter_a")
    desk.upload("self", sheet(HEADINGS, ["A", "G-1", 80]))
    desk.client.get(page("changelist"))
    with django_assert_num_queries(QUERIES_OF_THE_LIST):
        desk.client.get(page("changelist"))
    for actual in (90, 95):
        desk.upload("self", sheet(HEADINGS, ["A", "G-1", actual]))
    desk.client.get(page("changelist"))
    with django_assert_num_queries(QUERIES_OF_THE_LIST):
        desk.client.get(page("changelist"))


QUERIES_OF_THE_LIST = 9


# -- files that are none --------------------------------------------------------------------------


def far_away():
    book = Workbook()
    book.active["A1"] = book.active["XFD1048576"] = 1
    return saved(book)


def bomb():
    return changed(workbook(["x"]), **{SHEET: b"<worksheet>" + b" " * (40 * 2**20) + b"</worksheet>"})


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (b"", "a.xlsx", refusals.EMPTY_FILE),
        (b"%PDF-1.4", "a.pdf", PDF),
        (b"PK\x03\x04", "a.xlsm", refusals.MACROS),
        (b"PK\x03\x04", "A.XLTM", refusals.MACROS),
        (b"\n \n", "a.xlsx", UNFIT % ("a.xlsx", "xlsx", "", "xlsx")),
        (b"PK\x03\x04junk", "a.xlsx", DAMAGED),
        (b"<html><table>", "a.xls", UNFIT % ("a.xls", "xls", " but looks like “html”", "xls")),
        (b"PK\x03\x04 a workbook", "a.csv", UNFIT % ("a.csv", "csv", " but looks like “zip”", "csv")),
    ],
)
def test_what_is_no_workbook_gets_a_sentence_on_the_form(entry, data, name, sentence):
    response = Desk(entry, "reporter_a").post("self", data, file_name=name)
    found = errors(response)["file"]
    with translation.override("en"):
        assert found == [str(sentence)]
    assert ImportRun.objects.count() == 0


def test_a_file_that_is_too_large_is_not_kept(entry, monkeypatch):
    monkeypatch.setattr(refusals, "MAX_BYTES", 2 * 2**20)
    response = Desk(entry, "reporter_a").post("self", b"x" * (2 * 2**20 + 1))
    assert errors(response) == {
        "file": ["The file is larger than 2 megabytes. Remove pictures and unused sheets and upload it again."]
    }
    assert ImportRun.objects.count() == 0


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (b"\n \n", "a.csv", refusals.EMPTY_FILE),
        (bomb(), "a.xlsx", refusals.BOMB),
        (
            sheet(HEADINGS),
            "a.xlsx",
            "The workbook has headings but no row below them. Fill the template and upload it again.",
        ),
        (
            far_away(),
            "a.xlsx",
            "Sheet “Sheet” has a cell at XFD1048576, but at most 200000 rows and 200 columns can be read. Delete "
            "everything outside the table, save the workbook and upload it again.",
        ),
    ],
    ids=["blank", "bomb", "headings alone", "far away"],  # bytes hold the second of their making
)
def test_a_file_that_cannot_be_read_ends_its_trial_run_with_a_sentence(entry, data, name, sentence):
    desk = Desk(entry, "reporter_a")
    run = desk.upload("self", data, file_name=name)
    with translation.override("en"):
        assert (run.state, run.failure) == ("refused", str(sentence))
    assert "The workbook could not be read; nothing has been written." in desk.words(run)
    assert not desk.offers("confirm", run)
    desk.step("confirm", run)
    assert (run.state, Mark.objects.count()) == ("refused", 0)


def test_what_a_sentence_quotes_from_a_file_keeps_its_own_digits():
    mark = '<bdi class="latin ev-value">{}</bdi>'.format
    assert quoting("«TS-۹۰» <b> “TS-90”") == f"«{mark('TS-۹۰')}» &lt;b&gt; “{mark('TS-90')}”"
    assert quoting("خانهٔ \u2066A6\u2069، «» <") == f"خانهٔ {mark('A6')}، «» &lt;"
