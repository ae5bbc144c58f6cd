"""The official form of a process, and what the checklist says of tracks and of what shows a stage's work."""

import re

import pytest
from django.urls import reverse

from evaluation.enums import Stage
from evaluation.management import fixtures
from evaluation.models import ProcessTemplate
from evaluation.persian import localise_digits
from evaluation.process.year import checklist

pytestmark = pytest.mark.django_db


def words(response):
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", response.content.decode()))


def test_ilams_form_is_shown_with_its_boxes_and_steps(cast):
    fixtures.load_templates()
    ilam = ProcessTemplate.objects.get(code="ilam-12", province=None)
    url = reverse("admin:evaluation_processtemplate_form", args=[ilam.pk])
    page = words(cast.client("observer").get(url))
    for text in (
        "گروه، اداره یا واحد نوسازی اداری و مدیریت عملکرد",
        "نوع الکترونیکی",
        "وضعیت جاری",
        "ارزیابی دستگاه‌های اجرایی استان و شناخت نقاط قوت و ضعف آن‌ها و در آخر ارائه برنامه بهبود عملکرد",
        "کلیه دستگاه‌های اجرایی استان",
        "فرم شاخص‌های عمومی و اختصاصی",
        "سامانه الکترونیکی ارزیابی عملکرد تحت عنوان تسما",
        "هدایت و راهبری دستگاه‌های اجرایی",
        "تعداد کل مراحل: ۱۲ ۲۱۰",
    ):
        assert text in page, text
    assert cast.client("observer").post(url).status_code == 405


@pytest.mark.parametrize("code", ["ilam-12", "tehran-23"])
def test_no_row_of_a_form_that_its_document_fills_is_empty(cast, code):
    fixtures.load_templates()
    template = ProcessTemplate.objects.get(code=code, province=None)
    asked = [name for name in fixtures.PROCESS_FORM if name != "track"]  # both documents are about both dimensions
    assert [name for name in asked if not getattr(template, name)] == []
    page = words(cast.client("observer").get(reverse("admin:evaluation_processtemplate_form", args=[template.pk])))
    assert [name for name in asked if words_of(getattr(template, name)) not in page] == []


def words_of(text):
    return re.sub(r"\s+", " ", localise_digits(text, "fa"))


def test_the_checklist_names_the_track_and_what_shows_the_work(cast):
    fixtures.load_templates()
    cast.until(Stage.BRIEFING)
    for code in ("flowchart-general", "flowchart-specific"):
        checklist.take_template(cast.cycle, ProcessTemplate.objects.get(code=code, province=None))
    page = words(cast.client("manager").get(reverse("admin:evaluation_cycle_steps", args=[cast.cycle.pk])))
    assert "مسیر شاخص‌های عمومی" in page
    assert "مسیر شاخص‌های اختصاصی" in page
    letter = cast.cycle.circulars.get(sent_at__isnull=False)
    assert f"نامهٔ {localise_digits(letter.number, 'fa')}، ارسال‌شده در" in page
