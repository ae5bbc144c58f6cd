"""Two people in one form: the second sees who changed what, keeps what he typed, and decides; a form acts once."""

import html as entities
import re
import threading

import pytest
from django.contrib.auth import get_user_model
from django.contrib.messages import get_messages
from django.db import connections

from evaluation.enums import Stage
from evaluation.models import Headquarters, Level, LevelScheme, SentForm, TransitionLog
from tests import factories as make
from tests.admin.form_page import FormPage
from tests.strict import StrictClient

pytestmark = pytest.mark.django_db


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


@pytest.fixture
def body(cast):
    return make.HeadquartersFactory(name="وزارت پ", code="HQ-P")


@pytest.fixture
def url(body):
    return f"/admin/evaluation/headquarters/{body.pk}/change/"


@pytest.fixture
def root(cast):
    return get_user_model().objects.create_superuser("root", first_name="سارا")


@pytest.fixture
def second(cast):
    return get_user_model().objects.create_superuser("second", first_name="رضا")


def test_the_second_person_reads_who_changed_what_and_keeps_what_he_typed(url, body, root, second):
    mine, theirs = FormPage(second, url), FormPage(root, url)
    assert theirs.post(name="وزارت نو").status_code == 302
    response = mine.post(name="وزارت من")
    text = entities.unescape(response.content.decode())
    assert response.status_code == 200
    assert re.search(r"سارا changed this \([^)]+\) while the form was open\.", text)
    assert "now “وزارت نو”." in text
    assert 'value="وزارت من"' in text
    body.refresh_from_db()
    assert body.name == "وزارت نو"
    again = FormPage(second, url, response)
    assert again.post().status_code == 302
    body.refresh_from_db()
    assert body.name == "وزارت من"


def test_a_box_that_was_not_touched_takes_what_stands_now(url, body, root, second):
    mine, theirs = FormPage(second, url), FormPage(root, url)
    theirs.post(name="وزارت نو")
    response = mine.post(code="HQ-M")
    assert response.status_code == 200
    again = FormPage(second, url, response)
    assert (again.fields["name"], again.fields["code"]) == ("وزارت نو", "HQ-M")
    again.post()
    body.refresh_from_db()
    assert (body.name, body.code) == ("وزارت نو", "HQ-M")


def test_whoever_typed_the_same_is_not_asked(url, root, second):
    mine, theirs = FormPage(second, url), FormPage(root, url)
    theirs.post(name="وزارت نو")
    assert mine.post(name="وزارت نو").status_code == 302


def test_a_row_of_a_table_has_its_version_too(root, second):
    level = Level.objects.create(scheme=LevelScheme.objects.create(code="t", title="سطوح"), order=1, title="خوب")
    url = f"/admin/evaluation/levelscheme/{level.scheme_id}/change/"
    mine, theirs = FormPage(second, url), FormPage(root, url)
    assert theirs.post(**{"levels-0-title": "بسیار خوب"}).status_code == 302
    response = mine.post(**{"levels-0-title": "عالی"})
    assert response.status_code == 200
    assert "now “بسیار خوب”." in response.content.decode()
    level.refresh_from_db()
    assert level.title == "بسیار خوب"
    assert FormPage(second, url, response).post().status_code == 302
    level.refresh_from_db()
    assert level.title == "عالی"


def test_an_account_has_a_version(cast, root, second):
    url = f"/admin/auth/user/{cast.expert.pk}/change/"
    mine, theirs = FormPage(second, url), FormPage(root, url)
    theirs.post(last_name="کریمی")
    response = mine.post(last_name="رضایی")
    assert "now “کریمی”." in response.content.decode()
    cast.expert.refresh_from_db()
    assert cast.expert.last_name == "کریمی"


def test_an_add_form_that_is_sent_twice_makes_one_row(root):
    url = "/admin/evaluation/headquarters/add/"
    page = FormPage(root, url)
    before = Headquarters.objects.count()
    page.post(name="وزارت تازه", code="HQ-T")
    response = page.post(name="وزارت تازه", code="HQ-T")
    made = Headquarters.objects.get(code="HQ-T")
    assert (response.status_code, response.url) == (302, f"/admin/evaluation/headquarters/{made.pk}/change/")
    assert said(response)[-1] == "This form was saved already; it has not been saved a second time."
    assert Headquarters.objects.count() == before + 1


