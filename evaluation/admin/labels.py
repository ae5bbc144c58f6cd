"""Labels of steps, states and people on screen."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import FSMField

from evaluation.rules.state_words import own_words

STAFF = _("The provincial organization")
STEP_LABELS = {  # steps that are written in the log but move no state
    "start": pgettext_lazy("log", "Set up"),
    "plan": pgettext_lazy("log", "Windows planned"),
    "fix_participants": pgettext_lazy("log", "List of agencies finalised"),
    "open_next_year": pgettext_lazy("log", "Cycle of the next year drafted"),
    "rank_among": pgettext_lazy("log", "Ranked among others than before"),
    "clone_catalogue": pgettext_lazy("log", "Catalogue copied"),
    "take_template": pgettext_lazy("log", "Process template chosen"),
    "close_window": pgettext_lazy("log", "Window closed"),
    "extend": pgettext_lazy("log", "Extension granted"),
    "add_window": pgettext_lazy("log", "Window added"),
    "move": pgettext_lazy("log", "Window moved"),
    "ask": pgettext_lazy("log", "Extension requested"),
    "grant": pgettext_lazy("log", "Request granted"),
    "refuse": pgettext_lazy("log", "Request refused"),
    "tick": pgettext_lazy("log", "Step done"),
    "untick": pgettext_lazy("log", "“Done” undone"),
    "begin": pgettext_lazy("log", "Step begun"),
    "issue": pgettext_lazy("log", "Issued"),
    "make_interim": pgettext_lazy("log", "Interim evaluation made"),
    "make": pgettext_lazy("log", "Letter made"),
    "send": pgettext_lazy("log", "Sent to the recipients"),
    "send_also": pgettext_lazy("log", "Sent to further agencies"),
    "remind": pgettext_lazy("log", "Reminded"),
    "invite": pgettext_lazy("log", "Invited"),
    "enlist": pgettext_lazy("log", "Added to the attendance list"),
    "note_participants": pgettext_lazy("log", "Participants noted by name"),
    "note_attendance": pgettext_lazy("log", "Attendance noted"),
    "hold": pgettext_lazy("log", "Recorded as held"),
    "freeze": pgettext_lazy("log", "Frozen"),
    "amend": pgettext_lazy("log", "Amended after the freeze"),
    "judge": pgettext_lazy("log", "Reviewed"),
    "propose": pgettext_lazy("log", "Indicator added"),
    "revise": pgettext_lazy("log", "Indicator edited"),
    "drop": pgettext_lazy("log", "Indicator removed"),
    "acknowledge": pgettext_lazy("log", "Acknowledged"),
    "draft": pgettext_lazy("log", "Drafted from the report card"),
    "report_progress": pgettext_lazy("log", "Progress reported"),
    "ask_for_meeting": pgettext_lazy("log", "Meeting asked for"),
    "acknowledge_card": pgettext_lazy("log", "Report card acknowledged"),
    "form_group": pgettext_lazy("log", "Group formed"),
    "seat": pgettext_lazy("log", "Role given"),
    "assign": pgettext_lazy("log", "Agencies assigned"),
    "put_in_group": pgettext_lazy("log", "Peer group changed"),
    "amend_version": pgettext_lazy("log", "Next version written"),
    "publish_version": pgettext_lazy("log", "Version published"),
    "terminate": pgettext_lazy("log", "Agreement terminated"),
    "ask_back": pgettext_lazy("log", "Asked the asker"),
    "name_person": pgettext_lazy("log", "Person concerned named"),
    "raise_banner": pgettext_lazy("log", "Fault announced"),
    "rate": pgettext_lazy("log", "Answer rated"),
    "give_opinion": pgettext_lazy("log", "Opinion of the steward"),
    "summon": pgettext_lazy("log", "Defence session planned"),
    "reschedule": pgettext_lazy("log", "Defence session moved"),
    "prepare": pgettext_lazy("log", "Prepared"),
    "set_levels": pgettext_lazy("log", "Levels entered"),
    "receive": pgettext_lazy("log", "Receipt recorded"),
    "answer": pgettext_lazy("log", "Remark of the council answered"),
    "note_publicity": pgettext_lazy("log", "Publication recorded"),
    "take_kinds": pgettext_lazy("log", "Kinds of award taken"),
    "propose_candidates": pgettext_lazy("log", "Candidates proposed from the figures"),
    "nominate": pgettext_lazy("log", "Nominated"),
    "revise_nominee": pgettext_lazy("log", "Nomination changed"),
    "take_back": pgettext_lazy("log", "Nomination taken back"),
    "enter_proposal": pgettext_lazy("log", "Proposal of the governor recorded"),
    "score_nominee": pgettext_lazy("log", "Marks of the committee recorded"),
    "choose": pgettext_lazy("log", "Award given"),
    "revoke": pgettext_lazy("log", "Award taken back"),
    "set_target": pgettext_lazy("log", "Target set"),
    "exempt": pgettext_lazy("log", "Exempted"),
    "lift_exemption": pgettext_lazy("log", "Exemption removed"),
    "file": pgettext_lazy("log", "Objection filed"),
    "edit": pgettext_lazy("log", "Edited"),
    "write": pgettext_lazy("log", "Workbook written"),
    "undo": pgettext_lazy("log", "Import undone"),
    "copy_for_province": pgettext_lazy("log", "Copied for the province"),
    "import": pgettext_lazy("log", "Indicators imported"),
}

# What the log keeps of rows without a state.
LOGGED_FIELDS = {"councilremark": "answer", "publicity": "verdict", "indicator": "fit"}


def transitions_of(model, name):
    """The transitions that a step's method declares, or an empty list."""
    method = getattr(model, name, None)
    meta = getattr(method, "_django_fsm", None)
    return list(meta.transitions.values()) if meta else []


def verb_label(model, name):
    for step in transitions_of(model, name):
        if label := step.custom.get("label"):
            return label
    return STEP_LABELS.get(name, name)


def state_label(model, value, reader=None):
    """A value of the model's state field in the words of `reader` (`state_words`); an import's field is a plain one."""
    name = model._meta.model_name
    words = own_words(name, reader)
    if value in words:
        return words[value]
    for field in model._meta.fields:
        if isinstance(field, FSMField) or field.name == LOGGED_FIELDS.get(name, "state"):
            return dict(field.flatchoices).get(value, value)
    return value


def person(user):
    return user.get_full_name() or user.get_username()
