"""The models have the steps of `maps`, every (source, transition, target), and nothing else."""

import pytest
from django_fsm import RETURN_VALUE

from evaluation.models import (
    Assessment,
    Cycle,
    Festival,
    Hearing,
    ImprovementPlan,
    Objection,
    ResultSet,
    SpecificList,
    Ticket,
    Transfer,
)
from tests.models.maps import (
    ASSESSMENT,
    ENTERING,
    FESTIVAL,
    HEARING,
    IMPROVEMENT_PLAN,
    OBJECTION,
    RESULT_SET,
    SPECIFIC_LIST,
    STAGES,
    TICKET,
    TRANSFER,
)


def literal(text):
    rows = set()
    for line in text.strip().splitlines():
        name, *sources, target = line.split()
        rows |= {(source, name, target) for source in sources}
    return rows


def declared(model, field):
    rows = set()
    for transition in model._meta.get_field(field).get_all_transitions(model):
        target = transition.target
        if isinstance(target, RETURN_VALUE):
            target = "|".join(target.allowed_states)
        rows.add((str(transition.source), transition.name, "-" if target is None else str(target)))
    return rows


@pytest.mark.parametrize(
    ("model", "text"),
    [
        (Assessment, ASSESSMENT),
        (SpecificList, SPECIFIC_LIST),
        (ResultSet, RESULT_SET),
        (Transfer, TRANSFER),
        (Objection, OBJECTION),
        (Hearing, HEARING),
        (ImprovementPlan, IMPROVEMENT_PLAN),
        (Festival, FESTIVAL),
        (Ticket, TICKET),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else "",
)
def test_the_map_is_the_designs(model, text):
    assert declared(model, "state") == literal(text)


def test_the_cycle_enters_each_stage_from_every_stage_before_it():
    entering = {
        (source, name, STAGES[number]) for number, name in enumerate(ENTERING, start=1) for source in STAGES[:number]
    }
    reopening = {(source, "reopen", "|".join(STAGES[1:-1])) for source in STAGES[2:-1]}

    assert declared(Cycle, "stage") == entering | reopening


def test_every_step_back_asks_for_a_reason():
    backward = {
        (model.__name__, transition.name): transition.custom.get("reason")
        for model, field in [
            (Cycle, "stage"),
            *((each, "state") for each in (Assessment, SpecificList, ResultSet, Transfer, ImprovementPlan, Festival)),
        ]
        for transition in model._meta.get_field(field).get_all_transitions(model)
        if transition.custom.get("back")
    }

    assert backward == {
        ("Cycle", "reopen"): True,
        ("Assessment", "return_"): True,
        ("Assessment", "refuse"): True,
        ("Assessment", "send_back"): True,
        ("Assessment", "reopen"): True,
        ("Assessment", "undo_receipt"): True,
        ("Assessment", "withdraw"): True,
        ("Assessment", "bring_back"): True,
        ("SpecificList", "return_"): True,
        ("ResultSet", "return_"): True,
        ("ResultSet", "void"): True,
        ("ImprovementPlan", "decline"): True,
        ("ImprovementPlan", "return_"): True,
        ("ImprovementPlan", "revise"): True,
        ("Transfer", "refuse"): True,
        ("Transfer", "supersede"): True,
        ("Festival", "reopen_nominations"): True,
        ("Festival", "reopen_choice"): True,
    }


def test_every_transition_has_a_label_and_a_permission():
    for model, field in [
        (Cycle, "stage"),
        *(
            (each, "state")
            for each in (Assessment, SpecificList, ResultSet, Transfer, Objection, Hearing, ImprovementPlan, Festival)
        ),
    ]:
        bare = [
            transition.name
            for transition in model._meta.get_field(field).get_all_transitions(model)
            if not (transition.custom.get("label") and transition.permission)
        ]
        assert bare == []
