"""An address asks a list for the filters that it offers and nothing else: no hidden figure can be halved out."""

import pytest
from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import QueryDict
from django.test import RequestFactory
from django.urls import reverse

from evaluation.admin.lookups import OfferedLookupsMixin, offered_lookups
from evaluation.enums import Stage

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]  # refused before any query
PEOPLE = ("reporter_a", "headquarters_a", "evaluator", "steward", "secretary", "national", "observer", "manager")
LOOKUPS = ("", "__exact", "__gte", "__lt", "__in", "__startswith", "__isnull", "__range", "__regex", "__contains")
VALUES = {"__range": "1", "__regex": "(a+)+$", "__isnull": "True"}
HUGE = "9" * 22


def lists():
    return list(admin.site._registry.values())


def address(registered):
    return reverse(f"admin:{registered.opts.app_label}_{registered.opts.model_name}_changelist")


def asking(cast, who):
    request = RequestFactory().get("/")
    request.user = getattr(cast, who)
    request.resolver_match, request._messages = None, CookieStorage(request)
    return request


def columns(registered, request):
    """Every own column and every annotation of the list, and a way over each of its relations."""
    names = [field.name for field in registered.model._meta.fields]
    over = [f"{field.name}__pk" for field in registered.model._meta.fields if field.is_relation]
    return [*names, *over, *registered.get_queryset(request).query.annotations]


def test_every_list_reads_its_address_against_its_own_filters():
    assert [str(each) for each in lists() if not isinstance(each, OfferedLookupsMixin)] == []


@pytest.mark.parametrize("who", PEOPLE)
def test_what_no_filter_offers_is_unknown(cast, who, monkeypatch):
    """The list itself refuses before any query; that its page answers so is tried below.

    The rows that the person sees are said once for each list: a hundred addresses ask for them.
    """
    cast.until(Stage.EVALUATION)
    taken, asked = [], 0
    for registered in lists():
        request = asking(cast, who)
        if not registered.has_view_or_change_permission(request):
            continue
        offered, names = offered_lookups(registered, request), columns(registered, request)
        rows = registered.get_queryset(request)
        monkeypatch.setattr(registered, "get_queryset", lambda request, rows=rows: rows)
        for name in names:
            for lookup in LOOKUPS:
                if f"{name}{lookup}" not in offered:
                    asked += 1
                    taken += unrefused(registered, request, f"{name}{lookup}", VALUES.get(lookup, "1"))
    assert taken == []
    assert asked > 100


def unrefused(registered, request, name, value):
    request.GET = QueryDict(mutable=True)
    request.GET[name] = value
    try:
        registered.get_changelist_instance(request)
    except IncorrectLookupParameters:
        return []
    return [f"{registered.opts.model_name} {name}"]


def test_the_undisclosed_score_of_an_agency_cannot_be_halved_out(cast):
    cast.until(Stage.EVALUATION)
    cast.score(cast.assessment(cast.agency_a))
    line = cast.assessment(cast.agency_a).lines.get(indicator__code="G-1")
    client, url = cast.client("reporter_a"), reverse("admin:evaluation_line_changelist")
    answers = {
        (bound, client.get(url, {"id": line.pk, "initial_score__gte": bound}).headers["Location"])
        for bound in (0, 100, 209, 210, 211, 300)
    }
    assert {place for _bound, place in answers} == {f"{url}?e=1"}


def test_the_page_says_that_the_filter_is_unknown(cast):
    response = cast.client("manager").get(
        reverse("admin:evaluation_line_changelist"), {"initial_score": 1}, follow=True
    )
    assert [str(message) for message in response.context["messages"]] == [
        "فیلتر درخواست‌شده در این فهرست وجود ندارد؛ همهٔ موارد نمایش داده شده است."
    ]


@pytest.mark.parametrize("value", [HUGE, "1.5", "x", "(a+)+$"])
def test_no_offered_filter_falls_over_its_value(cast, value):
    """A filter by a row takes keys alone; every other one takes the value or refuses it, and its query runs."""
    request, by_row = asking(cast, "manager"), 0
    for registered in lists():
        if not registered.has_view_or_change_permission(request):
            continue
        for name, of_row in offered_lookups(registered, request).items():
            request.GET = QueryDict(mutable=True)
            request.GET[name] = value
            try:
                rows = registered.get_changelist_instance(request).result_list
            except IncorrectLookupParameters:
                by_row += of_row
                continue
            assert not of_row, name
            list(rows)
    assert by_row > 20


def test_an_unknown_filter_beside_the_mark_of_one_is_answered_once(cast):
    client, url = cast.client("manager"), reverse("admin:evaluation_line_changelist")
    answer = client.get(url, {"e": "1", "initial_score": "1"})
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{url}?e=1")
    assert client.get(f"{url}?e=1").status_code == 200
