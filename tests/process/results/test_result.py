"""The end of a year: figures, gates in their order, what is announced to whom, and what voids it."""

import pytest
from django.db.models import F

from evaluation.enums import CycleKind, Stage
from evaluation.models import AgencyResult, CommitteeSession, Line, Notice, Publication, Transfer, TransitionLog
from evaluation.process.door import Forbidden, Refusal
from evaluation.process.results import council, result, verify
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def ranking(cast):
    return cast.until(Stage.RANKING)


@pytest.fixture
def computed(ranking):
    ranking.results = result.compute(result.prepare(ranking.cycle, by=ranking.expert), by=ranking.expert)
    return ranking


def hold(cast, **more):
    """The results sent to the council, and its session."""
    cast.dispatch()
    return council.hold_council(cast.results, by=cast.secretary, **cast.council_session() | more)


# -- figures --------------------------------------------------------------------------------------


def test_a_cycle_has_one_standing_result_set(ranking):
    first = result.prepare(ranking.cycle, by=ranking.expert)
    assert (first.state, first.number) == ("draft", 1)
    assert result.prepare(ranking.cycle, by=ranking.manager) == first
    with pytest.raises(Forbidden):
        result.prepare(ranking.cycle, by=ranking.lead)


def test_an_interim_cycle_has_no_ranking(cast):
    interim = make.CycleFactory(province=cast.province, kind=CycleKind.INTERIM, main_cycle=cast.cycle)
    with pytest.raises(Refusal, match="An interim evaluation has no ranking"):
        result.prepare(interim, by=cast.expert)


def test_totals_are_the_sums_of_the_final_scores_and_equal_totals_share_a_rank(computed):
    rows = AgencyResult.objects.filter(result_set=computed.results, dimension=None)
    finals = {
        row.pk: sum(
            line.final_score
            for file in computed.assessments(participation=row.participation)
            for line in computed.lines(file, indicator__parent=None)
            if line.final_score is not None and not line.indicator.measures.exists()
        )
        for row in rows
    }
    assert len(finals) == 2
    assert len({row.total for row in rows}) == 1  # both agencies were given the same actuals
    assert {(row.rank, row.group_rank) for row in rows} == {(1, 1)}


def test_computing_again_replaces_the_figures(computed):
    before = set(AgencyResult.objects.values_list("pk", flat=True))
    result.compute(computed.results, by=computed.expert)
    after = set(AgencyResult.objects.values_list("pk", flat=True))
    assert (len(before), len(after), before & after) == (6, 6, set())


def test_nothing_is_computed_while_a_file_is_not_confirmed(cast):
    cast.until(Stage.CONFIRMATION)
    with pytest.raises(Refusal, match="These assessments are not confirmed yet"):
        result.compute(result.prepare(cast.cycle, by=cast.expert), by=cast.expert)


def test_an_agency_that_is_not_ranked_has_figures_and_no_rank(ranking):
    ranking.cycle.participations.filter(agency=ranking.agency_b).update(ranked_among="nobody")
    result.compute(result.prepare(ranking.cycle, by=ranking.expert), by=ranking.expert)
    rows = AgencyResult.objects.filter(dimension=None).order_by("participation__agency__code")
    assert [(row.rank, row.total is not None) for row in rows] == [(1, True), (None, True)]


def test_equal_totals_are_ranked_apart_as_the_cycle_has_set(ranking):
    """Agency B earns two points less in a general line and what they are worth more in a specific one."""
    lines = Line.objects.filter(assessment__participation__agency=ranking.agency_b)
    general, specific = (lines.filter(assessment__dimension__kind=kind).first() for kind in ("general", "specific"))
    Line.objects.filter(pk=general.pk).update(final_score=F("final_score") - 2)
    Line.objects.filter(pk=specific.pk).update(final_score=F("final_score") + 2)
    found = {}
    for rule in (("", "", ""), ("general", "", ""), ("specific", "", ""), ("exempt", "growth", "general")):
        ranking.cycle.first_tie_breaker, ranking.cycle.second_tie_breaker, ranking.cycle.third_tie_breaker = rule
        ranking.cycle.save()
        results = result.compute(result.prepare(ranking.cycle, by=ranking.expert), by=ranking.expert)
        rows = results.agency_results.filter(dimension=None).order_by("participation__agency__code")
        assert len({row.total for row in rows}) == 1
        found[rule] = [(row.rank, row.group_rank) for row in rows]
        assert all(", indicator " in each for each in verify.verify(results).differences)  # the marks, not the ranks
        result.void(results, by=ranking.manager, reason="آزمون")
    assert found == {
        ("", "", ""): [(1, 1), (1, 1)],
        ("general", "", ""): [(1, 1), (2, 2)],
        ("specific", "", ""): [(2, 2), (1, 1)],
        ("exempt", "growth", "general"): [(1, 1), (2, 2)],
    }


