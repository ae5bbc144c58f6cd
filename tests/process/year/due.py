"""What the tests of the scheduled closing share: two years that wait for their windows, and what a run says."""

import datetime
from decimal import Decimal

import pytest
import time_machine

from evaluation import tasks
from evaluation.enums import MarkLevel, Role, Stage
from evaluation.models import Cycle, Notice, TransitionLog
from evaluation.process.assessing import assessment, line
from tests import snapshots
from tests.process.play import Play

SECOND = datetime.timedelta(seconds=1)
CLOSED = "ارزیابی ۱۴۰۴: Entering the self-assessment"
ONE_FILE = "The missed-deadline rule was applied to 1 self-assessment."
TWO_FILES = "The missed-deadline rule was applied to 2 self-assessments."


def window_of(play, stage, **fields):
    return play.cycle.windows.get(stage=stage, **fields)


def states(play):
    """(general, specific)."""
    return list(play.cycle.assessments().order_by("dimension__order").values_list("state", flat=True))


def stage(play):
    return Cycle.objects.get(pk=play.cycle.pk).stage


def logged():
    return TransitionLog.objects.count()


def told(play):
    return list(Notice.objects.filter(user=play.manager).order_by("pk").values_list("text", flat=True))


def told_by_task():
    """(what the task of each minute has closed, pairs of what failed with the reason)."""
    report = tasks.close_due_windows()
    return [each["text"] for each in report["done"]], [(each["text"], each["reason"]) for each in report["failed"]]


def close_due_windows():
    """What the task of each minute says that it has closed; nothing failed."""
    done, failed = told_by_task()
    assert failed == []
    return done


def at(moment):
    return time_machine.travel(moment, tick=False)


@pytest.fixture
def entry():
    """The self-assessment is open; the general line is filled, the specific one is not."""
    return snapshots.once(entered, "entry")


def entered():
    play = Play().until(Stage.SELF_ASSESSMENT)
    line.record(play.lines()[0], MarkLevel.SELF, line.Figures(actual=Decimal(80)), by=play.outside[Role.AGENCY])
    return play


@pytest.fixture
def approval(entry):
    """The general self-assessment awaits its headquarters, the specific one is absent."""
    specific = entry.cycle.assessments().get(dimension__code="specific")
    assessment.mark_absent(specific, by=entry.manager, reason="نفرستاد")
    window = window_of(entry, Stage.SELF_ASSESSMENT)
    with at(window.closes_at):
        assert close_due_windows() == [CLOSED, ONE_FILE]
    entry.cycle.refresh_from_db()
    return entry
