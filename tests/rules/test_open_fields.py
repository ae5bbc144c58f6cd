"""Who writes which figures of a line, and which levels of it a party reads in which state."""

import pytest
from django.contrib.auth import get_user_model

from evaluation.enums import AssessmentState, MarkLevel, Role, Scorer, Stage
from evaluation.models import Line
from evaluation.rules import bulk_rights
from evaluation.rules.open_fields import (
    ENTRIES,
    decidable_lines,
    may_write_line,
    readable_levels,
    sees_evaluators,
    writable,
    writer_of,
)
from tests import factories as make
from tests.cast import person

pytestmark = pytest.mark.django_db
SELF, HQ, INITIAL, REVISED, FINAL = MarkLevel
PEOPLE = (
    "manager expert lead evaluator steward secretary observer national headquarters_a headquarters_b reporter_a "
    "reporter_b nobody"
).split()
ALL = [SELF, HQ, INITIAL, REVISED, FINAL]


def fresh(cast, name):
    return get_user_model().objects.get(pk=getattr(cast, name).pk)


def who(cast, question):
    return [name for name in PEOPLE if question(fresh(cast, name))]


def test_each_level_names_its_step_its_states_and_its_fields():
    assert {level: (entry.may.codename, entry.stage, entry.part) for level, entry in ENTRIES.items()} == {
        SELF: ("record_self", "self_assessment", ""),
        HQ: ("record_hq", "transfer", "headquarters"),
        INITIAL: ("record_initial", "evaluation", ""),
    }
    assert {level: set(entry.states) for level, entry in ENTRIES.items()} == {
        SELF: {"not_started", "drafting", "returned"},
        HQ: {"submitted"},
        INITIAL: {"under_evaluation"},
    }
    assert [sorted(entry.fields) for entry in ENTRIES.values()] == [
        ["actual", "denominator", "evidence", "note", "numerator", "score"],
        ["actual", "note", "score"],
        ["actual", "note", "score", "target"],
    ]


# -- writing --------------------------------------------------------------------------------------

EVALUATORS_LINES, STEWARDS_LINE, FEED_LINE = ["G-1", "G-32"], ["G-2"], ["G-31"]


@pytest.fixture
def scoring(cast):
    """Agency A's general assessment under evaluation; G-31 is an outside system's, G-32 is exempt at agency B."""
    cast.until(Stage.EVALUATION)
    type(cast.g31).objects.filter(code="G-31").update(scorer=Scorer.FEED)
    Line.objects.filter(indicator__code="G-32", assessment__participation__agency=cast.agency_b).update(exempt=True)
    return cast


def codes(lines):
    return sorted(lines.values_list("indicator__code", flat=True))


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("manager", EVALUATORS_LINES + STEWARDS_LINE + FEED_LINE),
        ("expert", EVALUATORS_LINES + STEWARDS_LINE + FEED_LINE),
        ("lead", EVALUATORS_LINES),
        ("evaluator", ["G-1"]),  # of the first axis alone
        ("steward", STEWARDS_LINE),
        ("reporter_a", []),
        ("headquarters_a", []),
        ("national", []),
        ("observer", []),
        ("nobody", []),
    ],
)
def test_initial_figures_are_written_by_the_scorer_and_by_the_office(scoring, name, written):
    file = scoring.assessment(scoring.agency_a)
    user = fresh(scoring, name)
    assert codes(file.lines.filter(writable(user, file, INITIAL), exempt=False)) == sorted(written)
    one_by_one = [line.indicator.code for line in scoring.lines(file) if may_write_line(user, line, INITIAL)]
    assert sorted(one_by_one) == sorted(written)


@pytest.mark.parametrize("level", [SELF, HQ])
def test_the_agency_and_its_headquarters_write_the_evaluators_lines(scoring, level):
    file = scoring.assessment(scoring.agency_a)
    assert (
        codes(file.lines.filter(writable(fresh(scoring, "reporter_a"), file, level), exempt=False)) == EVALUATORS_LINES
    )
    assert [
        line.indicator.code for line in scoring.lines(file) if may_write_line(None, line, level)
    ] == EVALUATORS_LINES


def test_an_exempt_line_is_in_no_list_to_write(scoring):
    file = scoring.assessment(scoring.agency_b)
    assert codes(file.lines.filter(writable(fresh(scoring, "lead"), file, INITIAL), exempt=False)) == ["G-1"]
    assert codes(file.lines.filter(writable(fresh(scoring, "reporter_b"), file, SELF), exempt=False)) == ["G-1"]


@pytest.mark.parametrize("name", PEOPLE)
@pytest.mark.parametrize("level", [SELF, INITIAL])
def test_asked_for_many_files_at_once_it_is_the_same(scoring, name, level):
    user, files = fresh(scoring, name), scoring.assessments()
    lines = [line for file in files for line in scoring.lines(file, exempt=False)]
    with bulk_rights.rights_preloaded(user, files):
        writes = writer_of(user, files, level)
        at_once = [line.pk for line in lines if writes(line)]
    assert at_once == [line.pk for line in lines if may_write_line(fresh(scoring, name), line, level)]


