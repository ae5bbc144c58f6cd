"""The report card of an agency: its figures, who reads the group's and the lines, and its acknowledgement."""

import datetime
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from evaluation.models import (
    AgencyResult,
    Assessment,
    Axis,
    AxisResult,
    CardReceipt,
    Cycle,
    ImprovementPlan,
    Indicator,
    Line,
    Notice,
    Participation,
    ResultSet,
    TransitionLog,
)
from tests import factories as make
from tests.factories import upload
from tests.reports.pdf_text import chromium

pytestmark = pytest.mark.django_db
LETTER = {"behalf_body": "اداره آلفا", "behalf_letter_number": "۱۲/۳", "behalf_letter_date": "1404/03/11"}
OWN = "اداره آلفا"


def result_of(stand, name=OWN):
    return stand.totals().get(participation=stand.participations[name])


def page(stand, who, name=OWN):
    return stand.at(who).get(reverse("admin:evaluation_agencyresult_change", args=[result_of(stand, name).pk]))


def card(stand, who, name=OWN):
    return page(stand, who, name).context["card"]


def acknowledge(stand, who, name=OWN, **data):
    url = reverse("admin:evaluation_participation_do", args=[stand.participations[name].pk, "acknowledge_card"])
    return stand.at(who).post(url, data)


@pytest.fixture
def announced(stand):
    return stand.compute().pass_gates().announce()


def test_the_card_of_an_agency_says_where_its_points_went(announced):
    own = card(announced, "reporter_al")
    assert (own.points, own.maximum, own.lost, own.percent) == (1800, 2000, 200, 90)
    assert (own.rank, own.ranked, own.group_rank, own.group_ranked, str(own.level)) == (1, 4, 1, 2, "عالی")
    assert [(axis.title, axis.points, axis.lost, axis.percent) for axis in own.axes] == [
        ("اصلاح ساختار", 540, 60, 90),
        ("دولت الکترونیک", 360, 40, 90),
    ]
    assert [(line.code, line.lost) for line in own.gains] == [("S-1", 100), ("G-1", 60), ("G-2", 40)]
    assert [(axis and axis.title, [line.code for line in lines]) for axis, lines in own.losses_by_axis] == [
        ("اصلاح ساختار", ["G-1"]),
        ("دولت الکترونیک", ["G-2"]),
        (None, ["S-1"]),
    ]


def test_strengths_and_weaknesses_follow_the_limits_of_the_cycle(announced):
    def verdicts(name):
        own = card(announced, "expert", name)
        return [
            ([axis.title for axis in axes], [line.code for line in lines])
            for axes, lines in (own.strengths, own.weaknesses)
        ]

    assert verdicts(OWN) == [(["اصلاح ساختار", "دولت الکترونیک"], ["G-1", "G-2", "S-1"]), ([], [])]
    assert verdicts("اداره دلتا") == [([], []), (["اصلاح ساختار", "دولت الکترونیک"], ["G-1", "G-2", "S-1"])]
    announced.year.strength_from, announced.year.weakness_below = 91, 50
    announced.year.save()
    assert verdicts(OWN) == [([], []), ([], [])]
    assert verdicts("اداره دلتا") == [([], []), (["دولت الکترونیک"], ["G-2"])]
    html = page(announced, "expert").content.decode()
    assert "a strength from 91 percent" in html
    assert "50 percent" in html


def test_before_the_publication_a_small_group_is_not_read_by_its_agencies(announced):
    beta = "اداره بتا"
    announced.year.median_from = 4
    announced.year.save()
    hidden = card(announced, "reporter_be", beta)
    assert (hidden.others, [axis.group.median for axis in hidden.axes]) == (False, [None, None])
    assert {line.group.median for line in hidden.lines} == {None}
    read = card(announced, "expert", beta)
    assert [axis.group.median for axis in read.axes] == [75, 75]  # 75, 50 and 83.33 percent; 75, 25 and 100
    assert read.axes[1].group.mean == Decimal(200) / 3
    announced.year.median_from = 3
    announced.year.save()
    assert [axis.group.median for axis in card(announced, "reporter_be", beta).axes] == [75, 75]


