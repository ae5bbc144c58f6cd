"""An agency that is ranked only in its peer group: through computation, snapshot, page, workbook, book and disc."""

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import translation

from evaluation.models import AgencyResult, Participation
from evaluation.process import kept
from evaluation.process.agencies import participation
from evaluation.process.door import Forbidden, Refusal
from evaluation.process.results import result, snapshot
from evaluation.process.results.verify import verify
from evaluation.reports import book, figures, ranking
from tests import snapshots
from tests.reports.province import Province
from tests.reports.test_ranking_workbook import sheets

pytestmark = pytest.mark.django_db
BANK = "بانک اپسیلون"


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def province(db):
    made = snapshots.once(Province, "province")
    participation.rank_among(made.participations[BANK], among="group", by=made.manager)
    return made


@pytest.fixture
def computed(province):
    return result.compute(result.prepare(province.year, by=province.expert), by=province.expert)


def recomputed(province):
    """{agency: (rank, rank in the group)} by plain counting: how many of those compared have a higher shown total."""
    among = dict(Participation.objects.filter(cycle=province.year).values_list("agency__name", "ranked_among"))
    groups = dict(Participation.objects.filter(cycle=province.year).values_list("agency__name", "peer_group"))
    rows = AgencyResult.objects.filter(result_set__cycle=province.year, dimension=None, passive=False)
    totals = {name: round(Decimal(total), 2) for name, total in rows.values_list("agency_name", "total")}
    counted = {name: total for name, total in totals.items() if among[name] != "nobody"}

    def place(name, others):
        return 1 + sum(counted[other] > counted[name] for other in others)

    return {
        name: (
            place(name, [other for other in counted if among[other] == "all"]) if among[name] == "all" else None,
            place(name, [other for other in counted if groups[other] == groups[name]]),
        )
        for name in counted
    }


def test_it_takes_a_place_in_its_group_and_nobodys_overall(computed, province):
    rows = AgencyResult.objects.filter(result_set=computed, dimension=None, passive=False)
    ranks = {name: places for name, *places in rows.values_list("agency_name", "rank", "group_rank")}
    assert ranks == {
        "اداره آلفا": [1, 1],
        "اداره بتا": [2, 2],
        "اداره گاما": [2, 2],
        "اداره دلتا": [4, 3],
        BANK: [None, 1],
    }
    assert {name: tuple(places) for name, places in ranks.items()} == recomputed(province)


def test_the_snapshot_names_it_and_can_be_verified(computed, province):
    agencies = kept.read(snapshot.figures(computed))["agencies"]
    assert [agency["name"] for agency in agencies if agency.get("only_in_group")] == [BANK]
    assert all(agency["ranked"] for agency in agencies)
    Participation.objects.filter(cycle=province.year).update(ranked_among="nobody")
    assert verify(computed).equal


def test_page_workbook_and_book_show_it_behind_the_ranked_without_an_overall_rank(computed, province):
    table = figures.read(computed).ranking
    assert [(one.agency.name, one.rank, one.group_rank) for one in table.ranked][-1] == (BANK, None, 1)
    assert (table.unranked, table.ranked[-1].only_in_group) == ([], True)
    in_groups = {str(group): [one.agency.name for one in members] for group, members in table.groups().items()}
    assert in_groups["خدماتی"] == [BANK, "اداره بتا", "اداره دلتا"]
    found, _book = sheets(ranking.workbook(computed))
    bank = next(row for row in next(iter(found.values()))[1:] if row[1] == "EP")
    assert (bank[0], bank[4]) == (None, 1)
    with translation.override("fa"):
        assert bank[-1] == ranking.remark(table.ranked[-1])
    content = book.content(computed)
    assert [row[:2] for row in content["ranking"]][-1] == ["—", BANK]
    page = province.client("manager").get(reverse("admin:evaluation_resultset_ranking", args=[computed.pk]))
    assert [row["standing"].agency.name for row in page.context["rows"]][-1] == BANK


def test_the_setting_is_changed_by_who_may_and_not_while_figures_stand(computed, province):
    bank = province.participations[BANK]
    with pytest.raises(Refusal, match="void them before changing it"):
        participation.rank_among(bank, among="all", by=province.manager)
    with pytest.raises(Forbidden):
        participation.rank_among(bank, among="all", by=province.reporter_a)
    assert Participation.objects.get(pk=bank.pk).ranked_among == "group"
