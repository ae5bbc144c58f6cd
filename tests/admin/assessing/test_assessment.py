"""The list of assessments, the steps of one, batches, exemptions."""

import re

import pytest
from django.contrib import admin
from django.contrib.messages import get_messages

from evaluation.enums import Stage
from evaluation.models import Assessment, Exemption, Line, TransitionLog
from evaluation.templatetags.look import progress
from tests import factories as make
from tests.admin.assessing.lines_page import Page

pytestmark = pytest.mark.django_db
LIST = "/admin/evaluation/assessment/"


def english(cast, who):
    client = cast.client(who)
    client.cookies["django_language"] = "en"
    return client


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def do(cast, who, assessment, verb, **posted):
    return english(cast, who).post(f"{LIST}{assessment.pk}/do/{verb}/", posted)


def state(assessment):
    return Assessment.objects.get(pk=assessment.pk).state


@pytest.mark.parametrize(
    ("who", "agencies"),
    [
        ("manager", {"اداره الف", "اداره ب"}),
        ("reporter_a", {"اداره الف"}),
        ("headquarters_b", {"اداره ب"}),
        ("lead", set()),
    ],
)
def test_each_sees_the_own_assessments_and_the_way_to_their_lines(cast, who, agencies):
    cast.until(Stage.SELF_ASSESSMENT)
    html = english(cast, who).get(LIST).content.decode()
    assert set(re.findall(r'href="/admin/evaluation/assessment/\d+/lines/">([^<]+)</a>', html)) == agencies


def test_the_list_counts_lines_and_sums_scores(cast):
    cast.until(Stage.SELF_ASSESSMENT)
    cast.fill(cast.assessment(cast.agency_a))
    row = english(cast, "expert").get(LIST, {"q": "الف"}).content.decode()
    assert "3 of 3" in row  # the steward's line is not the agency's
    assert "640.00" in row  # 80 percent of 300 and 500


def test_the_list_asks_the_same_queries_for_every_row(cast, django_assert_num_queries):
    cast.until(Stage.SELF_ASSESSMENT)
    client = english(cast, "expert")
    client.get(LIST)
    with django_assert_num_queries(14):
        client.get(LIST, {"q": "الف"})
    with django_assert_num_queries(14):
        client.get(LIST, {"q": "اداره"})


def test_submitting_freezes_a_report_and_hands_over(cast):
    cast.until(Stage.SELF_ASSESSMENT)
    assessment = cast.assessment(cast.agency_a)
    refused = do(cast, "reporter_a", assessment, "submit")
    assert state(assessment) == "not_started"
    assert refused.status_code == 200
    cast.fill(assessment)
    response = do(cast, "reporter_a", assessment, "submit")
    assert (response.status_code, response["Location"]) == (302, f"{LIST}{assessment.pk}/lines/")
    assessment = Assessment.objects.get(pk=assessment.pk)
    assert (assessment.state, assessment.submitted_by) == ("submitted", cast.reporter_a)
    assert assessment.report_file.read(4) == b"%PDF"
    opened = english(cast, "headquarters_a").get(f"{LIST}{assessment.pk}/file/report_file/")
    assert opened["Content-Disposition"].split(";")[0] == "attachment"
    assert english(cast, "headquarters_b").get(f"{LIST}{assessment.pk}/file/report_file/").status_code == 404


@pytest.mark.parametrize(
    ("who", "verb"),
    [
        ("reporter_a", "approve"),
        ("reporter_a", "return_"),
        ("reporter_a", "mark_absent"),
        ("headquarters_a", "submit"),
        ("headquarters_a", "open_scoring"),
        ("headquarters_a", "confirm"),
        ("expert", "confirm"),
        ("expert", "reopen"),
        ("expert", "withdraw"),
        ("expert", "bring_back"),
    ],
)
def test_a_forged_step_is_forbidden_and_changes_nothing(cast, who, verb):
    cast.until(Stage.TRANSFER)
    assessment = cast.assessment(cast.agency_a)
    for method in ("get", "post"):
        response = getattr(english(cast, who), method)(f"{LIST}{assessment.pk}/do/{verb}/", {"reason": "x"})
        assert response.status_code == 403
    assert state(assessment) == "submitted"