def test_after_the_publication_everybody_reads_the_group(announced):
    announced.publish()
    assert [axis.group.median for axis in card(announced, "reporter_al").axes] == [85, Decimal("78.75")]


def test_the_lines_and_remarks_of_another_agency_stay_its_own(announced):
    Line.objects.filter(assessment__participation=announced.participations[OWN], indicator__code="G-1").update(
        initial_note="آیین‌نامه پیوست نشده است."
    )
    remark = "آیین‌نامه پیوست نشده است."
    assert remark in page(announced, "reporter_al").content.decode()
    announced.publish()
    other = page(announced, "reporter_be")
    assert (other.status_code, other.context["card"].lines, other.context["card"].points) == (200, None, 1800)
    for who in ("reporter_be", "observer"):
        assert remark not in page(announced, who).content.decode()
    assert remark in page(announced, "headquarters_a").content.decode()
    acknowledge(announced, "reporter_al", comment="با نظر ارزیاب موافقیم.")
    assert "با نظر ارزیاب موافقیم." in page(announced, "headquarters_a").content.decode()
    for who in ("reporter_be", "observer"):
        assert "با نظر ارزیاب موافقیم." not in page(announced, who).content.decode()


def test_before_the_announcement_an_agency_has_no_card(stand):
    stand.compute()
    assert page(stand, "reporter_al").status_code == 404
    url = reverse("admin:evaluation_participation_card", args=[stand.participations[OWN].pk])
    assert stand.at("reporter_al").get(url).status_code == 404
    assert stand.at("expert").get(url).headers["Location"].endswith(f"/agencyresult/{result_of(stand).pk}/change/")
    response = acknowledge(stand, "reporter_al")
    assert response.context["reasons"] == [
        "There is no report card yet: it can be read when the results are announced."
    ]
    assert not CardReceipt.objects.exists()


def test_the_agency_acknowledges_once_and_again_after_a_correction(announced):
    assert [verb["label"] for verb in page(announced, "reporter_al").context["card_verbs"]] == [
        "Acknowledge the report card",
        "Draft the improvement plan",
        "Ask for a meeting",
    ]
    assert acknowledge(announced, "reporter_al", comment="دیدیم.", may_be_named="on").status_code == 302
    receipt = CardReceipt.objects.get()
    assert (receipt.participation, receipt.comment, receipt.may_be_named) == (
        announced.participations[OWN],
        "دیدیم.",
        True,
    )
    assert receipt.acknowledged_by == announced.reporter_al
    row = TransitionLog.objects.get(name="acknowledge_card")
    assert (row.subject, row.by, row.note) == (announced.participations[OWN], announced.reporter_al, "دیدیم.")
    left = [verb["label"] for verb in page(announced, "reporter_al").context["card_verbs"]]
    assert left == ["Draft the improvement plan", "Ask for a meeting"]
    acknowledge(announced, "reporter_al", comment="دوباره")
    assert CardReceipt.objects.get().comment == "دیدیم."

    announced.publish()
    fields = {"agency_1": announced.participations[OWN].pk, "code_1": "G-1", "score_1": "۵۵۰"}
    assert announced.do("manager", "correct", reason="خطا", **fields).status_code == 302
    again = page(announced, "reporter_al")
    assert "has not acknowledged the new ones yet" in again.content.decode()
    assert acknowledge(announced, "reporter_al", comment="اصلاح را دیدیم.").status_code == 302
    assert CardReceipt.objects.get().comment == "اصلاح را دیدیم."


def test_staff_record_the_acknowledgement_by_letter(announced):
    assert acknowledge(announced, "expert").context["form"].errors.keys() == set(LETTER) | {"behalf_file"}
    assert acknowledge(announced, "expert", **LETTER, behalf_file=upload()).status_code == 302
    assert TransitionLog.objects.get(name="acknowledge_card").on_behalf_of.body == OWN
    for who in ("headquarters_a", "lead", "observer"):
        assert acknowledge(announced, who, "اداره بتا").status_code in (403, 404)
    assert CardReceipt.objects.count() == 1


