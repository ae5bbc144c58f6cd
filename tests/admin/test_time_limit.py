"""A statement that takes too long on PostgreSQL is stopped: the person reads a sentence, and nothing is changed."""

import os
import subprocess
import sys

import pytest
from django.db import connection
from django.utils.html import escape

from backoffice import settings as product
from evaluation.admin.agencies.organization import AgencyAdmin

pytestmark = [
    pytest.mark.skipif(product.ON_SQLITE, reason="SQLite stops no statement"),
    pytest.mark.django_db(transaction=True),
]
SENTENCE = (
    "The answer took longer than the system allows, so it was stopped; nothing was changed. Choose a filter or a "
    "longer search word and try again. If this happens again, tell the system administrator."
)


@pytest.fixture
def _hurried(cast):
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 300")
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")


def sleep():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(5)")


@pytest.mark.usefixtures("_hurried")
@pytest.mark.parametrize("while_drawn", [False, True])
def test_a_slow_list_ends_in_a_sentence(cast, monkeypatch, while_drawn):
    client, rows = cast.client("manager"), AgencyAdmin.get_queryset
    client.cookies["django_language"] = "en"

    def slow(self, request):
        sleep()
        return rows(self, request)

    def column(_agency):
        sleep()

    if while_drawn:
        monkeypatch.setattr(AgencyAdmin, "get_list_display", lambda *_args: ("name", column))
    else:
        monkeypatch.setattr(AgencyAdmin, "get_queryset", slow)
    response = client.get("/admin/evaluation/agency/")
    assert (response.status_code, response.get("Retry-After")) == (503, "60")
    assert escape(SENTENCE) in response.content.decode()
    monkeypatch.undo()
    assert client.get("/admin/evaluation/agency/").status_code == 200


@pytest.mark.parametrize(
    ("module", "environment", "limit"),
    [
        ("backoffice.wsgi", {}, "30s"),
        ("backoffice.asgi", {}, "30s"),
        ("backoffice.wsgi", {"WEB_STATEMENT_TIMEOUT": "7"}, "7s"),
        ("backoffice.wsgi", {"WEB_STATEMENT_TIMEOUT": "0"}, "0"),
        ("evaluation.tasks", {}, "0"),
    ],
)
def test_what_answers_requests_has_the_limit_and_what_works_behind_has_none(module, environment, limit):
    program = (
        "import importlib, django, sys\n"
        "if sys.argv[1] == 'evaluation.tasks': django.setup()\n"
        "importlib.import_module(sys.argv[1])\n"
        "from django.db import connection\n"
        "with connection.cursor() as cursor:\n"
        "    for name in ('statement_timeout', 'random_page_cost', 'jit', 'join_collapse_limit'):\n"
        "        cursor.execute(f'SHOW {name}')\n"
        "        print(cursor.fetchone()[0])\n"
    )
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "backoffice.settings"} | environment
    server = env["DATABASE_URL"].rpartition("/")[0] + "/postgres"
    ran = subprocess.run(
        [sys.executable, "-c", program, module],
        env=env | {"DATABASE_URL": server},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.split() == [limit, "1.1", "off", "6"]  # and each plans for tables in memory
