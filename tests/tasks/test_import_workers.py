"""Imports by real clusters: written once or not at all, whatever happens to the workers, and the run says which."""

import threading
import time
from typing import NamedTuple

import pytest
from django.db.models import Sum
from django.utils import timezone, translation
from django_q.conf import Conf
from django_q.models import Failure, OrmQ

from evaluation import tasks
from evaluation.enums import ImportState
from evaluation.models import ImportChange, ImportRun, Mark, Notice, TransitionLog
from evaluation.process import progress
from evaluation.process.imports import import_run
from evaluation.resources import runs
from tests.resources.sheets import sheet

from .clusters import wait_until
from .wide_year import evaluated

AGENCIES, LINES = 10, 50  # of each of two dimensions
ROWS, FEW = AGENCIES * 2 * LINES, 2 * LINES  # of a whole upload, and of one for a single agency
STOPPED = "The background service stopped before the end. Nothing was written; start the work again."

# Left to PostgreSQL is what queue, receipts and workers do whatever the database; SQLite keeps what its locks decide.
pytestmark = [pytest.mark.usefixtures("db"), pytest.mark.xdist_group("import workers")]


@pytest.fixture
def db(site):
    """The scratch database; the fixture's name tells pytest-django to make the one that it is copied from."""


@pytest.fixture(scope="module")
def year(site):
    return evaluated(agencies=AGENCIES, lines=LINES)


@pytest.fixture
def media(site):
    return site.folder / "media"


@pytest.fixture(autouse=True)
def english(settings):
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def fresh(site, year):
    """Every test starts without clusters, queue and marks of its own."""
    yield
    site.kill_all()
    OrmQ.objects.all().delete()
    Failure.objects.all().delete()


def upload(year, actual, *, agencies=1):
    """An upload with a figure for every line of some agencies, waiting for its trial run."""
    rows = [
        (agency.code, f"{code}-{number:03}", actual)
        for agency in year.agencies[:agencies]
        for code in "GT"
        for number in range(1, LINES + 1)
    ]
    data = sheet(["کد دستگاه", "کد شاخص", "عملکرد تأییدشده"], *rows)
    return runs.upload("scores", data=data, file_name="scores.xlsx", by=year.expert, cycle=year.cycle)


def tried(year, actual, **size):
    """An upload after its trial run, tried here and now."""
    run = upload(year, actual, **size)
    runs.work(run.pk, run.attempt)
    return now(run)


def now(run):
    return ImportRun.objects.get(pk=run.pk)


def wait_for(run, *states):
    wait_until(lambda: now(run).state in states)
    return now(run)


def wait_for_end(run):
    return wait_for(run, *(set(ImportState) - set(ImportState.at_work())))


def confirmed(run):
    """Asked to be written, and put into the queue."""
    run = import_run.ask_to_write(run, by=run.uploaded_by)
    tasks.hand_over(run)
    return run


def again(run):
    run = import_run.ask_again(now(run), by=run.uploaded_by)
    tasks.hand_over(run)
    return run


class Traces(NamedTuple):
    """Everything that an import leaves behind but for its own row."""

    marks: int
    changes: int
    log: int


NOTHING, EVERYTHING, FEW_WRITTEN = Traces(0, 0, 0), Traces(ROWS, ROWS, 1), Traces(FEW, FEW, 1)


def traces(run):
    logged = TransitionLog.objects.filter(
        content_type__model="importrun", object_id=run.pk, name="write", target=ImportState.WRITTEN
    )
    changes = ImportChange.objects.filter(run=run)
    return Traces(Mark.objects.filter(run=run).count(), changes.count(), logged.count())


def versions(year):
    """How often the lines have been written in all."""
    return year.lines.aggregate(Sum("version"))["version__sum"]


def told(run):
    mine = Notice.objects.filter(user=run.uploaded_by, event__startswith=f"import {run.pk} ").order_by("pk")
    return list(mine.values_list("text", flat=True))


def settle(monkeypatch):
    """The task of each minute, half a minute after the last worker was heard of."""
    with monkeypatch.context() as patched:
        patched.setattr(progress, "SILENCE", 0)
        patched.setattr(import_run, "STOPPED", timezone.timedelta(0))
        return [each["text"] for each in tasks.settle_imports()["done"]]


def settle_soon(monkeypatch):
    """PostgreSQL keeps the lock of a killed worker until it notices; the task of the next minute finds it free."""
    return wait_until(lambda: settle(monkeypatch))


