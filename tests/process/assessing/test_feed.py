"""Outside figures by the verb: what is refused as a whole, and what reaches the lines."""

import datetime
from decimal import Decimal

import pytest
from django.utils import timezone, translation

from evaluation.enums import Scorer, Stage
from evaluation.models import FeedValue, Line, Mark
from evaluation.process.assessing.feed import record_feed
from evaluation.process.door import Forbidden, Refusal

pytestmark = pytest.mark.django_db
DAY = datetime.date(2025, 8, 22)


@pytest.fixture
def scoring(cast):
    cast.until(Stage.EVALUATION)
    cast.g2.scorer, cast.g2.steward = Scorer.FEED, None
    cast.g2.save()
    with translation.override("en"):
        yield cast


def figure(cast, value=60, *, agency=None, indicator=None, day=DAY):
    return agency or cast.agency_a, indicator or cast.g2, Decimal(value), day


def scores():
    lines = Line.objects.filter(indicator__code="G-2").order_by("assessment__participation__agency__code")
    return list(lines.values_list("initial_actual", "initial_score"))


def test_the_latest_of_several_days_reaches_the_line(scoring):
    later = DAY + datetime.timedelta(days=30)
    given = [figure(scoring, 70, day=later), figure(scoring), figure(scoring, 50, agency=scoring.agency_b)]
    record_feed(scoring.cycle, given, by=scoring.expert)
    assert scores() == [(70, 140), (50, 100)]
    record_feed(scoring.cycle, given, by=scoring.expert)
    assert (FeedValue.objects.count(), Mark.objects.filter(source="feed").count()) == (3, 2)


def test_a_target_that_an_evaluator_set_counts(scoring):
    Line.objects.filter(indicator__code="G-2").update(initial_target=60)
    record_feed(scoring.cycle, [figure(scoring)], by=scoring.expert)
    assert scores() == [(60, 200), (None, None)]
    assert Line.objects.get(initial_actual=60).initial_target == 60


def test_one_wrong_figure_refuses_all(scoring):
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    with pytest.raises(Refusal, match="The date of observation cannot be after today"):
        record_feed(scoring.cycle, [figure(scoring), figure(scoring, day=tomorrow)], by=scoring.expert)
    with pytest.raises(Refusal, match="is not filled by an external system"):
        record_feed(scoring.cycle, [figure(scoring), figure(scoring, indicator=scoring.g1)], by=scoring.expert)
    with pytest.raises(Forbidden):
        record_feed(scoring.cycle, [figure(scoring)], by=scoring.lead)
    assert (scores(), FeedValue.objects.count()) == ([(None, None), (None, None)], 0)
