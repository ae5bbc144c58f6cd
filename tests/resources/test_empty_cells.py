"""An empty cell says nothing in every workbook; the word «حذف» erases; a row without a figure does not act."""

import pytest

from evaluation.enums import AssessmentState, Stage
from evaluation.models import Agency, Indicator, Mark, Target
from evaluation.resources import runs
from evaluation.resources.tables.columns import ERASE
from tests.resources.sheets import counts, export, faults, imported, line_of, sheet, table, template, tried
from tests.resources.test_corrupted import computed

pytestmark = pytest.mark.django_db

SELF = ["agency", "code", "actual", "numerator", "denominator", "score", "note"]
SCORES = ["agency", "code", "actual", "score", "note"]
RECEIVED = ["agency", "dimension", "code", "self_actual", "self_score", "hq_actual", "hq_score", "note"]
AGENCIES = ["code", "name", "kind", "headquarters", "group", "national_id", "ranked"]
UNERASABLE = f"“{ERASE}” erases a value, and this cell cannot be erased: enter the right value."


def filled(rows, key, **cells):
    """Rows of a download with some cells typed into the row of this key; headings are Persian."""
    headings = rows[0]
    for row in rows[1:]:
        if (row[0], row[1]) == key:
            for heading, value in cells.items():
                row[headings.index(heading.replace("_", " "))] = value
    return sheet(*rows)


def warned(run, cause):
    return [(each["cell"], each["sentence"]) for each in run.report["warnings"] if each["cause"] == cause]


# -- figures of lines -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["self", "scores"])
def test_a_note_typed_into_a_template_keeps_the_figures(cast, name):
    cast.until({"self": Stage.SELF_ASSESSMENT, "scores": Stage.EVALUATION}[name])
    by, level = {"self": (cast.reporter_a, "self"), "scores": (cast.lead, "initial")}[name]
    imported(name, sheet(SCORES, ["A", "G-1", 80, None, "پیشین"]), by=by, cycle=cast.cycle)
    note = {"self": "توضیح", "scores": "نظر_ارزیاب"}[name]
    data = filled(table(template(name, by=by, cycle=cast.cycle)), ("A", "G-1"), **{note: "شرح نو"})
    run = imported(name, data, by=by, cycle=cast.cycle)
    line = line_of("G-1")
    stands = [getattr(line, f"{level}_{each}") for each in ("actual", "score", "note")]
    assert (counts(run)["changed"], stands) == (1, [80, 240, "شرح نو"])
    assert run.report["planned"] == {"changed": 1, "values_erased": 0}


def test_a_note_alone_on_a_line_without_figures_does_not_act(cast):
    entry = cast.until(Stage.SELF_ASSESSMENT)
    run = imported("self", sheet(SCORES, ["A", "G-1", None, None, "شرح"]), by=entry.reporter_a, cycle=entry.cycle)
    assert (counts(run)["same"], Mark.objects.count(), line_of("G-1").self_note) == (1, 0, "")
    assert line_of("G-1").assessment.state == AssessmentState.NOT_STARTED
    sentence = "Neither this row nor the system has a figure here, so the note is not written."
    assert warned(run, "idle") == [("E2", sentence)]


def test_the_word_erases_and_is_counted_apart(cast):
    entry = cast.until(Stage.SELF_ASSESSMENT)
    imported("self", sheet(SELF, ["A", "G-1", 80, None, None, None, "شرح"]), by=entry.reporter_a, cycle=entry.cycle)
    run = tried(
        "self", sheet(SELF, ["A", "G-1", " «حذف» ", None, None, None, ERASE]), by=entry.reporter_a, cycle=entry.cycle
    )
    assert run.report["planned"] == {"erased": 1, "values_erased": 3}
    runs.confirm(run, by=entry.reporter_a)
    line = line_of("G-1")
    assert (line.self_actual, line.self_score, line.self_note) == (None, None, "")


