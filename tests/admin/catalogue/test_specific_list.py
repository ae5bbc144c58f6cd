"""The page of a specific list: its slices, what each indicator is worth, and who did which step."""

from decimal import Decimal

import pytest

from evaluation.enums import Stage
from evaluation.models import Notice
from evaluation.process.catalogue import indicator
from evaluation.reports import slices
from tests import factories as make

from ..english import page, visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def listed(cast):
    """The list of agency A with two national indicators of weight 1 and 3, sent to the national organization."""
    cast.until(Stage.INDICATORS)
    listed = cast.cycle.specific_lists.get(agency=cast.agency_a)
    for code, weight in (("S-1", 1), ("S-2", 3)):
        make.IndicatorFactory(
            dimension=cast.specific, agency=cast.agency_a, slice="national", code=code, weight=Decimal(weight)
        )
    listed = indicator.endorse(listed, by=cast.headquarters_a)
    return indicator.send_list(listed, by=cast.headquarters_a)


def worth(listed):
    rows = {row.pk: row.code for row in listed.cycle.indicators.filter(agency=listed.agency_id)}
    return {rows[key]: (each.before, each.after) for key, each in slices.of_list(listed)[1].items()}


def test_what_an_indicator_is_worth_before_and_beside_the_slice(cast, listed):
    assert worth(listed) == {"S-1": (250, 200), "S-2": (750, 600)}
    listed = indicator.finalise(listed, by=cast.national)
    make.IndicatorFactory(dimension=cast.specific, agency=cast.agency_a, slice="provincial", code="S-3", weight=2)
    assert worth(listed) == {"S-1": (250, 200), "S-2": (750, 600), "S-3": (None, 200)}
    parts = [(part.slice, part.points, part.count, part.weight) for part in slices.of_list(listed)[0]]
    assert parts == [("national", 800, 2, 4), ("provincial", 200, 1, 2)]


def test_a_list_finished_without_a_provincial_slice_keeps_the_whole_maximum(cast, listed):
    listed = indicator.add_slice(indicator.finalise(listed, by=cast.national), by=cast.expert)
    assert worth(listed) == {"S-1": (250, 250), "S-2": (750, 750)}


def test_an_agency_reads_that_the_national_organization_finalised_its_list(cast, listed):
    indicator.finalise(listed, by=cast.national)
    client = visit(cast, "reporter_a")
    timeline = client.get(page("specificlist_change", listed.pk)).context["timeline"]
    assert [str(row["by"]) for row in timeline][:2] == ["National organization", "headquarters_a"]
    told = Notice.objects.filter(event__contains=":finalised:").values_list("user__username", flat=True)
    assert sorted(told) == ["expert", "headquarters_a", "reporter_a"]


def test_all_hear_why_a_list_is_returned(cast, listed):
    indicator.return_list(listed, by=cast.national, reason="هدف‌ها روشن نیست.")
    text = "فهرست شاخص‌های اختصاصی «اداره الف» جهت اصلاح بازگردانده شد: هدف‌ها روشن نیست."
    told = Notice.objects.filter(event__contains=":returned:").values_list("user__username", "text")
    assert sorted(told) == [(person, text) for person in ("expert", "headquarters_a", "reporter_a")]
