"""Scheduled closing: a second before, at, after; twice is once; each rule for a silent side."""

import datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from evaluation.enums import MarkLevel, Role, Stage
from evaluation.models import Cycle, Notice, StageWindow, TransitionLog
from evaluation.process.assessing import line, many_files
from evaluation.process.catalogue import indicator
from evaluation.process.door import Refusal
from evaluation.process.year import closing, silent_sides, windows
from evaluation.rules.windows import last_day_as_text
from tests.process.play import Play
from tests.process.year.due import (
    CLOSED,
    ONE_FILE,
    SECOND,
    TWO_FILES,
    at,
    close_due_windows,
    logged,
    stage,
    states,
    told,
    told_by_task,
    window_of,
)

pytestmark = pytest.mark.django_db


def test_a_second_before_nothing_is_closed(entry):
    before, window = logged(), window_of(entry, Stage.SELF_ASSESSMENT)
    with at(window.closes_at - SECOND):
        assert close_due_windows() == []
    assert (states(entry), stage(entry), logged()) == (["drafting", "not_started"], "self_assessment", before)


@pytest.mark.parametrize("late", [datetime.timedelta(0), SECOND, datetime.timedelta(days=3)])
def test_the_silent_agency_is_submitted_as_it_stands_or_absent(entry, late):
    window = window_of(entry, Stage.SELF_ASSESSMENT)
    with at(window.closes_at + late):
        assert close_due_windows() == [CLOSED, TWO_FILES]
    assert states(entry) == ["submitted", "absent"]
    assert stage(entry) == "transfer"
    general, specific = entry.cycle.assessments().order_by("dimension__order")
    submit = TransitionLog.objects.get(name="submit", object_id=general.pk)
    assert (submit.by.username, submit.on_behalf_of.basis, submit.on_behalf_of.body) == (
        "scheduler",
        "rule",
        "اداره نمونه",
    )
    absent = TransitionLog.objects.get(name="mark_absent", object_id=specific.pk)
    assert (absent.by.username, absent.note) == ("scheduler", "No line was filled before the window closed.")


def test_a_second_run_does_nothing(entry):
    window = window_of(entry, Stage.SELF_ASSESSMENT)
    with at(window.closes_at):
        close_due_windows()
        after = logged()
        assert close_due_windows() == []
    with at(window.closes_at + SECOND):
        assert close_due_windows() == []
    assert logged() == after


def test_entry_is_open_until_the_last_second_and_shut_at_the_end(entry):
    window, reporter = window_of(entry, Stage.SELF_ASSESSMENT), entry.outside[Role.AGENCY]
    with at(window.closes_at - SECOND):
        line.record(entry.lines()[0], MarkLevel.SELF, line.Figures(actual=Decimal(90)), by=reporter)
    with at(window.closes_at), pytest.raises(Refusal) as refusal:
        line.record(entry.lines()[0], MarkLevel.SELF, line.Figures(actual=Decimal(99)), by=reporter)
    day = last_day_as_text(window.closes_at)
    assert str(refusal.value) == (
        f"The window of the stage “Entering the self-assessment” ended with {day}: ask for an extension."
    )
    assert entry.lines()[0].self_actual == 90


def test_an_agency_under_extension_is_left_alone_and_holds_up_nobody(entry):
    window = window_of(entry, Stage.SELF_ASSESSMENT)
    windows.extend(
        entry.cycle,
        entry.agency,
        stage=Stage.SELF_ASSESSMENT,
        ends_at=window.closes_at + datetime.timedelta(days=2),
        reason="سیل",
        by=entry.manager,
    )
    with at(window.closes_at):
        close_due_windows()
        line.record(entry.lines()[1], MarkLevel.SELF, line.Figures(actual=Decimal(10)), by=entry.outside[Role.AGENCY])
    assert states(entry) == ["drafting", "drafting"]
    assert stage(entry) == "transfer"


def test_a_lapsed_extension_leaves_a_silent_agency_to_the_rule_once(entry):
    window = window_of(entry, Stage.SELF_ASSESSMENT)
    ends = window.closes_at + datetime.timedelta(days=2)
    windows.extend(entry.cycle, entry.agency, stage=Stage.SELF_ASSESSMENT, ends_at=ends, reason="سیل", by=entry.manager)
    with at(window.closes_at):
        close_due_windows()
    with at(ends - SECOND):
        close_due_windows()
    assert states(entry) == ["drafting", "not_started"]
    with at(ends):
        close_due_windows()
    assert states(entry) == ["submitted", "absent"]
    logged_then = logged()
    with at(ends + SECOND):
        close_due_windows()
    assert logged() == logged_then


