"""The trial run's list of what would change: before and after, a page at a time, by kind of change."""

import pytest

from evaluation.admin.imports import planned
from evaluation.enums import Stage
from evaluation.models import ImportRun
from evaluation.resources.tables.columns import ERASE
from tests.admin.imports.import_desk import Desk
from tests.resources.sheets import imported, line_of, sheet

pytestmark = pytest.mark.django_db

HEADINGS = ["کد دستگاه", "کد شاخص", "عملکرد واقعی", "توضیح"]


@pytest.fixture
def entry(cast):
    entry = cast.until(Stage.SELF_ASSESSMENT)
    rows = ["A", "G-1", 80, "شرح"], ["A", "S-1", 50, "شرح"]
    imported("self", sheet(HEADINGS, *rows), by=entry.reporter_a, cycle=entry.cycle)
    return entry


def tried(entry):
    desk = Desk(entry, "reporter_a")
    rows = ["A", "G-1", "۱۲٫۵", None], ["A", "S-1", None, ERASE], ["A", "G-31", 40, "نو"]
    return desk, desk.upload("self", sheet(HEADINGS, *rows))


def shown(desk, run, **query):
    """(row, key, title, {heading: (before, after)}) of each listed row."""
    page = desk.report(run, **query).context["planned"]
    return [
        (
            row["row"],
            row["key"],
            str(row["title"]),
            {value["heading"]: (value["before"], value["after"]) for value in row["values"]},
        )
        for row in page.object_list
    ]


def test_each_row_is_listed_with_its_values_before_and_after(entry):
    desk, run = tried(entry)
    assert shown(desk, run) == [
        (
            2,
            ["A", "G-1"],
            "Rows with other values",
            {"عملکرد واقعی": ("80", "12.5"), "امتیاز خودارزیابی": ("240", "37.5")},
        ),
        (3, ["A", "S-1"], "Rows with erased values", {"توضیح": ("شرح", "—")}),
        (
            4,
            ["A", "G-31"],
            "New rows",
            {"عملکرد واقعی": ("—", "40"), "امتیاز خودارزیابی": ("—", "120"), "توضیح": ("—", "نو")},
        ),
    ]
    words = desk.words(run)
    assert "What would change 3" in words
    assert "1 erased values" in words
    assert "before: 80 trending_flat after: 12.5" in words
    assert line_of("G-1").self_actual == 80


@pytest.mark.parametrize(("kind", "rows"), [("new", [4]), ("changed", [2]), ("erased", [3]), ("other", [2, 3, 4])])
def test_one_kind_is_chosen(entry, kind, rows):
    desk, run = tried(entry)
    assert [row for row, *_rest in shown(desk, run, kind=kind)] == rows


def test_the_list_is_paged_within_its_kind(entry, monkeypatch):
    monkeypatch.setattr(planned, "PER_PAGE", 1)
    desk, run = tried(entry)
    assert [shown(desk, run, page=number)[0][0] for number in (1, 2, 3, 9)] == [2, 3, 4, 4]
    words = desk.words(run)
    assert "Page 1 of 3" in words
    assert 'href="?page=2#planned"' in desk.report(run).content.decode()
    assert "Page 1 of 1" not in desk.report(run, kind="new").content.decode()


def test_a_confirmation_that_found_other_data_offers_a_new_trial_run(entry):
    desk, run = tried(entry)
    entry.cycle.refresh_from_db()
    imported("self", sheet(HEADINGS, ["A", "G-1", 70, None]), by=entry.reporter_a, cycle=entry.cycle)
    desk.confirm(run)
    assert (run.state, run.job) == ("refused", "write")
    (fault, *_score) = run.report["faults"]
    assert (fault["cell"], fault["sentence"]) == (
        "C2",
        "At the trial run this value was “80”, and now it is “70”. Start the trial run again.",
    )
    assert desk.offers("again", run)
    desk.step("again", run)
    assert (run.state, run.job) == ("queued", "trial")
    desk.here(run)
    assert shown(desk, run)[0][3]["عملکرد واقعی"] == ("70", "12.5")
    desk.confirm(run)
    assert (run.state, line_of("G-1").self_actual) == ("written", pytest.approx(12.5))


def test_the_list_of_imports_reads_no_plan(entry):
    desk, run = tried(entry)
    assert ImportRun.objects.get(pk=run.pk).plan
    response = desk.client.get("/admin/evaluation/importrun/")
    assert all("plan" in row.get_deferred_fields() for row in response.context["cl"].result_list)
