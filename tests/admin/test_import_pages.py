"""The wizard of imports through HTTP: upload, trial report, confirmation, receipt, history and downloads."""

import hashlib

import pytest
from django.utils import timezone, translation
from openpyxl import Workbook

from evaluation.enums import Stage
from evaluation.models import ImportRun, Line, Mark, TransitionLog
from evaluation.resources import refusals
from tests.resources.sheets import sheet
from tests.resources.uploads import SHEET, changed, saved, workbook

from .import_desk import HEADINGS, Desk, errors, page, shown_messages

pytestmark = pytest.mark.django_db

TOO_FAR = (
    "Sheet “Sheet” has a cell at XFD1048576, but at most 200000 rows and 200 columns can be read. Delete everything "
    "outside the table, save the workbook and upload it again."
)

PDF = "“a.pdf” is not a workbook. Upload an Excel workbook (.xlsx), or an .xls, .ods or .csv file."


@pytest.fixture
def entry(cast):
    return cast.until(Stage.SELF_ASSESSMENT)


# -- from upload to receipt -----------------------------------------------------------------------


def test_upload_trial_confirmation_and_receipt(entry):
    desk = Desk(entry, "reporter_a")
    data = sheet(HEADINGS, ["A", "G-1", "۸۰٫۵"], ["A", "S-1", 100])
    run = desk.upload("self", data)
    assert (run.state, run.new, run.changed, run.same, run.wrong) == ("tried", 2, 0, 0, 0)
    assert (run.file_name, run.sha256, run.uploaded_by) == (
        "a.xlsx",
        hashlib.sha256(data).hexdigest(),
        entry.reporter_a,
    )
    assert Mark.objects.count() == 0
    assert "Nothing has been written yet." in desk.report(run).content.decode()

    response = desk.confirm(run)
    assert shown_messages(response, desk.client) == ["Written: 2 new and 0 changed rows."]
    assert (run.state, run.new) == ("written", 2)
    marks = Mark.objects.order_by("line__indicator__code").values_list("level", "actual", "source", "run", "by")
    assert list(marks) == [
        ("self", 80.5, "import", run.pk, entry.reporter_a.pk),
        ("self", 100, "import", run.pk, entry.reporter_a.pk),
    ]
    log = TransitionLog.objects.filter(name="write").get()
    assert (log.subject, log.by, log.note) == (run, entry.reporter_a, "a.xlsx")
    receipt = desk.report(run).content.decode()
    assert f"Import number {run.pk} has been written." in receipt
    assert run.sha256 in receipt
    assert page("confirm", run.pk) not in receipt


def test_confirming_twice_writes_once(entry):
    desk = Desk(entry, "reporter_a")
    run = desk.upload("self", sheet(HEADINGS, ["A", "G-1", 80]))
    desk.client.get(desk.confirm(run).url)
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
    desk.confirm(run)
    assert (run.state, Mark.objects.count()) == ("written", 2)
    assert list(Line.objects.order_by("pk").values()) == before


def test_one_wrong_cell_writes_nothing_and_is_named(entry):
    desk = Desk(entry, "reporter_a")
    run = desk.upload("self", sheet(HEADINGS, ["A", "G-1", 80], ["A", "S-1", "هشتاد"], title="ارقام"))
    assert (run.state, run.new, run.wrong) == ("refused", 1, 1)
    assert run.report["faults"] == [
        {
            "cause": "number",
            "sheet": "ارقام",
            "cell": "C3",
            "heading": "عملکرد واقعی",
            "value": "هشتاد",
            "sentence": "“هشتاد” is not a number. Write it in digits, like 1250.",
        }
    ]
    groups = desk.report(run).context["groups"]
    assert [(title, count) for title, count, _faults in groups] == [("Cells that hold no number", 1)]
    response = desk.confirm(run)
    assert shown_messages(response, desk.client) == [
        "The trial run found errors: mend the workbook and upload it again."
    ]
    assert (run.state, Mark.objects.count()) == ("refused", 0)


