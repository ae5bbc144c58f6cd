"""The follow-up by scheduled work, once each, and what plans won, beside what was won without one."""

import datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from evaluation import tasks
from evaluation.enums import AssessmentState, Effect, MarkLevel, PlanState
from evaluation.models import Assessment, ImprovementPlan, Line, Notice
from evaluation.persian import to_jalali
from evaluation.process import audit
from evaluation.process.door import Refusal
from evaluation.process.improvement import action, following, measuring
from evaluation.reports import improvement
from tests.process.improvement.after import announce, later_year, with_plan

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture
def followed(cast):
    return with_plan(cast)


def own_plan():
    return ImprovementPlan.objects.get()


def events(user):
    rows = Notice.objects.filter(user=user).order_by("pk")
    return [row.event for row in rows if ":report:" in row.event or ":late:" in row.event or ":closed" in row.event]


@pytest.mark.parametrize(
    ("day", "quarter"),
    [
        (datetime.date(2026, 3, 20), (1404, 4, datetime.date(2025, 12, 22))),
        (datetime.date(2026, 3, 21), (1405, 1, datetime.date(2026, 3, 21))),
        (datetime.date(2026, 9, 22), (1405, 2, datetime.date(2026, 6, 22))),
    ],
)
def test_quarters_are_those_of_the_jalali_year(day, quarter):
    assert following.quarter_of(day) == quarter


def test_the_report_of_a_quarter_is_asked_for_once(followed):
    now = timezone.now()
    assert len(following.follow_up(now).notices) == 1
    assert following.follow_up(now).notices == []
    jalali = to_jalali(now)
    event = f"plan:{own_plan().pk}:report:{jalali.year}-{(jalali.month - 1) // 3 + 1}"
    assert events(followed.reporter_a) == [event]
    assert events(followed.reporter_b) == events(followed.headquarters_a) == []
    begins = following.quarter_of(timezone.localdate(now)).begins
    last = timezone.make_aware(datetime.datetime.combine(begins, datetime.time(12)))
    following.follow_up(last + 95 * DAY)
    assert len([each for each in events(followed.reporter_a) if ":report:" in each]) == 2


def test_nobody_is_asked_in_the_quarter_of_the_approval_or_after_the_report(followed):
    ImprovementPlan.objects.update(approved_at=timezone.now())
    assert not following.unreported(following.beginning_of_quarter(timezone.localdate())).exists()
    ImprovementPlan.objects.update(approved_at=timezone.now() - 365 * DAY)
    for row in own_plan().actions.all():
        assert following.unreported(following.beginning_of_quarter(timezone.localdate())).filter(pk=row.pk).exists()
        action.report(row, by=followed.reporter_a, progress=20, note="در حال انجام")
    assert following.follow_up().notices == []


def test_a_late_action_is_told_to_agency_and_staff_once(followed):
    first, second = own_plan().actions.order_by("pk")
    for row, progress in ((first, 100), (second, 60)):
        action.report(row, by=followed.reporter_a, progress=progress, note="گزارش")
    on_the_day, after = timezone.now() + DAY, timezone.now() + 2 * DAY
    assert [row for row in following.follow_up(on_the_day).notices if ":late:" in row.event] == []
    following.follow_up(after)
    following.follow_up(after)
    for user in (followed.reporter_a, followed.expert, followed.manager):
        assert [each for each in events(user) if ":late:" in each] == [f"action:{second.pk}:late:{second.due}"]


def test_a_plan_waits_for_the_results_of_the_next_cycle(followed):
    cycle = later_year(followed, {"G-1": 60}, announced=False)
    assert tasks.follow_up_plans()["failed"] == []
    assert own_plan().state == PlanState.FOLLOW_UP
    with pytest.raises(Refusal, match="The plan is closed when the results of the next cycle are announced"):
        measuring.close(own_plan(), by=followed.expert)
    announce(followed, cycle)
    assert own_plan().state == PlanState.FOLLOW_UP
    tasks.follow_up_plans()
    assert own_plan().state == PlanState.CLOSED


@pytest.mark.usefixtures("english")
def test_it_closes_by_itself_with_planned_and_reached(followed):
    later_year(followed, {"G-1": 60})
    done = following.follow_up()
    closed = own_plan()
    assert ([row.pk for row in done.closed], closed.state) == ([closed.pk], PlanState.CLOSED)
    assert closed.closed_by.username == audit.SCHEDULER
    reached = {row.line.indicator.code: (row.expected, row.reached) for row in closed.actions.all()}
    assert reached == {"G-1": (30, 30), "G-2": (40, None)}  # 50 to 60 percent of 300 points; G-2 is measured no more
    assert events(followed.reporter_a) == [f"plan:{closed.pk}:closed"]
    told = Notice.objects.get(user=followed.expert, event=f"plan:{closed.pk}:closed").text
    assert told == "The improvement plan of “اداره الف” is closed: planned 70.00 points, reached 30.00."
    assert following.follow_up().closed == []
    assert events(followed.reporter_a) == [f"plan:{closed.pk}:closed"]


def test_the_picture_shows_what_others_won_without_a_plan(followed):
    before = improvement.of_cycle(followed.cycle, followed.expert)
    assert (before.following, before.whole.actions, before.whole.expected) == (None, 2, 70)
    assert before.whole.with_plan is None
    Line.objects.filter(assessment__participation=followed.participation_a, indicator__code="G-31").update(
        maximum=300, final_score=150
    )
    later_year(followed, {"G-1": 60, "G-31": 70})
    after = improvement.of_cycle(followed.cycle, followed.expert)
    assert (after.whole.won, after.whole.with_plan, after.whole.without_plan) == (30, 10, 20)
    effects = {gains.title: gains.effect for gains in after.axes}
    assert effects == {"محور یک": Effect.BY_PLANS, "محور دو": Effect.WITHOUT_PLANS}
    assert after.whole.effect == Effect.BOTH
    (row,) = after.rows
    assert (row.gains.won, row.gains.with_plan, row.gains.without_plan, row.done) == (30, 10, 20, 0)
    ImprovementPlan.objects.update(state=PlanState.DRAFT)
    drafted = improvement.of_cycle(followed.cycle, followed.expert)
    assert (drafted.whole.actions, drafted.whole.won, drafted.whole.with_plan) == (0, 0, None)
    assert drafted.whole.without_plan == 15  # 10 and 20 of lines that nobody agreed to improve
    axes = {gains.title: (gains.actions, gains.with_plan, gains.without_plan) for gains in after.axes}
    assert sum(actions for actions, _with, _without in axes.values()) == 2
    assert improvement.of_cycle(followed.cycle, followed.reporter_b).rows == []


def test_last_years_plan_stands_beside_the_line_of_the_self_assessment(followed):
    cycle = later_year(followed, {"G-1": 59, "G-31": 70}, announced=False, state=AssessmentState.DRAFTING)
    file = Assessment.objects.get(participation__cycle=cycle)
    lines = list(Line.objects.filter(assessment=file).select_related("indicator"))
    planned = improvement.beside(file, followed.reporter_a, lines, [MarkLevel.SELF])
    (own,) = [line for line in lines if line.indicator.code == "G-1"]
    assert {key: (row.expected, row.reached) for key, row in planned.items()} == {own.indicator_id: (30, Decimal(27))}
    assert improvement.beside(file, followed.reporter_b, lines, [MarkLevel.SELF]) == {}
