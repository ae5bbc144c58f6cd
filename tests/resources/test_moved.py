"""Between trial run and confirmation: what moved in the system is named, and nothing is written."""

import pytest

from evaluation.enums import ImportState, Stage
from evaluation.models import Agency, ImportChange, Mark
from evaluation.process.assessing import line as line_verbs
from evaluation.process.assessing.line import Figures
from evaluation.process.imports import import_run
from evaluation.resources import runs
from evaluation.resources.tables.plan import from_text
from tests.resources.sheets import counts, faults, imported, line_of, sheet, tried
from tests.resources.test_one_path import WORKBOOKS, fingerprints, others

pytestmark = pytest.mark.django_db

HEADINGS = ["agency", "code", "actual", "note"]
ROWS = ["A", "G-1", 70, "از فایل"], ["A", "S-1", 50, None]
AGAIN = "Start the trial run again."


def by_form(cast, code, **figures):
    line_verbs.record(line_of(code), "self", Figures(**figures), by=cast.reporter_a)


def test_a_line_saved_since_the_trial_is_named_and_nothing_is_written(cast):
    entry = cast.until(Stage.SELF_ASSESSMENT)
    run = tried("self", sheet(HEADINGS, *ROWS), by=entry.reporter_a, cycle=entry.cycle)
    by_form(entry, "G-1", actual=55, note="از فرم")
    before = others(fingerprints())
    run = runs.confirm(run, by=entry.reporter_a)
    assert (run.state, counts(run)) == (ImportState.REFUSED, {"new": 1, "changed": 0, "same": 0, "wrong": 1})
    assert [(cell, sentence) for cell, _heading, _value, sentence in faults(run)] == [
        ("C2", f"At the trial run this value was “empty”, and now it is “55”. {AGAIN}"),
        ("D2", f"At the trial run this value was “empty”, and now it is “از فرم”. {AGAIN}"),
    ]
    assert others(fingerprints()) == before
    assert line_of("G-1").self_actual == 55


def test_after_a_new_trial_run_it_is_written(cast):
    entry = cast.until(Stage.SELF_ASSESSMENT)
    run = tried("self", sheet(HEADINGS, *ROWS), by=entry.reporter_a, cycle=entry.cycle)
    by_form(entry, "G-1", actual=55, note="از فرم")
    run = runs.confirm(run, by=entry.reporter_a)
    run = import_run.ask_again(run, by=entry.reporter_a)
    assert run.job == "trial"
    run = runs.work(run.pk, run.attempt)
    assert (run.state, counts(run)) == (ImportState.TRIED, {"new": 1, "changed": 1, "same": 0, "wrong": 0})
    assert runs.confirm(run, by=entry.reporter_a).state == ImportState.WRITTEN
    assert (line_of("G-1").self_actual, line_of("G-1").self_note) == (70, "از فایل")


def test_a_row_that_was_the_same_at_the_trial_is_named_too(cast):
    entry = cast.until(Stage.SELF_ASSESSMENT)
    imported("self", sheet(HEADINGS, *ROWS), by=entry.reporter_a, cycle=entry.cycle)
    run = tried("self", sheet(HEADINGS, *ROWS), by=entry.reporter_a, cycle=entry.cycle)
    assert counts(run)["same"] == 2
    by_form(entry, "S-1", actual=20)
    run = runs.confirm(run, by=entry.reporter_a)
    assert [(cell, sentence) for cell, _heading, _value, sentence in faults(run)] == [
        ("C3", f"This row was edited after the trial run, which shows no longer what would change. {AGAIN}")
    ]
    assert line_of("S-1").self_actual == 20


def test_what_others_made_alike_since_needs_no_new_trial(cast):
    entry = cast.until(Stage.SELF_ASSESSMENT)
    run = tried("self", sheet(HEADINGS, *ROWS), by=entry.reporter_a, cycle=entry.cycle)
    by_form(entry, "G-1", actual=70, note="از فایل")
    run = runs.confirm(run, by=entry.reporter_a)
    assert (run.state, counts(run)["same"], Mark.objects.count()) == (ImportState.WRITTEN, 1, 2)


@pytest.mark.parametrize("name", WORKBOOKS)
def test_every_workbook_plans_what_it_then_changes(cast, name):
    """Each row that is written was planned, and each planned value differs from what stood."""
    by, data, expected = WORKBOOKS[name](cast)
    run = tried(name, data, by=by, cycle=cast.cycle)
    planned = from_text(run.plan)
    assert len(planned) == expected["new"] + expected["changed"]
    assert all(row.cells or row.kind == "new" for row in planned)  # a new row may consist of its key
    assert all(all(was != now for was, now in row.cells.values()) for row in planned)
    written = runs.confirm(run, by=by)
    assert (written.state, written.plan) == (ImportState.WRITTEN, "")
    places = set(ImportChange.objects.filter(run=run).values_list("sheet", "row"))
    assert {(row.sheet, row.row) for row in planned} <= places


def test_an_agency_edited_since_the_trial_is_named(cast):
    run = tried(
        "agencies", sheet(["code", "name", "group"], ["A", "اداره نو", "یک"]), by=cast.manager, cycle=cast.cycle
    )
    Agency.objects.filter(code="A").update(group="دو")
    run = runs.confirm(run, by=cast.manager)
    assert [(cell, sentence) for cell, _heading, _value, sentence in faults(run)] == [
        ("C2", f"At the trial run this value was “خدماتی”, and now it is “دو”. {AGAIN}")
    ]
    assert Agency.objects.get(code="A").name == "اداره الف"


def test_a_new_agency_is_planned_with_what_its_empty_cells_leave_as_usual(cast):
    data = sheet(["code", "name", "ranked"], ["C", "اداره ج", None], ["D", "اداره د", "خیر"])
    run = tried("agencies", data, by=cast.manager, cycle=cast.cycle)
    assert [row.cells["ranked"] for row in from_text(run.plan)] == [[None, True], [None, False]]
    runs.confirm(run, by=cast.manager)
    assert [Agency.objects.get(code=code).ranked for code in "CD"] == [True, False]
