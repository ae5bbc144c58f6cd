"""The wizard of imports in a browser: from a wrong workbook to its undoing, and work that is watched."""

import threading
import time
from io import BytesIO

import pytest
from django.db import connections
from openpyxl import load_workbook

from evaluation import tasks
from evaluation.enums import Stage
from evaluation.models import ImportRun, Line, Mark
from evaluation.process import progress
from evaluation.resources import runs
from evaluation.resources.workbooks import base
from tests.admin.imports.import_desk import HEADINGS
from tests.resources.sheets import sheet
from tests.tasks.clusters import wait_until

from .entry import enter
from .look import looks_good

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BASE = "/admin/evaluation/importrun"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DROP = """([name, bytes]) => {
    const files = new DataTransfer();
    files.items.add(new File([new Uint8Array(bytes)], name));
    const zone = document.querySelector(".ev-drop .ev-dialog-foot");
    zone.dispatchEvent(new DragEvent("dragenter", { dataTransfer: files, bubbles: true }));
    const over = document.querySelector(".ev-drop").classList.contains("ev-over");
    zone.dispatchEvent(new DragEvent("drop", { dataTransfer: files, bubbles: true, cancelable: true }));
    return over;
}"""


@pytest.fixture
def cast(cast):
    return cast.until(Stage.SELF_ASSESSMENT)


def upload(page, data, name="کاربرگ ما.xlsx"):
    """Choose the workbook `self` and a file, and send them. The run."""
    page.goto(f"{BASE}/add/")
    page.locator("[name=workbook]").select_option("self")
    page.locator("[name=file]").set_input_files([{"name": name, "mimeType": XLSX, "buffer": data}])
    page.locator(".ev-upload [type=submit]").click()
    page.locator("#run-work").wait_for()
    return ImportRun.objects.latest("pk")


def press(page, run, name):
    """Press the button of a step; the run as it is then."""
    with page.expect_navigation():
        page.locator(f'form[action="{BASE}/{run.pk}/{name}/"] [type=submit]').click()
    run.refresh_from_db()
    return run


def actual(code):
    return Line.objects.get(indicator__code=code, assessment__participation__agency__code="A").self_actual


def test_from_a_wrong_workbook_to_its_undoing(page, live_server, cast):
    enter(page, live_server, cast, "reporter_a")
    page.goto(f"{BASE}/add/")
    looks_good(page)
    wrong = upload(page, sheet(HEADINGS, ["A", "G-1", "هشتاد"], ["A", "S-1", 100], title="ارقام"))
    looks_good(page)
    press(page, wrong, "here")
    assert wrong.state == "refused"
    page.get_by_text("ارقام!C2").wait_for()
    looks_good(page)

    with page.expect_download() as taken:
        page.locator(f'a[href="{BASE}/{wrong.pk}/marked/"]').click()
    book = load_workbook(BytesIO(taken.value.path().read_bytes()))
    assert taken.value.suggested_filename == "کاربرگ ما-marked.xlsx"
    assert "هشتاد" in book["ارقام"]["C2"].comment.text
    book["ارقام"]["C2"], book["ارقام"]["C1"], book["ارقام"]["A1"] = 80, "رقم نهایی", "شناسه"
    mended = BytesIO()
    book.save(mended)

    run = upload(page, mended.getvalue())
    press(page, run, "here")
    assert run.state == "mapping"
    page.locator("[name=heading-0]").select_option("agency")
    page.locator("[name=heading-1]").select_option("actual")
    looks_good(page)
    press(page, run, "headings")
    press(page, run, "here")
    assert (run.state, run.new, Mark.objects.count()) == ("tried", 2, 0)
    looks_good(page)
    press(page, run, "confirm")
    press(page, run, "here")
    assert (run.state, actual("G-1"), actual("S-1")) == ("written", 80, 100)
    page.get_by_text("آموزش کارکنان").wait_for()
    looks_good(page)

    page.locator(f'a[href="{BASE}/{run.pk}/undo/"]').click()
    looks_good(page)
    with page.expect_navigation():
        page.locator(".ev-dialog [type=submit]").click()
    undoing = press(page, ImportRun.objects.get(undoes=run), "here")
    assert (undoing.state, undoing.changed, actual("G-1"), actual("S-1")) == ("written", 2, None, None)
    looks_good(page)
    page.goto(f"{BASE}/{run.pk}/change/")
    looks_good(page)
    page.goto(f"{BASE}/")
    looks_good(page)
    page.goto(f"{BASE}/workbooks/")
    looks_good(page)


