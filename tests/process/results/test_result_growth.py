"""Growth is measured on the latest earlier cycle whose results were announced, agency by agency."""

from datetime import date
from decimal import Decimal as D

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evaluation.enums import ResultState, Stage
from evaluation.models import AgencyResult, Cycle, Participation, ResultSet
from evaluation.process.results import result
from evaluation.reports import figures


def earlier(cast, year, totals, state=ResultState.ANNOUNCED):
    """A finished cycle of an earlier year with these totals by agency."""
    cycle = Cycle.objects.create(
        province=cast.province,
        performance_year=year,
        title=str(year),
        period_start=date(year + 621, 3, 21),
        period_end=date(year + 622, 3, 20),
        stage=Stage.CLOSED,
    )
    now = timezone.now()
    done = {"computed_at": now, "council_at": now, "announced_at": now}
    people = {"computed_by": cast.expert, "announced_by": cast.manager}
    kept = ResultSet.objects.create(cycle=cycle, state=state, **done, **people)
    for agency, total in totals.items():
        AgencyResult.objects.create(
            result_set=kept,
            participation=Participation.objects.create(cycle=cycle, agency=agency),
            raw=total or 0,
            total=total,
            maximum=2000,
        )


@pytest.fixture
def computed(cast):
    cast.until(Stage.RANKING)

    def compute():
        results = result.compute(result.prepare(cast.cycle, by=cast.expert), by=cast.expert)
        totals = results.agency_results.filter(dimension=None).select_related("participation__agency")
        return {total.participation.agency.code: total for total in totals}

    return compute


def test_the_latest_announced_year_counts(cast, computed):
    earlier(cast, 1402, {cast.agency_a: D(500), cast.agency_b: D(500)})
    earlier(cast, 1401, {cast.agency_a: D(900), cast.agency_b: D(900)})
    earlier(cast, 1403, {cast.agency_a: D(1000)})
    earlier(cast, 1405, {cast.agency_a: D(1), cast.agency_b: D(1)})
    found = computed()
    assert {code: total.total for code, total in found.items()} == {"A": D(1400), "B": D(1400)}
    assert {code: total.growth for code, total in found.items()} == {"A": D(40), "B": D(180)}


def test_a_named_base_year_counts_alone(cast, computed):
    earlier(cast, 1403, {cast.agency_a: D(1000), cast.agency_b: D(1000)})
    earlier(cast, 1401, {cast.agency_a: D(700)})
    cast.agency_b.earlier_totals.create(year=1401, total=D(350), maximum=D(2000))
    cast.cycle.base_year = 1401
    cast.cycle.save()
    assert {code: total.growth for code, total in computed().items()} == {"A": D(100), "B": D(300)}
    assert figures.read(ResultSet.objects.get(cycle=cast.cycle)).base_years == [1401]


def test_a_base_year_is_an_earlier_one(cast):
    cast.cycle.base_year = cast.cycle.performance_year
    with pytest.raises(ValidationError, match="must be earlier than the performance year"):
        cast.cycle.validate_constraints()


def test_without_a_total_before_there_is_no_growth(cast, computed):
    earlier(cast, 1403, {cast.agency_a: None, cast.agency_b: D(1000)}, state=ResultState.ANNOUNCED)
    earlier(cast, 1402, {cast.agency_a: D(1000)}, state=ResultState.COMPUTED)
    assert {code: total.growth for code, total in computed().items()} == {"A": None, "B": D(40)}


def test_the_queries_of_computing_do_not_grow_with_earlier_years(cast, computed):
    computed()
    counts = []
    for year in (1403, 1402):
        earlier(cast, year, {cast.agency_a: D(1000), cast.agency_b: D(1000)})
        with CaptureQueriesContext(connection) as queries:
            computed()
        counts.append(len(queries))
    assert counts[0] == counts[1]
