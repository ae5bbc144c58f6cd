"""When the year needs its festival before it is archived."""

import pytest

from evaluation.models import Festival, ProcessTemplate
from evaluation.rules import festival_gate

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("required", [True, False])
def test_a_template_of_the_cycle_or_of_one_of_its_steps_asks_for_it(cast, required):
    cycle = cast.cycle
    assert festival_gate.is_required(cycle) is False
    template = ProcessTemplate.objects.create(code="f", title="با جشنواره", festival_required=required)
    step = cycle.steps.create(template=template, stage=cycle.stage, number=900, title="جشنواره")
    assert festival_gate.is_required(cycle) is required
    assert bool(festival_gate.missing(cycle)) is required
    step.delete()
    assert festival_gate.is_required(cycle) is False
    cycle.template = template
    assert festival_gate.is_required(cycle) is required


@pytest.mark.usefixtures("english")
def test_a_festival_that_is_required_holds_the_year_until_its_winners_are_known(cast):
    cast.cycle.template = ProcessTemplate.objects.create(code="f", title="با جشنواره", festival_required=True)
    assert festival_gate.missing(cast.cycle) == [
        "The process template requires a festival, and the cycle has none: add it in the list of festivals."
    ]
    Festival.objects.create(cycle=cast.cycle, title="جشنواره")
    assert festival_gate.missing(cast.cycle) == ["The winners of the festival are not announced yet."]