def test_a_file_is_dropped_on_the_form(page, live_server, cast):
    enter(page, live_server, cast, "reporter_a")
    page.goto(f"{BASE}/add/")
    page.locator("[name=workbook]").select_option("self")
    assert page.evaluate(DROP, ["ارقام.xlsx", list(sheet(HEADINGS, ["A", "G-1", 80]))]) is True
    assert page.locator(".ev-file-name").inner_text() == "ارقام.xlsx"
    assert page.locator(".ev-drop.ev-over").count() == 0
    page.locator(".ev-upload [type=submit]").click()
    page.locator("#run-work").wait_for()
    assert ImportRun.objects.get().file_name == "ارقام.xlsx"


def test_the_letter_is_asked_for_where_it_is_needed(page, live_server, cast):
    enter(page, live_server, cast, "expert")
    page.goto(f"{BASE}/add/")
    page.locator("[name=workbook]").select_option("agencies")
    assert not page.locator(".ev-letter").is_visible()
    page.locator("[name=workbook]").select_option("self")
    assert page.locator(".ev-letter").is_visible()


@pytest.fixture
def gate(monkeypatch):
    """Work that stops at its third row until the gate is opened."""
    opened, plain = threading.Event(), progress.Progress.at

    def at(self, phase, done=0, total=0):
        plain(self, phase, done, total)
        if (phase, done) == ("checking", 2):
            assert opened.wait(60)
        plain(self, phase, done, total)

    monkeypatch.setattr(progress.Progress, "at", at)
    monkeypatch.setattr(base, "ROWS_PER_STEP", 1)
    monkeypatch.setattr(tasks, "a_worker_is_alive", lambda: True)
    return opened


@pytest.fixture
def worker(gate):
    """Works on a run in a thread of its own, as a cluster would."""
    threads = []

    def work(run):
        def body():
            try:
                runs.work(run.pk, run.attempt)
            finally:
                connections.close_all()

        threads.append(threading.Thread(target=body))
        threads[-1].start()

    yield work
    gate.set()
    for thread in threads:
        thread.join()


ROWS = [["A", code, 80] for code in ("G-1", "G-31", "G-32", "S-1")]


def test_the_bar_moves_and_the_page_loads_anew_at_the_end(page, live_server, cast, gate, worker):
    enter(page, live_server, cast, "reporter_a")
    run = upload(page, sheet(HEADINGS, *ROWS))
    assert page.locator(f'form[action="{BASE}/{run.pk}/here/"]').count() == 0
    worker(run)
    page.locator('#run-work [role=progressbar][aria-valuenow="50"]').wait_for()
    assert page.locator("#run-work .ev-work-words").inner_text().split()[::2][:2] == ["۲", "۴"]
    assert "۵۰" in page.locator("#run-said").text_content()
    looks_good(page)
    gate.set()
    page.locator(f'form[action="{BASE}/{run.pk}/confirm/"]').wait_for()
    run.refresh_from_db()
    assert (run.state, run.new) == ("tried", 4)


def test_work_is_cancelled_while_it_runs(page, live_server, cast, gate, worker):
    enter(page, live_server, cast, "reporter_a")
    run = upload(page, sheet(HEADINGS, *ROWS))
    worker(run)
    page.locator('#run-work [role=progressbar][aria-valuenow="50"]').wait_for()
    press(page, run, "cancel")
    asked = time.time()
    wait_until(lambda: progress.last_report(run.pk)["beat"] > asked)  # the worker knows of the wish
    gate.set()
    page.locator(f'form[action="{BASE}/{run.pk}/again/"]').wait_for()
    run.refresh_from_db()
    assert (run.state, Mark.objects.count()) == ("cancelled", 0)


def test_after_the_session_has_ended_the_page_goes_to_the_login(page, live_server, cast, gate, worker):
    enter(page, live_server, cast, "reporter_a")
    run = upload(page, sheet(HEADINGS, *ROWS))
    worker(run)
    page.locator('#run-work [role=progressbar][aria-valuenow="50"]').wait_for()
    page.context.clear_cookies(name="sessionid")
    page.wait_for_url(f"**/login/?next={BASE}/{run.pk}/change/")
    assert page.locator("#run-work").count() == 0
