"""An erratum corrects published results in a new edition; the first one, names, stage and states stay."""

import json
from decimal import Decimal

import pytest

from evaluation.enums import Stage
from evaluation.models import Correction, Erratum, Mark, Notice, Snapshot
from evaluation.process.door import Forbidden, Refusal
from evaluation.process.results import erratum, result, snapshot, verify

pytestmark = pytest.mark.django_db


@pytest.fixture
def published(cast):
    cast.until(Stage.FESTIVAL)
    cast.publish_results()
    cast.line = cast.lines(cast.assessment(cast.agency_a), indicator__code="G-1")[0]
    return cast


def correct(cast, score=180, by=None, lines=None):
    corrections = [erratum.Corrected(line, Decimal(score)) for line in (lines or [cast.line])]
    return erratum.correct(cast.results, corrections, by=by or cast.manager, reason="خطای ورود")


def totals(cast):
    rows = cast.results.agency_results.filter(dimension=None).order_by("agency_name")
    return [(row.agency_name, row.total, row.rank, str(row.level), row.level_letter) for row in rows]


def test_totals_ranks_and_levels_after_an_erratum(published):
    published.agency_b.name = "نام تازه"
    published.agency_b.save()
    made = correct(published)
    assert totals(published) == [("اداره الف", 1370, 2, "خوب", "45"), ("اداره ب", 1400, 1, "خوب", "45")]
    assert (made.edition, made.reason, made.by) == (2, "خطای ورود", published.manager)
    kept = Correction.objects.get()
    assert (kept.line, kept.old_score, kept.new_score) == (published.line, 210, 180)
    mark = Mark.objects.filter(line=published.line).first()
    assert (mark.level, mark.score, mark.source, mark.note) == ("final", 180, "erratum", "خطای ورود")


def test_both_editions_are_kept_and_the_second_is_whole(published):
    correct(published)
    parts = [(row.part, row.number, json.loads(row.content)["edition"]) for row in Snapshot.objects.order_by("pk")]
    assert parts == [("figures", 1, 1), ("announcement", 1, 1), ("figures", 2, 2), ("announcement", 2, 2)]
    assert verify.verify(published.results).differences == ()
    assert snapshot.edition(published.results) == 2


def test_everybody_who_was_told_of_the_publication_is_told(published):
    made = correct(published)
    told = Notice.objects.filter(event=f"erratum:{made.pk}")
    assert {notice.user.username for notice in told} >= {"reporter_a", "reporter_b", "observer", "secretary"}
    assert told[0].text == "The published results of “ارزیابی ۱۴۰۴” were corrected: edition 2."


def test_an_archived_cycle_takes_an_erratum_and_stays_archived(published):
    published.go_on()
    correct(published)
    published.cycle.refresh_from_db()
    assert (published.cycle.stage, type(published.results).objects.get().state) == ("closed", "published")


def test_what_does_not_fit_is_refused_and_writes_nothing(published):
    for lines, score, sentence in (
        ([], 1, "Name at least one line"),
        ([published.line], 301, "the score must be between 0 and"),
        ([published.line], 210, "has this score already"),
        ([published.line, published.line], 5, "A line is corrected once"),
    ):
        corrections = [erratum.Corrected(line, Decimal(score)) for line in lines]
        with pytest.raises(Refusal, match=sentence):
            erratum.correct(published.results, corrections, by=published.manager, reason="x")
    with pytest.raises(Forbidden):
        correct(published, by=published.expert)
    assert Erratum.objects.count() == 0
    assert result.prepare(published.cycle, by=published.expert) == published.results
