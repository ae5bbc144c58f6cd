"""The checklist of a cycle: templates mixed, days recorded, and the mandatory step that holds a stage."""

import datetime

import pytest
from django.core.management import call_command
from django.utils import timezone, translation

from evaluation.enums import Stage
from evaluation.models import ProcessTemplate, TransitionLog
from evaluation.process.door import Forbidden, Refusal
from evaluation.process.year import checklist as checklist_verbs
from evaluation.process.year import cycle
from evaluation.reports.checklist import checklist
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def template(code, numbers, *, skipped=(), stage="circular"):
    made = ProcessTemplate.objects.create(code=code, title=code, skipped=list(skipped))
    for number in numbers:
        made.steps.create(number=number, title=f"{code} {number}", stage=stage, days=number)
    return made


def days_ago(number):
    return timezone.localdate() - datetime.timedelta(days=number)


def test_steps_of_two_templates_with_the_same_numbers_stand_side_by_side(cast):
    for made in (
        template("a", [1, 2], skipped=["briefing", "festival"]),
        template("b", [1, 2, 3], skipped=["festival"]),
    ):
        checklist_verbs.adopt_template(cast.cycle, template=made, by=cast.manager)
    cast.cycle.refresh_from_db()
    assert sorted(cast.cycle.steps.values_list("title", flat=True)) == ["a 1", "a 2", "b 1", "b 2", "b 3"]
    assert (cast.cycle.template.code, cast.cycle.skipped) == ("a", ["festival"])
    checklist_verbs.adopt_template(cast.cycle, template=ProcessTemplate.objects.get(code="b"), by=cast.manager)
    assert cast.cycle.steps.count() == 5


def test_another_template_may_take_the_place_of_the_untouched_steps(cast):
    checklist_verbs.adopt_template(cast.cycle, template=template("a", [1, 2]), by=cast.manager)
    cast.cycle.steps.update(stage=Stage.DRAFT)  # where the cycle is
    checklist_verbs.tick(cast.cycle.steps.get(number=1), by=cast.expert)
    checklist_verbs.adopt_template(cast.cycle, template=template("b", [1]), by=cast.manager, instead=True)
    assert sorted(cast.cycle.steps.values_list("title", flat=True)) == ["a 1", "b 1"]


def test_the_five_templates_of_the_sources_can_all_be_mixed(cast):
    call_command("load_fixtures", verbosity=0)
    for made in ProcessTemplate.objects.all():
        checklist_verbs.adopt_template(cast.cycle, template=made, by=cast.manager)
    assert sum(made.steps.count() for made in ProcessTemplate.objects.all()) == 76
    # three are of the interim phase of Qazvin; ranking, council and festival of both flowcharts are one each
    assert cast.cycle.steps.count() == 70


def test_a_step_is_begun_done_and_reopened_with_a_reason(cast):
    step = cast.cycle.steps.create(number=1, title="گام", stage="draft")
    checklist_verbs.begin(step, by=cast.expert, on=days_ago(4))
    checklist_verbs.tick(
        step, by=cast.expert, on=days_ago(1), note="انجام شد", letter_number="۱۲", file=make.upload("m.pdf")
    )
    step.refresh_from_db()
    assert (step.began_on, step.done_on, step.done_by) == (days_ago(4), days_ago(1), cast.expert)
    assert (step.note, step.letter_number, step.file.read()) == ("انجام شد", "۱۲", make.upload("m.pdf").read())
    with pytest.raises(Refusal, match="Give a reason for this action"):
        checklist_verbs.untick(step, by=cast.expert, reason=" ")
    checklist_verbs.untick(step, by=cast.expert, reason="اشتباه")
    step.refresh_from_db()
    assert (step.done_on, step.done_at, step.done_by, step.letter_number) == (None, None, None, "۱۲")
    log = (
        TransitionLog.objects.filter(object_id=step.pk, content_type__model="cyclestep")
        .order_by("pk")
        .values_list("name", flat=True)
    )
    assert list(log) == ["begin", "tick", "untick"]


