"""The states of an upload: stored, tried, confirmed, written as a unit, undone as a unit.

Its work is done by whichever process claims it first. A claim names the attempt that was asked for, so that a task
delivered twice, or late, finds nothing to do; and what the work writes is one transaction with the run's new state, so
that a worker killed at any moment leaves either nothing or everything.
"""

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation.enums import ImportJob, ImportState, Role, Workbook
from evaluation.models import Cycle, ImportRun, OnBehalf, Province, TransitionLog
from evaluation.persian import localise_digits
from evaluation.rules.permissions import holds

from .. import progress
from ..door import Forbidden, Refusal, log
from ..files.accept import check_rows
from .kept_heading import note_names

STOPPED = timedelta(seconds=progress.SILENCE)
QUEUED_FIELDS = ("state", "job", "asked_by", "failure", "attempt", "started_at", "finished_at", "headings", "values")
HEAVY = ("report", "plan", "headings")  # columns that can be large, and that only pages and the work itself need
LETTER_MARK = "!"  # in the key of an answer about a column that has no heading, `sheet!C`
BROKEN = gettext_lazy("An unexpected error stopped the work. Nothing was written; tell the system administrator.")


class Overtaken(Exception):
    """Another attempt, or a cancellation, took the run over: this one has nothing more to do."""


# -- asked for ------------------------------------------------------------------------------------


def store_upload(
    workbook: Workbook,
    *,
    data: bytes,
    file_name: str,
    by: User,
    cycle: Cycle | None = None,
    province: Province | None = None,
    on_behalf: OnBehalf | None = None,
    headings: dict[str, str] | None = None,
    offered: dict[str, str] | None = None,
    values: dict[str, dict[str, str | None]] | None = None,
) -> ImportRun:
    """Store an upload with its hash, waiting for its trial run. Returns the ImportRun."""
    run = ImportRun(
        workbook=workbook,
        state=ImportState.QUEUED,
        job=ImportJob.TRIAL,
        cycle=cycle,
        province=cycle.province if cycle else province,
        file=ContentFile(data, name=file_name),
        headings=headings or {},
        offered=offered or {},
        values=values or {},
        on_behalf_of=on_behalf,
        attempt=1,
        uploaded_by=by,
        asked_by=by,
    )
    check_rows(run, by=by)
    run.save()
    return run


@transaction.atomic
def name_headings(
    run: ImportRun, headings: dict[str, str], *, by: User, texts: Mapping[str, str] | None = None
) -> ImportRun:
    """The person's answer to unknown headings, {normalised heading: column code or ""}; the trial run waits again.

    `texts`: {normalised heading: as it stands in the file} of those that were asked about, which are noted for later
    files. Columns that were named by letter are not among them: they have no names.
    """
    run = locked(run, by=by)
    if run.state not in (ImportState.MAPPING, ImportState.TRIED, ImportState.REFUSED):
        raise Refusal(_("The headings can be identified only between the upload and the confirmation."))
    run.headings = headings
    asked = {key: code for key, code in headings.items() if key in (texts or {})}
    note_names(run, asked, texts or {}, by=by)
    return queue(run, ImportJob.TRIAL, by=by)


@transaction.atomic
def name_values(run: ImportRun, values: dict[str, dict[str, str | None]], *, by: User) -> ImportRun:
    """What values of the file mean, {column code: {key: text, or None for a row that is no data}}; a new trial run."""
    run = locked(run, by=by)
    if run.state not in (ImportState.TRIED, ImportState.REFUSED):
        raise Refusal(_("Values can be named only between the trial run and the confirmation."))
    run.values = values
    return queue(run, ImportJob.TRIAL, by=by)


@transaction.atomic
def ask_to_write(run: ImportRun, *, by: User) -> ImportRun:
    """Confirm a clean trial run; it waits to be written. Raises Forbidden, or Refusal where it cannot be written."""
    run = locked(run, by=by)
    if run.state in (ImportState.WRITTEN, ImportState.UNDONE):
        raise Refusal(_("This workbook was written already; it is written once."))
    if run.at_work:
        raise Refusal(_("The work on this upload is under way already."))
    if run.state != ImportState.TRIED:
        raise Refusal(_("The trial run found errors: correct the workbook and upload it again."))
    return queue(run, ImportJob.WRITE, by=by)


@transaction.atomic
def ask_to_undo(run: ImportRun, *, by: User) -> ImportRun:
    """A new run that takes back what `run` wrote. Raises Forbidden, or Refusal with the reasons against it."""
    run = locked(run, by=by)
    if reasons := why_not_undo(run):
        raise Refusal(*reasons)
    return ImportRun.objects.create(
        workbook=run.workbook,
        state=ImportState.QUEUED,
        job=ImportJob.UNDO,
        undoes=run,
        cycle=run.cycle,
        province=run.province,
        file_name=run.file_name,
        sha256=run.sha256,
        on_behalf_of=run.on_behalf_of,
        total=run.changes.count(),
        attempt=1,
        uploaded_by=by,
        asked_by=by,
    )


