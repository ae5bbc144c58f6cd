"""Whoever adds a stage, a state, a role, a workbook, a step or a model is told by name what has not heard of it.

A table either holds a member or names it as left out: in `tables.LEFT_OUT`, or here where its keys are no members of
an enumeration.
"""

import ast
import csv
import json
import re
from collections import Counter
from functools import cache

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.contrib.auth.models import User
from django.db import models
from django.test import RequestFactory
from django.urls import NoReverseMatch, reverse

from evaluation import enums, scoring
from evaluation.admin import labels, navigation
from evaluation.admin.imports import changes
from evaluation.enums import STAGE_PARTS, AssessmentState, ListState, Part, Stage, Workbook
from evaluation.models import Cycle
from evaluation.process.imports import undo
from evaluation.process.year import cycle, extension, planning, silent_sides, whose_turn
from evaluation.resources.downloads.templates import ordered
from evaluation.resources.workbooks.registry import RESOURCES
from evaluation.rules import conditions, paths
from evaluation.rules.shared_rows import SHARED
from evaluation.templatetags import look
from tests.admin.rights_table import LETTERS
from tests.architecture.extraction import ROOT, sources
from tests.architecture.tables import LEFT_OUT, WAITS_FOR_NO_PARTY, tables
from tests.strategies import COMPUTED

TABLES = tables()
OURS = list(apps.get_app_config("evaluation").get_models())
MODELS = {model._meta.model_name for model in OURS}


def left_out(name):
    return set(LEFT_OUT.get(name, "").split())


# -- tables over one enumeration ------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(TABLES))
def test_a_table_knows_every_member_of_its_vocabulary(name):
    table = TABLES[name]
    missing = {str(member) for member in table.missing} - left_out(name)
    assert missing == set(), (
        f"{table.over.__name__}: {', '.join(sorted(missing))} stands neither in {name} nor, as left out on purpose, "
        "in tests/architecture/tables.py"
    )


def test_what_is_left_out_is_left_out_still():
    stale = {
        name: sorted(left_out(name) - {str(member) for member in TABLES[name].missing})
        if name in TABLES
        else "no such table"
        for name in LEFT_OUT
    }
    assert {name: found for name, found in stale.items() if found} == {}


def test_the_search_finds_the_tables():
    assert {"stages.LEAVING", "cycle.VERBS", "scopes.ROLE_ROWS", "AssessmentState.out()"} < set(TABLES)
    assert len(TABLES) > 50


# -- stages ---------------------------------------------------------------------------------------

PIECES = {(stage, Part.WHOLE) for stage in Stage.worked()}
PIECES |= {(stage, part) for stage, parts in STAGE_PARTS.items() for part in parts}
# Windows in which nobody but the manager has a step of their own.
OF_THE_MANAGER = {(stage, Part.WHOLE) for stage in Stage.worked()[:4]} | {
    (Stage.INDICATORS, Part.SLICE),
    (Stage.OBJECTION, Part.HEARING),
    (Stage.OBJECTION, Part.ANSWER),
    (Stage.CONFIRMATION, Part.WHOLE),
    (Stage.RANKING, Part.WHOLE),
    (Stage.FESTIVAL, Part.WHOLE),
}
OF_THE_SENDER = {(Stage.TRANSFER, Part.FORWARD)}  # `whose_turn.SENDERS`: a setting of the cycle
# Windows that wait for no single agency's file.
FOR_NO_FILE = OF_THE_MANAGER - {(Stage.INDICATORS, Part.SLICE)}
FOR_NO_FILE |= {(Stage.RANKING, part) for part in STAGE_PARTS[Stage.RANKING]}


def test_each_window_is_somebodys_turn():
    assert set(whose_turn.ROLES) | OF_THE_MANAGER | OF_THE_SENDER == PIECES
    assert not set(whose_turn.ROLES) & (OF_THE_MANAGER | OF_THE_SENDER)


def test_each_window_waits_for_files_or_for_none():
    assert set(whose_turn.WAITING) | FOR_NO_FILE == PIECES
    assert not set(whose_turn.WAITING) & FOR_NO_FILE


