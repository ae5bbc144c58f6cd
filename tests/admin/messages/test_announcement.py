"""Announcements above the pages and before the login, answers on the first page, and the bell."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from evaluation.enums import Role
from evaluation.models import Announcement, Faq, Notice
from evaluation.process.messages import announcement
from tests import factories as make
from tests.strict import StrictClient

pytestmark = pytest.mark.django_db
TEXT = "سامانه جمعه تا ظهر بسته است."


def announce(**columns):
    return Announcement.objects.create(**{"text": TEXT} | columns)


def first_page(cast, user):
    return cast.client(user).get(reverse("admin:index"))


def login_page():
    return StrictClient().get(reverse("admin:login"))


def shown(response):
    return response.content.decode().count(TEXT)


def test_an_announcement_of_the_province_stands_above_the_pages_of_its_people(cast):
    announce(province=cast.province)
    for user in (cast.manager, cast.reporter_a, cast.headquarters_a, cast.evaluator):
        assert shown(first_page(cast, user)) == 1
    assert shown(login_page()) == 0


def test_that_of_another_province_does_not(cast):
    announce(province=make.ProvinceFactory())
    assert shown(first_page(cast, cast.manager)) == 0


def test_one_for_everybody_before_the_login_too(cast):
    announce(on_login_page=True, kind="fault")
    page = login_page()
    assert shown(page) == 1
    lines = [line.strip() for line in page.content.decode().splitlines()]
    assert '<p dir="auto" class="ev-note ev-danger" role="alert">' + TEXT + "</p>" in "".join(lines)
    assert shown(first_page(cast, cast.secretary)) == 1


@pytest.mark.parametrize(("offset", "expected"), [(-1, []), (0, [TEXT]), (59, [TEXT]), (60, []), (61, [])])
def test_it_is_shown_from_its_first_moment_up_to_its_last(offset, expected):
    begin = timezone.now()
    announce(shown_from=begin, shown_until=begin + datetime.timedelta(seconds=60))
    at = begin + datetime.timedelta(seconds=offset)
    assert [each.text for each in announcement.in_force(at)] == expected


def test_faults_come_first(cast):
    announce(text="خبر", kind="note")
    announce(text="خرابی", kind="fault", shown_from=timezone.now() - datetime.timedelta(days=3))
    assert [each.text for each in announcement.announced_to(cast.manager)] == ["خرابی", "خبر"]


def test_an_expert_writes_one_for_the_own_province_by_default(cast):
    day = timezone.localdate()
    page = cast.client(cast.expert).post(
        reverse("admin:evaluation_announcement_add"),
        {"kind": "fault", "text": TEXT, "province": "", "shown_from_0": "1404/05/12", "shown_from_1": "08:00",
         "shown_from": "1404/05/12 08:00", "shown_until": "", "on_login_page": "on"},
    )  # fmt: skip
    assert page.status_code == 302, page.context["errors"]
    written = Announcement.objects.get()
    assert (written.province, written.written_by, written.on_login_page) == (cast.province, cast.expert, True)
    assert written.shown_from.date() < day


def test_answers_are_for_everybody_or_for_a_role(cast):
    Faq.objects.create(question="همه", answer="پاسخ", order=1)
    Faq.objects.create(question="دستگاه", answer="پاسخ", role=Role.AGENCY, order=2)
    Faq.objects.create(question="استان دیگر", answer="پاسخ", province=make.ProvinceFactory(), order=3)

    def asked(user):
        return [each.question for each in announcement.answers_for(user)]

    assert asked(cast.reporter_a) == ["همه", "دستگاه"]
    assert asked(cast.evaluator) == ["همه"]
    assert "<summary>دستگاه</summary><p>پاسخ</p>" in first_page(cast, cast.reporter_a).content.decode()


def test_the_bell_counts_what_is_unread(cast):
    Notice.objects.filter(user=cast.expert).delete()
    for number in range(3):
        Notice.objects.create(user=cast.expert, event=f"{number}", text="خبر")
    Notice.objects.filter(user=cast.expert, event="0").update(read_at=timezone.now())
    text = first_page(cast, cast.expert).content.decode()
    assert '<b class="ev-bell-count" aria-hidden="true">۲</b>' in text
    Notice.objects.filter(user=cast.expert).update(read_at=timezone.now())
    assert "ev-bell-count" not in first_page(cast, cast.expert).content.decode()
