"""The texts of letters: known placeholders alone, none that tells too early, and a preview with real figures."""

import pytest

from evaluation.models import LetterTemplate
from evaluation.process.results import letter_text
from tests import snapshots
from tests.admin.english import page
from tests.admin.results.test_letter import announced, load_texts

pytestmark = pytest.mark.one_database  # texts

TYPED = {"subject": "نتایج {year}", "body": "امتیاز {total}", "signer": "رئیس سازمان", "announcement": ""}


@pytest.fixture
def written(db):
    return snapshots.once(announced, "letters")


def own_text(stand, kind="level"):
    """The province's own copy, which its staff may edit."""
    shared = LetterTemplate.objects.get(kind=kind, province=None)
    stand.at("expert").post(page("lettertemplate_do", shared.pk, "copy_for_province"))
    return LetterTemplate.objects.get(kind=kind, province=stand.province)


def test_an_unknown_placeholder_is_refused_with_those_that_there_are(written):
    text = own_text(written)
    before = LetterTemplate.objects.values().get(pk=text.pk)
    wrong = written.at("expert").post(page("lettertemplate_change", text.pk), TYPED | {"body": "{score}"})
    (sentence,) = wrong.context["adminform"].form.errors["body"]
    assert sentence.startswith("These placeholders do not exist: {score}. There are: {recipient}، {agency}، ")
    assert "{level}" in sentence
    assert LetterTemplate.objects.values().get(pk=text.pk) == before
    assert written.at("expert").post(page("lettertemplate_change", text.pk), TYPED).status_code == 302
    text.refresh_from_db()
    assert (text.kind, text.subject) == ("level", "نتایج {year}")


@pytest.mark.parametrize("kind", ["initial", "decision"])
@pytest.mark.parametrize("place", ["rank", "group_rank", "level", "growth"])
def test_a_letter_before_the_announcement_has_no_place_for_ranks_and_levels(written, kind, place):
    text = own_text(written, kind)
    wrong = written.at("expert").post(page("lettertemplate_change", text.pk), TYPED | {"body": f"{{{place}}}"})
    (sentence,) = wrong.context["adminform"].form.errors["body"]
    assert sentence.startswith(f"These placeholders do not exist: {{{place}}}.")


def test_the_preview_shows_the_figures_of_the_chosen_agency_and_keeps_nothing(written):
    text = own_text(written)
    url = page("lettertemplate_preview", text.pk)
    beta = written.participations["اداره بتا"].pk
    answer = written.at("expert").post(url, TYPED | {"preview_of": beta}).content.decode()
    assert "<h3>نتایج ۱۴۰۵</h3>" in answer
    assert "امتیاز ۱٬۵۰۰٫۰۰" in answer
    assert "اداره بتا" in answer
    fault = written.at("expert").post(url, TYPED | {"preview_of": beta, "body": "{x}"}).content.decode()
    assert "These placeholders do not exist: {x}" in fault
    nobody = written.at("expert").post(url, TYPED | {"preview_of": "x"}).content.decode()
    assert "Choose an agency from the list." in nobody
    text.refresh_from_db()
    assert text.subject != "نتایج {year}"


def test_the_page_of_a_text_offers_agencies_whose_figures_it_may_tell(written):
    text = own_text(written)
    response = written.at("expert").get(page("lettertemplate_change", text.pk))
    assert [row.agency.code for row in response.context["offered"]] == ["AL", "BE", "DE", "ZE", "GA", "EP"]
    assert "said" in response.context


def test_before_the_announcement_no_preview_tells_a_rank(stand):
    load_texts()
    stand.compute()
    text = own_text(stand)
    response = stand.at("expert").get(page("lettertemplate_change", text.pk))
    assert response.context["fault"] == (
        "A preview is there as soon as an agency has figures that such a letter may tell."
    )
    alpha = stand.participations["اداره آلفا"].pk
    url = page("lettertemplate_preview", text.pk)
    answer = stand.at("expert").post(url, TYPED | {"preview_of": alpha}).content.decode()
    assert "۱٬۸۰۰" not in answer


def test_letters_of_a_province_read_as_its_own_text_says(written):
    text = own_text(written)
    LetterTemplate.objects.filter(pk=text.pk).update(subject="نتایج قزوین")
    LetterTemplate.objects.filter(kind="level", province=None).update(subject="نتایج همگانی")
    assert letter_text.template_of(written.province, "level").subject == "نتایج قزوین"
