from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.module_loading import import_string
from django_q.models import Schedule

from evaluation.schedules import RECURRING, register_schedules

pytestmark = pytest.mark.django_db


def test_registering_twice_leaves_one_row_each_and_its_next_run():
    register_schedules()
    later = timezone.now() + timedelta(minutes=7)
    Schedule.objects.update(next_run=later)
    register_schedules()
    rows = Schedule.objects.values_list("name", "func", "schedule_type", "minutes", "repeats", "next_run")
    assert list(rows) == [("close due windows", "evaluation.tasks.close_due_windows", Schedule.MINUTES, 1, -1, later)]


def test_every_task_in_the_table_exists():
    assert [callable(import_string(recurring.task)) for recurring in RECURRING] == [True] * len(RECURRING)
