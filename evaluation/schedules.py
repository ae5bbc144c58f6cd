"""The product's recurring work: name, task, rhythm and what it is for stand in this one table."""

from typing import NamedTuple

from django.utils.translation import gettext_lazy as _


class Recurring(NamedTuple):
    """`title` and `does` are for the page “Scheduled work”; what the task hands back is shown there too."""

    name: str
    task: str
    minutes: int
    title: str
    does: str


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
)


def recurring_named(name):
    """The row of this name, or None for a schedule that somebody added by hand."""
    return next((recurring for recurring in RECURRING if recurring.name == name), None)


def register_schedules():
    """Write the table into django-q2. A schedule that is there keeps its next run, and the rhythm that it was given."""
    # Models need the app registry, which imports us while it loads.
    from django_q.models import Schedule  # noqa: PLC0415

    for recurring in RECURRING:
        task = {"func": recurring.task, "kwargs": str(OPTIONS)}
        rhythm = {"schedule_type": Schedule.MINUTES, "minutes": recurring.minutes, "repeats": -1}
        Schedule.objects.update_or_create(name=recurring.name, defaults=task, create_defaults=task | rhythm)
