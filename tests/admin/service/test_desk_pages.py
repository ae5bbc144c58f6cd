"""The service desk before log-in: what it gives, and what it gives to nobody."""

import datetime
import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from evaluation.models import Faq, OutsideRequest, ServiceDesk, Ticket
from evaluation.process.door import Refusal
from evaluation.process.service import outside, ticket
from tests import factories as make
from tests.strict import StrictClient

pytestmark = pytest.mark.django_db
WORDS = {
    "kind": "login",
    "subject": "رمز عبور",
    "text": "نمی‌توانم وارد شوم.",
    "name": "خانم رضایی، ادارهٔ الف",
    "phone": "۰۹۱۲",
    "email": "",
    "about_role": "",
    "about_name": "",
    "website": "",
}
REFUSED = "درخواستی با این شماره و رمز پیگیری وجود ندارد."
TOO_MANY = "تعداد درخواست‌های شبکهٔ شما از حد مجاز بیشتر است. یک ساعت دیگر دوباره تلاش کنید یا با اداره تماس بگیرید."


def url(name):
    return reverse(f"desk:{name}")


@pytest.fixture
def desk(cast):
    return ServiceDesk.objects.create(province=cast.province, phone="028-33334444", address="قزوین، خیابان نادری")


def write(client, desk, address="203.0.113.7", **words):
    return client.post(url("write"), {"province": desk.province_id, **WORDS, **words}, REMOTE_ADDR=address)


def written(client, desk, **words):
    """(reference, code) of a new ticket, as the page after the form shows them."""
    assert write(client, desk, **words).url == url("written")
    page = client.get(url("written"))
    return page.context["reference"], page.context["code"]


def errors(response):
    return [str(error) for error in response.context["form"].non_field_errors()]


def test_the_way_to_the_desk_starts_at_the_log_in_page(cast, desk):
    client = StrictClient()
    assert f'href="{url("home")}"' in client.get(reverse("admin:login")).content.decode()
    page = client.get(url("home")).content.decode()
    assert "۰۲۸-۳۳۳۳۴۴۴۴" in page
    assert "قزوین، خیابان نادری" in page


def test_somebody_without_an_account_writes_and_reads_the_answer(cast, desk):
    client = StrictClient()
    reference, code = written(client, desk)
    row = Ticket.objects.get()
    assert (row.reference, row.author, row.kind, row.name) == (reference, None, "login", WORDS["name"])
    assert code.replace("-", "") not in row.code_hash
    ticket.answer(row, text="رمز تازه فرستاده شد.", by=cast.expert)
    other = StrictClient()  # another browser
    persian = code.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
    assert other.post(url("follow"), {"reference": reference, "code": persian}).url == url("follow")
    page = other.get(url("follow")).content.decode()
    assert "رمز تازه فرستاده شد." in page
    assert cast.expert.get_full_name() not in page
    assert other.post(url("rate"), {"satisfaction": "5", "note": ""}).url == url("follow")
    assert other.post(url("write_again"), {"text": "باز هم نشد."}).url == url("follow")
    row.refresh_from_db()
    assert (row.state, row.satisfaction, row.messages.count()) == ("reopened", 5, 3)
    ticket.answer(row, text="این بار شد.", by=cast.expert)
    other.post(url("close"))
    row.refresh_from_db()
    assert row.state == "closed"


def test_the_code_is_shown_once(cast, desk):
    client = StrictClient()
    written(client, desk)
    assert client.get(url("written")).url == url("follow")


def test_an_unknown_number_and_a_wrong_code_get_the_same_answer(cast, desk):
    reference, code = written(StrictClient(), desk)
    inside = ticket.file_ticket(cast.province, by=cast.reporter_a, kind="fault", subject="الف", text="ب")
    tried = [(reference, "123456789012"), ("00000000", code), (inside.reference, code), (reference, "۰")]
    pages = [StrictClient().post(url("follow"), {"reference": number, "code": secret}) for number, secret in tried]
    assert [(page.status_code, errors(page)) for page in pages] == [(200, [REFUSED])] * 4
    csrf = re.compile(r'name="csrfmiddlewaretoken" value="\w+"|value="[^"]*"')
    assert len({csrf.sub("", page.content.decode()) for page in pages}) == 1