@transaction.atomic
def ask_again(run: ImportRun, *, by: User) -> ImportRun:
    """Start the same job once more after a failure or a cancellation, which wrote nothing; after a confirmation that
    found other data than the trial run, start the trial run.
    """
    run = locked(run, by=by)
    if run.state == ImportState.REFUSED and run.job == ImportJob.WRITE:
        return queue(run, ImportJob.TRIAL, by=by)
    if run.state not in ImportState.restartable():
        raise Refusal(_("Only work that failed or was cancelled can be started again."))
    return queue(run, run.job, by=by)


def queue(run: ImportRun, job: ImportJob, *, by: User) -> ImportRun:
    """Put the run into the queue as a new attempt at this job. Returns it."""
    run.state, run.job, run.asked_by, run.failure = ImportState.QUEUED, job, by, ""
    run.attempt += 1
    run.started_at = run.finished_at = None
    run.save(update_fields=QUEUED_FIELDS)
    return run


def cancel(run: ImportRun, *, by: User) -> None:
    """Stop waiting or running work. Waiting work ends at once; a running worker reads the request and stops at its next
    step.

    The request goes through the cache, since on SQLite the worker holds the database's only lock.
    """
    check_owner(run, by)
    run.refresh_from_db()
    if not run.at_work:
        raise Refusal(_("This work has ended already."))
    progress.ask_to_stop(run.pk, run.attempt)
    if run.state == ImportState.QUEUED:
        waiting = ImportRun.objects.filter(pk=run.pk, attempt=run.attempt, state=ImportState.QUEUED)
        waiting.update(state=ImportState.CANCELLED, finished_at=timezone.now())


def locked(run: ImportRun, *, by: User) -> ImportRun:
    """The run as it is now, locked. Raises Forbidden for people other than its uploader and the manager."""
    run = ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    check_owner(run, by)
    return run


def check_owner(run: ImportRun, by: User) -> None:
    """Raise Forbidden for people other than the uploader and the manager of the province."""
    if not may_confirm(run, by):
        raise Forbidden("confirm_importrun")


def may_confirm(run: ImportRun, user: User) -> bool:
    """Whoever uploaded the workbook, and the manager of its province."""
    return run.uploaded_by_id == user.pk or holds(user, "import_line", run, among=[Role.MANAGER])


def why_not_undo(run: ImportRun) -> list[str]:
    """Sentences that say why a run cannot be undone (any more); empty when it can."""
    if run.state == ImportState.UNDONE or ImportRun.objects.filter(undoes=run).exists():
        return [_("This import has been undone already, or its undoing is under way.")]
    if run.state != ImportState.WRITTEN or run.undoes_id:
        return [_("Only an import that was written can be undone.")]
    if run.cycle and run.stage != run.cycle.stage:
        return moved_on(run.cycle)
    if not run.changes.exists():
        return [_("This import changed nothing, so there is nothing to undo.")]
    return []


def moved_on(cycle: Cycle) -> list[str]:
    """The sentences that refuse an undoing after the cycle has left the stage of the import."""
    return [
        _("The cycle has moved on to “%(stage)s”, so this import can no longer be undone.")
        % {"stage": cycle.get_stage_display()}
    ]


# -- done -----------------------------------------------------------------------------------------


def claim(key: int, attempt: int) -> ImportRun | None:
    """The run of this attempt, for the process that asks first; None for all others, and after a cancellation."""
    taken = ImportRun.objects.filter(pk=key, attempt=attempt, state=ImportState.QUEUED).update(
        state=ImportState.RUNNING, started_at=timezone.now(), finished_at=None
    )
    related = ImportRun.objects.select_related("cycle__province", "province", "on_behalf_of", "asked_by", "undoes")
    return related.get(pk=key) if taken else None


def content(run: ImportRun) -> bytes:
    """The stored bytes. Raises Refusal when they are not those of the upload."""
    with run.file.open("rb") as file:
        data = file.read()
    if hashlib.sha256(data).hexdigest() != run.sha256:
        raise Refusal(_("The stored file differs from the checked file. Upload it again."))
    return data


def end_attempt(run: ImportRun, state: ImportState, **columns: Any) -> ImportRun:
    """Note how the work of this attempt ended. Raises Overtaken when the run is no longer this attempt's."""
    mine = ImportRun.objects.filter(pk=run.pk, attempt=run.attempt, state=ImportState.RUNNING)
    columns |= {"state": state, "finished_at": timezone.now()}
    if not mine.update(**columns):
        raise Overtaken
    for name, value in columns.items():
        setattr(run, name, value)
    return run


def note_trial(
    run: ImportRun, *, counts: Mapping[str, int], report: dict[str, Any], clean: bool, warned: int = 0, plan: str = ""
) -> ImportRun:
    """Keep what the trial run found and what it would change; a run with faults can never be written."""
    state = ImportState.TRIED if clean else ImportState.REFUSED
    return end_attempt(run, state, report=report, warned=warned, plan=plan, total=sum(counts.values()), **counts)


