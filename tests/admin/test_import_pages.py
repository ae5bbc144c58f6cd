"""The wizard of imports through HTTP: upload, trial report, confirmation, receipt, history and downloads."""

import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone, translation
from openpyxl import Workbook

from evaluation.enums import Stage
from evaluation.models import Agency, ImportRun, Line, Mark, OnBehalf, TransitionLog
from evaluation.resources import refusals
from tests import factories as make
from tests.resources.sheets import sheet, table
from tests.resources.uploads import SHEET, changed, saved, workbook

pytestmark = pytest.mark.django_db

TOO_FAR = (
    "Sheet “Sheet” has a cell at XFD1048576, but at most 200000 rows and 200 columns can be read. Delete everything "
    "outside the table, save the workbook and upload it again."
)

PDF = "“a.pdf” is not a workbook. Upload an Excel workbook (.xlsx), or an .xls, .ods or .csv file."
HEADINGS = ["کد دستگاه", "کد شاخص", "عملکرد واقعی"]


def page(name, *args, **query):
    return reverse(f"admin:evaluation_importrun_{name}", args=args, query=query or None)


class Desk:
    """One person at the wizard, in English so that sentences are those of the source."""

    def __init__(self, cast, user):
        self.cast, self.client = cast, cast.client(user)
        self.client.cookies["django_language"] = "en"

    def post(self, name, data, *, file_name="a.xlsx", **letter):
        given = {"workbook": name, "cycle": self.cast.cycle.pk, "file": SimpleUploadedFile(file_name, data), **letter}
        return self.client.post(page("add"), given)

    def upload(self, name, data, **letter):
        """The run of an accepted upload."""
        response = self.post(name, data, **letter)
        run = ImportRun.objects.first()
        assert response.status_code == 302, errors(response)
        assert response.url == page("change", run.pk)
        return run

    def confirm(self, run):
        response = self.client.post(page("confirm", run.pk))
        run.refresh_from_db()
        return response

    def report(self, run):
        return self.client.get(page("change", run.pk))


def errors(response):
    form = response.context["form"]
    return {name: [str(each) for each in found] for name, found in form.errors.items()}


def shown_messages(response, client):
    return [str(message) for message in client.get(response.url).context["messages"]]


@pytest.fixture
def entry(cast):
    return cast.until(Stage.SELF_ASSESSMENT)


def letter():
    return {
        "behalf_body": "اداره الف",
        "behalf_letter_number": "۱۲/الف",
        "behalf_letter_date": "1404/05/12",
        "behalf_file": make.upload(),
    }


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


# -- rights ---------------------------------------------------------------------------------------

OFFERED = {
    "manager": ["agencies", "indicators", "specific", "self", "received", "scores"],
    "expert": ["agencies", "indicators", "specific", "self", "received", "scores"],
    "evaluator": ["scores"],
    "steward": ["scores"],
    "reporter_a": ["specific", "self"],
}
NOTHING = ["headquarters_a", "national", "secretary", "observer", "nobody"]


@pytest.mark.parametrize("user", OFFERED)
def test_only_the_persons_own_workbooks_are_offered(cast, user):
    form = Desk(cast, user).client.get(page("add")).context["form"]
    assert [value for value, _label in form.fields["workbook"].choices] == OFFERED[user]


@pytest.mark.parametrize("user", NOTHING)
def test_people_without_a_workbook_are_refused(cast, user):
    desk = Desk(cast, user)
    assert desk.client.get(page("add")).status_code == 403
    assert desk.post("self", sheet(HEADINGS, ["A", "G-1", 80])).status_code == 403
    assert ImportRun.objects.count() == 0


@pytest.mark.parametrize(
    ("user", "name"),
    [("evaluator", "self"), ("reporter_a", "scores"), ("reporter_a", "indicators"), ("steward", "received")],
)
def test_a_forged_workbook_is_refused(entry, user, name):
    response = Desk(entry, user).post(name, sheet(HEADINGS, ["A", "G-1", 80]))
    assert list(errors(response)) == ["workbook"]
    assert ImportRun.objects.count() == 0


def test_rows_of_another_agency_do_not_exist(entry):
    desk = Desk(entry, "reporter_a")
    run = desk.upload("self", sheet(HEADINGS, ["A", "G-1", 80], ["B", "G-1", 80], ["NONE", "G-1", 80]))
    sentence = "No agency of this cycle that is open to you has this code."
    assert [(fault["cell"], fault["sentence"]) for fault in run.report["faults"]] == [
        ("A3", sentence),
        ("A4", sentence),
    ]
    desk.confirm(run)
    assert Mark.objects.count() == 0


def test_only_the_uploader_and_the_manager_confirm(entry):
    run = Desk(entry, "expert").upload("agencies", sheet(["کد دستگاه", "نام دستگاه"], ["C", "اداره ج"]))
    foreign = Desk(entry, "reporter_a").confirm(run)
    colleague = Desk(entry, make_expert(entry)).confirm(run)
    assert (foreign.status_code, colleague.status_code) == (404, 403)
    assert not Agency.objects.filter(code="C").exists()
    Desk(entry, "manager").confirm(run)
    assert (run.state, Agency.objects.get(code="C").name) == ("written", "اداره ج")