def test_a_ticket_is_shown_to_its_own_browser_for_half_an_hour(cast, desk, monkeypatch):
    client = StrictClient()
    reference, code = written(client, desk)
    assert "desk/ticket.html" not in [used.name for used in StrictClient().get(url("follow")).templates]
    client.post(url("follow"), {"reference": reference, "code": code})
    assert "desk/ticket.html" in [used.name for used in client.get(url("follow")).templates]
    later = timezone.now() + datetime.timedelta(minutes=31)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert "desk/ticket.html" not in [used.name for used in client.get(url("follow")).templates]
    assert client.post(url("write_again"), {"text": "x"}).url == url("follow")
    assert Ticket.objects.get().messages.count() == 1


def test_an_address_writes_five_times_an_hour(cast, desk):
    client = StrictClient()
    for _time in range(5):
        assert write(client, desk).status_code == 302
    refused = write(client, desk)
    assert (refused.status_code, errors(refused)) == (429, [TOO_MANY])
    assert refused.context["form"]["text"].value() == WORDS["text"]
    assert write(client, desk, address="203.0.113.8").status_code == 302
    assert Ticket.objects.count() == 6
    OutsideRequest.objects.update(at=timezone.now() - datetime.timedelta(hours=1, seconds=1))
    assert write(client, desk).status_code == 302


def test_guessing_codes_ends_after_ten_tries_even_with_the_right_one(cast, desk):
    reference, code = written(StrictClient(), desk)
    for _time in range(10):
        assert StrictClient().post(url("follow"), {"reference": reference, "code": "1"}).status_code == 200
    last = StrictClient().post(url("follow"), {"reference": reference, "code": code})
    assert (last.status_code, errors(last)) == (429, [TOO_MANY])


def test_a_flood_from_many_addresses_ends_too(cast, desk, monkeypatch):
    monkeypatch.setattr(outside, "MAX_FILED", (3, outside.DAY))
    answers = [write(StrictClient(), desk, address=f"203.0.113.{last}").status_code for last in range(1, 6)]
    assert answers == [302, 302, 302, 429, 429]


def test_an_ipv6_network_is_one_address_and_no_address_is_kept():
    assert outside.address_key("2001:db8:1:2::1") == outside.address_key("2001:db8:1:2:ffff::9")
    assert outside.address_key("2001:db8:1:3::1") != outside.address_key("2001:db8:1:2::1")
    outside.count(outside.FILE, "203.0.113.7")
    assert "203.0.113.7" not in OutsideRequest.objects.get().address_key


def test_counts_older_than_a_day_are_removed():
    outside.count(outside.FILE, "203.0.113.7", at=timezone.now() - datetime.timedelta(days=2))
    outside.count(outside.FILE, "203.0.113.7")
    assert OutsideRequest.objects.count() == 1


def test_what_the_sender_says_of_the_address_counts_only_behind_the_proxy(cast, desk, settings):
    spoof = {"HTTP_X_FORWARDED_FOR": "198.51.100.1, 203.0.113.50"}
    client = StrictClient()
    client.post(url("write"), {"province": desk.province_id, **WORDS}, REMOTE_ADDR="10.0.0.1", **spoof)
    settings.BEHIND_PROXY = True
    client.post(url("write"), {"province": desk.province_id, **WORDS}, REMOTE_ADDR="10.0.0.1", **spoof)
    keys = list(OutsideRequest.objects.order_by("pk").values_list("address_key", flat=True))
    assert keys == [outside.address_key("10.0.0.1"), outside.address_key("203.0.113.50")]


