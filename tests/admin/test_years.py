"""Lists open in the running year where a person sees several, and show all years one click away."""

import re
from html import unescape

import pytest
from django.contrib import admin
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from evaluation.admin.lookups import offered_lookups
from evaluation.admin.menu.sidebar import count_anew, entry_of, sidebar, years_of
from evaluation.admin.menu.years import OF_ALL_YEARS, OF_RESULTS, in_year, is_of_a_year
from evaluation.admin.search import pages_like
from evaluation.enums import CycleKind, Stage
from evaluation.models import Assessment, Cycle, Hearing, Indicator, Line, Participation, ResultSet
from evaluation.rules import sentences
from tests import factories as make

from .english import page, visit

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
CYCLE = "assessment__participation__cycle__id__exact"
RUNNING, EARLIER = "?performance_year=1404", "?performance_year=1403"


@pytest.fixture
def last_year(cast):
    """An archived cycle with a file of one line, beside the cast's running one."""
    cast.until(Stage.SELF_ASSESSMENT)
    cycle = make.CycleFactory(province=cast.province, performance_year=1403, title="ارزیابی پارسال")
    dimension = make.DimensionFactory(cycle=cycle)
    participation = Participation.objects.create(cycle=cycle, agency=cast.agency_a)
    file = Assessment.objects.create(participation=participation, dimension=dimension)
    indicator = make.IndicatorFactory(cycle=cycle, dimension=dimension, title="شاخص فراموش‌شده")
    Line.objects.create(assessment=file, indicator=indicator, maximum=10)
    Cycle.objects.filter(pk=cycle.pk).update(stage=Stage.CLOSED)
    return cycle


def request_of(user):
    request = RequestFactory().get("/admin/")
    request.user = type(user).objects.get(pk=user.pk)
    return request


def links(request):
    return [str(item["link"]) for group in sidebar(request) for item in group["items"]]


def listed(client, query="", name="line"):
    return client.get(f"{page(f'{name}_changelist')}{query}").context["cl"]


def offered(changelist):
    """{title of a filter: [(choice, address, whether it is chosen)]} of the years and cycles."""
    return {
        str(spec.title): [(str(c["display"]), c["query_string"], c["selected"]) for c in spec.choices(changelist)]
        for spec in changelist.filter_specs
        if str(spec.title) in ("performance year", "cycle")
    }


# -- where the menu leads -------------------------------------------------------------------------


def test_the_menu_leads_to_the_running_year_of_lists_that_mix_years(cast, last_year):
    request = request_of(cast.manager)
    found = set(links(request))
    assert {page("assessment_changelist") + RUNNING, page("line_changelist") + RUNNING} <= found
    assert {page("cycle_changelist"), page("resultset_changelist"), page("agency_changelist")} <= found
    here = entry_of(request, page("line_changelist"), request.GET)
    assert here.job.place == "line"
    assert page("evidence_changelist") + RUNNING in [result.link for result in pages_like(request, "مستندات")]


def rows_in(client, words, table):
    results = client.get("/admin/search/", {"s": words}).context["results"]
    return [row.link for row in results if f"/{table}/" in row.link and row.link.endswith("/change/")]


@pytest.mark.parametrize("person", ["manager", "reporter_a"])
def test_the_search_of_everything_shows_the_running_year_and_what_it_lacks(cast, last_year, person):
    client = visit(cast, person)
    newest = Indicator.objects.get(title="شاخص فراموش‌شده")
    assert rows_in(client, "فراموش‌شده", "indicator") == [page("indicator_change", newest.pk)]
    Indicator.objects.filter(pk=Indicator.objects.filter(cycle=cast.cycle, agency=None).first().pk).update(
        title="شاخص فراموش‌شدنی"
    )
    assert page("indicator_change", newest.pk) not in rows_in(client, "فراموش", "indicator")
    assert len(rows_in(client, "فراموش", "indicator")) == 1

    agency = cast.agency_a
    shown = rows_in(client, agency.name, "assessment")
    assert set(shown) == {
        page("assessment_change", file.pk)
        for file in Assessment.objects.filter(participation__agency=agency, participation__cycle=cast.cycle)
    }
    assert rows_in(client, agency.name, "agency") == [page("agency_change", agency.pk)]


def test_a_list_of_a_year_finds_words_in_that_year(cast, last_year):
    client = visit(cast, "manager")
    for query, number in (("?q=فراموش", 1), (f"{EARLIER}&q=فراموش", 1), (f"{RUNNING}&q=فراموش", 0)):
        assert listed(client, query).result_count == number


