"""Evaluator groups: seats, shares, and what nobody covers yet."""

from evaluation.enums import Stage
from evaluation.models import Assignment, Evaluator, EvaluatorGroup, TransitionLog
from evaluation.process.year import evaluator_group
from tests import factories as make
from tests.admin.english import page, told, visit

PRICE = 17  # queries of the list


def refusals(response):
    """The sentences of a dialog whose verb refused."""
    return [str(sentence) for sentence in response.context["reasons"]]


def coverage(cast):
    shown = visit(cast, "manager").get(page("evaluatorgroup_changelist")).context["coverage"]
    return {row["title"]: [(group["title"], group["lead"]) for group in row["groups"]] for row in shown["rows"]}


def test_parts_without_a_group_or_a_lead_are_named(cast):
    cast.until(Stage.EVALUATORS).write_catalogue()
    group = evaluator_group.form_group(cast.cycle, title="گروه یک", by=cast.manager, axes=[cast.axis_1])
    bare = {str(cast.axis_1): [("گروه یک", "")], str(cast.axis_2): [], str(cast.specific): []}
    assert coverage(cast) == bare
    evaluator_group.seat(group, cast.lead, by=cast.manager, lead=True)
    assert coverage(cast) == bare | {str(cast.axis_1): [("گروه یک", "lead")]}


def test_the_list_costs_the_same_with_more_groups(cast, django_assert_num_queries):
    cast.until(Stage.EVALUATORS).work(Stage.EVALUATORS)
    inside = visit(cast, "manager")
    inside.get(page("evaluatorgroup_changelist"))
    with django_assert_num_queries(PRICE):
        inside.get(page("evaluatorgroup_changelist"))
    for number in range(2):
        group = evaluator_group.form_group(cast.cycle, title=f"گروه {number}", by=cast.manager, axes=[cast.axis_1])
        evaluator_group.seat(group, cast.evaluator, by=cast.manager, lead=True)
    with django_assert_num_queries(PRICE):
        inside.get(page("evaluatorgroup_changelist"))


def test_agencies_are_assigned_to_one_evaluator_of_the_group(cast):
    cast.until(Stage.BRIEFING)
    lead, other = cast.group_1.evaluators.get(user=cast.lead), cast.group_1.evaluators.get(user=cast.evaluator)
    make.trained(cast.cycle, cast.lead, cast.evaluator)
    evaluator_group.assign(lead, [cast.participation_a, cast.participation_b], by=cast.manager)
    url = page("evaluatorgroup_do", cast.group_1.pk, "assign")
    response = visit(cast, "expert").post(url, {"evaluator": other.pk, "participations": [cast.participation_b.pk]})
    assert told(response) == ["Done: Assign agencies."]
    rows = Assignment.objects.values_list("evaluator__user__username", "participation__agency__code")
    assert sorted(rows) == [("evaluator", "B"), ("lead", "A")]
    assert TransitionLog.objects.filter(name="assign", by=cast.expert).count() == 1


def test_without_the_training_only_the_manager_assigns_and_says_why(cast):
    cast.until(Stage.BRIEFING)
    seat = cast.group_1.evaluators.get(user=cast.evaluator)
    url = page("evaluatorgroup_do", cast.group_1.pk, "assign")
    data = {"evaluator": seat.pk, "participations": [cast.participation_a.pk]}

    def answer(person, note):
        return visit(cast, person).post(url, data | {"note": note})

    assert refusals(answer("manager", "")) == [
        f"“{seat}” has not attended a workshop for evaluators of this cycle. Record the attendance, or let the manager "
        "assign with a reason."
    ]
    assert refusals(answer("expert", "پیشینه دارد")) == [
        "Only the manager may assign an evaluator without the training."
    ]
    assert Assignment.objects.count() == 0
    assert told(answer("manager", "پیشینه دارد")) == ["Done: Assign agencies."]
    assert TransitionLog.objects.get(name="assign").note == f"{seat}, agencies: 1. پیشینه دارد"


def test_who_may_not_assign_changes_nothing(cast):
    cast.until(Stage.BRIEFING)
    seat = cast.group_1.evaluators.get(user=cast.evaluator)
    url = page("evaluatorgroup_do", cast.group_1.pk, "assign")
    data = {"evaluator": seat.pk, "participations": [cast.participation_a.pk]}
    answers = {name: visit(cast, name).post(url, data).status_code for name in ("lead", "reporter_a", "national")}
    assert answers == {"lead": 403, "reporter_a": 404, "national": 404}
    assert Assignment.objects.count() == 0


def test_seats_and_shares_are_not_added_on_their_own_lists(cast):
    cast.until(Stage.BRIEFING)
    codes = [visit(cast, "manager").get(page(name)).status_code for name in ("evaluator_add", "assignment_add")]
    assert codes == [403, 403]
    assert (Evaluator.objects.count(), EvaluatorGroup.objects.count()) == (3, 2)