def test_the_stages_whose_end_applies_a_rule_are_those_that_have_one():
    assert set(planning.SILENT_SIDES) == set(silent_sides.RULES)


def entering():
    """{stage: names of the transitions that lead into it and are no way back}."""
    found = {}
    for step in Cycle._meta.get_field("stage").get_all_transitions(Cycle):
        if not step.custom.get("back"):
            found.setdefault(step.target, set()).add(step.name)
    return found


def test_each_stage_is_entered_by_the_one_verb_that_is_named_for_it():
    assert {stage: {name} for stage, name in cycle.VERBS.items()} == entering()


def test_a_stage_is_left_only_when_its_work_and_its_checklist_are_done():
    """Going back needs neither: it asks for a right and a reason instead."""
    for step in Cycle._meta.get_field("stage").get_all_transitions(Cycle):
        asked = {conditions.stage_done, conditions.steps_done}.issubset(step.conditions)
        back = step.custom.get("back") and step.custom.get("reason")
        assert asked or back, f"{step.name} leaves {step.source} unasked"


def test_no_stage_is_a_number():
    """`stage.number < 13` is wrong as soon as a stage is added: compare with `Stage.CLOSED.number`."""
    literal = re.compile(
        r"\.number\s*(?:[<>]=?|[!=]=)\s*\d|\d\s*(?:[<>]=?|[!=]=)\s*\w*stage\w*\.number|list\(Stage\)\[\d"
    )
    found = [str(path) for path in sources([ROOT / "evaluation"], {".py"}) if literal.search(path.read_text())]
    assert found == []


def test_the_steps_of_the_templates_belong_to_stages_of_work():
    with (ROOT / "fixtures/template_steps.csv").open(encoding="utf-8") as file:
        named = {row["stage"] for row in csv.DictReader(file)}
    assert named - {str(stage) for stage in Stage.worked()} == set()


# -- states ---------------------------------------------------------------------------------------

STATES = (
    AssessmentState,
    ListState,
    enums.ResultState,
    enums.TransferState,
    enums.ObjectionState,
    enums.HearingState,
    enums.FestivalState,
    enums.TicketState,
    enums.ImportState,
    enums.PlanState,
    enums.Light,
    Stage,
)
NEUTRAL = {"mapping", "queued", "running", "undone"} | {str(stage) for stage in Stage.worked()}


def test_each_state_has_its_tone():
    states = {str(state) for vocabulary in STATES for state in vocabulary}
    assert states - set(look.TONE_OF_STATE) == NEUTRAL
    assert set(look.TONE_OF_STATE) - states == set()
    assert set(look.TONE_OF_STATE.values()) - set(look.TONES) == set()


def test_each_vocabulary_of_a_state_field_is_asked_for_its_tones():
    fields = [model._meta.get_field("state") for model in OURS if any(f.name == "state" for f in model._meta.fields)]
    known = {tuple(vocabulary.values) for vocabulary in STATES}
    assert [str(field) for field in fields if tuple(value for value, _ in field.flatchoices) not in known] == []


@pytest.mark.parametrize(("model", "states"), [("assessment", AssessmentState), ("specificlist", ListState)])
def test_each_state_says_whether_its_party_may_ask_for_time(model, states):
    named = {str(state) for name, state in extension.WORK if name == model}
    by_setting = {"approved"} if model == "assessment" else set()  # the cycle's sender: `extension.work_of`
    assert named | by_setting | set(WAITS_FOR_NO_PARTY[model].split()) == {str(state) for state in states}


# -- steps of the log -----------------------------------------------------------------------------


@cache
def logged():
    """{name of a step: files} of every literal name with which `log` is called."""
    found = {}
    for path in sources([ROOT / "evaluation"], {".py"}):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "log" and len(node.args) > 1:
                for name in ast.walk(node.args[1]):
                    if isinstance(name, ast.Constant) and isinstance(name.value, str):
                        found.setdefault(name.value, set()).add(path.relative_to(ROOT).as_posix())
    return found


