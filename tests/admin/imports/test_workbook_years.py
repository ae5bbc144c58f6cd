"""The buttons above a list hand out the workbooks of the year that the list shows."""

import pytest

from evaluation.enums import Stage
from evaluation.models import Cycle
from tests import factories as make
from tests.admin.english import page, visit

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.fixture
def earlier(cast):
    cast.until(Stage.SELF_ASSESSMENT)
    cycle = make.CycleFactory(province=cast.province, performance_year=1403, title="ارزیابی پارسال")
    Cycle.objects.filter(pk=cycle.pk).update(stage=Stage.CLOSED)
    return cycle


@pytest.mark.parametrize(
    ("query", "is_earlier"),
    [
        ("", False),
        ("?performance_year=1404", False),
        ("?performance_year=1403", True),
        ("?performance_year=۱۴۰۳", True),
        ("?assessment__participation__cycle__id__exact={earlier}", True),
        ("?assessment__participation__cycle__id__exact={running}", False),
    ],
)
def test_the_workbooks_are_those_of_the_shown_year(cast, earlier, query, is_earlier):
    cycle = earlier if is_earlier else cast.cycle
    address = page("line_changelist") + query.format(earlier=earlier.pk, running=cast.cycle.pk)
    context = visit(cast, "manager").get(address).context
    assert context["workbook_cycle"] == cycle
    links = [button[name] for button in context["workbook_buttons"] for name in ("export", "template") if button[name]]
    assert links
    assert all(f"cycle={cycle.pk}" in link for link in links)
