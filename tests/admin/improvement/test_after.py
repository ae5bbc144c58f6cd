"""The year after a plan: beside the line, on the closed plan, and on the page of the axes that improved by plans."""

import pytest

from evaluation import tasks
from evaluation.enums import AssessmentState
from evaluation.models import Assessment, ImprovementPlan, Line
from evaluation.process.improvement import action
from tests.admin.english import page, visit
from tests.factories import upload
from tests.process.improvement.after import later_year, with_plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def followed(cast):
    return with_plan(cast)


def text(cast, who, address):
    return " ".join(visit(cast, who).get(address).content.decode().split())


def test_the_page_of_plans_says_which_axes_improved_by_plans_and_which_without(followed):
    Line.objects.filter(assessment__participation=followed.participation_a, indicator__code="G-31").update(
        maximum=300, final_score=150
    )
    before = text(followed, "manager", page("cycle_plans", followed.cycle.pk))
    assert "Improved by plans" not in before
    later_year(followed, {"G-1": 60, "G-31": 70})
    after = text(followed, "manager", page("cycle_plans", followed.cycle.pk))
    assert "<dt>Improved by plans</dt> <dd>محور یک</dd>" in after
    assert "<dt>Improved without plans</dt> <dd>محور دو</dd>" in after


def test_a_closed_plan_shows_planned_reached_and_evidence(followed):
    own = ImprovementPlan.objects.get()
    first = own.actions.get(line__indicator__code="G-1")
    action.report(first, by=followed.reporter_a, progress=90, note="گواهی‌ها صادر شد.", file=upload("certificate.pdf"))
    running = text(followed, "reporter_a", page("improvementplan_change", own.pk))
    assert ("certificate.pdf" in running, "easured by the results of" in running) == (True, False)
    later_year(followed, {"G-1": 60})
    tasks.follow_up_plans()
    closed = text(followed, "headquarters_a", page("improvementplan_change", own.pk))
    for words in ("certificate.pdf", "70.00", "30.00", "easured by the results of", "ارزیابی ۱۴۰۵"):
        assert words in closed, words


def test_planned_and_reached_stand_beside_the_line_of_the_next_year(followed):
    cycle = later_year(followed, {"G-1": 59}, announced=False, state=AssessmentState.DRAFTING)
    file = Assessment.objects.get(participation__cycle=cycle)
    shown = text(followed, "expert", page("assessment_lines", file.pk))
    assert "planned <b>" in shown
    row = shown[shown.index("planned <b>") :][:400]
    assert ("30.00" in row, "27.00" in row) == (True, True)
