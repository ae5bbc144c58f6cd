"""The pages of what agencies made public: staff record it, the agency reads it."""

import pytest
from django.utils import timezone

from evaluation.enums import Stage
from evaluation.models import AgencyResult, Publicity
from tests import factories as make

from ..english import page, visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def announced(cast):
    cast.until(Stage.FESTIVAL)
    AgencyResult.objects.filter(participation=cast.participation_a, dimension=None).update(
        level_title="عالی", level_letter="12/3"
    )
    return cast


def entered(cast, **values):
    """The answer to the filled form of staff."""
    today = timezone.localdate()
    fields = {
        "participation": cast.participation_a.pk,
        "published_on": f"{today:%Y-%m-%d}",
        "medium": "خبرگزاری استان",
        "link": "https://news.example/1",
        "text": "دستگاه برتر استان",
        "verdict": "vague",
        "reason": "سال گفته نشده است.",
    }
    return visit(cast, "expert").post(page("publicity_add"), fields | values)


def test_staff_record_what_was_made_public_and_the_agency_reads_it(announced):
    assert entered(announced, file=make.upload("cutting.pdf")).status_code == 302
    row = Publicity.objects.get()
    assert (row.verdict, row.result.level_title, row.noted_by, row.medium) == (
        "vague",
        "عالی",
        announced.expert,
        "خبرگزاری استان",
    )
    for person in ("expert", "reporter_a", "headquarters_a"):
        client = visit(announced, person)
        listed = client.get(page("publicity_changelist")).content.decode()
        own = client.get(page("publicity_change", row.pk)).content.decode()
        for word in ("خبرگزاری استان", "Vague", "عالی", "12/3"):
            assert word in listed
            assert word in own
        assert "https://news.example/1" in own
        assert "cutting.pdf" in own
        assert (page("publicity_do", row.pk, "judge") in own) == (person == "expert")
        assert page("publicity_changelist") in client.get(page("agencyresult_changelist")).content.decode()
    assert visit(announced, "reporter_b").get(page("publicity_change", row.pk)).status_code == 404


def test_the_form_says_why_it_is_refused(announced):
    html = entered(announced, reason="").content.decode()
    assert "Say in the reason what is found, and by which words." in html
    html = entered(announced, verdict="", reason="").content.decode()
    assert "The results were announced: say whether it is as announced, vague, or not as announced." in html
    assert not Publicity.objects.exists()


def test_what_is_too_early_needs_no_judgement(cast):
    cast.until(Stage.EVALUATION)
    assert entered(cast, verdict="", reason="").status_code == 302
    assert Publicity.objects.get().verdict == "too_early"


def test_the_finding_is_changed_by_a_dialog(announced):
    entered(announced)
    row = Publicity.objects.get()
    address = page("publicity_do", row.pk, "judge")
    visit(announced, "manager").post(address, {"verdict": "as_announced", "reason": "سال در متن آمده است."})
    row.refresh_from_db()
    assert (row.verdict, row.reason) == ("as_announced", "سال در متن آمده است.")