def test_results_open_in_the_latest_year_that_has_some(cast, last_year):
    for cycle in (last_year, cast.cycle):
        ResultSet.objects.create(cycle=cycle)
    assert page("agencyresult_changelist") in links(request_of(cast.manager))
    computed = {"state": "computed", "computed_at": timezone.now(), "computed_by": cast.manager}
    ResultSet.objects.filter(cycle=last_year).update(**computed)
    count_anew(cast.manager)
    assert page("agencyresult_changelist") + EARLIER in links(request_of(cast.manager))


@pytest.mark.parametrize("running", ["one of one", "two", "none"])
def test_without_a_single_running_year_of_several_the_menu_narrows_nothing(cast, running):
    cast.until(Stage.SELF_ASSESSMENT)
    if running != "one of one":
        make.CycleFactory(province=cast.province, performance_year=1403)
    if running == "none":
        Cycle.objects.update(stage=Stage.CLOSED)
    assert [link for link in links(request_of(cast.manager)) if "year" in link] == []


def test_the_first_page_leads_where_the_menu_does(cast, last_year):
    make.CycleFactory(province=cast.province, kind=CycleKind.INTERIM, main_cycle=cast.cycle, title="میان‌دوره")
    context = visit(cast, "reporter_a").get(reverse("admin:index")).context
    assert page("circular_changelist") + RUNNING in [row["url"] for row in context["todo"]]
    of_cycle = f"?participation__cycle__id__exact={cast.cycle.pk}"
    assert {card["url"] for card in context["cards"]} >= {
        page("cycle_changelist"),
        page("assessment_changelist") + of_cycle,
    }


def test_every_list_that_opens_in_a_year_has_the_filter_by_it(cast, last_year):
    """And no list of the menu is left out by mistake: those of all years are named."""
    request = request_of(cast.manager)
    years, lists = years_of(request), [link.partition("?") for link in links(request)]
    names = {path.split("/")[-2] for path, _mark, query in lists if query.startswith("performance_year=")}
    admins = {model._meta.model_name: each for model, each in admin.site._registry.items()}
    assert len(names) > 15
    assert {name for name in names if "performance_year" not in offered_lookups(admins[name], request)} == set()
    assert admins.keys() >= OF_ALL_YEARS | OF_RESULTS
    assert {name for name in OF_ALL_YEARS | OF_RESULTS if not is_of_a_year(name)} == set()
    assert {in_year("/", years, name) for name in OF_ALL_YEARS} == {"/"}


# -- what a list shows ----------------------------------------------------------------------------


@pytest.mark.parametrize("year", ["1404", "۱۴۰۴", "١٤٠٤"])
def test_a_list_within_a_year_shows_its_rows_alone(cast, last_year, year):
    client = visit(cast, "manager")
    everything, within = listed(client), listed(client, f"?performance_year={year}")
    own = [line.pk for line in everything.result_list if line.assessment.participation.cycle_id == cast.cycle.pk]
    assert [line.pk for line in within.result_list] == own
    assert (within.result_count, everything.result_count) == (len(own), len(own) + 1)
    assert ("year_of_row" in everything.list_display, "year_of_row" in within.list_display) == (True, False)
    assert (within.year, within.all_years, everything.year) == (1404, "?", None)
    assert (within.has_filters, within.has_active_filters) == (True, False)


def test_the_filter_takes_the_place_of_the_cycle_where_a_year_has_one(cast, last_year):
    client = visit(cast, "manager")
    years = [("All", "?", False), ("1404", RUNNING, True), ("1403", EARLIER, False)]
    assert offered(listed(client, RUNNING)) == {"performance year": years}
    filters = offered(listed(client, f"?{CYCLE}={last_year.pk}"))
    assert filters["performance year"] == [(each, where, each == "1403") for each, where, _chosen in years]
    assert ("ارزیابی پارسال", f"?{CYCLE}={last_year.pk}", True) in filters["cycle"]
    assert [line.assessment.participation.cycle for line in listed(client, f"?{CYCLE}={last_year.pk}").result_list] == [
        last_year
    ]


def test_beside_it_the_cycles_of_the_year_are_offered_where_it_has_several(cast, last_year):
    interim = make.CycleFactory(province=cast.province, kind=CycleKind.INTERIM, main_cycle=cast.cycle, title="میان‌دوره")
    make.DimensionFactory(cycle=interim)
    cycles = offered(listed(visit(cast, "manager"), RUNNING, "dimension"))["cycle"]
    assert {name for name, _where, _chosen in cycles} == {"All", "میان‌دوره", cast.cycle.title}


def above(client, address):
    return re.findall(r'<a href="([^"]+)"\s+class="ev-above">', client.get(address).content.decode())


def test_the_way_back_from_a_row_leads_to_the_list_as_it_was_left(cast, last_year):
    client, row = visit(cast, "manager"), page("dimension_change", last_year.dimensions.get().pk)
    html = client.get(page("dimension_changelist") + EARLIER).content.decode()
    (way,) = {unescape(link) for link in re.findall(rf'href="({row}[^"]*)"', html)}
    assert above(client, way) == [page("dimension_changelist") + EARLIER]


