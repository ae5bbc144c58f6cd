"""What the background workers run; the rhythm of each stands in `schedules`."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django_q.status import Stat
from django_q.tasks import async_task

from evaluation import persian
from evaluation.enums import ImportState
from evaluation.process import calendar, notice
from evaluation.process import run as uploads
from evaluation.resources import runs

LONGEST = 30 * 60  # seconds that one import may take


def close_due_windows():
    """Close every window whose end has come. Safe to run twice; returns what it closed, for the task's page."""
    return [f"{window.cycle}: {window}" for window in calendar.close_due_windows()]


def a_worker_is_alive():
    """Whether any cluster of background workers has told of itself within its last three seconds."""
    return bool(Stat.get_all())


def hand_over(run):
    """Put an upload that waits into the workers' queue; where none is alive it is done as soon as one starts."""
    async_task(work_on_import, run.pk, run.attempt, task_name=f"import {run.pk} ({run.attempt})", timeout=LONGEST)


def work_on_import(key, attempt):
    """Do what one attempt of an upload waits for, and tell the person who asked. A second delivery does nothing."""
    run = runs.work(key, attempt)
    if run is None:
        return "nothing to do"
    tell_the_end(run)
    return run.state


def settle_imports():
    """Tell the people whose upload a killed worker left behind that nothing was written. Returns the runs' numbers."""
    settled = uploads.settle_all()
    for run in settled:
        run.refresh_from_db()
        tell_the_end(run)
    return [run.pk for run in settled]


ENDS = {
    ImportState.MAPPING: lambda: _("Import %(number)s (%(workbook)s): some headings have to be named."),
    ImportState.TRIED: lambda: _("Import %(number)s (%(workbook)s): the trial run found no error. Confirm it."),
    ImportState.REFUSED: lambda: _("Import %(number)s (%(workbook)s): the trial run found errors."),
    ImportState.WRITTEN: lambda: _("Import %(number)s (%(workbook)s) has been written."),
    ImportState.FAILED: lambda: _("Import %(number)s (%(workbook)s) failed. Nothing was written."),
    ImportState.CANCELLED: lambda: _("Import %(number)s (%(workbook)s) was cancelled. Nothing was written."),
}


def tell_the_end(run):
    """One notice for each attempt, to whoever asked for it."""

    def text():
        return ENDS[ImportState(run.state)]() % {
            "number": persian.localise_digits(run.pk),
            "workbook": run.get_workbook_display(),
        }

    notice.tell(
        [run.asked_by],
        event=f"import {run.pk} {run.attempt}",
        text=text,
        cycle=run.cycle,
        url=reverse("admin:evaluation_importrun_change", args=[run.pk]),
    )