def test_each_step_of_the_log_is_called_something():
    named = set(labels.STEP_LABELS)
    unnamed = {name: sorted(files) for name, files in logged().items() if name not in named}
    assert unnamed == {}, "give them a label in evaluation/admin/labels.py"
    assert "undo" in logged()  # the search finds them


def test_no_label_is_left_of_a_step_that_nobody_logs():
    assert sorted(set(labels.STEP_LABELS) - set(logged())) == []


# -- workbooks ------------------------------------------------------------------------------------

NAMED_ALONE = {"indicator", "axis", "agency", "headquarters"}  # their names need no other row


def test_what_an_import_changes_can_be_undone_and_named():
    assert set(undo.REVERSERS) == kinds_of_changes()
    assert set(changes.NAMED_BY) | NAMED_ALONE == set(undo.REVERSERS)
    assert not set(changes.NAMED_BY) & NAMED_ALONE


WRITTEN_BY = {  # workbook: the kind of row of which each has one, and the fields that it has no column for
    Workbook.AGENCIES: ("agency", ""),
    Workbook.INDICATORS: ("indicator", "slice"),
    Workbook.SPECIFIC: ("indicator", "axis"),
}
COLUMN_OF = {"evidence_rule": "evidence"}  # fields whose column has another name


@pytest.mark.parametrize("workbook", WRITTEN_BY)
def test_each_field_that_a_workbook_writes_is_a_column_of_it(workbook):
    kind, without = WRITTEN_BY[workbook]
    written = set(RESOURCES[workbook].change_columns[kind]) - set(without.split())
    assert {COLUMN_OF.get(name, name) for name in written} - set(ordered(RESOURCES[workbook])) == set()


SHOWN_AS_FIGURES = {"feedvalue", "line"}  # as a list and a table of levels, not field by field
ROWS_OF_A_PAGE = {"attendance", "committeemember"}  # in the table of their workshop or committee


def test_what_an_import_writes_is_on_the_page_of_its_row():
    request = RequestFactory().get("/")
    request.user = User(is_superuser=True)
    request.several_provinces = False
    hidden = {}
    for kind, names in {
        kind: names for each in RESOURCES.values() for kind, names in each.change_columns.items()
    }.items():
        if kind in ROWS_OF_A_PAGE:
            continue
        page = admin.site._registry[apps.get_model("evaluation", kind)]
        shown = {*flatten_fieldsets(page.get_fieldsets(request)), *page.readonly_fields}
        shown |= {name.removesuffix("_shown") for name in shown}  # `level_shown` writes the level in other words
        hidden[kind] = sorted(set(names) - shown - {"slice"})  # the slice is the list's, not the indicator's own
    assert {kind: names for kind, names in hidden.items() if names and kind not in SHOWN_AS_FIGURES} == {}


def kinds_of_changes():
    """The kinds of rows of which a workbook keeps what it changed: declared, or written as `Change("line", …)`."""
    found = {kind for resource in RESOURCES.values() for kind in resource.change_columns}
    for path in sources([ROOT / "evaluation/resources"], {".py"}):
        found |= set(re.findall(r'\bChange\(\s*"(\w+)"', path.read_text()))
    return found


# -- models ---------------------------------------------------------------------------------------


# The machinery's own: forms sent already, counts for the limits, and health checks.
READ_BY_NOBODY = {"sentform", "outsiderequest", "healthcheck"}


def test_each_model_is_placed_for_the_rights():
    placed = {*paths.PROVINCE, *paths.OF_THE_SYSTEM, *SHARED, *paths.OWNER_FIELD, *READ_BY_NOBODY}
    placed |= {"province", "membership", "user"}
    assert sorted(MODELS - placed) == [], "nobody but the superuser sees their rows: see rules/paths.py"
    assert sorted(placed - MODELS - {"user"}) == []


