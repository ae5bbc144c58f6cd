"""The commitments of 2.6: asked of an agency's person at the first page of a running cycle, once."""

import pytest
from django.utils import timezone

from evaluation.enums import Stage
from evaluation.models import Agreement, Commitment, Cycle
from evaluation.process.service import editions
from tests.factories import DAY

pytestmark = pytest.mark.django_db
PAGE = "/admin/evaluation/commitment/accept/"


def english(cast, who):
    client = cast.client(who)
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def running(cast):
    cast.commits = False
    return cast.until(Stage.CIRCULAR)


def post(client, cycle, agency):
    return client.post(PAGE, {"cycle": cycle.pk, "agency": agency.pk})


@pytest.mark.parametrize("path", ["/admin/", "/admin/evaluation/assessment/", "/admin/search/?s=x"])
def test_every_page_leads_to_the_commitments_until_they_are_accepted(running, path):
    client = english(running, "reporter_a")
    response = client.get(path)
    assert (response.status_code, response["Location"]) == (302, PAGE)
    assert "اطلاعات و مستندات را فقط از طریق سامانه ارائه" in client.get(PAGE).content.decode()
    assert not Commitment.objects.exists()


def test_the_acceptance_is_kept_with_its_text_and_opens_the_pages(running):
    Cycle.objects.filter(pk=running.cycle.pk).update(commitment_text="متن ویژه استان")
    client = english(running, "reporter_a")
    response = post(client, running.cycle, running.agency_a)
    assert (response.status_code, response["Location"]) == (302, "/admin/")
    post(client, running.cycle, running.agency_a)  # a double click
    kept = Commitment.objects.get()
    assert (kept.cycle, kept.agency, kept.user, kept.text) == (
        running.cycle, running.agency_a, running.reporter_a, "متن ویژه استان",
    )  # fmt: skip
    assert client.get("/admin/").status_code == 200
    assert english(running, "reporter_b").get("/admin/").status_code == 302


def test_a_changed_text_is_accepted_anew_and_the_first_one_is_kept(running):
    client = english(running, "reporter_a")
    post(client, running.cycle, running.agency_a)
    assert client.get("/admin/").status_code == 200
    Cycle.objects.filter(pk=running.cycle.pk).update(commitment_text="متن تازهٔ استان")
    assert client.get("/admin/").url == PAGE
    assert "متن تازهٔ استان" in client.get(PAGE).content.decode()
    post(client, running.cycle, running.agency_a)
    assert client.get("/admin/").status_code == 200
    assert Commitment.objects.count() == 2
    Cycle.objects.filter(pk=running.cycle.pk).update(commitment_text="")  # the first text again: it was accepted
    assert client.get("/admin/").status_code == 200


def test_the_agreement_in_force_is_what_is_accepted(running):
    shared = Agreement.objects.create(title="بیانیه", text="متن مشترک", valid_from=DAY, published_at=timezone.now())
    client = english(running, "reporter_a")
    assert "متن مشترک" in client.get(PAGE).content.decode()
    post(client, running.cycle, running.agency_a)
    draft = editions.amend(shared, by=running.manager)
    assert client.get("/admin/").status_code == 200  # a draft asks nobody
    draft.clauses.create(side="agency", text="ارائهٔ مستندات از طریق سامانه")
    editions.publish(draft, by=running.manager)
    assert client.get("/admin/").url == PAGE
    post(client, running.cycle, running.agency_a)
    assert client.get("/admin/").status_code == 200
    assert "ارائهٔ مستندات از طریق سامانه" in Commitment.objects.order_by("pk").last().text


def test_another_agencys_commitments_cannot_be_accepted(running):
    client = english(running, "reporter_a")
    post(client, running.cycle, running.agency_b)
    assert not Commitment.objects.exists()


def test_logging_out_and_the_other_language_stay_open(running):
    client = english(running, "reporter_a")
    assert client.post("/i18n/setlang/", {"language": "en"}).status_code == 302
    client.post("/admin/logout/")
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("who", ["manager", "expert", "headquarters_a", "lead", "national", "observer"])
def test_nobody_else_is_asked(running, who):
    client = english(running, who)
    assert client.get("/admin/").status_code == 200
    assert client.get(PAGE).status_code == 404


def test_a_draft_asks_nobody(cast):
    cast.commits = False
    assert english(cast, "reporter_a").get("/admin/").status_code == 200