# -- from the upload to the receipt -------------------------------------------------------------------


@pytest.mark.left_to_postgresql
def test_a_worker_tries_and_writes_and_tells_once_of_each(site, year):
    cluster = site.cluster(
        hold="evaluation.process.assessing.many_lines.save_lines"
    )  # long enough for a page to look twice
    run, before, seen = upload(year, 80, agencies=AGENCIES), versions(year), {}
    tasks.hand_over(run)
    run = wait_for_end(run)
    assert (run.state, run.new, run.failure, traces(run)) == ("tried", ROWS, "", NOTHING)
    wait_until(lambda: told(run))  # else the worker finds the run confirmed, and has no trial run to tell of

    confirmed(run)
    wait_until(lambda: watch(run, seen) or len(seen) > 1)
    assert list(seen.values())[-1] == ("writing", now(run).total)
    cluster.release()
    wait_for_end(run)
    site.rest()
    number = f"Import {run.pk} (Initial scores)"
    assert (traces(run), versions(year) - before) == (EVERYTHING, ROWS)
    assert told(run) == [
        f"{number}: the trial run found no error. Confirm it.",
        f"{number} has been written.",
    ]
    assert site.results() == ["tried", "written"]


def watch(run, seen):
    """What a page in another process sees of the second attempt while its transaction is open, beat by beat."""
    told = progress.last_report(run.pk)
    if told and told["attempt"] == 2:
        seen[told["beat"]] = told["phase"], told["total"]


# -- killed ---------------------------------------------------------------------------------------------

POINTS = (  # where a worker is stopped for the kill, in the order of the work
    "evaluation.resources.runs.read",  # the work has begun
    "evaluation.process.imports.import_run.lock_for_writing",  # its transaction is open
    "evaluation.process.assessing.many_lines.save_lines",  # the marks are written, the lines are not
    "evaluation.process.imports.import_run.finish",  # everything is written but the receipt
)
MOMENTS = (0.1, 0.7)  # seconds after the work began


@pytest.mark.left_to_postgresql
def test_killed_at_any_step_nothing_is_written_and_it_can_be_started_again(site, year, monkeypatch):
    run, before = tried(year, 70, agencies=AGENCIES), versions(year)
    confirmed(run)
    for number, point in enumerate(POINTS, start=1):
        cluster = site.cluster(hold=point)
        cluster.wait_until_held()
        cluster.kill()
        assert (tasks.settle_imports()["done"], now(run).state) == ([], "running")  # a worker is given half a minute
        assert settle_soon(monkeypatch) == [f"The background service stopped during: {run}."]
        assert settle(monkeypatch) == []
        assert (now(run).state, now(run).failure) == ("failed", STOPPED)
        assert (traces(run), versions(year)) == (NOTHING, before)
        assert told(run) == [f"Import {run.pk} (Initial scores) failed. Nothing was written."] * number
        again(run)

    OrmQ.objects.update(lock=timezone.now())  # the killed tasks are delivered again, all at once
    site.cluster(workers=2)
    assert (wait_for_end(run).state, now(run).attempt) == ("written", 2 + len(POINTS))
    site.rest()
    assert (traces(run), versions(year)) == (EVERYTHING, before + ROWS)
    assert site.results()[-len(POINTS) - 1 :].count("nothing to do") == len(POINTS)
    assert told(run)[len(POINTS) :] == [f"Import {run.pk} (Initial scores) has been written."]


@pytest.mark.parametrize("seconds", MOMENTS)
def test_killed_at_any_moment_everything_or_nothing_is_written_and_the_run_says_which(site, year, monkeypatch, seconds):
    run, before = tried(year, 60 + seconds, agencies=AGENCIES), versions(year)
    cluster = site.cluster()
    confirmed(run)
    wait_for(run, "running", "written")
    threading.Event().wait(seconds)
    cluster.kill()
    wait_until(lambda: settle(monkeypatch) or now(run).state == "written")
    written = now(run).state == "written"
    assert (now(run).state, now(run).failure) == (("written", "") if written else ("failed", STOPPED))
    assert (traces(run), versions(year)) == ((EVERYTHING, before + ROWS) if written else (NOTHING, before))


