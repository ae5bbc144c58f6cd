"""The tables of the code over its vocabularies, found by looking, and what each of them leaves out on purpose.

A table is a mapping, tuple, list or set of a module of `evaluation` whose keys are members of one enumeration of ours
(or pairs that begin with one), and each group of members that an enumeration names, such as `AssessmentState.out()`.
"""

import ast
import enum
import importlib
import inspect
import pkgutil
from typing import NamedTuple

import evaluation
from evaluation import enums

VOCABULARIES = ("evaluation.enums", "evaluation.scoring.kinds")
COLLECTIONS = (dict, tuple, list, set, frozenset)


class Table(NamedTuple):
    """`name`: module and variable; `over`: the enumeration; `members`: those of it that stand in the table."""

    name: str
    over: type
    members: frozenset

    @property
    def missing(self):
        return [member for member in self.over if member not in self.members]


def modules():
    for found in pkgutil.walk_packages(evaluation.__path__, "evaluation."):
        if ".migrations" not in found.name:
            yield importlib.import_module(found.name)


def tables():
    """Every table of the code, by its name."""
    found = [table for module in modules() for table in tables_of(module)]
    found += [table for each in vars(enums).values() if isinstance(each, enum.EnumMeta) for table in groups_of(each)]
    return {table.name: table for table in found}


def tables_of(module):
    for name in assigned(module):
        value = getattr(module, name, None)
        if isinstance(value, COLLECTIONS) and (over := vocabulary(value)):
            members = frozenset(first(key) for key in value)
            yield Table(f"{module.__name__.rpartition('.')[2]}.{name}", over, members)


def assigned(module):
    """The names that a module gives a value at its top level; what it imports belongs to another."""
    for node in ast.parse(inspect.getsource(module)).body:
        if isinstance(node, ast.Assign):
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))


def groups_of(vocabulary):
    for name, value in vars(vocabulary).items():
        if isinstance(value, classmethod) and not name.startswith("_"):
            yield Table(f"{vocabulary.__name__}.{name}()", vocabulary, frozenset(getattr(vocabulary, name)()))


def first(key):
    return key[0] if isinstance(key, tuple) and key else key


def vocabulary(keys):
    """The one enumeration of ours that all keys belong to, or None."""
    kinds = {type(first(key)) for key in keys}
    kind = kinds.pop() if len(kinds) == 1 else None
    return kind if isinstance(kind, enum.EnumMeta) and kind.__module__.startswith(VOCABULARIES) else None


