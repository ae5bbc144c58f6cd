"""Scheduled closing where a file has more time: another window, an extension of any side, one given again."""

import datetime

import pytest
from django.utils import timezone

from evaluation.enums import Role, Stage
from evaluation.models import Cycle, StageWindow
from evaluation.process.catalogue import indicator
from evaluation.process.year import silent_sides, windows
from tests.process.play import Play
from tests.process.year.due import (
    CLOSED,
    ONE_FILE,
    SECOND,
    TWO_FILES,
    at,
    close_due_windows,
    stage,
    states,
    told,
    told_by_task,
    window_of,
)

pytestmark = pytest.mark.django_db


def extend(play, days, stage, **more):
    ends_at = timezone.now() + datetime.timedelta(days=days)
    return windows.extend(play.cycle, play.agency, stage=stage, ends_at=ends_at, reason="سیل", by=play.manager, **more)


def test_a_dimension_with_a_later_window_of_its_own_is_not_silent_yet(entry):
    window = window_of(entry, Stage.SELF_ASSESSMENT)
    later = window.closes_at + datetime.timedelta(days=9)
    specific = entry.cycle.dimensions.get(kind="specific")
    own = StageWindow.objects.create(  # opens after a gap
        cycle=entry.cycle,
        stage=window.stage,
        dimension=specific,
        opens_at=later - datetime.timedelta(days=4),
        closes_at=later,
    )
    with at(window.closes_at):
        assert close_due_windows() == [CLOSED, ONE_FILE]
    assert (states(entry), stage(entry)) == (["submitted", "not_started"], "self_assessment")
    with at(own.closes_at):
        assert close_due_windows() == [CLOSED, ONE_FILE]
    assert (states(entry), stage(entry)) == (["submitted", "absent"], "transfer")


def test_headquarters_under_extension_are_approved_by_the_rule_when_it_lapses(approval):
    Cycle.objects.filter(pk=approval.cycle.pk).update(silent_headquarters="approve")
    window = window_of(approval, Stage.TRANSFER)
    with at(window.closes_at - SECOND):
        given = extend(approval, 2, Stage.TRANSFER, part="headquarters")
    with at(window.closes_at):
        close_due_windows()
        assert states(approval) == ["submitted", "absent"]
    with at(given.ends_at - SECOND):
        close_due_windows()
        assert states(approval) == ["submitted", "absent"]
    with at(given.ends_at):
        assert close_due_windows() == [ONE_FILE]
        assert close_due_windows() == []
    assert states(approval) == ["approved", "absent"]


def test_headquarters_under_extension_are_not_called_silent(approval):
    window = window_of(approval, Stage.TRANSFER)
    with at(window.closes_at - SECOND):
        extend(approval, 2, Stage.TRANSFER, part="headquarters")
    with at(window.closes_at):
        close_due_windows()
    assert "Headquarters have not answered" not in "".join(told(approval))


def test_an_extension_that_lapses_before_its_stage_makes_nobody_absent(entry):
    Cycle.objects.filter(pk=entry.cycle.pk).update(stage=Stage.INDICATORS)
    StageWindow.objects.filter(cycle=entry.cycle, stage=Stage.SELF_ASSESSMENT).delete()
    given = extend(entry, 2, Stage.SELF_ASSESSMENT)
    with at(given.ends_at):
        assert close_due_windows() == []
    given.refresh_from_db()
    assert (states(entry), given.lapsed_at) == (["drafting", "not_started"], given.ends_at)


def test_a_lapsed_extension_that_is_given_more_time_lapses_again(entry):
    window = window_of(entry, Stage.SELF_ASSESSMENT)
    with at(window.closes_at - SECOND):
        given = extend(entry, 2, Stage.SELF_ASSESSMENT)
    Cycle.objects.filter(pk=entry.cycle.pk).update(silent_agency="wait")
    with at(given.ends_at):
        close_due_windows()
        again = windows.correct(
            given, ends_at=given.ends_at + datetime.timedelta(days=2), reason="سیل دوم", by=entry.manager
        )
        assert again.lapsed_at is None
    Cycle.objects.filter(pk=entry.cycle.pk).update(silent_agency="submit_or_absent")
    with at(again.ends_at - SECOND):
        assert close_due_windows() == []
    with at(again.ends_at):
        assert close_due_windows() == [TWO_FILES]
    assert states(entry) == ["submitted", "absent"]


def test_with_one_window_for_all_parts_the_national_organization_is_silent_at_its_end():
    play = Play(silent_national="proposal").until(Stage.INDICATORS)
    written = play.cycle.specific_lists.get()
    for verb in (indicator.endorse, indicator.send_list):
        verb(written, by=play.outside[Role.HEADQUARTERS])
    with at(window_of(play, Stage.INDICATORS).closes_at):
        assert close_due_windows()[1:] == [ONE_FILE]
    assert play.cycle.specific_lists.get().state == "finalised"


def test_a_rule_that_breaks_keeps_its_own_window_due_alone(entry, monkeypatch):
    def boom(ended):
        raise ZeroDivisionError

    window, broken = window_of(entry, Stage.SELF_ASSESSMENT), window_of(entry, Stage.INDICATORS)
    StageWindow.objects.filter(pk=broken.pk).update(closed_at=None)
    monkeypatch.setitem(silent_sides.RULES, Stage.INDICATORS, boom)
    with at(window.closes_at):
        done, failed = told_by_task()
    assert (done, [what for what, _reason in failed]) == (
        [CLOSED, TWO_FILES],
        ["ارزیابی ۱۴۰۴: Writing the specific indicators"],
    )
