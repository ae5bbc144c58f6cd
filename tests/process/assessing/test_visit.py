"""Visits, the feedback sheet written from their findings, its issue and acknowledgement."""

import pytest
from django.utils import translation

from evaluation.enums import Role, Stage
from evaluation.models import FeedbackSheet, Line, Notice, TransitionLog, Visit, VisitFinding
from evaluation.process import audit
from evaluation.process.assessing import visit
from evaluation.process.door import Forbidden, Refusal
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def visited(cast):
    """Two visits to agency A: one strength, one weakness, one remark."""
    cast.until(Stage.SELF_ASSESSMENT)
    first, second = (Visit.objects.create(participation=cast.participation_a, date=make.DAY) for _each in range(2))
    lines = Line.objects.in_bulk(
        [line.pk for line in cast.lines(cast.assessment(cast.agency_a), indicator__code__in=["G-1", "G-2"])]
    )
    training, insurance = sorted(lines.values(), key=lambda line: line.indicator.code)
    first.findings.create(line=training, kind="strength", text="Courses are held.")
    second.findings.create(line=insurance, kind="weakness", text="Half are insured.")
    second.findings.create(line=insurance, kind="note", text="A list follows.")
    cast.visit = first
    return cast


def test_the_sheet_is_written_from_the_findings_of_all_visits_and_what_was_typed_stays(visited):
    sheet = visit.prepare_feedback_sheet(visited.visit, by=visited.expert)
    assert (sheet.strengths, sheet.weaknesses) == (
        "آموزش کارکنان: Courses are held.",
        "بیمه تکمیلی: Half are insured.",
    )
    sheet.strengths = "Own words"
    sheet.save()
    assert visit.prepare_feedback_sheet(visited.visit, by=visited.expert).strengths == "Own words"
    assert FeedbackSheet.objects.count() == 1


def test_an_issue_tells_the_agency_and_fixes_visit_and_sheet(visited):
    sheet = visit.prepare_feedback_sheet(visited.visit, by=visited.expert)
    assert visit.is_open(visited.visit) is True
    sheet = visit.issue_feedback_sheet(sheet, by=visited.expert)
    assert (sheet.issued_by, visit.is_open(visited.visit)) == (visited.expert, False)
    told = Notice.objects.filter(event=f"feedback:{sheet.pk}")
    assert [notice.user for notice in told] == [visited.reporter_a]
    for verb, subject in ((visit.issue_feedback_sheet, sheet), (visit.prepare_feedback_sheet, visited.visit)):
        with pytest.raises(Refusal, match="has been issued already"):
            verb(subject, by=visited.expert)


def test_an_empty_sheet_is_not_issued(cast):
    cast.until(Stage.BRIEFING)
    sheet = FeedbackSheet.objects.create(participation=cast.participation_a)
    with pytest.raises(Refusal, match="The feedback sheet is empty"):
        visit.issue_feedback_sheet(sheet, by=cast.expert)


def test_the_agency_acknowledges_once_with_its_comment(visited):
    sheet = visit.prepare_feedback_sheet(visited.visit, by=visited.expert)
    with pytest.raises(Forbidden):
        visit.acknowledge_feedback_sheet(sheet, by=visited.reporter_a)  # a draft is nothing that the agency knows of
    sheet = visit.issue_feedback_sheet(sheet, by=visited.expert)
    with pytest.raises(Forbidden):
        visit.acknowledge_feedback_sheet(sheet, by=visited.reporter_b)
    visit.acknowledge_feedback_sheet(sheet, by=visited.reporter_a, comment="Thanks.")
    visit.acknowledge_feedback_sheet(sheet, by=visited.reporter_a, comment="Again.")
    sheet.refresh_from_db()
    assert (sheet.acknowledged_by, sheet.comment) == (visited.reporter_a, "Thanks.")
    assert TransitionLog.objects.filter(name="acknowledge", content_type__model="feedbacksheet").count() == 1


def test_staff_acknowledge_with_a_letter_only(visited):
    sheet = visit.issue_feedback_sheet(
        visit.prepare_feedback_sheet(visited.visit, by=visited.expert), by=visited.expert
    )
    with pytest.raises(Refusal, match="Another body is responsible for this action"):
        visit.acknowledge_feedback_sheet(sheet, by=visited.expert)
    letter = {"body": "A", "letter_number": "7", "letter_date": make.DAY, "file": make.upload()}
    written = audit.act_on_behalf(visited.cycle, role=Role.AGENCY, by=visited.expert, **letter)
    assert (
        visit.acknowledge_feedback_sheet(sheet, by=visited.expert, on_behalf=written).acknowledged_by == visited.expert
    )


def test_outsiders_write_and_issue_nothing(visited):
    for person in (visited.reporter_a, visited.lead, visited.secretary):
        with pytest.raises(Forbidden):
            visit.prepare_feedback_sheet(visited.visit, by=person)
    sheet = visit.prepare_feedback_sheet(visited.visit, by=visited.expert)
    for person in (visited.reporter_a, visited.lead, visited.secretary):
        with pytest.raises(Forbidden):
            visit.issue_feedback_sheet(sheet, by=person)


def test_findings_are_seen_by_their_evaluators_and_after_the_issue_by_their_agency(visited):
    def seen(name):
        user = type(visited.lead).objects.get(pk=getattr(visited, name).pk)
        rows = (Visit, VisitFinding, FeedbackSheet)
        return tuple(model.objects.visible_to(user).count() for model in rows)

    sheet = visit.prepare_feedback_sheet(visited.visit, by=visited.expert)
    people = "manager lead evaluator steward reporter_a headquarters_a reporter_b observer national".split()
    before = dict.fromkeys(people, (0, 0, 0)) | dict.fromkeys(("manager", "lead", "evaluator"), (2, 3, 1))
    assert {name: seen(name) for name in people} == before
    visit.issue_feedback_sheet(sheet, by=visited.expert)
    assert {name: seen(name) for name in people} == before | dict.fromkeys(("reporter_a", "headquarters_a"), (2, 3, 1))
