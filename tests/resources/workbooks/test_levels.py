"""The workbook of levels: what the national organization gives, row by row with its letter."""

import pytest

from evaluation.enums import LevelSource, Role, Stage
from evaluation.models import AgencyResult, Level, LevelScheme, TransitionLog
from evaluation.process import audit
from evaluation.process.door import Forbidden, Refusal
from evaluation.process.results import level, result
from evaluation.resources import runs
from tests import factories as make
from tests.resources.sheets import counts, export, imported, sheet, table, template, tried

pytestmark = pytest.mark.django_db

HEADINGS = ["کد دستگاه", "بعد", "سطح", "شماره نامه"]


@pytest.fixture
def computed(cast):
    return cast.until(Stage.RANKING).once(compute)


def compute(cast):
    scheme = LevelScheme.objects.create(code="t", title="سطوح")
    cast.levels = [
        Level.objects.create(scheme=scheme, order=order, title=title) for order, title in enumerate(("عالی", "خوب"), 1)
    ]
    cast.cycle.level_scheme = scheme
    cast.cycle.save()
    cast.results = result.compute(result.prepare(cast.cycle, by=cast.expert), by=cast.expert)


def levels():
    """(agency, dimension or nothing for the total, level, letter) of every figure that has a letter."""
    rows = AgencyResult.objects.exclude(level_letter="").select_related("participation__agency", "dimension", "level")
    found = [
        (
            row.participation.agency.code,
            row.dimension.code if row.dimension else "",
            row.level and row.level.title,
            row.level_letter,
        )
        for row in rows
    ]
    return sorted(found, key=lambda each: each[:2])


def taken(cast, *rows, by=None):
    return imported("levels", sheet(HEADINGS, *rows), by=by or cast.national, cycle=cast.cycle)


def refused(cast, *rows, by=None, **kwargs):
    run = tried("levels", sheet(HEADINGS, *rows), by=by or cast.national, cycle=cast.cycle, **kwargs)
    return [(each["cause"], each["cell"], each["sentence"]) for each in run.report["faults"]]


# -- writing --------------------------------------------------------------------------------------


def test_levels_by_title_and_by_rank_each_with_its_letter(computed):
    run = taken(
        computed,
        ["A", None, "عالي", "۴۵/س"],
        ["B", "کل", "۲", "46"],
        ["B", "شاخص‌های عمومی", 1, "46"],
        ["B", "specific", None, None],
    )
    assert counts(run) == {"new": 3, "changed": 0, "same": 1, "wrong": 0}
    assert levels() == [("A", "", "عالی", "۴۵/س"), ("B", "", "خوب", "46"), ("B", "general", "عالی", "46")]
    row = TransitionLog.objects.get(name="set_levels")
    assert (row.by, row.note) == (computed.national, "46، ۴۵/س")


def test_the_column_of_dimensions_may_be_absent(computed):
    data = sheet(["agency", "level", "letter"], ["A", "خوب", "45"])
    imported("levels", data, by=computed.national, cycle=computed.cycle)
    assert levels() == [("A", "", "خوب", "45")]


def test_importing_again_changes_nothing(computed):
    rows = ["A", None, "عالی", "45"], ["B", None, None, None]
    taken(computed, *rows)
    assert counts(taken(computed, *rows)) == {"new": 0, "changed": 0, "same": 2, "wrong": 0}
    assert levels() == [("A", "", "عالی", "45")]


def test_a_level_is_taken_away_by_a_letter_alone(computed):
    taken(computed, ["A", None, "عالی", "45"])
    assert refused(computed, ["A", None, "حذف", None]) == [
        ("missing", "D2", "“عالی” is recorded: to remove it, enter the number of the letter that cancels it.")
    ]
    run = taken(computed, ["A", None, "حذف", "47"])
    assert (counts(run)["changed"], levels()) == (1, [("A", "", None, "47")])


# -- refusing -------------------------------------------------------------------------------------


