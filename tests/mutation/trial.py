"""A plugin of pytest: tries mutants against the tests that reach them, after all tests have run once.

`MUTANTS` names the file with the pickled mutants. Each outcome is printed; a survivor with its difference.

Everything is imported and collected once, nothing more: whatever runs tests is a child of that process, makes its own
database and walks through the year anew. A child that found what others had made told of every change as noticed. What
was used during the import is tried in a process that begins with the changed module.
"""

import os
import pickle
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from tests.mutation import exchange
from tests.mutation.changes import Mutant
from tests.mutation.children import in_child

MUTANTS: dict[int, Mutant] = pickle.loads(Path(os.environ["MUTANTS"]).read_bytes())
FILES = {str(mutant.path.resolve()) for mutant in MUTANTS.values()}
ALLOWANCE = 120  # seconds beyond ten times the usual: a busy machine must not look like an endless loop
OF_VERBS = "tests/process/"
IMPORT = -1  # instead of the number of a test: before all of them

monitoring = sys.monitoring
TOOL = monitoring.COVERAGE_ID


class Watched:
    """What the watched run tells."""

    def __init__(self):
        self.number = IMPORT
        self.seconds: list[float] = []  # of each test
        self.reach: dict[tuple[str, int], set[int]] = {}  # {(file, line): numbers of tests}
        self.failed: list[str] = []


watched = Watched()


def note_start(code, _offset):
    if code.co_filename in FILES:
        monitoring.set_local_events(TOOL, code, monitoring.events.LINE)
    return monitoring.DISABLE


def note_line(code, line):
    watched.reach.setdefault((code.co_filename, line), set()).add(watched.number)
    return monitoring.DISABLE


monitoring.use_tool_id(TOOL, "mutants")
monitoring.register_callback(TOOL, monitoring.events.PY_START, note_start)
monitoring.register_callback(TOOL, monitoring.events.LINE, note_line)
monitoring.set_events(TOOL, monitoring.events.PY_START)


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session):
    """All tests once, watched; once more in the order of the trials; then the mutants."""
    assert connection.connection is None, "children would share it"
    told = in_child(lambda: run_watched(session.items), settings.DATA_DIR)
    monitoring.set_events(TOOL, 0)
    if told is None or told.failed:
        pytest.exit(f"Without a change there fail: {told and told.failed}", returncode=1)
    vars(watched).update(vars(told))
    in_order = [session.items[number] for number in quickest(range(len(session.items)))]
    failed = in_child(lambda: first_failed(in_order), settings.DATA_DIR)
    if failed != "":
        pytest.exit(f"In the order of the trials there fails without a change: {failed}", returncode=1)
    functions = exchange.living_functions(FILES)
    outcomes: Counter[str] = Counter()
    for number, mutant in MUTANTS.items():
        begun = time.monotonic()
        outcome, by = tried(mutant, session.items, functions)
        outcomes[outcome] += 1
        place = f"{mutant.path}:{mutant.lines[0]} {mutant.function} ({time.monotonic() - begun:.0f} s)"
        print(f"\n{number} {outcome} {place}\n{by or mutant.difference}", flush=True)
    killed = outcomes["killed"]
    print(f"\n{killed} of {len(MUTANTS)} killed ({killed / max(1, len(MUTANTS)):.1%}): {dict(outcomes)}")
    return True


def run_watched(items):
    for number, (item, following) in enumerate(zip(items, [*items[1:], None], strict=True)):
        watched.number = number
        monitoring.restart_events()
        begun = os.times()
        if fails(item, following):
            watched.failed.append(item.nodeid)
        ended = os.times()
        watched.seconds.append(ended.user - begun.user + ended.system - begun.system)
    return watched


def fails(item, following):
    failed_before = item.session.testsfailed
    item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
    return item.session.testsfailed > failed_before


def first_failed(items):
    """The name of the first of these tests that fails; "" if none does."""
    for item, following in zip(items, [*items[1:], None], strict=True):
        if fails(item, following):
            return item.nodeid
    return ""


def tried(mutant, items, functions):
    """killed and by which test, survived, or "no tests" where none runs the line."""
    numbers = tests_of(mutant, items)
    if not numbers:
        return "no tests", ""
    limit = round(10 * sum(watched.seconds[number] for number in numbers)) + ALLOWANCE
    chosen = [items[number] for number in numbers]
    try:
        pairs = pairs_of(mutant, functions)
    except exchange.NotHere:
        failed = failed_in_own_process(mutant, [item.nodeid for item in chosen], limit)
    else:
        failed = in_child(lambda: first_failed_with(pairs, chosen), settings.DATA_DIR, limit)
    return ("survived", "") if failed == "" else ("killed", failed or "It broke off, or did not end.")


def tests_of(mutant, items):
    """Numbers of the tests that run the mutant's lines, the quickest first.

    Of all tests for a table or a default value: those of the verbs come last then.
    """
    numbers = reached(mutant)
    if mutant.function and numbers != {IMPORT}:
        return quickest(numbers - {IMPORT})
    return sorted(quickest(range(len(items))), key=lambda number: items[number].nodeid.startswith(OF_VERBS))


def reached(mutant):
    path, (first, last) = str(mutant.path.resolve()), mutant.lines
    return {number for line in range(first, last + 1) for number in watched.reach.get((path, line), ())}


def quickest(numbers):
    return sorted(numbers, key=watched.seconds.__getitem__)


def pairs_of(mutant, functions):
    """(function, changed code); raises NotHere for what ran while the product was imported."""
    if IMPORT in reached(mutant):
        raise exchange.NotHere
    path = str(mutant.path.resolve())
    return exchange.new_code(functions[path], path, mutant.path.read_text(), mutant.source)


def first_failed_with(pairs, items):
    for function, code in pairs:
        function.__code__ = code
    return first_failed(items)


def module_of(mutant):
    return ".".join(mutant.path.with_suffix("").parts)


def failed_in_own_process(mutant, names, limit):
    """What pytest says of the first of these tests that fails; "" if none does, None if they do not end."""
    with tempfile.TemporaryDirectory(prefix="mutant-") as folder:
        source, tests = Path(folder, "mutant.py"), Path(folder, "tests.txt")
        source.write_text(mutant.source)
        tests.write_text("\n".join(names))
        command = [sys.executable, "-m", "pytest", "-p", "tests.mutation.instead", "-x", "-q", f"@{tests}"]
        environment = os.environ | {"MUTANT": f"{module_of(mutant)}={source}"}
        try:
            run = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=limit, check=False)
        except subprocess.TimeoutExpired:
            return None
    lines = [line for line in run.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    return "\n".join(lines[:1]) or "in its own process" if run.returncode else ""
