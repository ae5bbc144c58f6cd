"""Tables of the whole country: the same rows and words as in a small one, looked up in other ways."""

import re
from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib.admin import site
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evaluation.admin import choices, list_summary, lookups, related_links, search, word_search
from evaluation.admin.year import ends
from evaluation.enums import Role, Stage
from evaluation.models import (
    Assessment,
    CircularReceipt,
    Committee,
    Cycle,
    Evidence,
    Indicator,
    Line,
    Membership,
    Participation,
)
from tests import factories as make

from .english import page, visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def elsewhere(cast):
    """Another province of the headquarters, with a file of one line, beside the cast's self-assessments."""
    cast.until(Stage.SELF_ASSESSMENT)
    cycle = make.CycleFactory(province=make.ProvinceFactory(code="far", name="دور"), title="ارزیابی دور")
    agency = make.AgencyFactory(province=cycle.province, name="اداره دور", headquarters=cast.agency_a.headquarters)
    dimension = make.DimensionFactory(cycle=cycle, title="بعد دور")
    indicator = make.IndicatorFactory(cycle=cycle, dimension=dimension)
    file = Assessment.objects.create(
        participation=Participation.objects.create(cycle=cycle, agency=agency), dimension=dimension
    )
    Line.objects.create(assessment=file, indicator=indicator, maximum=10)
    return cycle


def fields_of(client, address):
    return client.get(address).context["adminform"].form.fields


def is_looked_up(field):
    return hasattr(field.widget, "widget") and hasattr(field.widget.widget, "get_url")


# -- choices --------------------------------------------------------------------------------------


def test_whoever_sees_several_provinces_looks_rows_up(cast, elsewhere, admin_client):
    """The agencies, files and people of the country are not all written into a form; boxes to tick are none of them."""
    places = [(page("target_add"), "agency"), (page("visit_add"), "participation"), (page("visit_add"), "evaluators")]
    manager = visit(cast, "manager")
    assert [is_looked_up(fields_of(admin_client, address)[name]) for address, name in places] == [True] * 3
    assert [is_looked_up(fields_of(manager, address)[name]) for address, name in places] == [False] * 3


def test_in_a_single_province_the_administrator_chooses_from_a_list(cast, admin_client):
    cast.until(Stage.SELF_ASSESSMENT)
    assert not is_looked_up(fields_of(admin_client, page("target_add"))["agency"])


def test_seats_are_offered_to_those_who_may_sit_in_the_province(cast, elsewhere, admin_client):
    far = make.UserFactory(username="far")
    Membership.objects.create(user=far, role=Role.EVALUATOR, province=elsewhere.province)
    address = page("evaluatorgroup_change", cast.group_1.pk)
    (formset,) = (each.formset for each in admin_client.get(address).context["inline_admin_formsets"])
    offered = set(formset.forms[0].fields["user"].queryset)
    assert {cast.evaluator, cast.manager} <= offered
    assert far not in offered


def rows_below(client, address):
    """The formset of the only table of this page whose rows can be added."""
    (formset,) = (each.formset for each in client.get(address).context["inline_admin_formsets"])
    return formset


@pytest.mark.parametrize("address", [page("committee_add"), page("evaluatorgroup_add")])
def test_people_of_several_provinces_are_looked_up_in_rows_too(cast, elsewhere, admin_client, address):
    assert is_looked_up(rows_below(admin_client, address).empty_form.fields["user"])
    assert not is_looked_up(rows_below(visit(cast, "manager"), address).empty_form.fields["user"])


def test_whom_stored_rows_name_is_read_by_one_query(cast, elsewhere, admin_client):
    committee = Committee.objects.create(province=cast.province, kind="festival", title="کمیته")
    address = page("committee_change", committee.pk)

    def price():
        with CaptureQueriesContext(connection) as queries:
            formset = rows_below(admin_client, address)
        shown = [str(form["user"]) for form in formset.forms]
        return len(queries), shown

    people = (cast.evaluator, cast.manager, None, cast.reporter_a)
    committee.members.create(name="عضو", post="secretary", user=people[0])
    price()
    few, _shown = price()
    for person in people[1:]:
        committee.members.create(name="عضو", post="member", user=person)
    many, shown = price()
    assert many == few
    chosen = [re.findall(r'<option value="(\d+)" selected>([^<]+)</option>', select) for select in shown]
    assert sorted(chosen) == sorted([[(str(person.pk), str(person))] if person else [] for person in people])


def test_agencies_of_the_province_of_a_row_alone_are_offered_in_it(cast, elsewhere, admin_client):
    formsets = admin_client.get(page("circular_change", cast.circular.pk)).context["inline_admin_formsets"]
    (receipts,) = (each.formset for each in formsets if each.formset.model is CircularReceipt)
    offered = set(receipts.empty_form.fields["agency"].queryset)
    assert offered == {cast.agency_a, cast.agency_b}


