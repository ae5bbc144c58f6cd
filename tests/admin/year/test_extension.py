"""Asking for more time on the page of an assessment, answering it, and the list of extensions for oversight."""

import datetime
import io
import re

import openpyxl
import pytest
from django.contrib import admin
from django.utils import timezone, translation

from evaluation.admin.year.calendar_page import calendar_of
from evaluation.enums import Stage
from evaluation.models import Extension, ExtensionRequest
from evaluation.persian import format_jalali_datetime
from evaluation.process.year import windows
from tests.admin.english import page, visit

DAY = datetime.timedelta(days=1)


@pytest.fixture
def entry(cast):
    return cast.until(Stage.SELF_ASSESSMENT)


def window(cast):
    return cast.cycle.windows.get(stage=Stage.SELF_ASSESSMENT)


def asked(cast):
    """A request by the button of agency A's page."""
    own = cast.assessment(cast.agency_a)
    wanted = format_jalali_datetime(window(cast).closes_at + DAY * 5, language="fa")
    given = {"wanted_until": wanted, "reason": "سیل"}
    response = visit(cast, "reporter_a").post(page("assessment_do", own.pk, "ask_extension"), given)
    assert response.status_code == 302
    return ExtensionRequest.objects.get()


def extended(cast, agency, days):
    ends_at = window(cast).closes_at + DAY * days
    return windows.extend(
        cast.cycle, agency, stage=Stage.SELF_ASSESSMENT, ends_at=ends_at, reason="سیل", by=cast.manager
    )


def test_an_agency_asks_and_the_province_grants_with_an_end_of_its_own(entry):
    request = asked(entry)
    client = visit(entry, "expert")
    row = next(row for row in client.get("/admin/").context["todo"] if "extension" in str(row["title"]))
    assert (row["title"], row["count"]) == ("Requests for an extension to decide", 1)
    address = page("extensionrequest_do", request.pk, "grant")
    form = client.get(address).context["form"]
    assert form["ends_at"].value() == timezone.make_naive(request.wanted_until)
    ends_at = window(entry).closes_at + DAY * 2
    client.post(address, {"ends_at": format_jalali_datetime(ends_at), "note": ""})
    request.refresh_from_db()
    assert (request.decision, request.extension.ends_at) == ("granted", ends_at)
    assert request.extension.approver == entry.expert


def test_a_second_request_is_refused_in_the_dialog(entry):
    asked(entry)
    address = page("assessment_do", entry.assessment(entry.agency_a).pk, "ask_extension")
    wanted = format_jalali_datetime(window(entry).closes_at + DAY * 9)
    response = visit(entry, "reporter_a").post(address, {"wanted_until": wanted, "reason": "باران"})
    assert response.context["reasons"] == [
        "Your earlier request is waiting for its answer; you can ask again afterwards."
    ]


def test_a_request_is_refused_with_a_reason(entry):
    request = asked(entry)
    address = page("extensionrequest_do", request.pk, "refuse")
    visit(entry, "manager").post(address, {"reason": "مهلت کافی است"})
    request.refresh_from_db()
    assert (request.decision, request.decision_note, request.decided_by) == (
        "refused",
        "مهلت کافی است",
        entry.manager,
    )
    assert visit(entry, "reporter_a").post(address, {"reason": "نه"}).status_code == 403


def test_an_agency_reads_its_own_requests_alone(entry):
    request = asked(entry)
    address = page("extensionrequest_change", request.pk)
    assert visit(entry, "reporter_a").get(address).status_code == 200
    assert visit(entry, "reporter_b").get(address).status_code == 404


def test_the_list_tells_running_from_lapsed_and_counts_days_by_agency(entry):
    first, _second = extended(entry, entry.agency_a, 3), extended(entry, entry.agency_b, 8)
    Extension.objects.filter(pk=first.pk).update(granted_at=timezone.now() - DAY * 2, ends_at=timezone.now() - DAY)
    client, address = visit(entry, "manager"), page("extension_changelist")
    shown = {
        choice: [row.agency.code for row in client.get(address, {"runs": choice}).context["cl"].result_list]
        for choice in ("yes", "no")
    }
    assert shown == {"yes": ["B"], "no": ["A"]}
    by_agency = client.get(address).context["extensions_of"]
    assert [(row["agency"].code, row["number"], row["days"]) for row in by_agency] == [("B", 1, 8), ("A", 1, 0)]
    own = visit(entry, "reporter_a").get(address).context["extensions_of"]
    assert [row["agency"].code for row in own] == ["A"]


def test_an_end_at_midnight_is_shown_as_the_last_day(entry):
    midnight = timezone.make_aware(datetime.datetime.combine(datetime.date(2027, 1, 10), datetime.time.min))
    given = extended(entry, entry.agency_a, 3)
    shown = {}
    for ends_at in (midnight, midnight + datetime.timedelta(hours=14, minutes=30)):
        Extension.objects.filter(pk=given.pk).update(ends_at=ends_at)
        given.refresh_from_db()
        with translation.override("fa"):
            column = admin.site.get_model_admin(Extension).ending(given)
        row = next(row for row in calendar_of(entry.cycle, entry.manager)["groups"] if row["stage"] == given.stage)
        shown[column] = str(row["rows"][0]["extensions"][0]["until"])
    assert [re.sub("<.*?>", "", words) for words in shown] == ["۱۴۰۵/۱۰/۱۹", "۱۴۰۵/۱۰/۲۰ ساعت ۱۴:۳۰"]
    assert list(shown.values()) == ["2027-01-09", "2027-01-10 11:00:00+00:00"]


def test_the_extensions_as_a_workbook(entry):
    extended(entry, entry.agency_a, 3)
    extended(entry, entry.agency_b, 8)
    address = page("extension_workbook")
    book = openpyxl.load_workbook(io.BytesIO(visit(entry, "manager").get(address).content))
    every, by_agency = book.worksheets
    assert (every.max_row, by_agency.max_row) == (3, 3)
    assert [cell.value for cell in by_agency[2]] == ["B", "اداره ب", 1, 8]
    own = openpyxl.load_workbook(io.BytesIO(visit(entry, "reporter_a").get(address).content))
    assert own.worksheets[0].max_row == 2
    assert visit(entry, "evaluator").get(address).status_code == 403