def test_the_first_page_asks_for_the_acknowledgement_until_it_is_given(announced):
    def titles():
        todo = announced.at("reporter_al").get(reverse("admin:index")).context["todo"]
        return [row["title"] for row in todo if "Report card" in row["title"]]

    assert titles() == ["Report cards to acknowledge"]
    acknowledge(announced, "reporter_al")
    assert titles() == []


def test_the_card_on_paper_says_the_same(announced):
    url = reverse("admin:evaluation_agencyresult_card", args=[result_of(announced).pk])
    response = announced.at("reporter_al").get(url)
    assert response["Content-Disposition"] == 'attachment; filename="report-card-AL-1405.pdf"'
    text = chromium(response.content)
    for words in (OWN, "۱٬۸۰۰٫۰۰ از ۲٬۰۰۰", "اصلاح ساختار", "کارنامه"):
        assert words in text, text
    assert announced.at("reporter_be").get(url).status_code == 404


def test_staff_see_the_cards_of_all_agencies_side_by_side(announced):
    acknowledge(announced, "reporter_al")
    url = reverse("admin:evaluation_cycle_cards", args=[announced.year.pk])
    cards = announced.at("expert").get(url).context["cards"]
    assert [(row.card.agency.code, row.card.lost, row.acknowledged) for row in cards.rows] == [
        ("AL", 200, True),
        ("BE", Decimal("499.999"), False),
        ("DE", 1100, False),
        ("ZE", 2000, False),
        ("GA", Decimal("499.996"), False),
        ("EP", 300, False),
    ]
    assert [(axis.title, axis.lost) for axis in cards.losses] == [("اصلاح ساختار", 730), ("دولت الکترونیک", 570)]
    assert announced.at("reporter_al").get(url).status_code == 403


def test_without_results_the_page_of_cards_says_what_to_do(stand):
    html = stand.at("expert").get(reverse("admin:evaluation_cycle_cards", args=[stand.year.pk])).content.decode()
    assert "Prepare and compute the results of the cycle first." in html
    assert AgencyResult.objects.count() == 0


def test_agencies_that_agreed_are_named_as_examples_to_their_group(announced):
    """Of the lines in which they did better, by their names alone; never to agencies of another group."""

    def examples(who, name):
        return {line.code: line.examples for line in card(announced, who, name).lines}

    gamma, alpha = "اداره گاما", OWN
    assert examples("expert", gamma) == {"G-1": [], "G-2": [], "S-1": []}
    acknowledge(announced, "reporter_al", may_be_named="on")
    assert examples("expert", gamma) == {"G-1": [alpha], "G-2": [alpha], "S-1": []}
    assert examples("reporter_al", alpha) == {"G-1": [], "G-2": [], "S-1": []}
    assert examples("reporter_be", "اداره بتا") == {"G-1": [], "G-2": [], "S-1": []}
    CardReceipt.objects.update(may_be_named=False)
    assert examples("expert", gamma)["G-1"] == []


def test_a_meeting_is_asked_for_with_its_subject(announced):
    url = reverse("admin:evaluation_participation_do", args=[announced.participations[OWN].pk, "ask_for_meeting"])
    response = announced.at("reporter_al").post(url, {"note": ""})
    assert response.context["reasons"] == ["Write what the meeting should be about."]
    assert announced.at("reporter_al").post(url, {"note": "شاخص دولت الکترونیک"}).status_code == 302
    assert TransitionLog.objects.get(name="ask_for_meeting").note == "شاخص دولت الکترونیک"
    told = Notice.objects.filter(event__startswith="meeting:").values_list("user__username", "text")
    assert {name for name, _text in told} == {"manager", "expert"}
    assert all("شاخص دولت الکترونیک" in text for _name, text in told)
    assert announced.at("reporter_be").post(url, {"note": "x"}).status_code == 404