@pytest.mark.parametrize("verb", ["approve", "return_", "submit"])
def test_a_foreign_assessment_has_no_steps(cast, verb):
    cast.until(Stage.TRANSFER)
    assessment = cast.assessment(cast.agency_a)
    assert do(cast, "headquarters_b", assessment, verb, reason="x").status_code == 404
    assert state(assessment) == "submitted"


def test_the_headquarters_returns_with_a_reason_and_deadline(cast):
    cast.until(Stage.TRANSFER)
    assessment = cast.assessment(cast.agency_a)
    assert "This field is required." in do(cast, "headquarters_a", assessment, "return_").content.decode()
    do(cast, "headquarters_a", assessment, "return_", reason="سطر یک", deadline="1420/01/01 10:00")
    assessment = Assessment.objects.get(pk=assessment.pk)
    assert (assessment.state, assessment.return_reason) == ("returned", "سطر یک")
    assert assessment.return_deadline.year == 2041


def test_staff_approve_on_behalf_with_a_letter(cast):
    cast.until(Stage.TRANSFER)
    assessment = cast.assessment(cast.agency_a)
    assert "This field is required." in do(cast, "expert", assessment, "approve").content.decode()
    letter = {"behalf_body": "وزارت الف", "behalf_letter_number": "7", "behalf_letter_date": "1404/05/12"}
    do(cast, "expert", assessment, "approve", behalf_file=make.upload(), **letter)
    assert state(assessment) == "approved"
    row = TransitionLog.objects.filter(name="approve").get()
    assert (row.by, row.on_behalf_of.body, row.on_behalf_of.letter_number) == (cast.expert, "وزارت الف", "7")


def test_a_batch_discloses_what_is_scored_and_says_what_it_left_out(cast):
    cast.until(Stage.EVALUATION)
    scored = cast.assessment(cast.agency_a)
    cast.score(scored)
    do(cast, "lead", scored, "finish_scoring")
    everything = [assessment.pk for assessment in cast.assessments()]
    posted = {"action": "do_disclose", "_selected_action": everything}
    client = english(cast, "expert")
    page = client.post(LIST, posted)
    assert page.status_code == 200
    assert state(scored) == "scored"
    response = client.post(LIST, posted | {"confirm": "1"})
    assert state(scored) == "disclosed"
    (message,) = said(response)
    assert message.startswith("1 done, 3 not done, because: “اداره الف · ")
    assert "do_confirm" not in english(cast, "evaluator").get(LIST).content.decode()


def test_a_batch_leaves_out_what_somebody_changed_since_it_was_chosen(cast):
    cast.until(Stage.EVALUATION)
    scored = cast.assessment(cast.agency_a)
    cast.score(scored)
    do(cast, "lead", scored, "finish_scoring")
    client = english(cast, "expert")
    page = client.post(LIST, {"action": "do_disclose", "_selected_action": [scored.pk]})
    shown = dict(page.context["hidden"])
    Assessment.objects.filter(pk=scored.pk).update(return_reason="بازبینی")
    response = client.post(LIST, shown | {"confirm": "1"})
    assert state(scored) == "scored"
    assert "It was changed by somebody else after you chose it." in said(response)[0]
    page = client.post(LIST, {"action": "do_disclose", "_selected_action": [scored.pk]})
    client.post(LIST, dict(page.context["hidden"]) | {"confirm": "1"})
    assert state(scored) == "disclosed"


