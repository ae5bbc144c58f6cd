"""The workbook of outside figures: kept by day, the latest is the line's initial actual while scoring is open."""

import datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from evaluation.enums import MarkLevel, Scorer, Stage
from evaluation.models import FeedValue, ImportChange, Line, Mark
from evaluation.persian import format_jalali
from evaluation.process.assessing import assessment as assessment_verbs
from evaluation.process.assessing.line import Figures, record
from evaluation.process.door import Forbidden
from evaluation.resources import runs
from tests.resources.sheets import counts, export, imported, sheet, table, template, tried

pytestmark = pytest.mark.django_db

HEADINGS = ["کد دستگاه", "کد شاخص", "مقدار", "تاریخ"]
TIR, MORDAD, SHAHRIVAR = "1404/04/31", "۱۴۰۴/۰۵/۳۱", datetime.date(2025, 9, 22)
WAITING = "Scoring has not started here yet: the figure is stored, and written to the line when scoring starts."
TYPED = "A person has entered figures on this line: they are kept, and this figure is only stored."


def make_outside(cast):
    """G-2 comes from an external system; nobody fills it by hand."""
    cast.g2.scorer, cast.g2.steward = Scorer.FEED, None
    cast.g2.save()
    return cast


@pytest.fixture
def entry(cast):
    return make_outside(cast.until(Stage.SELF_ASSESSMENT))


@pytest.fixture
def scoring(cast):
    return make_outside(cast.until(Stage.EVALUATION))


def line_of(agency="A", code="G-2"):
    return Line.objects.get(indicator__code=code, assessment__participation__agency__code=agency)


def initial(agency="A"):
    line = line_of(agency)
    return line.initial_actual, line.initial_score


def marks():
    return Mark.objects.filter(level="initial").count()


def kept():
    rows = FeedValue.objects.order_by("agency__code", "observed_at")
    return [(row.agency.code, row.value, str(row.observed_at), row.used_at is not None) for row in rows]


def taken(cast, *rows, by=None):
    return imported("feed", sheet(HEADINGS, *rows), by=by or cast.expert, cycle=cast.cycle)


def told(run):
    return [(each["cause"], each["cell"], each["sentence"]) for each in run.report["warnings"]]


def refused(cast, *rows):
    run = tried("feed", sheet(HEADINGS, *rows), by=cast.expert, cycle=cast.cycle)
    return [(each["cause"], each["cell"], each["sentence"]) for each in run.report["faults"]]


# -- writing --------------------------------------------------------------------------------------


def test_the_latest_figure_is_the_lines_initial_actual(scoring):
    run = taken(scoring, ["A", "G-2", 60, MORDAD], ["A", "G-2", 40, TIR], ["B", "G-2", 95.5, SHAHRIVAR])
    assert counts(run) == {"new": 3, "changed": 0, "same": 0, "wrong": 0}
    assert (initial("A"), initial("B")) == ((60, 120), (Decimal("95.5"), 191))
    assert kept() == [
        ("A", 40, "2025-07-22", False),
        ("A", 60, "2025-08-22", True),
        ("B", Decimal("95.5"), "2025-09-22", True),
    ]
    mark = Mark.objects.get(line=line_of("A"))
    assert (mark.level, mark.source, mark.run, mark.by, mark.explanation["values"]["actual"]) == (
        "initial",
        "feed",
        run,
        scoring.expert,
        "60.000000",
    )
    assert told(run) == []


def test_importing_again_changes_nothing(scoring):
    rows = ["A", "G-2", 60, MORDAD], ["A", "G-2", 40, TIR]
    taken(scoring, *rows)
    before = kept()
    again = taken(scoring, *rows)
    assert (counts(again)["same"], kept(), marks()) == (2, before, 1)


def test_an_older_figure_changes_nothing_on_the_line(scoring):
    taken(scoring, ["A", "G-2", 60, MORDAD])
    run = taken(scoring, ["A", "G-2", 40, TIR])
    assert (counts(run)["new"], initial(), marks()) == (1, (60, 120), 1)


