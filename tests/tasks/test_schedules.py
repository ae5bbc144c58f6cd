from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.module_loading import import_string
from django_q.models import Failure, Schedule

from evaluation.schedules import RECURRING, register_schedules
from evaluation.tasks import forget_old_failures

pytestmark = pytest.mark.django_db


def test_registering_twice_leaves_one_row_each_and_its_next_run():
    register_schedules()
    later = timezone.now() + timedelta(minutes=7)
    Schedule.objects.update(next_run=later)
    register_schedules()
    rows = Schedule.objects.order_by("pk").values_list(
        "name", "func", "schedule_type", "minutes", "repeats", "next_run"
    )
    each_minute = (Schedule.MINUTES, 1, -1, later)
    assert list(rows) == [
        ("close due windows", "evaluation.tasks.close_due_windows", *each_minute),
        ("settle imports of stopped workers", "evaluation.tasks.settle_imports", *each_minute),
        ("typeset reports", "evaluation.tasks.typeset_reports", *each_minute),
        ("tell of deadlines", "evaluation.tasks.tell_deadlines", Schedule.MINUTES, 10, -1, later),
        ("draft the next cycles", "evaluation.tasks.draft_next_cycles", Schedule.MINUTES, 60, -1, later),
        ("follow up improvement plans", "evaluation.tasks.follow_up_plans", Schedule.MINUTES, 1440, -1, later),
        ("send e-mails", "evaluation.tasks.send_mail", *each_minute),
        ("forget old failures", "evaluation.tasks.forget_old_failures", Schedule.MINUTES, 1440, -1, later),
        ("check health", "evaluation.tasks.check_health", Schedule.MINUTES, 5, -1, later),
        ("check stored files", "evaluation.tasks.check_stored_files", Schedule.MINUTES, 1440, -1, later),
    ]


def test_the_rhythm_that_somebody_chose_stays_and_the_task_is_ours():
    register_schedules()
    Schedule.objects.filter(name="close due windows").update(func="os.abort", minutes=5)
    register_schedules()
    row = Schedule.objects.get(name="close due windows")
    assert (row.func, row.minutes) == ("evaluation.tasks.close_due_windows", 5)


def test_every_job_says_what_it_is_for():
    assert [bool(recurring.title and recurring.does) for recurring in RECURRING] == [True] * len(RECURRING)


def test_failures_of_more_than_30_days_are_forgotten(settings):
    now = timezone.now()
    for age in (29, 31):
        stopped = now - timedelta(days=age)
        moments = {"started": stopped, "stopped": stopped}
        Failure.objects.create(id=f"{age}" * 16, name=str(age), func="x.y", success=False, **moments)
    settings.LANGUAGE_CODE = "en"
    assert [each["text"] for each in forget_old_failures()["done"]] == ["1 record was removed."]
    assert [failure.name for failure in Failure.objects.all()] == ["29"]
    assert forget_old_failures() == {"done": [], "failed": []}


def test_every_task_in_the_table_exists():
    assert [callable(import_string(recurring.task)) for recurring in RECURRING] == [True] * len(RECURRING)