def test_by_the_rule_to_wait_the_manager_is_told_once(entry):
    Cycle.objects.filter(pk=entry.cycle.pk).update(silent_agency="wait")
    window = window_of(entry, Stage.SELF_ASSESSMENT)
    with at(window.closes_at):
        close_due_windows()
        close_due_windows()
    assert (states(entry), stage(entry)) == (["drafting", "not_started"], "self_assessment")
    assert told(entry) == [
        "The stage “Entering the self-assessment” is over but cannot be left: The self-assessments that are not "
        "submitted stay open, as the cycle's rule says. These self-assessments are not submitted yet: "
        "اداره نمونه · General indicators، اداره نمونه · Specific indicators."
    ]


def test_silent_headquarters_stay_open_and_the_manager_is_told(approval):
    with at(window_of(approval, Stage.TRANSFER).closes_at):
        close_due_windows()
    assert (states(approval), stage(approval)) == (["submitted", "absent"], "transfer")
    assert told(approval) == [
        "The stage “Headquarters' approval and transfer” is over but cannot be left: Headquarters have not answered "
        "for 1 self-assessments. These assessments have not been received yet: اداره نمونه · General indicators."
    ]


def test_silent_headquarters_approve_by_rule(approval):
    Cycle.objects.filter(pk=approval.cycle.pk).update(silent_headquarters="approve")
    with at(window_of(approval, Stage.TRANSFER).closes_at):
        close_due_windows()
    assert states(approval) == ["approved", "absent"]
    step = TransitionLog.objects.get(name="approve")
    assert (step.by.username, step.on_behalf_of.basis, step.on_behalf_of.body) == ("scheduler", "rule", "ستاد نمونه")
    assert (approval.lines()[0].hq_actual, approval.lines()[0].hq_score) == (80, 800)


@pytest.mark.parametrize(("rule", "state"), [("wait", "sent"), ("proposal", "finalised"), ("last_year", "finalised")])
def test_the_silent_national_organization(rule, state):
    play = Play(silent_national=rule).until(Stage.INDICATORS)
    written = play.cycle.specific_lists.get()
    for verb in (indicator.endorse, indicator.send_list):
        verb(written, by=play.outside[Role.HEADQUARTERS])
    now = timezone.now()
    part = StageWindow.objects.create(
        cycle=play.cycle, stage=Stage.INDICATORS, part="aro", opens_at=now, closes_at=now + 60 * SECOND
    )
    with at(part.closes_at - SECOND):
        assert close_due_windows() == []
    with at(part.closes_at):
        found = close_due_windows()
        assert found[1:] == ([] if rule == "wait" else [ONE_FILE])
        assert close_due_windows() == []
    assert (play.cycle.specific_lists.get().state, stage(play)) == (state, "indicators")
    assert play.cycle.indicators.filter(agency=play.agency).count() == 1


def test_an_agency_without_headquarters_goes_straight_on(entry):
    entry.agency.headquarters = None
    entry.agency.save()
    with at(window_of(entry, Stage.SELF_ASSESSMENT).closes_at):
        close_due_windows()
    assert states(entry) == ["approved", "absent"]
    assert TransitionLog.objects.get(name="approve").note == "The agency has no headquarters."


def test_the_agency_is_told_what_became_of_its_files(entry):
    with at(window_of(entry, Stage.SELF_ASSESSMENT).closes_at):
        close_due_windows()
        close_due_windows()
    mine = Notice.objects.filter(user=entry.outside[Role.AGENCY], event__startswith="silent:").order_by("pk")
    assert list(mine.values_list("text", flat=True)) == [
        "The window of “اداره نمونه · General indicators” has ended: it was submitted as it was.",
        "“اداره نمونه · Specific indicators” was not filled in time: “did not take part” was recorded.",
    ]


# -- what fails ---------------------------------------------------------------------------------------


