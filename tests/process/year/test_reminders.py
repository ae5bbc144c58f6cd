"""Reminders of ends: whoever has an end of their own is told that one, and nobody is told of what was just given."""

import datetime

import pytest
import time_machine
from django.utils import timezone

from evaluation.enums import NoticeKind, Stage
from evaluation.models import Notice, StageWindow
from evaluation.persian import format_jalali, last_day_of, midnight_after
from evaluation.process.assessing import assessment as assessments
from evaluation.process.door import log
from evaluation.process.year import reminders, windows

pytestmark = pytest.mark.django_db
NOON = datetime.datetime(2026, 8, 3, 12, 0, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def at_noon():
    with time_machine.travel(NOON, tick=False):
        yield


def window_of(cast, **columns):
    cast.until(Stage.SELF_ASSESSMENT)
    window = StageWindow.objects.get(cycle=cast.cycle, stage=Stage.SELF_ASSESSMENT)
    StageWindow.objects.filter(pk=window.pk).update(**columns)
    return StageWindow.objects.get(pk=window.pk)


def ends_told():
    """(person, the day that the reminder names), in order."""
    rows = Notice.objects.filter(kind=NoticeKind.DEADLINE).order_by("pk").values_list("user__username", "text")
    return [(name, text.rpartition(" with ")[2].rstrip(".")) for name, text in rows]


def test_whoever_has_an_end_of_their_own_is_told_that_one_and_not_the_general_one(cast):
    end = datetime.datetime(2026, 8, 12, 20, 30, tzinfo=datetime.UTC)
    window_of(cast, opens_at=NOON - datetime.timedelta(days=9), closes_at=end)
    with time_machine.travel(NOON - datetime.timedelta(days=1), tick=False):
        windows.extend(
            cast.cycle,
            cast.agency_a,
            stage=Stage.SELF_ASSESSMENT,
            ends_at=end + datetime.timedelta(days=9),
            reason="سیل",
            by=cast.manager,
        )
    for days in range(14):
        with time_machine.travel(NOON + datetime.timedelta(days=days), tick=False):
            reminders.tell_due()
    told_days = {name: [day for who, day in ends_told() if who == name] for name in ("reporter_a", "reporter_b")}
    assert set(told_days["reporter_a"]) == {"1405/05/30"}
    assert set(told_days["reporter_b"]) == {"1405/05/21"}


def test_an_extension_of_three_days_is_not_reminded_of_in_the_minute_in_which_it_is_given(cast):
    window_of(cast, opens_at=NOON - datetime.timedelta(days=9), closes_at=NOON + datetime.timedelta(hours=1))
    last = midnight_after(timezone.localdate(NOON) + datetime.timedelta(days=3))
    windows.extend(cast.cycle, cast.agency_a, stage=Stage.SELF_ASSESSMENT, ends_at=last, reason="سیل", by=cast.manager)
    reminders.tell_due()
    assert [name for name, _day in ends_told() if name == "reporter_a"] == []
    with time_machine.travel(last - datetime.timedelta(hours=30), tick=False):
        reminders.tell_due()
    assert [name for name, _day in ends_told() if name == "reporter_a"] == ["reporter_a"]


def test_a_returned_file_is_reminded_of_its_own_day(cast):
    window_of(cast, opens_at=NOON - datetime.timedelta(days=9), closes_at=NOON + datetime.timedelta(days=20))
    assessment = cast.assessment(cast.agency_a)
    cast.fill(assessment)
    assessments.submit(cast.assessment(cast.agency_a), by=cast.reporter_a)
    cast.cycle.windows.filter(stage=Stage.TRANSFER).update(opens_at=NOON - datetime.timedelta(days=1))
    last = midnight_after(timezone.localdate(NOON) + datetime.timedelta(days=9))
    type(assessment).objects.filter(pk=assessment.pk).update(
        state="returned", return_deadline=last, return_reason="ناقص"
    )
    log(assessment, "return_", source="submitted", target="returned", by=cast.headquarters_a)
    with time_machine.travel(NOON + datetime.timedelta(days=2, hours=1), tick=False):
        reminders.tell_due()
    told_a = [(name, day) for name, day in ends_told() if name == "reporter_a"]
    assert told_a == [("reporter_a", format_jalali(last_day_of(last), language="en"))]
