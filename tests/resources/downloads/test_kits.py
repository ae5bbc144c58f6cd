"""Offline kits: what an agency and an evaluator take home, what is open in it, and how it comes back."""

import re
from datetime import datetime, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from openpyxl import load_workbook
from time_machine import travel

from evaluation.enums import MarkLevel, Nature, Stage
from evaluation.models import Evidence, Indicator, Line
from evaluation.process.assessing import assessment
from evaluation.process.assessing.line import Figures, record
from evaluation.process.door import Forbidden, Refusal
from evaluation.resources.downloads import kits
from evaluation.rules.open_fields import readable_levels
from evaluation.workbook import properties_of
from tests import factories as make
from tests.resources.sheets import counts, imported, line_of, tried

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]  # formats of files


def own(cast, by="reporter_a"):
    """The kit of agency A, as bytes."""
    return kits.agency_kit(cast.cycle.participations.get(agency=cast.agency_a), by=getattr(cast, by))


def assigned(cast, by):
    return kits.evaluator_kit(cast.cycle, by=getattr(cast, by))


def sheets(data):
    """{title: {code of the line, or (agency, code) where there are more: {column: cell}}} of a kit's tables."""
    found = {}
    for page in load_workbook(BytesIO(data)).worksheets[1:]:
        if page.sheet_state == "visible":
            codes = [cell.value for cell in page[2]]
            found[page.title] = [dict(zip(codes, row, strict=True)) for row in page.iter_rows(min_row=3)]
    return found


def rows(data):
    """{(agency, code of the line): {column: cell}} over all sheets."""
    return {(row["agency"].value, row["code"].value): row for members in sheets(data).values() for row in members}


def values(row, *codes):
    return [row[code].value for code in codes]


def is_open(row):
    return {code for code, cell in row.items() if not cell.protection.locked}


def filled(data, agency="A", **figures):
    """The kit with figures typed into the row of a line: {code: {column: value}}."""
    book = load_workbook(BytesIO(data))
    for page in book.worksheets[1:]:
        codes = [cell.value for cell in page[2]]
        for row in page.iter_rows(min_row=3) if page.sheet_state == "visible" else ():
            if row[0].value == agency:
                for column, value in figures.get(row[codes.index("code")].value.replace("-", "_"), {}).items():
                    row[codes.index(column)].value = value
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def facts_of(data):
    """{label: text} of the guide."""
    return {row[0].value: row[1].value for row in load_workbook(BytesIO(data)).worksheets[0].iter_rows()}


def days_of(text):
    """The Jalali day in a sentence, or an empty text."""
    found = re.search("[۰-۹]{1,2} [^ ]+ ۱۴۰۵$", text or "")
    return found[0] if found else ""


def nature_of(cast, code, nature, **more):
    Indicator.objects.filter(cycle=cast.cycle, code=code).update(nature=nature, **more)


# -- the agency's kit -----------------------------------------------------------------------------


def test_a_sheet_for_each_dimension_with_the_lines_that_the_agency_fills(entry):
    book = load_workbook(BytesIO(own(entry)))
    with translation.override("fa"):
        assert [page.title for page in book.worksheets if page.sheet_state == "visible"][1:] == [
            "شاخص‌های عمومی",
            "شاخص‌های اختصاصی",
        ]
    lines = {title: [row["code"].value for row in members] for title, members in sheets(own(entry)).items()}
    assert lines == {"شاخص‌های عمومی": ["G-1", "G-31", "G-32"], "شاخص‌های اختصاصی": ["S-1", "S-2"]}
    assert {page.sheet_view.rightToLeft for page in book.worksheets} == {True}
    assert book.worksheets[1].freeze_panes == "D3"


def test_an_untouched_kit_changes_nothing(entry):
    entry.fill(entry.assessment(entry.agency_a))
    run = tried("self", own(entry), by=entry.reporter_a, cycle=entry.cycle)
    assert counts(run) == {"new": 0, "changed": 0, "same": 5, "wrong": 0}
    assert (run.report["faults"], run.report["remarks"]) == ([], [])


def test_a_filled_kit_is_uploaded_as_the_self_assessment(entry):
    nature_of(entry, "G-31", Nature.RATIO)
    data = filled(own(entry), G_1={"actual": "۸۰٫۵", "note": "گزارش"}, G_31={"numerator": 41, "denominator": 252})
    run = imported("self", data, by=entry.reporter_a, cycle=entry.cycle)
    assert counts(run) == {"new": 2, "changed": 0, "same": 3, "wrong": 0}
    figures = Line.objects.exclude(self_actual=None).order_by("indicator__code")
    assert list(figures.values_list("indicator__code", "self_actual", "self_note")) == [
        ("G-1", Decimal("80.5"), "گزارش"),
        ("G-31", Decimal("16.269841"), ""),
    ]
    again = own(entry)
    assert values(rows(again)["A", "G-31"], "actual", "numerator", "denominator") == [16.269841, 41, 252]
    assert tried("self", again, by=entry.reporter_a, cycle=entry.cycle).same == 5