def test_results_that_keep_no_figure_of_the_agency_have_no_card(announced, monkeypatch):
    def no_figure(self, participation):
        raise LookupError(participation)

    monkeypatch.setattr("evaluation.reports.report_card.Reader.card", no_figure)
    assert "card" not in page(announced, "manager").context
    paper = reverse("admin:evaluation_agencyresult_card", args=[result_of(announced).pk])
    assert announced.at("manager").get(paper).status_code == 404


def last_year(stand):
    """Agency Alpha's year 1403 as rows: axis 1 at 270 of 300 (G-1 alone), with a plan that expected 12 points of it."""
    cycle = Cycle.objects.create(
        province=stand.province,
        performance_year=1403,
        title="ارزیابی ۱۴۰۳",
        period_start=datetime.date(2024, 3, 20),
        period_end=datetime.date(2025, 3, 20),
        stage="closed",
    )
    dimension = make.DimensionFactory(cycle=cycle, code="general", title="عمومی", order=1)
    axis = make.AxisFactory(dimension=dimension, number=1, title="محور پیشین", maximum=300)
    indicator = make.IndicatorFactory(dimension=dimension, axis=axis, code="G-1", points=300)
    part = Participation.objects.create(cycle=cycle, agency=stand.agency(OWN))
    now = timezone.now()
    moments = {"disclosed_at": now, "confirmed_at": now, "confirmed_by": stand.manager}
    file = Assessment.objects.create(participation=part, dimension=dimension, state="confirmed", **moments)
    line = Line.objects.create(assessment=file, indicator=indicator, maximum=300, target=100, final_score=240)
    results = ResultSet.objects.create(cycle=cycle)
    stamps = {f"{name}_at": now for name in ("computed", "council", "announced")}
    people = {"computed_by": stand.manager, "announced_by": stand.manager}
    ResultSet.objects.filter(pk=results.pk).update(state="announced", **stamps, **people)
    AxisResult.objects.create(result_set=results, participation=part, axis=axis, raw=240, total=240, maximum=300)
    followed = {"state": "follow_up", "approved_at": now, "approved_by": stand.manager}
    plan = ImprovementPlan.objects.create(participation=part, **followed)
    plan.actions.create(line=line, action="بازنگری آیین‌نامه", expected=12)
    Axis.objects.filter(pk=stand.axes[0].pk).update(origin=axis)
    Indicator.objects.filter(pk=stand.leaves[0].pk).update(origin=indicator)


def test_the_card_shows_the_two_years_side_by_side_with_what_the_plan_won(announced):
    assert card(announced, "reporter_al").two_years == ([], [])
    assert "Two years side by side" not in page(announced, "reporter_al").content.decode()
    last_year(announced)
    response = page(announced, "reporter_al")
    axes, lines = response.context["card"].two_years
    assert [(axis.title, axis.before.points, axis.before.maximum, axis.points, axis.change) for axis in axes] == [
        ("اصلاح ساختار", 240, 300, 540, 10)
    ]
    (own,) = lines
    assert (own.code, own.before.points, own.before.maximum, own.points, own.change) == ("G-1", 240, 300, 540, 10)
    assert (own.planned.expected, own.planned.reached) == (12, 30)  # 80 to 90 percent of 300 points
    html = " ".join(response.content.decode().split())
    assert "Two years side by side" in html
    assert "planned" in html[html.index('id="card-two-years"') :]
    text = chromium(announced.at("reporter_al").get(paper_of(announced)).content)
    for words in ("شاخص‌ها در دو سال", "۱۲٫۰۰ · ۳۰٫۰۰"):
        assert words in text, text
    announced.publish()
    axes, lines = card(announced, "reporter_be", OWN).two_years
    assert ([axis.title for axis in axes], lines) == ([], [])  # last year's are announced to their agency alone


def paper_of(stand):
    return reverse("admin:evaluation_agencyresult_card", args=[result_of(stand).pk])
