"""The ranking by an axis, by growth and by growth over two years: places of all, figures of those one may read."""

from decimal import Decimal

import pytest
from django.urls import reverse

from evaluation.models import EarlierTotal
from tests.admin.results.result_stand import Stand

pytestmark = pytest.mark.django_db


def shown(stand, who, by, **query):
    return stand.page(who, "ranking", by=by, **query).context


def places(context):
    return [
        (row.standing.agency.code, row.place, row.place_in_group, row.figure and round(row.figure, 2))
        for row in context["placed_rows"]
    ]


def test_an_axis_ranks_by_the_share_reached_in_it(stand):
    stand.compute()
    first, second = stand.axes
    context = shown(stand, "expert", f"axis{first.pk}")
    assert places(context) == [("AL", 1, 1, 90), ("GA", 2, 2, 80), ("BE", 3, 1, 75), ("DE", 4, 2, 50)]
    assert places(shown(stand, "expert", f"axis{second.pk}")) == [
        ("AL", 1, 1, 90),
        ("BE", 2, 1, 75),
        ("GA", 3, 2, Decimal("67.50")),
        ("DE", 4, 2, 25),
    ]
    assert [title for title, _url, current in context["figures"] if current] == ["Axis “اصلاح ساختار”"]
    groups = shown(stand, "expert", f"axis{first.pk}", group=stand.groups[0].pk)
    assert [code for code, *_rest in places(groups)] == ["AL", "GA"]
    assert [url for title, url, _current in groups["figures"] if title == "Growth"] == [
        f"?by=growth&group={stand.groups[0].pk}"
    ]


def record(stand, year, totals):
    for name, total in totals.items():
        EarlierTotal.objects.create(agency=stand.agency(name), year=year, total=total, maximum=2000, source="نامهٔ ۱۲")


def test_growth_over_two_years_is_measured_on_the_year_before_last(stand):
    record(stand, 1403, {"اداره آلفا": 900, "اداره بتا": 500, "اداره دلتا": 1000, "بانک اپسیلون": 100})
    record(stand, 1404, {"اداره آلفا": 1600, "اداره گاما": 1000})
    stand.compute()
    assert places(shown(stand, "expert", "two_years")) == [
        ("BE", 1, 1, 200),
        ("AL", 2, 1, 100),
        ("DE", 3, 2, -10),
        ("GA", None, None, None),
    ]
    by_growth = places(shown(stand, "expert", "growth"))
    assert [code for code, place, *_rest in by_growth if place] == ["BE", "GA", "AL", "DE"]


def test_an_agency_reads_its_own_places_of_how_many(stand):
    stand.compute().pass_gates().announce()
    response = stand.page("reporter_al", "ranking", by=f"axis{stand.axes[0].pk}")
    assert places(response.context) == [("AL", 1, 1, 90)]
    html = " ".join(response.content.decode().split())
    assert ("1 of 4" in html, "1 of 2" in html) == (True, True)


def test_hidden_ranks_hide_these_rankings_too(db):
    stand = Stand(end_order="council_before_ranking")
    stand.compute()
    for by in ("growth", "two_years", f"axis{stand.axes[0].pk}"):
        context = shown(stand, "manager", by)
        assert (context["ranked_by"], context["figures"], context["placed_rows"]) == (None, [], None)
        assert [row["standing"].agency.code for row in context["rows"]] == ["AL", "BE", "DE", "GA"]
    stand.approve()
    assert [code for code, *_rest in places(shown(stand, "manager", "growth"))] == ["AL", "BE", "DE", "GA"]
    assert places(shown(stand, "manager", f"axis{stand.axes[0].pk}"))[0] == ("AL", 1, 1, 90)


@pytest.mark.parametrize("by", ["axis0", "axis", "axisx", "total", "9" * 30])
def test_a_figure_that_is_no_choice_shows_the_ranking_by_the_total(stand, by):
    context = stand.compute().page("expert", "ranking", by=by).context
    assert context["ranked_by"] is None
    assert [row["standing"].rank for row in context["rows"]] == [1, 2, 2, 4]


def test_the_comparisons_are_found_by_ctrl_k(stand):
    stand.compute()

    def found(who, words):
        return stand.at(who).get(reverse("admin:search"), {"s": words, "extended": "1"}).content.decode()

    address = reverse("admin:evaluation_resultset_compare", args=[stand.results.pk, "trend"])
    assert address in found("expert", "Trend over the years")
    assert address not in found("reporter_al", "Trend over the years")
    named = reverse("admin:evaluation_resultset_compare", args=[stand.results.pk, "named"])
    stand.pass_gates().announce().publish()
    assert (named in found("observer", "passive agencies"), address in found("observer", "Trend over")) == (True, False)