def test_a_newer_figure_and_a_corrected_one_move_the_line(scoring):
    taken(scoring, ["A", "G-2", 60, MORDAD])
    assert counts(taken(scoring, ["A", "G-2", 65, MORDAD]))["changed"] == 1
    assert initial() == (65, 130)
    taken(scoring, ["A", "G-2", 70, SHAHRIVAR])
    assert (initial(), marks()) == ((70, 140), 3)


def test_what_a_person_entered_stays(scoring):
    taken(scoring, ["A", "G-2", 60, MORDAD])
    record(line_of(), MarkLevel.INITIAL, Figures(actual=Decimal(60), score=Decimal(5), note="دلیل"), by=scoring.expert)
    run = taken(scoring, ["A", "G-2", 70, SHAHRIVAR])
    assert (initial(), told(run)) == ((60, 5), [("waiting", "C2", TYPED)])
    assert kept()[-1] == ("A", 70, "2025-09-22", False)


def test_where_the_formula_has_no_answer_a_score_must_be_typed(scoring):
    Line.objects.filter(indicator__code="G-2").update(target=None)
    run = taken(scoring, ["A", "G-2", 60, MORDAD])
    sentence = (
        "“G-2 · بیمه تکمیلی”: The line has no target, so the formula gives no score. Type a score with its reason."
    )
    assert (initial(), told(run)) == ((60, None), [("unscored", "C2", sentence)])
    typed = Figures(actual=Decimal(60), score=Decimal(100), note="بر پایه گزارش")
    record(line_of(), MarkLevel.INITIAL, typed, by=scoring.expert)
    assert initial() == (60, 100)


# -- before and after the scoring -----------------------------------------------------------------


def test_figures_that_come_early_are_written_when_scoring_opens(entry):
    run = taken(entry, ["A", "G-2", 50, TIR], ["A", "G-2", 60, MORDAD])
    assert told(run) == [("waiting", "C3", WAITING)]
    assert (initial(), marks(), [row[-1] for row in kept()]) == ((None, None), 0, [False, False])
    entry.until(Stage.EVALUATION)
    assert (initial("A"), initial("B")) == ((60, 120), (None, None))
    assert [row[-1] for row in kept()] == [False, True]
    mark = Mark.objects.get(level="initial")
    assert (mark.source, mark.by, mark.run) == ("feed", entry.manager, None)
    assert counts(taken(entry, ["A", "G-2", 60, MORDAD]))["same"] == 1


def test_a_figure_for_an_indicator_without_a_line_waits(cast):
    make_outside(cast.until(Stage.INDICATORS))
    run = taken(cast, ["A", "G-2", 60, MORDAD])
    assert (told(run), kept()) == ([("waiting", "C2", WAITING)], [("A", 60, "2025-08-22", False)])


def test_opening_again_leaves_what_a_person_entered(scoring):
    taken(scoring, ["A", "G-2", 60, MORDAD])
    record(line_of(), MarkLevel.INITIAL, Figures(actual=Decimal(61)), by=scoring.expert)
    one = scoring.assessment(scoring.agency_a)
    type(one).objects.filter(pk=one.pk).update(state="received")
    assessment_verbs.open_scoring(scoring.assessment(scoring.agency_a), by=scoring.expert)
    assert initial() == (61, 122)


def test_a_figure_that_comes_late_is_kept_and_said_to_change_nothing(scoring):
    taken(scoring, ["A", "G-2", 60, MORDAD], ["B", "G-2", 60, MORDAD])
    for assessment in scoring.assessments(state="under_evaluation", dimension__kind="general"):
        for line in scoring.lines(assessment, initial_score=None):
            record(line, MarkLevel.INITIAL, Figures(actual=Decimal(70)), by=scoring.expert)
        assessment_verbs.finish_scoring(assessment, by=scoring.lead)
    run = taken(scoring, ["A", "G-2", 90, SHAHRIVAR])
    sentence = (
        "The figure is stored but not used now: “اداره الف · شاخص‌های عمومی” is in the state “Scored” "
        "and is not open for this entry."
    )
    assert (told(run), initial()) == ([("waiting", "C2", sentence)], (60, 120))


