"""An end is a day: typed without a time it ends at 24:00, and the form shows that day again."""

from datetime import timedelta

import pytest
from django.contrib import admin
from django.db import models
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from evaluation.admin.forms import END_FIELDS, JalaliEndField, JalaliEndWidget
from evaluation.enums import Stage
from evaluation.models import Announcement, Extension
from evaluation.persian import format_jalali, midnight_after, parse_jalali

pytestmark = pytest.mark.django_db
DAY = parse_jalali("1410/12/29")


def extension_form(cast, **more):
    typed = {
        "cycle": cast.cycle.pk,
        "agency": cast.agency_b.pk,
        "stage": "self_assessment",
        "part": "",
        "dimension": "",
    }
    return typed | {"ends_at": "۱۴۱۰/۱۲/۲۹", "reason": "سیل"} | more


def test_an_extension_ends_with_its_day_and_saving_twice_moves_nothing(cast):
    cast.until(Stage.SELF_ASSESSMENT)
    client = cast.client("manager")
    client.post(reverse("admin:evaluation_extension_add"), extension_form(cast))
    extension = Extension.objects.get()
    assert extension.ends_at == midnight_after(DAY)

    url = reverse("admin:evaluation_extension_change", args=[extension.pk])
    shown = client.get(url).context["adminform"].form["ends_at"]
    assert shown.field.widget.format_value(shown.value()) == "۱۴۱۰/۱۲/۲۹"
    for _round in range(2):
        client.post(url, extension_form(cast, ends_at=shown.field.widget.format_value(shown.value())))
    extension.refresh_from_db()
    assert extension.ends_at == midnight_after(DAY)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [("۱۴۱۰/۱۲/۲۹ ۱۴:۳۰", "۱۴۱۰/۱۲/۲۹ ۱۴:۳۰"), ("۱۴۱۰/۱۲/۲۹ ۰۰:۰۰", "۱۴۱۰/۱۲/۲۸")],
)
def test_a_time_is_kept_and_an_explicit_midnight_is_the_day_before(typed, shown):
    moment = JalaliEndField().clean(typed)
    assert JalaliEndWidget().format_value(moment) == shown
    assert JalaliEndField().clean(shown) == moment


def test_an_announcement_stands_until_the_end_of_its_day(cast):
    today = timezone.localdate()
    typed = {"province": cast.province.pk, "text": "قطعی برنامه‌ریزی‌شده", "kind": "info"}
    choices = dict(Announcement._meta.get_field("kind").choices)
    typed["kind"] = next(iter(choices))
    typed |= {"shown_from": format_jalali(today), "shown_until": format_jalali(today)}
    response = cast.client("manager").post(reverse("admin:evaluation_announcement_add"), typed)
    assert response.status_code == 302, response.context["errors"]
    assert Announcement.objects.get().shown_until == midnight_after(today)


def test_every_end_of_a_form_is_read_as_a_day(cast):
    """A model field of these names gives the field for ends, in whatever admin it stands."""
    request = RequestFactory().get("/")
    request.user = cast.manager
    found = set()
    for model, registered in admin.site._registry.items():
        for field in model._meta.fields:
            if isinstance(field, models.DateTimeField) and field.name in END_FIELDS:
                made = registered.formfield_for_dbfield(field, request)
                assert isinstance(made, JalaliEndField), field
                assert isinstance(made.widget, JalaliEndWidget), field
                found.add(field.name)
    assert found == END_FIELDS


def test_a_return_without_a_deadline_ends_with_a_day(cast):
    cast.until(Stage.TRANSFER)
    cast.cycle.windows.filter(stage=Stage.TRANSFER).update(closes_at=timezone.now() + timedelta(days=1))
    assessment = cast.assessment(cast.agency_a)
    url = reverse("admin:evaluation_assessment_do", args=[assessment.pk, "return_"])
    cast.client("headquarters_a").post(url, {"reason": "ناقص", "deadline": ""})
    assessment.refresh_from_db()
    assert assessment.return_deadline == midnight_after(timezone.localdate() + timedelta(days=7))
