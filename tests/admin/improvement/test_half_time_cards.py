"""The page of all half-time cards: who is named by which rule, in a text ready to announce."""

from decimal import Decimal
from types import SimpleNamespace

import pytest

from evaluation.enums import MarkLevel, Stage
from evaluation.models import Cycle, Participation
from evaluation.process.assessing import assessment, line
from evaluation.process.improvement import report_card
from evaluation.reports import half_time_cards
from tests.admin.assessing.test_visit import interim_of
from tests.admin.english import page, visit


def score(cast, cycle, agency, percent):
    """Every line of the agency with this actual, of a target of 100."""
    file = Participation.objects.get(cycle=cycle, agency=agency).assessments.get()
    for row in file.lines.select_related("indicator"):
        line.record(row, MarkLevel.INITIAL, line.Figures(actual=Decimal(percent), note="نظر"), by=cast.manager)
    return file


@pytest.fixture
def scored(cast):
    """Agency A at 60 percent of everything, disclosed; agency B at 40 percent in all lines but one."""
    made = interim_of(cast.until(Stage.SELF_ASSESSMENT))
    first, second = score(cast, made, cast.agency_a, 60), score(cast, made, cast.agency_b, 40)
    assessment.disclose(assessment.finish_scoring(first, by=cast.manager), by=cast.expert)
    Cycle.objects.filter(pk=made.pk).update(top_percent=55, weak_percent=50)
    made.refresh_from_db()
    cast.half, cast.half_b = made, second
    return cast


def cards(cast, who="manager"):
    response = visit(cast, who).get(page("cycle_half_time", cast.half.pk))
    assert response.status_code == 200
    return response.context["cards"], response.content.decode()


def names(report):
    return [[row[0] for row in table.rows] for table in report.tables]


@pytest.mark.django_db
def test_the_manager_names_agencies_in_a_text_ready_to_announce(scored):
    shown, html = cards(scored)
    assert names(shown.report) == [["اداره الف"], ["اداره ب"], []]
    first, axes, top, weak = shown.report.announcement.split("\n")
    assert first == f"Half-time results of “شش‌ماهه” in {scored.province}:"
    assert axes == "Mean progress by axis: محور یک (50.00 percent); محور دو (50.00 percent)."
    assert top == "Top agencies (at least 55 percent of the maximum): اداره الف (60.00 percent)."
    assert weak == "Weak agencies (below 50 percent of the maximum): اداره ب (40.00 percent)."
    assert all(part in html for part in (first, axes, top, weak))
    assert [(row.name, row.percent, row.is_disclosed) for row in shown.rows] == [
        ("اداره الف", 60, True),
        ("اداره ب", 40, False),
    ]
    assert (shown.unfinished, shown.acknowledged) == (1, 0)
    report_card.acknowledge(scored.half.participations.get(agency=scored.agency_a), by=scored.reporter_a)
    assert cards(scored)[0].acknowledged == 1


@pytest.mark.django_db
def test_an_agency_without_all_scores_or_without_any_point_is_no_weak_one(scored):
    row = scored.half_b.lines.first()
    scored.half_b.lines.filter(pk=row.pk).update(initial_score=None)
    shown, html = cards(scored)
    assert names(shown.report) == [["اداره الف"], [], []]
    assert "not scored in every line" in html
    scored.half_b.lines.update(initial_score=0)
    shown, _html = cards(scored)
    assert names(shown.report) == [["اداره الف"], [], ["اداره ب"]]
    assert shown.report.announcement.split("\n")[-1] == (
        "Passive agencies (they did not take part, or earned no point): اداره ب."
    )


@pytest.mark.django_db
def test_the_page_is_for_the_provincial_organization_and_says_what_to_do_before_scores(cast):
    cast.half = interim_of(cast.until(Stage.SELF_ASSESSMENT))
    shown, html = cards(cast, "expert")
    assert (shown.drawn, "The evaluators score the lines of the agencies first." in " ".join(html.split())) == (
        [],
        True,
    )
    assert visit(cast, "reporter_a").get(page("cycle_half_time", cast.half.pk)).status_code == 403
    assert visit(cast, "expert").get(page("cycle_half_time", cast.cycle.pk)).status_code == 404
    assert (
        page("cycle_half_time", cast.half.pk)
        in visit(cast, "expert").get(page("cycle_change", cast.half.pk)).content.decode()
    )


@pytest.mark.parametrize(
    ("top_count", "top_percent", "named"),
    [
        (1, None, "AB"),
        (2, None, "AB"),
        (3, None, "ABC"),
        (None, Decimal(70), "ABC"),
        (1, Decimal(10), "ABCD"),
        (None, None, ""),
    ],
)
def test_the_first_agencies_share_a_place_by_their_shown_percent(top_count, top_percent, named):
    percents = {"A": "90.001", "B": "90.004", "C": "69.996", "D": "10"}
    rows = [
        SimpleNamespace(participation=SimpleNamespace(pk=name), name=name, percent=Decimal(percent))
        for name, percent in percents.items()
    ]
    top = half_time_cards.top_of(rows, SimpleNamespace(top_count=top_count, top_percent=top_percent))
    assert "".join(sorted(row.name for row in top)) == named