def note_headings(run: ImportRun, report: dict[str, Any]) -> ImportRun:
    """Keep what was seen of headings that were not recognised, for the person to name them."""
    return end_attempt(run, ImportState.MAPPING, report=report)


def lock_for_writing(run: ImportRun) -> None:
    """Lock the run in the transaction that writes. Raises Overtaken when the attempt was cancelled."""
    mine = ImportRun.objects.select_for_update(of=("self",)).filter(
        pk=run.pk, attempt=run.attempt, state=ImportState.RUNNING
    )
    if not mine.exists():
        raise Overtaken


def finish(run: ImportRun, *, counts: Mapping[str, int], report: dict[str, Any], warned: int = 0) -> ImportRun:
    """Note what was written, when and at which stage, and log it; in the transaction that writes."""
    stage = run.cycle.stage if run.cycle else ""
    end_attempt(
        run,
        ImportState.WRITTEN,
        report=report,
        warned=warned,
        plan="",
        stage=stage,
        written_at=timezone.now(),
        **counts,
    )
    log(
        run,
        "write",
        source=ImportState.TRIED,
        target=run.state,
        by=run.asked_by,
        on_behalf=run.on_behalf_of,
        note=run.file_name,
    )
    return run


def note_undone(run: ImportRun, *, by: User, on_behalf: OnBehalf | None = None) -> None:
    """Mark the run whose rows another run has just undone, and log it."""
    ImportRun.objects.filter(pk=run.pk, state=ImportState.WRITTEN).update(state=ImportState.UNDONE)
    log(run, "undo", source=ImportState.WRITTEN, target=ImportState.UNDONE, by=by, on_behalf=on_behalf)


def refuse(run: ImportRun, sentence: object) -> ImportRun:
    """End the trial run of a file that cannot be read; the sentence says why and what to do."""
    return end_attempt(run, ImportState.REFUSED, report={}, failure=str(sentence))


def fail(run: ImportRun, sentence: object) -> ImportRun:
    """End an attempt that wrote nothing; the sentence says why, and the same work can be asked for again."""
    return end_attempt(run, ImportState.FAILED, failure=str(sentence))


def mark_cancelled(run: ImportRun) -> ImportRun:
    """End an attempt that the person stopped; nothing was written."""
    return end_attempt(run, ImportState.CANCELLED)


def fail_if_worker_died(run: ImportRun) -> bool:
    """Declare the work of a worker that was killed as failed. Returns whether it did.

    On PostgreSQL the worker locks the row while it writes, so a row that can be locked has no worker; on SQLite the
    lock is only granted between two writers. A worker that was only slow raises Overtaken later.
    """
    if run.state != ImportState.RUNNING or not progress.is_silent(
        run.pk, run.attempt, since=run.started_at.timestamp()
    ):
        return False
    with transaction.atomic():
        mine = ImportRun.objects.select_for_update(of=("self",), skip_locked=True)
        unfinished = mine.filter(pk=run.pk, attempt=run.attempt, state=ImportState.RUNNING).first()
        if unfinished is None:
            return False
        fail(unfinished, _("The background service stopped before the end. Nothing was written; start the work again."))
    return True


def fail_runs_of_dead_workers() -> list[ImportRun]:
    """Declare every run whose worker was killed as failed; safe to run at any time. Returns these runs."""
    old = ImportRun.objects.filter(state=ImportState.RUNNING, started_at__lt=timezone.now() - STOPPED).defer(*HEAVY)
    return [run for run in old if fail_if_worker_died(run)]


def fail_late(key: int, attempt: int, *, minutes: int) -> None:
    """Declare this attempt as failed because it took longer than `minutes`; nothing was written."""
    run = ImportRun.objects.get(pk=key)
    if (run.attempt, run.state) != (attempt, ImportState.RUNNING):
        return
    sentence = _(
        "The work took longer than %(minutes)s minutes and was stopped. Nothing was written. Try again; if "
        "it is stopped again, tell the system administrator."
    )
    fail(run, sentence % {"minutes": localise_digits(minutes)})


def waiting() -> QuerySet[ImportRun]:
    """Runs that wait for a worker."""
    return ImportRun.objects.filter(state=ImportState.QUEUED).defer(*HEAVY)


def ended_lately() -> QuerySet[ImportRun]:
    """Runs that ended within the last hour by themselves, and that nobody has undone since."""
    ended = ImportRun.objects.filter(finished_at__gte=timezone.now() - timedelta(hours=1))
    return ended.defer(*HEAVY).exclude(state__in=[ImportState.CANCELLED, ImportState.UNDONE])


def a_run_is_alive() -> bool:
    """Whether a worker is writing its progress for any run."""
    running = ImportRun.objects.filter(state=ImportState.RUNNING).defer(*HEAVY)
    return any(not progress.is_silent(run.pk, run.attempt, since=run.started_at.timestamp()) for run in running)


def written_by(run: ImportRun) -> User | None:
    """Who confirmed it: the uploader, or the manager; None before."""
    row = TransitionLog.objects.filter(
        content_type__app_label="evaluation", content_type__model="importrun", object_id=run.pk, name="write"
    ).first()
    return row.by if row else None