def test_a_program_that_fills_the_trap_files_nothing(cast, desk):
    page = write(StrictClient(), desk, website="http://spam.example")
    assert page.status_code == 200
    assert "این فرم را یک برنامهٔ رایانه‌ای تکمیل کرده است." in page.content.decode()
    assert not Ticket.objects.exists()
    assert not OutsideRequest.objects.exists()


@pytest.mark.parametrize("name", ["write", "follow", "write_again", "rate", "close"])
def test_each_form_needs_its_token(cast, desk, name):
    assert Client(enforce_csrf_checks=True).post(url(name), WORDS).status_code == 403
    assert not Ticket.objects.exists()


def test_a_province_that_closed_its_desk_takes_nothing_before_log_in(cast, desk):
    other = ServiceDesk.objects.create(province=make.ProvinceFactory(), phone="۰۲۱", public=False)
    page = StrictClient().post(url("write"), {**WORDS, "province": other.province_id})
    assert page.context["form"].errors.keys() == {"province"}
    ServiceDesk.objects.update(public=False)
    page = StrictClient().get(url("write")).content.decode()
    assert "میز خدمت فقط پس از ورود در دسترس است. با اداره تلفنی تماس بگیرید." in page
    assert not Ticket.objects.exists()


def test_texts_have_a_length_and_a_nul_is_no_text(cast, desk):
    assert write(StrictClient(), desk, text="الف" * 2000).context["form"].errors.keys() == {"text"}
    assert write(StrictClient(), desk, text="a\x00b").status_code == 400
    assert not Ticket.objects.exists()


def test_no_page_is_kept_by_a_cache_or_framed(cast, desk):
    for name in ("home", "write", "follow", "questions"):
        page = StrictClient().get(url(name))
        assert "no-store" in page["Cache-Control"]
        assert page["X-Frame-Options"] == "DENY"


def test_questions_are_searched_and_only_those_for_everybody_before_log_in(cast, desk):
    Faq.objects.create(
        province=cast.province, question="رمز را چگونه عوض کنم؟", answer="از صفحهٔ حساب.", before_login=True
    )
    Faq.objects.create(province=cast.province, question="مهلت چند روز است؟", answer="سی روز.", before_login=True)
    Faq.objects.create(province=cast.province, question="پرسش داخلی", answer="برای دستگاه‌ها", role="agency")

    def asked(client, words=""):
        return [row.question for row in client.get(url("questions"), {"q": words}).context["rows"]]

    assert asked(StrictClient()) == ["رمز را چگونه عوض کنم؟", "مهلت چند روز است؟"]
    assert asked(StrictClient(), "حساب  رمز") == ["رمز را چگونه عوض کنم؟"]
    assert asked(StrictClient(), "داخلی") == []
    assert asked(cast.client("reporter_a"), "داخلي") == ["پرسش داخلی"]
    assert asked(cast.client("secretary"), "داخلی") == []


def test_an_office_without_settings_is_open_with_the_usual_days(cast):
    client, elsewhere = StrictClient(), make.ProvinceFactory()
    assert url("write") in client.get(url("home")).content.decode()
    form = client.get(url("write")).context["form"]
    assert list(form.fields["province"].queryset) == [cast.province]
    assert client.post(url("write"), {"province": elsewhere.pk, **WORDS}).status_code == 200  # nobody works there
    assert client.post(url("write"), {"province": cast.province.pk, **WORDS}).url == url("written")
    row = Ticket.objects.get()
    assert (row.province, row.due_at) == (cast.province, ticket.due_after(cast.province, "login", row.filed_at))


def test_an_office_that_closed_its_desk_stays_closed(cast, desk):
    ServiceDesk.objects.filter(pk=desk.pk).update(public=False)
    client = StrictClient()
    assert [client.get(url(name)).context["is_open"] for name in ("home", "write")] == [False, False]
    client.post(url("write"), {"province": cast.province.pk, **WORDS})
    with pytest.raises(Refusal, match="میز خدمت این استان"):
        outside.file_from_outside(cast.province, address="203.0.113.9", kind="login", subject="الف", text="ب", name="پ")
    assert not Ticket.objects.exists()
