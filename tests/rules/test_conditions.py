"""What stands in the way of a step: each condition holds or says why not, in a whole sentence."""

import datetime
from types import SimpleNamespace

import pytest
import time_machine
from django.utils import timezone, translation

from evaluation.enums import (
    AssessmentState,
    DimensionKind,
    EvidenceRule,
    FitVerdict,
    Ground,
    Part,
    ResultState,
    Scorer,
    Stage,
)
from evaluation.models import Evidence, Line, Objection
from evaluation.rules import conditions, stages
from evaluation.rules.circumstances import Circumstances, running_under
from evaluation.rules.conditions import Condition, condition
from tests import factories as make

pytestmark = [pytest.mark.usefixtures("english"), pytest.mark.django_db]
NOW = datetime.datetime(2026, 5, 1, 9, 0, tzinfo=datetime.UTC)
HOUR = datetime.timedelta(hours=1)
BY_RULE = Circumstances(ground=Ground.RULE)


@pytest.fixture
def general(cast):
    """Agency A's assessment of the general dimension, with its lines, before anything is entered."""
    return cast.until(Stage.SELF_ASSESSMENT).assessment(cast.agency_a)


# -- a condition itself ---------------------------------------------------------------------------


def test_a_condition_holds_exactly_when_it_gives_no_reason():
    reasons = condition(lambda obj: ["No."] if obj else [])
    assert (reasons(True), reasons(False)) == (False, True)
    assert (reasons.reasons(True), reasons.reasons(False)) == (["No."], [])


def test_a_condition_without_circumstances_is_asked_under_those_of_the_transition_that_runs():
    grounds = Condition(lambda obj, circumstances: [] if circumstances.ground == Ground.RULE else ["No."])
    assert (grounds(True), grounds(True, BY_RULE)) == (False, True)
    with running_under(BY_RULE):
        assert (grounds(True), grounds(True, Circumstances())) == (True, False)
    assert grounds(True) is False


# -- stages ---------------------------------------------------------------------------------------


def test_a_stage_is_reached_when_those_between_are_skipped():
    reached = conditions.reached(Stage.PARTICIPANTS)
    cycle = SimpleNamespace(stage="circular", skipped=[])
    assert reached.reasons(cycle) == ["The stage “Naming and training evaluators” must be done first."]
    cycle.skipped = ["evaluators"]
    assert reached.reasons(cycle) == []
    cycle.stage = "draft"
    assert reached.reasons(cycle) == ["The stage “Circular and general indicators” must be done first."]
    assert conditions.reached(Stage.CIRCULAR).reasons(cycle) == []


@pytest.mark.parametrize("prefetched", [[], ["steps"]])
def test_only_mandatory_open_steps_of_the_present_stage_hold_it(cast, prefetched):
    def reasons():
        cycle = type(cast.cycle).objects.prefetch_related(*prefetched).get(pk=cast.cycle.pk)
        return conditions.steps_done.reasons(cycle)

    add = cast.cycle.steps.create
    add(number=1, title="گام الزامی", stage=Stage.DRAFT, mandatory=True)
    add(number=2, title="گام آزاد", stage=Stage.DRAFT)
    add(number=3, title="گام بعدی", stage=Stage.CIRCULAR, mandatory=True)
    first = cast.cycle.steps.get(number=1)
    assert reasons() == [f"These mandatory steps are still open: {first}."]
    cast.cycle.steps.filter(number=1).update(done_at=NOW, done_by=cast.expert)
    assert reasons() == []


@pytest.mark.parametrize("stage", [Stage.DRAFT, *Stage.worked()])
def test_each_stage_says_what_is_missing_until_its_work_is_done(cast, stage):
    cast.until(stage)
    assert stages.what_is_missing(cast.cycle) != []
    cast.work(stage)
    assert stages.what_is_missing(cast.cycle) == []


