"""The half-time card of an agency: its axes beside the province, what is expected, and who reads it when."""

from decimal import Decimal

import pytest

from evaluation.enums import MarkLevel, Stage
from evaluation.models import CardReceipt, Notice, Participation
from evaluation.process.assessing import assessment, line
from tests import factories as make
from tests.admin.assessing.test_visit import interim_of
from tests.admin.english import page, visit
from tests.reports.pdf_text import chromium

pytestmark = pytest.mark.django_db


@pytest.fixture
def half(cast):
    """Agency A has 60 of 100 in every line of its interim evaluation, with a comment; agency B nothing."""
    made = interim_of(cast.until(Stage.SELF_ASSESSMENT))
    part = Participation.objects.get(cycle=made, agency=cast.agency_a)
    file = part.assessments.get()
    for row in file.lines.select_related("indicator"):
        figures = line.Figures(actual=Decimal(60), note="مستندات ناقص است.")
        line.record(row, MarkLevel.INITIAL, figures, by=cast.manager)
    cast.half, cast.half_file = part, file
    return cast


def card(half, who):
    response = visit(half, who).get(page("participation_card", half.half.pk))
    assert response.status_code == 200
    return response.context["card"], response.content.decode()


def test_staff_read_it_at_once_and_the_agency_after_the_disclosure(half):
    own, html = card(half, "expert")
    assert own.scored == half.half_file.lines.count()
    assert "مستندات ناقص است." in html
    before, html = card(half, "reporter_a")
    assert (before, "There is no card yet" in html) == (None, True)
    scored = assessment.finish_scoring(half.half_file, by=half.manager)
    assessment.disclose(scored, by=half.expert)
    after, html = card(half, "reporter_a")
    assert (after.scored, "مستندات ناقص است." in html) == (own.scored, True)
    assert visit(half, "reporter_b").get(page("participation_card", half.half.pk)).status_code == 404


def test_what_is_expected_follows_the_rule_of_the_page(half):
    own, _html = card(half, "expert")
    assert {axis.percent for axis in own.axes} == {60}
    points, maximum = own.expected
    assert (points, maximum) == (600, 1000)
    assert own.gains[0].lost == max(line.lost for line in own.gains)


def test_the_mean_of_the_province_is_read_by_the_agency_over_enough_agencies_alone(half):
    own, _html = card(half, "expert")
    assert {axis.province for axis in own.axes} == {60}
    assessment.disclose(assessment.finish_scoring(half.half_file, by=half.manager), by=half.expert)
    assert {axis.province for axis in card(half, "reporter_a")[0].axes} == {None}
    half.half.cycle.median_from = 3
    half.half.cycle.save(update_fields=["median_from"])
    assert {axis.province for axis in card(half, "reporter_a")[0].axes} == {None}


def disclosed(half):
    assessment.disclose(assessment.finish_scoring(half.half_file, by=half.manager), by=half.expert)
    return half


def steps(half, who):
    response = visit(half, who).get(page("participation_card", half.half.pk))
    return [step["label"] for step in response.context["card_verbs"]]


def take(half, who, step, **data):
    return visit(half, who).post(page("participation_do", half.half.pk, step), data)


def test_strengths_and_weaknesses_follow_the_limits_of_the_interim_cycle(half):
    own, _html = card(half, "expert")
    assert (own.strengths, own.weaknesses) == (([], []), ([], []))  # 60 percent of everything
    type(half.half.cycle).objects.filter(pk=half.half.cycle_id).update(weakness_below=61)
    own, html = card(half, "expert")
    assert (len(own.weaknesses[0]), len(own.weaknesses[1])) == (len(own.axes), own.scored)
    assert "a weakness below 61 percent" in " ".join(html.split())
    assert {line.code for _axis, lines in own.losses_by_axis for line in lines} == {line.code for line in own.lines}