def test_a_line_edited_meanwhile_is_not_overwritten(entry):
    taken = own(entry)
    record(line_of("G-1"), MarkLevel.SELF, Figures(actual=Decimal(60)), by=entry.reporter_a)
    assert tried("self", taken, by=entry.reporter_a, cycle=entry.cycle).report["faults"] == []
    run = tried("self", filled(taken, G_1={"actual": 80}), by=entry.reporter_a, cycle=entry.cycle)
    assert [(each["cause"], each["heading"], each["value"]) for each in run.report["faults"]] == [
        ("stale", "عملکرد واقعی", "80"),
    ]


def test_only_the_cells_that_a_nature_asks_for_are_open(entry):
    nature_of(entry, "G-31", Nature.RATIO)
    nature_of(entry, "G-32", Nature.QUALITATIVE, scale=[{"title": "عالی", "fraction": "1"}])
    nature_of(entry, "S-1", Nature.QUALITATIVE)
    Line.objects.filter(indicator__code="S-2").update(target=None)
    found = rows(own(entry))
    assert {code: is_open(row) for (_agency, code), row in found.items()} == {
        "G-1": {"actual", "note"},
        "G-31": {"actual", "numerator", "denominator", "note"},
        "G-32": {"actual", "score", "note"},
        "S-1": {"score", "note"},
        "S-2": {"actual", "score", "note"},
    }
    assert values(found["A", "G-32"], "scale", "nature") == ["عالی:1", "کیفی"]
    record(
        line_of("G-31"),
        MarkLevel.SELF,
        Figures(numerator=Decimal(1), denominator=Decimal(2)),
        by=entry.reporter_a,
    )
    assert is_open(rows(own(entry))["A", "G-31"]) == {"numerator", "denominator", "note"}


def test_what_stands_beside_the_open_cells(entry):
    Indicator.objects.filter(pk=entry.g1.pk).update(guide="راهنما", legal_basis="=ماده ۸۱", unit="درصد")
    Evidence.objects.create(
        line=line_of("G-1"), title="گزارش", file=make.upload(), size=1, sha256="0" * 64, uploaded_by=entry.reporter_a
    )
    row = rows(own(entry))["A", "G-1"]
    names = "axis title guide legal_basis rule unit maximum target files".split()
    assert values(row, *names) == [
        "محور یک",
        "آموزش کارکنان",
        "راهنما",
        "=ماده ۸۱",
        "اختیاری",
        "درصد",
        300,
        100,
        1,
    ]
    assert row["legal_basis"].data_type == "s"
    assert values(rows(own(entry))["A", "S-1"], "axis", "files") == [None, 0]


def test_last_years_figures_once_they_are_announced(entry):
    earlier = make.CycleFactory(province=entry.province, performance_year=entry.cycle.performance_year - 1)
    dimension = make.DimensionFactory(cycle=earlier, code="general")
    old = make.IndicatorFactory(dimension=dimension, code="X-9")
    part = earlier.participations.create(agency=entry.agency_a)
    Line.objects.create(
        assessment=part.assessments.create(dimension=dimension),
        indicator=old,
        maximum=100,
        final_actual=Decimal("73"),
        final_score=Decimal("73.5"),
    )
    Indicator.objects.filter(pk=entry.g1.pk).update(origin=old)
    assert values(rows(own(entry))["A", "G-1"], "last_actual", "last_score") == [None, None]
    now = {f"{name}_at": timezone.now() for name in ("computed", "council", "announced")}
    earlier.result_sets.create(state="announced", computed_by=entry.expert, announced_by=entry.manager, **now)
    assert values(rows(own(entry))["A", "G-1"], "last_actual", "last_score") == [73, 73.5]


def test_the_guide_says_whose_and_until_when(entry):
    midnight = datetime(2026, 8, 4, tzinfo=timezone.get_current_timezone())
    windows = entry.cycle.windows.filter(stage=Stage.SELF_ASSESSMENT)
    windows.update(opens_at=midnight - timedelta(days=30), closes_at=midnight)
    with travel(midnight - timedelta(days=3)):
        facts = facts_of(own(entry))
        assert facts["دستگاه اجرایی"] == "اداره الف (A)"
        assert facts["دوره"] == "ارزیابی ۱۴۰۴"
        assert [days_of(text) for text in facts.values() if days_of(text)] == ["۱۲ مرداد ۱۴۰۵"] * 2
    entry.assessment(entry.agency_a).participation.cycle.extensions.create(
        agency=entry.agency_a,
        stage=Stage.SELF_ASSESSMENT,
        dimension=entry.specific,
        reason="سیل",
        granted_at=midnight,
        ends_at=midnight + timedelta(days=5),
    )
    with travel(midnight + timedelta(hours=1)):
        assert [days_of(text) for text in facts_of(own(entry)).values() if days_of(text)] == ["۱۷ مرداد ۱۴۰۵"]


def test_after_the_submission_everything_is_shut_and_the_guide_says_why(entry):
    entry.work(Stage.SELF_ASSESSMENT)
    data = own(entry)
    assert {code for row in rows(data).values() for code in is_open(row)} == set()
    assert tried("self", data, by=entry.reporter_a, cycle=entry.cycle).same == 5


