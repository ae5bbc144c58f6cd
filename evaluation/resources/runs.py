"""The life of an upload: trial run, writing, receipt, undoing. Pages, tasks and commands call these functions.

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
from evaluation.process.imports import kept_heading, undo

from .reading.reader import read
from .reading.refusals import UnreadableWorkbook
from .tables.table import HeadingsNeeded
from .workbooks.registry import resource_of

SMALL = 512 * 1024  # bytes; a request works on smaller files itself when no worker runs


def upload(name, *, data, file_name, by, cycle=None, province=None, letter=None, source=None):
    """Store an upload (bytes), waiting for its trial run. Returns the ImportRun.

    `letter` is called inside the transaction and makes the OnBehalf row where MPO staff act for an agency. The names
    that the person gave to headings of several files, and of one, are copied to this run now, so that it is written as
    it was tried; so are the names of columns and values of a `source` (FileSource). Raises Forbidden for people without
    the right; then nothing is stored.
    """
    if not resource_of(name).may_import(by, cycle):
        raise Forbidden(f"import {name}")
    kept, asked_again = kept_heading.named_before(name, by)
    with transaction.atomic():
        return verbs.store_upload(
            name,
            data=data,
            file_name=file_name,
            by=by,
            cycle=cycle,
            province=province,
            on_behalf=letter() if letter else None,
            headings=kept | (source.headings if source else {}),
            offered=asked_again,
            values=source.values if source else {},
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
    """Work without Python's search for reference cycles: it takes a tenth of the time and frees nothing here."""
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
        verbs.mark_cancelled(run)
    except (Refusal, UnreadableWorkbook) as refusal:
        verbs.fail(run, refusal)
    except Forbidden:
        verbs.fail(run, NO_RIGHT)
    except Exception:
        verbs.fail(run, verbs.BROKEN)
        raise


def try_run(run, watched=progress.SILENT):
    """The trial run: read and check every row and write nothing but the run's report. Returns the run."""
    try:
        outcome = _resource(run).import_data(_book(run), dry_run=True, progress=watched)
    except HeadingsNeeded as needed:
        return verbs.note_headings(run, {"headings": needed.as_data()})
    except UnreadableWorkbook as refusal:
        return verbs.refuse(run, refusal)
    return verbs.note_trial(
        run,
        counts=outcome.counts,
        report=outcome.report(),
        clean=outcome.clean,
        warned=outcome.warned,
        plan=outcome.planned.text,
    )


def write_run(run, watched=progress.SILENT):
    """Write a tried upload after checking everything again. One fault, and nothing is written. Returns the run.

    Raises Forbidden when the person has lost the right since, and Overtaken when the attempt was called off.
    """
    book = _book(run)  # before the transaction, in which on SQLite nobody else can write
    with transaction.atomic():
        verbs.lock_for_writing(run)
        resource = _resource(run)
        if not resource.may_import(run.asked_by, run.cycle):
            raise Forbidden(f"import {run.workbook}")
        outcome = resource.import_data(book, dry_run=False, run=run, progress=watched)
        figures = {"counts": outcome.counts, "report": outcome.report(), "warned": outcome.warned}
        if not outcome.clean:
            return verbs.note_trial(run, clean=False, **figures)
        watched.at("writing", run.total, run.total)  # the last moment at which a person can cancel it
        return verbs.finish(run, **figures)


def undo_run(run, watched=progress.SILENT):
    """Undo what another run wrote, row by row: reversed, kept because edited since, or failed. Returns the run.

    Raises Forbidden when the person may not import this workbook, and Refusal when the cycle has moved on.
    """
    with transaction.atomic():
        verbs.lock_for_writing(run)
        if not resource_of(run.workbook).may_import(run.asked_by, run.cycle):
            raise Forbidden(f"import {run.workbook}")
        return undo.undo(run, watched)


JOBS = {ImportJob.TRIAL: try_run, ImportJob.WRITE: write_run, ImportJob.UNDO: undo_run}


def _resource(run):
    return resource_of(run.workbook)(
        by=run.asked_by,
        cycle=run.cycle,
        province=run.province,
        on_behalf=run.on_behalf_of,
        aliases=run.headings,
        offered=run.offered,
        values=run.values,
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
