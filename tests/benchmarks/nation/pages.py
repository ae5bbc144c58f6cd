"""Every page of the admin and the searches, as the people see them who use them most, in this process's database."""

from contextlib import contextmanager
from dataclasses import asdict

from django.contrib.admin import site
from django.core.cache import cache
from django.core.paginator import Page
from django.test import Client, RequestFactory
from django.urls import reverse

from evaluation.admin.menu import sidebar
from evaluation.admin.menu.years import PARAMETER
from tests.admin.test_page_prices import accept_commitments, addresses, person

from .rows import watched, work_alone
from .tables import ALL_YEARS, ALONE, ANEW

PEOPLE = {
    "manager": "demo-manager",
    "agency": "demo-agency-",
    "headquarters": "demo-headquarters-",
    "evaluator": "demo-evaluator-egov-1",
    "administrator": "demo-admin",
}
SEARCHES = {
    "Ctrl+K «مدیر»": (None, "مدیر"),
    "Ctrl+K «آموزش»": (None, "آموزش"),
    "lines with «آموزش»": ("line", "آموزش"),
    "evidence with «آموزش»": ("evidence", "آموزش"),
    "agencies with «اداره»": ("agency", "اداره"),
}  # {name: (the list of which table; None of them, words)}
FAILED = 500
HOUR = 3600  # seconds
FRAME = "admin:password_change_done"  # a page that shows nothing but the frame: account, rights, menu, announcements


class Walk:
    """What this process is asked (`questions.py`): one person after the other, page by page."""

    def __init__(self):
        sidebar.COUNTS_KEPT = HOUR  # what is counted inside `watched` is taken back
        work_alone()

    def begin(self, who):
        """From now on this person looks at pages. Returns [(name, address, words asked for)] of theirs."""
        self.user = person(PEOPLE[who])
        self.client = Client(raise_request_exception=False)
        self.client.force_login(self.user)
        accept_commitments(self.user)
        self.client.get(reverse("admin:index"))
        every_page = addresses(self.user, all_years=True)
        places = [(ALONE, reverse(FRAME), {}), (ANEW, reverse(FRAME), {})]
        places += [(name.removeprefix("evaluation_"), address, {}) for name, address in every_page]
        return places + list(self.searches())

    def searches(self):
        """(name, address, words asked for) of SEARCHES: lists as the menu opens them, and of all years."""
        request = RequestFactory().get("/")
        request.user = self.user
        for name, (table, words) in SEARCHES.items():
            if table is None:
                yield name, reverse("admin:search"), {"s": words}
                continue
            address, asked = reverse(f"admin:evaluation_{table}_changelist"), {"q": words}
            if year := sidebar.years_of(request).opened(table):
                yield name, address, asked | {PARAMETER: year}
                yield f"{name}{ALL_YEARS}", address, asked
            else:
                yield name, address, asked

    def visit(self, name, address, asked, rows=None):
        """The work of a page and how many rows it shows; None where it does not answer.

        `rows`: how many rows a list shows at most. The counts of the menu are kept for seconds and counted anew after
        each form, so they are a page of their own (ANEW) and stand in no other.
        """
        with rows_a_page(rows), watched() as work:
            if name == ANEW:
                cache.clear()  # taken back as well
            response = self.client.get(address, asked, headers={"HX-Request": "true"} if "s" in asked else {})
        if response.status_code >= FAILED:
            return {"failed": True}
        if response.status_code != 200 or "Content-Disposition" in response:
            return None
        return {**asdict(work), "seconds": work.seconds, "shown": shown_by(response), "failed": False}


@contextmanager
def rows_a_page(rows):
    """Every list shows at most so many rows at once; as many as usual where `rows` is None."""
    lists = [model_admin for model_admin in site._registry.values() if rows and model_admin.list_per_page > rows]
    usual = [model_admin.list_per_page for model_admin in lists]
    for model_admin in lists:
        model_admin.list_per_page = rows
    try:
        yield
    finally:
        for model_admin, rows_before in zip(lists, usual, strict=True):
            model_admin.list_per_page = rows_before


def shown_by(response):
    """The rows of a list or of a search; 0 for every other page."""
    context = getattr(response, "context_data", None) or {}
    if "cl" in context:
        return len(context["cl"].result_list)
    results = context.get("results")
    return len(results) if isinstance(results, Page) else 0  # pages of results call their figures so too
