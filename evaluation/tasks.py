"""The jobs of the background workers; `schedules` says when each runs."""

import logging
import time
from datetime import timedelta

from django.conf import settings
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy
from django_q.exceptions import TimeoutException
from django_q.models import Failure
from django_q.status import Stat
from django_q.tasks import async_task

from evaluation import persian
from evaluation.enums import FileEventKind, ImportState, NoticeKind
from evaluation.models import ImportRun, Notice
from evaluation.process import progress, sent_form
from evaluation.process.assessing import assessment
from evaluation.process.door import Refusal
from evaluation.process.files import events, keeping
from evaluation.process.imports import import_run
from evaluation.process.improvement import following
from evaluation.process.messages import mail, notice
from evaluation.process.service import health
from evaluation.process.year import closing, next_year, reminders
from evaluation.reports import report_pdf
from evaluation.resources import runs
from evaluation.schedules import OPTIONS, options_of, recurring_named

MAX_IMPORT_SECONDS = 30 * 60  # seconds that one import may take; `retry` in Q_CLUSTER is longer
AGAIN = 2 * 60  # seconds after which an upload that still waits is put into the queue once more
KEPT_DAYS = 30  # of failures
REPORTS_AT_ONCE = 10  # some two seconds of work, for which an import may wait
CYCLES = "close due windows: cycles"  # the group of the tasks that close one cycle each
SETTLED = ngettext_lazy(
    "The missed-deadline rule was applied to %(count)s self-assessment.",
    "The missed-deadline rule was applied to %(count)s self-assessments.",
    "count",
)
REMOVED = ngettext_lazy("%(count)s record was removed.", "%(count)s records were removed.", "count")
ORPHANS = ngettext_lazy(
    "%(count)s stored file belonged to no row and was removed.",
    "%(count)s stored files belonged to no row and were removed.",
    "count",
)
TYPESET = ngettext_lazy("%(count)s report was produced.", "%(count)s reports were produced.", "count")
HANDED_REPORTS = ngettext_lazy(
    "The reports of %(count)s cycle are being produced.",
    "The reports of %(count)s cycles are being produced.",
    "count",
)
TOLD = ngettext_lazy("%(count)s notice was created.", "%(count)s notices were created.", "count")
SENT = ngettext_lazy("%(count)s e-mail was sent.", "%(count)s e-mails were sent.", "count")

logger = logging.getLogger(__name__)

# What a recurring job hands back is shown on the page “Scheduled work”: what it did and what failed, as entries.


def entry(text, *, place=None, reason=""):
    """A sentence or a name; `place` is the province whose people may read it (None: everybody's)."""
    return {"text": str(text), "place": place and place.pk, "reason": reason}


def report(done=(), failed=()):
    return {"done": list(done), "failed": list(failed)}


def counted(sentence, count):
    """A report of one sentence about `count` things; an empty one when there are none."""
    if not count:
        return report()
    with translation.override(settings.LANGUAGE_CODE):
        return report([entry(persian.localise_digits(sentence % {"count": count}))])


def close_due_windows():
    """Close every window whose end has come. Safe to run twice, and by several clusters at once.

    Where several cycles are due, each becomes a task of its own, so that all workers close.
    """
    cycles = closing.due_cycles()
    if len(cycles) < 2:
        return report_of(closing.close_due())
    with translation.override(settings.LANGUAGE_CODE):
        handed = [cycle for cycle in cycles if take_turn(closing_key(cycle.pk))]
        for cycle in handed:
            async_task(close_cycle, cycle.pk, task_name=f"close {cycle.pk}", group=CYCLES, **OPTIONS)
        waiting = _("The windows of “%(name)s” are being closed.")
        return report(entry(waiting % {"name": cycle}, place=cycle.province) for cycle in handed)


def close_cycle(key):
    """Close what is due of one cycle. Safe to run twice."""
    try:
        return report_of(closing.close_due(key))
    finally:
        cache.delete(closing_key(key))


def closing_key(cycle):
    return f"closing:{cycle}:handed"


def take_turn(key):
    """Whether work under this key may be put into the queue: not while it was a moment ago and has not ended."""
    return cache.add(key, time.time(), AGAIN)


def report_of(closed):
    with translation.override(settings.LANGUAGE_CODE):
        done = [entry(f"{window.cycle}: {window}", place=window.cycle.province) for window in closed.windows]
        done += counted(SETTLED, len(closed.settled))["done"]
        return report(done, [entry_of(failure) for failure in closed.failed])


def entry_of(failed):
    subject, error = closing.known(failed.subject), failed.error
    return entry(closing.name_of(subject), place=subject.cycle.province, reason=reason_of(subject, error))


def reason_of(subject, error):
    """The sentences of a refusal; of an error of ours its name, and the rest in the log."""
    if isinstance(error, Refusal):
        return str(error)
    logger.error("%s %s", subject._meta.model_name, subject.pk, exc_info=error)
    kind = type(error).__name__
    return _("An unexpected error (%(kind)s): tell the system administrator.") % {"kind": kind}