def test_nothing_of_the_evaluation_is_in_it(scoring):
    scoring.work(Stage.EVALUATION)
    codes = set(rows(own(scoring))["A", "G-1"])
    assert codes == set(kits.AgencyKit.order) | {"stamp"}
    assert not {code for code in codes if code.startswith(("hq_", "initial_", "revised_", "final_"))}


def test_the_properties_name_the_workbook(entry):
    found = properties_of(own(entry))
    assert (found["workbook"], found["cycle"]) == ("self", str(entry.cycle.pk))


@pytest.mark.parametrize(
    "name", ["reporter_b", "headquarters_a", "evaluator", "lead", "steward", "national", "observer"]
)
def test_others_may_not_take_an_agencys_kit(entry, name):
    with pytest.raises(Forbidden):
        own(entry, by=name)


def test_staff_who_act_on_behalf_may(entry):
    assert rows(own(entry, by="expert")).keys() == rows(own(entry)).keys()
    allowed = [
        name
        for name in ("reporter_a", "expert", "manager", "headquarters_a", "evaluator", "steward", "observer")
        if kits.may_take_agency_kit(getattr(entry, name), entry.cycle)
    ]
    assert allowed == ["reporter_a", "expert", "manager"]
    assert kits.may_take_agency_kit(entry.expert, None) is False


def test_without_lines_there_is_no_kit(cast):
    cast.until(Stage.BRIEFING)
    with pytest.raises(Refusal) as caught:
        own(cast)
    sentence = "There are no lines for this workbook yet: they are made when the indicators are frozen."
    assert [str(each) for each in caught.value.sentences] == [sentence]


def test_the_names_of_the_files(entry):
    participation = entry.cycle.participations.get(agency=entry.agency_a)
    year = entry.cycle.performance_year
    assert kits.agency_kit_name(participation) == f"kit-A-{year}.xlsx"
    participation.agency.code = "ق-12/3"
    assert kits.agency_kit_name(participation) == f"kit-12-3-{year}.xlsx"
    assert kits.evaluator_kit_name(entry.cycle) == f"kit-evaluator-{year}.xlsx"


def test_a_kit_asks_the_same_number_of_questions_for_one_line_and_for_five(entry):
    def queries():
        with CaptureQueriesContext(connection) as found:
            own(entry)
        return len(found)

    five = queries()
    Line.objects.exclude(indicator__code__in=["G-1", "S-1"]).delete()
    assert queries() == five


# -- the evaluator's kit --------------------------------------------------------------------------


def test_an_evaluator_takes_the_assigned_lines(scoring):
    assert list(rows(assigned(scoring, "evaluator"))) == [("A", "G-1"), ("B", "G-1")]
    assert list(rows(assigned(scoring, "steward"))) == [("A", "G-2"), ("B", "G-2")]
    assert len(rows(assigned(scoring, "expert"))) == 12


def test_self_and_headquarters_figures_stand_beside_the_open_cells(scoring):
    row = rows(assigned(scoring, "evaluator"))["A", "G-1"]
    names = "agency_name title maximum target self_actual self_score hq_actual hq_score actual score note".split()
    assert values(row, *names) == ["اداره الف", "آموزش کارکنان", 300, 100, 80, 240, 80, 240, None, None, None]
    assert is_open(row) == {"actual", "score", "note"}
    for line in Line.objects.filter(indicator__code="G-1"):
        assert {MarkLevel.SELF, MarkLevel.HQ} <= set(readable_levels(scoring.evaluator, line.assessment))


def test_a_filled_kit_is_uploaded_as_scores(scoring):
    untouched = tried("scores", assigned(scoring, "evaluator"), by=scoring.evaluator, cycle=scoring.cycle)
    assert (untouched.same, untouched.report["faults"], untouched.report["remarks"]) == (2, [], [])
    data = filled(assigned(scoring, "evaluator"), G_1={"actual": 70, "score": 200, "note": "کاستی"})
    run = imported("scores", data, by=scoring.evaluator, cycle=scoring.cycle)
    assert counts(run) == {"new": 1, "changed": 0, "same": 1, "wrong": 0}
    assert (line_of("G-1").initial_actual, line_of("G-1").initial_score) == (70, 200)
    assert values(rows(assigned(scoring, "evaluator"))["A", "G-1"], "actual", "score", "note") == [70, 200, "کاستی"]


def test_lines_of_a_finished_scoring_are_shut(scoring):
    done = scoring.assessment(scoring.agency_a)
    scoring.score(done)
    assessment.finish_scoring(done, by=scoring.lead)
    found = rows(assigned(scoring, "evaluator"))
    assert [is_open(found[key]) for key in (("A", "G-1"), ("B", "G-1"))] == [set(), {"actual", "score", "note"}]


@pytest.mark.parametrize("name", ["reporter_a", "headquarters_a", "national", "observer", "secretary"])
def test_people_who_score_nothing_have_no_kit(scoring, name):
    assert kits.may_take_evaluator_kit(getattr(scoring, name), scoring.cycle) is False
    with pytest.raises(Forbidden):
        assigned(scoring, name)