def test_rows_of_the_same_name_are_offered_with_their_cycle(cast, elsewhere, admin_client):
    """And those alone that the form takes: a visit is made while its cycle runs."""
    closed = make.CycleFactory(province=cast.province, performance_year=1402, title="ارزیابی ۱۴۰۲")
    Participation.objects.create(cycle=closed, agency=cast.agency_a)
    Cycle.objects.filter(pk=closed.pk).update(stage=Stage.CLOSED)
    asked = {"app_label": "evaluation", "model_name": "visit", "field_name": "participation", "term": "اداره"}

    def offered(client):
        return [row["text"] for row in client.get("/admin/autocomplete/", asked).json()["results"]]

    assert sorted(offered(admin_client)) == sorted(
        ["اداره الف · ارزیابی ۱۴۰۴", "اداره ب · ارزیابی ۱۴۰۴", "اداره دور · ارزیابی دور"]
    )
    asked |= {"model_name": "target", "field_name": "agency"}
    assert sorted(offered(admin_client)) == sorted(
        [f"اداره الف · {cast.province}", f"اداره ب · {cast.province}", "اداره دور · دور"]
    )
    assert sorted(offered(visit(cast, "manager"))) == ["اداره الف", "اداره ب"]


def test_people_of_the_same_name_are_offered_with_their_user_names(cast, elsewhere, admin_client):
    for name in ("one", "two"):
        make.UserFactory(username=name, first_name="رضا", last_name="رضایی", is_staff=True)
    make.UserFactory(username="رضا۲", first_name="", last_name="", is_staff=True)
    asked = {"app_label": "evaluation", "model_name": "committeemember", "field_name": "user", "term": "رضا"}
    texts = [row["text"] for row in admin_client.get("/admin/autocomplete/", asked).json()["results"]]
    assert sorted(texts) == ["رضا رضایی · one", "رضا رضایی · two", "رضا۲"]


# -- links ----------------------------------------------------------------------------------------


