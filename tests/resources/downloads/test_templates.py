"""Templates and exports: what is locked, checked and hidden, and that every export comes back in unchanged."""

from decimal import Decimal
from io import BytesIO

import pytest
from django.utils import translation
from openpyxl import load_workbook

from evaluation.enums import Scorer, Stage, Workbook
from evaluation.models import (
    CommitteeMember,
    DayOff,
    EarlierTotal,
    Faq,
    FeedValue,
    Indicator,
    LegalReference,
    Line,
    Target,
)
from evaluation.process.improvement import plan
from evaluation.process.year import workshop
from evaluation.resources.tables.columns import Number
from evaluation.resources.tables.stamps import of_row
from evaluation.resources.workbooks.registry import RESOURCES, resource_of
from evaluation.workbook import OPEN, SHUT, Column, Sheet, build, properties_of
from tests import factories as make
from tests.resources.sheets import counts, export, imported, sheet, table, template, tried
from tests.resources.uploads import saved

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]  # formats of files


@pytest.fixture
def scored(cast):
    return cast.until(Stage.EVALUATION).once(score)


def score(cast):
    cast.work(Stage.EVALUATION)


@pytest.fixture
def announced(cast):
    return cast.until(Stage.FESTIVAL)


def page_of(data):
    return load_workbook(BytesIO(data)).worksheets[0]


def columns(page):
    """{code: letter} from the hidden row of codes."""
    return {cell.value: cell.column_letter for cell in page[2]}


def rules(page):
    return {str(rule.sqref): rule for rule in page.data_validations.dataValidation}


def person(cast, name):
    """Somebody who may take this workbook out and bring it in."""
    resource = resource_of(name)
    for user in (cast.expert, cast.manager, cast.national, cast.lead, cast.reporter_a):
        if resource.may_export(user, cast.cycle) and resource.may_import(user, cast.cycle):
            return user
    raise AssertionError(f"nobody may take {name}")


def fill(cast):
    """Rows for the workbooks that the year of the cast leaves empty."""
    cast.g31.scale = [{"title": "عالی", "fraction": "1"}, {"title": "خوب", "fraction": "0.7"}]
    cast.g31.legal_basis, cast.g31.guide = "=ماده ۸۱", "یک\nدو _x0041_ <b>"
    cast.g31.save()
    Target.objects.create(indicator=cast.g1, agency=cast.agency_a, target=Decimal("1234567890123456.5"))
    Indicator.objects.filter(pk=cast.g32.pk).update(scorer=Scorer.FEED)
    FeedValue.objects.create(indicator=cast.g32, agency=cast.agency_a, value=Decimal("0.1"), observed_at=make.DAY)
    fill_tables(cast)
    if cast.cycle.stage == Stage.FESTIVAL:
        fill_plan(cast)


def fill_plan(cast):
    """The draft of an agency's plan, from a line that lost points."""
    mine = cast.cycle.participations.get(agency=cast.agency_a)
    Line.objects.filter(assessment__participation=mine, indicator=cast.g1).update(final_score=250)
    plan.draft(mine, by=cast.expert)


def fill_tables(cast):
    """A row with every column, and one with as few as may be, in each of the small tables."""
    here = {"province": cast.province}
    figures = {"total": Decimal("1499.125"), "maximum": 2000}
    EarlierTotal.objects.create(agency=cast.agency_a, year=1399, source="=نامه", **figures)
    EarlierTotal.objects.create(agency=cast.agency_b, year=1399, dimension="عمومی", total=0)
    workshop.enlist(cast.workshop, by=cast.expert)
    workshop.note_attendance(cast.workshop, by=cast.expert, came=cast.workshop.attendances.all()[:1])
    committee = make.CommitteeFactory(title="کمیتهٔ نو", **here)
    seat = {"office": "استانداری", "post": "chair", "decree": "۱۲/۳", "user": cast.expert}
    CommitteeMember.objects.create(committee=committee, name="آقای یک", since=make.DAY, until=make.DAY, **seat)
    CommitteeMember.objects.create(committee=committee, name="آقای یک")
    LegalReference.objects.create(title="مصوبه", number="۰۱۲", date=make.DAY, source="روزنامه رسمی", **here)
    LegalReference.objects.create(title="قانون", number="۵")
    Faq.objects.create(question="چه؟", answer="یک\nدو", role="agency", order=3, **here)
    Faq.objects.create(question="چه؟", answer="سه", **here)
    DayOff.objects.create(date=make.DAY, title="برف", working=True, **here)
    held = make.festival(cast.cycle, kinds=[make.AwardKindFactory(), make.AwardKindFactory(recipient="expert")])
    make.nominee(held, agency=cast.agency_a, figure=Decimal("-3.25"), entered_by=cast.reporter_a)
    expert = {"kind": held.kinds.get(recipient="expert"), "members": "", "reason": "=دلیل\nدوم"}
    make.nominee(held, agency=cast.agency_b, entered_by=cast.reporter_b, **expert)


