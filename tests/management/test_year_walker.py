"""The one walk through the year: its table is complete, and each walker takes every step."""

import inspect

import pytest

from evaluation.enums import Stage
from evaluation.management.demo.before import YearBefore
from evaluation.management.demo.stages import DemoYear
from evaluation.management.year_walker import LIST_STEPS, STEPS, YearWalker
from tests.cast import Cast
from tests.process.play import Play

UNWRITTEN = "raise NotImplementedError"


def test_every_stage_has_its_steps_in_order():
    assert list(STEPS) == list(Stage)
    assert [stage for stage in STEPS if not STEPS[stage]] == [Stage.CLOSED]


@pytest.mark.parametrize("walker", [Cast, Play, DemoYear, YearBefore])
def test_each_walker_takes_every_step(walker):
    skipped = {"circular", "evaluators", "briefing", "indicators"} if walker is YearBefore else set()
    steps = [step for stage, names in walker.steps.items() if stage not in skipped for step in names]
    steps += LIST_STEPS if "indicators" not in skipped else ()
    needed = [*steps, "acting", "council_session", "levels_given"]
    assert [step for step in needed if UNWRITTEN in inspect.getsource(getattr(walker, step))] == []
    assert [step for step in steps if not hasattr(YearWalker, step)] == (["take_over"] if walker is YearBefore else [])
