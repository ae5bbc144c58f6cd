"""The lists of `make one-database` name tests that exist: another name would leave out nothing, and say so nowhere."""

import re
from pathlib import Path

import pytest

from tests.statements import LEFT_OUT, LEFT_TO_POSTGRESQL, Noted, is_alone, left_out, written_shortly

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("path", [LEFT_OUT, LEFT_TO_POSTGRESQL], ids=lambda path: path.stem)
def test_every_name_in_it_is_a_test(path):
    texts, unknown = {}, []
    for name in path.read_text().splitlines():
        place, _, function = name.partition("[")[0].partition("::")
        if place not in texts:
            texts[place] = (ROOT / place).read_text() if (ROOT / place).exists() else ""
        if not re.search(rf"^def {function}\(", texts[place], re.MULTILINE):
            unknown.append(name)
    assert unknown == []


def test_what_others_send_and_what_costs_much_for_nothing_is_left_out():
    tests = [
        Noted("a[1]", 2.0, alone=False, statements=frozenset("xy")),
        Noted("a[2]", 1.0, alone=False, statements=frozenset("x")),
        Noted("b", 0.1, alone=False, statements=frozenset("y")),
        Noted("c", 9.0, alone=True, statements=frozenset("y")),
        Noted("d", 1.0, alone=False, statements=frozenset("z")),
        Noted("e", 0.1, alone=False, statements=frozenset("xv")),
    ]
    out = {test.name for test in left_out(tests)}
    assert out == {"a[1]", "a[2]", "b", "d"}
    assert written_shortly(out, tests) == ["a", "b", "d"]
    assert {test.name for test in left_out(tests, only={"a[1]", "c", "e"})} == {"a[1]"}


def test_what_sqlite_is_spared_is_not_left_out_by_postgresql_as_well():
    spared, left = (set(path.read_text().splitlines()) for path in (LEFT_TO_POSTGRESQL, LEFT_OUT))
    assert len(spared) > 100
    assert [name for name in spared if {name, name.partition("[")[0]} & left] == []


@pytest.mark.skipif(False, reason="on one of the databases only")
def test_what_one_database_skips_is_repeated_whatever_the_list_says(request):
    assert is_alone(request.node)


def test_what_proves_nothing_alone_may_be_left_out(request):
    assert not is_alone(request.node)
