"""What cannot be the key of a row, in a field that is looked up, is no choice: the form says so."""

import pytest
from django.contrib.auth import get_user_model

from evaluation.enums import Stage
from tests.admin.english import page
from tests.admin.form_page import FormPage

pytestmark = [pytest.mark.django_db]
NO_KEYS = ["abc", "1,2", "-1"]


@pytest.fixture
def root(cast):
    return get_user_model().objects.create_superuser("root", first_name="سارا")


@pytest.mark.parametrize("typed", [*NO_KEYS, "9" * 25])
def test_one_row(root, typed):
    response = FormPage(root, page("agency_add")).post(headquarters=typed)
    assert response.status_code == 200
    assert response.context["adminform"].form.errors["headquarters"]


@pytest.mark.parametrize("typed", NO_KEYS)
def test_several_rows(cast, root, typed):
    cast.until(Stage.PARTICIPANTS)
    response = FormPage(root, page("evaluatorgroup_change", cast.group_1.pk)).post(agencies=[typed])
    assert response.status_code == 200
    assert response.context["adminform"].form.errors["agencies"]


@pytest.mark.parametrize("typed", [*NO_KEYS, "9" * 25])
def test_rows_of_a_table(cast, root, typed):
    cast.until(Stage.PARTICIPANTS)
    form = FormPage(root, page("evaluatorgroup_change", cast.group_1.pk))
    assert "evaluators-0-user" in form.fields
    response = form.post(**{"evaluators-0-user": typed})
    assert response.status_code == 200
    assert response.context["inline_admin_formsets"][0].formset.errors[0]["user"]
