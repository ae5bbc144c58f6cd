"""An upload from its trial run to its receipt and its undoing: pages, tasks and commands call these functions.

`work` does what a run waits for, in a background worker or in a request. `try_out`, `confirm` and `take_back` do the
same at once, for commands and for tests.
"""

import gc
from contextlib import contextmanager

from django.db import transaction

from evaluation.enums import ImportJob
from evaluation.process import progress
from evaluation.process.door import NO_RIGHT, Forbidden, Refusal
from evaluation.process.imports import import_run as verbs
from evaluation.process.imports import undo

from .reading.reader import read
from .reading.refusals import UnreadableWorkbook
from .tables.table import HeadingsNeeded
from .workbooks.registry import resource_of

SMALL = 512 * 1024  # bytes that a request may work on by itself when no worker is there


def upload(name, *, data, file_name, by, cycle=None, province=None, letter=None):
    """Keep an upload (bytes), waiting for its trial run. Returns the ImportRun.

    `letter` makes the OnBehalf row, called inside the transaction, where MPO staff act for an agency. Raises
    Forbidden for people without the right; nothing is kept then. What the person named headings last time holds for
    this upload too, as it is now: what is written is read as it was tried.
    """
    if not resource_of(name).may_import(by, cycle):
        raise Forbidden(f"import {name}")
    with transaction.atomic():
        return verbs.keep(
            name,
            data=data,
            file_name=file_name,
            by=by,
            cycle=cycle,
            province=province,
            on_behalf=letter() if letter else None,
            headings=verbs.last_headings(name, by),
        )


def work(key, attempt):
    """Do what this attempt of a run asks for. Returns the run, or None when there was nothing (more) to do.

    Refusals and unreadable files end in the state `failed` with their sentence. An error of ours does so too, and is
    raised again for the log.
    """
    run = verbs.claim(key, attempt)
    if run is None:
        return None
    try:
        with progress.Progress(run) as watched, unswept():
            _do(run, watched)
    except verbs.Overtaken:
        return None
    return run


@contextmanager
def unswept():
    """Without the search for cycles: rows live until the end of the work, and the search takes a tenth of it."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _do(run, watched):
    try:
        JOBS[ImportJob(run.job)](run, watched)
    except progress.Cancelled:
        verbs.stopped(run)
    except (Refusal, UnreadableWorkbook) as refusal:
        verbs.fail(run, refusal)
    except Forbidden:
        verbs.fail(run, NO_RIGHT)
    except Exception:
        verbs.fail(run, verbs.BROKEN)
        raise


def try_run(run, watched=progress.SILENT):
    """The trial run: every row is read and checked, nothing is written but the run's own report."""
    try:
        outcome = _resource(run).import_data(_book(run), dry_run=True, progress=watched)
    except HeadingsNeeded as needed:
        return verbs.note_headings(run, {"headings": needed.as_data()})
    except UnreadableWorkbook as refusal:
        return verbs.refuse(run, refusal)
    return verbs.note_trial(
        run, counts=outcome.counts, report=outcome.report(), clean=outcome.clean, warned=outcome.warned
    )


def write_run(run, watched=progress.SILENT):
    """Write a tried upload: everything is checked again first, and one fault leaves all as it was."""
    book = _book(run)  # before the transaction, which on SQLite is everybody's
    with transaction.atomic():
        verbs.hold(run)
        resource = _resource(run)
        if not resource.may_import(run.asked_by, run.cycle):
            raise Forbidden(f"import {run.workbook}")
        outcome = resource.import_data(book, dry_run=False, run=run, progress=watched)
        figures = {"counts": outcome.counts, "report": outcome.report(), "warned": outcome.warned}
        if not outcome.clean:
            return verbs.note_trial(run, clean=False, **figures)
        watched.at("writing", run.total, run.total)  # the last step at which it can be called off
        return verbs.finish(run, **figures)


def undo_run(run, watched=progress.SILENT):
    """Take back what another run wrote, row by row: reversed, kept because edited since, or failed."""
    with transaction.atomic():
        verbs.hold(run)
        if not resource_of(run.workbook).may_import(run.asked_by, run.cycle):
            raise Forbidden(f"import {run.workbook}")
        return undo.undo(run, watched)


JOBS = {ImportJob.TRIAL: try_run, ImportJob.WRITE: write_run, ImportJob.UNDO: undo_run}


def _resource(run):
    return resource_of(run.workbook)(
        by=run.asked_by, cycle=run.cycle, province=run.province, on_behalf=run.on_behalf_of, aliases=run.headings
    )


def _book(run):
    return read(verbs.content(run), run.file_name)


def try_out(name, *, data, file_name, by, cycle=None, province=None, letter=None):
    """Keep an upload and try it out at once. Returns the ImportRun. Raises as `upload`."""
    run = upload(name, data=data, file_name=file_name, by=by, cycle=cycle, province=province, letter=letter)
    return try_run(verbs.claim(run.pk, run.attempt))


def confirm(run, *, by):
    """Write a tried upload at once. Returns the run: written, or refused with its new report. Raises Refusal."""
    run = verbs.ask_to_write(run, by=by)
    return write_run(verbs.claim(run.pk, run.attempt))


def take_back(run, *, by):
    """Undo a written run at once. Returns the run of the undoing. Raises as `ask_to_undo`."""
    undoing = verbs.ask_to_undo(run, by=by)
    return undo_run(verbs.claim(undoing.pk, undoing.attempt))