def test_an_exemption_has_a_reason_and_can_be_lifted(cast):
    cast.until(Stage.SELF_ASSESSMENT)
    line = Line.objects.get(assessment=cast.assessment(cast.agency_a), indicator__code="G-1")
    url = f"/admin/evaluation/line/{line.pk}/do/"
    client = english(cast, "expert")
    assert "This field is required." in client.post(f"{url}exempt/").content.decode()
    client.post(f"{url}exempt/", {"reason": "موضوع ندارد", "document": "نامه ۱۲"})
    assert Exemption.objects.values_list("line", "reason", "document", "decided_by__username").get() == (
        line.pk, "موضوع ندارد", "نامه ۱۲", "expert",
    )  # fmt: skip
    found = Page(cast, "reporter_a", cast.assessment(cast.agency_a))
    assert "does not apply" in found.html()
    assert f'name="{line.pk}-actual"' not in found.html()
    client.post(f"{url}lift_exemption/", {"reason": "اشتباه بود"})
    assert not Exemption.objects.exists()
    assert not Line.objects.get(pk=line.pk).exempt
    for who in ("reporter_a", "headquarters_a"):
        assert english(cast, who).post(f"{url}exempt/", {"reason": "x"}).status_code == 403


def test_marking_absent_needs_a_reason(cast):
    cast.until(Stage.SELF_ASSESSMENT)
    assessment = cast.assessment(cast.agency_b)
    do(cast, "expert", assessment, "mark_absent", reason="شرکت نکرد")
    assert state(assessment) == "absent"
    assert TransitionLog.objects.get(name="mark_absent").note == "شرکت نکرد"


def test_an_assessment_is_read_never_typed(cast):
    cast.until(Stage.SELF_ASSESSMENT)
    assessment = cast.assessment(cast.agency_a)
    client = english(cast, "manager")
    html = client.get(f"{LIST}{assessment.pk}/change/").content.decode()
    assert 'name="_save"' not in html
    assert client.post(f"{LIST}{assessment.pk}/change/", {"state": "confirmed"}).status_code == 403
    assert client.get(f"{LIST}add/").status_code == 403
    assert client.post(f"{LIST}{assessment.pk}/delete/", {"post": "yes"}).status_code == 403
    assert state(assessment) == "not_started"


def test_the_link_to_facts_and_history_leads_to_them(cast):
    cast.until(Stage.SELF_ASSESSMENT)
    client = english(cast, "reporter_a")
    html = client.get(LIST).content.decode()
    links = re.findall(r'href="([^"]+)">Facts and history</a>', html)
    assert f"{LIST}{cast.assessment(cast.agency_a).pk}/change/" in links
    assert [client.get(url).status_code for url in links] == [200, 200]


@pytest.mark.parametrize("stage", [Stage.SELF_ASSESSMENT, Stage.EVALUATION, Stage.OBJECTION])
@pytest.mark.parametrize("who", ["reporter_a", "headquarters_a", "expert", "evaluator"])
def test_the_list_and_the_page_of_lines_count_the_same(cast, who, stage):
    cast.until(stage)
    page = Page(cast, who, cast.assessment(cast.agency_a))
    listed = page.client.get("/admin/evaluation/assessment/").context["cl"].result_list
    shown, counted = page.get(), [row for row in listed if row.pk == page.assessment.pk]
    assert bool(counted) == (shown.status_code == 200)
    for row in counted:
        assert admin.site._registry[Assessment].done(row) == progress(*shown.context["ready"])


def test_the_list_is_sorted_by_a_total(cast):
    cast.until(Stage.EVALUATION)
    manager = cast.client("manager")
    columns = [getattr(column, "__name__", column) for column in manager.get(LIST).context["cl"].list_display]

    def totals(order):
        rows = manager.get(LIST, {"o": f"{order}{columns.index('self_total_score')}"}).context["cl"].result_list
        return [row.self_total for row in rows]

    assert len(set(totals(""))) > 1
    assert totals("") == sorted(totals(""))
    assert totals("-") == sorted(totals(""), reverse=True)
