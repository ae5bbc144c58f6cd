"""Which tests one of the two databases is spared, since others send it the same statements: `make one-database`.

As a plugin of pytest it notes the statements of each test in the file that `STATEMENTS` names: their text without
values, the types of the values, and errors. `python -m tests.statements NOTES NOTES` reads those of PostgreSQL and of
SQLite and writes `tests/one_database.txt`, what PostgreSQL is spared in `make test`, then
`tests/left_to_postgresql.txt`, what SQLite is spared of the rest. `make test-long` tries everything on both. Tests that
commit, start processes, are skipped on SQLite or stand in no line of these files run on both: so does a new test, until
this is run again.
"""

import json
import os
import re
import sys
from collections import Counter
from collections.abc import Container
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import pytest

LEFT_OUT = Path(__file__).parent / "one_database.txt"
LEFT_TO_POSTGRESQL = Path(__file__).parent / "left_to_postgresql.txt"
SAME = (  # what differs between two statements of one shape
    (re.compile(r"\((?:%s(?:::\w+)?, )+%s(?:::\w+)?\)"), "(%s+)"),
    (re.compile(r"(\([^()]*\))(?:, ?\1)+"), r"\1+"),
    (re.compile(r'"?s\d+_x\d+"?'), "savepoint"),
    (re.compile(r"_django_curs_\w+"), "cursor"),
    (re.compile(r"'[^']*'"), "text"),
    (re.compile(r"\b\d+\b"), "number"),
)
TABLES = (
    "ALTER",
    "COMMENT",
    "CREATE COLLATION",
    "CREATE EXTENSION",
    "CREATE INDEX",
    "CREATE TABLE",
    "CREATE UNIQUE",
    "DROP",
)
WORTH = 5  # statements of its own for each second of a processor: a test below that is left out as well
sent: set[str] = set()
shapes: dict[str, str] = {}  # {statement: its shape}


class Noted(NamedTuple):
    """A test that has run."""

    name: str
    seconds: float  # of a processor
    alone: bool  # as `is_alone` says
    statements: frozenset[str]


def note(sql, values=(), error=""):
    text = str(sql)
    if text not in shapes:
        shape = text
        for pattern, instead in SAME:
            shape = pattern.sub(instead, shape)
        shapes[text] = shape
    types = sorted({type(value).__name__ for value in (values.values() if isinstance(values, dict) else values or ())})
    sent.add(f"{shapes[text]} {types} {error}")


def pytest_collection_finish():
    """Every cursor of Django notes what it sends, in whichever thread."""
    from django.db.backends.utils import CursorWrapper  # noqa: PLC0415  needs settings, which pytest-django loads

    execute, executemany, other = CursorWrapper.execute, CursorWrapper.executemany, CursorWrapper.__getattr__

    def noting_execute(cursor, sql, params=None):
        try:
            answer = execute(cursor, sql, params)
        except Exception as error:
            note(sql, error=type(error).__name__)
            raise
        note(sql, params)
        return answer

    def noting_executemany(cursor, sql, param_list):
        note(sql)
        return executemany(cursor, sql, param_list)

    def noting_other(cursor, name):
        if name == "copy":
            return lambda sql, *rest, **options: (note(sql), other(cursor, name)(sql, *rest, **options))[1]
        return other(cursor, name)

    CursorWrapper.execute, CursorWrapper.executemany = noting_execute, noting_executemany
    CursorWrapper.__getattr__ = noting_other


def is_alone(item) -> bool:
    """Whether a test commits, starts processes, or may be skipped on SQLite: what it proves no other test sends.
    Nor may a list say of a test where it runs, of which its mark says so.
    """
    mark = item.get_closest_marker("django_db")
    commits = {"transactional_db", "live_server"} & set(item.fixturenames) or (mark and mark.kwargs.get("transaction"))
    told = item.get_closest_marker("skipif") or item.get_closest_marker("left_to_postgresql")
    return bool(commits or "tasks" in item.path.parts or told)


def processor_seconds() -> float:
    return sum(os.times()[:4])


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item, nextitem):
    sent.clear()
    before = processor_seconds()
    try:
        return (yield)
    finally:
        group = item.get_closest_marker("xdist_group")
        name = item.nodeid.removesuffix(f"@{group.args[0]}") if group else item.nodeid
        line = [name, processor_seconds() - before, is_alone(item), sorted(sent)]
        with Path(os.environ["STATEMENTS"]).open("a") as notes:
            notes.write(json.dumps(line) + "\n")


def left_out(tests: list[Noted], only: Container[str] | None = None) -> list[Noted]:
    """The dearest tests whose statements others send, then those that add next to none for what they cost; of those
    tests alone whose names are in `only`, if it is given.
    """
    senders: Counter[str] = Counter()
    for test in tests:
        senders.update(test.statements)

    def own(test: Noted) -> int:
        return sum(senders[statement] == 1 for statement in test.statements)

    out: list[Noted] = []
    for test in sorted(tests, key=lambda test: -test.seconds):
        if not test.alone and (only is None or test.name in only) and own(test) <= WORTH * test.seconds:
            out.append(test)
            senders.subtract(test.statements)
    return out


def written_shortly(out: set[str], tests: list[Noted]) -> list[str]:
    """A test with all of its cases left out stands there once, without them."""
    short: list[str] = []
    for function, group in groupby(sorted(test.name for test in tests), key=lambda name: name.partition("[")[0]):
        cases = list(group)
        short += [function] if out.issuperset(cases) else [case for case in cases if case in out]
    return short


def main(of_postgresql: Path, of_sqlite: Path) -> None:
    tests = noted_in(of_postgresql)
    out = left_out(tests)
    write(LEFT_OUT, out, tests)
    on_sqlite = noted_in(of_sqlite)
    left = left_out(on_sqlite, only={test.name for test in tests} - {test.name for test in out})
    write(LEFT_TO_POSTGRESQL, left, on_sqlite)


def noted_in(notes: Path) -> list[Noted]:
    lines = (json.loads(line) for line in notes.read_text().splitlines())
    return [Noted(name, seconds, alone, frozenset(without_tables(texts))) for name, seconds, alone, texts in lines]


def write(path: Path, out: list[Noted], tests: list[Noted]) -> None:
    """The names of tests that are left out, of all that were noted; what that spares is printed."""
    path.write_text("".join(f"{name}\n" for name in written_shortly({test.name for test in out}, tests)))
    known = frozenset[str]().union(*(test.statements for test in tests))
    tried = frozenset[str]().union(*(test.statements for test in set(tests) - set(out)))
    spared, whole = sum(test.seconds for test in out), sum(test.seconds for test in tests)
    sys.stdout.write(
        f"{path.name}: {len(out)} of {len(tests)} tests are left out, {spared:.0f} of {whole:.0f} s of a processor; "
        f"{len(tried)} of {len(known)} statements are tried\n"
    )


def without_tables(statements: list[str]) -> list[str]:
    """Whichever test runs first migrates the database."""
    return [statement for statement in statements if not statement.startswith(TABLES)]


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