def test_a_closed_window_keeps_the_figure_and_a_later_upload_writes_it(scoring):
    window = scoring.cycle.windows.filter(stage=Stage.EVALUATION)
    closes = window.get().closes_at
    window.update(closes_at=timezone.now())
    run = taken(scoring, ["A", "G-2", 60, MORDAD])
    sentence = (
        "The figure is stored but not used now: The window of the stage “Expert evaluation” ended with "
        f"{format_jalali(timezone.localdate())}: the provincial organization may move it."
    )
    assert (told(run), initial()) == ([("waiting", "C2", sentence)], (None, None))
    window.update(closes_at=closes)
    assert counts(taken(scoring, ["A", "G-2", 60, MORDAD]))["changed"] == 1
    assert (initial(), kept()) == ((60, 120), [("A", 60, "2025-08-22", True)])


def test_an_exempt_line_is_left_alone(scoring):
    assessment_verbs.exempt(line_of(), by=scoring.manager, reason="مصداق ندارد")
    run = taken(scoring, ["A", "G-2", 60, MORDAD])
    sentence = "The figure is stored but not used now: “G-2 · بیمه تکمیلی” does not apply to this agency."
    assert (told(run), initial()) == ([("waiting", "C2", sentence)], (None, None))


# -- refusing and warning -------------------------------------------------------------------------


def test_wrong_rows_are_all_named(scoring):
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    assert refused(
        scoring,
        ["A", "G-1", 5, TIR],
        ["A", "G-3", 5, TIR],
        ["A", "G-99", 5, TIR],
        ["NONE", "G-2", 5, TIR],
        ["A", "G-2", 5, tomorrow],
        ["A", "G-2", 5, None],
        ["A", "G-2", None, TIR],
        ["A", "G-2", "x", MORDAD],
        ["A", "G-2", 5, "1404/13/01"],
        ["A", "G-2", 5, 45872],
        ["B", "G-2", 5, TIR],
        ["B", "G-2", 6, datetime.date(2025, 7, 22)],
    ) == [
        ("rule", "B2", "“G-1 · آموزش کارکنان” is not filled by an external system: its scorer is “Evaluator group”."),
        ("rule", "B3", "This indicator is made up of measures: its figures are those of each measure."),
        ("unknown", "B4", "“اداره الف” has no indicator with this code."),
        ("unknown", "A5", "No agency of this cycle that is open to you has this code."),
        ("date", "D6", "The date of observation cannot be after today."),
        ("missing", "D7", "A figure and the day on which it was observed belong together."),
        ("missing", "C8", "A figure and the day on which it was observed belong together."),
        ("number", "C9", "“x” is not a number. Write it in digits, like 1250."),
        ("date", "D10", "“1404/13/01” is a date that does not exist."),
        ("date", "D11", "“45872” is not a date. Write year, month and day, like 1404/05/12."),
        (
            "duplicate",
            "B13",
            "The same row is in cell \u2066B12\u2069 of sheet “Sheet1” and in cell \u2066B13\u2069 "
            "of sheet “Sheet1”. Keep one of them.",
        ),
    ]
    assert (kept(), marks()) == ([], 0)


@pytest.mark.parametrize(
    ("last", "value", "sentence"),
    [
        (100, 301, "This is more than 3 times last year's figure, 100."),
        (100, 300, ""),
        (30, 10, ""),
        (30, 9, "This is less than a third of last year's figure, 30."),
        (0, 9, ""),
    ],
)
def test_a_figure_far_from_last_years_is_pointed_out(scoring, last, value, sentence):
    Line.objects.filter(indicator__code="G-2").update(baseline=last)
    run = taken(scoring, ["A", "G-2", value, MORDAD])
    assert told(run) == ([("far", "C2", sentence)] if sentence else [])


