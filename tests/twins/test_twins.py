"""Proof by twins: two databases that differ only in what a person may not know answer that person alike.

The twins are two states of one database, inside one transaction, at one moment of a stopped clock: what `hidden`
changes is asked for in both (`asking`), and the answers are compared byte for byte (`answers`). That the twins would
notice a leak is shown by `leaks`. All but a short run are marked `long` (docs/testing.md).
"""

import logging
from contextlib import contextmanager
from dataclasses import replace

import pytest
import time_machine
from django.utils import timezone

from tests.admin.rights_world import rolled_back

from . import hidden, leaks_of_pages  # noqa: F401  registers its leaks
from .answers import Visitor, difference
from .asking import SHORT, WHOLE, YEAR, Asker
from .leaks import LEAKS, PLAIN
from .world import ANNOUNCED, PEOPLE, POINTS, SCORED, World

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
SHORTLY = {SCORED: ("reporter_a",)}  # who is asked, at which point
TRIED_SHORTLY = ("every column is a filter",)


@pytest.fixture
def world(db, settings):
    """One year, walked forward only."""
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
    log = logging.getLogger("django.request")
    log.disabled = True  # most requests are refused: that is what is asked for
    yield World()
    log.disabled = False


@contextmanager
def stopped_clock():
    with time_machine.travel(timezone.now(), tick=False):
        yield


def told_apart(world, name, measure):
    """(number of requests, sentences on those whose answers tell the twins of this person apart)."""
    point = world.now
    with stopped_clock():
        visitor = Visitor(world.users[name])
        first = Asker(world, visitor, measure).ask_all()
        with rolled_back():
            hidden.differ(world, name, point)
            faults = [
                f"{point}, {name}: {asked}: {difference(answer, other)}"
                for asked, answer in first.items()
                if (other := visitor.ask(asked)) != answer
            ]
    faults += [f"{point}, {name}: {asked}: 500" for asked, answer in first.items() if answer.status == 500]
    return len(first), faults


def is_noticed(world, leak):
    """Whether the twins of one of the people are told apart, the leak being open: by pages of its tables alone."""
    measure = replace(SHORT, tables=leak.tables, plain=PLAIN in leak.tables)
    for name in leak.who:
        with stopped_clock(), pytest.MonkeyPatch.context() as patch:
            leak.open_it(patch)
            visitor = Visitor(world.users[name])
            first = Asker(world, visitor, measure).ask_all()
            with rolled_back():
                hidden.differ(world, name, world.now)
                if any(visitor.ask(asked) != answer for asked, answer in first.items()):
                    return True
    return False


def at_each_point(world, points):
    """The points in the order of the year, each after its step."""
    for point in POINTS:
        if point in points:
            world.go_to(point)
            yield point


def test_twins_are_not_told_apart(world):
    """The short run, and a few leaks by which it is seen that it would notice one."""
    faults, asked, missed = [], 0, []
    tried = [leak for leak in LEAKS if leak.name in TRIED_SHORTLY]
    for point in at_each_point(world, SHORTLY | {leak.at: () for leak in tried}):
        for name in SHORTLY.get(point, ()):
            count, found = told_apart(world, name, SHORT)
            asked, faults = asked + count, faults + found
        missed += [leak.name for leak in tried if leak.at == point and not is_noticed(world, leak)]
    assert faults == []
    assert missed == []
    assert asked > 80


@pytest.mark.long
@pytest.mark.parametrize("point", POINTS)
def test_twins_are_not_told_apart_at_any_point(world, point):
    """Every person: the tables of the process, some 450 requests each."""
    everybody(world, point, YEAR)


@pytest.mark.long
@pytest.mark.parametrize("point", [SCORED, ANNOUNCED])
def test_twins_are_not_told_apart_by_any_page(world, point):
    """Every person: every table, column, lookup, batch and verb, some 3,000 requests each."""
    everybody(world, point, WHOLE)


def everybody(world, point, measure):
    world.go_to(point)
    faults, asked = [], 0
    for name in PEOPLE:
        count, found = told_apart(world, name, measure)
        asked, faults = asked + count, faults + found
    assert faults == []
    assert asked > 4_000


@pytest.mark.parametrize("leak", LEAKS, ids=lambda leak: leak.name)
def test_every_leak_can_be_opened(leak):
    """What the leaks patch is there."""
    with pytest.MonkeyPatch.context() as patch:
        leak.open_it(patch)


@pytest.mark.long
def test_leaks_are_noticed(world):
    missed = [
        leak.name
        for point in at_each_point(world, {leak.at for leak in LEAKS})
        for leak in LEAKS
        if leak.at == point and not is_noticed(world, leak)
    ]
    assert len(LEAKS) >= 40
    assert len(LEAKS) - len(missed) >= 38, missed
