"""A festival whose nominations are open, for the tests of its workbook."""

import datetime

from django.utils import timezone

from evaluation.enums import Stage
from evaluation.process.festival import festival
from tests import factories as make

DAY = datetime.timedelta(days=1)


def with_nominations(cast):
    """The festival of the cycle, for teams of at most two, one manager, and services by topic."""
    cast.until(Stage.RANKING)
    by_topic = {"recipient": "agency", "within": "topic", "topics": "سلامت\nآموزش"}
    kinds = [
        make.AwardKindFactory(title="تیم برتر", code="team", team_size=2, order=1),
        make.AwardKindFactory(title="مدیر برتر", code="manager", recipient="manager", order=2),
        make.AwardKindFactory(title="خدمت برتر", code="service", order=3, **by_topic),
        make.AwardKindFactory(title="رتبه برتر", recipient="agency", measure="total", from_agencies=False, order=4),
    ]
    window = {"nominations_from": timezone.now() - DAY, "nominations_until": timezone.now() + DAY}
    return festival.open_nominations(make.festival(cast.cycle, kinds=kinds, **window), by=cast.expert)
