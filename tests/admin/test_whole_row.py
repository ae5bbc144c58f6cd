"""A form is refused with a sentence where the database would refuse the row, also by a column that is only read."""

import pytest

from evaluation.enums import Stage
from evaluation.models import Cycle, Evaluator, EvaluatorGroup
from tests.admin.english import page
from tests.admin.form_page import FormPage

pytestmark = [pytest.mark.django_db]


def refused(user, address, **typed):
    """The sentences of the form at this address, with this typed over what it shows."""
    response = FormPage(user, address).post(**typed)
    assert response.status_code == 200
    return [str(sentence) for sentence in response.context["adminform"].form.non_field_errors()]


@pytest.mark.parametrize("year", ["1404", "1500"])
def test_growth_is_measured_on_an_earlier_year(cast, year):
    address = page("cycle_change", cast.cycle.pk)
    cast.cycle.performance_year = 1404
    cast.cycle.save()
    assert refused(cast.manager, address, base_year=year) == [
        "The base year of growth must be earlier than the performance year."
    ]
    assert Cycle.objects.get().base_year is None
    assert FormPage(cast.manager, address).post(base_year="۱۴۰۳").status_code == 302
    assert Cycle.objects.get().base_year == 1403


def test_two_groups_of_a_cycle_do_not_get_one_title(cast):
    cast.until(Stage.PARTICIPANTS)
    first, second = EvaluatorGroup.objects.all()[:2]
    sentences = refused(cast.manager, page("evaluatorgroup_change", second.pk), title=first.title)
    assert sentences == ["Evaluator group with this Cycle and Title already exists."]
    assert EvaluatorGroup.objects.get(pk=second.pk).title == second.title


def test_a_group_gets_one_lead_on_the_page_of_a_seat_too(cast):
    cast.until(Stage.PARTICIPANTS)
    group = EvaluatorGroup.objects.filter(evaluators__lead=True).first()
    seat = Evaluator.objects.create(group=group, user=cast.nobody)
    assert refused(cast.manager, page("evaluator_change", seat.pk), lead="on") == ["A group has one lead."]
    assert not Evaluator.objects.get(pk=seat.pk).lead
