"""The page of a workshop: people of agencies by name, and their certificates."""

import pytest
from django.urls import reverse
from django.utils import timezone

from evaluation.models import Participant
from tests import factories as make
from tests.reports.pdf_text import chromium

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(cast):
    row = make.WorkshopFactory(cycle=cast.cycle, kind="agencies", title="کارگاه توجیهی")
    type(row).objects.filter(pk=row.pk).update(held_at=timezone.now(), held_by=cast.expert)
    row.refresh_from_db()
    return row


def certificates(row):
    return reverse("admin:evaluation_workshop_certificates", args=[row.pk])


def test_staff_enter_several_people_of_an_agency(cast, held):
    url = reverse("admin:evaluation_workshop_change", args=[held.pk])
    page = cast.client("expert").get(url)
    form = page.context["adminform"].form
    words = {name: form[name].value() or "" for name in form.fields if name not in ("material", "file")}
    words |= {"starts_at": "1405/01/01 08:00", "starts_at_0": "1405/01/01", "starts_at_1": "08:00"}
    rows = {"participants-TOTAL_FORMS": "2", "participants-INITIAL_FORMS": "0"}
    for number, (name, post) in enumerate((("خانم یک", "manager"), ("آقای دو", "expert"))):
        rows |= {f"participants-{number}-{field}": value for field, value in (("name", name), ("post", post))}
        rows |= {f"participants-{number}-agency": cast.agency_a.pk, f"participants-{number}-attended": "on"}
    response = cast.client("expert").post(url, {**words, **rows})
    assert response.status_code == 302, response.context["errors"]
    assert list(Participant.objects.values_list("name", "post", "attended")) == [
        ("خانم یک", "manager", True),
        ("آقای دو", "expert", True),
    ]
    assert held.attendances.get().attended is True


def test_each_person_who_came_gets_a_certificate_and_an_agency_its_own(cast, held):
    for agency, name in ((cast.agency_a, "خانم یک"), (cast.agency_b, "آقای دو")):
        held.participants.create(agency=agency, name=name, post="expert", attended=True)
    held.participants.create(agency=cast.agency_b, name="غایب", post="expert", attended=False)
    everybody = chromium(cast.client("expert").get(certificates(held)).getvalue())
    assert "خانم یک" in everybody
    assert "آقای دو" in everybody
    assert "غایب" not in everybody
    assert "گواهی شرکت در کارگاه" in everybody
    own = chromium(cast.client("reporter_a").get(certificates(held)).getvalue())
    assert "خانم یک" in own
    assert "آقای دو" not in own


def test_without_anybody_who_came_there_is_no_certificate(cast, held):
    assert cast.client("expert").get(certificates(held)).status_code == 404