def test_names_in_a_sentence_are_five_at_most(cast):
    for number in range(7):
        make.AgencyFactory(province=cast.province, code=f"N{number}", name=f"ن{number}")
    rows = type(cast.agency_a).objects.filter(code__startswith="N").order_by("code")
    assert stages.listed(rows) == "ن0، ن1، ن2، ن3، ن4 and others"
    assert stages.listed(rows.filter(code__in=["N0", "N1"])) == "ن0، ن1"


# -- windows --------------------------------------------------------------------------------------


def test_a_deadline_of_its_own_outlives_the_window(general):
    general.cycle.windows.filter(stage=Stage.SELF_ASSESSMENT).update(opens_at=NOW - 9 * HOUR, closes_at=NOW)
    general = type(general).objects.get(pk=general.pk)
    assert conditions.entry_open(general, Circumstances(NOW - HOUR)) is True
    assert conditions.entry_open(general, Circumstances(NOW)) is False
    general.return_deadline = NOW + HOUR
    assert conditions.entry_open(general, Circumstances(NOW)) is True
    assert conditions.entry_open(general, Circumstances(NOW + HOUR)) is False


def test_a_rule_for_the_silent_side_asks_no_window(general):
    general.cycle.windows.all().delete()
    for window in (conditions.entry_open, conditions.headquarters_open, conditions.forward_open):
        assert (window(general), window(general, BY_RULE)) == (False, True)


def test_objections_end_with_their_windows_and_sessions(cast):
    cast.until(Stage.OBJECTION).disclose_all()
    session = cast.participation_a.hearings.create(starts_at=NOW, place="سالن")
    window = cast.cycle.windows.get(stage=Stage.OBJECTION)
    assert stages.what_is_missing(cast.cycle) == [
        f"These windows are not over yet: {window}.",
        f"These defence sessions are not held yet: {session}.",
    ]
    cast.cycle.windows.filter(pk=window.pk).update(opens_at=NOW - HOUR, closes_at=NOW)
    assert stages.what_is_missing(cast.cycle) == [f"These defence sessions are not held yet: {session}."]
    session.delete()
    assert stages.what_is_missing(cast.cycle) == []


@pytest.mark.parametrize("prefetched", [[], ["windows"]])
def test_windows_run_until_their_last_moment_and_answers_are_not_counted(cast, prefetched):
    windows = cast.until(Stage.OBJECTION).cycle.windows
    window = windows.get(stage=Stage.OBJECTION)
    windows.create(stage=Stage.OBJECTION, part=Part.ANSWER, opens_at=window.opens_at, closes_at=window.closes_at)
    for moment, running in ((window.closes_at - HOUR, [window]), (window.closes_at, [])):
        with time_machine.travel(moment, tick=False):
            cycle = type(cast.cycle).objects.prefetch_related(*prefetched).get(pk=cast.cycle.pk)
            assert stages.running_windows(cycle, Stage.OBJECTION, but=Part.ANSWER) == running


@pytest.mark.parametrize(("stage", "answers"), [(Stage.OBJECTION, False), (Stage.CONFIRMATION, True)])
def test_answers_may_run_on_into_the_confirmation(cast, stage, answers):
    cast.until(stage)
    cast.cycle.windows.all().delete()
    key = cast.lines(cast.assessment(cast.agency_a))[0].pk
    objection = Objection(line=Line.objects.select_related("assessment__participation__cycle").get(pk=key))
    assert conditions.objection_open(objection) is False
    assert conditions.answer_open(objection) is answers
    assert conditions.opinion_open(objection) is answers