# The members that a table leaves out on purpose, by their codes. A new member is in none of them.
LEFT_OUT = {
    # AssessmentState
    "lines_context.FILTERS_OF_STATE": "approved sent received scored absent withdrawn",
    "lines_view.VERBS_OF_STATE": "not_started approved sent confirmed reported absent withdrawn",
    "tasks_of_outsiders.ENTRY_TITLES": (
        "submitted approved sent received under_evaluation scored disclosed confirmed reported absent withdrawn"
    ),
    "AssessmentState.before_confirmation()": "confirmed reported absent withdrawn",
    "AssessmentState.before_receipt()": (
        "received under_evaluation scored disclosed confirmed reported absent withdrawn"
    ),
    "AssessmentState.disclosed_or_after()": (
        "not_started drafting submitted returned approved sent received under_evaluation scored absent withdrawn"
    ),
    "AssessmentState.open_to_agency()": (
        "submitted approved sent received under_evaluation scored disclosed confirmed reported absent withdrawn"
    ),
    "AssessmentState.out()": (
        "not_started drafting submitted returned approved sent received under_evaluation scored "
        "disclosed confirmed reported"
    ),
    "feed.BEFORE_SCORING": "under_evaluation scored disclosed confirmed reported absent withdrawn",
    "silent_sides.UNSUBMITTED": (
        "submitted returned approved sent received under_evaluation scored disclosed confirmed "
        "reported absent withdrawn"
    ),
    "course.WAY": "returned absent withdrawn",
    "received.OPEN": "under_evaluation scored disclosed confirmed reported absent withdrawn",
    # FileEventKind
    "FileEventKind.faults()": "downloaded exported",
    "events.TOLD": "downloaded exported infected",
    "keeping.SENTENCES": "downloaded exported infected",
    # LetterKind
    "LetterKind.for_agencies()": "council",
    "LetterKind.after_announcement()": "council initial decision",
    # FestivalState
    "FestivalState.winners_known()": "preparing nominating choosing chosen",
    "FestivalState.settled()": "preparing nominating",
    "festival.BEFORE_THE_END": "chosen announced reported",
    # Measure
    "candidates.MUST_RISE": "total general specific part",
    # ImportState
    "run_context.STEP_OF": "queued running failed cancelled",
    "run_context.WRONG": "mapping queued running tried written undone cancelled",
    "ImportState.tried_out()": "mapping queued running written undone failed cancelled",
    "ImportState.at_work()": "mapping tried refused written undone failed cancelled",
    "ImportState.restartable()": "mapping queued running tried refused written undone",
    "tasks.ENDS": "queued running undone",
    # LevelSource
    "level.NOT_ENTERED": "received",
    # PromiseMeasure
    "service_figures.OF_CYCLE": "first_answer downtime",
    # MarkLevel
    "line_inputs.INPUTS": "revised final",
    "open_fields.ENTRIES": "revised final",
    # Nature
    "line_inputs.CHANGES": "single ratio qualitative",
    "figures.DIRECTION_OF_CHANGE": "single ratio qualitative",
    "what_if.CHANGES_OF_NATURE": "single ratio qualitative",
    # NoticeKind
    "NoticeKind.always_told()": (
        "workshop opening deadline returned approved submitted disclosed decided hearing results festival "
        "extension service import stuck other"
    ),
    # ObjectionState
    "ObjectionState.decided()": "filed withdrawn",
    # PlanState
    "PlanState.written()": "agreed follow_up closed",
    "PlanState.begun()": "draft proposed agreed",
    # PublicityVerdict
    "PublicityVerdict.of_announced()": "too_early",
    # ResultState
    "ResultState.seen_by_agency()": "draft computed approved void",
    "ResultState.frozen()": "draft void",
    # Gate
    "gates.LAPSED": "council",
    # TicketKind
    "TicketKind.about_people()": "login fault suggestion",
    # TicketState
    "TicketState.waiting()": "answered closed",
    "TicketState.settled()": "open assigned reopened",
    # Role
    "letter.SIDES": "manager expert evaluator steward national council observer",
    "roles.GIVEN_BY_STAFF": "headquarters national",
    "roles.PLACE_OF_ROLE": "national",
    "Role.mpo()": "evaluator steward agency headquarters national council observer",
    "Role.provincial()": "steward agency headquarters national",
    "around.QUESTIONS": "manager expert steward headquarters national council observer",
    "result.TOLD_IN_THE_PROVINCE": "manager expert steward agency headquarters national",
    "open_fields.READS_ALL_LEVELS": "evaluator steward agency headquarters council observer",
    "open_fields.READS_FINAL": "evaluator steward council observer",
    "open_fields.READS_OWN_FILE": "manager expert evaluator steward national council observer",
    "whole_files.SEES_WHOLE_FILES": "evaluator steward council observer",
    "open_fields.SEES_EVALUATORS": "agency headquarters observer",
    # Stage
    "shown_work.STEPS": "draft circular briefing closed",  # circulars and workshops say it themselves
    "dashboard.WORK_OF_STAGE": "closed",
    "waiting.SCORING_STAGES": (
        "draft circular evaluators participants briefing indicators self_assessment transfer ranking festival closed"
    ),
    "progress_of_year.ENTERED": (
        "draft circular evaluators participants briefing indicators objection confirmation ranking festival closed"
    ),
    "progress_of_year.WITH_FILES": "draft circular evaluators participants briefing indicators",
    "RankedAmong.ranked()": "nobody",
    "Stage.of_the_end()": (
        "draft circular evaluators participants briefing indicators self_assessment transfer evaluation objection "
        "confirmation closed"
    ),
    "Stage.worked()": "draft closed",
    "process.STAGE_PARTS": (
        "draft circular evaluators participants briefing self_assessment evaluation confirmation festival closed"
    ),
    "before.SKIPPED": (
        "draft participants self_assessment transfer evaluation objection confirmation ranking festival closed"
    ),
    "silent_sides.RULES": (
        "draft circular evaluators participants briefing evaluation objection confirmation ranking festival closed"
    ),
    "cycle.ON_ENTRY": (
        "draft circular evaluators participants briefing transfer objection confirmation ranking festival"
    ),
    "cycle.VERBS": "draft",
    "planning.ILAM_DAYS": "draft closed",
    "planning.SILENT_SIDES": (
        "draft circular evaluators participants briefing evaluation objection confirmation ranking festival closed"
    ),
    "whose_turn.HEADQUARTERS_WORK": (
        "draft circular evaluators participants briefing self_assessment evaluation objection "
        "confirmation ranking festival closed"
    ),
    "whose_turn.ROLES": "draft circular evaluators participants briefing confirmation festival closed",
    "whose_turn.WAITING": "draft circular evaluators participants briefing confirmation ranking festival closed",
    "course.STEP_OF_STAGE": (
        "draft circular evaluators participants briefing indicators objection ranking festival closed"
    ),
    "windows.ASKED_FOR": (
        "draft circular evaluators participants briefing evaluation confirmation ranking festival closed"
    ),
    # TransferDirection
    "transfer.TAKEN_ALONG": "to_mpo festival",
    "transfer.WANTED": "festival",
    "transfer_prepare.DIRECTION_ACTIONS": "festival",
    # ListState
    "slices.UNSLICED": "sliced reviewed frozen",
    "state_words.LISTS_OUTSIDE": "drafting endorsed",
    "waiting.TO_FREEZE": "drafting endorsed sent frozen",
    # TransferState
    "waiting.UNDER_WAY": "received refused superseded",
}

WAITS_FOR_NO_PARTY = {  # states in which no agency or headquarters has a step for which it could ask more time
    "assessment": "sent received under_evaluation scored confirmed reported absent withdrawn",
    "specificlist": "sent finalised sliced reviewed frozen",
}
