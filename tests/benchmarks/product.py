"""The product's own way, as a worker goes it: upload, trial run, confirmation, real run."""

from evaluation.enums import ImportState
from evaluation.process.imports import import_run
from evaluation.resources import runs


def upload(world, data, by=None):
    return runs.upload("scores", data=data, file_name="scores.xlsx", by=by or world.manager, cycle=world.cycle)


def trial(run):
    """Read and check everything; returns the tried run."""
    run = runs.work(run.pk, run.attempt)
    if run.state != ImportState.TRIED:
        raise RuntimeError(f"{run.state}: {run.failure} {run.report}")
    return run


def confirm(run):
    return import_run.ask_to_write(run, by=run.uploaded_by)


def write(run):
    """Read, check and write lines, marks and changes, in one transaction."""
    run = runs.work(run.pk, run.attempt)
    if run.state != ImportState.WRITTEN:
        raise RuntimeError(f"{run.state}: {run.failure} {run.report}")
    return run