def test_the_window_of_the_general_dimension_opens_no_specific_list(cast):
    cast.until(Stage.INDICATORS)
    specific_list = cast.cycle.specific_lists.get(agency=cast.agency_a)
    window = conditions.list_window(Part.PROPOSE)
    assert window(specific_list) is True
    cast.cycle.windows.update(dimension=cast.general)
    assert window(specific_list) is False
    cast.cycle.windows.update(dimension=cast.specific)
    assert window(specific_list) is True
    cast.cycle.windows.update(part=Part.PROPOSE)
    assert (window(specific_list), conditions.list_window(Part.SLICE)(specific_list)) == (True, False)
    cast.cycle.windows.all().delete()
    assert (window(specific_list), window(specific_list, BY_RULE)) == (False, True)


# -- lists ----------------------------------------------------------------------------------------


def test_a_list_needs_indicators_and_a_verdict_of_each(cast):
    cast.until(Stage.INDICATORS)
    specific_list = cast.cycle.specific_lists.get(agency=cast.agency_a)
    assert conditions.list_has_indicators.reasons(specific_list) == [
        "The list has no indicator yet: enter or import the agency's specific indicators first."
    ]
    cast.propose(specific_list)
    assert conditions.list_has_indicators(specific_list) is True
    own = cast.cycle.indicators.filter(agency=cast.agency_a)
    assert conditions.list_reviewed.reasons(specific_list) == ["2 indicators have no review verdict yet."]
    own.filter(code="S-1").update(fit=FitVerdict.FIT)
    assert conditions.list_reviewed.reasons(specific_list) == ["1 indicator has no review verdict yet."]
    own.filter(code="S-2").update(fit=FitVerdict.REVISE)
    assert conditions.list_reviewed.reasons(specific_list) == [
        f"These indicators do not fit or need revision: {own.get(code='S-2')}. Return the list."
    ]
    own.update(fit=FitVerdict.FIT)
    assert conditions.list_reviewed.reasons(specific_list) == []


# -- assessments ----------------------------------------------------------------------------------


def test_every_own_line_is_filled_before_submitting(cast, general):
    empty = [str(line) for line in cast.lines(general, indicator__scorer=Scorer.EVALUATOR)]
    assert len(empty) == 3  # the steward's line is not the agency's to fill
    assert conditions.lines_filled.reasons(general) == [f"3 lines are still empty: {'، '.join(empty)}."]
    general.lines.filter(indicator__code="G-1").update(self_actual=1)
    general.lines.filter(indicator__code="G-31").update(exempt=True)
    left = cast.lines(general, indicator__code="G-32")[0]
    assert conditions.lines_filled.reasons(general) == [f"1 line is still empty: {left}."]
    general.lines.filter(indicator__code="G-32").update(self_score=0)
    assert conditions.lines_filled.reasons(general) == []


def test_a_rule_submits_what_stands_but_not_an_empty_file(general):
    assert conditions.lines_filled.reasons(general, BY_RULE) == ["No line is filled."]
    general.lines.filter(indicator__code="G-1").update(self_actual=1)
    assert conditions.lines_filled.reasons(general, BY_RULE) == []
    general.lines.all().delete()
    assert conditions.lines_filled.reasons(general) == [
        "The assessment has no lines yet: the catalogue must be frozen first."
    ]


def test_required_evidence_is_asked_of_lines_that_claim_points(cast, general):
    line = cast.lines(general, indicator__code="G-1")[0]
    type(line.indicator).objects.filter(code="G-1").update(evidence_rule=EvidenceRule.REQUIRED)
    assert conditions.evidence_given.reasons(general) == []  # no points claimed
    general.lines.filter(pk=line.pk).update(self_score=10)
    assert conditions.evidence_given.reasons(general) == [f"These lines need evidence: {line}."]
    assert conditions.evidence_given.reasons(general, BY_RULE) == []
    added = Evidence.objects.create(line=line, title="م", file=make.upload(), size=1, uploaded_by=cast.reporter_a)
    assert conditions.evidence_given.reasons(general) == []
    Evidence.objects.filter(pk=added.pk).update(removed_at=timezone.now(), removed_by=cast.reporter_a)
    assert conditions.evidence_given.reasons(general) == [f"These lines need evidence: {line}."]