BEFORE_RESULTS = [each.value for each in RESOURCES if each not in (Workbook.LEVELS, Workbook.PLANS)]


@pytest.mark.parametrize(
    ("stage", "name"),
    [*(("scored", name) for name in BEFORE_RESULTS), *(("announced", each.value) for each in RESOURCES)],
)
def test_an_export_comes_back_in_unchanged(stage, name, request):
    cast = request.getfixturevalue(stage)
    fill(cast)
    by = person(cast, name)
    data = export(name, by=by, cycle=cast.cycle)
    rows = len(table(data)) - 1
    run = tried(name, data, by=by, cycle=cast.cycle)
    assert (counts(run), run.report["faults"], run.report["remarks"]) == (
        {"new": 0, "changed": 0, "same": rows, "wrong": 0},
        [],
        [],
    )
    assert rows > 0


@pytest.mark.parametrize("name", ["self", "scores", "received"])
def test_an_untouched_template_changes_nothing(scored, name):
    by = person(scored, name)
    run = tried(name, template(name, by=by, cycle=scored.cycle), by=by, cycle=scored.cycle)
    assert (run.new, run.changed, run.wrong, run.report["faults"]) == (0, 0, 0, [])


def test_the_row_of_codes_may_be_sorted_away(scored):
    book = load_workbook(BytesIO(export("agencies", by=scored.expert, cycle=scored.cycle)))
    page = book.worksheets[0]
    page.append([cell.value for cell in page[2]])
    page.delete_rows(2)
    run = tried("agencies", saved(book), by=scored.expert, cycle=scored.cycle)
    assert (counts(run), run.report["remarks"]) == ({"new": 0, "changed": 0, "same": 2, "wrong": 0}, [])


def test_scores_of_another_system_come_back_in_unchanged(entry):
    headings = ["agency", "dimension", "code", "self_actual", "self_score", "hq_actual", "hq_score", "note"]
    received = sheet(headings, ["A", "general", "G-1", 80, 230, 78, 231, "اصلاح"])
    imported("received", received, by=entry.expert, cycle=entry.cycle)
    for name in ("self", "received"):
        by = person(entry, name)
        run = tried(name, export(name, by=by, cycle=entry.cycle), by=by, cycle=entry.cycle)
        assert (run.new, run.changed, run.wrong, run.report["faults"]) == (0, 0, 0, [])


@pytest.mark.parametrize("figure", ["123456789012345678.123456", "-999999999999999000.999999", "0.000001"])
def test_the_longest_figures_come_back_in_unchanged(entry, figure):
    number, column = Decimal(figure), Column(code="a", heading="a", kind="number")
    page = page_of(build([Sheet(title="s", columns=[column], rows=[[number]])]))
    assert Number(negative=True).clean(page["A2"].value) == number
    Line.objects.filter(indicator__code="S-1").update(self_actual=number)
    run = tried(
        "self",
        export("self", by=entry.reporter_a, cycle=entry.cycle),
        by=entry.reporter_a,
        cycle=entry.cycle,
    )
    assert counts(run) == {"new": 0, "changed": 0, "same": 5, "wrong": 0}


