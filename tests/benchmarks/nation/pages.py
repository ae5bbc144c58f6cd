"""Every page of the admin and the searches, as the people see them who use them most."""

from contextlib import contextmanager
from dataclasses import asdict

from django.contrib.admin import site
from django.core.cache import cache
from django.core.paginator import Page
from django.test import Client
from django.urls import reverse

from evaluation.admin.menu import sidebar
from tests.admin.test_page_prices import accept_commitments, addresses, person

from .rows import watched
from .tables import ALONE

PEOPLE = {
    "manager": "demo-manager",
    "agency": "demo-agency-",
    "headquarters": "demo-headquarters-",
    "evaluator": "demo-evaluator-egov-1",
    "administrator": "demo-admin",
}
SEARCHES = {
    "Ctrl+K «مدیر»": ("admin:search", "مدیر", "s"),
    "Ctrl+K «آموزش»": ("admin:search", "آموزش", "s"),
    "lines with «آموزش»": ("admin:evaluation_line_changelist", "آموزش", "q"),
    "evidence with «آموزش»": ("admin:evaluation_evidence_changelist", "آموزش", "q"),
    "agencies with «اداره»": ("admin:evaluation_agency_changelist", "اداره", "q"),
}
FAILED = 500
ROUNDS = 2  # the least of them counts; the first also fills what is made once for a process
HOUR = 3600  # seconds
FRAME = "password_change_done"  # a page that shows nothing but the frame: account, rights, menu, announcements
ANEW = "the frame, its menu counted anew"


def measure(people, *, before=()):
    """[{who, page, queries, database, processor, read, own, shown}] of every page and search that answers these people.

    `own`: rows read for the page itself, without its frame. The counts of the menu are kept for seconds and counted
    anew after each form, so they are a row of their own (ANEW) and stand in no other. `before` is what this function
    returned for a smaller database: a list that shows more rows now has under `alike` its seconds for as many as then.
    """
    then = {(row["who"], row["page"]): row["shown"] for row in before}
    return [row for who in people for row in of_person(who, person(PEOPLE[who]), then)]


def of_person(who, user, then):
    client = Client(raise_request_exception=False)
    client.force_login(user)
    accept_commitments(user)
    sidebar.COUNTS_KEPT = HOUR  # what is counted inside `watched` is taken back
    client.get(reverse("admin:index"))
    frames = [visited(client, reverse(f"admin:{FRAME}"), {}) for _time in range(3)]
    frame = min(frames, key=lambda visit: visit["processor"])
    yield {"who": who, "page": ALONE, **frame, "own": 0}
    yield {"who": who, "page": ANEW, **visited(client, reverse(f"admin:{FRAME}"), {}, anew=True), "own": 0}
    client.get(reverse("admin:index"))
    places = [(name.removeprefix("evaluation_"), address, {}) for name, address in addresses(user)]
    places += [(name, reverse(address), {key: words}) for name, (address, words, key) in SEARCHES.items()]
    for name, address, asked in places:
        if visit := visited(client, address, asked):
            if 0 < (rows := then.get((who, name), 0)) < visit["shown"]:
                with rows_a_page(rows):
                    visit["alike"] = visited(client, address, asked)["alike"]
            yield {"who": who, "page": name, **visit, "own": max(visit["read"] - frame["read"], 0)}


@contextmanager
def rows_a_page(rows):
    """Every list shows at most so many rows at once."""
    lists = [model_admin for model_admin in site._registry.values() if model_admin.list_per_page > rows]
    usual = [model_admin.list_per_page for model_admin in lists]
    for model_admin in lists:
        model_admin.list_per_page = rows
    try:
        yield
    finally:
        for model_admin, rows_before in zip(lists, usual, strict=True):
            model_admin.list_per_page = rows_before


def visited(client, address, asked, *, anew=False):
    """The work of a page, the least of all rounds, and how many rows it shows; None where it does not answer."""
    rounds = []
    for _round in range(ROUNDS):
        if anew:
            cache.clear()
        with watched() as work:
            response = client.get(address, asked, headers={"HX-Request": "true"} if "s" in asked else {})
        if response.status_code >= FAILED:  # a copy has not what results keep of the original
            return {**asdict(work), "alike": work.seconds, "shown": 0, "failed": True}
        if response.status_code != 200 or "Content-Disposition" in response:
            return None
        rounds.append(work)
    best = min(rounds, key=lambda work: work.seconds)
    return {**asdict(best), "alike": best.seconds, "shown": shown_by(response), "failed": False}


def shown_by(response):
    """The rows of a list or of a search; 0 for every other page."""
    context = getattr(response, "context_data", None) or {}
    if "cl" in context:
        return len(context["cl"].result_list)
    results = context.get("results")
    return len(results) if isinstance(results, Page) else 0  # pages of results call their figures so too
