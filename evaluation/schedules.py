"""The product's recurring work: name, task and rhythm stand in this one table."""

from typing import NamedTuple


class Recurring(NamedTuple):
    name: str
    task: str
    minutes: int


RECURRING = (
    Recurring(name="close due windows", task="evaluation.tasks.close_due_windows", minutes=1),
    Recurring(name="settle imports of stopped workers", task="evaluation.tasks.settle_imports", minutes=1),
    Recurring(name="tell of deadlines", task="evaluation.tasks.tell_deadlines", minutes=10),
    Recurring(name="send e-mails", task="evaluation.tasks.send_mail", minutes=1),
)


def register_schedules():
    """Write the table into django-q2; a second call changes nothing, and a schedule's next run is left alone."""
    from django_q.models import Schedule  # models need the app registry, which imports us while it loads

    for recurring in RECURRING:
        Schedule.objects.update_or_create(
            name=recurring.name,
            defaults={
                "func": recurring.task,
                "schedule_type": Schedule.MINUTES,
                "minutes": recurring.minutes,
                "repeats": -1,
            },
        )
