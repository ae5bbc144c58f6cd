"""The page of an import at work: progress, waiting without a worker, cancelling, stopped workers, starting again."""

import time

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from django_q.models import OrmQ

from evaluation import tasks
from evaluation.enums import Stage
from evaluation.models import Agency, ImportRun, Mark, Notice
from evaluation.process import progress
from evaluation.process.imports import import_run
from tests.admin.imports.import_desk import HEADINGS, Desk, page, shown_messages, text_of
from tests.resources.sheets import sheet

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
FIGURES = sheet(HEADINGS, ["A", "G-1", 80])
NO_WORKER = "The background service is not running now."


@pytest.fixture
def desk(cast):
    return Desk(cast.until(Stage.SELF_ASSESSMENT), "reporter_a")


@pytest.fixture
def alive(monkeypatch):
    """A cluster that has just told of itself."""
    monkeypatch.setattr(tasks, "a_worker_is_alive", lambda: True)


def fragment(desk, run, **query):
    return desk.client.get(page("progress", run.pk, **query), headers=HTMX)


def claimed(run, *, told=None):
    """The run in the hands of a worker that told this of its progress."""
    run = import_run.claim(run.pk, run.attempt)
    if told:
        now = time.time()
        cache.set(progress.key_of(run.pk), {"attempt": run.attempt, "started": now, "since": now, "beat": now} | told)
    return run


# -- waiting --------------------------------------------------------------------------------------


def test_an_upload_is_handed_to_the_workers_once(desk):
    run = desk.queued("self", FIGURES)
    assert [task.name() for task in OrmQ.objects.all()] == [f"import {run.pk} (1)"]
    assert tasks.work_on_import(run.pk, 1) == "tried"
    assert tasks.work_on_import(run.pk, 1) == "nothing to do"
    run.refresh_from_db()
    assert (run.state, run.new, run.attempt) == ("tried", 1, 1)
    assert Notice.objects.filter(user=desk.cast.reporter_a, event=f"import {run.pk} 1").count() == 1


def test_while_a_worker_lives_the_page_waits_for_its_turn(desk, alive):
    run = desk.queued("self", FIGURES)
    assert "It is in the queue." in desk.words(run)
    assert not desk.offers("here", run)
    assert desk.offers("cancel", run)
    assert fragment(desk, run, shown="waiting").status_code == 204
    assert "It is in the queue." in text_of(fragment(desk, run, shown="small"))


def test_without_a_worker_a_small_file_can_be_run_here(desk):
    run = desk.queued("self", FIGURES)
    assert f"{NO_WORKER} The file is small" in desk.words(run)
    assert fragment(desk, run, shown="small").status_code == 204
    desk.here(run)
    assert run.state == "tried"
    assert Notice.objects.filter(event__startswith=f"import {run.pk}").count() == 0  # who looks on needs no notice


def test_without_a_worker_a_large_file_waits(desk):
    run = desk.queued("self", FIGURES)
    ImportRun.objects.update(size=2**20)
    words = desk.words(run)
    assert f"{NO_WORKER} The work begins when the service is started; tell the system administrator." in words
    assert not desk.offers("here", run)
    response = desk.step("here", run)
    assert shown_messages(response, desk.client) == [
        "This file is too large to be processed here. The work begins when the background service is started."
    ]
    assert run.state == "queued"


def test_running_it_here_twice_does_it_once(desk):
    run = desk.queued("self", FIGURES)
    desk.here(run)
    finished = run.finished_at
    desk.step("here", run)
    assert (run.state, run.finished_at) == ("tried", finished)


def test_the_manager_who_runs_it_here_has_the_uploader_told(desk):
    run = Desk(desk.cast, "expert").queued("agencies", sheet(["کد دستگاه", "نام دستگاه"], ["C", "اداره ج"]))
    Desk(desk.cast, "manager").here(run)
    told = Notice.objects.filter(event=f"import {run.pk} 1").values_list("user__username", "kind")
    assert list(told) == [("expert", "import")]


def test_an_import_undone_before_the_worker_started_is_settled(desk):
    run = desk.upload("self", FIGURES)
    desk.confirm(run)
    desk.undo(run)
    assert run.state == "undone"
    assert tasks.settle_imports() == {"done": [], "failed": []}
    assert tasks.work_on_import(run.pk, run.attempt) == "nothing to do"
    assert not Notice.objects.filter(event=tasks.event_of(run)).exists()


# -- at work --------------------------------------------------------------------------------------


def test_the_progress_tells_phase_rows_speed_and_time_left(desk):
    run = desk.queued("self", FIGURES)
    now = time.time()
    claimed(run, told={"phase": "checking", "done": 4_000, "total": 12_000, "since": now - 4, "beat": now})
    words = text_of(fragment(desk, run))
    assert words.startswith("Checking the rows 4,000 of 12,000 rows 1,000 rows per second · about 8 seconds left")
    assert "You may leave this page; a notice will tell you when the work ends." in words
    html = fragment(desk, run).content.decode()
    assert 'aria-valuenow="33" aria-valuetext="4,000 of 12,000 rows"' in html
    assert 'data-said="Checking the rows: 30 percent"' in html
    assert "Checking the rows" in desk.words(run)


