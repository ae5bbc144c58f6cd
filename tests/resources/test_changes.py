"""What each workbook changed is kept with its run, and taking the run back leaves every table as it was."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.apps import apps
from django.utils import timezone

from evaluation.enums import AssessmentState, ImportState, MarkLevel, Stage
from evaluation.models import Agency, Axis, Headquarters, Indicator, Mark
from evaluation.process.assessing import assessment, line
from evaluation.process.catalogue import indicator
from evaluation.process.door import Refusal
from evaluation.process.year import cycle
from evaluation.resources import runs
from tests import factories as make

from .sheets import imported, line_of, sheet

pytestmark = pytest.mark.django_db

WRITTEN_ONCE = ("importrun", "importchange", "mark", "transitionlog", "notice")  # history, which only grows
AGENCY = ["code", "name", "headquarters", "group", "ranked"]
GENERAL = ["dimension", "axis", "axis_points", "code", "title", "parent", "weight", "points"]
SPECIFIC = ["agency", "slice", "code", "title", "weight"]
SELF = ["agency", "code", "actual", "note"]
SCORES = ["agency", "code", "actual", "score", "note"]
RECEIVED = ["agency", "dimension", "code", "self_actual", "self_score", "hq_actual", "hq_score", "note"]


def everything():
    """{table: rows} of the whole product but its history; the version of a line only ever rises."""
    models = [model for model in apps.get_app_config("evaluation").get_models() if model._meta.managed]
    return {
        model._meta.model_name: [
            {name: value for name, value in row.items() if name != "version"}
            for row in model.objects.order_by("pk").values()
        ]
        for model in models
        if model._meta.model_name not in WRITTEN_ONCE
    }


def changes(run):
    """(kind, row, before, after) of what was kept, in the order in which it was written."""
    return list(run.changes.order_by("pk").values_list("kind", "row", "before", "after"))


def taken_back(run, by):
    """The outcomes of an undoing: {(kind, row): (outcome, reason)}; checks that the runs say the same."""
    undoing = runs.take_back(run, by=by)
    run.refresh_from_db()
    assert (run.state, undoing.state, undoing.undoes) == (ImportState.UNDONE, ImportState.WRITTEN, run)
    found = {(each.kind, each.row): (str(each.outcome), each.reason) for each in run.changes.all()}
    outcomes = [outcome for outcome, _reason in found.values()]
    assert [undoing.changed, undoing.same, undoing.wrong] == [
        outcomes.count(each) for each in ("reversed", "kept", "failed")
    ]
    return found


# -- agencies -------------------------------------------------------------------------------------


def agencies(cast, *rows):
    return imported("agencies", sheet(AGENCY, *rows), by=cast.manager, cycle=cast.cycle)


def test_agencies_and_the_headquarters_made_for_them(cast):
    before = everything()
    run = agencies(
        cast,
        ["A", "نام نو", "ستاد نو", None, "خیر"],
        ["C", "اداره ج", "ستاد نو", "خدماتی", None],
    )
    body, made = Headquarters.objects.get(name="ستاد نو"), Agency.objects.get(code="C")
    _kind, _row, was, now = changes(run)[1]
    assert [(kind, row) for kind, row, _was, _now in changes(run)] == [
        ("headquarters", 2),
        ("agency", 2),
        ("agency", 3),
    ]
    assert (was["name"], was["headquarters"], was["ranked"]) == ("اداره الف", cast.headquarters_body.pk, True)
    assert (now["name"], now["headquarters"], now["ranked"]) == ("نام نو", body.pk, False)
    assert changes(run)[2][2:] == (
        None,
        {
            "code": "C",
            "name": "اداره ج",
            "kind": "",
            "headquarters": body.pk,
            "group": "خدماتی",
            "national_id": "",
            "ranked": made.ranked,
        },
    )
    assert set(taken_back(run, cast.manager).values()) == {("reversed", "")}
    assert everything() == before


def test_an_agency_edited_or_used_since(cast):
    run = agencies(
        cast, ["A", "نام نو", None, None, None], ["C", "ج", "ستاد نو", None, None], ["D", "د", "ستاد نو", None, None]
    )
    Agency.objects.filter(code="A").update(name="نام سوم")
    make.MembershipFactory(role="agency", agency=Agency.objects.get(code="C"))
    found = taken_back(run, cast.manager)
    assert found == {
        ("agency", 2): ("kept", ""),
        ("headquarters", 3): ("failed", "It is now used elsewhere (executive agencies) and is kept."),
        ("agency", 3): ("failed", "It is now used elsewhere (memberships) and is kept."),
        ("agency", 4): ("reversed", ""),
    }
    assert dict(Agency.objects.values_list("code", "name")) == {"A": "نام سوم", "B": "اداره ب", "C": "ج"}


# -- the catalogue --------------------------------------------------------------------------------


def test_axes_and_indicators(cast):
    cast.write_catalogue()
    before = everything()
    title = cast.general.title
    data = sheet(
        GENERAL,
        [title, "محور یک", 450, "G-1", "عنوان نو", None, None, 300],
        [title, "محور سه", 100, "G-5", "پنجم", None, None, 100],
        [title, None, None, "G-51", "سنجه", "G-5", 100, None],
        [title, "محور دو", 500, "G-3", "دولت الکترونیک", None, None, 500],
    )
    run = imported("indicators", data, by=cast.expert, cycle=cast.cycle)
    assert [(kind, row, was is None) for kind, row, was, _now in changes(run)] == [
        ("axis", 2, False),
        ("indicator", 2, False),
        ("axis", 3, True),
        ("indicator", 3, True),
        ("indicator", 4, True),
    ]
    axis, indicator = changes(run)[:2]
    assert axis[2:] == (
        {"number": 1, "title": "محور یک", "maximum": "500"},
        {"number": 1, "title": "محور یک", "maximum": "450"},
    )
    assert (indicator[2]["title"], indicator[3]["title"], indicator[3]["points"]) == (
        "آموزش کارکنان",
        "عنوان نو",
        "300",
    )
    assert changes(run)[4][3]["parent"] == Indicator.objects.get(code="G-5").pk
    assert set(taken_back(run, cast.expert).values()) == {("reversed", "")}
    assert everything() == before


def test_a_changed_axis_alone_is_one_change(cast):
    cast.write_catalogue()
    data = sheet(GENERAL, [cast.general.title, "محور یک", 450, "G-1", "آموزش کارکنان", None, None, 300])
    run = imported("indicators", data, by=cast.expert, cycle=cast.cycle)
    assert [kind for kind, *_rest in changes(run)] == ["axis"]
    taken_back(run, cast.expert)
    assert Axis.objects.get(number=1).maximum == 500


def test_an_indicator_with_measures_since_and_a_frozen_catalogue(cast):
    cast.until(Stage.INDICATORS)
    title = cast.general.title
    rows = [
        [title, "محور یک", None, "G-5", "پنجم", None, None, 5],
        [title, "محور یک", None, "G-6", "ششم", None, None, 5],
    ]
    run = imported("indicators", sheet(GENERAL, *rows), by=cast.expert, cycle=cast.cycle)
    other = imported(
        "indicators",
        sheet(GENERAL, [title, "محور یک", None, "G-1", "عنوان نو", None, None, 290]),
        by=cast.expert,
        cycle=cast.cycle,
    )
    make.IndicatorFactory(
        dimension=cast.general, axis=cast.axis_1, parent=Indicator.objects.get(code="G-5"), code="G-52", weight=100
    )
    found = taken_back(run, cast.expert)
    assert found == {
        ("indicator", 2): ("failed", "It is now used elsewhere (indicators) and is kept."),
        ("indicator", 3): ("reversed", ""),
    }
    Indicator.objects.filter(code__in=["G-5", "G-52"]).delete()
    cast.g2.points = 210
    cast.g2.save()
    indicator.freeze(cast.general, by=cast.manager)
    sentence = (
        "The catalogue of “شاخص‌های عمومی” is frozen. A change goes through “Amend” on the indicator, with a reason."
    )
    assert taken_back(other, cast.expert) == {("indicator", 2): ("failed", sentence)}
    assert Indicator.objects.get(code="G-1").title == "عنوان نو"


def test_specific_indicators(cast):
    cast.until(Stage.INDICATORS)
    cast.propose(cast.cycle.specific_lists.get(agency=cast.agency_a))
    before = everything()
    data = sheet(SPECIFIC, ["A", "provincial", "S-1", "نو", 3], ["A", "national", "S-9", "نهم", 2])
    run = imported("specific", data, by=cast.reporter_a, cycle=cast.cycle)
    kind, row, was, now = changes(run)[0]
    assert (kind, row) == ("indicator", 2)
    assert [was[name] for name in ("title", "slice", "weight")] == ["شاخص اختصاصی S-1", "national", "1.4"]
    assert [now[name] for name in ("title", "slice", "weight")] == ["نو", "provincial", "3"]
    assert set(taken_back(run, cast.reporter_a).values()) == {("reversed", "")}
    assert everything() == before


# -- lines ----------------------------------------------------------------------------------------


def test_a_self_assessment(entry):
    imported("self", sheet(SELF, ["A", "G-1", 60, None]), by=entry.reporter_a, cycle=entry.cycle)
    imported("self", sheet(SELF, ["A", "S-1", 60, None]), by=entry.reporter_a, cycle=entry.cycle)
    before = everything()
    data = sheet(SELF, ["A", "G-1", 80, "شرح"], ["A", "G-31", 70.5, None], ["A", "G-32", None, None])
    run = imported("self", data, by=entry.reporter_a, cycle=entry.cycle)
    none = {f"self_{name}": None for name in ("actual", "numerator", "denominator", "score")} | {"self_note": ""}
    assert changes(run) == [
        (
            "line",
            2,
            none | {"self_actual": "60", "self_score": "180"},
            none | {"self_actual": "80", "self_score": "240", "self_note": "شرح"},
        ),
        ("line", 3, none, none | {"self_actual": "70.5", "self_score": "211.5"}),
    ]
    version = line_of("G-1").version
    assert set(taken_back(run, entry.reporter_a).values()) == {("reversed", "")}
    assert everything() == before
    assert line_of("G-1").version == version + 1
    assert list(Mark.objects.filter(source="undo").order_by("line").values_list("actual", "score", "by__username")) == [
        (60, 180, "reporter_a"),
        (None, None, "reporter_a"),
    ]


def test_lines_edited_since_stay_and_a_closed_window_is_the_reason(entry):
    data = sheet(SELF, ["A", "G-1", 80, None], ["A", "G-31", 70, None], ["A", "S-1", 70, None])
    run = imported("self", data, by=entry.reporter_a, cycle=entry.cycle)
    line.record(line_of("G-1"), MarkLevel.SELF, line.Figures(actual=Decimal(75)), by=entry.reporter_a)
    specific = entry.assessment(entry.agency_a, "specific")
    entry.fill(specific, actual=70)
    assessment.submit(specific, by=entry.reporter_a)
    sentence = (
        "“اداره الف · شاخص‌های اختصاصی” is in the state “With your headquarters: awaits approval” and is not open "
        "for this entry."
    )
    assert taken_back(run, entry.reporter_a) == {
        ("line", 2): ("kept", ""),
        ("line", 3): ("reversed", ""),
        ("line", 4): ("failed", sentence),
    }
    assert [line_of(code).self_actual for code in ("G-1", "G-31", "S-1")] == [75, None, 70]


def test_scores(scoring):
    before = everything()
    data = sheet(SCORES, ["A", "G-1", 70, None, None], ["A", "G-31", 70, 250, "دلیل"])
    run = imported("scores", data, by=scoring.lead, cycle=scoring.cycle)
    assert changes(run)[1][2:] == (
        {"initial_actual": None, "initial_target": None, "initial_score": None, "initial_note": ""},
        {"initial_actual": "70", "initial_target": None, "initial_score": "250", "initial_note": "دلیل"},
    )
    assert set(taken_back(run, scoring.lead).values()) == {("reversed", "")}
    assert everything() == before


def test_a_received_file_and_the_states_that_it_took(cast):
    entry = cast.until(Stage.TRANSFER)
    deadline = timezone.now().replace(microsecond=0) + timedelta(days=9)
    own = entry.assessment(entry.agency_a)
    assessment.return_(own, by=entry.headquarters_a, reason="ناقص", deadline=deadline)
    before = everything()
    data = sheet(
        RECEIVED,
        ["A", "general", "G-1", 80, 240, 78, 230, "اصلاح"],
        ["A", "general", "G-31", 90, 100, None, None, None],
        ["A", "general", "G-32", None, None, None, None, None],
        ["B", "specific", "S-1", None, None, 5, 50, None],
    )
    run = imported("received", data, by=entry.expert, cycle=entry.cycle)
    assert [(kind, row, sorted(now)) for kind, row, _was, now in changes(run)] == [
        ("line", 2, ["hq_actual", "hq_note", "hq_score"]),
        ("line", 3, ["self_actual", "self_denominator", "self_note", "self_numerator", "self_score"]),
        ("line", 5, ["hq_actual", "hq_note", "hq_score"]),
        ("assessment", 2, ["return_deadline", "state"]),
        ("assessment", 5, ["return_deadline", "state"]),
    ]
    received = {"state": "received", "return_deadline": None}
    assert [(was, now) for _kind, _row, was, now in changes(run)[3:]] == [
        ({"state": "returned", "return_deadline": deadline.isoformat()}, received),
        ({"state": "submitted", "return_deadline": None}, received),
    ]
    assert set(taken_back(run, entry.expert).values()) == {("reversed", "")}
    assert everything() == before


def test_a_received_file_that_is_being_scored_stays(entry):
    data = sheet(RECEIVED, ["A", "general", "G-1", 80, 240, 78, 230, None], ["B", "general", "G-1", 1, 3, 1, 3, None])
    run = imported("received", data, by=entry.expert, cycle=entry.cycle)
    own = entry.assessment(entry.agency_a)
    assert own.state == AssessmentState.RECEIVED
    assessment.open_scoring(own, by=entry.expert)
    found = taken_back(run, entry.expert)
    assert found == {
        ("line", 2): ("failed", "“اداره الف · شاخص‌های عمومی” is now in the state “Under evaluation”."),
        ("line", 3): ("reversed", ""),
        ("assessment", 2): ("kept", ""),
        ("assessment", 3): ("reversed", ""),
    }
    assert (line_of("G-1").hq_score, line_of("G-1", "B").hq_score) == (230, None)


# -- until the stage moves on ---------------------------------------------------------------------


def test_a_stage_that_moved_on_refuses_the_undoing(entry):
    run = imported("self", sheet(SELF, ["A", "G-1", 80, None]), by=entry.reporter_a, cycle=entry.cycle)
    entry.work(Stage.SELF_ASSESSMENT)
    cycle.advance(entry.cycle, by=entry.manager)
    run.refresh_from_db()
    with pytest.raises(Refusal) as refused:
        runs.take_back(run, by=entry.reporter_a)
    assert str(refused.value) == (
        "The cycle has moved on to “Headquarters' approval and transfer”, so this import can no longer be undone."
    )
    assert (line_of("G-1").self_actual, run.state) == (80, ImportState.WRITTEN)


def test_an_import_is_undone_once_and_one_that_changed_nothing_never(entry):
    data = sheet(SELF, ["A", "G-1", 80, None])
    run = imported("self", data, by=entry.reporter_a, cycle=entry.cycle)
    again = imported("self", data, by=entry.reporter_a, cycle=entry.cycle)
    for each, sentence in ((again, "This import changed nothing, so there is nothing to undo."), (run, "")):
        if sentence:
            with pytest.raises(Refusal) as refused:
                runs.take_back(each, by=entry.reporter_a)
            assert str(refused.value) == sentence
    taken_back(run, entry.reporter_a)
    with pytest.raises(Refusal) as refused:
        runs.take_back(run, by=entry.reporter_a)
    assert str(refused.value) == "This import has been undone already, or its undoing is under way."
