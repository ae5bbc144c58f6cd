"""What is kept of results: word for word, with its code, whatever is renamed later; and how it is verified."""

import hashlib
import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from evaluation.enums import SnapshotPart, Stage
from evaluation.models import AgencyResult, AppendOnlyError, Line, Mark, Snapshot
from evaluation.process import kept
from evaluation.process.results import result, snapshot, verify

pytestmark = pytest.mark.django_db


@pytest.fixture
def computed(cast):
    return cast.until(Stage.RANKING).once(compute)


def compute(cast):
    cast.results = result.compute(result.prepare(cast.cycle, by=cast.expert), by=cast.expert)


@pytest.mark.one_database
def test_the_canonical_form_is_one_text_for_equal_data():
    tehran = timezone(timedelta(hours=3, minutes=30))
    first = {"ب": Decimal("1.50"), "a": [date(2026, 1, 2), datetime(2026, 1, 2, 3, 30, tzinfo=tehran)], "n": None}
    second = {"n": None, "a": [date(2026, 1, 2), datetime(2026, 1, 2, tzinfo=UTC)], "ب": Decimal("1.500000")}
    assert kept.canonical(first) == kept.canonical(second)
    assert kept.canonical(first) == '{"a":["2026-01-02","2026-01-02T00:00:00+00:00"],"n":null,"ب":"1.5"}'
    assert kept.canonical({"x": Decimal("0E-6")}) == '{"x":"0"}'
    with pytest.raises(TypeError):
        kept.canonical({"x": 1.5j})


def test_computing_keeps_the_figures_with_their_code(computed):
    made = Snapshot.objects.get(result_set=computed.results)
    assert (made.part, made.number, made.made_by, made.made_later) == ("figures", 1, computed.expert, False)
    assert made.sha256 == hashlib.sha256(made.content.encode()).hexdigest()
    content = json.loads(made.content)
    assert [agency["name"] for agency in content["agencies"]] == ["اداره الف", "اداره ب"]
    assert len(content["lines"]) == Line.objects.filter(assessment__participation__cycle=computed.cycle).count()
    totals = {row["participation"]: row["total"] for row in content["results"] if row["dimension"] is None}
    assert totals == {computed.participation_a.pk: "1400", computed.participation_b.pk: "1400"}


def test_computing_again_keeps_both_and_the_latest_stands(computed):
    result.compute(computed.results, by=computed.manager)
    rows = Snapshot.objects.filter(part=SnapshotPart.FIGURES).order_by("number")
    assert [(row.number, row.made_by) for row in rows] == [(1, computed.expert), (2, computed.manager)]
    assert snapshot.figures(computed.results) == rows[1]


def test_a_snapshot_is_never_changed(computed):
    made = snapshot.figures(computed.results)
    with pytest.raises(AppendOnlyError):
        made.save()
    with pytest.raises(AppendOnlyError):
        Snapshot.objects.update(content="")
    with pytest.raises(AppendOnlyError):
        made.delete()


def test_announcing_keeps_council_levels_and_the_code_of_the_figures(computed):
    computed.pass_gates()
    computed.announce()
    figures, announced = snapshot.standing(computed.results)
    content = json.loads(announced.content)
    assert content["figures_sha256"] == figures.sha256
    assert content["council"]["number"] == "۱"
    assert content["council"]["resolution"] == "تصویب شد."
    assert {row["title"] for row in content["levels"]} == {"خوب"}
    assert snapshot.code(computed.results) == announced.sha256


# -- verified -------------------------------------------------------------------------------------


def test_kept_results_come_out_equal_whatever_is_renamed(computed):
    computed.agency_a.name = "نام تازه"
    computed.agency_a.save()
    computed.cycle.participations.update(peer_group=None, ranked_among="nobody")
    verdict = verify.verify(computed.results)
    assert (verdict.differences, verdict.sha256) == ((), snapshot.figures(computed.results).sha256)


def falsify_score(cast):
    line = cast.lines(cast.assessment(cast.agency_a), indicator__code="G-1")[0]
    Line.objects.filter(pk=line.pk).update(final_score=line.final_score - 1)


def falsify_mark(cast):
    line = cast.lines(cast.assessment(cast.agency_a), indicator__code="G-1")[0]
    Mark.objects.create(line=line, level="final", score=5, by=cast.manager, source="confirmation")


def falsify_row(cast):
    AgencyResult.objects.filter(participation=cast.participation_a, dimension=None).update(total=1401)


def falsify_text(cast):
    made = snapshot.figures(cast.results)
    content = made.content.replace('"total":"1400"', '"total":"1500"', 1)
    Snapshot._base_manager.filter(pk=made.pk)._raw_delete("default")
    Snapshot.objects.create(
        cycle=cast.cycle, result_set=cast.results, part="figures", number=1, content=content, sha256=made.sha256
    )


@pytest.mark.parametrize(
    ("falsify", "sentences"),
    [
        (falsify_score, ["“اداره الف”, indicator G-1: 210 in the snapshot, 209 today."]),
        (falsify_mark, ["“اداره الف”, indicator G-1: 210 in the snapshot, 5 today."]),
        (falsify_row, ["The list of figures says something else about “اداره الف” than the snapshot."]),
        (
            falsify_text,
            [
                "The figures do not match their integrity code.",
                "The figures of “اداره الف” come out differently when they are computed again.",
                "The list of figures says something else about “اداره الف” than the snapshot.",
            ],
        ),
    ],
)
def test_what_was_changed_behind_the_snapshot_is_named(computed, falsify, sentences):
    falsify(computed)
    assert list(verify.verify(computed.results).differences) == sentences


def test_a_void_set_is_compared_with_itself_alone(computed):
    void = result.void(computed.results, by=computed.manager, reason="خطا")
    falsify_score(computed)
    assert verify.verify(void).equal


def test_results_that_were_never_computed_have_nothing_to_verify(cast):
    cast.until(Stage.RANKING)
    verdict = verify.verify(result.prepare(cast.cycle, by=cast.expert))
    assert verdict.differences == ("The results were never computed, so nothing is kept of them.",)


def test_growth_is_of_the_share_of_the_maximum_and_none_for_the_absent(computed):
    content = json.loads(snapshot.figures(computed.results).content)
    assert {row["growth"] for row in content["results"]} == {None}  # nothing was announced before