@pytest.mark.parametrize(
    ("seconds", "left"), [(89, "about 89 seconds left"), (90, "about 2 minutes left"), (601, "about 11 minutes left")]
)
def test_long_work_tells_minutes(desk, seconds, left):
    run = desk.queued("self", FIGURES)
    now = time.time()
    told = {"phase": "writing", "done": 10, "total": 10 + seconds, "since": now - 10, "beat": now}
    claimed(run, told=told)
    assert left in text_of(fragment(desk, run))


def test_before_the_first_word_of_the_worker_it_is_reading(desk):
    run = claimed(desk.queued("self", FIGURES), told={"phase": "writing", "done": 5, "total": 5, "attempt": 0})
    words = text_of(fragment(desk, run))
    assert words.startswith("Reading the file")
    assert "5 of 5" not in words


def test_at_the_end_the_page_is_told_to_load_anew(desk):
    run = desk.upload("self", FIGURES)
    answer = fragment(desk, run, shown="running")
    assert (answer.status_code, answer["HX-Refresh"], answer.content) == (200, "true", b"")
    without_script = desk.client.get(page("progress", run.pk))
    assert (without_script.status_code, without_script.url) == (302, page("change", run.pk))


def test_a_poll_costs_the_same_few_queries(desk, django_assert_num_queries):
    run = claimed(desk.queued("self", FIGURES))
    with django_assert_num_queries(QUERIES_OF_A_POLL):
        fragment(desk, run)
    ImportRun.objects.filter(pk=run.pk).update(report={"faults": [{"sentence": "x"}] * 1_000})
    desk.queued("self", FIGURES)
    with django_assert_num_queries(QUERIES_OF_A_POLL):
        fragment(desk, run)


QUERIES_OF_A_POLL = 6


def test_an_expired_session_leads_to_the_login(desk):
    run = desk.queued("self", FIGURES)
    desk.client.logout()
    answer = fragment(desk, run)
    assert (answer.status_code, answer.url) == (302, f"{reverse('admin:login')}?next={page('progress', run.pk)}")


# -- cancelling, failing, starting again ----------------------------------------------------------


def test_waiting_work_is_cancelled_at_once_and_can_be_started_again(desk):
    run = desk.queued("self", FIGURES)
    desk.step("cancel", run)
    assert run.state == "cancelled"
    assert "The work was stopped before its end. Nothing was written." in desk.words(run)
    assert tasks.work_on_import(run.pk, 1) == "nothing to do"
    desk.step("again", run)
    assert (run.state, run.job, run.attempt) == ("queued", "trial", 2)
    assert desk.here(run).state == "tried"


def test_running_work_is_asked_to_stop(desk):
    run = claimed(desk.queued("self", FIGURES))
    desk.step("cancel", run)
    assert (run.state, progress.stop_is_asked(run.pk, run.attempt)) == ("running", True)
    assert "being stopped" in text_of(fragment(desk, run))


def test_ended_work_cannot_be_cancelled_nor_started_again(desk):
    run = desk.upload("self", FIGURES)
    assert shown_messages(desk.step("cancel", run), desk.client) == ["This work has ended already."]
    assert shown_messages(desk.step("again", run), desk.client) == [
        "Only work that failed or was cancelled can be started again."
    ]
    assert run.state == "tried"


def test_a_worker_that_fell_silent_is_declared_stopped_by_the_page(desk):
    run = desk.upload("self", FIGURES)
    desk.step("confirm", run)
    claimed(run)
    assert text_of(fragment(desk, run)).startswith("Reading the file")
    long_ago = timezone.now() - 2 * import_run.STOPPED
    ImportRun.objects.filter(pk=run.pk).update(started_at=long_ago)
    assert fragment(desk, run)["HX-Refresh"] == "true"
    run.refresh_from_db()
    assert (run.state, run.job, Mark.objects.count()) == ("failed", "write", 0)
    words = desk.words(run)
    assert (
        "Nothing was written. The background service stopped before the end. Nothing was written; start "
        "the work again." in words
    )
    desk.step("again", run)
    assert desk.here(run).state == "written"
    assert Mark.objects.count() == 1


def test_the_page_itself_settles_a_stopped_worker_and_tells_who_asked(desk):
    run = Desk(desk.cast, "expert").queued("agencies", sheet(["کد دستگاه", "نام دستگاه"], ["C", "اداره ج"]))
    claimed(run)
    ImportRun.objects.filter(pk=run.pk).update(started_at=timezone.now() - 2 * import_run.STOPPED)
    assert "The background service stopped before the end." in Desk(desk.cast, "manager").words(run)
    assert list(Notice.objects.filter(event=f"import {run.pk} 1").values_list("user__username", flat=True)) == [
        "expert"
    ]
    assert not Agency.objects.filter(code="C").exists()
