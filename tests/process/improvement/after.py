"""The year after a cast's year, as rows: the same agencies and general indicators, measured again and announced."""

import datetime
from decimal import Decimal

from django.utils import timezone

from evaluation.enums import AssessmentState
from evaluation.models import Assessment, Cycle, Indicator, Line, Participation, ResultSet
from tests import factories as make

HUNDRED = Decimal(100)


def later_year(cast, percents, *, announced=True, state=AssessmentState.CONFIRMED):
    """The cycle of 1405; `percents` is {code of a general indicator: share of its maximum that agency A reaches}."""
    cycle = Cycle.objects.create(
        province=cast.province,
        performance_year=cast.cycle.performance_year + 1,
        title="ارزیابی ۱۴۰۵",
        period_start=datetime.date(2026, 3, 21),
        period_end=datetime.date(2027, 3, 20),
        stage="ranking",
    )
    dimension = make.DimensionFactory(cycle=cycle, code="general", title="عمومی", order=1)
    axis = make.AxisFactory(dimension=dimension, number=1, title="محور یک", maximum=1000)
    participation = Participation.objects.create(cycle=cycle, agency=cast.agency_a)
    now, moments = timezone.now(), {}
    if state == AssessmentState.CONFIRMED:
        moments = {"disclosed_at": now, "confirmed_at": now, "confirmed_by": cast.manager}
    file = Assessment.objects.create(participation=participation, dimension=dimension, state=state, **moments)
    for code, percent in percents.items():
        origin = Indicator.objects.get(cycle=cast.cycle, code=code)
        again = make.IndicatorFactory(dimension=dimension, axis=axis, code=code, origin=origin, points=100)
        score = Decimal(percent)
        final = score if state == AssessmentState.CONFIRMED else None
        Line.objects.create(
            assessment=file, indicator=again, maximum=HUNDRED, target=100, self_score=score, final_score=final
        )
    if announced:
        announce(cast, cycle)
    return cycle


def announce(cast, cycle):
    now = timezone.now()
    results = ResultSet.objects.create(cycle=cycle)
    stamps = {f"{name}_at": now for name in ("computed", "council", "announced")}
    people = {"computed_by": cast.manager, "announced_by": cast.manager}
    ResultSet.objects.filter(pk=results.pk).update(state="announced", **stamps, **people)
    return results
