"""The workbook of targets: what each agency is to reach, until the freeze gives it to the lines."""

from decimal import Decimal

import pytest

from evaluation.enums import Stage
from evaluation.models import ImportChange, Indicator, Line, Target
from evaluation.process.catalogue import indicator
from evaluation.process.catalogue.target import set_target
from evaluation.process.door import Forbidden, Refusal
from evaluation.resources import runs
from tests import factories as make
from tests.resources.sheets import counts, export, imported, sheet, table, template, tried

pytestmark = pytest.mark.django_db

HEADINGS = ["کد دستگاه", "کد شاخص", "هدف", "عملکرد پایه"]
FIXED = (
    "The line of “%s” for “اداره الف” exists and its target is final. The target can change only "
    "while scoring or by a decision on an objection; to change it for all agencies, amend the "
    "indicator."
)


@pytest.fixture
def open_year(cast):
    """Participants are fixed, the general catalogue is written and not frozen yet."""
    return cast.until(Stage.INDICATORS)


@pytest.fixture
def frozen(open_year):
    indicator.freeze(open_year.general, by=open_year.manager)
    return open_year


def targets():
    rows = Target.objects.order_by("agency__code", "indicator__code")
    return [(each.agency.code, each.indicator.code, each.target, each.baseline) for each in rows]


def taken(cast, *rows, **kwargs):
    return imported("targets", sheet(HEADINGS, *rows), by=cast.expert, cycle=cast.cycle, **kwargs)


def refused(cast, *rows):
    run = tried("targets", sheet(HEADINGS, *rows), by=cast.expert, cycle=cast.cycle)
    return [(each["cause"], each["cell"], each["sentence"]) for each in run.report["faults"]]


# -- writing --------------------------------------------------------------------------------------


def test_targets_of_agencies_reach_their_lines_at_the_freeze(open_year):
    run = taken(open_year, ["A", "G-1", "۹۰٫۵", -3], ["A", "G-31", None, 12], ["B", "G-1", 40, None])
    assert counts(run) == {"new": 3, "changed": 0, "same": 0, "wrong": 0}
    assert targets() == [
        ("A", "G-1", Decimal("90.5"), -3),
        ("A", "G-31", None, 12),
        ("B", "G-1", 40, None),
    ]
    indicator.freeze(open_year.general, by=open_year.manager)
    lines = Line.objects.order_by("assessment__participation__agency__code", "indicator__code")
    assert list(
        lines.values_list("assessment__participation__agency__code", "indicator__code", "target", "baseline")
    ) == [
        ("A", "G-1", Decimal("90.5"), -3),
        ("A", "G-2", 100, None),
        ("A", "G-31", 100, 12),
        ("A", "G-32", 100, None),
        ("B", "G-1", 40, None),
        ("B", "G-2", 100, None),
        ("B", "G-31", 100, None),
        ("B", "G-32", 100, None),
    ]


def test_a_specific_target_reaches_the_line_when_its_list_is_frozen(frozen):
    lists = frozen.cycle.specific_lists.get(agency=frozen.agency_a)
    frozen.propose(lists)
    taken(frozen, ["A", "S-1", 55, 50])
    frozen.propose = lambda _list: None  # written above
    frozen.write_list(lists)
    assert list(Line.objects.filter(indicator__code="S-1").values_list("target", "baseline")) == [(55, 50)]


def test_importing_again_changes_nothing(open_year):
    rows = ["A", "G-1", 90, 80], ["B", "G-1", None, None]
    taken(open_year, *rows)
    assert counts(taken(open_year, *rows)) == {"new": 0, "changed": 0, "same": 2, "wrong": 0}
    assert targets() == [("A", "G-1", 90, 80)]


def test_a_column_that_is_absent_leaves_what_stands(open_year):
    taken(open_year, ["A", "G-1", 90, 80])
    data = sheet(HEADINGS[:3], ["A", "G-1", 95])
    run = imported("targets", data, by=open_year.expert, cycle=open_year.cycle)
    assert (counts(run)["changed"], targets()) == (1, [("A", "G-1", 95, 80)])


