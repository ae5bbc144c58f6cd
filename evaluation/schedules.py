"""The product's recurring work: one table of names, tasks, intervals and purposes."""

from datetime import timedelta
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Recurring(NamedTuple):
    """`title` and `does` are for the page “Scheduled work”; what the task hands back is shown there too.

    `hour` is the local hour of the first run, for work of the night; `options` are django-q2's own.
    """

    name: str
    task: str
    minutes: int
    title: str
    does: str
    hour: int | None = None
    options: dict = {}


OPTIONS = {"q_options": {"ack_failure": True}}  # a failure is not delivered again: the next run is the second try

RECURRING = (
    Recurring(
        name="close due windows",
        task="evaluation.tasks.close_due_windows",
        minutes=1,
        title=_("Closing of windows"),
        does=_(
            "Closes windows and extensions that have ended, applies the missed-deadline rule, and moves the "
            "cycle to the next stage or notifies the manager what blocks it."
        ),
    ),
    Recurring(
        name="settle imports of stopped workers",
        task="evaluation.tasks.settle_imports",
        minutes=1,
        title=_("Imports that were interrupted"),
        does=_(
            "Records stopped imports as failed, puts imports that have not begun into the queue again, and "
            "notifies their users."
        ),
    ),
    Recurring(
        name="typeset reports",
        task="evaluation.tasks.typeset_reports",
        minutes=1,
        title=_("Reports of agencies that did not act"),
        does=_("Produces the PDF report of self-assessments that were submitted by rule."),
    ),
    Recurring(
        name="tell of deadlines",
        task="evaluation.tasks.tell_deadlines",
        minutes=10,
        title=_("Reminders of deadlines"),
        does=_("Notifies the people responsible of windows that open and of days that are left."),
    ),
    Recurring(
        name="draft the next cycles",
        task="evaluation.tasks.draft_next_cycles",
        minutes=60,
        title=_("Cycles of the next year"),
        does=_("On the day that a cycle names, drafts the cycle of the next year from it and notifies the managers."),
    ),
    Recurring(
        name="follow up improvement plans",
        task="evaluation.tasks.follow_up_plans",
        minutes=24 * 60,
        title=_("Follow-up of improvement plans"),
        does=_(
            "Asks agencies each quarter for the progress of their improvement plans, notifies of late actions, and "
            "closes plans that the next cycle has measured."
        ),
        hour=6,
    ),
    Recurring(
        name="send e-mails",
        task="evaluation.tasks.send_mail",
        minutes=1,
        title=_("E-mails"),
        does=_("Sends the e-mails of new notices, and every morning the daily e-mail of those who chose it."),
    ),
    Recurring(
        name="forget old failures",
        task="evaluation.tasks.forget_old_failures",
        minutes=24 * 60,
        title=_("Clean-up"),
        does=_("Removes records of failed work that are older than 30 days."),
    ),
    Recurring(
        name="check health",
        task="evaluation.tasks.check_health",
        minutes=5,
        title=_("Health check"),
        does=_("Checks pages, cache and file storage, and records from when to when one of them failed."),
    ),
    Recurring(
        name="check stored files",
        task="evaluation.tasks.check_stored_files",
        minutes=24 * 60,
        title=_("Check of the stored files"),
        does=_(
            "Compares every stored file with its SHA-256 each night, tells staff of files that were changed or are "
            "missing, and removes files that belong to no row."
        ),
        hour=2,
        options={"timeout": 30 * 60},
    ),
)


def recurring_named(name):
    """The row of this name, or None for a schedule that somebody added by hand."""
    return next((recurring for recurring in RECURRING if recurring.name == name), None)


def options_of(recurring):
    """What django-q2 is told with each run; None for a schedule that somebody added by hand."""
    return {"q_options": OPTIONS["q_options"] | (recurring.options if recurring else {})}


def next_at(hour):
    """The next moment at which the clock shows this local hour."""
    now = timezone.localtime()
    at = now.replace(hour=hour, minute=0, second=0, microsecond=0)
    return at if at > now else at + timedelta(days=1)


def register_schedules():
    """Write the table into django-q2. A schedule that is there keeps its next run, and the rhythm that it was given."""
    # Models need the app registry, which imports us while it loads.
    from django_q.models import Schedule  # noqa: PLC0415

    for recurring in RECURRING:
        task = {"func": recurring.task, "kwargs": str(options_of(recurring))}
        rhythm = {"schedule_type": Schedule.MINUTES, "minutes": recurring.minutes, "repeats": -1}
        if recurring.hour is not None:
            rhythm["next_run"] = next_at(recurring.hour)
        Schedule.objects.update_or_create(name=recurring.name, defaults=task, create_defaults=task | rhythm)
