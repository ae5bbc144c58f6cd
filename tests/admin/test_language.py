"""Persian for everybody, whatever the browser prefers; English for who asked for it, one click away."""

import pytest
from django.urls import reverse
from django.utils.translation import get_language

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]  # words of pages


def spoken(response):
    return response.headers["Content-Language"], response.wsgi_request.LANGUAGE_CODE


def test_an_english_browser_gets_persian(client):
    response = client.get(reverse("admin:login"), headers={"accept-language": "en-US,en;q=0.9"})
    assert spoken(response) == ("fa", "fa")
    assert '<html lang="fa" dir="rtl"' in response.content.decode()


def test_one_post_turns_the_admin_english_and_another_back(client):
    for language in ("en", "fa"):
        answer = client.post(reverse("set_language"), {"language": language, "next": reverse("admin:login")})
        assert (answer.status_code, answer.url) == (302, reverse("admin:login"))
        assert spoken(client.get(reverse("admin:login"))) == (language, language)


@pytest.mark.parametrize("cookie", ["de", "xx-unknown", "", "../../etc/passwd"])
def test_a_language_that_we_do_not_speak_is_persian(client, cookie):
    client.cookies["django_language"] = cookie
    assert spoken(client.get(reverse("admin:login"))) == ("fa", "fa")


def test_the_bare_address_leads_to_the_admin_and_a_stranger_to_its_login(client):
    assert client.get("/").url == "/admin/"
    assert client.get("/admin/").url == "/admin/login/?next=/admin/"


@pytest.mark.xdist_group("language")
@pytest.mark.parametrize("time", ["first", "second"])
def test_the_language_of_a_page_does_not_reach_the_next_test(client, time):
    assert get_language() == "fa"
    client.cookies["django_language"] = "en"
    client.get(reverse("admin:login"))
    assert get_language() == "en"


def test_a_title_runs_from_right_to_left_even_where_a_code_begins_it(client):
    for language, mark in (("fa", "\u200f"), ("en", "")):
        client.cookies["django_language"] = language
        html = client.get(reverse("admin:login")).content.decode()
        title = html.partition("<title>")[2].partition("</title>")[0]
        assert title.strip(" \n").startswith("\u200f") is bool(mark)
