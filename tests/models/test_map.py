"""The maps of the process, copied from the design: every (source, transition, target), and nothing else."""

import pytest
from django_fsm import RETURN_VALUE

from evaluation.models import Assessment, Cycle, Hearing, Objection, ResultSet, SpecificList, Transfer

ASSESSMENT = """
start            not_started                       drafting
submit           drafting returned                 submitted
return_          submitted                         returned
approve          submitted                         approved
send             approved                          sent
refuse           sent                              returned
receive          not_started drafting submitted returned approved sent   received
undo_receipt     received                          not_started|drafting|submitted|returned|approved|sent
open_scoring     received                          under_evaluation
send_back        received under_evaluation         returned
finish_scoring   under_evaluation                  scored
disclose         scored                            disclosed
confirm          disclosed                         confirmed
report           confirmed                         reported
reopen           confirmed reported                disclosed
mark_absent      not_started drafting              absent
withdraw         not_started drafting submitted returned approved sent      withdrawn
withdraw         received under_evaluation scored disclosed                withdrawn
bring_back absent withdrawn not_started|drafting|submitted|returned|approved|sent|received|under_evaluation|scored|disclosed
"""

STAGES = (
    "draft circular evaluators participants briefing indicators self_assessment transfer evaluation objection "
    "confirmation ranking festival closed"
).split()
ENTERING = (
    "start_circular name_evaluators choose_participants brief write_indicators open_self_assessment open_transfer "
    "open_evaluation open_objection open_confirmation open_ranking open_festival close"
).split()

SPECIFIC_LIST = """
endorse     drafting                                        endorsed
send        endorsed                                        sent
finalise    sent                                            finalised
return_     endorsed sent finalised sliced reviewed         drafting
add_slice   finalised                                       sliced
review      sliced                                          reviewed
freeze      reviewed                                        frozen
"""

RESULT_SET = """
compute         draft computed                        computed
approve         computed                              approved
return_         computed approved                     void
record_report   computed approved                     -
record_levels   computed approved                     -
announce        approved                              announced
publish         announced                             published
void            draft computed approved announced     void
"""

TRANSFER = """
send        prepared                            sent
receive     sent                                received
refuse      sent                                refused
supersede   prepared sent received refused      superseded
"""

OBJECTION = """
decide     filed     accepted|partly|rejected
withdraw   filed     withdrawn
"""

HEARING = """
hold     planned     held
cancel   planned     cancelled
"""


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
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else "",
)
def test_the_map_is_the_designs(model, text):
    assert declared(model, "state") == literal(text)


def test_the_cycle_enters_each_stage_from_every_stage_before_it():
    entering = {
        (source, name, STAGES[number]) for number, name in enumerate(ENTERING, start=1) for source in STAGES[:number]
    }
    reopening = {(source, "reopen", "|".join(STAGES[1:-1])) for source in STAGES[2:]}

    assert declared(Cycle, "stage") == entering | reopening


def test_every_step_back_asks_for_a_reason():
    backward = {
        (model.__name__, transition.name): transition.custom.get("reason")
        for model, field in [
            (Cycle, "stage"),
            *((each, "state") for each in (Assessment, SpecificList, ResultSet, Transfer)),
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
        ("Transfer", "refuse"): True,
        ("Transfer", "supersede"): True,
    }


def test_every_transition_has_a_label_and_a_permission():
    for model, field in [
        (Cycle, "stage"),
        *((each, "state") for each in (Assessment, SpecificList, ResultSet, Transfer, Objection, Hearing)),
    ]:
        bare = [
            transition.name
            for transition in model._meta.get_field(field).get_all_transitions(model)
            if not (transition.custom.get("label") and transition.permission)
        ]
        assert bare == []
