"""An upload from its trial run to its receipt: the pages and commands call these two functions."""

from django.db import transaction

from evaluation.process import sheet as verbs
from evaluation.process.door import Forbidden

from .reader import read
from .registry import resource_of


def try_out(name, *, data, file_name, by, cycle=None, province=None, letter=None):
    """Read an upload (bytes) and check every row; the run is kept, nothing else is written. Returns the ImportRun.

    `letter` makes the OnBehalf row, called inside the transaction, where MPO staff act for an agency. Raises
    UnreadableWorkbook for a file without the table, and Forbidden for people without the right; then nothing is kept.
    """
    resource_class = resource_of(name)
    if not resource_class.may_import(by, cycle):
        raise Forbidden(f"import {name}")
    book = read(data, file_name)
    with transaction.atomic():
        on_behalf = letter() if letter else None
        resource = resource_class(by=by, cycle=cycle, province=province, on_behalf=on_behalf)
        outcome = resource.import_data(book, dry_run=True)
        run = verbs.keep(
            name, data=data, file_name=file_name, by=by, cycle=cycle, province=province, on_behalf=on_behalf
        )
        return verbs.note_trial(run, counts=outcome.counts, report=outcome.report(), clean=outcome.clean)


def confirm(run, *, by):
    """Write a tried upload once: everything is checked again first, and one fault leaves all as it was.

    Returns the run: written, or refused with its new report. Raises Refusal when it was written already or its file
    has changed, Forbidden for people without the right.
    """
    with transaction.atomic():
        run = verbs.lock(run, by=by)
        resource_class = resource_of(run.workbook)
        if not resource_class.may_import(by, run.cycle):
            raise Forbidden(f"import {run.workbook}")
        book = read(verbs.content(run), run.file_name)
        resource = resource_class(by=by, cycle=run.cycle, province=run.province, on_behalf=run.on_behalf_of)
        outcome = resource.import_data(book, dry_run=False, run=run)
        if not outcome.clean:
            return verbs.note_trial(run, counts=outcome.counts, report=outcome.report(), clean=False)
        return verbs.finish(run, counts=outcome.counts, report=outcome.report(), by=by)
