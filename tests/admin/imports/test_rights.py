"""Who may import what, on whose behalf, and who gets which workbook."""

import hashlib

import pytest
from django.urls import reverse

from evaluation.enums import Stage
from evaluation.models import Agency, ImportRun, Mark, OnBehalf
from tests.admin.imports.import_desk import HEADINGS, Desk, errors, letter, page
from tests.cast import person
from tests.resources.sheets import sheet, table

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]  # decided in Python


@pytest.fixture
def entry(cast):
    return cast.until(Stage.SELF_ASSESSMENT)


# -- rights ---------------------------------------------------------------------------------------

FIGURES = ["agencies", "indicators", "specific", "targets", "self", "received", "scores", "feed", "levels", "history"]
FIGURES += ["plans", "nominees"]
TABLES = ["evaluators", "attendance", "committees", "legal_references", "questions", "days_off"]
OFFERED = {
    "manager": [*FIGURES, "memberships", *TABLES],
    "expert": [*FIGURES, *TABLES],
    "evaluator": ["scores"],
    "steward": ["scores"],
    "reporter_a": ["specific", "self", "plans", "nominees"],
    "national": ["levels", "legal_references"],
}
NOTHING = ["headquarters_a", "secretary", "observer", "nobody"]


@pytest.mark.parametrize("user", OFFERED)
def test_only_the_persons_own_workbooks_are_offered(cast, user):
    form = Desk(cast, user).client.get(page("add")).context["form"]
    assert [value for value, _label in form.fields["workbook"].choices] == [
        "",
        *OFFERED[user],
    ]  # nobody uploads the first one unread


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


@pytest.mark.parametrize("step", ["confirm", "cancel", "here", "again", "headings", "undo"])
def test_no_step_is_taken_by_others(entry, step):
    run = Desk(entry, "expert").upload("agencies", sheet(["کد دستگاه", "نام دستگاه"], ["C", "اداره ج"]))
    foreign = Desk(entry, "reporter_a").step(step, run)
    colleague = Desk(entry, make_expert(entry)).step(step, run)
    assert (foreign.status_code, colleague.status_code) == (404, 403)
    assert (run.state, run.attempt) == ("tried", 1)
    assert not Agency.objects.filter(code="C").exists()


def test_only_the_uploader_and_the_manager_confirm(entry):
    run = Desk(entry, "expert").upload("agencies", sheet(["کد دستگاه", "نام دستگاه"], ["C", "اداره ج"]))
    colleague = Desk(entry, make_expert(entry))
    assert not colleague.offers("confirm", run)
    assert "The person who uploaded the workbook, or the manager, can confirm it." in colleague.words(run)
    Desk(entry, "manager").confirm(run)
    assert (run.state, Agency.objects.get(code="C").name) == ("written", "اداره ج")


def make_expert(cast):
    return person("colleague", "expert", province=cast.province)


def test_foreign_runs_are_not_found(entry):
    run = Desk(entry, "reporter_a").upload("self", sheet(HEADINGS, ["A", "G-1", 80]))
    other = Desk(entry, "reporter_b").client
    pages = [page("change", run.pk), reverse("admin:evaluation_importrun_file", args=[run.pk, "file"])]
    pages += [page(name, run.pk) for name in ("progress", "headings", "undo", "marked")]
    assert [other.get(each).status_code for each in pages] == [404] * 6
    posts = ("confirm", "cancel", "here", "again", "headings", "undo")
    assert [other.post(page(name, run.pk)).status_code for name in posts] == [404] * 6
    own = Desk(entry, "reporter_a").client.get(pages[1])
    assert hashlib.sha256(b"".join(own.streaming_content)).hexdigest() == run.sha256


def test_nothing_is_written_by_get(entry):
    desk = Desk(entry, "reporter_a")
    run = desk.upload("self", sheet(HEADINGS, ["A", "G-1", 80]))
    answers = [desk.client.get(page(name, run.pk)).status_code for name in ("confirm", "cancel", "here", "again")]
    assert answers == [405] * 4
    desk.client.get(page("undo", run.pk))
    run.refresh_from_db()
    assert (run.state, run.attempt, ImportRun.objects.count(), Mark.objects.count()) == ("tried", 1, 1, 0)


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
    entry.work(Stage.SELF_ASSESSMENT)
    desk = Desk(entry, "expert")
    data = desk.client.get(page("export", name, cycle=entry.cycle.pk)).content
    rows = len(table(data)) - 1
    run = desk.upload(name, data, **(letter() if name == "self" else {}))
    assert (run.state, run.new, run.changed, run.same) == ("tried", 0, 0, rows)
    assert rows > 1


def test_scores_are_not_handed_to_agencies(entry):
    desk = Desk(entry, "reporter_a")
    for name in ("scores", "received", "agencies", "indicators", "targets", "feed", "levels"):
        assert desk.client.get(page("export", name)).status_code == 403
        assert desk.client.get(page("template", name)).status_code == 403
    assert desk.client.get(page("template", "ranking")).status_code == 404
    assert desk.client.get(page("template", "self", cycle="x")).status_code == 404


def test_the_page_of_workbooks_offers_what_the_person_may_take(entry):
    def offered(user):
        rows = Desk(entry, user).client.get(page("workbooks")).context["rows"]
        return [(row["code"], bool(row.get("template")), bool(row.get("export"))) for row in rows]

    laws = ("legal_references", False, True)
    own = [(name, True, True) for name in ("specific", "self", "plans", "nominees")]
    assert offered("reporter_a") == [*own, laws]
    assert offered("evaluator") == [("scores", True, True), ("evaluators", False, True), laws]
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
