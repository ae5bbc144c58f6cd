"""What agencies made public: too early before the announcement, and read against the announced level afterwards."""

import datetime

import pytest
from django.utils import timezone

from evaluation.enums import Stage
from evaluation.models import AgencyResult, Notice, Publicity, ResultSet, TransitionLog
from evaluation.process.door import Forbidden, Refusal
from evaluation.process.results import publicity
from evaluation.reports import service_figures
from tests import factories as make

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
TODAY = timezone.localdate
REASON = "سال و رتبه گفته نشده است."


@pytest.fixture
def announced(cast):
    """The results were announced three days ago."""
    cast.until(Stage.FESTIVAL)
    ResultSet._base_manager.update(announced_at=timezone.now() - 3 * DAY)
    AgencyResult.objects.filter(participation=cast.participation_a, dimension=None).update(
        level_title="عالی", level_letter="۱۲/۳"
    )
    return cast


def noted(cast, *, by="expert", **values):
    words = {"published_on": TODAY(), "medium": "روزنامه قدس", "text": "دستگاه برتر استان", "reason": REASON}
    return publicity.note(cast.participation_a, by=getattr(cast, by), **words | values)


def told(cast):
    rows = Notice.objects.filter(event__startswith="publicity:")
    return list(rows.order_by("pk").values_list("user__username", "text"))


def test_what_is_public_before_the_announcement_is_too_early(cast):
    cast.until(Stage.EVALUATION)
    row = noted(cast, published_on=TODAY())
    assert (row.verdict, row.result) == ("too_early", None)
    assert [name for name, _text in told(cast)] == ["reporter_a", "headquarters_a"]
    with pytest.raises(Refusal, match=r"On this day the results of the agency were not announced yet"):
        noted(cast, verdict="vague")


def test_the_day_of_the_announcement_parts_early_from_announced(announced):
    day = timezone.localdate(timezone.now() - 3 * DAY)
    assert noted(announced, published_on=day - DAY).verdict == "too_early"
    row = noted(announced, published_on=day, verdict="vague")
    assert (row.verdict, row.result.shown_level, row.result.level_letter) == ("vague", "عالی", "۱۲/۳")


def test_once_announced_a_finding_is_asked_and_an_objection_needs_its_reason(announced):
    for verdict in ("", "too_early", "nothing"):
        with pytest.raises(Refusal, match=r"The results were announced: say whether it is as announced, vague, or"):
            noted(announced, verdict=verdict)
    with pytest.raises(Refusal, match=r"Say in the reason what is found, and by which words."):
        noted(announced, verdict="different", reason=" ")
    with pytest.raises(Refusal, match=r"Write what was said, or attach it as a file."):
        noted(announced, verdict="vague", text=" ")
    with pytest.raises(Refusal, match=r"This day has not come yet: record what was made public already."):
        noted(announced, verdict="vague", published_on=TODAY() + DAY)
    assert not Publicity.objects.exists()


def test_what_was_announced_may_be_said_and_nobody_is_told(announced):
    row = noted(announced, verdict="as_announced", reason="", text="", file=make.upload("a.pdf"))
    assert (row.reason, told(announced)) == ("", [])


def test_a_finding_is_changed_with_a_reason_and_the_agency_is_told_again(announced):
    row = noted(announced, verdict="vague")
    with pytest.raises(Refusal, match=r"This is what was found already."):
        publicity.judge(row, by=announced.expert, verdict="vague", reason="ب")
    row = publicity.judge(row, by=announced.manager, verdict="different", reason="سطح دیگری گفته شد.")
    assert (row.verdict, row.reason) == ("different", "سطح دیگری گفته شد.")
    assert len(told(announced)) == 4
    rows = TransitionLog.objects.filter(content_type__model="publicity").order_by("pk")
    assert list(rows.values_list("name", "source", "target", "by__username")) == [
        ("note_publicity", "", "vague", "expert"),
        ("judge", "vague", "different", "manager"),
    ]


def test_only_the_staff_of_the_province_note_and_judge(announced):
    row = noted(announced, verdict="vague")
    for person in ("reporter_a", "headquarters_a", "lead", "national", "observer", "secretary"):
        with pytest.raises(Forbidden):
            noted(announced, by=person, verdict="vague")
        with pytest.raises(Forbidden):
            publicity.judge(row, by=getattr(announced, person), verdict="different", reason="ب")


def test_who_reads_it(announced):
    row = noted(announced, verdict="vague")
    readers = {
        name: list(Publicity.objects.visible_to(getattr(announced, name)))
        for name in ("expert", "reporter_a", "headquarters_a", "reporter_b", "headquarters_b", "observer", "national")
    }
    assert {name for name, rows in readers.items() if rows == [row]} == {"expert", "reporter_a", "headquarters_a"}


def test_it_is_noted_after_the_year_is_archived_too(announced):
    type(announced.cycle)._base_manager.filter(pk=announced.cycle.pk).update(stage=Stage.CLOSED)
    assert noted(announced, verdict="vague").pk


def test_the_agreement_shows_how_many_kept_to_it(announced):
    noted(announced, verdict="vague")
    noted(announced, verdict="as_announced")
    figure = service_figures.publicity(announced.cycle)
    assert (figure.text, figure.good) == ("1 of 2 publications (50%)", False)
