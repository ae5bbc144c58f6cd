"""Improvement plans: drafted from the report card, agreed, approved, returned with reasons, and reported on."""

import datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from evaluation.enums import Light, PlanState, Role, Stage
from evaluation.models import ActionFile, ImprovementAction, ImprovementPlan, Notice, OnBehalf, TransitionLog
from evaluation.process import audit
from evaluation.process.door import Forbidden, Refusal
from evaluation.process.improvement import action, plan
from evaluation.process.year import cycle as cycle_verbs
from evaluation.rules import lights
from tests.factories import DAY, upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
LATER = timezone.localdate() + datetime.timedelta(days=200)


@pytest.fixture
def announced(cast):
    return cast.until(Stage.FESTIVAL)


@pytest.fixture
def drafted(announced):
    return plan.draft(announced.participation_a, by=announced.expert)


def complete(drafted):
    for row in drafted.actions.all():
        row.action, row.owner, row.due, row.measure = "آموزش کارکنان", "مدیر منابع انسانی", LATER, "گواهی آموزش"
        row.save()
    return drafted


def followed(cast, drafted):
    agreed = plan.agree(plan.propose(complete(drafted), by=cast.expert), by=cast.reporter_a)
    return plan.approve(agreed, by=cast.headquarters_a)


def texts(user):
    return [row.text for row in Notice.objects.filter(user=user, event__startswith="plan:").order_by("pk")]


def test_the_draft_begins_with_the_lines_that_lost_most(announced):
    announced.cycle.refresh_from_db()
    announced.cycle.gains_named, announced.cycle.expected_share = 2, 40
    announced.cycle.save(update_fields=["gains_named", "expected_share"])
    losing = list(plan.losing_lines(announced.participation_a))
    assert [line.maximum - line.final_score for line in losing] == sorted(
        (line.maximum - line.final_score for line in losing), reverse=True
    )
    made = plan.draft(announced.participation_a, by=announced.expert)
    lines = {row.line: row.expected for row in made.actions.all()}
    assert lines == {line: (line.maximum - line.final_score) * Decimal("0.4") for line in losing[:2]}
    assert plan.draft(announced.participation_a, by=announced.reporter_a) == made
    assert TransitionLog.objects.filter(name="draft").count() == 1


def test_before_the_announcement_there_is_nothing_to_draft_from(cast):
    cast.until(Stage.RANKING)
    with pytest.raises(Refusal, match="announce the results first"):
        plan.draft(cast.participation_a, by=cast.expert)
    assert not ImprovementPlan.objects.exists()


@pytest.mark.parametrize("who", ["reporter_b", "headquarters_a", "lead", "observer", "national"])
def test_others_cannot_draft_it(announced, who):
    with pytest.raises(Forbidden):
        plan.draft(announced.participation_a, by=getattr(announced, who))


def test_an_incomplete_plan_is_not_agreed_to(announced, drafted):
    proposed = plan.propose(drafted, by=announced.expert)
    with pytest.raises(Refusal, match="These actions need what is done, an owner, a due date and a measure"):
        plan.agree(proposed, by=announced.reporter_a)
    drafted.actions.all().delete()
    with pytest.raises(Refusal, match="The plan has no action yet"):
        plan.agree(proposed, by=announced.reporter_a)


@pytest.mark.parametrize(("part", "nothing"), [("action", ""), ("owner", ""), ("measure", ""), ("due", None)])
def test_each_part_of_an_action_is_asked_for(announced, drafted, part, nothing):
    proposed = plan.propose(complete(drafted), by=announced.expert)
    ImprovementAction.objects.filter(pk=proposed.actions.first().pk).update(**{part: nothing})
    with pytest.raises(Refusal, match="These actions need what is done, an owner, a due date and a measure"):
        plan.agree(proposed, by=announced.reporter_a)


def test_the_way_to_the_follow_up_is_told_to_each_side(announced, drafted):
    proposed = plan.propose(complete(drafted), by=announced.expert)
    agreed = plan.agree(proposed, by=announced.reporter_a)
    assert (agreed.state, agreed.agreed_by) == (PlanState.AGREED, announced.reporter_a)
    approved = plan.approve(agreed, by=announced.headquarters_a)
    assert (approved.state, approved.approved_by) == (PlanState.FOLLOW_UP, announced.headquarters_a)
    assert len(texts(announced.reporter_a)) == 2
    assert len(texts(announced.headquarters_a)) == 1
    assert texts(announced.reporter_b) == texts(announced.headquarters_b) == []
    with pytest.raises(Refusal):
        plan.approve(approved, by=announced.headquarters_a)


