"""The maps of the process and of its rights, copied from the design: every step, and who takes it.

A step that is in neither is refused. `test_map` compares the first with the models, `test_rights_map` tries the second.
"""

# -- step, states from which it leads, state to which it leads -------------------------------------

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
dispatch        computed                              -
approve         computed                              approved
return_         computed approved                     void
record_report   computed approved                     -
record_levels   computed approved                     -
announce        approved                              announced
publish         announced                             published
correct         published                             -
void            draft computed approved announced     void
"""

FESTIVAL = """
open_nominations     preparing                 nominating
begin_choice         preparing nominating      choosing
finish_choice        choosing                  chosen
announce             chosen                    announced
report               announced reported        reported
reopen_nominations   choosing chosen           nominating
reopen_choice        chosen                    choosing
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

TICKET = """
assign     open assigned reopened     assigned
answer     assigned reopened          answered
close      answered                   closed
reopen     answered closed            reopened
"""

HEARING = """
hold     planned     held
cancel   planned     cancelled
"""

IMPROVEMENT_PLAN = """
propose    draft               proposed
agree      draft proposed      agreed
decline    proposed            draft
approve    agreed              follow_up
return_    agreed              draft
revise     follow_up           draft
close      follow_up           closed
"""

# -- whose step it is ------------------------------------------------------------------------------

PEOPLE = (
    "manager expert lead evaluator secretary observer steward national headquarters_a headquarters_b reporter_a "
    "reporter_b nobody"
).split()
MPO = {"manager", "expert"}

OF_ASSESSMENT = {  # transition: (whose own step it is, whose only on behalf)
    "start": ({"reporter_a"}, MPO),
    "submit": ({"reporter_a"}, MPO),
    "return_": ({"headquarters_a"}, MPO),
    "approve": ({"headquarters_a"}, MPO),
    "send": ({"headquarters_a"}, MPO),
    "refuse": ({"national"}, MPO),
    "receive": (MPO, set()),
    "undo_receipt": (MPO, set()),
    "open_scoring": (MPO, set()),
    "send_back": (MPO, set()),
    "finish_scoring": ({*MPO, "lead"}, set()),
    "disclose": (MPO, set()),
    "confirm": ({"manager"}, set()),
    "report": (MPO, set()),
    "reopen": ({"manager"}, set()),
    "mark_absent": (MPO, set()),
    "withdraw": ({"manager"}, set()),
    "bring_back": ({"manager"}, set()),
}
OF_LIST = {
    "endorse": ({"headquarters_a"}, MPO),
    "send": ({"headquarters_a"}, MPO),
    "finalise": ({"national"}, MPO),
    "return_": ({*MPO, "headquarters_a", "national"}, set()),
    "add_slice": (MPO, set()),
    "review": ({*MPO, "lead"}, set()),
    "freeze": (MPO, set()),
}
OF_RESULTS = {
    "compute": (MPO, set()),
    "dispatch": (MPO, set()),
    "approve": ({"secretary"}, MPO),
    "return_": ({"secretary"}, MPO),
    "correct": ({"manager"}, set()),
    "record_report": (MPO, set()),
    "record_levels": ({"national"}, MPO),
    "announce": ({"manager"}, set()),
    "publish": ({"manager"}, set()),
    "void": ({"manager"}, set()),
}
OF_PLAN = {
    "propose": (MPO, set()),
    "agree": ({"reporter_a"}, MPO),
    "decline": ({"reporter_a"}, MPO),
    "approve": ({"headquarters_a"}, MPO),
    "return_": ({"headquarters_a"}, MPO),
    "revise": (MPO, set()),
    "close": (MPO, set()),
}
OF_FESTIVAL = {
    "open_nominations": (MPO, set()),
    "begin_choice": (MPO, set()),
    "finish_choice": (MPO, set()),
    "announce": ({"manager"}, set()),
    "report": (MPO, set()),
    "reopen_nominations": (MPO, set()),
    "reopen_choice": (MPO, set()),
}
OF_TRANSFER = {  # headquarters send to the national organization
    "send": ({"headquarters_a"}, MPO),
    "receive": ({"national"}, MPO),
    "refuse": ({"national"}, MPO),
    "supersede": ({"manager"}, set()),
}