def typeset_reports():
    """Freeze the reports of what closing submitted: typesetting takes longer than closing may.

    A few are made here. Of more, each cycle gets a chain of short tasks, so that all workers typeset without a pause
    and other work gets its turn between them.
    """
    waiting = assessment.unreported()
    if len(waiting[: REPORTS_AT_ONCE + 1]) <= REPORTS_AT_ONCE:
        return typeset(waiting)
    cycles = waiting.order_by().values_list("participation__cycle", flat=True).distinct()
    handed = [cycle for cycle in cycles if take_turn(typesetting_key(cycle))]
    for cycle in handed:
        hand_over_reports(cycle)
    return counted(HANDED_REPORTS, len(handed))


def typeset_cycle(key):
    """Freeze some reports of one cycle, and put the rest into the queue behind whatever waits there."""
    waiting = assessment.unreported().filter(participation__cycle=key)
    made = typeset(waiting[:REPORTS_AT_ONCE])
    if waiting.exists():
        cache.set(typesetting_key(key), time.time(), AGAIN)
        hand_over_reports(key)
    else:
        cache.delete(typesetting_key(key))
    return made


def hand_over_reports(cycle):
    async_task(typeset_cycle, cycle, task_name=f"reports of {cycle}", **OPTIONS)


def typesetting_key(cycle):
    return f"typesetting:{cycle}:handed"


def typeset(waiting):
    return counted(TYPESET, sum(assessment.complete_report(submitted, typeset_submitted) for submitted in waiting))


def typeset_submitted(submitted):
    return report_pdf.self_assessment(submitted, at=submitted.submitted_at)


def forget_old_failures():
    """Remove records of failed work and of forms sent: those of the last days are enough."""
    sent_form.forget_old()
    old = Failure.objects.filter(stopped__lt=timezone.now() - timedelta(days=KEPT_DAYS))
    return counted(REMOVED, old.delete()[0])


def check_health():
    """Record which part of the system fails, and end the outages of those that answer. Safe to run twice."""
    return report([], [entry(part, reason=reason) for part, reason in health.check().items()])


def check_stored_files():
    """Compare every stored file with its hash, and remove those that no row names. Safe to run twice."""
    with translation.override(settings.LANGUAGE_CODE):
        wrong = [
            entry(
                _("%(kind)s: %(name)s") % {"kind": FileEventKind(kind).label, "name": file.shown_name},
                place=province_of(events.cycle_of(file.instance)),
                reason=events.source_of(file),
            )
            for kind, file in keeping.check_all()
        ]
        try:
            removed = counted(ORPHANS, keeping.remove_orphans())["done"]
        except keeping.TooManyOrphans as error:
            text = _(
                "%(count)s stored files belong to no row, more than half of the store: none was removed. Look "
                "whether the database is that of this store."
            )
            return report([], [*wrong, entry(text % {"count": persian.localise_digits(error.args[0])})])
        return report(removed, wrong)


def province_of(cycle):
    return cycle and cycle.province


def tell_deadlines():
    """Tell of windows that open and of days that are left. Safe to run twice."""
    return counted(TOLD, len(reminders.tell_due()))


def draft_next_cycles():
    """Draft the next year's cycle of those whose day has come. Safe to run twice, and by several clusters at once."""
    with translation.override(settings.LANGUAGE_CODE):
        opened = next_year.open_due()
        done = [entry(cycle, place=cycle.province) for cycle in opened.cycles]
        return report(done, [entry(cycle, place=cycle.province, reason=reason) for cycle, reason in opened.failed])


def follow_up_plans():
    """Follow up the improvement plans: quarterly reports, late actions, plans to close. Safe to run twice."""
    done = following.follow_up()
    result = counted(TOLD, len(done.notices))
    with translation.override(settings.LANGUAGE_CODE):
        result["done"] += [entry(plan, place=plan.cycle.province) for plan in done.closed]
        result["failed"] += [entry(plan, place=plan.cycle.province, reason=reason) for plan, reason in done.failed]
    return result


def send_mail():
    """Send the e-mails that are due; staff read what was not taken. Safe to run twice."""
    sent = mail.send_due()
    result = counted(SENT, sent.count)
    with translation.override(settings.LANGUAGE_CODE):
        result["failed"] += [
            entry(
                _("The e-mail to %(name)s was rejected.") % {"name": notice.user.get_full_name() or notice.user},
                place=notice.cycle and notice.cycle.province,
                reason=reason,
            )
            for notice, reason in sent.refused
        ]
        if sent.no_server:
            text = _(
                "The mail server cannot be reached: %(count)s e-mails are waiting and are tried again every minute."
            )
            waiting = persian.localise_digits(mail.waiting().count())
            result["failed"].append(entry(text % {"count": waiting}, reason=sent.no_server))
        if lost := mail.given_up().count():
            text = _(
                "%(count)s e-mails of the last 7 days failed after %(tries)s attempts; the notices are still in the "
                "system."
            )
            counts = {"count": persian.localise_digits(lost), "tries": persian.localise_digits(mail.MAX_TRIES)}
            result["failed"].append(entry(text % counts))
    return result


