"""Who reads which level, when (docs/rights.md#embargo): an agency's pages hold nothing that is still embargoed."""

import pytest

from evaluation.enums import Stage
from evaluation.process.assessing import assessment as assessment_verbs
from tests.admin.assessing.lines_page import Page

pytestmark = pytest.mark.django_db
SCORE = "210.00"  # what 70 of 100 gives on the line of 300 points; nothing else on the page has this figure


def pages(cast, who):
    """Every page that shows figures of agency A's general lines, as one text."""
    assessment = cast.assessment(cast.agency_a)
    found = Page(cast, who, assessment)
    line = found.line("G-1")
    texts = {}
    for path in (
        f"assessment/{assessment.pk}/lines/",
        f"assessment/{assessment.pk}/change/",
        "assessment/",
        f"line/{line.pk}/change/",
        f"line/{line.pk}/history/",
        "line/",
    ):
        response = found.client.get(f"/admin/evaluation/{path}")
        assert response.status_code == 200, path
        texts[path] = response.content.decode()
    return texts


def showing(texts, words):
    return [path for path, text in texts.items() if words in text]


@pytest.fixture
def scored(cast):
    return cast.until(Stage.EVALUATION).once(score)


def score(cast):
    cast.lead.first_name, cast.lead.last_name = "سهراب", "ارزیاب"
    cast.lead.save()
    for assessment in cast.assessments():
        cast.score(assessment)


@pytest.mark.parametrize("who", ["reporter_a", "headquarters_a"])
def test_before_the_disclosure_an_agency_reads_no_initial_score(scored, who):
    assert showing(pages(scored, who), SCORE) == []

    assert showing(pages(scored, who), "سهراب") == []
    there = [path.split("/")[0] + "/" + path.split("/")[-2] for path in showing(pages(scored, "expert"), SCORE)]
    assert there == ["assessment/lines", "line/history", "line/line"]  # the figure is there to leak


@pytest.mark.parametrize("who", ["reporter_a", "headquarters_a"])
def test_before_the_disclosure_nobody_outside_learns_how_far_the_scoring_is(cast, who):
    cast.until(Stage.EVALUATION)
    assessment = cast.assessment(cast.agency_a)
    before = cast.client(who).get(f"/admin/evaluation/assessment/{assessment.pk}/lines/").context_data
    cast.score(assessment)
    after = cast.client(who).get(f"/admin/evaluation/assessment/{assessment.pk}/lines/").context_data

    assert before["ready"] == after["ready"] == (3, 3)
    assert [each["title"] for each in after["filters"]["shown"]] == [before["filters"]["shown"][0]["title"]]


@pytest.mark.parametrize("who", ["reporter_a", "headquarters_a"])
def test_before_the_disclosure_no_address_tells_which_lines_are_scored(cast, who):
    cast.until(Stage.EVALUATION)
    page = Page(cast, who, cast.assessment(cast.agency_a))
    every = page.rows()
    assert page.rows(show="unscored") == every
    cast.score(cast.assessment(cast.agency_a))
    assert page.rows(show="unscored") == every


@pytest.mark.parametrize("who", ["reporter_a", "headquarters_a"])
def test_after_the_disclosure_it_reads_figures_comment_and_group_but_no_name(scored, who):
    assessment = scored.assessment(scored.agency_a)
    assessment_verbs.disclose(assessment_verbs.finish_scoring(assessment, by=scored.lead), by=scored.expert)
    texts = pages(scored, who)
    page = texts[f"assessment/{assessment.pk}/lines/"]
    assert SCORE in page
    assert "گروه یک" in page
    assert showing(texts, "سهراب") == []
    assert "سهراب" in pages(scored, "manager")[f"assessment/{assessment.pk}/lines/"]


def test_the_headquarters_figures_wait_for_its_return_or_approval(cast):
    cast.until(Stage.TRANSFER)
    above = Page(cast, "headquarters_a", cast.assessment(cast.agency_a))
    above.save("G-1", actual="33", note="نادرست است")
    below = Page(cast, "reporter_a", cast.assessment(cast.agency_a))
    assert "نادرست است" not in below.html()
    assessment_verbs.return_(cast.assessment(cast.agency_a), by=cast.headquarters_a, reason="ردیف نخست را اصلاح کنید")
    html = below.html()
    assert "نادرست است" in html
    assert "ردیف نخست را اصلاح کنید" in html
    assert 'id="lines-form"' in html


def test_final_scores_wait_for_the_announcement(cast):
    cast.until(Stage.RANKING)
    found = Page(cast, "reporter_a", cast.assessment(cast.agency_a))
    assert [level.value for level in found.get().context["levels"]] == ["self", "hq", "initial"]
    cast.work(Stage.RANKING)
    assert [level.value for level in found.get().context["levels"]] == ["self", "hq", "initial", "final"]


def test_another_agency_reads_nothing_of_it(scored):
    assessment = scored.assessment(scored.agency_a)
    client = Page(scored, "reporter_b", assessment).client
    for path in (f"assessment/{assessment.pk}/lines/", f"assessment/{assessment.pk}/change/"):
        assert client.get(f"/admin/evaluation/{path}").status_code == 404
    assert "اداره الف" not in client.get("/admin/evaluation/assessment/").content.decode()
    assert "اداره الف" not in client.get("/admin/evaluation/line/").content.decode()
