"""No page asks more than twenty queries, for nobody, and a nation costs as many as a province.

The pages are those of the admin, found by their names; the rows are the newest that a person sees.
"""

import pytest
import time_machine
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from evaluation.admin.menu.sidebar import opened
from evaluation.models import Cycle
from evaluation.process.assessing import commitments
from tests import snapshots

from .rights_pages import key_of, model_of, named

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.one_database,  # counts of queries
    pytest.mark.xdist_group("page prices"),  # one worker seeds the province
]

MOST = 20  # queries of a page, the session among them
# A form that few open and a file, which read every row that they name; and no pages.
LEFT_OUT = {"delete", "export", "autocomplete", "jsi18n", "logout"}
PEOPLE = {
    "manager": "demo-manager",
    "agency": "demo-agency-",
    **{role: pytest.param(name, marks=pytest.mark.long) for role, name in {
        "evaluator": "demo-evaluator-egov-1",
        "headquarters": "demo-headquarters-",
        "expert": "demo-expert",
        "steward": "demo-steward-",
        "national": "demo-national",
        "council": "demo-council",
        "observer": "demo-observer",
        "superuser": "demo-admin",
    }.items()},
}  # fmt: skip
CROSSING = ("demo-headquarters-", pytest.param("demo-national", marks=pytest.mark.long))  # they see several provinces


def seed():
    call_command("seed_demo", until="festival", agencies=3, verbosity=0)
    return Cycle.objects.get(performance_year=1404)


@pytest.fixture
def province(db):
    return snapshots.once(seed, "a province at its end")


def nation():
    call_command("make_nation", provinces=3, years=2, verbosity=0)


def person(name):
    return get_user_model().objects.filter(username__startswith=name).order_by("pk").first()


def accept_commitments(user):
    """An agency's person accepts those of each cycle before any other page opens."""
    for seat in user.memberships.exclude(agency=None):
        for cycle in seat.agency.province.cycles.all():
            commitments.accept_commitments(cycle, seat.agency, by=user, text=commitments.text_of(cycle))


def addresses(user, *, lists_alone=False, all_years=False):
    """(name, address) of the pages of the admin that lead to no other step, with the newest row that `user` sees.

    Lists are opened as the menu opens them, in the running year; with `all_years` also with all rows, under a name of
    their own.
    """
    request, newest = RequestFactory().get("/"), {}
    request.user = user
    for name, arguments in named():
        model, page = model_of(name)
        if page in LEFT_OUT or (lists_alone and page != "changelist"):
            continue
        if not arguments:
            address = reverse(f"admin:{name}")
            link = opened(request, address, model._meta.model_name) if page == "changelist" else address
            yield name, link
            if all_years and link != address:
                yield f"{name} of all years", address
        elif model in admin.site._registry and (key := key_of(arguments)) and len(arguments) == 1:
            if model not in newest:
                rows = admin.site._registry[model].get_queryset(request)
                newest[model] = rows.order_by("-pk").values_list("pk", flat=True).first()
            if newest[model]:
                yield name, reverse(f"admin:{name}", kwargs={key: newest[model]})


def searches():
    """(name, address) of Ctrl+K with words that are in many rows."""
    return [(f"Ctrl+K {words}", f"{reverse('admin:search')}?s={words}") for words in ("مدیر", "آموزش", "اداره")]


def prices(user, **which):
    """{name of a page or search: queries}, of those that `user` may open; what a process makes once is made before.

    The clock stands still, since the counts of the menu are kept for some seconds.
    """
    client, paid = Client(raise_request_exception=False), {}
    client.force_login(user)
    accept_commitments(user)
    with time_machine.travel(timezone.now(), tick=False):
        client.get(reverse("admin:index"))
        for name, address in [*addresses(user, **which), *searches()]:
            with CaptureQueriesContext(connection) as queries:
                response = client.get(address)
            if response.status_code == 200 and "Content-Disposition" not in response:
                paid[name] = len(queries)
    return paid


@pytest.mark.parametrize("name", PEOPLE.values())
def test_no_page_asks_more_than_twenty_queries(province, name):
    nation()
    paid = prices(person(name))
    assert len(paid) > 25
    assert {page: price for page, price in paid.items() if price > MOST} == {}


@pytest.mark.parametrize("name", CROSSING)
def test_lists_of_a_nation_ask_as_many_queries_as_those_of_a_province(province, name):
    before = prices(person(name), lists_alone=True)
    nation()
    after = prices(person(name), lists_alone=True)
    assert {page: (before[page], price) for page, price in after.items() if price > before[page]} == {}
