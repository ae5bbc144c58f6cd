"""A read-only reference is a link for people who may open its row, and a name for everybody else."""

import pytest

from evaluation.enums import Stage
from evaluation.models import Commitment

pytestmark = pytest.mark.django_db
ACCOUNT = "/admin/auth/user/{}/change/"


def test_an_account_is_linked_for_the_administrator_alone(cast, admin_client):
    cast.until(Stage.EVALUATORS)
    page = f"/admin/evaluation/circular/{cast.circular.pk}/change/"
    account = ACCOUNT.format(cast.circular.sent_by_id)
    expert = cast.client("expert").get(page).content.decode()
    assert account not in expert
    assert "expert" in expert  # the name is there
    assert account in admin_client.get(page).content.decode()


def test_an_agency_is_led_to_its_own_rows_alone(cast):
    cast.until(Stage.EVALUATORS)
    made = Commitment.objects.get(agency=cast.agency_a)
    page = cast.client("reporter_a").get(f"/admin/evaluation/commitment/{made.pk}/change/").content.decode()
    assert f"/admin/evaluation/cycle/{cast.cycle.pk}/change/" in page
    assert f"/admin/evaluation/agency/{cast.agency_a.pk}/change/" in page
    assert ACCOUNT.format(cast.reporter_a.pk) not in page


@pytest.mark.parametrize(
    ("who", "page", "refused"),
    [
        ("secretary", "/admin/evaluation/committee/", "/admin/evaluation/importrun/add/"),
        ("observer", "/admin/evaluation/cycle/{cycle}/change/", "/admin/evaluation/cycle/{cycle}/steps/"),
    ],
)
def test_nobody_is_led_to_a_page_that_is_refused(cast, who, page, refused):
    client, key = cast.client(who), cast.cycle.pk
    assert client.get(refused.format(cycle=key)).status_code == 403
    response = client.get(page.format(cycle=key))
    assert response.status_code == 200
    assert refused.format(cycle=key) not in response.content.decode()
    manager = cast.client("manager").get(page.format(cycle=key)).content.decode()
    assert refused.format(cycle=key) in manager
