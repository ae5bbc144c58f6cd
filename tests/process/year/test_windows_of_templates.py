"""The days of a cycle that mixes templates: side by side, the longest counts."""

import pytest

from evaluation.enums import Stage
from evaluation.models import ProcessTemplate
from evaluation.process.year import checklist, planning

pytestmark = pytest.mark.django_db


def mixed(cycle, *codes, **totals):
    """A template for each code, all of them taken; `totals` are the days in all that some name."""
    made = [ProcessTemplate.objects.create(code=code, title=code, total_days=totals.get(code)) for code in codes]
    for template in made:
        checklist.take_template(cycle, template)
    return made


def test_mixed_templates_run_side_by_side_and_the_longest_counts(cast):
    one, other, silent = mixed(cast.cycle, "one", "other", "silent", silent=120)
    add = cast.cycle.steps.create
    for number, (template, stage, days) in enumerate(
        [
            (one, "circular", 3),
            (one, "circular", 4),
            (other, "circular", 5),
            (other, "transfer", 9),
            (silent, "transfer", None),
        ]
    ):
        add(template=template, number=number, title="Step", stage=stage, days=days)
    days = planning.planned_days(cast.cycle)

    assert (days[Stage.CIRCULAR], days[Stage.TRANSFER]) == (7, 9)
    assert (days[Stage.INDICATORS], days[Stage.SELF_ASSESSMENT]) == (34, 17)  # Ilam's, scaled to the 120 days


@pytest.mark.parametrize("codes", [("short", "long"), ("long", "short")])
def test_of_templates_that_name_only_a_total_the_longest_counts_whichever_came_first(cast, codes):
    mixed_in = mixed(cast.cycle, *codes, short=60, long=120)
    for number, template in enumerate(mixed_in):
        cast.cycle.steps.create(template=template, number=number, title="Step", stage="circular")

    assert planning.planned_days(cast.cycle)[Stage.INDICATORS] == 34


def test_a_step_added_by_hand_runs_beside_the_usual_days(cast):
    cast.cycle.steps.create(number=1, title="Short", stage="self_assessment", days=2)
    cast.cycle.steps.create(number=2, title="Long", stage="circular", days=5)
    days = planning.planned_days(cast.cycle)

    assert (days[Stage.SELF_ASSESSMENT], days[Stage.CIRCULAR]) == (30, 5)
