"""Pages that are not change forms tell, too, what somebody else saved while they stood open."""

import html as entities
import re

import pytest
from django.contrib.auth import get_user_model
from django.contrib.messages import get_messages

from evaluation.enums import Stage
from evaluation.models import DayOff, Headquarters, NoticePreference
from evaluation.process.year import checklist
from tests import factories as make
from tests.admin.form_page import FormPage
from tests.strict import StrictClient

pytestmark = pytest.mark.django_db
SEEN = re.compile(r'name="(_?seen)" value="([^"]*)"')
TOLD = "This was changed by somebody else while the form was open. What you typed is below and is not saved yet."


def hidden_in(response):
    found = {name: entities.unescape(value) for name, value in SEEN.findall(response.content.decode())}
    assert found
    return found


class Open:
    """One person before a page of ours: what it carries hidden is sent back with what is typed."""

    def __init__(self, user, url, response=None):
        self.client, self.url = StrictClient(), url
        self.client.force_login(user)
        self.client.cookies["django_language"] = "en"
        self.hidden = hidden_in(response or self.client.get(url))

    def post(self, **typed):
        return self.client.post(self.url, self.hidden | typed)


@pytest.fixture
def root(cast):
    return get_user_model().objects.create_superuser("root", first_name="سارا")


@pytest.fixture
def second(cast):
    return get_user_model().objects.create_superuser("second", first_name="رضا")


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def test_a_row_that_was_changed_meanwhile_is_not_deleted_unread(root, second):
    body = make.HeadquartersFactory(name="وزارت پ")
    page = f"/admin/evaluation/headquarters/{body.pk}"
    mine = Open(second, f"{page}/delete/")
    FormPage(root, f"{page}/change/").post(name="وزارت نو")
    response = mine.post(post="yes")
    assert (response.status_code, response.url) == (302, f"{page}/delete/")
    [sentence] = said(response)
    assert re.fullmatch(
        r"سارا changed this meanwhile \([^)]+\)\. Nothing was deleted; read it again before you delete it\.", sentence
    )
    assert Headquarters.objects.filter(pk=body.pk).exists()
    assert Open(second, f"{page}/delete/").post(post="yes").status_code == 302
    assert not Headquarters.objects.filter(pk=body.pk).exists()


def test_a_change_that_no_log_knows_is_told_without_a_name(cast, root):
    day = DayOff.objects.create(province=cast.province, date=make.DAY, title="آلودگی هوا")
    mine = Open(root, f"/admin/evaluation/dayoff/{day.pk}/delete/")
    DayOff.objects.filter(pk=day.pk).update(title="برف")
    assert said(mine.post(post="yes")) == [
        "This was changed by somebody else meanwhile. Nothing was deleted; read it again before you delete it."
    ]
    assert DayOff.objects.filter(pk=day.pk).exists()


def test_two_administrators_do_not_overwrite_a_password_unseen(cast, root, second):
    url = f"/admin/auth/user/{cast.expert.pk}/password/"
    mine, theirs = Open(second, url), Open(root, url)
    first = dict.fromkeys(("password1", "password2"), "of-the-first-7143")
    assert theirs.post(**first).status_code == 302
    response = mine.post(password1="of-the-second-7143", password2="of-the-second-7143")
    assert response.context["form"].non_field_errors() == [
        "The password of this account was changed by somebody else while this form was open. Nothing was saved; enter "
        "the new password again if it is to replace the other one."
    ]
    cast.expert.refresh_from_db()
    assert cast.expert.check_password("of-the-first-7143")
    again = Open(second, url, response)
    assert again.post(password1="of-the-second-7143", password2="of-the-second-7143").status_code == 302
    cast.expert.refresh_from_db()
    assert cast.expert.check_password("of-the-second-7143")


def test_preferences_of_another_tab_are_not_lost(cast):
    url = "/admin/evaluation/notice/wishes/"
    mine, other = Open(cast.expert, url), Open(cast.expert, url)
    assert other.post(mail="daily", muted=["hearing"]).status_code == 302
    response = mine.post(mail="never")
    errors = response.context["form"].non_field_errors()
    assert errors[0] == TOLD
    assert len(errors) == 3  # and both values, as they stand
    stored = NoticePreference.objects.get(user=cast.expert)
    assert (stored.mail, stored.muted) == ("daily", ["hearing"])
    assert Open(cast.expert, url, response).post(mail="never").status_code == 302
    assert NoticePreference.objects.get(user=cast.expert).mail == "never"
    assert mine.post(mail="never").status_code == 302  # what stands is what is sent


def test_a_tick_with_a_note_after_another_tick_says_that_it_was_not_kept(cast):
    step = cast.cycle.steps.create(number=1, title="گام نخست", stage=Stage.DRAFT)
    url = f"/admin/evaluation/cyclestep/{step.pk}/do/tick/"
    client = cast.client("manager")
    client.cookies["django_language"] = "en"
    checklist.tick(step, by=cast.expert)
    response = client.post(url, {"note": "صورت‌جلسه ۷"})
    [sentence] = map(str, response.context["reasons"])
    assert sentence.startswith("“")
    assert sentence.endswith("What you entered is not saved; write it in the step's own form.")
    assert client.post(url, {"note": ""}).status_code == 302  # says nothing new
    step.refresh_from_db()
    assert (step.done_by, step.note) == (cast.expert, "")


def test_levels_that_two_people_enter(stand):
    stand.compute().approve()
    stand.record_report()
    alpha, beta = (stand.totals().get(participation__agency__code=code) for code in ("AL", "BE"))
    seen = hidden_in(stand.page("national", "do", "set_levels"))
    stand.do("national", "set_levels", letter="۴۵", **{f"level_{alpha.pk}": stand.levels[1].pk})
    response = stand.do("national", "set_levels", letter="۴۶", **seen, **{f"level_{beta.pk}": stand.levels[0].pk})
    errors = response.context["form"].non_field_errors()
    assert errors[0] == TOLD
    assert len(errors) == 2
    alpha.refresh_from_db()
    beta.refresh_from_db()
    assert (alpha.level, alpha.level_letter, beta.level) == (stand.levels[1], "۴۵", None)
