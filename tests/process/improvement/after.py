"""A cast's year with a plan in follow-up, and the year after it as rows: the same indicators, measured again."""

import datetime
from decimal import Decimal

from django.utils import timezone

from evaluation.enums import AssessmentState, Stage
from evaluation.models import Assessment, Cycle, ImprovementPlan, Indicator, Line, Participation, ResultSet
from evaluation.process.improvement import plan
from tests import factories as make

HUNDRED, DAY = Decimal(100), datetime.timedelta(days=1)


def with_plan(cast):
    """The cast with agency A's plan about its general lines G-1 (half of 300) and G-2 (half of 200), a year old."""
    cast.until(Stage.FESTIVAL)
    cast.cycle.refresh_from_db()
    own = Line.objects.filter(assessment__participation=cast.participation_a)
    own.update(final_score=0)
    for code, maximum, score in (("G-1", 300, 150), ("G-2", 200, 100)):
        own.filter(indicator__code=code).update(maximum=maximum, final_score=score)
    drafted = plan.draft(cast.participation_a, by=cast.expert)
    drafted.actions.all().delete()
    words = {"action": "آموزش", "owner": "مدیر", "measure": "گواهی", "due": timezone.localdate() + DAY}
    for code, expected in (("G-1", 30), ("G-2", 40)):
        drafted.actions.create(line=own.get(indicator__code=code), expected=expected, **words)
    agreed = plan.agree(drafted, by=cast.reporter_a)
    running = plan.approve(agreed, by=cast.headquarters_a)
    ImprovementPlan.objects.filter(pk=running.pk).update(approved_at=timezone.now() - 365 * DAY)
    return cast


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
