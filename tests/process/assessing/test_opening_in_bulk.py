"""Many files opened for scoring at once: outside figures reach their lines as one by one, by few queries."""

from datetime import timedelta

import pytest
from django.utils import timezone

from evaluation.enums import Scorer
from evaluation.models import Assessment, FeedValue, Indicator
from evaluation.process.assessing import assessment, many_files
from tests.tasks.wide_year import evaluated

from .test_in_bulk import asked_by, assert_alike, assert_flat, files_of, frozen, move, written_by  # noqa: F401  a fixture

pytestmark = pytest.mark.django_db


def received(agencies=3):
    """Files to be scored; external systems fill one line of each dimension and have given figures for some already."""
    year = evaluated(agencies=agencies, lines=2)
    move(year, "received")
    fed = list(Indicator.objects.filter(cycle=year.cycle, code__endswith="-001").order_by("code"))
    Indicator.objects.filter(pk__in=[each.pk for each in fed]).update(scorer=Scorer.FEED)
    today = timezone.localdate()
    for number, agency in enumerate(year.agencies):
        for day in range(number % 3):  # none, one, two: the latest counts
            FeedValue.objects.bulk_create(
                FeedValue(agency=agency, indicator=each, value=40 + day, observed_at=today - timedelta(days=9 - day))
                for each in fed
            )
    return year


def test_opening_many_files_for_scoring(db):
    """Without figures, with one, with one that a person has overwritten, exempt, in another state."""
    year = received(5)
    scored_by_hand, wrong, exempted, *_rest = files_of(year)()
    scored_by_hand.lines.filter(indicator__code__endswith="-001").update(initial_actual=1, initial_score=1)
    exempted.lines.update(exempt=True)
    Assessment.objects.filter(pk=wrong.pk).update(state="under_evaluation")
    batch = assert_alike(files_of(year), assessment.open_scoring, many_files.open_scoring, by=year.manager, note="متن")
    assert [file.pk for file, _sentence in batch.left_out] == [wrong.pk]
    _batch, rows = written_by(lambda: many_files.open_scoring(files_of(year)(), by=year.manager))
    assert sorted(str(row["actual"]) for row in rows["Mark"]) == ["40.000000"] * 3 + ["41.000000"]
    assert sum(row["used_at"] is not None for row in rows["FeedValue"]) == len(rows["Mark"])


@pytest.mark.one_database
def test_opening_asks_as_much_for_many_files_as_for_few(db):
    assert_flat(asked_by(received, many_files.open_scoring), 9, 20)
