"""What the twins (tests/twins) found: each leak that they led to stays closed."""

import io
from decimal import Decimal

import openpyxl
import pytest
from django.urls import reverse

from evaluation.enums import MarkLevel, Role, Stage, TransferDirection
from evaluation.models import FeedValue, Indicator
from evaluation.process.assessing import commitments, line
from evaluation.reports import completeness
from tests import factories as make
from tests.rules.test_own_files import member

pytestmark = pytest.mark.django_db


def both(cast):
    """Who reports for agency A and is an expert of the province."""
    user = member(cast, "both", Role.AGENCY, Role.EXPERT)
    text = commitments.text_of(cast.cycle)
    commitments.accept_commitments(cast.cycle, cast.agency_a, by=user, text=text)
    return user


def agencies_in(content):
    """The codes in the first column of a workbook's first sheet, below its two rows of headings."""
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    return {row[0] for row in sheet.iter_rows(min_row=3, values_only=True) if row[0]}


def download(client, page):
    response = client.get(reverse("admin:evaluation_importrun_export", args=[page]))
    assert response.status_code == 200
    return response.content


def test_the_received_figures_of_the_own_file_are_in_no_workbook_of_an_expert(cast):
    cast.until(Stage.TRANSFER)
    first = cast.lines(cast.assessment(cast.agency_a), indicator__code="G-1")[0]
    line.record(first, MarkLevel.HQ, line.Figures(actual=Decimal(33), note="نادرست است"), by=cast.headquarters_a)
    assert agencies_in(download(cast.client("expert"), "received")) == {"A", "B"}
    assert agencies_in(download(cast.client(both(cast)), "received")) == {"B"}


def test_the_right_to_a_list_and_its_rows_come_from_one_membership(cast):
    """Experts read feed values, agencies do not: the own agency's stay out of the list of who is both."""
    cast.until(Stage.PARTICIPANTS)
    for agency in (cast.agency_a, cast.agency_b):
        FeedValue.objects.create(indicator=cast.g1, agency=agency, value=80, observed_at=make.DAY)
    url = reverse("admin:evaluation_feedvalue_changelist")
    rows = cast.client(both(cast)).get(url).context["cl"].result_list
    assert [row.agency for row in rows] == [cast.agency_b]
    assert len(cast.client("expert").get(url).context["cl"].result_list) == 2


def test_the_progress_of_scoring_leaves_the_own_file_out(cast):
    cast.until(Stage.EVALUATION)
    cast.score(cast.assessment(cast.agency_a))
    title = "محور یک"
    filled = {
        name: {share.title: (share.filled, share.total) for share in completeness.by_axis(cast.cycle, user)}[title]
        for name, user in (("expert", cast.expert), ("both", both(cast)))
    }
    assert filled == {"expert": (2, 4), "both": (0, 2)}


@pytest.fixture
def travelled(cast):
    """The files of both agencies went from the national organization to the province in one transfer."""
    cast.until(Stage.EVALUATION)
    return cast.cycle.transfers.get(direction=TransferDirection.TO_MPO)


def test_how_many_files_travel_with_the_own_ones_is_not_told(cast, travelled):
    url = reverse("admin:evaluation_transfer_changelist")

    def items(who):
        rows = cast.client(who).get(url).context["cl"].result_list
        return {row.pk: row.items_seen for row in rows}[travelled.pk]

    assert (items("reporter_a"), items("expert")) == (2, 4)


def test_no_search_tells_whose_files_travel_with_the_own_ones(cast, travelled):
    url = reverse("admin:evaluation_transfer_changelist")

    def found(who, words):
        return travelled in cast.client(who).get(url, {"q": words}).context["cl"].result_list

    assert found("reporter_a", "اداره الف")
    assert not found("reporter_a", "اداره ب")
    assert found("expert", "اداره ب")
    search = reverse("admin:search")
    assert f"/transfer/{travelled.pk}/" not in cast.client("reporter_a").get(search, {"s": "اداره ب"}).content.decode()
    assert f"/transfer/{travelled.pk}/" in cast.client("expert").get(search, {"s": "اداره ب"}).content.decode()


def test_the_report_to_the_national_organization_is_no_file_for_who_is_an_agency_too(cast):
    """It holds the final figures of all agencies before they are announced."""
    cast.until(Stage.RANKING)
    cast.compute()
    cast.ask_council()
    cast.report_to_national()
    report = cast.cycle.transfers.get(direction=TransferDirection.REPORT)
    url = reverse("admin:evaluation_transfer_file", args=[report.pk, "package"])
    assert cast.client("expert").get(url).status_code == 200
    assert cast.client(both(cast)).get(url).status_code == 404


def test_the_levels_of_the_own_agency_are_left_to_others(cast):
    """The workbook and the page of levels show totals before they are announced."""
    cast.until(Stage.RANKING)
    cast.compute()
    people = ("expert", both(cast))
    assert [agencies_in(download(cast.client(who), "levels")) for who in people] == [{"A", "B"}, {"B"}]
    page = reverse("admin:evaluation_resultset_do", args=[cast.results.pk, "set_levels"])
    forms = [cast.client(who).get(page).context["rows"] for who in people]
    assert [[row["agency"] for row in rows] for rows in forms] == [[cast.agency_a, cast.agency_b], [cast.agency_b]]


def test_lists_of_choices_in_a_workbook_hold_nothing_of_other_agencies(cast):
    cast.until(Stage.SELF_ASSESSMENT)
    own = Indicator.objects.filter(cycle=cast.cycle, agency=cast.agency_b, code="S-1")
    own.update(code="S-SECRET", unit="نفر-ساعت پنهان")
    for page in ("specific", "self"):
        book = openpyxl.load_workbook(io.BytesIO(download(cast.client("reporter_a"), page)))
        texts = {cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row}
        assert not texts & {"S-SECRET", "نفر-ساعت پنهان"}
    everything = openpyxl.load_workbook(io.BytesIO(download(cast.client("expert"), "specific")))
    assert "نفر-ساعت پنهان" in {
        cell for sheet in everything for row in sheet.iter_rows(values_only=True) for cell in row
    }