# -- gates ----------------------------------------------------------------------------------------


def test_the_council_approves_in_a_session_of_this_cycle(computed):
    with pytest.raises(Refusal, match="Name the council's session of this cycle"):
        council.approve(computed.results, by=computed.secretary, session=None)
    approved = hold(computed)
    assert (approved.state, approved.council_at is not None) == ("approved", True)
    assert CommitteeSession.objects.get().recorded_by == computed.secretary
    with pytest.raises(Forbidden):
        council.approve(computed.results, by=computed.lead, session=CommitteeSession.objects.get())


def test_a_gate_that_comes_later_waits_for_those_before(computed):
    with pytest.raises(Refusal) as refusal:
        result.record_report(computed.results, by=computed.expert)
    assert str(refusal.value) == "This must be done first: Council's approval."
    computed.results = hold(computed)
    with pytest.raises(Refusal, match="No final report to the national organization has been sent"):
        result.record_report(computed.results, by=computed.expert)
    with pytest.raises(Refusal, match="This must be done first: Report to the national organization"):
        result.announce(computed.results, by=computed.manager)


def test_figures_that_passed_a_gate_stand(computed):
    hold(computed)
    with pytest.raises(Refusal):
        result.compute(type(computed.results).objects.get(), by=computed.expert)


# -- the public -----------------------------------------------------------------------------------


def told():
    return sorted(Notice.objects.filter(kind="results").values_list("user__username", flat=True))


def test_announced_to_each_party_and_published_to_the_province(cast):
    cast.until(Stage.FESTIVAL)
    parties = ["headquarters_a", "headquarters_b", "reporter_a", "reporter_b"]
    assert told() == [*parties, "secretary"]  # to whom the results were sent before
    files = [("book", "book.pdf", b"book", "0" * 64)]
    published = result.publish(cast.results, by=cast.manager, files=files)
    assert published.state == "published"
    assert told() == sorted([*parties, *parties, "secretary", "evaluator", "lead", "observer", "secretary"])
    kept = Publication.objects.get()
    assert (kept.kind, kept.file.read(), kept.made_by) == ("book", b"book", cast.manager)


def test_results_are_published_in_the_stage_of_the_festival(ranking):
    ranking.work(Stage.RANKING)
    with pytest.raises(Refusal, match="Results are published in the stage “Festival and publication”"):
        result.publish(ranking.results, by=ranking.manager)


@pytest.mark.parametrize("name", ["expert", "secretary", "national", "reporter_a"])
def test_the_manager_alone_announces_and_publishes(cast, name):
    cast.until(Stage.FESTIVAL)
    with pytest.raises(Forbidden):
        result.publish(cast.results, by=getattr(cast, name))


# -- taken back -----------------------------------------------------------------------------------


def test_a_void_set_supersedes_its_report_and_the_next_has_a_new_number(ranking):
    ranking.work(Stage.RANKING)
    void = result.void(ranking.results, by=ranking.manager, reason="خطای جمع")
    assert void.state == "void"
    assert TransitionLog.objects.get(name="void").note == "خطای جمع"
    assert Transfer.objects.get(direction="report").state == "superseded"
    assert result.prepare(ranking.cycle, by=ranking.expert).number == 2


def test_a_published_set_is_never_void(cast):
    cast.until(Stage.FESTIVAL)
    published = result.publish(cast.results, by=cast.manager)
    with pytest.raises(Refusal, match="in which this action is not possible"):
        result.void(published, by=cast.manager, reason="دیر")
    result.void_standing(cast.cycle, by=cast.manager, reason="دیر")
    assert type(published).objects.get().state == "published"