@pytest.mark.left_to_postgresql
def test_killed_between_the_writing_and_the_notice_the_person_is_told_once(site, year, monkeypatch):
    run = tried(year, 50)
    confirmed(run)
    cluster = site.cluster(hold="evaluation.tasks.tell_if_over")
    cluster.wait_until_held()
    cluster.kill()
    assert (now(run).state, traces(run), told(run)) == ("written", FEW_WRITTEN, [])
    assert settle(monkeypatch) == []
    OrmQ.objects.update(lock=timezone.now())
    site.cluster()
    site.rest()
    assert told(run) == [f"Import {run.pk} (Initial scores) has been written."]
    assert (now(run).state, traces(run)) == ("written", FEW_WRITTEN)


@pytest.mark.left_to_postgresql
def test_a_task_that_was_lost_with_its_cluster_is_handed_over_again(site, year, monkeypatch):
    run = upload(year, 40)
    tasks.hand_over(run)
    OrmQ.objects.update(lock=timezone.now() + timezone.timedelta(hours=1))  # taken, and not begun
    tasks.settle_imports()
    assert OrmQ.objects.count() == 1
    with monkeypatch.context() as patched:
        patched.setattr(tasks, "AGAIN", 0)
        tasks.settle_imports()
    assert OrmQ.objects.count() == 2
    site.cluster()
    assert wait_for_end(run).state == "tried"


# -- twice ----------------------------------------------------------------------------------------------


@pytest.mark.left_to_postgresql
def test_delivered_three_times_to_two_clusters_it_is_written_once(site, year):
    run, before = tried(year, 30), versions(year)
    run = confirmed(run)
    tasks.hand_over(run)
    tasks.hand_over(run)
    for _cluster in range(2):
        site.cluster(workers=2)
    site.rest()
    assert sorted(site.results()[-3:]) == ["nothing to do", "nothing to do", "written"]
    assert (now(run).state, traces(run), versions(year)) == ("written", FEW_WRITTEN, before + FEW)
    assert told(run) == [f"Import {run.pk} (Initial scores) has been written."]


# -- stopped --------------------------------------------------------------------------------------------


def test_cancelled_while_it_waits_a_worker_finds_nothing_to_do(site, year):
    run = confirmed(tried(year, 20))
    import_run.cancel(run, by=run.uploaded_by)
    assert now(run).state == "cancelled"
    site.cluster()
    site.rest()
    assert (now(run).state, traces(run), site.results()[-1]) == ("cancelled", NOTHING, "nothing to do")


def test_cancelled_while_it_runs_nothing_is_written_and_it_can_be_started_again(site, year):
    run, before = confirmed(tried(year, 20)), versions(year)
    cluster = site.cluster(hold="evaluation.process.assessing.many_lines.save_lines")
    cluster.wait_until_held()
    import_run.cancel(run, by=run.uploaded_by)
    asked = time.time()
    wait_until(lambda: progress.last_report(run.pk)["beat"] > asked)
    cluster.release()
    assert wait_for_end(run).state == "cancelled"
    assert (traces(run), versions(year)) == (NOTHING, before)
    wait_until(lambda: told(run))  # else the worker finds the run asked for again, and has no end to tell of
    again(run)
    assert wait_for_end(run).state == "written"
    site.rest()
    assert (traces(run), versions(year)) == (FEW_WRITTEN, before + FEW)
    assert told(run) == [
        f"Import {run.pk} (Initial scores) was stopped. Nothing was written.",
        f"Import {run.pk} (Initial scores) has been written.",
    ]


@pytest.mark.left_to_postgresql
def test_work_that_takes_too_long_is_stopped_and_said_so(site, year, monkeypatch):
    run = tried(year, 10)
    with monkeypatch.context() as patched:
        patched.setattr(tasks, "MAX_IMPORT_SECONDS", 1)
        confirmed(run)
    cluster = site.cluster(hold="evaluation.resources.runs.read")
    wait_until(Failure.objects.exists)
    assert Failure.objects.get().result.startswith("Task exceeded maximum timeout value (1 seconds)")
    assert (now(run).state, traces(run)) == ("failed", NOTHING)
    assert (
        now(run).failure
        == "The work took longer than 30 minutes and was stopped. Nothing was written. Try again; if it is "
        "stopped again, tell the system administrator."
    )
    assert told(run) == [f"Import {run.pk} (Initial scores) failed. Nothing was written."]
    cluster.release()
    again(run)  # the cluster has a new worker
    assert wait_for_end(run).state == "written"


def test_no_task_is_delivered_again_while_it_may_still_run():
    assert Conf.RETRY > tasks.MAX_IMPORT_SECONDS + 60
    assert Conf.RETRY > Conf.TIMEOUT + 60
