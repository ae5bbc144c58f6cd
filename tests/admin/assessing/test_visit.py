"""The form of a visit with findings and files, the feedback sheet, and the pages of an interim cycle."""

import datetime
import hashlib
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evaluation.enums import Stage
from evaluation.models import Cycle, FeedbackSheet, Line, Visit
from evaluation.persian import format_jalali
from evaluation.process.assessing import assessment, line, visit
from evaluation.process.year import cycle, interim
from tests import factories as make
from tests.admin.english import page
from tests.admin.english import visit as browser


@pytest.fixture
def frozen(cast):
    return cast.until(Stage.SELF_ASSESSMENT)


def half(cycle):
    return cycle.period_start + datetime.timedelta(days=180)


def interim_of(cast):
    given = {"period_start": cast.cycle.period_start, "period_end": half(cast.cycle)}
    made = interim.make_interim(cast.cycle, title="شش‌ماهه", by=cast.manager, **given)
    return cycle.advance(made, by=cast.manager)


def formsets(findings=(), files=()):
    given = {}
    for prefix, rows in (("findings", findings), ("files", files)):
        given |= {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": 0}
        for number, row in enumerate(rows):
            given |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return given


def test_an_evaluator_records_a_visit_with_findings_and_files(frozen):
    seat = frozen.group_1.evaluators.get(user=frozen.evaluator)
    client = browser(frozen, "lead")
    given = {
        "participation": frozen.participation_a.pk,
        "date": "1404/05/12",
        "evaluators": [seat.pk],
        "place": "اداره",
    }
    answer = client.post(page("visit_add"), given | {"note": ""})
    assert answer.status_code == 302, answer.context["errors"]
    made = Visit.objects.get()
    assert answer.headers["Location"] == page("visit_change", made.pk)  # where findings are written
    assert (made.date, list(made.evaluators.all())) == (datetime.date(2025, 8, 3), [seat])
    answer = browser(frozen, "manager").get(page("visit_change", made.pk))
    choices = answer.context["inline_admin_formsets"][0].formset.empty_form.fields["line"].queryset
    assert {row.assessment.participation_id for row in choices} == {frozen.participation_a.pk}
    own = choices[0]
    rows = formsets(
        [{"line": own.pk, "kind": "strength", "text": "خوب"}], [{"title": "عکس", "file": make.upload("a.pdf", b"seen")}]
    )
    answer = browser(frozen, "manager").post(page("visit_change", made.pk), given | {"note": ""} | rows)
    assert answer.status_code == 302, answer.context["errors"]
    file = made.files.get()
    assert (file.sha256, file.uploaded_by) == (hashlib.sha256(make.PDF + b"seen").hexdigest(), frozen.manager)
    assert list(made.findings.values_list("line", "kind", "text")) == [(own.pk, "strength", "خوب")]


def test_a_visit_to_come_foreign_evaluators_and_unknown_files_are_refused(frozen):
    other = interim_of(frozen)
    stranger = other.evaluator_groups.first().evaluators.first()
    client = browser(frozen, "manager")
    given = {"participation": frozen.participation_a.pk, "date": "1499/01/01", "evaluators": [stranger.pk]}
    errors = client.post(page("visit_add"), given).context["adminform"].form.errors
    assert errors["date"] == ["A visit can be recorded on its day or later."]
    assert len(errors["evaluators"]) == 1
    made = Visit.objects.create(participation=frozen.participation_a, date=make.DAY)
    seat = frozen.group_1.evaluators.first()
    given |= {"date": "1404/05/12", "evaluators": [seat.pk]} | formsets(files=[{"file": make.upload("a.exe")}])
    answer = client.post(page("visit_change", made.pk), given)
    sentence = answer.context["inline_admin_formsets"][1].formset.errors[0]["file"][0]
    assert sentence.startswith("The file “a.exe” was not stored: files of the kind “exe” are not accepted.")
    assert made.files.count() == 0


def test_the_sheet_goes_from_the_visit_to_the_agency_and_back(frozen):
    made = Visit.objects.create(participation=frozen.participation_a, date=make.DAY)
    first = frozen.lines(frozen.assessment(frozen.agency_a), indicator__code="G-1")[0]
    made.findings.create(line=first, kind="strength", text="Courses")
    staff, agency = browser(frozen, "expert"), browser(frozen, "reporter_a")
    answer = staff.post(page("visit_do", made.pk, "prepare_feedback"))
    sheet = FeedbackSheet.objects.get()
    assert answer.headers["Location"] == page("feedbacksheet_change", sheet.pk)
    assert agency.get(page("feedbacksheet_sheet", sheet.pk)).status_code == 404
    given = {"text": "Well done", "strengths": sheet.strengths, "weaknesses": "None"}
    assert staff.post(page("feedbacksheet_change", sheet.pk), given).status_code == 302
    staff.post(page("feedbacksheet_do", sheet.pk, "issue"))
    text = agency.get(page("feedbacksheet_sheet", sheet.pk)).content.decode()
    assert text.count(page("feedbacksheet_do", sheet.pk, "acknowledge")) == 2  # href and hx-get of the button
    assert [text.count(words) for words in ("Well done", "آموزش کارکنان: Courses", "Not seen")] == [1, 1, 0]
    waits = [row["title"] for row in agency.get("/admin/").context["todo"]]
    assert waits.count("Feedback sheets to acknowledge") == 1
    assert staff.post(page("feedbacksheet_change", sheet.pk), given).status_code == 403
    assert staff.post(page("visit_change", made.pk), given).status_code == 403
    agency.post(page("feedbacksheet_do", sheet.pk, "acknowledge"), {"comment": "Read"})
    sheet.refresh_from_db()
    assert (sheet.text, sheet.acknowledged_by, sheet.comment) == ("Well done", frozen.reporter_a, "Read")


def test_an_interim_evaluation_is_made_in_one_action(frozen):
    client = browser(frozen, "manager")
    address = page("cycle_do", frozen.cycle.pk, "make_interim")
    shown = client.get(address).context["form"].initial
    assert shown["title"] == "Interim evaluation of ارزیابی ۱۴۰۴"
    assert [format_jalali(shown[name]) for name in ("period_start", "period_end")] == ["1404/01/01", "1404/06/31"]
    given = {"title": "میان‌دوره", "period_start": shown["period_start"], "period_end": shown["period_end"]}
    answer = client.post(address, given)
    made = Cycle.objects.get(main_cycle=frozen.cycle)
    assert answer.headers["Location"] == page("cycle_change", made.pk)
    assert (made.title, made.assessments().filter(state="received").count()) == ("میان‌دوره", 2)
    assert client.get(page("cycle_axes", made.pk)).status_code == 200
    assert client.get(page("cycle_axes", frozen.cycle.pk)).status_code == 404
    assert browser(frozen, "reporter_a").get(page("cycle_axes", made.pk)).status_code == 403


def test_interim_figures_stand_on_the_page_of_lines_of_the_main_cycle(frozen):
    made = interim_of(frozen)
    own = made.assessments().get(participation__agency=frozen.agency_a)
    for each in Line.objects.filter(assessment=own).select_related("indicator"):
        line.record(each, "initial", line.Figures(actual=Decimal(50)), by=frozen.manager)
    main = page("assessment_lines", frozen.assessment(frozen.agency_a).pk)

    def shown(person):
        return browser(frozen, person).get(main).content.decode().count("ev-interim")

    assert (shown("expert"), shown("reporter_a")) == (4, 0)
    assessment.disclose(assessment.finish_scoring(own, by=frozen.manager), by=frozen.expert)
    assert shown("reporter_a") == 4


def test_a_feedback_sheet_leads_to_the_report_card_once_there_is_one(cast):
    cast.until(Stage.RANKING)
    made = Visit.objects.create(participation=cast.participation_a, date=timezone.localdate())
    sheet = visit.prepare_feedback_sheet(made, by=cast.expert)
    card = page("participation_card", cast.participation_a.pk)
    pages = page("feedbacksheet_sheet", sheet.pk), page("feedbacksheet_change", sheet.pk)

    def shown(who):
        return [card in browser(cast, who).get(address).content.decode() for address in pages]

    assert shown("expert") == [False, False]
    cast.work(Stage.RANKING)
    assert shown("expert") == [True, True]
    assert browser(cast, "expert").get(card, follow=True).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_lists_and_forms_take_the_same_queries_for_one_visit_and_three(frozen, count):
    first = frozen.lines(frozen.assessment(frozen.agency_a), indicator__code="G-1")[0]
    for _each in range(count):
        made = Visit.objects.create(participation=frozen.participation_a, date=timezone.localdate())
    for _each in range(count):
        made.findings.create(line=first, kind="strength", text="خوب")
    sheet = visit.prepare_feedback_sheet(made, by=frozen.expert)
    client = browser(frozen, "manager")
    pages = (
        page("visit_changelist"),
        page("visit_change", made.pk),
        page("feedbacksheet_changelist"),
        page("feedbacksheet_sheet", sheet.pk),
    )
    taken = []
    for address in pages:
        with CaptureQueriesContext(connection) as seen:
            client.get(address)
        taken.append(len(seen))
    assert taken == [10, 15, 8, 14]  # one of the last asks for the agency's report card
