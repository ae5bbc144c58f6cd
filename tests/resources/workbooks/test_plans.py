"""Workbook `plans`: drafts of many agencies at once, within what each line lost, until a plan is agreed to."""

import pytest
from django.contrib.auth.models import User

from evaluation.enums import PlanState, Role, Stage
from evaluation.models import ImprovementAction, ImprovementPlan, Line, Membership
from evaluation.process.improvement import plan
from evaluation.resources import runs
from tests.resources.sheets import counts, export, imported, sheet, table, template, tried

pytestmark = pytest.mark.django_db
HEADINGS = ["کد دستگاه", "کد شاخص", "اقدام", "مسئول", "تاریخ سررسید", "امتیاز مورد انتظار", "سنجه"]
WHOLE = ["A", "G-1", "آموزش کارکنان", "مدیر", "۱۴۹۹/۰۵/۱۲", "۲۰٫۵", "گواهی"]


@pytest.fixture
def announced(cast):
    cast.until(Stage.FESTIVAL)
    Line.objects.filter(assessment__participation__cycle=cast.cycle, indicator__code="G-1").update(final_score=250)
    return cast


def faults(cast, *rows, by="expert"):
    run = tried("plans", sheet(HEADINGS, *rows), by=getattr(cast, by), cycle=cast.cycle)
    return [(each["cell"], each["sentence"]) for each in run.report["faults"]]


def test_a_row_makes_the_draft_of_its_agency(announced):
    run = imported("plans", sheet(HEADINGS, WHOLE), by=announced.expert, cycle=announced.cycle)
    assert counts(run) == {"new": 1, "changed": 0, "same": 0, "wrong": 0}
    action = ImprovementAction.objects.get()
    assert (action.plan.agency, action.plan.state) == (announced.agency_a, PlanState.DRAFT)
    assert (action.action, action.owner, action.measure) == ("آموزش کارکنان", "مدیر", "گواهی")
    assert (f"{action.expected:.1f}", action.line.indicator.code) == ("20.5", "G-1")
    again = imported("plans", sheet(HEADINGS, WHOLE), by=announced.expert, cycle=announced.cycle)
    assert counts(again) == {"new": 0, "changed": 0, "same": 1, "wrong": 0}
    runs.take_back(run, by=announced.expert)
    assert (ImprovementAction.objects.count(), ImprovementPlan.objects.get().state) == (0, PlanState.DRAFT)


def test_what_cannot_be_planned_is_named(announced):
    assert faults(announced, [*WHOLE[:5], 50.5, "گواهی"]) == [
        ("F2", "This line lost 50.00 points: no more can be won.")
    ]
    assert faults(announced, ["A", "X-9", *WHOLE[2:]]) == [("B2", "“اداره الف” has no indicator with this code.")]
    assert faults(announced, ["B", *WHOLE[1:]], by="reporter_a") == [
        ("A2", "No agency of this cycle that is open to you has this code.")
    ]
    assert not ImprovementPlan.objects.exists()


def test_before_the_announcement_nothing_can_be_planned(cast):
    cast.until(Stage.RANKING)
    assert faults(cast, WHOLE) == [("B2", "“اداره الف” has no announced final score for this indicator.")]


def test_a_plan_that_is_agreed_to_is_not_written(announced):
    imported("plans", sheet(HEADINGS, WHOLE), by=announced.reporter_a, cycle=announced.cycle)
    plan.agree(ImprovementPlan.objects.get(), by=announced.reporter_a)
    ((cell, sentence),) = faults(announced, [*WHOLE[:2], "دیگر", *WHOLE[3:]])
    assert (cell, sentence.startswith("The improvement plan of “اداره الف” is in the state")) == ("C2", True)


def test_template_and_export_come_back_unchanged(announced):
    imported("plans", sheet(HEADINGS, WHOLE), by=announced.expert, cycle=announced.cycle)
    for data in (
        template("plans", by=announced.expert, cycle=announced.cycle),
        export("plans", by=announced.expert, cycle=announced.cycle),
    ):
        run = tried("plans", data, by=announced.expert, cycle=announced.cycle)
        assert (run.report["faults"], run.new, run.changed) == ([], 0, 0)
    rows = table(export("plans", by=announced.reporter_a, cycle=announced.cycle))
    assert [row[0] for row in rows[1:]] == ["A"]


def test_a_stewards_lines_of_other_agencies_do_not_tell_what_they_lost(announced):
    Line.objects.filter(assessment__participation__cycle=announced.cycle).update(final_score=1)
    Membership.objects.create(user=announced.reporter_a, role=Role.STEWARD, partner=announced.partner)
    both = User.objects.get(pk=announced.reporter_a.pk)
    assert Line.objects.visible_to(both).filter(assessment__participation__agency=announced.agency_b).exists()
    rows = table(template("plans", by=both, cycle=announced.cycle))
    assert {row[0] for row in rows[1:]} == {"A"}
