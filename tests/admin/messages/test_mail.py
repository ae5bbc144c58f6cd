"""The texts of e-mails with their preview, and a person's wishes about notices."""

import pytest

from evaluation.models import NoticePreference, NoticeTemplate
from tests.admin.english import page, told, visit

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]  # texts of mails


@pytest.fixture
def text(cast):
    """The province's own text, which its staff may edit."""
    body = "{name} گرامی\n\n{text}"
    return NoticeTemplate.objects.create(kind="circular", subject="بخشنامه {cycle}", body=body, province=cast.province)


def test_a_text_is_edited_with_known_placeholders_alone(cast, text):
    url = page("noticetemplate_change", text.pk)
    wrong = visit(cast, "expert").post(url, {"subject": "{who}", "body": "x", "mailed": "on"})
    (sentence,) = wrong.context["adminform"].form.errors["subject"]
    assert sentence.startswith("These placeholders do not exist: {who}. There are: {name}")
    assert visit(cast, "expert").post(url, {"subject": "تازه {name}", "body": "x", "mailed": "on"}).status_code == 302
    text.refresh_from_db()
    assert (text.kind, text.subject) == ("circular", "تازه {name}")


def test_the_preview_shows_what_arrives_and_keeps_nothing(cast, text):
    url = page("noticetemplate_preview", text.pk)
    typed = {"subject": "نامه {name}", "body": "یک\n\n{text}"}
    answer = visit(cast, "expert").post(url, typed).content.decode()
    assert "<h3>نامه expert</h3>" in answer
    assert "<p>یک</p>" in answer
    fault = visit(cast, "expert").post(url, {"subject": "{x}", "body": ""}).content.decode()
    assert "These placeholders do not exist: {x}" in fault
    assert visit(cast, "expert").get(url).status_code == 405
    text.refresh_from_db()
    assert text.subject == "بخشنامه {cycle}"


def test_a_person_keeps_wishes_of_their_own(cast):
    response = visit(cast, "reporter_a").post(
        page("notice_preferences"), {"muted": ["import", "opening"], "mail": "daily"}
    )
    assert told(response) == ["Your notification settings are saved."]
    wish = NoticePreference.objects.get()
    assert (wish.user, wish.muted, wish.mail) == (cast.reporter_a, ["import", "opening"], "daily")
    shown = visit(cast, "reporter_a").get(page("notice_preferences")).context["form"]
    assert shown.initial == {"muted": ["import", "opening"], "mail": "daily"}


def test_circulars_are_not_offered_for_silence(cast):
    response = visit(cast, "reporter_a").post(page("notice_preferences"), {"muted": ["circular"], "mail": "daily"})
    assert list(response.context["form"].errors) == ["muted"]
    assert NoticePreference.objects.count() == 0
