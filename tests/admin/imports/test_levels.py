"""Targets, outside figures and levels through the wizard: whose step each is, what the pages tell and take back."""

import pytest

from evaluation.enums import Stage
from evaluation.models import AgencyResult, ImportRun, Level, LevelScheme, Line, OnBehalf, Target
from evaluation.process.results import result
from tests.admin.imports.import_desk import Desk, errors, letter, page
from tests.resources.sheets import sheet

pytestmark = pytest.mark.django_db

LEVELS = ["کد دستگاه", "بعد", "سطح", "شماره نامه"]
NEEDS_LETTER = "A step on behalf needs the body, the letter's number, its date and its file."


@pytest.fixture
def computed(cast):
    cast.until(Stage.RANKING)
    scheme = LevelScheme.objects.create(code="t", title="سطوح")
    Level.objects.create(scheme=scheme, order=1, title="عالی")
    cast.results = result.compute(result.prepare(cast.cycle, by=cast.expert), by=cast.expert)
    return cast


def given_levels():
    return list(AgencyResult.objects.exclude(level=None).values_list("participation__agency__code", "level_letter"))


def test_the_national_organization_gives_and_takes_back_levels(computed):
    desk = Desk(computed, "national")
    run = desk.upload("levels", sheet(LEVELS, ["A", None, "عالی", "45"]))
    desk.confirm(run)
    assert (run.state, given_levels()) == ("written", [("A", "45")])
    desk.undo(run)
    assert (run.state, given_levels()) == ("undone", [])


def test_staff_of_the_province_need_the_letter_for_levels(computed):
    desk = Desk(computed, "expert")
    data = sheet(LEVELS, ["A", None, "عالی", "45"])
    assert errors(desk.post("levels", data)) == {"__all__": [NEEDS_LETTER]}
    run = desk.upload("levels", data, **letter())
    desk.confirm(run)
    behalf = OnBehalf.objects.get()
    assert (given_levels(), behalf.role, run.on_behalf_of) == ([("A", "45")], "national", behalf)


def test_the_receipt_says_of_which_dimension_a_level_is(computed):
    desk = Desk(computed, "national")
    rows = [["A", None, "عالی", "45"], ["A", computed.general.title, "عالی", "45"]]
    run = desk.upload("levels", sheet(LEVELS, *rows))
    desk.confirm(run)
    agency = computed.agency_a.name
    shown = [row["what"] for row in desk.report(run).context["changes"].object_list]
    assert shown == [f"{agency} · Total", f"{agency} · {computed.general.title}"]


@pytest.mark.parametrize("name", ["targets", "feed", "levels"])
@pytest.mark.parametrize("user", ["reporter_a", "evaluator", "steward"])
def test_a_forged_workbook_is_refused(computed, user, name):
    response = Desk(computed, user).post(name, sheet(LEVELS, ["A", None, "عالی", "45"]))
    assert list(errors(response)) == ["workbook"]
    assert ImportRun.objects.count() == 0


@pytest.mark.parametrize("name", ["targets", "feed"])
def test_the_national_organization_has_no_other_workbook(computed, name):
    response = Desk(computed, "national").post(name, sheet(LEVELS, ["A", None, "عالی", "45"]))
    assert list(errors(response)) == ["workbook"]


def test_a_target_that_a_freeze_fixes_between_trial_and_confirmation_is_not_written(cast):
    cast.until(Stage.INDICATORS)
    desk = Desk(cast, "expert")
    run = desk.upload("targets", sheet(["کد دستگاه", "کد شاخص", "هدف"], ["A", "G-1", 90]))
    assert run.state == "tried"
    Desk(cast, "manager").client.post(f"/admin/evaluation/dimension/{cast.general.pk}/do/freeze/")
    assert Line.objects.filter(indicator__code="G-1").count() == 2
    desk.confirm(run)
    assert (run.state, [fault["cause"] for fault in run.report["faults"]], Target.objects.count()) == (
        "refused",
        ["closed"],
        0,
    )


def test_what_outside_figures_do_is_told_before_the_confirmation(cast):
    cast.until(Stage.SELF_ASSESSMENT)
    cast.g2.scorer, cast.g2.steward = "feed", None
    cast.g2.save()
    desk = Desk(cast, "expert")
    run = desk.upload("feed", sheet(["کد دستگاه", "کد شاخص", "مقدار", "تاریخ"], ["A", "G-2", 60, "1404/05/31"]))
    sentence = "Scoring has not started here yet: the figure is stored, and written to the line when scoring starts."
    assert sentence in desk.words(run)
    desk.confirm(run)
    shown = desk.client.get("/admin/evaluation/feedvalue/").content.decode()
    assert ("stored, not used yet" in shown, page("add") + "?" in shown) == (True, True)
