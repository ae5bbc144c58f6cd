"""Health checks: outages begin and end, standstills are seen, downtime counts overlapping ones once."""

import datetime
import urllib.error

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from evaluation import tasks
from evaluation.models import HealthCheck, Outage
from evaluation.process.service import health

pytestmark = pytest.mark.django_db
NOW = timezone.now()
MINUTE = datetime.timedelta(minutes=1)


def test_an_outage_lasts_from_the_first_check_that_fails_to_the_first_that_succeeds():
    health.record({}, at=NOW)
    health.record({"pages": "URLError"}, at=NOW + 5 * MINUTE)
    health.record({"pages": "URLError"}, at=NOW + 10 * MINUTE)
    health.record({}, at=NOW + 15 * MINUTE)
    assert list(Outage.objects.values_list("part", "reason", "started_at", "ended_at")) == [
        ("pages", "URLError", NOW + 5 * MINUTE, NOW + 15 * MINUTE)
    ]
    assert health.downtime(NOW, NOW + 60 * MINUTE) == 10 * MINUTE
    assert health.watched_since() is not None
    assert HealthCheck.objects.count() == 1


@pytest.mark.parametrize(("minutes", "down"), [(15, 0), (16, 16), (90, 90)])
def test_a_long_gap_between_checks_is_a_standstill(minutes, down):
    health.record({}, at=NOW)
    health.record({}, at=NOW + minutes * MINUTE)
    assert health.downtime(NOW, NOW + 120 * MINUTE) == down * MINUTE


def test_outages_of_two_parts_at_once_count_once():
    Outage.objects.create(part="pages", started_at=NOW, ended_at=NOW + 20 * MINUTE)
    Outage.objects.create(part="cache", started_at=NOW + 10 * MINUTE, ended_at=NOW + 30 * MINUTE)
    Outage.objects.create(part="store", started_at=NOW + 50 * MINUTE)
    assert health.downtime(NOW, NOW + 60 * MINUTE) == 40 * MINUTE
    assert health.downtime(NOW + 15 * MINUTE, NOW + 25 * MINUTE) == 10 * MINUTE


def test_the_task_asks_pages_cache_and_store(monkeypatch):
    def unreachable(*args, **kwargs):
        raise urllib.error.URLError("no answer")

    monkeypatch.setattr(health.urllib.request, "urlopen", unreachable)
    report = tasks.check_health()
    assert [(row["text"], row["reason"]) for row in report["failed"]] == [("pages", "URLError")]
    assert Outage.objects.get().part == "pages"
    assert default_storage.listdir("health")[1] == []