def test_the_confirmation_checks_everything_again(entry):
    desk = Desk(entry, "reporter_a")
    run = desk.upload("self", sheet(HEADINGS, ["A", "G-1", 80]))
    entry.cycle.windows.filter(stage=Stage.SELF_ASSESSMENT).update(closes_at=timezone.now())
    response = desk.confirm(run)
    assert shown_messages(response, desk.client) == [
        "Something changed since the trial run, so nothing has been written. The errors are below."
    ]
    assert (run.state, Mark.objects.count()) == ("refused", 0)
    assert [fault["cause"] for fault in run.report["faults"]] == ["closed"]


def test_a_stored_file_that_was_exchanged_is_not_written(entry, media):
    desk = Desk(entry, "reporter_a")
    run = desk.upload("self", sheet(HEADINGS, ["A", "G-1", 80]))
    (media / run.file.name).write_bytes(sheet(HEADINGS, ["A", "G-1", 90]))
    response = desk.confirm(run)
    assert shown_messages(response, desk.client) == ["The stored file is not the one that was tried. Upload it again."]
    assert Mark.objects.count() == 0


def test_the_list_of_runs_is_the_history(entry):
    desk = Desk(entry, "reporter_a")
    desk.confirm(desk.upload("self", sheet(HEADINGS, ["A", "G-1", 80])))
    desk.upload("self", sheet(HEADINGS, ["A", "G-1", "x"]))
    rows = desk.client.get(page("changelist")).context["cl"].result_list
    assert [(run.state, run.file_name) for run in rows] == [("refused", "a.xlsx"), ("written", "a.xlsx")]


def far_away():
    book = Workbook()
    book.active["A1"] = book.active["XFD1048576"] = 1
    return saved(book)


def bomb():
    return changed(workbook(["x"]), **{SHEET: b"<worksheet>" + b" " * (40 * 2**20) + b"</worksheet>"})


# -- files that are none --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (b"", "a.xlsx", "The submitted file is empty."),
        (b"\n \n", "a.xlsx", refusals.EMPTY),
        (b"%PDF-1.4", "a.pdf", PDF),
        (b"PK\x03\x04junk", "a.xlsx", refusals.DAMAGED),
        (
            sheet(["کد دستگاه", "عملکرد واقعی"], ["A", 1]),
            "a.xlsx",
            "Sheet “Sheet1”, row 1: these headings are missing: کد شاخص. Headings are written as in the template.",
        ),
        (
            sheet(["a", "b"], [1, 2]),
            "a.xlsx",
            "The headings of this workbook were not found. A sheet needs a row with these headings: کد دستگاه، کد "
            "شاخص. Download the template and fill it.",
        ),
        (
            sheet(HEADINGS),
            "a.xlsx",
            "The workbook has headings but no row below them. Fill the template and upload it again.",
        ),
        (
            sheet([*HEADINGS, "کد شاخص"], ["A", "G-1", 1, "G-1"]),
            "a.xlsx",
            "Sheet “Sheet1”: the heading “کد شاخص” stands twice, at B1 and D1.",
        ),
        (far_away(), "a.xlsx", TOO_FAR),
        (bomb(), "a.xlsx", refusals.BOMB),
        (b"<html><table>", "a.xls", refusals.WEB_PAGE),
    ],
)  # fmt: skip
def test_a_wrong_file_gets_a_sentence_and_keeps_nothing(entry, data, name, sentence):
    response = Desk(entry, "reporter_a").post("self", data, file_name=name)
    found = errors(response)["file"]
    with translation.override("en"):
        assert found == [str(sentence)]
    assert (ImportRun.objects.count(), Mark.objects.count()) == (0, 0)


def test_a_file_that_is_too_large_is_not_read(entry, monkeypatch):
    monkeypatch.setattr("evaluation.admin.sheet.MOST_BYTES", 2**10)
    response = Desk(entry, "reporter_a").post("self", b"x" * 2**11)
    assert list(errors(response)) == ["file"]
    assert ImportRun.objects.count() == 0
