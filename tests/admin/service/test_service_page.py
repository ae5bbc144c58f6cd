"""The page of the service before log-in: the facts of the identity form, both sides' promises, measured figures."""

import datetime
import re

import pytest
from django.core.cache import cache
from django.utils import timezone, translation

from evaluation.enums import PromiseMeasure, Stage
from evaluation.management import fixtures
from evaluation.models import Evidence, ServiceDesk, Ticket
from evaluation.process.service import ticket
from evaluation.reports import service_figures
from tests.strict import StrictClient

pytestmark = pytest.mark.django_db
URL = "/desk/service/"


@pytest.fixture
def loaded(cast):
    fixtures.load_templates()
    fixtures.load_services()
    fixtures.load_agreements()
    ServiceDesk.objects.create(province=cast.province, phone="۰۲۸-۳۳۳۳")
    return cast


def shown(client=None):
    html = (client or StrictClient()).get(URL).content.decode()
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", html))


def test_the_facts_of_the_identity_form_stand_before_log_in(loaded):
    page = shown()
    for fact in (
        "ارزیابی عملکرد سالانه دستگاه‌های اجرایی استان",
        "شناسهٔ خدمت ۱۰۰۱۱۷۷۶۰۰۰",
        "خدمت به دیگر دستگاه‌های دولتی",
        "ماهیت خدمت حاکمیتی",
        "سطح خدمت استانی",
        "نحوهٔ آغاز خدمت فرارسیدن زمانی مشخص",
        "تعداد خدمت‌گیرندگان در سال ۶۴",
        "متوسط مدت زمان ارائهٔ خدمت (ماه) ۴",
        "تواتر یک بار در سال",
        "نیازی به مراجعهٔ حضوری ندارد.",
        "هزینه‌ای برای ارائهٔ خدمت دریافت نمی‌شود.",
        "نام دستگاه مادر سازمان اداری و استخدامی کشور",
        "برنامه‌های اصلاح نظام اداری",
        "انتشار نتایج عملکرد دستگاه‌های اجرایی استان در قالب کتاب و لوح فشرده",  # the last of Tehran's steps
        "۰۲۸-۳۳۳۳",
    ):
        assert fact in page, fact


def test_both_sides_promises_stand_with_their_measured_figures(loaded):
    loaded.until(Stage.SELF_ASSESSMENT)
    filed = ticket.file_ticket(loaded.province, kind="fault", subject="الف", text="ب", by=loaded.reporter_a)
    ticket.answer(filed, text="پاسخ", by=loaded.expert)
    cache.clear()
    page = shown()
    assert "تعهدات سازمان مدیریت و برنامه‌ریزی استان" in page
    assert "تعهدات متقابل خدمت‌گیرنده و دستگاه اجرایی" in page
    assert "میانگین ۰ ساعت؛ ۱ از ۱ درخواست در مهلت" in page
    assert "دستگاه‌هایی که تعهدات را پذیرفته‌اند: ۲ از ۲ دستگاه (۱۰۰٪)" in page
    assert "این توافق‌نامه سطح خدمت تا زمانی که اصلاحیه آن صادر نگردد، اعتبار دارد." in page


def test_the_figures_are_measured_from_the_rows(cast):
    cast.until(Stage.CONFIRMATION)
    with translation.override("en"):
        figures = service_figures.figures(cast.province)
    assert set(figures) == set(PromiseMeasure)
    count = Evidence.objects.filter(removed_at=None).count()
    assert figures[PromiseMeasure.EVIDENCE].text == (f"{count} of {count} files (100%)" if count else "—")
    assert figures[PromiseMeasure.COMMITMENTS].text == "2 of 2 agencies (100%)"
    assert figures[PromiseMeasure.ON_BEHALF].text.startswith("0 of ")
    assert figures[PromiseMeasure.DOWNTIME].text == "—"
    assert re.fullmatch(r"\d+ days of \d+ planned, in \d+ stages", figures[PromiseMeasure.STAGE_DAYS].text)


def test_the_desk_shows_what_it_answered_kind_by_kind(loaded):
    loaded.until(Stage.SELF_ASSESSMENT)
    assert "میز خدمت در یک سال گذشته" not in shown()
    cache.clear()
    words = {"subject": "الف", "text": "ب", "by": loaded.reporter_a}
    for kind in ("fault", "fault", "suggestion"):
        filed = ticket.file_ticket(loaded.province, kind=kind, **words)
    Ticket.objects.update(filed_at=timezone.now() - datetime.timedelta(hours=3))
    first = Ticket.objects.filter(kind="fault").first()
    ticket.answer(first, text="پاسخ", by=loaded.expert)
    ticket.rate(first, satisfaction=4, by=loaded.reporter_a)
    Ticket.objects.filter(pk=filed.pk).update(filed_at=timezone.now() - datetime.timedelta(days=400))
    (faults,) = service_figures.tickets(loaded.province, timezone.now())
    assert (faults.filed, faults.in_time, round(faults.hours), faults.satisfaction, faults.share) == (2, 1, 3, 4, 100)
    assert "میز خدمت در یک سال گذشته" in shown()


def test_a_late_answer_shows(cast):
    filed = ticket.file_ticket(cast.province, kind="fault", subject="الف", text="ب", by=cast.reporter_a)
    ticket.answer(filed, text="پاسخ", by=cast.expert)
    late = filed.due_at.replace(year=filed.due_at.year - 1)
    Ticket.objects.update(filed_at=filed.filed_at, due_at=late)
    with translation.override("en"):
        figure = service_figures.figures(cast.province)[PromiseMeasure.FIRST_ANSWER]
    assert (figure.text, figure.good) == ("0 hours on average; 0 of 1 tickets in time", False)


def test_without_anything_published_the_page_says_so(cast):
    page = shown()
    assert "شناسنامهٔ خدمت هنوز منتشر نشده است." in page
    assert "توافق‌نامهٔ سطح خدمتی معتبر نیست." in page


@pytest.mark.parametrize("words", ["?province=x", "?province=99999", "?province=9999999999999999999999"])
def test_an_address_that_names_no_province_gets_the_first(loaded, words):
    assert StrictClient().get(f"{URL}{words}").context["province"] == loaded.province