def test_links_to_the_rows_of_a_large_table_are_asked_together(cast, monkeypatch):
    cast.until(Stage.SELF_ASSESSMENT)
    lines = list(Line.objects.order_by("pk"))

    def answers():
        request = RequestFactory().get("/")
        request.user = cast.reporter_a
        with CaptureQueriesContext(connection) as queries:
            found = [related_links.opens(request, line) for line in lines]
        return found, len(queries)

    small, _queries = answers()
    assert {True, False} == set(small)
    monkeypatch.setattr(related_links, "MANY", 3)
    large, queries = answers()
    assert large == small
    blocks = {line.pk // 3 for line in lines}
    assert queries <= len(blocks) + 6  # the person's rights, the first row, all rows, and each block once


# -- search ---------------------------------------------------------------------------------------


def found(client, words):
    rows = client.get("/admin/search/", {"s": words}).context["results"]
    return [row.link for row in rows if "/indicator/" in row.link and row.link.endswith("/change/")]


@pytest.mark.parametrize("person", ["manager", "superuser"])
def test_of_many_rows_with_a_word_the_newest_are_found(cast, elsewhere, admin_client, monkeypatch, person):
    client = admin_client if person == "superuser" else visit(cast, person)
    monkeypatch.setattr(search, "PER_LIST", 3)
    Indicator.objects.filter(cycle=elsewhere).update(title="شاخص دور")
    rows = Indicator.objects.filter(title__contains="شاخص")
    newest = rows if person == "superuser" else rows.filter(cycle=cast.cycle)
    expected = [page("indicator_change", row.pk) for row in newest.order_by("-pk")[:3]]
    assert len(expected) == 3
    assert found(client, "شاخص") == expected
    monkeypatch.setattr(search, "FEW", 2)
    assert found(client, "شاخص") == expected


@pytest.mark.parametrize("person", ["manager", "headquarters_a", "superuser"])
def test_a_search_shows_the_same_rows_whether_few_or_many_hold_the_word(
    cast, elsewhere, admin_client, monkeypatch, person
):
    client = admin_client if person == "superuser" else visit(cast, person)
    monkeypatch.setattr(site._registry[Line], "list_per_page", 2)

    def pages():
        asked = {"q": "شاخص", "assessment__participation__cycle__id__exact": cast.cycle.pk}
        listed = [client.get(page("line_changelist"), asked | {"p": number}).context["cl"] for number in (1, 2)]
        return [[line.pk for line in each.result_list] for each in listed], [each.result_count for each in listed]

    few, counts = pages()
    assert len(few[0]) == 2
    monkeypatch.setattr(lookups, "MAX_FOUND", 1)
    monkeypatch.setattr(list_summary, "MAX_COUNTED", 1)
    if person == "manager":
        assert pages() == (few, counts)
    else:  # they read that there is more than one
        many, counts = pages()
        assert (many[0][:2], counts[0]) == (few[0], 1)


@pytest.mark.parametrize("person", ["headquarters_a", "reporter_a"])
def test_a_headquarters_looks_words_up_in_its_own_files_alone(cast, elsewhere, monkeypatch, person):
    """What is in many files of the country is in few of its own: these are named by their keys."""
    for number, line in enumerate(Line.objects.all()):
        proof = {"title": "سند", "file": f"evidence/{number}.pdf", "size": 1, "uploaded_by": cast.manager}
        Evidence.objects.create(line=line, **proof)
    user = getattr(cast, person)
    holding = Line.objects.filter(indicator__search_key__contains="شاخص")
    own = holding.visible_to(user)
    assert 0 < own.count() < holding.count()
    monkeypatch.setattr(word_search, "MAX_KEYS", own.count())
    request = RequestFactory().get("/")
    request.user = user
    known = word_search.known_words(request)
    fields = site._registry[Evidence].search_fields
    shown = word_search.rows_with(Evidence.objects.visible_to(user), fields, "شاخص", known)
    assert set(shown) == set(Evidence.objects.filter(line__in=own))
    (keys,) = (keys for (model, *_place), keys in known.items() if model is Line)
    assert set(keys) == set(own.values_list("pk", flat=True))


def test_lines_of_many_indicators_are_not_looked_for_in_the_whole_country(cast, elsewhere, monkeypatch):
    """Nor are rows counted once more that were just found to be many."""
    superuser = make.UserFactory(username="root", is_superuser=True, is_staff=True)
    for number, line in enumerate(Line.objects.all()):
        proof = {"title": "سند", "file": f"evidence/{number}.pdf", "size": 1, "uploaded_by": superuser}
        Evidence.objects.create(line=line, **proof)
    client = cast.client(superuser)

    def asked():
        with CaptureQueriesContext(connection) as queries:
            listed = client.get(page("evidence_changelist"), {"q": "شاخص"}).context["cl"]
        lines = [query for query in queries if query["sql"].startswith('SELECT "evaluation_line"."id" AS "pk"')]
        counts = [query for query in queries if "COUNT(" in query["sql"] and 'evidence"."search_key' in query["sql"]]
        return {row.pk for row in listed.result_list}, listed.result_count, len(lines), len(counts)

    found, count, lines, counts = asked()
    assert (len(found), lines, counts) == (count, 1, 0)
    monkeypatch.setattr(word_search, "MAX_KEYS", 1)
    assert asked() == (found, count, 0, 0)
    monkeypatch.setattr(list_summary, "MAX_COUNTED", count - 1)
    assert asked() == (found, count - 1, 0, 0)


def test_a_search_that_finds_more_asks_no_more(cast):
    """The rows found are read with what their columns show of other rows."""
    manager = visit(cast, "manager")

    def price():
        with CaptureQueriesContext(connection) as queries:
            assert manager.get(page("agency_changelist"), {"q": "اداره"}).context["cl"].result_count > 1
        return len(queries)

    price()
    few = price()
    for number in range(4):
        headquarters = make.HeadquartersFactory(name=f"ستاد {number}")
        make.AgencyFactory(province=cast.province, name=f"اداره {number}", headquarters=headquarters)
    assert price() == few


def test_the_years_of_a_long_list_are_those_of_the_cycles(cast, elsewhere, monkeypatch):
    """Whoever sees some of all rows is not made to wait for the first of them."""
    line = Line.objects.filter(assessment__participation__agency=cast.agency_a).first()
    Evidence.objects.create(line=line, title="سند", file="evidence/1.pdf", size=1, uploaded_by=cast.reporter_a)
    monkeypatch.setattr(list_summary, "MAX_COUNTED", 0)
    listed = visit(cast, "headquarters_a").get(page("evidence_changelist")).context["cl"]
    (period,) = [spec for spec in listed.filter_specs if spec.field_path == "uploaded_at"]
    assert period.span["first"] == min(cast.cycle.period_start, elsewhere.period_start)


def test_a_list_of_few_rows_of_several_provinces_is_read_by_keys(cast, elsewhere, monkeypatch):
    """And shows the same as one whose rows nobody counts."""

    def rows(**chosen):
        response = visit(cast, "headquarters_a").get(page("assessment_changelist"), chosen)
        listed = response.context["cl"]
        summary = response.wsgi_request.list_summaries[listed.model_admin]
        return [row.pk for row in listed.result_list], listed.result_count, getattr(summary, "row_keys", None)

    chosen = {"participation__cycle__id__exact": elsewhere.pk}
    shown, count, keys = rows()
    assert (len(shown), count, sorted(keys)) == (3, 3, sorted(shown))
    of_cycle, *_others = rows(**chosen)
    assert len(of_cycle) == 1
    monkeypatch.setattr(list_summary, "MAX_COUNTED", 2)
    uncounted, _count, keys = rows()
    assert (sorted(uncounted), keys) == (sorted(shown), None)
    assert rows(**chosen)[:2] == (of_cycle, 1)


# -- ends -----------------------------------------------------------------------------------------


def test_of_many_cycles_the_open_windows_alone_are_read(cast, elsewhere, monkeypatch):
    cycles = [cast.cycle, elsewhere]

    def told():
        running = ends.Ends([type(cycle).objects.get(pk=cycle.pk) for cycle in cycles])
        alone = [
            (running.end(cycle.pk, stage), running.is_over(cycle.pk, stage)) for cycle in cycles for stage in Stage
        ]
        return [*alone, *(running.soonest(cycles, stage) for stage in Stage)]

    few = told()
    assert few[-len(Stage) :] != [None] * len(Stage)
    monkeypatch.setattr(ends, "MANY_CYCLES", 1)
    assert told() == few
    with CaptureQueriesContext(connection) as queries:
        assert ends.Ends(cycles).soonest(cycles, Stage.SELF_ASSESSMENT)
    assert len(queries) == 1


# -- order ----------------------------------------------------------------------------------------


def test_a_list_too_long_to_count_comes_in_the_order_of_a_key(cast, elsewhere, admin_client, monkeypatch):
    """Indicators by cycle, and within it as ever; files with the newest first. One province keeps its order."""

    def rows(client, name):
        return [row.pk for row in client.get(page(f"{name}_changelist")).context["cl"].result_list]

    manager = visit(cast, "manager")
    by_name, own = rows(admin_client, "assessment"), rows(manager, "indicator")
    assert by_name != sorted(by_name, reverse=True)
    monkeypatch.setattr(list_summary, "MAX_COUNTED", 1)
    far = list(Indicator.objects.filter(cycle=elsewhere).values_list("pk", flat=True))
    assert rows(admin_client, "indicator") == [*far, *own]
    assert rows(admin_client, "assessment") == sorted(by_name, reverse=True)
    assert rows(manager, "indicator") == own


@pytest.mark.parametrize("person", ["headquarters_a", "reporter_a", "manager"])
@pytest.mark.parametrize("counted", [0, 1000])
def test_evidence_comes_newest_first_whether_sorted_or_by_the_index(cast, elsewhere, monkeypatch, person, counted):
    """Few rows of the country are sorted, by an expression, so that the index of all is not read until they are met."""
    monkeypatch.setattr(list_summary, "MAX_COUNTED", counted)
    monkeypatch.setattr(site._registry[Evidence], "list_per_page", 2)
    moment = timezone.now()
    for number, line in enumerate(Line.objects.order_by("?")):
        proof = {"title": "سند", "file": f"evidence/{number}.pdf", "size": 1, "uploaded_by": cast.manager}
        row = Evidence.objects.create(line=line, **proof)
        Evidence.objects.filter(pk=row.pk).update(uploaded_at=moment + timedelta(seconds=number // 2))
    with CaptureQueriesContext(connection) as queries:
        listed = visit(cast, person).get(page("evidence_changelist")).context["cl"]
    seen = Evidence.objects.visible_to(getattr(cast, person)).order_by("-uploaded_at", "-pk")
    assert [row.pk for row in listed.result_list] == list(seen.values_list("pk", flat=True)[:2])
    is_sorted = any("ORDER BY COALESCE(" in query["sql"] for query in queries)
    assert is_sorted == (person != "manager")


@pytest.mark.parametrize("name", choices.NAMED_BY)
def test_rows_to_choose_from_are_named_without_a_further_query(cast, name, django_assert_num_queries):
    cast.until(Stage.SELF_ASSESSMENT)
    model = apps.get_model("evaluation", name)
    if name == "resultset":
        model.objects.create(cycle=cast.cycle)
    rows = choices.with_names(model.objects.order_by())
    with django_assert_num_queries(1):
        assert [str(row) for row in rows]


@pytest.mark.parametrize("name", choices.NAME_COLUMNS)
def test_rows_named_by_one_column_read_the_same_in_filters(cast, name):
    cast.until(Stage.SELF_ASSESSMENT)
    rows = apps.get_model("evaluation", name).objects.all()
    if name == "resultset":
        rows.create(cycle=cast.cycle)
    named = choices.named_from_columns(rows.model, rows.values_list("pk", *choices.NAME_COLUMNS[name]))
    assert named == [(row.pk, str(row)) for row in rows]