def test_or_to_the_running_year_from_a_row_of_it(cast, last_year):
    client, files = visit(cast, "manager"), page("assessment_changelist")
    now, then = cast.assessment(cast.agency_a), Assessment.objects.get(participation__cycle=last_year)
    ways = {row: above(client, page("assessment_lines", row.pk)) for row in (now, then)}
    assert ways == {now: [files + RUNNING], then: [files]}


@pytest.mark.parametrize("year", ["1399", "x", "99999999999", ""])
def test_a_year_that_is_none_of_the_persons_is_told(cast, last_year, year):
    response = visit(cast, "manager").get(f"{page('line_changelist')}?performance_year={year}")
    assert response.url == f"{page('line_changelist')}?e=1"


def test_whoever_sees_one_year_is_offered_none(cast):
    client = visit(cast.until(Stage.SELF_ASSESSMENT), "manager")
    within = listed(client, RUNNING)
    assert ("performance year" in offered(within), within.year) == (False, None)
    assert within.result_count == listed(client).result_count > 0


def test_a_search_without_a_hit_in_the_year_offers_all_years(cast, last_year):
    client = visit(cast, "manager")
    html = client.get(page("line_changelist"), {"q": "فراموش", "performance_year": "1404"}).content.decode()
    empty = html.partition('<div class="ev-empty">')[2]
    assert "No row of the performance year 1404 fits" in empty
    (again,) = re.findall(r'href="([^"]+)">\s*Search in all years', empty)
    assert [line.assessment.participation.cycle for line in listed(client, unescape(again)).result_list] == [last_year]


def test_a_list_without_rows_of_the_year_leads_to_all_years(cast, last_year):
    make.DimensionFactory(cycle=last_year)
    cast.cycle.participations.all().update(peer_group=None)
    client = visit(cast, "manager")
    group = last_year.peer_groups.create(title="گروه پارسال")
    cast.cycle.peer_groups.all().delete()
    html = client.get(page("peergroup_changelist") + RUNNING).content.decode()
    empty = html.partition('<div class="ev-empty">')[2]
    assert "Nothing is here yet for the performance year 1404" in empty
    assert re.findall(r'href="([^"]+)">\s*All years', empty) == ["?"]
    assert list(listed(client, "?", "peergroup").result_list) == [group]


def test_a_file_of_a_list_has_the_rows_of_its_year(cast, last_year):
    response = visit(cast, "manager").get(page("line_export") + EARLIER)
    assert response.context["facts"] == [("performance year", "1403"), ("Rows", "1")]


def test_a_narrowed_page_asks_no_more_than_one_of_a_single_year(cast, request):
    cast.until(Stage.SELF_ASSESSMENT)
    client = visit(cast, "manager")
    addresses = [page("assessment_changelist"), page("dimension_changelist"), reverse("admin:password_change_done")]

    def prices(query):
        client.get(reverse("admin:index"))
        asked = []
        for address in addresses:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address + query).status_code == 200
            asked.append(len(queries))
        return asked

    prices("")
    single = prices("")
    request.getfixturevalue("last_year")
    assert prices(RUNNING) == single


# -- new rows -------------------------------------------------------------------------------------


def offered_years(client, name, field):
    """The years of the rows that the form for a new row offers for a field."""
    choices = client.get(page(f"{name}_add")).context["adminform"].form.fields[field].queryset
    return set(choices.values_list("performance_year" if field == "cycle" else "cycle__performance_year", flat=True))


@pytest.mark.parametrize(
    ("name", "field", "years"),
    [
        ("hearing", "participation", {1404}),
        ("committeesession", "cycle", {1404}),
        ("indicator", "dimension", {1404}),
        ("visit", "participation", {1404}),
        ("publicity", "participation", {1403, 1404}),  # published for years
    ],
)
def test_a_form_for_a_new_row_offers_the_cycles_to_which_it_can_be_added(cast, last_year, name, field, years):
    assert offered_years(visit(cast, "manager"), name, field) == years


def test_where_every_cycle_is_archived_all_are_offered(cast, last_year):
    Cycle.objects.update(stage=Stage.CLOSED)
    count_anew(cast.manager)
    assert offered_years(visit(cast, "manager"), "hearing", "participation") == {1403, 1404}


def test_a_row_for_an_archived_cycle_is_refused_with_the_reason(cast, last_year):
    file = Participation.objects.get(cycle=last_year)
    sent = {"participation": file.pk, "starts_at": "1404/12/01 10:00", "place": "x", "invitees": "x"}
    response = visit(cast, "manager").post(page("hearing_add"), sent)
    assert response.context["adminform"].form.errors.get("participation") is None
    assert str(sentences.ARCHIVED) in response.content.decode()
    assert not Hearing.objects.exists()
