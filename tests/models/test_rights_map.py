"""Every state × transition × person: what is not in the table is refused, and leaves no trace."""

import pytest
from django.utils import timezone

from evaluation.enums import AssessmentState, FestivalState, ListState, PlanState, ResultState, Stage, TransferState
from evaluation.models import Festival, ImprovementPlan, ResultSet, SpecificList, Transfer, TransitionLog
from evaluation.process import door
from evaluation.process.assessing import assessment as assessment_verbs
from evaluation.process.assessing import transfer
from tests.models.maps import (
    ASSESSMENT,
    ENTERING,
    FESTIVAL,
    IMPROVEMENT_PLAN,
    MPO,
    OF_ASSESSMENT,
    OF_FESTIVAL,
    OF_LIST,
    OF_PLAN,
    OF_RESULTS,
    OF_TRANSFER,
    PEOPLE,
    RESULT_SET,
    SPECIFIC_LIST,
    TRANSFER,
)
from tests.models.test_map import literal

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]  # decided in Python


def put(obj, **columns):
    """Set a row to a state directly, as no code of ours may."""
    type(obj)._base_manager.filter(pk=obj.pk).update(**columns)
    return type(obj)._base_manager.get(pk=obj.pk)


def stamps(obj, by):
    """Every …_at and …_by filled, so that any state may stand beside them."""
    names = [field.name for field in obj._meta.fields]
    return {name: timezone.now() for name in names if name.endswith("_at") and name != "prepared_at"} | {
        name: by for name in names if name.endswith("_by")
    }


def tried(cast, obj, table):
    """{(transition, person)} that may, own or on behalf; everything else is refused and leaves no log row."""
    own, behalf = set(), set()
    rows = TransitionLog.objects.count()
    for name in table:
        for person in PEOPLE:
            user = getattr(cast, person)
            step = door.transition_of(obj, name)
            if step is not None and step.permission.own(obj, user):
                own.add((name, person))
                continue
            if step is not None and step.permission.behalf(obj, user):
                behalf.add((name, person))
            with pytest.raises((door.Refusal, door.Forbidden)):
                door.perform(obj, name, by=user, note="دلیل")
    assert TransitionLog.objects.count() == rows
    return own, behalf


def expected(map_, state, table, seen=lambda person, state: True):
    leaving = {name for source, name, _target in literal(map_) if source == state}
    own = {(name, person) for name in leaving for person in table[name][0] if seen(person, state)}
    behalf = {(name, person) for name in leaving for person in table[name][1] if seen(person, state)}
    return own, behalf


def sees_assessment(person, state):
    """Row scope: the national organization reads what was sent, evaluators what was received."""
    received = "received under_evaluation scored disclosed confirmed reported".split()
    if person == "national":
        return state in ("sent", *received)
    return state in received if person in ("lead", "evaluator", "steward") else True


@pytest.mark.parametrize("state", AssessmentState.values)
def test_assessment(cast, state):
    cast.until(Stage.SELF_ASSESSMENT)
    assessment = cast.assessment(cast.agency_a)
    assessment = put(assessment, state=state, return_reason="دلیل", **stamps(assessment, cast.manager))

    assert tried(cast, assessment, OF_ASSESSMENT) == expected(ASSESSMENT, state, OF_ASSESSMENT, sees_assessment)


@pytest.mark.parametrize("state", ListState.values)
def test_specific_list(cast, state):
    cast.until(Stage.INDICATORS)
    specific_list = SpecificList.objects.get(agency=cast.agency_a)
    specific_list = put(specific_list, state=state, **stamps(specific_list, cast.manager))

    assert tried(cast, specific_list, OF_LIST) == expected(SPECIFIC_LIST, state, OF_LIST)


@pytest.mark.parametrize("state", ResultState.values)
def test_result_set(cast, state):
    result_set = ResultSet.objects.create(cycle=cast.cycle)
    result_set = put(result_set, state=state, **stamps(result_set, cast.manager))

    def sees(person, state):
        return state != "draft" or person in MPO

    assert tried(cast, result_set, OF_RESULTS) == expected(RESULT_SET, state, OF_RESULTS, sees)


@pytest.mark.parametrize("state", PlanState.values)
def test_improvement_plan(cast, state):
    cast.until(Stage.PARTICIPANTS)
    cast.fix_participants()
    plan = ImprovementPlan.objects.create(participation=cast.cycle.participations.get(agency=cast.agency_a))
    plan = put(plan, state=state, **stamps(plan, cast.manager))

    assert tried(cast, plan, OF_PLAN) == expected(IMPROVEMENT_PLAN, state, OF_PLAN)


@pytest.mark.parametrize("state", TransferState.values)
def test_transfer(cast, state):
    cast.until(Stage.TRANSFER)
    for assessment in cast.assessments(participation__agency=cast.agency_a):
        assessment_verbs.approve(assessment, by=cast.headquarters_a)
    prepared = transfer.prepare(
        cast.cycle, "to_aro", cast.assessments(participation__agency=cast.agency_a), by=cast.headquarters_a
    )
    moved = put(prepared, state=state, sha256="0" * 64, package="packages/a.zip", **stamps(prepared, cast.manager))
    assert isinstance(moved, Transfer)

    assert tried(cast, moved, OF_TRANSFER) == expected(TRANSFER, state, OF_TRANSFER)


@pytest.mark.parametrize("state", FestivalState.values)
def test_festival(cast, state):
    festival = Festival.objects.create(cycle=cast.cycle, title="جشنواره")
    moved = put(festival, state=state, **stamps(festival, cast.manager))

    assert tried(cast, moved, OF_FESTIVAL) == expected(FESTIVAL, state, OF_FESTIVAL)


@pytest.mark.parametrize("stage", Stage.values)
def test_cycle(cast, stage):
    cycle = put(cast.cycle, stage=stage)
    number = Stage(stage).number
    table = {name: (MPO, set()) for name in ENTERING} | {"reopen": ({"manager"}, set())}
    leaving = set(ENTERING[number:]) | ({"reopen"} if 1 < number < Stage.CLOSED.number else set())

    own, behalf = tried(cast, cycle, table)

    assert own == {(name, person) for name in leaving for person in table[name][0]}
    assert behalf == set()
