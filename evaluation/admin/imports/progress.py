"""What a page tells of work that waits or runs: the phase, the rows, their speed and the time that is left."""

from math import ceil

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evaluation import tasks
from evaluation.enums import ImportState
from evaluation.persian import format_decimal, localise_digits
from evaluation.process import progress
from evaluation.resources import runs

SPOKEN_EVERY = 10  # percent: a screen reader is not told each second
SURE_AFTER = 2  # seconds of a phase after which its speed says something


def is_small(run):
    """Whether a request may do this work by itself."""
    return (run.undoes or run).size <= runs.SMALL


def work_of(run):
    """What the fragment of a run at work shows; `kind` is what the page compares to know that more has changed."""
    if run.state == ImportState.RUNNING:
        return {"kind": "running", **running_work(run)}
    alive = tasks.a_worker_is_alive()
    return {"kind": "waiting" if alive else "small" if is_small(run) else "large"}


def running_work(run):
    report = progress.last_report(run.pk)
    if report is None or report["attempt"] != run.attempt:
        report = {"phase": "reading", "done": 0, "total": 0}
    done, total = report["done"], report["total"] if report["done"] else 0
    share = min(100, done * 100 // total) if total else 0
    phase = progress.PHASES[report["phase"]]
    return {
        "phase": phase,
        "share": share,
        "shares": bool(total),
        "rows": rows(done, total),
        "speed": speed(report),
        "said": said(phase, share // SPOKEN_EVERY * SPOKEN_EVERY) if total else str(phase),
        "stopping": progress.stop_is_asked(run.pk, run.attempt),
    }


def said(phase, share):
    return _("%(phase)s: %(share)s percent") % {"phase": phase, "share": localise_digits(share)}


def rows(done, total):
    if not total:
        return ""
    words = {"done": format_decimal(done, 0), "total": format_decimal(total, 0)}
    return _("%(done)s of %(total)s rows") % words


def speed(report):
    """Rows in a second and the time that is left of this phase, in words; empty while it is too early to say."""
    seconds = report["beat"] - report["since"] if report["done"] else 0
    if seconds < SURE_AFTER:
        return ""
    rate = report["done"] / seconds
    words = _("%(rate)s rows per second") % {"rate": format_decimal(max(1, round(rate)), 0)}
    return f"{words} · {left((report['total'] - report['done']) / rate)}"


def left(seconds):
    if seconds >= 90:
        minutes = ceil(seconds / 60)
        said = ngettext("about %(count)s minute left", "about %(count)s minutes left", minutes)
        return said % {"count": localise_digits(minutes)}
    seconds = max(1, ceil(seconds))
    said = ngettext("about %(count)s second left", "about %(count)s seconds left", seconds)
    return said % {"count": localise_digits(seconds)}