@pytest.mark.parametrize("state", AssessmentState.before_receipt())
def test_a_receipt_needs_a_sent_file_or_the_workbook_of_the_province(state):
    file = SimpleNamespace(state=state)
    assert conditions.received_through_transfer(file) is (state == AssessmentState.SENT)
    for ground in (Ground.WORKBOOK, Ground.INTERIM):
        assert conditions.received_through_transfer(file, Circumstances(ground=ground)) is True
    assert conditions.received_through_transfer(file, BY_RULE) is (state == AssessmentState.SENT)


def test_scoring_is_finished_with_the_last_line_that_is_not_exempt(cast, general):
    general.lines.exclude(indicator__code__in=["G-2", "G-31"]).update(initial_score=1)
    waiting = cast.lines(general, indicator__code__in=["G-2", "G-31"])
    names = "، ".join(str(line) for line in waiting)
    assert conditions.every_line_scored.reasons(general) == [f"2 lines have no initial score yet: {names}."]
    general.lines.filter(indicator__code="G-31").update(exempt=True)
    assert conditions.every_line_scored.reasons(general) == [f"1 line has no initial score yet: {waiting[0]}."]
    general.lines.filter(indicator__code="G-2").update(initial_score=0)
    assert conditions.every_line_scored.reasons(general) == []


def test_an_undecided_objection_holds_the_confirmation(cast, general):
    line = cast.lines(general)[0]
    filed = Objection.objects.create(line=line, kind="other", text="متن", filed_by=cast.reporter_a)
    assert conditions.objections_decided.reasons(general) == [f"These objections have no decision yet: {line}."]
    filed.delete()
    assert conditions.objections_decided.reasons(general) == []


def test_a_published_year_is_not_reopened(cast):
    cast.until(Stage.FESTIVAL)
    general = cast.assessment(cast.agency_a)
    assert conditions.not_published.reasons(general) == []
    cast.work(Stage.FESTIVAL)
    assert cast.cycle.result_sets.get().state == ResultState.PUBLISHED
    assert conditions.not_published.reasons(general) == [
        "The results of this cycle are published and can no longer be reopened."
    ]


@pytest.mark.parametrize("stage", Stage)
def test_results_are_published_in_the_festival_stage(stage):
    result_set = SimpleNamespace(cycle=SimpleNamespace(stage=stage))
    assert conditions.festival_stage(result_set) is (stage in (Stage.FESTIVAL, Stage.CLOSED))


def test_counts_in_sentences_have_the_digits_of_the_language(general):
    """Codes of indicators keep Latin ones."""
    with translation.override("fa"):
        (sentence,) = conditions.lines_filled.reasons(general)
    assert sentence.startswith("۳ ردیف هنوز تکمیل نشده است: G-1 · ")


def test_an_axis_without_a_group_is_missed_whatever_comes_before_its_dimension(cast):
    """The specific dimension, first in its cycle, has a lead; an axis of the general one has none."""
    cast.until(Stage.PARTICIPANTS)
    assert stages.evaluators(cast.cycle) == []
    cast.cycle.dimensions.filter(kind=DimensionKind.SPECIFIC).update(order=0)
    make.AxisFactory(dimension=cast.general, number=9, title="محور سه")
    assert stages.evaluators(cast.cycle) == ["These axes have no evaluator group with a lead: محور سه."]


def test_a_specific_dimension_is_missed_where_no_group_with_a_lead_covers_it(cast):
    cast.until(Stage.PARTICIPANTS)
    covering = cast.cycle.evaluator_groups.filter(covers_specific=True)
    assert covering
    covering.update(covers_specific=False)
    specific = cast.cycle.dimensions.get(kind=DimensionKind.SPECIFIC)
    assert stages.evaluators(cast.cycle) == [f"No evaluator group with a lead scores the dimension “{specific}”."]
