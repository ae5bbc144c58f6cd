"""The receipt with what an import changed, its undoing, and what became of each row."""

import pytest

from evaluation.enums import MarkLevel, Stage
from evaluation.models import Agency, ExternalSystem, ImportRun, Line, Mark
from evaluation.process.assessing import line
from evaluation.process.year import cycle
from tests.admin.imports.import_desk import HEADINGS, Desk, page, shown_messages, text_of
from tests.resources.sheets import sheet

pytestmark = pytest.mark.django_db
AGENCIES = ["کد دستگاه", "نام دستگاه"]


@pytest.fixture
def desk(cast):
    return Desk(cast.until(Stage.SELF_ASSESSMENT), "reporter_a")


def written(desk, *rows):
    run = desk.upload("self", sheet(HEADINGS, *rows))
    desk.confirm(run)
    assert run.state == "written"
    return run


def actual(code):
    return Line.objects.get(indicator__code=code, assessment__participation__agency__code="A").self_actual


def changes(response):
    """(place, what, [(column, before, after)]) of each row of the receipt."""
    return [(str(row["change"]), row["what"], row["columns"]) for row in response.context["changes"].object_list]


# -- what it changed ------------------------------------------------------------------------------


def test_the_receipt_lists_before_and_after_in_words(desk):
    written(desk, ["A", "G-1", 60])
    run = written(desk, ["A", "G-1", "80.5"], ["A", "S-1", 100])
    found = changes(desk.report(run))
    assert [(place, what) for place, what, _columns in found] == [
        ("Sheet1!2", "G-1 · آموزش کارکنان · اداره الف"),
        ("Sheet1!3", "S-1 · شاخص اختصاصی S-1 · اداره الف"),
    ]
    assert ("self-assessment: actual", "60", "80.5") in found[0][2]
    assert ("self-assessment: actual", "—", "100") in found[1][2]
    assert "before: 60" in desk.words(run)


def test_new_rows_and_references_are_called_by_name(desk):
    expert = Desk(desk.cast, "expert")
    run = expert.upload("agencies", sheet([*AGENCIES, "دستگاه متبوع"], ["C", "اداره ج", "وزارت الف"]))
    expert.confirm(run)
    (row,) = expert.report(run).context["changes"].object_list
    assert (row["made"], row["what"]) == (True, "اداره ج")
    assert [each[2] for each in row["columns"] if each[0] == "agency headquarters"] == ["وزارت الف"]
    assert "new row" in expert.words(run)


def test_long_receipts_have_pages(desk, django_assert_num_queries):
    expert = Desk(desk.cast, "expert")
    rows = [[f"C-{number}", f"اداره {number}"] for number in range(120)]
    run = expert.upload("agencies", sheet(AGENCIES, *rows))
    expert.confirm(run)
    assert [len(expert.report(run, page=number).context["changes"].object_list) for number in (1, 2, 3)] == [50, 50, 20]
    assert "Page 3 of 3" in text_of(expert.report(run, page=9))
    short = expert.upload("agencies", sheet(AGENCIES, ["D", "اداره د"]))
    expert.confirm(short)
    expert.report(run)
    with django_assert_num_queries(QUERIES_OF_A_RECEIPT):
        expert.report(run)
    with django_assert_num_queries(QUERIES_OF_A_RECEIPT):
        expert.report(short)


QUERIES_OF_A_RECEIPT = 14


# -- undoing --------------------------------------------------------------------------------------


def test_an_import_is_undone_as_a_unit(desk):
    written(desk, ["A", "G-1", 60])
    run = written(desk, ["A", "G-1", 80], ["A", "S-1", 100])
    question = text_of(desk.client.get(page("undo", run.pk)))
    assert "2 changed rows get their earlier values back." in question
    assert (actual("G-1"), ImportRun.objects.filter(undoes=run).exists()) == (80, False)

    undoing = desk.undo(run)
    assert (run.state, undoing.state, undoing.job) == ("undone", "written", "undo")
    assert (actual("G-1"), actual("S-1")) == (60, None)
    assert (undoing.changed, undoing.same, undoing.wrong) == (2, 0, 0)
    words = desk.words(run)
    assert f"Import number {run.pk} was written and later undone." in words
    assert "Reversed 2 rows" in words
    assert desk.report(run).context["undoing"] == undoing
    words = desk.words(undoing)
    assert f"Import number {run.pk} has been undone." in words
    assert f'href="{page("change", run.pk)}"' in desk.report(undoing).content.decode()
    assert f'href="{page("change", undoing.pk)}"' in desk.report(run).content.decode()
    assert Mark.objects.filter(source="undo").count() == 2