def test_wrong_rows_are_all_named(computed):
    assert refused(
        computed,
        ["A", None, "ممتاز", "45"],
        ["A", "اقتصاد", "خوب", "45"],
        ["NONE", None, "خوب", "45"],
        ["A", "general", "خوب", None],
        ["A", "specific", None, "45"],
        ["B", "general", "خوب", "45"],
        ["B", None, "خوب", "45"],
        ["B", None, "عالی", "45"],
    ) == [
        ("choice", "C2", "Allowed are: عالی، خوب."),
        ("unknown", "B3", "Allowed are: شاخص‌های عمومی، شاخص‌های اختصاصی; an empty cell is the total."),
        ("unknown", "A4", "No agency with results in this cycle has this code."),
        ("missing", "D5", "Levels as received need the number of their letter."),
        ("missing", "C6", "To set a level, enter the level itself too."),
        (
            "duplicate",
            "A9",
            "The same row is in cell \u2066A8\u2069 of sheet “Sheet1” and in cell \u2066A9\u2069 "
            "of sheet “Sheet1”. Keep one of them.",
        ),
    ]
    assert levels() == []


def test_an_agency_that_took_no_part_gets_no_level(computed):
    AgencyResult.objects.filter(participation__agency__code="A", dimension=None).update(passive=True)
    assert refused(computed, ["A", None, "خوب", "45"]) == [
        ("rule", "A2", "“اداره الف” did not take part and gets no level.")
    ]


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        (LevelSource.THRESHOLDS, "The levels of this cycle are calculated by thresholds and cannot be entered."),
        (
            LevelSource.NONE,
            "This cycle requires no levels. If it should, choose the source of levels on the page of the cycle.",
        ),
    ],
)
def test_cycles_whose_levels_do_not_come_by_letter(computed, source, sentence):
    computed.cycle.level_source = source
    computed.cycle.save()
    assert refused(computed, ["A", None, "خوب", "45"]) == [("closed", "A2", sentence)]
    with pytest.raises(Refusal, match=sentence):
        level.set_levels(computed.results, {}, letter="45", by=computed.national)


def test_nothing_before_the_computation_and_nothing_after_the_announcement(cast):
    cast.until(Stage.RANKING)
    sentence = "The results of this cycle are not computed yet; levels can be entered after that."
    assert refused(cast, ["A", None, "خوب", "45"]) == [("closed", "A2", sentence)]
    cast.work(Stage.RANKING)
    other = Level.objects.create(scheme=cast.level.scheme, order=2, title="عالی")
    moved_on = (
        f"“{cast.results}” is now in the state “Announced”, in which this action is not possible. Reload the page."
    )
    assert refused(cast, ["A", None, other.title, "46"], ["A", None, None, "45"])[0] == ("closed", "A2", moved_on)


def test_titles_of_several_schemes_are_named_with_their_scheme(computed):
    computed.cycle.level_scheme = None
    computed.cycle.save()
    second = LevelScheme.objects.create(code="u", title="پایه‌ها")
    Level.objects.create(scheme=second, order=1, title="خوب")
    assert refused(computed, ["A", None, "خوب", "45"]) == [
        ("choice", "C2", "Allowed are: پایه‌ها · خوب، سطوح · عالی، سطوح · خوب.")
    ]
    taken(computed, ["A", None, "سطوح · خوب", "45"], ["B", None, "عالی", "45"])
    assert levels() == [("A", "", "خوب", "45"), ("B", "", "عالی", "45")]


# -- rights ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("user", ["evaluator", "reporter_a", "headquarters_a", "steward", "secretary", "observer"])
def test_levels_are_the_national_organizations(computed, user):
    with pytest.raises(Forbidden):
        tried("levels", sheet(HEADINGS, ["A", None, "خوب", "45"]), by=getattr(computed, user), cycle=computed.cycle)
    assert levels() == []


def test_staff_of_the_province_act_on_its_behalf_by_a_letter(computed):
    row = ["A", None, "خوب", "45"]
    assert refused(computed, row, by=computed.expert) == [
        (
            "closed",
            "A2",
            "Another body is responsible for this action. To act on its behalf, give its name, and the number, "
            "date and file of its letter.",
        )
    ]
    letter = {"body": "سازمان اداری", "letter_number": "۷", "letter_date": make.DAY, "file": make.upload()}

    def written():
        return audit.act_on_behalf(computed.cycle, role=Role.NATIONAL, by=computed.expert, **letter)

    imported("levels", sheet(HEADINGS, row), by=computed.expert, cycle=computed.cycle, letter=written)
    assert levels() == [("A", "", "خوب", "45")]
    assert TransitionLog.objects.get(name="set_levels").on_behalf_of.letter_number == "۷"