def test_a_day_outside_the_period_is_pointed_out(scoring):
    run = taken(scoring, ["A", "G-2", 60, "1403/12/29"])
    sentence = "The period of this cycle runs from 1404/01/01 to 1404/12/29."
    assert (told(run), initial()) == ([("period", "D2", sentence)], (60, 120))


@pytest.mark.parametrize("user", ["evaluator", "lead", "reporter_a", "headquarters_a", "steward", "national"])
def test_only_staff_of_the_province_take_figures_in(scoring, user):
    with pytest.raises(Forbidden):
        tried("feed", sheet(HEADINGS, ["A", "G-2", 5, TIR]), by=getattr(scoring, user), cycle=scoring.cycle)
    assert kept() == []


# -- downloads ------------------------------------------------------------------------------------


def test_the_template_names_what_outside_systems_fill(scoring):
    data = template("feed", by=scoring.expert, cycle=scoring.cycle)
    assert [row[:2] for row in table(data) if row[0] in ("A", "B")] == [["A", "G-2"], ["B", "G-2"]]
    run = tried("feed", data, by=scoring.expert, cycle=scoring.cycle)
    assert counts(run) == {"new": 0, "changed": 0, "same": 2, "wrong": 0}


def test_the_export_holds_every_day_and_comes_back_unchanged(scoring):
    taken(scoring, ["A", "G-2", "60.125", MORDAD], ["A", "G-2", -40, TIR], ["B", "G-2", 3, SHAHRIVAR])
    before = kept()
    data = export("feed", by=scoring.expert, cycle=scoring.cycle)
    run = imported("feed", data, by=scoring.expert, cycle=scoring.cycle)
    assert (counts(run)["same"], kept(), ImportChange.objects.filter(run=run).count()) == (3, before, 0)


# -- undoing --------------------------------------------------------------------------------------


def test_undoing_brings_back_the_figure_before(scoring):
    taken(scoring, ["A", "G-2", 60, TIR])
    run = taken(scoring, ["A", "G-2", 65, TIR], ["A", "G-2", 70, MORDAD], ["B", "G-2", 50, MORDAD])
    assert (initial("A"), initial("B")) == ((70, 140), (50, 100))
    undoing = runs.take_back(run, by=scoring.expert)
    assert (undoing.changed, undoing.same, undoing.wrong) == (5, 0, 0)
    assert (initial("A"), initial("B"), kept()) == ((60, 120), (None, None), [("A", 60, "2025-07-22", True)])
    assert Mark.objects.filter(line=line_of("B")).latest("pk").source == "undo"
    taken(scoring, ["A", "G-2", 75, MORDAD])
    assert initial() == (75, 150)


def test_undoing_leaves_a_line_that_somebody_has_scored_since_and_its_figure(scoring):
    run = taken(scoring, ["A", "G-2", 60, MORDAD])
    record(line_of(), MarkLevel.INITIAL, Figures(actual=Decimal(60), score=Decimal(5), note="دلیل"), by=scoring.expert)
    undoing = runs.take_back(run, by=scoring.expert)
    outcomes = run.changes.order_by("kind").values_list("kind", "outcome", "reason")
    assert list(outcomes) == [("feedvalue", "failed", "Its figure is still on the line."), ("line", "kept", "")]
    assert (undoing.same, undoing.wrong, initial(), len(kept())) == (1, 1, (60, 5), 1)


def test_undoing_figures_that_wait(entry):
    run = taken(entry, ["A", "G-2", 60, MORDAD])
    undoing = runs.take_back(run, by=entry.expert)
    assert (undoing.changed, kept()) == (1, [])
