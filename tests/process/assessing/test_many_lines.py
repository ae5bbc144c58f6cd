"""Lines column by column: what stands in them, and that figures are taken and computed as of single lines."""

import json
from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from django.utils import timezone, translation

from evaluation.enums import MarkLevel, OverMaximum, Scorer, Stage
from evaluation.models import Assessment, Indicator, Line
from evaluation.persian import LARGEST_FIGURE
from evaluation.process.assessing import line as line_verbs
from evaluation.process.assessing.line import Figures
from evaluation.process.assessing.many_lines import QuickReckoned, QuickReckoner, StandingLines, explanation_texts
from evaluation.process.assessing.reckoning import Reckoned
from evaluation.process.changes import rows_of, texts_of

pytestmark = pytest.mark.django_db

PEOPLE = "manager expert lead evaluator steward national headquarters_a reporter_a reporter_b nobody".split()
ENTERED = [  # actual, score, note
    *((Decimal(actual), None, "") for actual in ("80.000000", "0.000000", "-1.000000", "0.500000", "100.000000")),
    (Decimal("80.000000"), Decimal("1.500000"), "دلیل «بررسی»"),
    (Decimal("80.000000"), Decimal("1.500000"), "  "),
    (Decimal("80.000000"), Decimal("100000.000000"), "دلیل"),
    (Decimal("100.000000"), Decimal("300.000000"), ""),
    (LARGEST_FIGURE, None, ""),
    (LARGEST_FIGURE + 1, None, ""),
]


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def standing(level):
    """The StandingLines of all lines."""
    related = ("participation__cycle", "participation__agency", "dimension")
    assessments = {file.pk: file for file in Assessment.objects.select_related(*related)}
    indicators = {indicator.pk: indicator for indicator in Indicator.objects.all()}
    rows = Line.objects.order_by("pk")
    return StandingLines(rows, levels=(level,), assessments=assessments, indicators=indicators)


def test_a_line_of_the_columns_is_the_stored_one(cast, django_assert_num_queries):
    cast.until(Stage.EVALUATION)
    Line.objects.filter(indicator__code="G-1").update(initial_actual="12.5", initial_note="یادداشت", version=3)
    lines = standing(MarkLevel.INITIAL)
    key = ("A", "G-1")
    with django_assert_num_queries(0):
        line = lines[key]
        assert (line, line is lines.get(key), lines.get(("A", "none"))) == (line, True, None)
        assert (line.initial_actual, line.initial_note, line.version) == (Decimal("12.5"), "یادداشت", 3)
        assert (line.assessment.participation.agency.code, line.indicator.code) == key
    with django_assert_num_queries(1):
        assert line.self_note == ""
    targets = [row.target_at(MarkLevel.INITIAL) for row in map(lines.line, range(len(lines.ids)))]
    assert list(lines.targets(MarkLevel.INITIAL)) == targets


@pytest.mark.parametrize("level", [MarkLevel.SELF, MarkLevel.INITIAL])
@pytest.mark.parametrize("name", PEOPLE)
def test_figures_are_taken_and_computed_as_of_single_lines(cast, name, level):
    cast.until(Stage.SELF_ASSESSMENT if level == MarkLevel.SELF else Stage.EVALUATION)
    type(cast.cycle).objects.update(over_maximum=OverMaximum.CLAMP)
    Line.objects.filter(indicator__code="G-31").update(exempt=True)
    Indicator.objects.filter(code="S-1").update(nature="growth")
    Line.objects.filter(indicator__code="S-1").update(baseline=0)
    Line.objects.filter(indicator__code="S-2").update(initial_target=33)
    Indicator.objects.filter(code="G-32").update(scorer=Scorer.FEED)
    received = {"state": "received", "received_at": timezone.now(), "received_by": cast.manager}
    Assessment.objects.filter(participation__agency__code="B").update(**received)
    by = User.objects.get(pk=getattr(cast, name).pk)
    lines = standing(level)
    rights = line_verbs.gates_of(list(lines.assessments.values()), level, by=by)
    reckoner = QuickReckoner(lines, level, *rights)
    taken = 0
    for actual, score, note in ENTERED:
        known, places = {}, range(len(lines.ids))
        entries = [(lines.line(place), Figures(actual=actual, score=score, note=note)) for place in places]
        refused = {wrong.line.pk for wrong in line_verbs.check_many(entries, level, by=by, reckoned=known)}
        for place in places:
            result, key = reckoner.reckoned(place, actual, score, note), lines.ids[place]
            if result is not None:
                assert key not in refused
                assert (*result[:3], *explanation_texts([result])) == (
                    *known[key][:3],
                    json.dumps(known[key].explanation),
                )
                assert isinstance(result, QuickReckoned) or result == known[key]
                taken += 1
            if key not in refused and score is None:
                assert result is not None
    assert bool(taken) == (name in WRITES[level])


WRITES = {
    MarkLevel.SELF: {"reporter_a"},
    MarkLevel.INITIAL: {"manager", "expert", "lead", "evaluator", "steward"},
}


def test_changes_by_columns_read_as_those_of_rows(cast):
    cast.until(Stage.EVALUATION)
    names = "initial_actual initial_score initial_note exempt".split()
    figures = [None, Decimal("12.500000"), Decimal("100.000000"), Decimal("0.000000"), Decimal("1E+3"), Decimal("1E-7")]
    notes = ["", 'say "so"', "یادداشت\n\\", "%s", "", "é"]
    rows = [
        Line(initial_actual=figure, initial_score=figure, initial_note=note, exempt=bool(figure))
        for figure, note in zip(figures, notes, strict=True)
    ]
    columns = {name: [getattr(row, name) for row in rows] for name in names}
    assert texts_of(columns) == [json.dumps(row) for row in rows_of(rows, names)]


def test_an_explanation_that_lines_share_is_written_for_each():
    shared = Reckoned(Decimal(1), None, False, {"undefined": "no_target"})
    assert explanation_texts([shared, shared._replace(actual=None)]) == ['{"undefined": "no_target"}'] * 2