def test_an_emptied_row_lets_the_indicators_own_target_count_again(open_year):
    taken(open_year, ["A", "G-1", 90, 80])
    run = taken(open_year, ["A", "G-1", "حذف", "حذف"])
    assert (counts(run)["changed"], run.report["remarks"]) == (1, ["1 row that had figures is emptied."])
    indicator.freeze(open_year.general, by=open_year.manager)
    line = Line.objects.get(indicator__code="G-1", assessment__participation__agency=open_year.agency_a)
    assert (line.target, line.baseline) == (100, None)
    assert counts(taken(open_year, ["A", "G-1", "حذف", "حذف"]))["same"] == 1


# -- refusing -------------------------------------------------------------------------------------


def test_wrong_rows_are_all_named(open_year):
    assert refused(
        open_year,
        ["A", "G-1", -1, None],
        ["A", "G-3", 5, None],
        ["A", "G-99", 5, None],
        ["NONE", "G-1", 5, None],
        ["A", "G-2", "نود", None],
        ["B", "G-1", 5, None],
        ["B", "G-1", 6, None],
    ) == [
        ("number", "C2", "A target cannot be negative: choose the nature “reduction” instead."),
        ("rule", "B3", "This indicator is made up of measures: its figures are those of each measure."),
        ("unknown", "B4", "“اداره الف” has no indicator with this code."),
        ("unknown", "A5", "No agency of this cycle that is open to you has this code."),
        ("number", "C6", "“نود” is not a number. Write it in digits, like 1250."),
        (
            "duplicate",
            "B8",
            "The same row is in cell \u2066B7\u2069 of sheet “Sheet1” and in cell \u2066B8\u2069 "
            "of sheet “Sheet1”. Keep one of them.",
        ),
    ]
    assert targets() == []


def test_another_agencys_specific_indicator_is_not_known(open_year):
    open_year.propose(open_year.cycle.specific_lists.get(agency=open_year.agency_b))
    assert refused(open_year, ["A", "S-1", 5, None]) == [
        ("unknown", "B2", "“اداره الف” has no indicator with this code.")
    ]


def test_the_freeze_fixes_the_target(open_year):
    taken(open_year, ["A", "G-1", 90, None])
    indicator.freeze(open_year.general, by=open_year.manager)
    assert refused(open_year, ["A", "G-1", 90, None], ["A", "G-2", 70, None], ["A", "G-31", None, 4]) == [
        ("closed", "C3", FIXED % "G-2 · بیمه تکمیلی"),
        ("closed", "D4", FIXED % "G-31 · خدمات برخط"),
    ]


def test_agencies_count_before_the_list_of_participants_is_fixed(cast):
    cast.until(Stage.EVALUATORS).write_catalogue()
    assert (cast.cycle.participations.count(), counts(taken(cast, ["A", "G-1", 90, None]))["new"]) == (0, 1)


def test_foreign_agencies_and_indicators_do_not_exist(open_year):
    there = make.AgencyFactory(code="X")
    other = make.CycleFactory(province=open_year.province, performance_year=1403)
    dimension = make.DimensionFactory(cycle=other)
    make.IndicatorFactory(dimension=dimension, code="OLD")
    assert refused(open_year, [there.code, "G-1", 5, None], ["A", "OLD", 5, None]) == [
        ("unknown", "A2", "No agency of this cycle that is open to you has this code."),
        ("unknown", "B3", "“اداره الف” has no indicator with this code."),
    ]


@pytest.mark.parametrize("user", ["evaluator", "reporter_a", "headquarters_a", "steward", "national", "observer"])
def test_only_staff_of_the_province_set_targets(open_year, user):
    with pytest.raises(Forbidden):
        tried("targets", sheet(HEADINGS, ["A", "G-1", 5, 5]), by=getattr(open_year, user), cycle=open_year.cycle)
    assert targets() == []


# -- downloads ------------------------------------------------------------------------------------


