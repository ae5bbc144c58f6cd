"""Scheduled closing by real clusters: every file once, whoever does it and whoever is killed over it."""

from collections import Counter

import pytest
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from django_q.models import OrmQ, Schedule, Task
from django_q.tasks import async_task

from evaluation.models import Assessment, Cycle, Line, Notice, StageWindow, TransitionLog
from evaluation.schedules import RECURRING, register_schedules
from evaluation.tasks import close_due_windows, tell_deadlines

from .clusters import wait_until
from .wide_year import HOUR, entered

AGENCIES = 64
FILES = 2 * AGENCIES

# Left to PostgreSQL is what queue, receipts and workers do whatever the database; SQLite keeps what its locks decide.
pytestmark = [pytest.mark.usefixtures("db"), pytest.mark.xdist_group("closing clusters")]


@pytest.fixture
def db(site):
    """The scratch database; the fixture's name tells pytest-django to make the one that it is copied from."""


@pytest.fixture
def media(site):
    return site.folder / "media"


@pytest.fixture(autouse=True)
def fresh(site):
    yield
    site.kill_all()
    for model in (OrmQ, Task, Schedule):
        model.objects.all().delete()


def silent_year(code):
    """64 agencies whose window has just ended: each has filled one of its two files."""
    year = entered(code, agencies=AGENCIES)
    Line.objects.filter(assessment__in=year.cycle.assessments(), assessment__dimension__code="G").update(self_actual=80)
    year.end_now()
    return year


def settled(year):
    return year.cycle.assessments().exclude(state="drafting").count()


def closed(year):
    return StageWindow.objects.get(pk=year.window.pk).closed_at is not None


def log_of(year):
    """How often each step was logged, and the files with more or less than one row."""
    files = set(year.cycle.assessments().values_list("pk", flat=True))
    rows = TransitionLog.objects.filter(cycle=year.cycle)
    per_file = Counter(
        rows.filter(content_type=ContentType.objects.get_for_model(Assessment)).values_list("object_id", flat=True)
    )
    wrong = {key: per_file[key] for key in files if per_file[key] != 1}
    return Counter(rows.values_list("name", "by__username")), wrong


def told(year):
    """Counted: (begin of the event, how many notices its person got of it)."""
    rows = Notice.objects.filter(cycle=year.cycle).exclude(event__startswith="opens").values_list("event", "user")
    return Counter(event.split(":")[0] for event, _user in rows), len({event for event, _user in rows})


def assert_closed_once(year):
    assert Counter(year.cycle.assessments().values_list("dimension__code", "state")) == {
        ("G", "submitted"): AGENCIES,
        ("T", "absent"): AGENCIES,
    }
    logged, wrong = log_of(year)
    assert wrong == {}
    assert logged == {
        ("submit", "scheduler"): AGENCIES,
        ("mark_absent", "scheduler"): AGENCIES,
        ("close_window", "scheduler"): 1,
        ("open_transfer", "scheduler"): 1,
    }
    assert told(year) == ({"silent": FILES, "submit": AGENCIES}, FILES + AGENCIES)
    assert Cycle.objects.get(pk=year.cycle.pk).stage == "transfer"


@pytest.mark.left_to_postgresql
def test_after_a_standstill_two_clusters_schedule_it_once_and_close_everything_once(site):
    year = silent_year("one")
    register_schedules()
    Schedule.objects.update(next_run=timezone.now() - 3 * HOUR)
    for _cluster in range(2):  # with this rhythm a cluster asks the schedules as soon as it starts
        site.cluster(guard_cycle=30)
    for _more in range(3):
        async_task(close_due_windows)  # as if the runs before were still under way
    wait_until(lambda: closed(year))
    wait_until(lambda: Task.objects.filter(func="evaluation.tasks.close_due_windows").count() == 4)
    site.rest()
    assert_closed_once(year)
    groups = Counter(Task.objects.exclude(group=None).values_list("group", flat=True))
    assert groups == {recurring.name: 1 for recurring in RECURRING}
    for _more in range(4):  # both tell the headquarters at once that their window has opened
        async_task(tell_deadlines)
    site.rest()
    opened = Notice.objects.filter(event__startswith=f"opens:{year.cycle.windows.get(stage='transfer').pk}:")
    assert (opened.count(), opened.values("user").distinct().count()) == (AGENCIES, AGENCIES)
    assert list(Task.objects.filter(success=False)) == []


@pytest.mark.left_to_postgresql
def test_killed_in_the_middle_again_and_again_the_others_do_the_rest_once(site):
    year = silent_year("two")
    for some in (1, FILES // 4, FILES // 2):
        async_task(close_due_windows)
        cluster = site.cluster()
        wait_until(lambda: settled(year) >= some)  # noqa: B023  waited for at once
        cluster.kill()
        assert not closed(year)

    async_task(close_due_windows)
    cluster = site.cluster(
        hold="evaluation.process.year.cycle.enter"
    )  # every file is settled, the window is half closed
    cluster.wait_until_held()
    cluster.kill()
    assert (settled(year), closed(year)) == (FILES, False)

    OrmQ.objects.update(lock=timezone.now())  # all the killed tasks are delivered again
    for _cluster in range(2):
        site.cluster()
    site.rest()
    assert_closed_once(year)


@pytest.mark.left_to_postgresql
def test_killed_between_writing_and_telling_nothing_of_those_files_stays(site):
    year = silent_year("four")
    async_task(close_due_windows)
    cluster = site.cluster(hold="evaluation.process.messages.notice.tell_many")  # the first files have moved, unstored
    cluster.wait_until_held()
    cluster.kill()
    assert (settled(year), log_of(year)[0], told(year)) == (0, {}, ({}, 0))
    OrmQ.objects.update(lock=timezone.now())
    site.cluster()
    site.rest()
    assert_closed_once(year)


def test_cycles_that_end_together_are_closed_by_all_workers_whoever_is_killed(site):
    years = [silent_year(code) for code in ("five", "six", "seven")]
    async_task(close_due_windows)
    clusters = [site.cluster(workers=2), site.cluster()]
    wait_until(lambda: sum(map(settled, years)) >= FILES // 2)
    clusters[0].kill()
    OrmQ.objects.update(lock=timezone.now())
    wait_until(lambda: all(map(closed, years)))
    site.rest()
    for year in years:
        assert_closed_once(year)
    assert set(Task.objects.filter(func="evaluation.tasks.close_cycle").values_list("success", flat=True)) == {True}


def test_one_of_two_is_killed_while_both_are_closing(site):
    year = silent_year("three")
    clusters = [site.cluster(), site.cluster()]
    for _task in range(4):  # a cluster takes three at most: one works, one waits in it, one is in its hand
        async_task(close_due_windows)
    wait_until(lambda: settled(year) >= FILES // 8)
    clusters[0].kill()
    wait_until(lambda: closed(year))
    OrmQ.objects.update(lock=timezone.now())
    site.rest()
    assert_closed_once(year)
