"""Qazvin's two phases: an interim cycle beside its main cycle, scored without a self-assessment, ranked never."""

import datetime
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.utils import translation

from evaluation.enums import Stage
from evaluation.models import AgencyResult, Cycle, Line, ProcessTemplate, Target
from evaluation.process.assessing import assessment, line
from evaluation.process.door import Forbidden, Refusal
from evaluation.process.results import result
from evaluation.process.year import cycle as cycle_verbs
from evaluation.process.year import interim
from evaluation.reports.interim import axis_means, beside

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def frozen(cast):
    return cast.until(Stage.SELF_ASSESSMENT)


def half(cycle):
    return {"period_start": cycle.period_start, "period_end": cycle.period_start + datetime.timedelta(days=180)}


def made(cast, **given):
    return interim.make_interim(cast.cycle, title="شش‌ماهه", by=cast.manager, **half(cast.cycle) | given)


def scored(cast, cycle, agency, actual):
    """The interim assessment of one agency, with this actual on every line."""
    own = cycle.assessments().get(participation__agency=agency)
    for each in Line.objects.filter(assessment=own).select_related("indicator"):
        line.record(each, "initial", line.Figures(actual=Decimal(actual)), by=cast.manager)
    return assessment.finish_scoring(own, by=cast.manager)


def test_the_catalogue_agencies_and_groups_are_copied_and_wait_for_the_evaluators(frozen):
    Target.objects.create(indicator=frozen.g1, agency=frozen.agency_a, target=120)
    cycle = made(frozen)
    assert (cycle.kind, cycle.main_cycle, cycle.stage) == ("interim", frozen.cycle, "draft")
    copies = {copy.code: copy.origin for copy in cycle.indicators.all()}
    assert copies == {code: getattr(frozen, code.lower().replace("-", "")) for code in "G-1 G-2 G-3 G-31 G-32".split()}
    assert list(cycle.dimensions.values_list("kind", flat=True)) == ["general"]
    assert sorted(cycle.assessments().values_list("participation__agency__code", "state")) == [
        ("A", "received"),
        ("B", "received"),
    ]
    first = Line.objects.get(
        assessment=cycle.assessments().get(participation__agency=frozen.agency_a), indicator__code="G-1"
    )
    assert first.target == 120
    groups = cycle.evaluator_groups.all()
    assert {group.title: sorted(seat.user.username for seat in group.evaluators.all()) for group in groups} == {
        "گروه یک": ["evaluator", "lead"],
        "گروه دو": ["lead"],
    }


def test_the_short_path_goes_from_draft_through_scoring_to_the_archive(frozen):
    cycle = cycle_verbs.advance(made(frozen), by=frozen.manager)
    assert cycle.stage == Stage.EVALUATION
    with pytest.raises(Refusal, match="These assessments are not scored yet"):
        cycle_verbs.advance(cycle, by=frozen.manager)
    for agency in (frozen.agency_a, frozen.agency_b):
        scored(frozen, cycle, agency, 50)
    with pytest.raises(Refusal, match="are not disclosed yet"):
        cycle_verbs.advance(cycle, by=frozen.manager)
    for each in cycle.assessments():
        assessment.disclose(each, by=frozen.expert)
    assert cycle_verbs.advance(cycle, by=frozen.manager).stage == Stage.CLOSED


def test_evaluators_score_their_own_lines_of_the_interim_cycle(frozen):
    cycle = cycle_verbs.advance(made(frozen), by=frozen.manager)
    own = Line.objects.get(
        assessment__participation__cycle=cycle, assessment__participation__agency=frozen.agency_a, indicator__code="G-1"
    )
    line.record(own, "initial", line.Figures(actual=Decimal(50)), by=frozen.evaluator)
    own.refresh_from_db()
    assert (own.initial_actual, own.initial_score) == (50, 150)
    foreign = Line.objects.get(assessment=own.assessment, indicator__code="G-31")
    with pytest.raises((Refusal, Forbidden)):
        line.record(foreign, "initial", line.Figures(actual=Decimal(50)), by=frozen.evaluator)


def test_the_steps_of_the_interim_phase_are_its_checklist(frozen):
    call_command("load_fixtures", verbosity=0)
    cycle = made(frozen, template=ProcessTemplate.objects.get(code="qazvin-two-phase"))
    assert list(cycle.steps.values_list("number", "stage")) == [(5, "evaluation"), (6, "evaluation"), (7, "evaluation")]
    assert sorted(set(Stage.values) - set(cycle.skipped)) == ["closed", "draft", "evaluation"]


def test_an_interim_cycle_has_means_of_axes_and_no_ranking(frozen):
    cycle = cycle_verbs.advance(made(frozen), by=frozen.manager)
    scored(frozen, cycle, frozen.agency_a, 50)
    first = axis_means(cycle)[0]
    assert (first.percent, first.scored, first.agencies) == (50, 1, 2)
    scored(frozen, cycle, frozen.agency_b, 100)
    first, second = axis_means(cycle)
    assert (first.percent, first.scored, first.agencies) == (75, 2, 2)
    assert (first.highest, first.lowest) == (False, second.percent > 75) or first.highest
    with pytest.raises(Refusal, match="An interim evaluation has no ranking: it gives figures of the axes only"):
        result.prepare(cycle, by=frozen.manager)
    assert AgencyResult.objects.count() == 0


def test_the_interim_figure_stands_beside_the_main_line_once_it_is_disclosed(frozen):
    cycle = cycle_verbs.advance(made(frozen), by=frozen.manager)
    own = scored(frozen, cycle, frozen.agency_a, 50)
    main = frozen.assessment(frozen.agency_a)
    seen = beside(main, frozen.expert)[frozen.g1.pk]
    assert (seen.actual, seen.score, seen.cycle) == (50, 150, "شش‌ماهه")
    assert beside(main, frozen.reporter_a) == {}
    assessment.disclose(own, by=frozen.expert)
    assert beside(main, frozen.reporter_a)[frozen.g1.pk] == seen
    assert beside(frozen.assessment(frozen.agency_b), frozen.expert) == {}


def test_an_interim_evaluation_needs_a_frozen_catalogue_and_a_period_within_the_year(cast):
    cast.until(Stage.BRIEFING)
    with pytest.raises(Refusal, match="catalogue of the main cycle is not frozen yet"):
        made(cast)
    cast.until(Stage.SELF_ASSESSMENT)
    with pytest.raises(Refusal, match="must lie within the period of the main cycle"):
        made(cast, period_end=cast.cycle.period_end + datetime.timedelta(days=1))
    cycle = made(cast)
    with pytest.raises(Refusal, match="beside an annual cycle"):
        interim.make_interim(cycle, title="x", by=cast.manager, **half(cast.cycle))
    with pytest.raises(Refusal, match="already has such a cycle"):
        made(cast)
    with pytest.raises(Forbidden):
        interim.make_interim(cast.cycle, title="x", by=cast.lead, **half(cast.cycle))
    assert Cycle.objects.count() == 2