def test_what_follows_from_other_figures_is_not_erased_alone_and_named(cast):
    entry = cast.until(Stage.SELF_ASSESSMENT)
    given_by = {"by": entry.reporter_a, "cycle": entry.cycle}
    imported("self", sheet(SELF, ["A", "G-1", 80, None, None, None, None]), **given_by)
    run = imported("self", sheet(SELF, ["A", "G-1", None, None, None, ERASE, None]), **given_by)
    stays = "This value follows from other figures and stays 240; to erase it, erase those too."
    assert (counts(run)["same"], warned(run, "lasting"), line_of("G-1").self_score) == (1, [("F2", stays)], 240)

    Indicator.objects.filter(code="G-1").update(nature="ratio")
    imported("self", sheet(SELF, ["A", "G-1", None, 40, 80, None, None]), **given_by)
    run = imported("self", sheet(SELF, ["A", "G-1", ERASE, None, None, ERASE, "شرح"]), **given_by)
    assert [cell for cell, _sentence in warned(run, "lasting")] == ["C2", "F2"]
    assert (line_of("G-1").self_actual, line_of("G-1").self_note) == (50, "شرح")


def test_an_erased_score_that_a_person_typed_gives_way_to_the_formulas(cast):
    scoring = cast.until(Stage.EVALUATION)
    imported("scores", sheet(SCORES, ["A", "G-1", 80, 100, "دلیل"]), by=scoring.lead, cycle=scoring.cycle)
    run = imported("scores", sheet(SCORES, ["A", "G-1", None, ERASE, None]), by=scoring.lead, cycle=scoring.cycle)
    stays = "This value follows from other figures and stays 240; to erase it, erase those too."
    assert (warned(run, "lasting"), line_of("G-1").initial_score) == ([("D2", stays)], 240)


def test_a_new_figure_without_a_score_takes_the_formulas_and_names_the_typed_one(cast):
    scoring = cast.until(Stage.EVALUATION)
    imported("scores", sheet(SCORES, ["A", "G-1", 80, 100, "دلیل"]), by=scoring.lead, cycle=scoring.cycle)
    run = tried("scores", sheet(SCORES, ["A", "G-1", 90, None, None]), by=scoring.lead, cycle=scoring.cycle)
    assert warned(run, "replaced") == [
        (
            "C2",
            "The recorded score, 100, was typed; with the new figure the formula's takes its place. Type the score too "
            "to keep it.",
        )
    ]
    runs.confirm(run, by=scoring.lead)
    assert (line_of("G-1").initial_actual, line_of("G-1").initial_score, line_of("G-1").initial_note) == (
        90,
        270,
        "دلیل",
    )


def test_one_note_moves_no_assessment_to_received(cast):
    entry = cast.until(Stage.SELF_ASSESSMENT)
    rows = table(template("received", by=entry.expert, cycle=entry.cycle))
    note = rows[0].index("توضیح")
    rows[1][note] = "یادداشت"
    run = imported("received", sheet(*rows), by=entry.expert, cycle=entry.cycle)
    assert counts(run) == {"new": 0, "changed": 0, "same": len(rows) - 1, "wrong": 0}
    assert {each.state for each in entry.assessments()} == {"not_started"}
    assert run.report["remarks"] == []
    sentence = "This row has no figure, so its note is not written and its assessment is not received."
    assert [told for _cell, told in warned(run, "idle")] == [sentence]


def test_one_figure_receives_its_own_assessment_alone(cast):
    entry = cast.until(Stage.SELF_ASSESSMENT)
    data = sheet(
        RECEIVED, ["A", "general", "G-1", 80, None, None, None, None], ["B", "general", "G-1", *[None] * 4, "x"]
    )
    run = imported("received", data, by=entry.expert, cycle=entry.cycle)
    received = [each.agency.code for each in entry.assessments() if each.state == "received"]
    assert (received, run.report["remarks"]) == (["A"], ["1 assessment is set to “received”."])


# -- what is no figure ----------------------------------------------------------------------------


