"""The half-time card of an agency: its axes beside the province, what is expected, and who reads it when."""

from decimal import Decimal

import pytest

from evaluation.enums import MarkLevel, Stage
from evaluation.models import Participation
from evaluation.process.assessing import assessment, line
from evaluation.reports import half_time_card
from tests.admin.assessing.test_visit import interim_of
from tests.admin.english import page, visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def half(cast):
    """Agency A has 60 of 100 in every line of its interim evaluation, with a comment; agency B nothing."""
    made = interim_of(cast.until(Stage.SELF_ASSESSMENT))
    part = Participation.objects.get(cycle=made, agency=cast.agency_a)
    file = part.assessments.get()
    for row in file.lines.select_related("indicator"):
        figures = line.Figures(actual=Decimal(60), note="مستندات ناقص است.")
        line.record(row, MarkLevel.INITIAL, figures, by=cast.manager)
    cast.half, cast.half_file = part, file
    return cast


def card(half, who):
    response = visit(half, who).get(page("participation_card", half.half.pk))
    assert response.status_code == 200
    return response.context["card"], response.content.decode()


def test_staff_read_it_at_once_and_the_agency_after_the_disclosure(half):
    own, html = card(half, "expert")
    assert own.scored == half.half_file.lines.count()
    assert "مستندات ناقص است." in html
    before, html = card(half, "reporter_a")
    assert (before, "There is no card yet" in html) == (None, True)
    scored = assessment.finish_scoring(half.half_file, by=half.manager)
    assessment.disclose(scored, by=half.expert)
    after, html = card(half, "reporter_a")
    assert (after.scored, "مستندات ناقص است." in html) == (own.scored, True)
    assert visit(half, "reporter_b").get(page("participation_card", half.half.pk)).status_code == 404


def test_what_is_expected_follows_the_rule_of_the_page(half):
    own, _html = card(half, "expert")
    assert {axis.percent for axis in own.axes} == {60}
    points, maximum = own.expected
    assert (points, maximum) == (600, 1000)
    assert own.gains[0].lost == max(line.lost for line in own.gains)


def test_the_mean_of_the_province_is_read_by_the_agency_over_enough_agencies_alone(half):
    own, _html = card(half, "expert")
    assert {axis.province for axis in own.axes} == {60}
    assessment.disclose(assessment.finish_scoring(half.half_file, by=half.manager), by=half.expert)
    assert {axis.province for axis in card(half, "reporter_a")[0].axes} == {None}
    half.half.cycle.median_from = 3
    half.half.cycle.save(update_fields=["median_from"])
    assert half_time_card.province_means(half.half, half.reporter_a) == {}
