"""The cast takes its small province through a whole year, so that other tests may begin at any stage."""

import pytest

from evaluation.enums import Stage


@pytest.mark.parametrize("stage", [Stage.CIRCULAR, Stage.CLOSED])
def test_the_cast_reaches_the_stage(cast, stage):
    assert cast.until(stage).cycle.stage == stage


def test_totals_of_the_cast(cast):
    cast.until(Stage.FESTIVAL)
    totals = cast.results.agency_results.filter(dimension=None).values_list(
        "participation__agency__code", "total", "rank"
    )
    assert sorted(totals) == [("A", 1400, 1), ("B", 1400, 1)]