def test_the_interim_cycle_takes_the_rules_of_its_main_cycle(cast):
    cast.until(Stage.SELF_ASSESSMENT)
    rules = {"strength_from": 90, "weakness_below": 40, "gains_named": 3, "median_from": 7}
    rules |= {"top_count": 2, "top_percent": Decimal(80), "weak_percent": Decimal(30)}
    type(cast.cycle).objects.filter(pk=cast.cycle.pk).update(**rules)
    cast.cycle.refresh_from_db()
    made = interim_of(cast)
    assert {name: getattr(made, name) for name in rules} == rules


def test_the_agency_is_told_and_acknowledges_the_figures_that_it_read(half):
    assert steps(half, "reporter_a") == []
    response = take(half, "reporter_a", "acknowledge_card")
    assert response.context["reasons"] == [
        "There is no card yet: it can be read when the interim scores of the agency are disclosed."
    ]
    disclosed(half)
    told = Notice.objects.filter(user=half.reporter_a, event__startswith="disclose:").get().text
    assert told == f"کارنامهٔ میان‌دورهٔ «{half.half_file}» آماده است؛ لطفاً آن را مطالعه و رؤیت آن را ثبت کنید."
    assert waiting(half) == ["Half-time cards to acknowledge"]
    assert steps(half, "reporter_a") == ["Acknowledge the report card", "Ask for a meeting"]
    answer = take(half, "reporter_a", "acknowledge_card", comment="دیدیم.")
    assert answer.headers["Location"] == page("participation_card", half.half.pk)
    receipt = CardReceipt.objects.get()
    assert (receipt.participation, receipt.sha256) == (half.half, card(half, "expert")[0].code)
    assert (waiting(half), steps(half, "reporter_a")) == ([], ["Ask for a meeting"])
    assert "دیدیم." in card(half, "headquarters_a")[1]
    take(half, "reporter_a", "acknowledge_card", comment="دوباره")
    assert CardReceipt.objects.get().comment == "دیدیم."

    half.half_file.lines.filter(indicator__code="G-1").update(revised_score=1)
    assert "has not acknowledged the new ones yet" in card(half, "reporter_a")[1]
    take(half, "reporter_a", "acknowledge_card", comment="اصلاح را دیدیم.")
    assert CardReceipt.objects.get().comment == "اصلاح را دیدیم."
    assert take(half, "reporter_b", "acknowledge_card").status_code == 404


def waiting(half):
    todo = visit(half, "reporter_a").get("/admin/").context["todo"]
    return [row["title"] for row in todo if "alf-time" in row["title"]]


def test_a_meeting_about_the_half_time_card_is_asked_for(half):
    disclosed(half)
    assert take(half, "reporter_a", "ask_for_meeting", note="دولت الکترونیک").status_code == 302
    told = Notice.objects.filter(event__startswith="meeting:").values_list("user__username", flat=True)
    assert set(told) == {"manager", "expert"}


def test_the_half_time_card_on_paper_says_the_same(half):
    url = page("participation_half_time", half.half.pk)
    assert visit(half, "reporter_a").get(url).status_code == 404
    draft = chromium(visit(half, "expert").get(url).content)
    assert "پیش‌نویس: این امتیازات هنوز اعلام نشده است." in draft
    disclosed(half)
    response = visit(half, "reporter_a").get(url)
    assert response["Content-Disposition"] == 'attachment; filename="half-time-card-A-1404.pdf"'
    text = chromium(response.content)
    for words in ("کارنامهٔ میان‌دوره", "۶۰۰٫۰۰ از ۱٬۰۰۰", "مستندات ناقص است.", "میانگین استان"):
        assert words in text, text
    assert "پیش‌نویس" not in text
    assert visit(half, "reporter_b").get(url).status_code == 404


def test_material_of_workshops_stands_on_the_card(half):
    given = {"cycle": half.cycle, "kind": "agencies"}
    make.WorkshopFactory(title="کارگاه دولت الکترونیک", material=make.upload("a.pdf"), **given)
    make.WorkshopFactory(title="بدون محتوا", **given)
    html = card(half, "expert")[1]
    assert ("کارگاه دولت الکترونیک" in html, "بدون محتوا" in html) == (True, False)
