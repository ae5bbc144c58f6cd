"""The page between two years, and the dialog that drafts the next one."""

import pytest
from django.conf import settings
from django.urls import reverse

from evaluation.enums import Stage
from evaluation.models import Cycle

pytestmark = pytest.mark.django_db


def client(cast, who):
    visitor = cast.client(who)
    visitor.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return visitor


def test_the_dialog_drafts_the_next_year_and_the_page_lists_what_comes_and_what_changed(cast):
    cast.until(Stage.SELF_ASSESSMENT)
    manager, page = client(cast, "manager"), reverse("admin:evaluation_cycle_years", args=[cast.cycle.pk])
    before = manager.get(page)
    assert before.context["to_come"].tables[0].rows[2] == ("General indicators with their origins", 5)
    url = reverse("admin:evaluation_cycle_do", args=[cast.cycle.pk, "open_next_year"])
    assert before.context["open_url"] == url
    response = manager.post(url, {"title": "ارزیابی سال بعد", "specific": "on"})
    copy = Cycle.objects.get(title="ارزیابی سال بعد")
    assert response.url == reverse("admin:evaluation_cycle_years", args=[copy.pk])
    after = manager.get(response.url)
    assert after.context["since"].title == f"What has changed since “{cast.cycle}”"
    assert after.context["source"]["cycle"] == cast.cycle
    refused = manager.post(url, {"title": "دومی", "specific": "on"})
    assert [str(reason) for reason in refused.context["reasons"]] == [
        f"The province has the later cycle “{copy}” already."
    ]
    assert Cycle.objects.count() == 2


def test_an_archived_cycle_gives_the_next_one_on_its_page(cast):
    cast.until(Stage.SELF_ASSESSMENT)
    Cycle.objects.filter(pk=cast.cycle.pk).update(stage="closed")
    url = reverse("admin:evaluation_cycle_do", args=[cast.cycle.pk, "open_next_year"])
    assert client(cast, "expert").post(url, {"title": "سال بعد"}).status_code == 302
    assert not Cycle.objects.get(title="سال بعد").indicators.exclude(agency=None).exists()
