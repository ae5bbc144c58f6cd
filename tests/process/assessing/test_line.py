"""The checks of a bulk write are those of a single one, in as many queries for all assessments as for one."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from evaluation.enums import MarkLevel, Nature, Scorer, Stage
from evaluation.models import Extension, Indicator, Line
from evaluation.persian import format_jalali
from evaluation.process.assessing import line as line_verbs
from evaluation.process.assessing.line import Figures
from evaluation.process.assessing.line_columns import version_at

PEOPLE = "manager expert lead evaluator steward national headquarters_a reporter_a reporter_b nobody".split()
EIGHTY = Figures(actual=Decimal(80), note="دلیل")


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def lines(**only):
    related = ("indicator", "assessment__participation__cycle", "assessment__participation__agency")
    return list(Line.objects.filter(**only).select_related(*related, "assessment__dimension").order_by("pk"))


def one_by_one(rows, level, by):
    """(line, sentence) of what may not be written, asked line by line."""
    found = []
    for line in rows:
        gate = line_verbs.refusal_of(line_verbs.check_entry, line.assessment, level, by=by)
        sentence = gate or line_verbs.refusal_of(line_verbs.check_line, line, level, by=by, figures=EIGHTY)
        if sentence:
            found.append((line.pk, sentence))
    return found


def at_once(rows, level, by):
    return [
        (wrong.line.pk, wrong.sentence)
        for wrong in line_verbs.check_many([(row, EIGHTY) for row in rows], level, by=by)
    ]


@pytest.mark.parametrize("level", [MarkLevel.SELF, MarkLevel.INITIAL])
@pytest.mark.parametrize("name", PEOPLE)
def test_everybody_is_refused_the_same(cast, name, level):
    cast.until(Stage.SELF_ASSESSMENT if level == MarkLevel.SELF else Stage.EVALUATION)
    Line.objects.filter(indicator__code="G-31").update(exempt=True)
    cast.g32.scorer = Scorer.FEED
    cast.g32.save()
    by = getattr(cast, name)
    assert at_once(lines(), level, by) == one_by_one(lines(), level, User.objects.get(pk=by.pk))


def test_a_qualitative_line_takes_its_options_alone(cast):
    cast.until(Stage.EVALUATION)
    thirds = [{"title": "کامل", "fraction": "1"}, {"title": "ثلث", "fraction": "0.3333333"}]
    Indicator.objects.filter(code="G-1").update(nature=Nature.QUALITATIVE, scale=thirds)
    row = lines(indicator__code="G-1")[0]

    def refused(actual, **more):
        figures = Figures(actual=Decimal(actual), **more)
        return [wrong.sentence for wrong in line_verbs.check_many([(row, figures)], MarkLevel.INITIAL, by=cast.lead)]

    (sentence,) = refused("80")
    assert "80 is none of the options of this indicator" in sentence
    assert refused("0.5", score=Decimal(1), note="دلیل") != []
    assert refused("0.333333") == refused("1") == refused("1", score=Decimal(1), note="دلیل") == []


def test_an_extension_opens_the_lines_of_its_agency_alone(cast):
    cast.until(Stage.SELF_ASSESSMENT)
    now = timezone.now()
    cast.cycle.windows.filter(stage=Stage.SELF_ASSESSMENT).update(closes_at=now)
    Extension.objects.create(
        cycle=cast.cycle,
        agency=cast.agency_a,
        stage=Stage.SELF_ASSESSMENT,
        reason="سیل",
        ends_at=now + timedelta(days=1),
    )
    own = lines(assessment__participation__agency=cast.agency_a, indicator__scorer=Scorer.EVALUATOR)
    assert at_once(own, MarkLevel.SELF, cast.reporter_a) == []
    others = lines(assessment__participation__agency=cast.agency_b, indicator__code="S-1")
    today = format_jalali(timezone.localdate())
    closed = f"The window of the stage “Entering the self-assessment” ended with {today}: ask for an extension."
    assert at_once(others, MarkLevel.SELF, cast.reporter_b) == [(others[0].pk, closed)]


def test_what_is_reckoned_is_handed_on(cast):
    cast.until(Stage.EVALUATION)
    (line,) = lines(indicator__code="G-1", assessment__participation__agency=cast.agency_a)
    known = {}
    assert line_verbs.check_many([(line, EIGHTY)], MarkLevel.INITIAL, by=cast.lead, reckoned=known) == []
    assert known == {line.pk: line_verbs.reckon(line, MarkLevel.INITIAL, EIGHTY)}


@pytest.mark.parametrize(("name", "windows"), [("manager", 2), ("lead", 2), ("steward", 1)])
def test_the_queries_of_a_check_do_not_grow_with_assessments(cast, name, windows):
    """Only the windows of each dimension in which the person has a right are asked one by one."""
    cast.until(Stage.EVALUATION)
    counted = []
    for only in ({"assessment__participation__agency": cast.agency_a, "assessment__dimension": cast.general}, {}):
        by, rows = User.objects.get(pk=getattr(cast, name).pk), lines(**only)
        with CaptureQueriesContext(connection) as queries:
            at_once(rows, MarkLevel.INITIAL, by)
        counted.append((len({row.assessment_id for row in rows}), len(queries)))
    (one, few), (all_of_them, many) = counted
    assert (one, all_of_them) == (1, 4)
    assert many == few + windows - 1


def test_the_version_tells_of_what_the_writer_of_a_level_sees_alone(cast):
    """An agency does not learn from it that its headquarters or an evaluator has been at work."""
    cast.until(Stage.SELF_ASSESSMENT)
    line = lines(indicator__code="G-1")[0]
    before = {level: version_at(line, level) for level in MarkLevel}
    line.initial_score, line.initial_note, line.version = 5, "نکته", line.version + 1
    assert [level for level in MarkLevel if version_at(line, level) != before[level]] == ["initial", "revised", "final"]
    line.target = 57
    assert [level for level in MarkLevel if version_at(line, level) == before[level]] == []
