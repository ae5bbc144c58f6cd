"""All provinces end the same stage in one minute: closed by a cluster of two workers, beside their reports."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

from django.utils import timezone
from django_q.tasks import async_task

from evaluation.enums import SilentAgency, Stage
from evaluation.models import Assessment, Cycle, Line, StageWindow
from evaluation.process.assessing.assessment import unreported
from evaluation.process.year import closing
from evaluation.tasks import close_due_windows, typeset_reports

from .rows import watched

ROOT = Path(__file__).parents[3]
WORKERS = 2
PATIENCE = 600  # seconds
REPORTS_FOR = 60  # seconds for which reports are counted after the last window is closed
LOOK_EVERY = 0.1  # seconds


def measure():
    """{cycles, files, queries a file in one process, seconds of the cluster, reports and their seconds}."""
    cycles = latest_cycles()
    files = silent(cycles)
    with watched() as work:
        done = closing.close_due(cycles[0].pk)
    alone = {**asdict(work), "files": len(done.settled)}
    return {"cycles": len(cycles), "files": files, "alone": alone, **by_cluster(cycles)}


def latest_cycles():
    year = Cycle.objects.order_by("-performance_year").values_list("performance_year", flat=True)[0]
    return list(Cycle.objects.filter(performance_year=year).order_by("pk"))


def silent(cycles):
    """Every file of these cycles is a draft whose window has just ended; each second one is empty. Returns how many.

    No other window is due: those of earlier stages and years, which the demo left open, count as closed.
    """
    files = Assessment.objects.filter(participation__cycle__in=cycles)
    nothing = {"report_file": "", "report_file_name": "", "report_file_size": 0, "report_sha256": ""}
    files.update(state="drafting", **nothing)
    empty = [key for number, key in enumerate(files.order_by("pk").values_list("pk", flat=True)) if number % 2]
    Line.objects.filter(assessment__in=empty).update(self_actual=None, self_score=None)
    Cycle.objects.filter(pk__in=[cycle.pk for cycle in cycles]).update(
        stage=Stage.SELF_ASSESSMENT, silent_agency=SilentAgency.SUBMIT_OR_ABSENT
    )
    ended = timezone.now() - timedelta(seconds=1)
    StageWindow.objects.due(timezone.now()).update(closed_at=ended)
    StageWindow.objects.filter(cycle__in=cycles, stage=Stage.SELF_ASSESSMENT).update(closes_at=ended, closed_at=None)
    return files.count()


def by_cluster(cycles):
    """{seconds until the last window is closed, reports made by then and in the minute after, their seconds}."""
    cluster = subprocess.Popen(
        [sys.executable, "manage.py", "qcluster"],
        cwd=ROOT,
        env=os.environ | {"WORKERS": str(WORKERS)},
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        time.sleep(3)  # until it asks for work
        started = time.monotonic()
        async_task(close_due_windows)
        open_windows = StageWindow.objects.filter(cycle__in=cycles, stage=Stage.SELF_ASSESSMENT, closed_at=None)
        asked = False
        while open_windows.exists():
            if not asked and unreported().exists():
                async_task(typeset_reports)  # as its own schedule does
                asked = True
            if time.monotonic() - started > PATIENCE:
                raise TimeoutError("the windows were not closed")
            time.sleep(LOOK_EVERY)
        seconds = time.monotonic() - started
        before = made(cycles)
        async_task(typeset_reports)
        while unreported().exists() and time.monotonic() - started < seconds + REPORTS_FOR:
            time.sleep(LOOK_EVERY)
        taken = time.monotonic() - started - seconds
        return {"seconds": seconds, "beside": before, "reports": made(cycles) - before, "typesetting": taken}
    finally:
        os.killpg(cluster.pid, signal.SIGKILL)
        cluster.wait()


def made(cycles):
    submitted = Assessment.objects.filter(participation__cycle__in=cycles, state="submitted")
    return submitted.exclude(report_sha256="").count()