def fail_for(monkeypatch, assessment, error):
    """Settling this one file raises, alone or among others; the others go on as usual."""
    usual = many_files.settle_silent

    def settle(files, **kwargs):
        if assessment in files:
            raise error
        return usual(files, **kwargs)

    monkeypatch.setattr(many_files, "settle_silent", settle)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (Refusal("No line is filled."), "No line is filled."),
        (
            ZeroDivisionError("a bug"),
            "An unexpected error (ZeroDivisionError): tell the system administrator.",
        ),
    ],
)
def test_a_file_that_fails_stops_no_other_and_is_tried_again(entry, monkeypatch, caplog, error, reason):
    general = entry.cycle.assessments().get(dimension__code="general")
    window = window_of(entry, Stage.SELF_ASSESSMENT)
    with at(window.closes_at), monkeypatch.context() as patched:
        fail_for(patched, general, error)
        for done in ([ONE_FILE], []):
            assert told_by_task() == (done, [("اداره نمونه · General indicators", reason)])
    window.refresh_from_db()
    assert (states(entry), stage(entry), window.closed_at) == (["drafting", "absent"], "self_assessment", None)
    assert told(entry) == [
        "“Entering the self-assessment” could not be closed for all: اداره نمونه · General indicators. "
        "It is tried again every minute."
    ]
    assert [record.exc_info[1] for record in caplog.records] == ([] if isinstance(error, Refusal) else [error] * 2)
    with at(window.closes_at + 60 * SECOND):
        assert close_due_windows() == [CLOSED, ONE_FILE]
    assert (states(entry), stage(entry)) == (["submitted", "absent"], "transfer")
    names = TransitionLog.objects.filter(name__in=["submit", "mark_absent", "close_window"]).order_by("pk")
    assert list(names.values_list("name", flat=True)) == ["mark_absent", "submit", "close_window"]


def test_a_window_that_breaks_does_not_keep_the_others_open(entry, monkeypatch):
    def boom(window, at, notes, early):
        if window.stage == Stage.BRIEFING:
            raise ZeroDivisionError
        return usual(window, at, notes, early)

    usual = closing.finish_window
    monkeypatch.setattr(closing, "finish_window", boom)
    window, broken = window_of(entry, Stage.SELF_ASSESSMENT), window_of(entry, Stage.BRIEFING)
    StageWindow.objects.filter(pk=broken.pk).update(closed_at=None)
    with at(window.closes_at):
        done, failed = told_by_task()
    assert done == [CLOSED, TWO_FILES]
    assert [what for what, _reason in failed] == ["ارزیابی ۱۴۰۴: Briefing workshop for agencies"]
    broken.refresh_from_db()
    assert (broken.closed_at, stage(entry)) == (None, "transfer")


def test_stopped_in_the_middle_the_next_run_does_the_rest_once(entry, monkeypatch):
    general = entry.cycle.assessments().get(dimension__code="general")
    window = window_of(entry, Stage.SELF_ASSESSMENT)
    with at(window.closes_at):
        with monkeypatch.context() as patched:
            fail_for(patched, general, KeyboardInterrupt())
            with pytest.raises(KeyboardInterrupt):
                close_due_windows()
        assert stage(entry) == "self_assessment"
        close_due_windows()
    assert (states(entry), stage(entry)) == (["submitted", "absent"], "transfer")
    assert TransitionLog.objects.filter(name__in=["submit", "mark_absent", "close_window"]).count() == 3


def test_a_window_given_more_time_meanwhile_is_left_open(entry, monkeypatch):
    window = window_of(entry, Stage.SELF_ASSESSMENT)
    usual = silent_sides.settle_agencies

    def settle(files, **kwargs):
        settled = usual(files, **kwargs)
        StageWindow.objects.filter(pk=window.pk).update(closes_at=window.closes_at + 60 * SECOND)
        return settled

    monkeypatch.setattr(silent_sides, "settle_agencies", settle)
    monkeypatch.setattr(closing, "FILES_AT_ONCE", 1)
    with at(window.closes_at):
        assert close_due_windows() == [ONE_FILE]
    window.refresh_from_db()
    assert (states(entry), stage(entry), window.closed_at) == (["submitted", "not_started"], "self_assessment", None)


def test_a_window_that_ends_before_its_stage_harms_nobody(entry):
    """The plan was earlier than the work: nobody has been silent yet."""
    Cycle.objects.filter(pk=entry.cycle.pk).update(stage=Stage.INDICATORS)
    window = window_of(entry, Stage.SELF_ASSESSMENT)
    with at(window.closes_at):
        assert close_due_windows() == [CLOSED]
        assert close_due_windows() == []
    assert (states(entry), stage(entry)) == (["drafting", "not_started"], "indicators")
    assert told(entry) == [
        "The window “Entering the self-assessment” ended before the cycle reached this stage. Plan it again."
    ]
