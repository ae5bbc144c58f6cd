"""What no form of ours sends, as somebody may forge it: it is refused with a sentence, and no page ends in an error."""

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth import get_user_model
from django.urls import reverse

from evaluation.models import CycleStep, ExternalSystem
from tests.admin.english import page, told
from tests.admin.form_page import FormPage

pytestmark = [pytest.mark.django_db]
NOTHING_CHOSEN = "Items must be selected in order to perform actions on them. No items have been changed."


@pytest.fixture
def root(cast):
    return get_user_model().objects.create_superuser("root", first_name="سارا")


@pytest.mark.parametrize("listed", ["evaluation_externalsystem", "django_q_ormq"])
@pytest.mark.parametrize("sent", ["abc", "sNaN", "1.5", "-1", "9" * 25])
def test_what_is_no_key_is_not_chosen(cast, root, listed, sent):
    ExternalSystem.objects.create(code="sina", name="سینا", body="سازمان", mode="online")
    client = cast.client(root)
    client.cookies["django_language"] = "en"
    posted = {"action": "delete_selected", ACTION_CHECKBOX_NAME: [sent], "index": 0}
    answer = client.post(reverse(f"admin:{listed}_changelist"), posted)
    assert (answer.status_code, told(answer)) == (302, [NOTHING_CHOSEN])


def test_a_page_of_a_row_may_name_no_field(cast, root):
    pages = [page(name, cast.province.pk) for name in ("province_change", "province_delete")]
    for address in (*pages, reverse("admin:auth_user_change", args=[root.pk])):
        assert cast.client(root).get(f"{address}?_to_field=").status_code == 200


def test_a_step_is_added_to_a_cycle(cast, root):
    """The cycle of a stored step is only read; a new one could not be saved without it."""
    form = FormPage(root, page("cyclestep_add"))
    assert {"cycle", "template"} <= form.fields.keys()
    typed = {"number": "9", "title": "گام تازه", "stage": "festival", "responsible": "کارشناس", "channel": "letter"}
    assert form.post(**typed).status_code == 200
    answer = form.post(cycle=cast.cycle.pk, **typed)
    assert answer.status_code == 302
    assert CycleStep.objects.get(title="گام تازه").cycle == cast.cycle
