"""A plugin of pytest: tries mutants against the tests that reach them, after all tests have run once.

`MUTANTS` names the file with the pickled mutants. Each outcome is printed; a survivor with its difference.
"""

import os
import pickle
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import pytest

from tests.mutation.changes import Mutant

MUTANTS: list[Mutant] = pickle.loads(Path(os.environ["MUTANTS"]).read_bytes())
FILES = {str(mutant.path.resolve()) for mutant in MUTANTS}
ALLOWANCE = 120  # seconds beyond ten times the usual: a busy machine must not look like an endless loop

monitoring = sys.monitoring
TOOL = monitoring.COVERAGE_ID
seconds: list[float] = []  # of each test
reach: dict[tuple[str, int], set[int]] = {}  # {(file, line): numbers of tests}


def note_start(code, _offset):
    if code.co_filename in FILES:
        monitoring.set_local_events(TOOL, code, monitoring.events.LINE)
    return monitoring.DISABLE


def note_line(code, line):
    reach.setdefault((code.co_filename, line), set()).add(len(seconds))
    return monitoring.DISABLE


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session):
    """All tests once, watched; then the mutants."""
    run_watched(session)
    if session.testsfailed:
        return True
    outcomes: Counter[str] = Counter()
    for number, mutant in enumerate(MUTANTS, 1):
        outcome = tried(mutant, session.items)
        outcomes[outcome] += 1
        place = f"{mutant.path}:{mutant.lines[0]} {mutant.function}"
        print(f"\n{number} {outcome} {place}", "" if outcome == "killed" else f"\n{mutant.difference}", flush=True)
    killed = outcomes["killed"]
    print(f"\n{killed} of {len(MUTANTS)} killed ({killed / len(MUTANTS):.1%}): {dict(outcomes)}")
    return True


def run_watched(session):
    monitoring.use_tool_id(TOOL, "mutants")
    monitoring.register_callback(TOOL, monitoring.events.PY_START, note_start)
    monitoring.register_callback(TOOL, monitoring.events.LINE, note_line)
    monitoring.set_events(TOOL, monitoring.events.PY_START)
    items = session.items
    for item, following in zip(items, [*items[1:], items[0]], strict=True):
        monitoring.restart_events()
        begun = os.times()
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        ended = os.times()
        seconds.append(ended.user - begun.user + ended.system - begun.system)
    monitoring.free_tool_id(TOOL)


def tried(mutant, items):
    """killed, survived, or "no tests" where none runs the line."""
    numbers = tests_of(mutant)
    if not numbers:
        return "no tests"
    limit = round(10 * sum(seconds[number] for number in numbers)) + ALLOWANCE
    return "killed" if is_noticed(mutant, [items[number].nodeid for number in numbers], limit) else "survived"


def tests_of(mutant):
    """Numbers of the tests that run the mutant's lines, the quickest first; of all of them for a table."""
    path, (first, last) = str(mutant.path.resolve()), mutant.lines
    numbers = {number for line in range(first, last + 1) for number in reach.get((path, line), ())}
    return sorted(numbers if mutant.function else range(len(seconds)), key=seconds.__getitem__)


def module_of(mutant):
    return ".".join(mutant.path.with_suffix("").parts)


def is_noticed(mutant, names, limit):
    """Whether one of these tests fails with the mutant, or none ends in time; in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="mutant-") as folder:
        source, tests = Path(folder, "mutant.py"), Path(folder, "tests.txt")
        source.write_text(mutant.source)
        tests.write_text("\n".join(names))
        command = [sys.executable, "-m", "pytest", "-p", "tests.mutation.instead", "-x", "-q", f"@{tests}"]
        environment = os.environ | {"MUTANT": f"{module_of(mutant)}={source}"}
        try:
            run = subprocess.run(command, env=environment, capture_output=True, timeout=limit, check=False)
        except subprocess.TimeoutExpired:
            return True
    return run.returncode != 0
