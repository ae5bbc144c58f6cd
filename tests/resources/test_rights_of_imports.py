"""What a person may write by a workbook is what the forms would let through: every other case is forged here."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from evaluation.enums import ImportState, Role, Scorer, Stage, Workbook
from evaluation.models import Agency, ImportRun, Indicator, Line, Mark, Membership, StageWindow
from evaluation.process.assessing import assessment as assessment_verbs
from evaluation.process.door import Forbidden, Refusal
from evaluation.process.imports import import_run
from evaluation.process.year import evaluator_group, windows
from evaluation.resources import runs
from evaluation.resources.downloads.templates import export
from evaluation.resources.workbooks.registry import downloadable, importable
from tests import factories as make
from tests.admin.imports.import_desk import Desk, page
from tests.cast import person

from .sheets import imported, sheet, table, tried

pytestmark = pytest.mark.django_db

FIGURES = ["agencies", "indicators", "specific", "targets", "self", "received", "scores", "feed", "levels", "history"]
FIGURES += ["plans", "nominees"]
TABLES = ["memberships", "evaluators", "attendance", "committees", "legal_references", "questions", "days_off"]
ALL, LAWS = FIGURES + TABLES, "legal_references"  # laws are everybody's to read
SELF = ["agency", "code", "actual", "score", "note"]
SCORES = ["agency", "code", "actual", "score", "note"]
SECOND = timedelta(seconds=1)
CLOSED = "The window of the stage “Entering the self-assessment” ended with {day}: ask for an extension."
OWN_TIME_OVER = "Your own time for the stage “Entering the self-assessment” ended with {day}: ask for an extension."
NO_AGENCY = "No agency of this cycle that is open to you has this code."

# who may upload which, and who may take which out
RIGHTS = {
    "manager": (ALL, ALL),
    "expert": ([name for name in ALL if name != "memberships"], ALL),
    "lead": (["scores"], ["scores", "evaluators", LAWS]),
    "evaluator": (["scores"], ["scores", "evaluators", LAWS]),
    "secretary": (["committees"], ["committees", LAWS]),
    "observer": ([], [LAWS]),
    "steward": (["scores"], ["scores", LAWS]),
    "national": (["levels", LAWS], ["levels", LAWS]),
    "headquarters_a": ([], ["plans", "nominees", LAWS]),
    "headquarters_b": ([], ["plans", "nominees", LAWS]),
    "reporter_a": (["specific", "self", "plans", "nominees"], ["specific", "self", "plans", "nominees", LAWS]),
    "reporter_b": (["specific", "self", "plans", "nominees"], ["specific", "self", "plans", "nominees", LAWS]),
    "nobody": ([], []),
}


def closing(cast):
    return StageWindow.objects.get(cycle=cast.cycle, stage=Stage.SELF_ASSESSMENT).closes_at


def found(run):
    """(cell, sentence) of each fault; a day stands as {day}."""
    return [(each["cell"], dayless(each["sentence"])) for each in run.report["faults"]]


def dayless(sentence):
    return re.sub(r"\d{4}/\d\d/\d\d", "{day}", sentence)


def own(cast, *rows, by="reporter_a", **kwargs):
    return tried("self", sheet(SELF, *rows), by=getattr(cast, by), cycle=cast.cycle, **kwargs)


def scored(cast, *rows, by):
    return tried("scores", sheet(SCORES, *rows), by=by, cycle=cast.cycle)


def line_of(code="G-1", agency="A"):
    return Line.objects.get(indicator__code=code, assessment__participation__agency__code=agency)


# -- which workbook -------------------------------------------------------------------------------


@pytest.mark.parametrize("user", RIGHTS)
def test_the_workbooks_of_each_person(entry, user):
    by, (brought, taken) = getattr(entry, user), RIGHTS[user]
    assert [str(each) for each in Workbook] == ALL
    assert [str(each) for each in importable(by, entry.cycle)] == brought
    assert [str(each) for each in downloadable(by, entry.cycle)] == taken
    for name in set(ALL) - set(brought):
        with pytest.raises(Forbidden):
            runs.upload(name, data=b"x", file_name="a.xlsx", by=by, cycle=entry.cycle)
    assert ImportRun.objects.count() == 0


@pytest.mark.parametrize("user", [user for user, (_brought, taken) in RIGHTS.items() if taken != ALL])
@pytest.mark.parametrize("way", ["template", "export"])
def test_the_addresses_of_downloads(entry, user, way):
    client = entry.client(user)
    answers = {name: client.get(page(way, name, cycle=entry.cycle.pk)).status_code for name in ALL}
    assert {name for name, status in answers.items() if status == 200} == set(RIGHTS[user][way == "export"])
    refused = 404 if user == "nobody" else 403  # to whom no cycle is open
    assert set(answers.values()) - {200} == {refused}


# -- which rows -----------------------------------------------------------------------------------


def test_an_agency_fills_its_own_lines_of_the_evaluator_only(entry):
    run = own(entry, ["A", "G-1", 80], ["B", "G-1", 80], ["A", "G-2", 80], ["A", "G-3", 80], ["B", "S-1", 1])
    assert [cell for cell, _sentence in found(run)] == ["A3", "C4", "B5", "A6"]
    assert [sentence for cell, sentence in found(run) if cell in ("A3", "A6")] == [NO_AGENCY] * 2
    assert (run.state, Mark.objects.count()) == (ImportState.REFUSED, 0)


def test_what_other_levels_hold_is_not_read(entry):
    headings = [*SELF, "hq_score", "initial_score", "target", "maximum", "عملکرد تأیید دستگاه متبوع"]
    data = sheet(headings, ["A", "G-1", 80, None, "یادداشت", 300, 300, 1, 1000, 99])
    imported("self", data, by=entry.reporter_a, cycle=entry.cycle)
    line = line_of()
    assert (line.self_actual, line.self_note) == (80, "یادداشت")
    assert (line.hq_score, line.hq_actual, line.initial_score, line.maximum) == (None, None, None, 300)
    assert line.target == line.indicator.target != 1
    assert [str(each.level) for each in Mark.objects.all()] == ["self"]


def test_an_evaluator_scores_the_lines_of_the_own_group_and_nobody_elses(scoring):
    run = scored(scoring, ["A", "G-1", 70], ["A", "G-2", 70], ["A", "G-31", 70], ["A", "S-1", 7], by=scoring.evaluator)
    assert [cell for cell, _sentence in found(run)] == ["C3", "B4", "B5"]
    run = scored(scoring, ["A", "G-1", 70], ["A", "G-2", 70], by=scoring.steward)
    assert [cell for cell, _sentence in found(run)] == ["B2"]
    assert Mark.objects.filter(level="initial").count() == 0


def test_an_evaluator_scores_the_assigned_agencies_only(scoring):
    other = person("other", Role.EVALUATOR, province=scoring.province)
    seats = [evaluator_group.seat(scoring.group_1, each, by=scoring.manager) for each in (scoring.evaluator, other)]
    for seat, agency in zip(seats, (scoring.agency_a, scoring.agency_b), strict=True):
        evaluator_group.assign(
            seat, [scoring.cycle.participations.get(agency=agency)], by=scoring.manager, note="آزمون"
        )
    rows = (["A", "G-1", 70], ["B", "G-1", 70])
    assert [cell for cell, _sentence in found(scored(scoring, *rows, by=scoring.evaluator))] == ["B3"]
    assert [cell for cell, _sentence in found(scored(scoring, *rows, by=other))] == ["B2"]


def test_a_colleague_of_another_province_sees_no_row(entry):
    elsewhere = make.ProvinceFactory(code="other", name="البرز")
    stranger = person("stranger", Role.MANAGER, province=elsewhere)
    with pytest.raises(Forbidden):
        tried("indicators", sheet(["dimension", "code"], ["general", "G-9"]), by=stranger, cycle=entry.cycle)
    with pytest.raises(Forbidden):
        tried("agencies", sheet(["code", "name"], ["A", "نام نو"]), by=stranger, cycle=entry.cycle)
    run = own(entry, ["A", "G-1", 80])
    assert Desk(entry, stranger).step("confirm", run).status_code == 404
    with pytest.raises(Forbidden):
        runs.confirm(run, by=stranger)
    assert (Mark.objects.count(), Agency.objects.get(code="A").name) == (0, "اداره الف")


def test_a_scorer_of_another_province_sees_no_line(scoring):
    stranger = person("stranger", Role.EVALUATOR, province=make.ProvinceFactory(code="other", name="البرز"))
    assert found(scored(scoring, ["A", "G-1", 70], by=stranger)) == [("A2", NO_AGENCY)]
    assert list(Line.objects.visible_to(stranger)) == []


# -- when -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("after", "faults"), [(-SECOND, []), (timedelta(0), [("A2", CLOSED)]), (SECOND, [("A2", CLOSED)])]
)
def test_the_window_at_its_last_second(entry, after, faults):
    with time_machine.travel(closing(entry) + after, tick=False):
        assert found(own(entry, ["A", "G-1", 80])) == faults


def test_an_extension_opens_one_agency_until_it_ends(entry):
    ends = closing(entry) + timedelta(days=2)
    windows.extend(
        entry.cycle, entry.agency_a, stage=Stage.SELF_ASSESSMENT, ends_at=ends, reason="سیل", by=entry.manager
    )
    with time_machine.travel(ends - SECOND, tick=False):
        assert found(own(entry, ["A", "G-1", 80])) == []
        assert found(own(entry, ["B", "G-1", 80], by="reporter_b")) == [("A2", CLOSED)]
    with time_machine.travel(ends, tick=False):
        assert found(own(entry, ["A", "G-1", 80])) == [("A2", OWN_TIME_OVER)]


def test_a_submitted_assessment_is_closed_dimension_by_dimension(entry):
    assessment = entry.assessment(entry.agency_a)
    entry.fill(assessment)
    assessment_verbs.submit(assessment, by=entry.reporter_a)
    run = own(entry, ["A", "G-1", 81], ["A", "S-1", 9])
    assert [cell for cell, _sentence in found(run)] == ["A2"]
    assert line_of().self_actual == 80


def test_an_evaluator_after_the_scoring_is_finished(scoring):
    assessment = scoring.assessment(scoring.agency_a)
    scoring.score(assessment)
    data = sheet(SCORES, ["A", "G-1", 60])
    assessment_verbs.finish_scoring(assessment, by=scoring.lead)
    run = tried("scores", data, by=scoring.lead, cycle=scoring.cycle)
    assert [cell for cell, _sentence in found(run)] == ["A2"]
    assert line_of().initial_actual == 70


# -- between the trial run and the confirmation ---------------------------------------------------


def nothing_written(run):
    run.refresh_from_db()
    assert (Mark.objects.count(), line_of().self_actual, run.written_at) == (0, None, None)


def test_the_window_closes_in_between(entry):
    desk = Desk(entry, "reporter_a")
    run = desk.upload("self", sheet(SELF, ["A", "G-1", 80]))
    assert run.state == ImportState.TRIED
    StageWindow.objects.filter(cycle=entry.cycle, stage=Stage.SELF_ASSESSMENT).update(closes_at=timezone.now() - SECOND)
    desk.confirm(run)
    nothing_written(run)
    assert (run.state, found(run)) == (ImportState.REFUSED, [("A2", CLOSED)])


@pytest.mark.parametrize(("after", "state"), [(-SECOND, "written"), (timedelta(0), "refused"), (SECOND, "refused")])
def test_the_window_closes_between_the_confirmation_and_the_workers_write(entry, after, state):
    run, end = own(entry, ["A", "G-1", 80]), closing(entry)
    with time_machine.travel(end - 2 * SECOND, tick=False):
        run = import_run.ask_to_write(run, by=entry.reporter_a)
    with time_machine.travel(end + after, tick=False):
        runs.work(run.pk, run.attempt)  # as the worker does
    run.refresh_from_db()
    assert run.state == state
    if state == "refused":
        assert found(run) == [("A2", CLOSED)]
        nothing_written(run)
    else:
        assert (Mark.objects.count(), line_of().self_actual) == (1, 80)


def test_the_membership_ends_in_between(entry):
    run = own(entry, ["A", "G-1", 80])
    Membership.objects.filter(user=entry.reporter_a).delete()
    with pytest.raises(Forbidden):
        runs.confirm(run, by=type(entry.reporter_a).objects.get(pk=entry.reporter_a.pk))
    nothing_written(run)


def test_the_membership_moves_to_another_agency_in_between(entry):
    run = own(entry, ["A", "G-1", 80])
    Membership.objects.filter(user=entry.reporter_a).update(agency=entry.agency_b)
    run = runs.confirm(run, by=type(entry.reporter_a).objects.get(pk=entry.reporter_a.pk))
    nothing_written(run)
    assert (run.state, found(run)) == (ImportState.REFUSED, [("A2", NO_AGENCY)])


def test_the_assessment_is_submitted_in_between(entry):
    run = own(entry, ["A", "G-1", 70])
    entry.fill(entry.assessment(entry.agency_a))
    assessment_verbs.submit(entry.assessment(entry.agency_a), by=entry.reporter_a)
    run = runs.confirm(run, by=entry.reporter_a)
    assert (run.state, [cell for cell, _sentence in found(run)]) == (ImportState.REFUSED, ["A2"])
    assert (line_of().self_actual, run.changes.count()) == (80, 0)


def test_the_scorer_of_a_line_changes_in_between(scoring):
    run = scored(scoring, ["A", "G-1", 70], by=scoring.evaluator)
    assert run.state == ImportState.TRIED
    Indicator.objects.filter(code="G-1").update(scorer=Scorer.STEWARD, steward=scoring.partner)
    run = runs.confirm(run, by=scoring.evaluator)
    assert (run.state, [cell for cell, _sentence in found(run)]) == (ImportState.REFUSED, ["C2"])
    assert Mark.objects.filter(level="initial").count() == 0


# -- somebody else's ------------------------------------------------------------------------------


def test_nobody_else_confirms_or_takes_back(entry):
    run = own(entry, ["A", "G-1", 80])
    others = ("reporter_b", "headquarters_a", "expert", "lead", "national", "observer", "nobody")
    for user in others:
        with pytest.raises(Forbidden):
            runs.confirm(run, by=getattr(entry, user))
    nothing_written(run)
    run = runs.confirm(run, by=entry.reporter_a)
    for user in others:
        with pytest.raises(Forbidden):
            runs.take_back(run, by=getattr(entry, user))
    assert (line_of().self_actual, ImportRun.objects.count()) == (80, 1)


def test_nothing_is_taken_back_after_the_window(entry):
    run = imported("self", sheet(SELF, ["A", "G-1", 80]), by=entry.reporter_a, cycle=entry.cycle)
    with time_machine.travel(closing(entry), tick=False):
        runs.take_back(run, by=entry.reporter_a)
    (change,) = run.changes.all()
    assert (change.outcome, dayless(change.reason)) == ("failed", CLOSED)
    assert line_of().self_actual == 80


@pytest.mark.parametrize("name", ["self", "specific", "levels"])
def test_staff_write_for_others_with_a_letter_only(entry, name):
    """A forged upload without the letter that the form asks for."""
    headings = {
        "self": SELF,
        "specific": ["agency", "code", "title"],
        "levels": ["agency", "dimension", "level", "letter"],
    }
    rows = {"self": ["A", "G-1", 80], "specific": ["A", "S-9", "نو"], "levels": ["A", None, "1", "45"]}
    data = sheet(headings[name], rows[name])
    before = (Mark.objects.count(), Indicator.objects.count())
    try:
        run = tried(name, data, by=entry.expert, cycle=entry.cycle)
        run = runs.confirm(run, by=entry.expert)
    except (Refusal, Forbidden):
        run = ImportRun.objects.get()
    assert run.state != ImportState.WRITTEN
    assert (Mark.objects.count(), Indicator.objects.count()) == before


def test_an_export_of_one_agency_holds_no_other(entry):
    entry.work(Stage.SELF_ASSESSMENT)
    for user, code in (("reporter_a", "A"), ("reporter_b", "B")):
        _headings, *rows = table(export("self", by=getattr(entry, user), cycle=entry.cycle))
        assert [row[:2] for row in rows] == [[code, line] for line in ("G-1", "G-31", "G-32", "S-1", "S-2")]
