"""The list of outages: what the downtime of the agreement is made of, and which of them were planned."""

import datetime

import pytest
from django.utils import timezone

from evaluation.models import Announcement, HealthCheck, Outage

from ..english import page, visit

pytestmark = pytest.mark.django_db
NOW = timezone.now()
MINUTE = datetime.timedelta(minutes=1)
HOUR = 60 * MINUTE


def test_staff_read_the_outages_and_the_figure_that_they_make(cast):
    HealthCheck.objects.create(checked_at=NOW, first_at=NOW - 48 * HOUR)
    Outage.objects.create(part="pages", reason="URLError", started_at=NOW - 20 * HOUR, ended_at=NOW - 18 * HOUR)
    Outage.objects.create(part="store", reason="OSError", started_at=NOW - 10 * HOUR, ended_at=NOW - 9 * HOUR)
    stop = {"shown_from": NOW - 11 * HOUR, "shown_until": NOW - 8 * HOUR}
    Announcement.objects.create(kind="interruption", text="تعمیر", **stop)
    Announcement.objects.create(kind="note", text="یادآوری", shown_from=NOW - 30 * HOUR)
    answer = visit(cast, "expert").get(page("outage_changelist"))
    rows = {row.part: row.announced for row in answer.context["cl"].result_list}
    assert rows == {"pages": False, "store": True}
    html = answer.content.decode()
    assert "3 hours in" in html
    for word in ("URLError", "Store of files", "planned stop", ">120<", ">60<"):
        assert word in html
    assert f"{page('announcement_changelist')}?kind__exact=interruption" in html
    assert page("outage_changelist") in visit(cast, "expert").get(page("announcement_changelist")).content.decode()


def test_nobody_outside_reads_them(cast):
    Outage.objects.create(part="pages")
    for person in ("reporter_a", "headquarters_a", "lead", "national", "observer"):
        assert visit(cast, person).get(page("outage_changelist")).status_code == 403
