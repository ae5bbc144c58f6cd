"""The progress of a run, readable while its transaction is still open, and the request to stop it.

The work of an import is one transaction, which nobody else can read. So a thread with its own connection writes the
progress into the cache each second, which also shows that the worker is alive.
"""

import threading
import time
from typing import Self, TypedDict

from django.core.cache import cache
from django.db import connections
from django.utils.translation import gettext_lazy as _

from evaluation.models import ImportRun

BEAT = 1  # seconds between two beats
SILENCE = 30  # seconds without a beat after which a worker counts as stopped
KEPT = 24 * 60 * 60

PHASES = {
    "reading": _("Reading the file"),
    "checking": _("Checking the rows"),
    "writing": _("Writing"),
    "undoing": _("Undoing"),
    "marking": _("Preparing the marked copy"),
}


class Report(TypedDict):
    """What a worker writes of its attempt: its phase with rows done and in all, and moments in epoch seconds.

    `started`: of the work. `since`: of the phase. `beat`: of this report.
    """

    attempt: int
    phase: str
    done: int
    total: int
    started: float
    since: float
    beat: float


class Cancelled(Exception):
    """The person asked to stop; the transaction is rolled back."""


class Silent:
    """The progress of work that nobody follows: nothing is written."""

    def at(self, phase: str, done: int = 0, total: int = 0) -> None:
        """Nothing is noted."""


SILENT = Silent()


def key_of(run_id: int) -> str:
    """The cache key of a run's progress."""
    return f"import:{run_id}:progress"


def stop_key(run_id: int, attempt: int) -> str:
    """The cache key by which an attempt is asked to stop."""
    return f"import:{run_id}:{attempt}:stop"


def ask_to_stop(run_id: int, attempt: int) -> None:
    """Ask the worker of this attempt to stop; it stops at its next step and writes nothing."""
    cache.set(stop_key(run_id, attempt), True, KEPT)


def stop_is_asked(run_id: int, attempt: int) -> bool:
    """Whether somebody asked this attempt to stop."""
    return bool(cache.get(stop_key(run_id, attempt)))


def last_report(run_id: int) -> Report | None:
    """What the worker wrote last: attempt, phase, done, total (rows), and the epoch seconds at which the work began
    (started), its phase began (since) and this was written (beat); None when nothing was written.
    """
    return cache.get(key_of(run_id))


def is_silent(run_id: int, attempt: int, *, since: float) -> bool:
    """Whether the worker of this attempt has written nothing for SILENCE seconds; `since`: its start, epoch seconds."""
    last = last_report(run_id)
    heard = last["beat"] if last and last["attempt"] == attempt else since
    return time.time() - heard > SILENCE


class Progress:
    """Writes the progress of one attempt of a run; a context manager around the work."""

    def __init__(self, run: ImportRun) -> None:
        self.run_id, self.attempt = run.pk, run.attempt
        self.phase, self.done, self.total = "reading", 0, run.total
        self.started = self.since = time.time()  # of the work, and of its present phase
        self._asked, self._over = False, threading.Event()
        self._thread = threading.Thread(target=self._beat, name=f"progress of import {run.pk}", daemon=True)

    def __enter__(self) -> Self:
        self._asked = stop_is_asked(self.run_id, self.attempt)
        self._tell()
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        self._thread.join()

    def at(self, phase: str, done: int = 0, total: int = 0) -> None:
        """Note where the work is. Raises Cancelled when somebody asked to stop."""
        if phase != self.phase:
            self.since = time.time()
        self.phase, self.done, self.total = phase, done, total
        if self._asked:
            raise Cancelled

    def _tell(self) -> None:
        now = {"attempt": self.attempt, "phase": self.phase, "done": self.done, "total": self.total}
        cache.set(key_of(self.run_id), now | {"started": self.started, "since": self.since, "beat": time.time()}, KEPT)

    def _beat(self) -> None:
        try:
            while not self._over.wait(BEAT):
                self._asked = self._asked or stop_is_asked(self.run_id, self.attempt)
                self._tell()
        finally:
            connections.close_all()  # those of this thread: a cache in the database opened one
