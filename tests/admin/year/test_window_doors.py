"""Every door to a self-assessment and to the steps after it: a second before its window's end, at it, and after."""

import datetime

import pytest
import time_machine
from django.contrib.messages import get_messages

from evaluation.enums import Stage
from evaluation.models import Evidence, Line, Mark
from evaluation.persian import parse_jalali_datetime
from evaluation.process.assessing import assessment as assessment_verbs
from evaluation.process.assessing import evidence, hearing, objection
from evaluation.process.assessing.line_columns import version_at
from evaluation.process.door import Refusal, refusal_of, why_not
from evaluation.process.year import windows
from tests import factories as make
from tests.admin.assessing.lines_page import Page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
SECOND, DAY = datetime.timedelta(seconds=1), datetime.timedelta(days=1)
NEW_YEAR = parse_jalali_datetime("1409/01/01 00:00")  # the day before is 30 Esfand of a leap year
ENTRY = "Entering the self-assessment"
CLOSED = f"The window of the stage “{ENTRY}” ended with 1408/12/30: ask for an extension."
OWN_TIME_OVER = f"Your own time for the stage “{ENTRY}” ended with 1409/01/02: ask for an extension."


def ends_with_the_year(cast, stage):
    cast.cycle.windows.filter(stage=stage).update(opens_at=NEW_YEAR - 9 * DAY, closes_at=NEW_YEAR)


@pytest.fixture
def entry(cast):
    """The window ends with the year; one file stands from before."""
    cast.until(Stage.SELF_ASSESSMENT)
    with time_machine.travel(NEW_YEAR - DAY, tick=False):
        ends_with_the_year(cast, Stage.SELF_ASSESSMENT)
        line = Page(cast, "reporter_a", cast.assessment(cast.agency_a)).line("G-1")
        evidence.attach(line, make.upload("a.pdf", b"before"), by=cast.reporter_a)
    return cast


def said(response):
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def by_row(page, line, typed):
    posted = {f"{line.pk}-actual": typed, f"{line.pk}-seen": "0", f"{line.pk}-version": version_at(line, "self")}
    return page.client.post(f"{page.url}{line.pk}/save/", posted).json()["sentence"]


def by_form(page, line, typed):
    posted = {f"{line.pk}-actual": typed, f"{line.pk}-seen": "0", f"{line.pk}-version": version_at(line, "self")}
    return said(page.client.post(page.url, posted))


def by_submitting(page, line, typed):
    """Open or not, lines are missing: only the window's sentence counts."""
    answer = page.client.post(f"/admin/evaluation/assessment/{page.assessment.pk}/do/submit/")
    return "".join(each for each in answer.context["reasons"] if "ended with" in each)


def by_file(page, line, typed):
    file = make.upload("b.pdf", typed.encode())
    return page.client.post(f"{page.url}{line.pk}/evidence/", {"files": [file]}).json()["sentence"]


def by_removal(page, line, typed):
    standing = Evidence.objects.filter(removed_at=None).order_by("pk").first()
    return page.client.post(f"{page.url}{line.pk}/evidence/", {"remove": standing.pk}).json()["sentence"]


DOORS = (by_row, by_form, by_submitting, by_file, by_removal)


def written():
    return Mark.objects.count(), Evidence.objects.count(), Evidence.objects.filter(removed_at=None).count()


def through(cast, at, who="reporter_a", agency=None):
    """What each door says at this moment."""
    with time_machine.travel(at, tick=False):
        page = Page(cast, who, cast.assessment(agency or cast.agency_a))
        typed = str(at.timestamp())
        return {door.__name__: door(page, page.line("G-1"), typed[-4:]) for door in DOORS}


def each(sentence):
    return {door.__name__: sentence for door in DOORS}


def test_the_doors_of_the_agency_shut_with_the_year(entry):
    opened = through(entry, NEW_YEAR - SECOND)
    assert {name: text for name, text in opened.items() if "ended with" in text} == {}
    kept = written()
    assert kept[1:] == (2, 1)
    assert kept[0] >= 1
    for at in (NEW_YEAR, NEW_YEAR + SECOND, NEW_YEAR + 40 * DAY):
        assert through(entry, at) == each(CLOSED)
    assert written() == kept


