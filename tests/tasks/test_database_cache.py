"""The cache in a table: what is kept is read again, and keeping it is one statement."""

import itertools

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backoffice.database_cache import LOOK_EVERY, OneStatementCache

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept(db, monkeypatch):
    call_command("createcachetable", "kept", verbosity=0)
    monkeypatch.setattr(OneStatementCache, "values_kept", itertools.count(1))
    return OneStatementCache("kept", {"OPTIONS": {"MAX_ENTRIES": 10}})


def test_a_value_is_kept_and_replaced_by_one_statement_each(kept):
    with CaptureQueriesContext(connection) as queries:
        kept.set("counts", {"lines": 3}, 20)
        kept.set("counts", {"lines": 4}, 20)
    assert len(queries) == 2
    assert kept.get("counts") == {"lines": 4}


def test_a_value_ends_with_its_time_or_never(kept):
    kept.set("past", 1, -1)
    kept.set("always", 2, None)
    assert (kept.get("past"), kept.get("always"), kept.get("unknown")) == (None, 2, None)


def test_old_entries_are_thrown_away_after_so_many_values(kept):
    for number in range(LOOK_EVERY - 1):
        kept.set(f"old-{number}", number, -1)
    assert length() == LOOK_EVERY - 1
    kept.set("new", 1, 20)
    assert (length(), kept.get("new")) == (1, 1)


def length():
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM kept")
        return cursor.fetchone()[0]