def test_the_template_names_what_is_open_and_comes_back_unchanged(frozen):
    frozen.propose(frozen.cycle.specific_lists.get(agency=frozen.agency_a))
    taken(frozen, ["A", "S-1", 70, 60])
    data = template("targets", by=frozen.expert, cycle=frozen.cycle)
    rows = [row for row in table(data) if row[0] in ("A", "B")]
    assert [[row[0], row[1], *row[-3:-1]] for row in rows] == [["A", "S-1", 70, 60], ["A", "S-2", None, None]]
    run = tried("targets", data, by=frozen.expert, cycle=frozen.cycle)
    assert counts(run) == {"new": 0, "changed": 0, "same": 2, "wrong": 0}


def test_the_export_comes_back_unchanged(open_year):
    taken(open_year, ["A", "G-1", "90.125", -4], ["B", "G-2", 3, None])
    before = targets()
    indicator.freeze(open_year.general, by=open_year.manager)
    data = export("targets", by=open_year.expert, cycle=open_year.cycle)
    run = imported("targets", data, by=open_year.expert, cycle=open_year.cycle)
    assert counts(run) == {"new": 0, "changed": 0, "same": 2, "wrong": 0}
    assert (targets(), ImportChange.objects.filter(run=run).count()) == (before, 0)


def test_the_template_shows_last_years_figures(open_year):
    old = make.CycleFactory(province=open_year.province, performance_year=1403)
    last = make.IndicatorFactory(dimension=make.DimensionFactory(cycle=old), code="OLD")
    participation = old.participations.create(agency=open_year.agency_a)
    assessment = participation.assessments.create(dimension=last.dimension)
    Line.objects.create(assessment=assessment, indicator=last, maximum=100, final_actual=77)
    Indicator.objects.filter(code="G-1").update(origin=last)
    rows = table(template("targets", by=open_year.expert, cycle=open_year.cycle))
    place = rows[0].index("عملکرد سال پیش")
    assert [row[place] for row in rows if row[1] == "G-1"] == [77, None]


# -- undoing --------------------------------------------------------------------------------------


def test_undoing_takes_back_what_is_open(open_year):
    taken(open_year, ["A", "G-1", 90, None])
    run = taken(open_year, ["A", "G-1", 95, 5], ["A", "G-2", 60, None], ["B", "G-1", 50, None])
    edited = Target.objects.get(agency__code="B")
    edited.target = 51
    set_target(edited, by=open_year.expert)
    undoing = runs.take_back(run, by=open_year.expert)
    assert (undoing.changed, undoing.same, undoing.wrong) == (2, 1, 0)
    assert targets() == [("A", "G-1", 90, None), ("B", "G-1", 51, None)]


def test_what_the_freeze_fixed_stays(open_year):
    run = taken(open_year, ["A", "G-1", 90, None])
    indicator.freeze(open_year.general, by=open_year.manager)
    undoing = runs.take_back(run, by=open_year.expert)
    change = run.changes.get()
    assert (undoing.wrong, change.outcome, change.reason) == (1, "failed", FIXED % "G-1 · آموزش کارکنان")
    assert targets() == [("A", "G-1", 90, None)]


# -- one by one -----------------------------------------------------------------------------------


def test_one_target_by_form_follows_the_same_rules(frozen):
    g1 = Indicator.objects.get(code="G-1")
    with pytest.raises(Refusal, match="exists and its target is final"):
        set_target(Target(agency=frozen.agency_a, indicator=g1, target=5), by=frozen.expert)
    with pytest.raises(Forbidden):
        set_target(Target(agency=frozen.agency_a, indicator=g1, target=5), by=frozen.reporter_a)
    assert targets() == []


def test_amending_leaves_the_agencies_that_have_a_target_of_their_own(open_year):
    taken(open_year, ["A", "G-1", 100, None])
    indicator.freeze(open_year.general, by=open_year.manager)
    indicator.amend(Indicator.objects.get(code="G-1"), by=open_year.manager, reason="دلیل", target=Decimal(70))
    lines = Line.objects.filter(indicator__code="G-1").order_by("assessment__participation__agency__code")
    assert list(lines.values_list("target", flat=True)) == [100, 70]