def test_a_self_assessment_that_the_import_began_stays_begun_and_the_receipt_says_so(desk):
    written(desk, ["A", "G-1", 60])
    undoing = desk.undo(written(desk, ["A", "G-31", 80], ["A", "S-1", 100]))
    specific = desk.cast.assessment(desk.cast.agency_a, "specific")
    sentence = (
        f"“{specific}” stays in the state “Being entered”, now without any figure; if nothing is entered, "
        "“did not take part” is recorded."
    )
    assert (specific.state, undoing.report) == ("drafting", {"remarks": [sentence]})
    assert sentence in desk.words(undoing)


def test_rows_edited_since_stay_and_are_listed(desk):
    run = written(desk, ["A", "G-1", 80], ["A", "S-1", 100])
    edited = Line.objects.get(indicator__code="G-1", assessment__participation__agency__code="A")
    line.record(edited, MarkLevel.SELF, line.Figures(actual=90), by=desk.cast.reporter_a)
    undoing = desk.undo(run)
    assert (actual("G-1"), actual("S-1")) == (90, None)
    groups = desk.report(undoing).context["outcomes"]
    assert [(each["outcome"], each["count"], [str(one) for one in each["places"]]) for each in groups] == [
        ("reversed", 1, ["Sheet1!3"]),
        ("kept", 1, ["Sheet1!2"]),
    ]
    assert "Not changed, because it was edited later 1 row" in desk.words(undoing)
    kept = changes(desk.report(run, outcome="kept"))
    assert [place for place, _what, _columns in kept] == ["Sheet1!2"]


def test_rows_that_others_refer_to_stay_with_the_reason(desk):
    expert = Desk(desk.cast, "expert")
    run = expert.upload("agencies", sheet(AGENCIES, ["C", "اداره ج"], ["D", "اداره د"]))
    expert.confirm(run)
    Agency.objects.get(code="C").identifiers.create(system=system(), value="1")
    undoing = expert.undo(run)
    assert sorted(Agency.objects.filter(code__in="CD").values_list("code", flat=True)) == ["C"]
    groups = expert.report(undoing).context["outcomes"]
    assert [(each["outcome"], each["count"], each["more"]) for each in groups] == [("reversed", 1, 0), ("failed", 1, 0)]
    assert groups[1]["reason"].startswith("It is now used elsewhere (")
    assert groups[1]["reason"] in expert.words(undoing)
    assert "It does not exist any more." in expert.words(run)


def system():
    return ExternalSystem.objects.create(code="sina", name="سینا", body="سازمان", mode="online")


def test_after_the_stage_has_moved_on_it_cannot_be_undone(desk):
    run = written(desk, ["A", "G-1", 80])
    desk.cast.work(Stage.SELF_ASSESSMENT)
    desk.cast.cycle = cycle.advance(desk.cast.cycle, by=desk.cast.manager)
    sentence = (
        "The cycle has moved on to “Headquarters' approval and transfer”, so this import can no longer be undone."
    )
    assert text_of(desk.client.get(page("undo", run.pk))).count(sentence.replace("'", "&#x27;")) == 1
    assert not desk.offers("undo", run)
    response = desk.step("undo", run)
    assert shown_messages(response, desk.client) == [sentence]
    assert (run.state, actual("G-1")) == ("written", 80)


def test_an_import_is_undone_once(desk):
    run = written(desk, ["A", "G-1", 80])
    desk.undo(run)
    response = desk.step("undo", run)
    assert shown_messages(response, desk.client) == [
        "This import has been undone already, or its undoing is under way."
    ]
    assert ImportRun.objects.filter(undoes=run).count() == 1


def test_an_undoing_that_stopped_is_started_again_on_its_own_page(desk):
    run = written(desk, ["A", "G-1", 80])
    desk.step("undo", run)
    undoing = ImportRun.objects.get(undoes=run)
    assert "It is being undone." in desk.words(run)
    desk.step("cancel", undoing)
    assert "you can start it again on its own page" in desk.words(run)
    assert actual("G-1") == 80
    desk.step("again", undoing)
    desk.here(undoing)
    run.refresh_from_db()
    assert (run.state, actual("G-1")) == ("undone", None)


def test_an_undoing_itself_cannot_be_undone(desk):
    undoing = desk.undo(written(desk, ["A", "G-1", 80]))
    assert not desk.offers("undo", undoing)
    assert shown_messages(desk.step("undo", undoing), desk.client) == ["Only an import that was written can be undone."]
    assert undoing.state == "written"