def test_each_model_with_a_file_hands_it_out():
    """`file_link` asks the admin of the model; a file that no admin hands out can be opened by nobody."""
    unopened = []
    for model in OURS:
        if any(isinstance(field, models.FileField) for field in model._meta.fields):
            try:
                reverse(f"admin:evaluation_{model._meta.model_name}_file", args=[1, "file"])
            except NoReverseMatch:
                unopened.append(model._meta.model_name)
    assert unopened == []


def in_the_sidebar():
    return [label for _title, _icon, rows in navigation.GROUPS for label, _symbol in rows if isinstance(label, str)]


def test_the_sidebar_names_each_registered_model_once():
    named = Counter(label if "." in label else f"evaluation.{label}" for label in in_the_sidebar())
    registered = {model._meta.label_lower for model in admin.site._registry}
    assert [label for label, times in named.items() if times > 1] == []
    assert sorted(set(named) - registered) == []
    assert sorted(registered - set(named)) == sorted(OUT_OF_THE_SIDEBAR)


WITHOUT_SEARCH = {"change", "delete", "history", "do", "file"}  # of each row, by Django or for a single step


def test_each_page_of_a_cycle_is_found_by_ctrl_k():
    """tests/admin/test_prices.py and the walk of the browser read `navigation.CYCLE_PAGES` too."""
    of_one_cycle = {
        url.name.removeprefix("evaluation_cycle_")
        for url in admin.site._registry[Cycle].get_urls()
        if url.name and set(url.pattern.converters) and url.name.startswith("evaluation_cycle_")
    }
    listed = {page.name.removeprefix("cycle_") for page in navigation.CYCLE_PAGES}
    assert of_one_cycle - WITHOUT_SEARCH == listed


OUT_OF_THE_SIDEBAR = {  # opened from the page of another row
    "evaluation.actionfile",
    "evaluation.circularfile",
    "evaluation.circularreceipt",
    "evaluation.objectionversion",
    "evaluation.visitfile",
}


# -- roles and natures ----------------------------------------------------------------------------


def test_each_role_has_its_group_of_rights():
    groups = json.loads((ROOT / "fixtures/roles.json").read_text())
    assert [row["fields"]["name"] for row in groups] == [str(role) for role in enums.Role]


@pytest.mark.parametrize("file", ["tests/cast.py", "evaluation/management/demo/people.py"])
def test_each_role_has_somebody(file):
    named = set(re.findall(r"Role\.([A-Z]+)", (ROOT / file).read_text()))
    assert {role.name for role in enums.Role} - named == set()


def test_each_person_of_the_cast_has_a_letter_in_the_table_of_rights():
    people = re.findall(r'person\("(\w+)"', (ROOT / "tests/cast.py").read_text())
    assert {name.removesuffix("_a").removesuffix("_b") for name in people} - set(LETTERS) == set()


def test_each_nature_is_tried_by_the_properties_and_met_in_the_demo():
    assert {*COMPUTED, scoring.Nature.QUALITATIVE} == set(scoring.Nature)
    natures = set()
    for name in ("general_indicators", "specific_templates"):
        with (ROOT / f"fixtures/{name}.csv").open(encoding="utf-8") as file:
            natures |= {row["nature"] for row in csv.DictReader(file)}
    assert {str(nature) for nature in enums.Nature} - natures == set()


@pytest.mark.parametrize(
    ("page", "vocabulary"),
    [
        ("rights", enums.Role),
        ("process", Stage),
        ("process", AssessmentState),
        ("process", ListState),
        ("process", enums.ResultState),
        ("arithmetic", enums.Nature),
    ],
)
def test_the_pages_name_each_member(page, vocabulary):
    words = set(re.findall(r"\w+", (ROOT / f"docs/{page}.md").read_text()))
    assert {str(member) for member in vocabulary} - words == set()


@pytest.mark.parametrize("name", ["Nature", "Direction", "Basis", "ExemptionRule"])
def test_what_the_arithmetic_calls_a_thing_is_what_the_tables_call_it(name):
    ours, theirs = getattr(enums, name), getattr(scoring, name)
    assert {str(each.value) for each in ours} == {str(each.value) for each in theirs}