def test_a_refused_add_form_may_be_sent_again(root):
    page = FormPage(root, "/admin/evaluation/headquarters/add/")
    assert page.post(name="").status_code == 200
    assert not SentForm.objects.exists()
    assert page.post(name="وزارت تازه", code="HQ-T").status_code == 302


def test_an_account_is_made_once(root):
    page = FormPage(root, "/admin/auth/user/add/")
    words = {
        "username": "new",
        "password1": "a long password",
        "password2": "a long password",
        "usable_password": "true",
    }
    page.post(**words)
    made = get_user_model().objects.get(username="new")
    assert page.post(**words).url == f"/admin/auth/user/{made.pk}/change/"


def test_english_is_spoken_in_persian(url, root, second):
    mine, theirs = FormPage(second, url, language="fa"), FormPage(root, url)
    theirs.post(name="وزارت نو")
    text = mine.post(name="وزارت من").content.decode()
    assert "سارا اطلاعات آن را تغییر داد" in text


def test_a_dialog_that_shows_the_row_has_its_version_too(cast, root, second):
    cast.until(Stage.SELF_ASSESSMENT)
    url = f"/admin/evaluation/indicator/{cast.g1.pk}/do/amend/"
    mine, theirs = FormPage(second, url), FormPage(root, url)
    assert theirs.post(title="آموزش نو", reason="ابلاغ").status_code == 302
    response = mine.post(title="آموزش من", reason="ابلاغ")
    assert response.status_code == 200
    assert "now “آموزش نو”." in response.content.decode()
    cast.g1.refresh_from_db()
    assert cast.g1.title == "آموزش نو"
    again = FormPage(second, url, response)
    assert (again.fields["title"], again.fields["reason"]) == ("آموزش من", "ابلاغ")
    assert again.post().status_code == 302
    cast.g1.refresh_from_db()
    assert cast.g1.title == "آموزش من"


def test_a_dialog_that_is_sent_twice_acts_once(cast, root):
    cast.until(Stage.SELF_ASSESSMENT)
    page = FormPage(root, f"/admin/evaluation/indicator/{cast.g1.pk}/do/amend/")
    page.post(title="آموزش نو", reason="ابلاغ")
    assert said(page.post(title="آموزش نو", reason="ابلاغ"))[-1].startswith("This form was saved already")
    assert TransitionLog.objects.filter(name="amend").count() == 1


def test_a_script_learns_where_to_go_and_another_account_saves_nothing(url, body, root, second):
    page = FormPage(second, url)
    page.client.defaults["HTTP_X_FORM"] = "1"
    other = page.client.post(url, page.fields | {"name": "وزارت من"}, headers={"X-Account": str(root.pk)})
    assert (other.status_code, other.content.decode()) == (
        409,
        "Another account has logged in in this browser. What was typed here is not saved by it.",
    )
    body.refresh_from_db()
    assert body.name == "وزارت پ"
    taken = page.client.post(url, page.fields | {"name": "وزارت من"}, headers={"X-Account": str(second.pk)})
    assert (taken.status_code, taken["X-Location"]) == (200, "/admin/evaluation/headquarters/")
    state = page.client.get("/admin/session/").json()
    assert (state["account"], len(state["token"]) > 30) == (second.pk, True)
    page.client.logout()
    assert page.client.get("/admin/session/").json()["account"] is None


@pytest.mark.django_db(transaction=True)
def test_two_simultaneous_posts_of_one_add_form_make_one_row(root):
    page = FormPage(root, "/admin/evaluation/headquarters/add/")
    start, answers = threading.Barrier(2), []

    def send():
        client = StrictClient()
        client.cookies.update(page.client.cookies)
        start.wait()
        answers.append(client.post(page.url, page.fields | {"name": "وزارت تازه", "code": "HQ-T"}).status_code)
        connections.close_all()

    threads = [threading.Thread(target=send) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [302, 302]
    assert Headquarters.objects.filter(name="وزارت تازه").count() == 1
