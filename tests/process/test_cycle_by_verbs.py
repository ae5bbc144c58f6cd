"""One agency, one general and one specific line through all stages by the verbs, by the people whose steps they are."""

from decimal import Decimal

import pytest

from evaluation.enums import Stage
from evaluation.models import AgencyResult, Mark, TransitionLog

from .play import Play

pytestmark = pytest.mark.django_db

CHAIN = ["self", "hq", "initial", "revised", "final"]


@pytest.mark.parametrize("alone", [False, True], ids=["everybody", "MPO alone"])
def test_through_all_stages(alone):
    play = Play(alone=alone).until(Stage.CLOSED)
    assert play.cycle.stage == Stage.CLOSED