def test_what_names_a_row_is_locked_and_figures_are_open(entry):
    page = page_of(template("self", by=entry.reporter_a, cycle=entry.cycle))
    letters = columns(page)
    assert list(letters) == (
        "agency code agency_name title unit target maximum actual numerator denominator score note stamp".split()
    )
    assert (page.freeze_panes, page.row_dimensions[2].hidden, page.auto_filter.ref) == ("A3", True, "A1:M7")
    shut = {code for code, letter in letters.items() if page[f"{letter}3"].protection.locked}
    assert shut == set("agency code agency_name title unit target maximum stamp".split())
    assert {page[f"{letters[code]}3"].fill.start_color.rgb[2:] for code in shut - {"stamp"}} == {SHUT}
    assert page[f"{letters['actual']}3"].fill.start_color.rgb[2:] == OPEN
    assert page.column_dimensions[letters["stamp"]].hidden is True
    assert page.protection.sheet is True


def test_a_score_ends_at_the_maximum_of_its_row(entry):
    found = rules(page_of(template("self", by=entry.reporter_a, cycle=entry.cycle)))
    assert {place: (rule.type, rule.formula1, rule.formula2) for place, rule in found.items()} == {
        "H3:H7": ("decimal", str(-(10**18)), str(10**18)),
        "I3:I7": ("decimal", str(-(10**18)), str(10**18)),
        "J3:J7": ("decimal", str(-(10**18)), str(10**18)),
        "K3:K7": ("decimal", "0", "G3"),
    }


def test_enums_are_strict_lists(cast):
    book = load_workbook(BytesIO(template("indicators", by=cast.expert, cycle=cast.cycle)))
    page, lists = book.worksheets[0], book["_lists"]
    letters = columns(page)
    nature = rules(page)[f"{letters['nature']}3:{letters['nature']}1003"]
    assert (nature.type, nature.errorStyle, nature.formula1) == ("list", "stop", "'_lists'!$B$1:$B$5")
    assert [cell.value for cell in lists["A"] if cell.value] == ["شاخص‌های عمومی"]
    assert [cell.value for cell in lists["B"]] == ["تک‌مقدار", "نسبت", "رشد", "کاهش", "کیفی"]
    assert page.protection.sheet is False


def test_below_an_export_of_the_catalogue_new_rows_are_open(scored):
    page = page_of(export("indicators", by=scored.expert, cycle=scored.cycle))
    code = columns(page)["code"]
    assert page[f"{code}3"].protection.locked is True
    assert page.column_dimensions[code].protection.locked is False


def test_the_origin_stands_in_the_properties(entry):
    data = export("self", by=entry.reporter_a, cycle=entry.cycle)
    found = properties_of(data)
    assert list(found) == ["workbook", "cycle", "exported_at", "exported_by", "schema"]
    assert (found["workbook"], found["cycle"], found["exported_by"], found["schema"]) == (
        "self",
        str(entry.cycle.pk),
        "reporter_a",
        "1",
    )
    assert properties_of(template("agencies", by=entry.expert, cycle=None, province=entry.province))["cycle"] == ""


def test_a_template_carries_the_stamps_of_what_stands(scored):
    made = [build("scores", by=scored.lead, cycle=scored.cycle) for build in (template, export)]
    stamps = [[row[-1] for row in table(data)[1:]] for data in made]
    assert stamps[0] == stamps[1]
    values = {"actual": Decimal(70), "score": Decimal(210), "note": ""}
    assert stamps[0][0] == of_row(values, {"agency": "A", "code": "G-1"})


def test_every_template_has_a_guide_and_reads_right_to_left(announced):
    for name in RESOURCES:
        book = load_workbook(BytesIO(template(name, by=person(announced, name), cycle=announced.cycle)))
        with translation.override("fa"):
            assert book.sheetnames[:2] == [str(Workbook(name).label)[:31], "راهنما"]
        assert {page.sheet_view.rightToLeft for page in book.worksheets[:2]} == {True}
        assert {page.sheet_state for page in book.worksheets[2:]} <= {"hidden"}
