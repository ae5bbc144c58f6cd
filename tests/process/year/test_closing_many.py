"""Cycles that end together: a task for each of them, and chains of short tasks for their reports."""

import pytest
from django.core.cache import cache
from django.test import Client
from django_q.models import OrmQ, Schedule, Task

from evaluation import tasks
from evaluation.models import Assessment, StageWindow
from evaluation.schedules import register_schedules
from tests.tasks.wide_year import entered

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh(settings):
    settings.LANGUAGE_CODE = "en"
    cache.clear()


@pytest.fixture
def years():
    """Two provinces whose windows end now: each agency has filled one of its two files."""
    ended = [entered(code, agencies=2, lines=1) for code in ("one", "two")]
    for year in ended:
        year.lines.filter(assessment__dimension__code="G").update(self_actual=80)
        year.end_now()
    return ended


def queued():
    """[(function, its arguments)] of the queue, which is emptied."""
    found = [(each.task["func"], *each.task["args"]) for each in OrmQ.objects.order_by("pk")]
    OrmQ.objects.all().delete()
    return found


def said(report):
    return [each["text"] for each in report["done"]]


def test_each_cycle_is_handed_over_once_until_its_task_has_ended(years):
    keys = [year.cycle.pk for year in years]
    assert said(tasks.close_due_windows()) == [f"The windows of “{year.cycle}” are being closed." for year in years]
    assert queued() == [(tasks.close_cycle, key) for key in keys]
    assert (said(tasks.close_due_windows()), queued()) == ([], [])
    assert not StageWindow.objects.exclude(closed_at=None).exists()
    for year in years:
        assert said(tasks.close_cycle(year.cycle.pk)) == [
            f"{year.cycle}: Entering the self-assessment",
            "The missed-deadline rule was applied to 4 self-assessments.",
        ]
        assert said(tasks.close_cycle(year.cycle.pk)) == []
    assert set(Assessment.objects.values_list("state", flat=True)) == {"submitted", "absent"}
    assert (said(tasks.close_due_windows()), queued()) == ([], [])


def test_a_cycle_whose_worker_died_is_handed_over_again(years):
    tasks.close_due_windows()
    queued()
    cache.delete(tasks.closing_key(years[1].cycle.pk))  # as after the time for which a turn is kept
    tasks.close_due_windows()
    assert queued() == [(tasks.close_cycle, years[1].cycle.pk)]
    tasks.close_cycle(years[0].cycle.pk)
    assert said(tasks.close_due_windows())[0] == f"{years[1].cycle}: Entering the self-assessment"  # the last is due
    assert queued() == []


def test_the_page_shows_what_the_tasks_of_the_cycles_did(years):
    register_schedules()
    schedule = Schedule.objects.get(name="close due windows")
    now = years[0].window.closes_at
    runs = [(schedule.name, tasks.close_due_windows())]
    runs += [(tasks.CYCLES, tasks.close_cycle(year.cycle.pk)) for year in years]
    moment = {"started": now, "stopped": now}
    for number, (group, result) in enumerate(runs):
        Task.objects.create(
            id=f"{number:032}", name=str(number), func="x", group=group, result=result, success=True, **moment
        )
    client = Client()
    client.cookies["django_language"] = "en"
    client.force_login(years[0].manager)
    job = next(each for each in client.get("/admin/django_q/schedule/work/").context["jobs"] if each["last"])
    assert [each["text"] for each in job["done"]] == [
        f"The windows of “{years[0].cycle}” are being closed.",
        f"{years[0].cycle}: Entering the self-assessment",
        "The missed-deadline rule was applied to 4 self-assessments.",
        "The missed-deadline rule was applied to 4 self-assessments.",
    ]


def test_many_reports_are_typeset_cycle_by_cycle_in_short_tasks(years, monkeypatch):
    for year in years:
        tasks.close_cycle(year.cycle.pk)
    monkeypatch.setattr(tasks, "REPORTS_AT_ONCE", 1)
    monkeypatch.setattr(tasks, "typeset_submitted", lambda submitted: b"%PDF " + str(submitted.pk).encode())
    keys = [year.cycle.pk for year in years]
    assert said(tasks.typeset_reports()) == ["The reports of 2 cycles are being produced."]
    assert queued() == [(tasks.typeset_cycle, key) for key in keys]
    assert (said(tasks.typeset_reports()), queued()) == ([], [])
    for key in keys:
        assert said(tasks.typeset_cycle(key)) == ["1 report was produced."]
        assert queued() == [(tasks.typeset_cycle, key)]
    assert tasks.assessment.unreported().count() == 2
    for key in keys:
        assert said(tasks.typeset_cycle(key)) == ["1 report was produced."]
    assert (queued(), tasks.assessment.unreported().count()) == ([], 0)
    assert Assessment.objects.filter(state="submitted").exclude(report_sha256="").count() == 4


def test_a_file_that_was_submitted_anew_while_its_report_was_typeset_keeps_none(years):
    tasks.close_cycle(years[0].cycle.pk)
    waiting = tasks.assessment.unreported().first()

    def typeset(submitted):
        Assessment.objects.filter(pk=submitted.pk).update(submitted_at=tasks.timezone.now())
        return b"%PDF"

    assert tasks.assessment.complete_report(waiting, typeset) is False
    assert Assessment.objects.get(pk=waiting.pk).report_sha256 == ""
