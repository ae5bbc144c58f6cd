"""Connections to the database: how PostgreSQL plans, how long a web process keeps one, how long one statement may
take, and the page for one that was stopped.
"""

import logging
import os

from django.db import OperationalError
from django.http import HttpResponse
from django.template.loader import render_to_string

WEB_SECONDS = 30  # less than gunicorn gives a request, so that the person reads a sentence
# The database of an office fits into memory: a row by an index costs hardly more than the next one of its table. With
# PostgreSQL's own 4, made for disks, a province's list reads the rows of all provinces.
READ_BY_INDEX = "-c random_page_cost=1.1"
# Where the planner expects much work, PostgreSQL compiles a statement first: the list of assessments, eight sums each,
# took 200 ms over an empty table when it did.
UNCOMPILED = "-c jit=off"
# In how many orders so many tables can be joined is what a statement of twelve tables is planned by: with PostgreSQL's
# own 8 that took 47 ms of the list of indicators, with 6 it takes 11. Five or four plan quicker still, but then far
# more rows of evidence are read (docs/benchmarks.md).
FEWER_PLANS = "-c join_collapse_limit=6 -c from_collapse_limit=6"
CANCELLED = "57014"  # SQLSTATE query_canceled

logger = logging.getLogger(__name__)


def limit_web_statements() -> None:
    """Set the limit for this process, which answers web requests; call it before the settings are read.

    WEB_STATEMENT_TIMEOUT says how many seconds (0: no limit). Workers and commands, which may take long, never call it.
    """
    os.environ["STATEMENT_TIMEOUT"] = os.environ.get("WEB_STATEMENT_TIMEOUT") or str(WEB_SECONDS)


def keep_web_connections() -> None:
    """Keep this process's connection to SQLite open from request to request; call it before the settings are read.

    Opening it takes a sixth of a save. Workers and commands, which make processes of their own, never call it.
    """
    os.environ["CONNECTION_SECONDS"] = "600"


def connection_options(seconds: int) -> dict[str, str]:
    """The options of a PostgreSQL connection whose statements take at most so many seconds; 0 sets no limit."""
    limit = [f"-c statement_timeout={seconds * 1000}"] if seconds else []
    return {"options": " ".join([READ_BY_INDEX, UNCOMPILED, FEWER_PLANS, *limit])}


class TimeLimitMiddleware:
    """A statement that the database stopped for its time ends in a sentence with status 503; its work is undone."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        """The page 503 for such a statement, which asks the database nothing; None for every other failure."""
        if not isinstance(exception, OperationalError) or getattr(exception.__cause__, "sqlstate", "") != CANCELLED:
            return None
        logger.warning("A statement took too long and was stopped: %s %s", request.method, request.path)
        return HttpResponse(render_to_string("503.html"), status=503, headers={"Retry-After": "60"})
