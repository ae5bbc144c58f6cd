"""Rows that all provinces share belong to the nation; a province adds its own, or works with its own copy."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from evaluation.enums import NoticeKind, Role, Stage
from evaluation.models import (
    ExternalSystem,
    Headquarters,
    LegalReference,
    LetterTemplate,
    LevelScheme,
    Notice,
    NoticeTemplate,
    PartnerBody,
    ProcessTemplate,
)
from evaluation.process.messages import mail
from evaluation.process.provincial_copy import copy_for_province
from evaluation.rules.permissions import holds
from tests import factories as make
from tests.cast import person

pytestmark = pytest.mark.django_db
SHARED = (
    Headquarters,
    PartnerBody,
    LegalReference,
    ExternalSystem,
    LevelScheme,
    ProcessTemplate,
    NoticeTemplate,
    LetterTemplate,
)
COPIED = (LevelScheme, ProcessTemplate, NoticeTemplate, LetterTemplate)


def address(row, page="change"):
    return reverse(f"admin:evaluation_{row._meta.model_name}_{page}", args=[row.pk])


@pytest.fixture
def elsewhere(cast):
    """The manager of another province."""
    return person("elsewhere", Role.MANAGER, province=make.ProvinceFactory(code="yazd", name="یزد"))


@pytest.fixture
def shared(cast):
    scheme = LevelScheme.objects.create(code="s", title="سطوح")
    scheme.levels.create(order=1, title="خوب")
    template = ProcessTemplate.objects.create(code="t", title="فرایند")
    template.steps.create(number=1, title="گام", stage="circular")
    NoticeTemplate.objects.all().delete()
    return {
        Headquarters: cast.headquarters_body,
        PartnerBody: PartnerBody.objects.create(code="p", name="بیمه"),
        LegalReference: LegalReference.objects.create(title="قانون", number="۸۱"),
        ExternalSystem: ExternalSystem.objects.create(code="sina", name="سینا", body="سازمان", mode="online"),
        LevelScheme: scheme,
        ProcessTemplate: template,
        LetterTemplate: LetterTemplate.objects.create(kind="level", subject="نتایج", body="{total}", signer="رئیس"),
        NoticeTemplate: NoticeTemplate.objects.create(kind=NoticeKind.RESULTS, subject="نتایج", body="{text}"),
    }


@pytest.mark.parametrize("model", SHARED)
def test_a_province_reads_what_is_shared_and_does_not_change_it(cast, shared, model):
    row = shared[model]
    before = type(row).objects.values().get(pk=row.pk)
    client = cast.client("manager")
    assert client.get(address(row)).status_code == 200
    assert (
        client.post(address(row), {"name": "دیگر", "title": "دیگر", "code": "x", "subject": "دیگر"}).status_code == 403
    )
    assert type(row).objects.values().get(pk=row.pk) == before
    assert holds(cast.national, f"change_{row._meta.model_name}", row)


def test_a_row_that_staff_add_is_their_provinces_and_nobody_elses(cast, elsewhere):
    url = reverse("admin:evaluation_legalreference_add")
    typed = {"title": "آیین‌نامه", "number": "۱۲", "date": "", "source": ""}
    cast.client("manager").post(url, {**typed, "province": cast.province.pk})
    row = LegalReference.objects.get(number="۱۲")
    assert row.province == cast.province
    assert cast.client(elsewhere).get(address(row)).status_code == 404
    assert cast.client("expert").post(address(row), {**typed, "title": "آیین‌نامهٔ دوم"}).status_code == 302
    assert LegalReference.objects.get(pk=row.pk).title == "آیین‌نامهٔ دوم"


def test_nobody_adds_a_row_to_another_province_or_to_all(cast, elsewhere):
    url = reverse("admin:evaluation_legalreference_add")
    typed = {"title": "آیین‌نامه", "number": "۱۲", "date": "", "source": ""}
    for province in ("", elsewhere.memberships.get().province_id):
        response = cast.client("manager").post(url, {**typed, "province": province})
        assert response.context["adminform"].form.errors.keys() == {"province"}
    assert not LegalReference.objects.filter(number="۱۲").exists()


def test_a_law_needs_neither_number_nor_date_and_stands_once(cast):
    url = reverse("admin:evaluation_legalreference_add")
    typed = {"title": "قانون اساسی", "number": "", "date": "", "link": "https://example.ir", "source": ""}
    client = cast.client("manager")
    assert client.post(url, {**typed, "province": cast.province.pk}).status_code == 302
    row = LegalReference.objects.get()
    assert (row.number, row.date, row.link, str(row)) == ("", None, "https://example.ir", "قانون اساسی")
    response = client.post(url, {**typed, "province": cast.province.pk})
    assert response.context["adminform"].form.non_field_errors() == [
        "چنین موردی قبلاً ثبت شده است؛ همان را ویرایش کنید."
    ]


def test_the_list_of_laws_says_which_are_in_force(cast):
    today = timezone.localdate()
    days = (None, None), (today, today), (None, today - timedelta(1)), (today + timedelta(1), None)
    for number, (start, end) in enumerate(days, 1):
        LegalReference.objects.create(title="قانون", number=number, valid_from=start, valid_until=end)
    page = cast.client("observer").get(reverse("admin:evaluation_legalreference_changelist"))
    html = page.content.decode()
    cells = re.findall(r"<td[^>]*field-validity[^>]*>(.*?)</td>", html, re.S)
    assert [re.sub("<[^>]+>", "", cell).strip() for cell in cells] == ["معتبر", "معتبر", "منقضی", "هنوز معتبر نشده"]


@pytest.mark.parametrize("kind", ["committee", "indicator"])
def test_a_committee_and_an_indicator_cite_a_law(cast, kind, elsewhere):
    law = LegalReference.objects.create(title="قانون مدیریت خدمات کشوری")
    other = elsewhere.memberships.get().province
    foreign = LegalReference.objects.create(title="مصوبهٔ استان دیگر", province=other)
    page = cast.client("manager").get(reverse(f"admin:evaluation_{kind}_add"))
    offered = page.context["adminform"].form.fields["legal_reference"].queryset
    assert law in offered
    assert foreign not in offered


def test_the_national_organization_adds_shared_rows(cast):
    url = reverse("admin:evaluation_legalreference_add")
    cast.client("national").post(url, {"title": "آیین‌نامه", "number": "۱۲", "date": "", "source": "", "province": ""})
    assert LegalReference.objects.get(number="۱۲").province is None


@pytest.mark.parametrize("model", COPIED)
def test_a_province_works_with_its_own_copy(cast, shared, elsewhere, model):
    row, client = shared[model], cast.client("manager")
    response = client.post(f"{address(row, 'change').removesuffix('change/')}do/copy_for_province/")
    copy = type(row).objects.get(province=cast.province)
    assert response.headers["Location"] == address(copy)
    assert holds(cast.manager, f"change_{row._meta.model_name}", copy)
    assert not holds(elsewhere, f"change_{row._meta.model_name}", copy)
    assert cast.client(elsewhere).get(address(copy)).status_code == 404
    again = client.post(f"{address(row).removesuffix('change/')}do/copy_for_province/")
    assert f"استان شما از «{row}» نسخهٔ اختصاصی دارد" in again.content.decode()
    assert type(row).objects.filter(province=cast.province).count() == 1


def test_a_copy_has_its_own_levels_and_steps(cast, shared):
    (scheme,) = copy_for_province(shared[LevelScheme], by=cast.manager)
    (template,) = copy_for_province(shared[ProcessTemplate], by=cast.manager)
    assert [level.title for level in scheme.levels.all()] == ["خوب"]
    assert [step.title for step in template.steps.all()] == ["گام"]
    scheme.levels.update(title="عالی")
    assert [level.title for level in shared[LevelScheme].levels.all()] == ["خوب"]


def test_e_mails_of_a_province_read_as_its_copy_says(cast, shared, elsewhere, mailoutbox):
    (copy,) = copy_for_province(shared[NoticeTemplate], by=cast.manager)
    NoticeTemplate.objects.filter(pk=copy.pk).update(subject="نتایج قزوین")
    there = make.CycleFactory(province=elsewhere.memberships.get().province, title="ارزیابی یزد")
    for user, cycle in ((cast.reporter_a, cast.cycle), (elsewhere, there)):
        user.email = f"{user.username}@example.ir"
        user.save()
        Notice.objects.create(user=user, event="e", kind=NoticeKind.RESULTS, cycle=cycle, text="نتایج", mail_due=True)
    mail.send_due()
    assert {message.to[0]: message.subject for message in mailoutbox} == {
        "reporter_a@example.ir": "نتایج قزوین",
        "elsewhere@example.ir": "نتایج",
    }


@pytest.mark.one_database
def test_what_a_province_only_reads_keeps_its_lines_and_shows_no_raw_list(cast, shared):
    client = cast.client("manager")
    NoticeTemplate.objects.update(body="باسمه تعالی\nبا سلام <و> احترام")
    page = client.get(address(shared[NoticeTemplate])).content.decode()
    assert "باسمه تعالی<br>با سلام &lt;و&gt; احترام" in page

    def skipped():
        page = client.get(address(shared[ProcessTemplate])).content.decode()
        return " ".join(re.sub("<[^>]*>", " ", page.partition("مراحل حذف‌شده")[2])[:400].split())

    assert skipped().startswith("— ")
    ProcessTemplate.objects.update(skipped=["briefing", "indicators"])
    assert skipped().startswith(f"{Stage.BRIEFING.label}، {Stage.INDICATORS.label} ")