def test_each_return_has_its_reason_and_is_told(announced, drafted):
    proposed = plan.propose(complete(drafted), by=announced.expert)
    with pytest.raises(Refusal, match="Give a reason for this action"):
        plan.decline(proposed, by=announced.reporter_a, reason=" ")
    back = plan.decline(proposed, by=announced.reporter_a, reason="مهلت کوتاه است.")
    assert (back.state, back.return_reason) == (PlanState.DRAFT, "مهلت کوتاه است.")
    assert "مهلت کوتاه است." in texts(announced.expert)[-1]
    agreed = plan.agree(back, by=announced.reporter_a)
    back = plan.return_(agreed, by=announced.headquarters_a, reason="سنجه روشن نیست.")
    assert "سنجه روشن نیست." in texts(announced.reporter_a)[-1]
    running = plan.approve(plan.agree(back, by=announced.reporter_a), by=announced.headquarters_a)
    back = plan.revise(running, by=announced.expert, reason="بودجه تغییر کرد.")
    assert (back.state, back.return_reason) == (PlanState.DRAFT, "بودجه تغییر کرد.")


def test_an_agency_without_headquarters_goes_straight_on(announced, drafted):
    announced.agency_a.headquarters = None
    announced.agency_a.save()
    running = plan.agree(complete(drafted), by=announced.reporter_a)
    assert running.state == PlanState.FOLLOW_UP
    row = TransitionLog.objects.get(name="approve", target="follow_up")
    assert (row.by.username, row.note) == (audit.SCHEDULER, "The agency has no headquarters.")
    assert OnBehalf.objects.get(pk=row.on_behalf_of_id).basis == "rule"


def test_staff_agree_and_approve_by_letter_alone(announced, drafted):
    with pytest.raises(Refusal, match="Another body is responsible for this action"):
        plan.agree(complete(drafted), by=announced.expert)
    letter = {"body": "اداره الف", "letter_number": "۷", "letter_date": DAY, "file": upload()}
    written = audit.act_on_behalf(announced.cycle, role=Role.AGENCY, by=announced.expert, **letter)
    assert plan.agree(drafted, by=announced.expert, on_behalf=written).state == PlanState.AGREED


def test_progress_is_reported_with_a_file_and_stays_in_the_log(announced, drafted):
    first = drafted.actions.first()
    with pytest.raises(Refusal, match="Progress is reported while the plan is in follow-up"):
        action.report(first, by=announced.reporter_a, progress=10, note="آغاز شد.")
    followed(announced, drafted)
    with pytest.raises(Refusal, match="Write what was done for this action"):
        action.report(first, by=announced.reporter_a, progress=10, note=" ")
    with pytest.raises(Forbidden):
        action.report(first, by=announced.headquarters_a, progress=10, note="آغاز شد.")
    action.report(first, by=announced.reporter_a, progress=40, note="دو دوره برگزار شد.", file=upload("w.pdf"))
    first.refresh_from_db()
    assert (first.progress, first.progress_note, first.reported_by) == (40, "دو دوره برگزار شد.", announced.reporter_a)
    kept = ActionFile.objects.get()
    assert (kept.action, kept.uploaded_by, len(kept.sha256)) == (first, announced.reporter_a, 64)
    with pytest.raises(Refusal, match="This file is attached to the action already"):
        action.report(first, by=announced.reporter_a, progress=50, note="همان", file=upload("w.pdf"))
    assert "دو دوره برگزار شد." in TransitionLog.objects.get(name="report_progress").note


def test_a_plan_is_followed_up_in_the_archived_cycle_too(announced, drafted):
    followed(announced, drafted)
    announced.work(Stage.FESTIVAL)
    cycle_verbs.advance(announced.cycle, by=announced.manager)
    row = action.report(drafted.actions.first(), by=announced.reporter_a, progress=30, note="ادامه دارد.")
    assert row.progress == 30


DAY_0, END = datetime.date(2026, 1, 1), datetime.date(2026, 12, 27)  # 360 days


@pytest.mark.parametrize(
    ("today", "progress", "expected"),
    [
        (DAY_0, 0, Light.ON_TRACK),
        (datetime.date(2026, 4, 1), 0, Light.ON_TRACK),  # a quarter has passed: 25 points behind are allowed
        (datetime.date(2026, 4, 2), 0, Light.AT_RISK),
        (datetime.date(2026, 4, 2), 1, Light.ON_TRACK),
        (datetime.date(2026, 11, 26), 99, Light.ON_TRACK),
        (datetime.date(2026, 11, 27), 99, Light.AT_RISK),  # 30 days are left
        (END, 99, Light.AT_RISK),
        (datetime.date(2026, 12, 28), 99, Light.LATE),
        (datetime.date(2027, 5, 1), 100, Light.DONE),
    ],
)
def test_the_light_follows_the_limits(today, progress, expected):
    limits = lights.Limits(warn_days=30, behind_allowed=25)
    assert lights.light(progress=progress, due=END, begun=DAY_0, today=today, limits=limits) == expected


def test_a_plan_shows_the_worst_of_its_lights():
    assert lights.worst([Light.DONE, Light.LATE, Light.AT_RISK]) == Light.LATE
    assert lights.worst([]) == Light.ON_TRACK