def test_empty_cells_of_agencies_erase_nothing(cast):
    cast.agency_a.group, cast.agency_a.national_id, cast.agency_a.kind = "یک", "14001234567", "اداره کل"
    cast.agency_a.save()
    before = Agency.objects.values().get(code="A")
    data = sheet(AGENCIES, ["A", "اداره الف", None, None, None, None, None])
    assert counts(imported("agencies", data, by=cast.manager, cycle=cast.cycle))["same"] == 1
    assert Agency.objects.values().get(code="A") == before
    data = sheet(AGENCIES, ["A", "اداره الف", ERASE, ERASE, ERASE, ERASE, None])
    run = imported("agencies", data, by=cast.manager, cycle=cast.cycle)
    agency = Agency.objects.get(code="A")
    assert (agency.kind, agency.group, agency.national_id, agency.headquarters) == ("", "", "", None)
    assert run.report["planned"] == {"erased": 1, "values_erased": 4}


@pytest.mark.parametrize(("place", "cell"), [(0, "A2"), (1, "B2"), (6, "G2")])
def test_keys_and_mandatory_cells_cannot_be_erased(cast, place, cell):
    row = ["A", "اداره الف", None, None, None, None, "بله"]
    row[place] = ERASE
    run = tried("agencies", sheet(AGENCIES, row), by=cast.manager, cycle=cast.cycle)
    assert [(at, sentence) for at, _heading, _value, sentence in faults(run)] == [(cell, UNERASABLE)]


@pytest.mark.parametrize("name", ["indicators", "specific", "targets", "levels", "agencies", "feed"])
def test_a_download_with_all_but_its_keys_emptied_changes_nothing(cast, name):
    by = emptied_by(cast, name)
    rows = table(export(name, by=by, cycle=cast.cycle))
    keys = {"کد دستگاه", "کد شاخص", "بعد", "عنوان شاخص", "نام دستگاه", "برش", "تاریخ", "مقدار"}
    kept = [place for place, heading in enumerate(rows[0]) if heading in keys]
    emptied = [[value if place in kept else None for place, value in enumerate(row)] for row in rows[1:]]
    assert emptied
    run = tried(name, sheet(rows[0], *emptied), by=by, cycle=cast.cycle)
    assert (counts(run), run.report["faults"]) == ({"new": 0, "changed": 0, "same": len(emptied), "wrong": 0}, [])


def emptied_by(cast, name):
    """The person who imports this workbook, with something that stands."""
    if name == "levels":
        by = computed(cast)
        imported(name, sheet(["agency", "level", "letter"], ["A", "خوب", "۱"]), by=by, cycle=cast.cycle)
        return by
    if name == "targets":
        cast.until(Stage.INDICATORS)
        imported(name, sheet(["agency", "code", "target"], ["A", "G-1", 90]), by=cast.expert, cycle=cast.cycle)
        assert Target.objects.count() == 1
    elif name == "feed":
        cast.until(Stage.EVALUATION)
        cast.g2.scorer, cast.g2.steward = "feed", None
        cast.g2.save()
        rows = sheet(["agency", "code", "value", "observed_at"], ["A", "G-2", 70, "1404/04/31"])
        imported(name, rows, by=cast.expert, cycle=cast.cycle)
    elif name == "specific":
        cast.until(Stage.INDICATORS)
        cast.propose(cast.cycle.specific_lists.get(agency=cast.agency_a))
        return cast.reporter_a
    elif name == "indicators":
        cast.write_catalogue()
        Indicator.objects.filter(code="G-1").update(guide="راهنما", legal_basis="ماده ۸۱", unit="درصد", target=90)
    return cast.expert if name in ("indicators", "targets", "feed") else cast.manager


def test_an_erased_choice_takes_the_usual_value(cast):
    cast.write_catalogue()
    Indicator.objects.filter(code="G-1").update(guide="راهنما", direction="descending")
    headings = ["dimension", "code", "title", "direction", "guide", "points"]
    title = Indicator.objects.get(code="G-1").title
    data = sheet(headings, ["general", "G-1", title, ERASE, ERASE, None])
    run = imported("indicators", data, by=cast.expert, cycle=cast.cycle)
    indicator = Indicator.objects.get(code="G-1")
    assert (indicator.direction, indicator.guide, indicator.points) == ("ascending", "", 300)
    assert run.report["planned"] == {"erased": 1, "values_erased": 1}