def nobody_works():
    """Sentences that say why nothing can be started by hand; empty when it can."""
    if a_worker_is_alive():
        return []
    return [
        _("The background service is not running and no work can begin: the system administrator must start it first.")
    ]


def run_now(schedule, *, by):
    """Put a recurring job into the queue at once, beside its schedule; each may run twice. Raises Refusal."""
    if reasons := nobody_works():
        raise Refusal(*reasons)
    schedule.task = async_task(schedule.func, group=schedule.name, **options_of(recurring_named(schedule.name)))
    schedule.save(update_fields=["task"])
    return schedule


def retry(failure, *, by):
    """Put failed work into the queue again; its record goes. Raises Refusal."""
    if reasons := nobody_works():
        raise Refusal(*reasons)
    async_task(failure.func, *(failure.args or ()), group=failure.group, **(failure.kwargs or {}))
    failure.delete()
    return failure


def a_worker_is_alive():
    """Whether any cluster of background workers has reported within three seconds, or an import writes its progress:
    while that holds the lock of SQLite, a cluster may report later.
    """
    return bool(Stat.get_all()) or import_run.a_run_is_alive()


# -- imports --------------------------------------------------------------------------------------


def handed_key(run):
    return f"import:{run.pk}:{run.attempt}:handed"


def hand_over(run):
    """Put an upload that waits into the workers' queue; where none is alive it is done as soon as one starts."""
    cache.set(handed_key(run), time.time(), progress.KEPT)
    async_task(
        work_on_import, run.pk, run.attempt, task_name=f"import {run.pk} ({run.attempt})", timeout=MAX_IMPORT_SECONDS
    )


def hand_over_lost():
    """Put uploads into the queue again whose task a killed cluster had taken but not begun. Returns them.

    An extra task finds nothing to do.
    """
    lost = [run for run in import_run.waiting() if time.time() - cache.get(handed_key(run), 0) > AGAIN]
    for run in lost:
        hand_over(run)
    return lost


def work_on_import(key, attempt):
    """Do what one attempt of an upload waits for, and tell the person who asked. A second delivery does nothing."""
    try:
        run = runs.work(key, attempt)
    except TimeoutException:
        import_run.fail_late(key, attempt, minutes=MAX_IMPORT_SECONDS // 60)
        raise
    finally:
        tell_if_over(ImportRun.objects.get(pk=key), attempt)
    return run.state if run else "nothing to do"


def settle_imports():
    """Declare imports of killed workers as failed, queue lost ones again, and tell the people.

    A worker may have been killed before its first step, in the middle, or between the writing and the notice.
    """
    settled = import_run.fail_runs_of_dead_workers()
    for run in [*settled, *not_told()]:
        run.refresh_from_db()
        tell_if_over(run, run.attempt)
    lost = hand_over_lost()
    with translation.override(settings.LANGUAGE_CODE):
        stopped = [(run, _("The background service stopped during: %(name)s.")) for run in settled]
        waited = [(run, _("Put into the queue again: %(name)s.")) for run in lost]
        return report(entry(text % {"name": run}, place=run.province) for run, text in [*stopped, *waited])


def not_told():
    """Runs that a worker has ended within the hour without a notice to the person."""
    runs = [run for run in import_run.ended_lately() if cache.get(handed_key(run))]
    events_told = set(Notice.objects.filter(event__in=map(event_of, runs)).values_list("event", flat=True))
    return [run for run in runs if event_of(run) not in events_told]


ENDS = {
    ImportState.MAPPING: lambda: _("Import %(number)s (%(workbook)s): some headings must be identified."),
    ImportState.TRIED: lambda: _("Import %(number)s (%(workbook)s): the trial run found no error. Confirm it."),
    ImportState.REFUSED: lambda: _(
        "Import %(number)s (%(workbook)s): the trial run found errors. Correct the workbook and upload it again."
    ),
    ImportState.WRITTEN: lambda: _("Import %(number)s (%(workbook)s) has been written."),
    ImportState.FAILED: lambda: _("Import %(number)s (%(workbook)s) failed. Nothing was written."),
    ImportState.CANCELLED: lambda: _("Import %(number)s (%(workbook)s) was stopped. Nothing was written."),
}


def event_of(run):
    return f"import {run.pk} {run.attempt}"


def tell_if_over(run, attempt):
    """One notice for each attempt that has ended, to whoever asked for it; none where its import was undone since."""
    if run.attempt == attempt and run.finished_at and run.state in ENDS:
        tell_the_end(run)


def tell_the_end(run):
    def text():
        return ENDS[ImportState(run.state)]() % {
            "number": persian.localise_digits(run.pk),
            "workbook": run.get_workbook_display(),
        }

    notice.tell(
        [run.asked_by],
        event=event_of(run),
        kind=NoticeKind.IMPORT,
        text=text,
        cycle=run.cycle,
        url=reverse("admin:evaluation_importrun_change", args=[run.pk]),
    )