def make_expert(cast):
    from tests.cast import person  # the cast has one expert; this test needs a colleague

    return person("colleague", "expert", province=cast.province)


def test_foreign_runs_are_not_found(entry):
    run = Desk(entry, "reporter_a").upload("self", sheet(HEADINGS, ["A", "G-1", 80]))
    other = Desk(entry, "reporter_b").client
    pages = [page("change", run.pk), reverse("admin:evaluation_importrun_file", args=[run.pk, "file"])]
    assert [other.get(each).status_code for each in pages] == [404, 404]
    assert other.post(page("confirm", run.pk)).status_code == 404
    own = Desk(entry, "reporter_a").client.get(pages[1])
    assert hashlib.sha256(b"".join(own.streaming_content)).hexdigest() == run.sha256


def test_nothing_is_written_by_get(entry):
    desk = Desk(entry, "reporter_a")
    run = desk.upload("self", sheet(HEADINGS, ["A", "G-1", 80]))
    assert desk.client.get(page("confirm", run.pk)).status_code == 405
    assert Mark.objects.count() == 0


# -- on behalf ------------------------------------------------------------------------------------


def test_the_self_assessment_by_mpo_staff_needs_the_letter(entry):
    desk = Desk(entry, "expert")
    data = sheet(HEADINGS, ["A", "G-1", 80])
    sentence = "A step on behalf needs the body, the letter's number, its date and its file."
    assert errors(desk.post("self", data)) == {"__all__": [sentence]}
    assert errors(desk.post("self", data, behalf_body="اداره الف")) == {"__all__": [sentence]}
    run = desk.upload("self", data, **letter())
    desk.confirm(run)
    mark, behalf = Mark.objects.get(), OnBehalf.objects.get()
    assert (mark.on_behalf_of, mark.by, run.on_behalf_of) == (behalf, entry.expert, behalf)
    assert (behalf.body, behalf.letter_number, str(behalf.letter_date)) == ("اداره الف", "۱۲/الف", "2025-08-03")


# -- downloads ------------------------------------------------------------------------------------


def test_templates_name_the_persons_lines_and_come_back_in(entry):
    desk = Desk(entry, "reporter_a")
    response = desk.client.get(page("template", "self", cycle=entry.cycle.pk))
    assert response["Content-Disposition"] == 'attachment; filename="self-1404-template.xlsx"'
    rows = table(response.content)
    assert [row[:2] for row in rows[1:]] == [["A", code] for code in ("G-1", "G-31", "G-32", "S-1", "S-2")]
    run = desk.upload("self", response.content)
    assert (run.state, run.new, run.changed, run.same, run.wrong) == ("tried", 0, 0, 5, 0)


@pytest.mark.parametrize("name", ["agencies", "indicators", "specific", "self", "received"])
def test_exports_come_back_in_unchanged(entry, name):
    entry.do_self_assessment()
    desk = Desk(entry, "expert")
    data = desk.client.get(page("export", name, cycle=entry.cycle.pk)).content
    rows = len(table(data)) - 1
    run = desk.upload(name, data, **(letter() if name == "self" else {}))
    assert (run.state, run.new, run.changed, run.same) == ("tried", 0, 0, rows)
    assert rows > 1


def test_scores_are_not_handed_to_agencies(entry):
    desk = Desk(entry, "reporter_a")
    for name in ("scores", "received", "agencies", "indicators"):
        assert desk.client.get(page("export", name)).status_code == 403
        assert desk.client.get(page("template", name)).status_code == 403
    assert desk.client.get(page("template", "feed")).status_code == 404
    assert desk.client.get(page("template", "self", cycle="x")).status_code == 404


def test_the_page_of_workbooks_offers_what_the_person_may_take(entry):
    def offered(user):
        rows = Desk(entry, user).client.get(page("workbooks")).context["rows"]
        return [(row["code"], bool(row.get("template")), bool(row.get("export"))) for row in rows]

    assert offered("reporter_a") == [("specific", True, True), ("self", True, True)]
    assert offered("evaluator") == [("scores", True, True)]
    assert Desk(entry, "observer").client.get(page("workbooks")).status_code == 403


@pytest.mark.parametrize(
    ("user", "model", "codes"),
    [
        ("expert", "agency", ["agencies"]),
        ("expert", "indicator", ["indicators", "specific"]),
        ("expert", "line", ["self", "received", "scores"]),
        ("evaluator", "line", ["scores"]),
        ("observer", "agency", []),
    ],
)
def test_lists_have_the_buttons_of_their_workbooks(entry, user, model, codes):
    response = Desk(entry, user).client.get(reverse(f"admin:evaluation_{model}_changelist"))
    assert [row["code"] for row in response.context["workbook_buttons"]] == codes
    links = [line for line in response.content.decode().split('"') if "/importrun/add/?" in line]
    assert len(links) == len(codes)


def test_the_receipt_names_who_wrote_it(entry):
    run = Desk(entry, "expert").upload("agencies", sheet(["code", "name"], ["C", "اداره ج"]))
    Desk(entry, "manager").confirm(run)
    context = Desk(entry, "expert").report(run).context
    assert (context["uploaded_by"], context["written_by"]) == ("expert", "manager")
