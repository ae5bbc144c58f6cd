"""The workbooks of lines: self-assessment, initial scores, and what comes back from the national organization."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evaluation.enums import AssessmentState, OverMaximum, Stage
from evaluation.models import Mark
from evaluation.process.assessing.assessment import exempt
from evaluation.process.assessing.received import record_transfer
from evaluation.process.door import Forbidden
from evaluation.resources import runs
from tests.resources.sheets import counts, export, faults, imported, line_of, sheet, table, template, tried

pytestmark = pytest.mark.django_db

CELL = "cell \u2066%s\u2069 of sheet “Sheet1”"
TWICE = f"The same row is in {CELL} and in {CELL}. Keep one of them."
SELF = ["کد دستگاه", "کد شاخص", "عملکرد واقعی", "صورت", "مخرج", "امتیاز خودارزیابی", "توضیح"]
SCORES = ["کد دستگاه", "کد شاخص", "عملکرد تأییدشده", "امتیاز", "نظر ارزیاب"]
RECEIVED = ["agency", "dimension", "code", "self_actual", "self_score", "hq_actual", "hq_score", "note"]


def cells(run):
    return [(cell, sentence) for cell, _heading, _value, sentence in faults(run)]


# -- self -----------------------------------------------------------------------------------------


def test_the_same_marks_as_on_screen(entry):
    data = sheet(SELF, ["A", "G-1", "۸۰٫۵", None, None, None, "بر پایه گزارش"])
    imported("self", data, by=entry.reporter_a, cycle=entry.cycle)
    line = line_of("G-1")
    assert (line.self_actual, line.self_score, line.self_note, line.version) == (
        Decimal("80.5"),
        Decimal("241.5"),
        "بر پایه گزارش",
        1,
    )
    mark = Mark.objects.get()
    assert (mark.level, mark.score, mark.explanation["values"]["actual"], mark.source) == (
        "self",
        Decimal("241.5"),
        "80.500000",
        "import",
    )
    assert line.assessment.state == AssessmentState.DRAFTING
    assert [str(mark.run.workbook), mark.run.state] == ["self", "written"]


def test_a_new_figure_beside_its_old_computed_score_is_reckoned_again(entry):
    imported("self", sheet(SELF, ["A", "G-1", 80]), by=entry.reporter_a, cycle=entry.cycle)
    rows = table(export("self", by=entry.reporter_a, cycle=entry.cycle))
    edited = [[90 if value == 80 else value for value in row] for row in rows[1:]]
    run = imported("self", sheet(rows[0], *edited), by=entry.reporter_a, cycle=entry.cycle)
    assert (counts(run)["changed"], line_of("G-1").self_score) == (1, 270)


def test_the_same_file_with_an_old_score_in_it_changes_nothing_the_second_time(entry):
    imported("self", sheet(SELF, ["A", "G-1", 80]), by=entry.reporter_a, cycle=entry.cycle)
    data = sheet(SELF, ["A", "G-1", 90, None, None, 240, None])
    first = imported("self", data, by=entry.reporter_a, cycle=entry.cycle)
    again = imported("self", data, by=entry.reporter_a, cycle=entry.cycle)
    assert (counts(first)["changed"], counts(again)["same"], line_of("G-1").self_score) == (1, 1, 270)


def test_a_score_that_the_formula_never_gave_is_no_old_one(entry):
    imported("self", sheet(SELF, ["A", "G-1", 90]), by=entry.reporter_a, cycle=entry.cycle)
    run = tried("self", sheet(SELF, ["A", "G-1", 90, None, None, 240, None]), by=entry.reporter_a, cycle=entry.cycle)
    sentence = "“G-1 · آموزش کارکنان”: the score is computed from the actual performance and cannot be typed."
    assert cells(run) == [("F2", sentence)]


def test_figures_that_cannot_stand(entry):
    exempt(line_of("G-32"), by=entry.manager, reason="مصداق ندارد")
    data = sheet(
        SELF,
        ["A", "G-1", 80, None, None, 10, None],
        ["A", "G-2", 80, None, None, None, None],
        ["A", "G-31", 80, None, None, 301, None],
        ["A", "G-32", 80, None, None, None, None],
        ["A", "G-99", 80, None, None, None, None],
        ["A", "S-1", True, None, None, None, None],
        ["A", "S-2", None, None, None, "۱۲a", None],
    )
    run = tried("self", data, by=entry.reporter_a, cycle=entry.cycle)
    assert cells(run) == [
        ("F2", "“G-1 · آموزش کارکنان”: the score is computed from the actual performance and cannot be typed."),
        ("C3", "“G-2 · بیمه تکمیلی” is filled by its steward or an external system."),
        ("F4", "The score is above the maximum of this line: at most 300 is allowed."),
        ("C5", "“G-32 · امنیت” does not apply to this agency."),
        ("B6", "“اداره الف” has no indicator with this code."),
        ("C7", "“TRUE” is not a number. Write it in digits, like 1250."),
        ("F8", "“۱۲a” is not a number. Write it in digits, like 1250."),
    ]
    assert (run.wrong, Mark.objects.count()) == (7, 0)


def test_a_closed_window_and_a_submitted_assessment(entry):
    entry.work(Stage.SELF_ASSESSMENT)
    run = tried("self", sheet(SELF, ["A", "G-1", 99]), by=entry.reporter_a, cycle=entry.cycle)
    sentence = (
        "“اداره الف · شاخص‌های عمومی” is in the state “With your headquarters: awaits approval” and is not open "
        "for this entry."
    )
    assert [(each["cause"], each["cell"], each["sentence"]) for each in run.report["faults"]] == [
        ("closed", "A2", sentence)
    ]


def test_the_agency_may_not_take_other_workbooks(entry):
    for name in ("scores", "received", "indicators", "agencies"):
        with pytest.raises(Forbidden):
            tried(name, sheet(SELF, ["A", "G-1", 99]), by=entry.reporter_a, cycle=entry.cycle)


def test_codes_as_headings_and_titles_above_them(entry):
    data = sheet(["ارزیابی عملکرد"], [], ["agency", "code", "actual"], ["A", "G-1", 80])
    run = imported("self", data, by=entry.reporter_a, cycle=entry.cycle)
    assert (counts(run)["new"], line_of("G-1").self_actual) == (1, 80)


def test_columns_that_are_not_read_are_named(entry):
    data = sheet(["agency", "code", "actual", "هدف", "یادداشت داخلی"], ["A", "G-1", 80, 100, "x"])
    run = tried("self", data, by=entry.reporter_a, cycle=entry.cycle)
    assert run.report["remarks"] == ["These columns are not read: یادداشت داخلی."]


# -- scores ---------------------------------------------------------------------------------------


def test_an_evaluator_scores_the_lines_of_the_own_group(scoring):
    data = sheet(
        SCORES,
        ["A", "G-1", 70, None, None],
        ["A", "G-2", 70, None, None],
        ["A", "G-31", 70, None, None],
        ["A", "S-1", 70, None, None],
    )
    run = tried("scores", data, by=scoring.evaluator, cycle=scoring.cycle)
    assert [(cell, heading) for cell, heading, _value, _sentence in faults(run)] == [
        ("C3", "عملکرد تأییدشده"),
        ("B4", "کد شاخص"),
        ("B5", "کد شاخص"),
    ]
    imported("scores", sheet(SCORES, ["A", "G-1", 70]), by=scoring.evaluator, cycle=scoring.cycle)
    assert (line_of("G-1").initial_score, line_of("G-1").initial_actual) == (210, 70)


def test_a_typed_score_needs_its_reason_and_stays_within_the_maximum(scoring):
    data = sheet(
        SCORES,
        ["A", "G-1", 70, 250, None],
        ["A", "G-31", 70, 300.5, "دلیل"],
        ["B", "G-1", 70, 250, "دلیل"],
        ["B", "G-31", None, None, None],
    )
    run = tried("scores", data, by=scoring.lead, cycle=scoring.cycle)
    assert cells(run) == [
        ("D2", "“G-1 · آموزش کارکنان”: give the reason for a typed score."),
        ("D3", "The score is above the maximum of this line: at most 300 is allowed."),
    ]
    assert counts(run) == {"new": 1, "changed": 0, "same": 1, "wrong": 2}


def test_a_typed_score_stands_although_the_formula_once_gave_it(scoring):
    for actual in (80, 70):
        imported("scores", sheet(SCORES, ["A", "G-1", actual]), by=scoring.lead, cycle=scoring.cycle)
    data = sheet(SCORES, ["A", "G-1", 70, 240, "به دلیل مستندات تکمیلی"])
    run = imported("scores", data, by=scoring.lead, cycle=scoring.cycle)
    assert (counts(run)["changed"], line_of("G-1").initial_score) == (1, 240)


def test_the_cycle_may_lower_a_score_above_the_maximum(scoring):
    scoring.cycle.over_maximum = OverMaximum.CLAMP
    scoring.cycle.save()
    run = imported("scores", sheet(SCORES, ["A", "G-31", 70, 300.5, "دلیل"]), by=scoring.lead, cycle=scoring.cycle)
    assert (counts(run)["new"], line_of("G-31").initial_score) == (1, 300)


def test_templates_of_scores_hold_the_assigned_lines(scoring):
    def assigned(user):
        rows = table(template("scores", by=user, cycle=scoring.cycle))[1:]
        return [tuple(row[:2]) for row in rows]

    assert assigned(scoring.evaluator) == [("A", "G-1"), ("B", "G-1")]
    assert assigned(scoring.steward) == [("A", "G-2"), ("B", "G-2")]
    assert len(assigned(scoring.expert)) == 12


def test_the_export_of_scores_comes_back_in_unchanged(scoring):
    scoring.work(Stage.EVALUATION)
    data = export("scores", by=scoring.lead, cycle=scoring.cycle)
    assert counts(tried("scores", data, by=scoring.lead, cycle=scoring.cycle)) == {
        "new": 0,
        "changed": 0,
        "same": 10,
        "wrong": 0,
    }


# -- received -------------------------------------------------------------------------------------


def received(cast, *rows):
    return sheet(RECEIVED, *rows)


def test_received_writes_both_levels_and_takes_the_assessment(entry):
    data = received(
        entry,
        ["A", "general", "G-1", 80, 240, 78, 230, "اصلاح ستاد"],
        ["A", "شاخص‌های عمومی", "G-31", 50, None, None, None, None],
        ["B", "specific", "S-1", None, None, None, None, None],
    )
    run = imported("received", data, by=entry.expert, cycle=entry.cycle)
    assert counts(run) == {"new": 2, "changed": 0, "same": 1, "wrong": 0}
    line = line_of("G-1")
    assert (line.self_actual, line.self_score, line.hq_actual, line.hq_score, line.hq_note) == (
        80,
        240,
        78,
        230,
        "اصلاح ستاد",
    )
    assert line_of("G-31").self_score == 150
    states = {
        (each.agency.code, each.dimension.code): each.state for each in entry.assessments() if each.state == "received"
    }
    assert list(states) == [("A", "general")]  # the row of B has no figure, so it does not act
    assert set(Mark.objects.values_list("level", "source", "run")) == {
        ("self", "transfer", run.pk),
        ("hq", "transfer", run.pk),
    }
    again = imported("received", data, by=entry.expert, cycle=entry.cycle)
    assert (counts(again), Mark.objects.count()) == ({"new": 0, "changed": 0, "same": 3, "wrong": 0}, 3)


def test_wrong_rows_of_received(entry):
    data = received(
        entry,
        ["A", "ناشناس", "G-1", 1, None, None, None, None],
        ["A", "specific", "G-1", 1, None, None, None, None],
        ["A", "general", "G-1", 1, 301, 1, 302, None],
        ["A", "general", "G-31", 1, None, None, None, None],
        ["A", "general", "G-31", 1, None, None, None, None],
    )
    run = tried("received", data, by=entry.expert, cycle=entry.cycle)
    assert cells(run) == [
        ("B2", "Allowed are: شاخص‌های اختصاصی، شاخص‌های عمومی."),
        ("B3", "This indicator belongs to the dimension “شاخص‌های عمومی”."),
        ("E4", "The score is above the maximum of this line: at most 300 is allowed."),
        ("G4", "The score is above the maximum of this line: at most 300 is allowed."),
        ("C6", TWICE % ("C5", "C6")),
    ]


def test_received_does_not_reach_into_the_evaluation(scoring):
    data = received(scoring, ["A", "general", "G-1", 1, None, None, None, None])
    run = tried("received", data, by=scoring.expert, cycle=scoring.cycle)
    assert [(each["cause"], each["cell"]) for each in run.report["faults"]] == [("closed", "A2")]


def test_only_those_who_receive_write_transfers(entry):
    with pytest.raises(Forbidden):
        record_transfer([(line_of("G-1"), None, None)], by=entry.reporter_a)


# -- one path, few queries ------------------------------------------------------------------------


def test_trial_and_real_run_are_one_path(entry):
    data = sheet(SELF, ["A", "G-1", 80], ["A", "S-1", None], ["A", "G-31", 60])
    run = tried("self", data, by=entry.reporter_a, cycle=entry.cycle)
    trial = (counts(run), run.report)
    assert Mark.objects.count() == 0
    written = runs.confirm(run, by=entry.reporter_a)
    assert (counts(written), written.report) == trial
    assert Mark.objects.count() == 2


@pytest.mark.parametrize("codes", [["G-1"], ["G-1", "G-31", "G-32"]])
def test_the_queries_of_a_trial_do_not_grow_with_rows(entry, codes):
    data = sheet(["agency", "code", "actual"], *(["A", code, 80] for code in codes))
    reporter = User.objects.get(username="reporter_a")
    with CaptureQueriesContext(connection) as queries:
        tried("self", data, by=reporter, cycle=entry.cycle)
    assert len(queries) == 18  # the upload is measured against the quotas, kept, claimed, tried and noted
