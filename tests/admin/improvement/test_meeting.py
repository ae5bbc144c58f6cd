"""A meeting about a report card: asked for by the agency, recorded as a visit by staff, in the archive too."""

import datetime

import pytest
from django.utils import timezone

from evaluation.enums import Stage
from evaluation.models import Visit
from evaluation.process.improvement import report_card
from evaluation.process.year import cycle as cycle_verbs
from tests.admin.english import page, visit

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


@pytest.fixture
def archived(cast):
    """A closed year; agency A was visited in it, and asks for a meeting about its card afterwards."""
    cast.until(Stage.FESTIVAL)
    cast.early = Visit.objects.create(participation=cast.participation_a, date=TODAY() - datetime.timedelta(days=40))
    cast.early_b = Visit.objects.create(participation=cast.participation_b, date=TODAY())
    cast.work(Stage.FESTIVAL)
    cycle_verbs.advance(cast.cycle, by=cast.manager)
    report_card.ask_for_meeting(cast.participation_a, by=cast.reporter_a, note="شاخص خدمات برخط")
    return cast


def titles(cast, who):
    return [row["title"] for row in visit(cast, who).get("/admin/").context["todo"] if "Meetings" in row["title"]]


def record(cast, participation, **data):
    given = {"participation": participation.pk, "date": TODAY().isoformat(), "note": "با مدیر دستگاه گفت‌وگو شد."}
    return visit(cast, "expert").post(page("visit_add"), given | data)


def test_staff_record_the_meeting_that_was_asked_for_without_evaluators(archived):
    assert titles(archived, "expert") == ["Meetings about report cards to hold and record"]
    card = visit(archived, "expert").get(page("participation_card", archived.participation_a.pk), follow=True)
    address = f"{page('visit_add')}?participation={archived.participation_a.pk}"
    assert card.context["meeting_url"] == address
    form = visit(archived, "expert").get(address).context["adminform"].form
    assert form.initial["participation"] == str(archived.participation_a.pk)
    assert list(form.fields["participation"].queryset) == [archived.participation_a]

    assert record(archived, archived.participation_a).status_code == 302
    made = Visit.objects.latest("pk")
    assert (made.participation, made.date, made.note) == (
        archived.participation_a,
        TODAY(),
        "با مدیر دستگاه گفت‌وگو شد.",
    )
    assert titles(archived, "expert") == []


def test_other_visits_of_the_archive_stay_closed(archived):
    response = record(archived, archived.participation_b)
    assert list(response.context["adminform"].form.errors) == ["participation"]
    closed = visit(archived, "expert").post(page("visit_change", archived.early_b.pk), {"note": "دیگر"})
    assert closed.status_code == 403
    reader = visit(archived, "reporter_a").get(page("participation_card", archived.participation_a.pk), follow=True)
    assert reader.context["meeting_url"] == ""


def test_a_visit_that_nobody_asked_for_needs_its_evaluators(cast):
    cast.until(Stage.EVALUATION)
    errors = record(cast, cast.participation_a).context["adminform"].form.errors
    assert errors == {"evaluators": ["Choose the evaluators who visited the agency."]}
