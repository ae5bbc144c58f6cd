"""Habits of the house that a reader would otherwise have to watch for."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MAX_FILE_LINES = 400
IN_ROOT = {
    "backoffice", "docs", "evaluation", "fixtures", "templates", "tests", "typings",
    "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "Makefile", "README.fa.md", "README.md", "manage.py",
    "pyproject.toml", "requirements-dev.in", "requirements-dev.txt", "requirements.in", "requirements.txt",
}  # fmt: skip
MADE_BY_RUNNING = {"mutants", "var", "__pycache__"}
# An upload is claimed by compare and swap; its state is no state machine's.
CLAIMS = "evaluation/process/imports/import_run.py"
ROUND_THE_DOOR = re.compile(
    r"""\.update\([^)]*\b(?:state|stage)\s*=       # moves rows without a transition
      | \.bulk_update\([^\]]*["'](?:state|stage)["']
      | \.(?:save_state|set_state)\b                # django-fsm's own back doors
    """,
    re.VERBOSE,
)


def sources(*folders, suffixes=(".py",)):
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in suffixes and "migrations" not in path.parts:
                yield path


def round_the_door(text):
    return [found.group().split("\n")[0] for found in ROUND_THE_DOOR.finditer(text)]


def test_no_state_is_moved_round_its_verb():
    found = {
        str(path.relative_to(ROOT)): round_the_door(path.read_text()) for path in sources("backoffice", "evaluation")
    }
    assert [path for path, lines in found.items() if lines] == [CLAIMS]


def test_claims_move_uploads_alone():
    text = (ROOT / CLAIMS).read_text()
    assert set(re.findall(r"(\w+)\.objects\.filter", text)) == {"ImportRun", "TransitionLog"}


@pytest.mark.parametrize(
    "line",
    [
        'Assessment.objects.filter(pk=1).update(state="sent")',
        "cycles.update(\n    closed_at=now,\n    stage=Stage.CLOSED)",
        'Cycle.objects.bulk_update(cycles, ["name", "stage"])',
        "field.save_state(obj)",
        "field.set_state(obj, 'sent')",
    ],
)
def test_the_search_knows_the_ways_round(line):
    assert len(round_the_door(line)) == 1


def test_files_are_short():
    ours = sources("backoffice", "evaluation", "templates", "tests", suffixes=(".py", ".html", ".css", ".js"))
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in ours if "vendor" not in path.parts
    }
    assert {path: length for path, length in lengths.items() if length > MAX_FILE_LINES} == {}


def test_mixins_say_what_they_need_and_what_they_add():
    silent = [
        f"{path.relative_to(ROOT)}: {node.name}"
        for path in sources("evaluation/admin")
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.ClassDef) and node.name.endswith("Mixin")
        if not {"Needs", "Adds"} <= {word.capitalize() for word in re.findall(r"\w+", ast.get_docstring(node) or "")}
    ]
    assert silent == []


SAYS_NOTHING = {"each", "found", "shown", "given", "told"}


def bound(node):
    """The name that a node of the syntax tree gives to a value or an argument, or None."""
    if isinstance(node, ast.arg):
        return node.arg
    return node.id if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) else None


NAMED_FOR_WHAT_THEY_HOLD = (
    *("evaluation/admin", "evaluation/templatetags", "backoffice", "evaluation/process", "evaluation/rules"),
    *("evaluation/models", "evaluation/enums", "evaluation/reports", "evaluation/scoring"),
)


def test_names_of_values_say_what_they_hold():
    vague = [
        f"{path.relative_to(ROOT)}:{node.lineno}: {bound(node)}"
        for path in sources(*NAMED_FOR_WHAT_THEY_HOLD)
        for node in ast.walk(ast.parse(path.read_text()))
        if bound(node) in SAYS_NOTHING
    ]
    assert vague == []


def test_nothing_else_lies_in_the_root():
    found = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}
    assert found - IN_ROOT - MADE_BY_RUNNING == set()