def test_no_day_to_come_and_none_before_the_beginning_is_recorded(cast):
    step = cast.cycle.steps.create(number=1, title="Step", stage="draft")
    with pytest.raises(Refusal, match="A future day cannot be recorded"):
        checklist_verbs.tick(step, by=cast.expert, on=days_ago(-1))
    checklist_verbs.begin(step, by=cast.expert, on=days_ago(2))
    with pytest.raises(Refusal, match=r"“Step” began on .* and cannot be done before"):
        checklist_verbs.tick(step, by=cast.expert, on=days_ago(3))
    step.refresh_from_db()
    assert step.done_at is None


def test_outsiders_tick_nothing(cast):
    step = cast.cycle.steps.create(number=1, title="گام", stage="draft")
    for person in (cast.reporter_a, cast.evaluator, cast.secretary):
        for verb, given in (
            (checklist_verbs.begin, {}),
            (checklist_verbs.tick, {}),
            (checklist_verbs.untick, {"reason": "دلیل"}),
        ):
            with pytest.raises(Forbidden):
                verb(step, by=person, **given)
    assert TransitionLog.objects.filter(object_id=step.pk, name="tick").count() == 0


def test_a_stage_is_not_left_while_a_mandatory_step_of_it_is_open(cast):
    cast.work(Stage.DRAFT)
    first = cast.cycle.steps.create(number=1, title="First letter", stage="draft", mandatory=True)
    cast.cycle.steps.create(number=2, title="Second letter", stage="draft", mandatory=True)
    cast.cycle.steps.create(number=3, title="A call", stage="draft")
    with pytest.raises(Refusal) as refused:
        cycle.advance(cast.cycle, by=cast.manager)
    assert str(refused.value) == "These mandatory steps are still open: First letter، Second letter."
    checklist_verbs.tick(first, by=cast.expert)
    with pytest.raises(Refusal, match=r"still open: Second letter\.$"):
        cycle.advance(cast.cycle, by=cast.manager)
    checklist_verbs.tick(cast.cycle.steps.get(number=2), by=cast.expert)
    assert cycle.advance(cast.cycle, by=cast.manager).stage == Stage.CIRCULAR


def test_actual_days_count_from_the_beginning_or_from_the_step_before(cast):
    add = cast.cycle.steps.create
    given = {"stage": "circular", "done_at": timezone.now(), "done_by": cast.expert}
    add(number=1, title="1", days=2, began_on=days_ago(9), done_on=days_ago(7), **given)
    add(number=2, title="2", days=8, done_on=days_ago(4), **given)
    add(number=3, title="3", began_on=days_ago(1), stage="circular")
    add(number=4, title="4", days=5, stage="circular", mandatory=True)
    add(number=5, title="5", days=5, done_on=days_ago(4), **given | {"stage": "evaluators"})
    circular, evaluators = checklist(cast.cycle)
    assert [row.actual for row in circular.rows] == [3, 4, 2, None]
    assert [(row.planned, row.late, row.running) for row in circular.rows] == [
        (2, 1, False),
        (8, 0, False),
        (None, 0, True),
        (5, 0, False),
    ]
    assert [(row.width, row.actual_width) for row in circular.rows[:2]] == [(13, 20), (53, 27)]
    assert (circular.width, circular.actual_width, circular.late) == (100, 67, False)
    assert (circular.planned, circular.actual, circular.done, [step.number for step in circular.waiting]) == (
        15,
        10,
        2,
        [4],
    )
    assert [row.actual for row in evaluators.rows] == [1]


def test_the_first_step_counts_from_the_opening_of_its_stage(cast):
    opening = timezone.now() - datetime.timedelta(days=6)
    cast.cycle.windows.create(stage="circular", opens_at=opening, closes_at=timezone.now())
    done = {"done_at": timezone.now(), "done_by": cast.expert, "done_on": days_ago(2)}
    cast.cycle.steps.create(number=1, title="1", stage="circular", **done)
    ((row,),) = [group.rows for group in checklist(cast.cycle)]
    assert row.actual == 5


def test_a_step_is_not_done_before_its_stage(cast):
    step = cast.cycle.steps.create(number=90, title="جشنواره", stage=Stage.FESTIVAL)
    with pytest.raises(Refusal, match=r"This step belongs to the stage .* and the cycle is still in"):
        checklist_verbs.tick(step, by=cast.expert)
    step.refresh_from_db()
    assert step.done_at is None