def test_objections_are_decided_within_the_own_share(scoring):
    file = scoring.assessment(scoring.agency_a)
    share = {name: codes(decidable_lines(fresh(scoring, name), file)) for name in ("manager", "lead", "evaluator")}
    assert share == {"manager": ["G-1", "G-2", "G-31", "G-32"], "lead": EVALUATORS_LINES, "evaluator": ["G-1"]}
    assert codes(decidable_lines(fresh(scoring, "steward"), file)) == []
    assert codes(decidable_lines(fresh(scoring, "reporter_a"), file)) == []


# -- reading --------------------------------------------------------------------------------------


def levels(cast, name, state=None):
    """What the person reads of agency A's general file, as if it stood in this state."""
    file = cast.assessment(cast.agency_a)
    vars(file)["state"] = state or file.state  # past the guard of the state machine; nothing is saved
    return readable_levels(fresh(cast, name), file)


OPENED = {  # what the agency reads, by the state of its file
    AssessmentState.NOT_STARTED: [SELF],
    AssessmentState.DRAFTING: [SELF],
    AssessmentState.SUBMITTED: [SELF],
    AssessmentState.RETURNED: [SELF, HQ],
    AssessmentState.APPROVED: [SELF, HQ],
    AssessmentState.SENT: [SELF, HQ],
    AssessmentState.RECEIVED: [SELF, HQ],
    AssessmentState.UNDER_EVALUATION: [SELF, HQ],
    AssessmentState.SCORED: [SELF, HQ],
    AssessmentState.DISCLOSED: [SELF, HQ, INITIAL, REVISED],
    AssessmentState.CONFIRMED: [SELF, HQ, INITIAL, REVISED],
    AssessmentState.REPORTED: [SELF, HQ, INITIAL, REVISED],
    AssessmentState.ABSENT: [SELF, HQ],
    AssessmentState.WITHDRAWN: [SELF, HQ],
}


@pytest.mark.parametrize("state", AssessmentState)
def test_the_agency_and_its_headquarters_read_what_the_embargo_opens(cast, state):
    cast.until(Stage.SELF_ASSESSMENT)
    assert levels(cast, "reporter_a", state) == OPENED[state]
    assert levels(cast, "headquarters_a", state) == [level for level in ALL if level in {*OPENED[state], HQ}]


def test_a_file_that_is_somebody_elses_is_not_read_at_any_level(cast):
    cast.until(Stage.OBJECTION)
    others = ["reporter_b", "headquarters_b", "observer", "secretary", "nobody"]
    assert [(name, levels(cast, name, AssessmentState.DISCLOSED)) for name in others] == [(name, []) for name in others]


def test_scorers_read_all_but_the_final_level_and_the_office_reads_all(cast):
    cast.until(Stage.EVALUATION)
    assert levels(cast, "lead") == levels(cast, "steward") == [SELF, HQ, INITIAL, REVISED]
    assert levels(cast, "manager") == levels(cast, "expert") == levels(cast, "national") == ALL


def test_the_final_level_opens_with_the_announcement(cast):
    cast.until(Stage.RANKING)
    file = cast.assessment(cast.agency_a)
    assert readable_levels(fresh(cast, "reporter_a"), file) == [SELF, HQ, INITIAL, REVISED]
    cast.work(Stage.RANKING)  # announced
    assert readable_levels(fresh(cast, "reporter_a"), cast.assessment(cast.agency_a)) == ALL
    assert readable_levels(fresh(cast, "lead"), file) == [SELF, HQ, INITIAL, REVISED]


def test_who_scored_is_read_by_those_alone_to_whom_it_was_opened(cast):
    readers = ["manager", "expert", "lead", "evaluator", "steward", "secretary", "national"]
    assert who(cast, sees_evaluators) == readers
    assert sees_evaluators(get_user_model().objects.create_superuser("root")) is True


def test_the_manager_of_another_province_writes_and_decides_no_line_of_ours(scoring):
    elsewhere = person("elsewhere", Role.MANAGER, province=make.ProvinceFactory(code="yazd", name="یزد"))
    for line in Line.objects.filter(assessment__participation__agency=scoring.agency_a).select_related("indicator"):
        assert not may_write_line(elsewhere, line, INITIAL)
        assert may_write_line(scoring.manager, line, INITIAL)
        assert not Line.objects.filter(writable(elsewhere, line.assessment, INITIAL)).exists()
        assert not decidable_lines(elsewhere, line.assessment).exists()


def test_a_steward_writes_initial_figures_of_the_own_indicators_alone(cast):
    cast.until(Stage.EVALUATION)
    other = make.PartnerBodyFactory(code="PB-2", name="نهاد دیگر", province=cast.province)
    make.IndicatorFactory(dimension=cast.general, axis=cast.axis_1, code="G-9", scorer=Scorer.STEWARD, steward=other)
    (line,) = cast.lines(cast.assessment(cast.agency_a), indicator__code="G-2")
    stewards = cast.steward, person("steward of another body", Role.STEWARD, partner=other)
    assert [may_write_line(steward, line, INITIAL) for steward in stewards] == [True, False]