def test_an_extension_holds_the_doors_of_one_agency_open_until_it_ends(entry):
    with time_machine.travel(NEW_YEAR - SECOND, tick=False):
        more = {"ends_at": NEW_YEAR + 2 * DAY, "reason": "سیل", "by": entry.manager}
        windows.extend(entry.cycle, entry.agency_a, stage=Stage.SELF_ASSESSMENT, **more)
    opened = through(entry, NEW_YEAR + 2 * DAY - SECOND)
    assert {name: text for name, text in opened.items() if "ended with" in text} == {}
    kept = written()
    assert kept[1:] == (2, 1)
    with time_machine.travel(NEW_YEAR + DAY, tick=False):
        other = Page(entry, "reporter_b", entry.assessment(entry.agency_b))
        assert by_row(other, other.line("G-1"), "7") == CLOSED
    for at in (NEW_YEAR + 2 * DAY, NEW_YEAR + 2 * DAY + SECOND):
        assert through(entry, at) == each(OWN_TIME_OVER)
    assert written() == kept


# -- the steps after it -----------------------------------------------------------------------------


def shut(cast, stage, call):
    """Whether `call` names a window: a second before the end, at it, and after it."""
    ends_with_the_year(cast, stage)
    found = []
    for at in (NEW_YEAR - SECOND, NEW_YEAR, NEW_YEAR + SECOND):
        with time_machine.travel(at, tick=False):
            found.append("ended with 1408/12/30" in call())
    return found


def sentences(obj, name):
    return lambda: " ".join(why_not(type(obj).objects.get(pk=obj.pk), name))


def test_headquarters_and_senders_stop_at_the_end(cast):
    cast.until(Stage.TRANSFER)
    submitted = cast.assessments(state="submitted")[0]
    for name in ("approve", "return_"):
        assert shut(cast, Stage.TRANSFER, sentences(submitted, name)) == [False, True, True], name
    with time_machine.travel(NEW_YEAR, tick=False):
        client = Page(cast, "headquarters_a", submitted).client
        chosen = {"action": "do_approve", "_selected_action": [submitted.pk], "confirm": "1"}
        answer = client.post("/admin/evaluation/assessment/", chosen, follow=True)
        assert "ended with 1408/12/30: ask for an extension." in answer.content.decode()
    submitted.refresh_from_db()
    assert submitted.state == "submitted"
    with time_machine.travel(NEW_YEAR - SECOND, tick=False):
        approved = assessment_verbs.approve(submitted, by=cast.headquarters_a)
    assert shut(cast, Stage.TRANSFER, sentences(approved, "send")) == [False, True, True]


def test_objections_opinions_and_answers_stop_at_the_end(cast):
    cast.until(Stage.OBJECTION)
    for assessment in cast.assessments(state="scored"):
        assessment_verbs.disclose(assessment, by=cast.expert)
    line = cast.lines(cast.assessment(cast.agency_a), indicator__code="G-1")[0]
    other = cast.lines(cast.assessment(cast.agency_a), indicator__code="G-2")[0]
    with time_machine.travel(NEW_YEAR - DAY, tick=False):
        ends_with_the_year(cast, Stage.OBJECTION)
        filed = objection.file(line, kind="other", text="متن", by=cast.reporter_a)
    trio = [False, True, True]
    assert shut(cast, Stage.OBJECTION, lambda: refusal_of(objection.check_filing, other, by=cast.reporter_a)) == trio
    assert shut(cast, Stage.OBJECTION, sentences(filed, "withdraw")) == trio
    assert shut(cast, Stage.OBJECTION, sentences(filed, "decide")) == trio
    opinion = {"text": "نظر", "by": cast.manager}
    assert shut(cast, Stage.OBJECTION, lambda: refusal_of(objection.give_opinion, filed, **opinion)) == trio


def test_scores_stop_at_the_end(cast):
    cast.until(Stage.EVALUATION)
    page = Page(cast, "lead", cast.assessment(cast.agency_a))
    line = Line.objects.get(pk=page.line("G-1").pk)

    def score():
        fresh = Page(cast, "lead", page.assessment)
        return by_row(fresh, fresh.line("G-1"), "9")

    assert shut(cast, Stage.EVALUATION, score) == [False, True, True]
    line.refresh_from_db()
    assert Mark.objects.filter(line=line, level="initial").count() <= 1


def test_a_defence_session_is_the_staffs_and_waits_for_no_window(cast):
    """Staff may put a session off beyond the window: the stage is not left before it is held."""
    cast.until(Stage.OBJECTION)
    with time_machine.travel(NEW_YEAR, tick=False):
        planned = hearing.summon(cast.participation_a, starts_at=NEW_YEAR + DAY, by=cast.expert)
        with pytest.raises(Refusal, match="These defence sessions are not held yet"):
            raise Refusal(*why_not(cast.cycle, "open_confirmation"))
    assert planned.state == "planned"
