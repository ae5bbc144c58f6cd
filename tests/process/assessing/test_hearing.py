"""Defence sessions: the agency is told when and where, of each move and of the end of it, never twice the same."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from evaluation.enums import Stage
from evaluation.models import Hearing, Notice, TransitionLog
from evaluation.process.assessing import assessment as assessment_verbs
from evaluation.process.assessing import hearing, objection
from evaluation.process.door import Forbidden, Refusal

pytestmark = pytest.mark.django_db
TEN = datetime.datetime(2026, 12, 1, 10, 0, tzinfo=ZoneInfo("Asia/Tehran"))  # 10 Azar 1405
HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def disclosed(cast):
    cast.until(Stage.OBJECTION)
    for assessment in cast.assessments(state="scored"):
        assessment_verbs.disclose(assessment, by=cast.expert)
    return cast


def summoned(cast, **more):
    given = {"starts_at": TEN, "place": "سالن", "by": cast.expert} | more
    return hearing.summon(cast.participation_a, **given)


def told(cast):
    rows = Notice.objects.filter(kind="hearing").order_by("pk")
    assert set(rows.values_list("user__username", flat=True)) <= {cast.reporter_a.username}
    return list(rows.values_list("text", flat=True))


def test_the_agency_hears_when_and_where_and_of_each_change_once(disclosed, settings):
    session = summoned(disclosed)
    again = {"place": "سالن", "by": disclosed.expert}
    same = TEN + HOUR + datetime.timedelta(seconds=9)  # to the minute
    for starts_at in (TEN, TEN + HOUR, same, TEN):  # nothing, a move, nothing, and back
        session = hearing.reschedule(session, starts_at=starts_at, **again)
    session = hearing.reschedule(session, starts_at=TEN, place="اتاق ۳", by=disclosed.expert)
    session = hearing.reschedule(session, starts_at=TEN, place=" ", invitees="همه", by=disclosed.expert)
    hearing.cancel(session, by=disclosed.manager, reason="باران")
    moved = "Your defence session has been moved: it is now on"
    assert told(disclosed) == [
        "You are invited to a defence session on 10 Azar 1405, 10:00. Place: سالن.",
        f"{moved} 10 Azar 1405, 11:00. Place: سالن.",
        f"{moved} 10 Azar 1405, 10:00. Place: سالن.",
        f"{moved} 10 Azar 1405, 10:00. Place: اتاق ۳.",
        f"{moved} 10 Azar 1405, 10:00.",
        "Your defence session on 10 Azar 1405, 10:00 is cancelled. Reason: باران",
    ]
    names = TransitionLog.objects.filter(object_id=session.pk, content_type__model="hearing").order_by("pk")
    changes = ["edit", "reschedule", "edit", "reschedule", "reschedule", "reschedule"]
    assert list(names.values_list("name", flat=True)) == ["summon", *changes, "cancel"]
    assert names[0].note == "10 Azar 1405, 10:00 · سالن"


def test_in_persian_with_persian_digits(disclosed, settings):
    settings.LANGUAGE_CODE = "fa"
    session = summoned(disclosed)
    with translation.override("en"):  # the sender's language is not the notice's
        hearing.reschedule(session, starts_at=TEN + HOUR, by=disclosed.expert)
    assert told(disclosed) == [
        "دستگاه شما به جلسهٔ دفاعیه در تاریخ ۱۰ آذر ۱۴۰۵ ساعت ۱۰:۰۰ دعوت می‌شود. مکان: سالن.",
        "زمان یا مکان جلسهٔ دفاعیهٔ دستگاه شما تغییر کرد؛ جلسه در تاریخ ۱۰ آذر ۱۴۰۵ ساعت ۱۱:۰۰ برگزار می‌شود.",
    ]


def test_a_session_that_is_over_is_not_moved_and_a_foreign_objection_is_not_on_it(disclosed):
    mine, foreign = (
        objection.file(
            disclosed.lines(disclosed.assessment(agency), indicator__code="G-1")[0], kind="other", text="متن", by=by
        )
        for agency, by in ((disclosed.agency_a, disclosed.reporter_a), (disclosed.agency_b, disclosed.reporter_b))
    )
    with pytest.raises(Refusal) as refused:
        summoned(disclosed, objections=[mine, foreign])
    assert refused.value.sentences == [f"These objections do not belong to “اداره الف”: {foreign}."]
    assert (Hearing.objects.count(), told(disclosed)) == (0, [])
    session = summoned(disclosed, objections=[mine])
    with pytest.raises(Forbidden):
        hearing.reschedule(session, starts_at=TEN, by=disclosed.reporter_a)
    with pytest.raises(Refusal):
        hearing.reschedule(session, starts_at=TEN, objections=[foreign], by=disclosed.expert)
    session = hearing.hold(session, by=disclosed.expert, minutes="صورت‌جلسه")
    with pytest.raises(Refusal, match="is now in the state “Held”"):
        hearing.reschedule(session, starts_at=TEN + HOUR, by=disclosed.expert)
    assert (list(session.objections.all()), len(told(disclosed))) == ([mine], 1)