def test_staff_of_another_province_are_refused(computed):
    other = make.ProvinceFactory()
    stranger = make.MembershipFactory(role=Role.EXPERT, province=other).user
    with pytest.raises(Forbidden):
        tried("levels", sheet(HEADINGS, ["A", None, "خوب", "45"]), by=stranger, cycle=computed.cycle)


# -- downloads ------------------------------------------------------------------------------------


@pytest.mark.parametrize("download", [template, export])
def test_downloads_show_what_stands_and_come_back_unchanged(computed, download):
    taken(computed, ["A", None, "عالی", "45"], ["B", "general", "خوب", "46"])
    before = levels()
    data = download("levels", by=computed.national, cycle=computed.cycle)
    rows = [row for row in table(data) if row[0] in ("A", "B")]
    assert [[row[0], row[1], *row[4:6]] for row in rows] == [
        ["A", None, "عالی", "45"],
        ["A", "شاخص‌های عمومی", None, None],
        ["A", "شاخص‌های اختصاصی", None, None],
        ["B", None, None, None],
        ["B", "شاخص‌های عمومی", "خوب", "46"],
        ["B", "شاخص‌های اختصاصی", None, None],
    ]
    run = imported("levels", data, by=computed.national, cycle=computed.cycle)
    assert (counts(run)["same"], levels()) == (6, before)


def test_a_row_edited_since_the_download_is_not_overwritten(computed):
    taken(computed, ["A", None, "عالی", "45"])
    data = export("levels", by=computed.national, cycle=computed.cycle)
    taken(computed, ["A", None, "خوب", "45"])
    rows = [[*row] for row in table(data)]
    edited = [[*row[:5], "99", *row[6:]] if row[:2] == ["A", None] else row for row in rows]
    run = tried("levels", sheet(*edited), by=computed.national, cycle=computed.cycle)
    assert [(each["cause"], each["sentence"]) for each in run.report["faults"]] == [
        (
            "stale",
            "This row was edited after the download: “عالی” in the file, “خوب” in the system. Download the file again.",
        ),
        (
            "stale",
            "This row was edited after the download: “99” in the file, “45” in the system. Download the file again.",
        ),
    ]


# -- undoing --------------------------------------------------------------------------------------


def test_undoing_takes_back_what_nobody_changed_since(computed):
    taken(computed, ["A", None, "عالی", "45"])
    run = taken(computed, ["A", None, "خوب", "46"], ["B", None, "خوب", "46"], ["B", "general", "عالی", "46"])
    taken(computed, ["B", None, "عالی", "47"])
    undoing = runs.take_back(run, by=computed.national)
    assert (undoing.changed, undoing.same, undoing.wrong) == (2, 1, 0)
    assert levels() == [("A", "", "عالی", "45"), ("B", "", "عالی", "47")]


def test_figures_computed_again_are_left_alone(computed):
    run = taken(computed, ["A", None, "عالی", "45"])
    result.compute(computed.results, by=computed.expert)
    undoing = runs.take_back(run, by=computed.national)
    assert (undoing.changed, undoing.same, undoing.wrong, levels()) == (0, 1, 0, [])


def test_imported_levels_pass_the_gate_and_stay_once_announced(cast, monkeypatch):
    cast.until(Stage.RANKING)
    runs_made = []

    def by_workbook(results, levels, **_letter):
        monkeypatch.undo()
        title = cast.level.title
        runs_made.append(taken(cast, ["A", None, title, "45"], ["B", None, title, "45"]))

    monkeypatch.setattr(level, "set_levels", by_workbook)
    cast.work(Stage.RANKING)
    assert (cast.results.state, levels()) == ("announced", [("A", "", "خوب", "45"), ("B", "", "خوب", "45")])
    undoing = runs.take_back(runs_made[0], by=cast.national)
    sentence = (
        f"“{cast.results}” is now in the state “Announced”, in which this action is not possible. Reload the page."
    )
    outcomes = runs_made[0].changes.values_list("outcome", "reason")
    assert (undoing.wrong, set(outcomes)) == (2, {("failed", sentence)})
    assert len(levels()) == 2
