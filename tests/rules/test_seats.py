"""What a person's seats in evaluator groups are for, and what the person sees by all of them together."""

import pytest
from django.contrib.auth import get_user_model

from evaluation.enums import Stage
from evaluation.models import Visit
from evaluation.rules.seats import Seat, seats_of
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def divided(cast):
    """The first group scores agency A, the second agency B; the lead sits in both, the evaluator in the first."""
    cast.until(Stage.SELF_ASSESSMENT)
    cast.group_1.agencies.add(cast.agency_a)
    cast.group_2.agencies.add(cast.agency_b)
    return cast


def fresh(user):
    return get_user_model().objects.get(pk=user.pk)


def test_a_seat_names_the_axes_and_the_agencies_of_its_group(divided):
    year, general = (divided.cycle.pk, divided.province.pk), divided.general.pk
    first = Seat(*year, False, False, {divided.axis_1.pk: general}, {divided.agency_a.pk})
    second = Seat(*year, True, True, {divided.axis_2.pk: general}, {divided.agency_b.pk})
    assert seats_of(fresh(divided.evaluator)) == [first]
    first.lead = True
    assert seats_of(fresh(divided.lead)) == [first, second]


def test_visits_are_seen_by_each_group_that_scores_the_agency_and_by_who_sits_in_several(divided):
    a, b = (
        Visit.objects.create(participation=participation, date=make.DAY)
        for participation in (divided.participation_a, divided.participation_b)
    )
    assert set(Visit.objects.visible_to(fresh(divided.lead))) == {a, b}
    assert set(Visit.objects.visible_to(fresh(divided.evaluator))) == {a}
