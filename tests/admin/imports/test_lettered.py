"""A file without headings: its columns are named by letter, its first row is read, and nothing of it is remembered."""

import pytest

from evaluation.enums import Stage
from evaluation.models import ImportRun, KeptHeading, Line
from tests.admin.imports.import_desk import Desk, page, text_of
from tests.resources.sheets import sheet

pytestmark = pytest.mark.django_db

ROWS = (["A", "G-1", 80, "یک"], ["A", "S-1", 50, "دو"])
CHOICE = {"A": "agency", "B": "code", "C": "actual", "D": ""}


@pytest.fixture
def desk(cast):
    return Desk(cast.until(Stage.SELF_ASSESSMENT), "reporter_a")


def form_of(desk, run):
    return desk.client.get(page("headings", run.pk)).context["form"]


def answered(desk, run, chosen, *, has_headings=False):
    """Name the columns by their letters and send the form; the run after its trial run."""
    form = form_of(desk, run)
    names = {row["column"]: row["name"] for row in form.sheets[0]["rows"]}
    data = {names[letter]: code for letter, code in chosen.items()}
    if has_headings:
        data[form.sheets[0]["otherwise"]] = "on"
    desk.step("headings", run, data)
    return desk.here(run)


def figures():
    lines = Line.objects.exclude(self_actual=None).order_by("indicator__code")
    return list(lines.values_list("indicator__code", "self_actual", "self_note"))


@pytest.mark.parametrize("rows", [ROWS, [[str(value) for value in row] for row in ROWS]])
def test_the_first_row_is_offered_as_a_sample_and_imported(desk, rows):
    run = desk.upload("self", sheet(*rows))
    assert run.state == "mapping"
    words = text_of(desk.report(run))
    assert "Sheet “Sheet1”, columns by letter from row 1" in words
    assert "Column First values Column of the system A A , A Our column for “A”" in words
    assert "C 80 , 50" in words
    answered(desk, run, CHOICE)
    assert (run.state, run.new) == ("tried", 2)
    desk.confirm(run)
    assert figures() == [("G-1", 80, ""), ("S-1", 50, "")]


def test_nothing_of_it_is_remembered(desk):
    run = answered(desk, desk.upload("self", sheet(*ROWS)), CHOICE)
    assert not KeptHeading.objects.exists()
    later = desk.upload("self", sheet(*ROWS, ["A", "G-31", 1, "سه"]))
    assert (run.state, later.state, later.headings) == ("tried", "mapping", {})


def test_names_of_headings_stay_remembered_beside_it(desk):
    run = desk.upload("self", sheet(["کد واحد", "کد شاخص", "رقم نهایی"], ["A", "G-1", 80]))
    named = {row["heading"]: row["name"] for row in form_of(desk, run).sheets[0]["rows"]}
    desk.step("headings", run, {named["کد واحد"]: "agency", named["رقم نهایی"]: "actual"})
    assert desk.here(run).state == "tried"
    answered(desk, desk.upload("self", sheet(*ROWS)), CHOICE)
    assert set(KeptHeading.objects.values_list("column", flat=True)) == {"agency", "actual"}


def test_a_row_of_strange_headings_can_be_left_out(desk):
    run = desk.upload("self", sheet(["الف", "ب", "ج", "د"], *ROWS))
    answered(desk, run, CHOICE, has_headings=True)
    assert (run.state, run.new) == ("tried", 2)


def test_a_mandatory_column_has_to_be_named(desk):
    run = desk.upload("self", sheet(*ROWS))
    form = form_of(desk, run)
    names = {row["column"]: row["name"] for row in form.sheets[0]["rows"]}
    response = desk.step("headings", run, {names["A"]: "agency"})
    assert "Sheet “Sheet1”: no heading is chosen for کد شاخص." in text_of(response)
    assert ImportRun.objects.get(pk=run.pk).headings == {}


def test_what_was_taken_for_headings_can_be_data(desk):
    run = desk.upload("self", sheet(["A", "G-1", "عملکرد", "x"], *([*row[:2], str(row[2]), "x"] for row in ROWS[1:])))
    form = form_of(desk, run)
    assert form.sheets[0]["has_headings"]
    names = {row["column"]: row["name"] for row in form.sheets[0]["rows"]}
    chosen = {names["A"]: "agency", names["B"]: "code", names["C"]: "note", form.sheets[0]["otherwise"]: "on"}
    desk.step("headings", run, chosen)
    desk.here(run)
    assert (run.state, run.total, KeptHeading.objects.count()) == ("tried", 2, 0)
