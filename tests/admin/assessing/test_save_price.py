"""What a save of one line costs: one post, and a fixed, small number of queries for every role."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evaluation.enums import Stage
from tests.admin.assessing.lines_page import Page

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]  # counts of queries

PRICES = [  # queries, the savepoint of the test's transaction and its release among them
    (Stage.SELF_ASSESSMENT, "reporter_a", "G-1", 14),
    (Stage.TRANSFER, "headquarters_a", "G-1", 13),
    (Stage.EVALUATION, "evaluator", "G-1", 14),
    (Stage.EVALUATION, "steward", "G-2", 12),
    (Stage.EVALUATION, "expert", "G-1", 12),
]


@pytest.mark.parametrize(("stage", "who", "code", "price"), PRICES)
def test_a_save_asks_a_few_queries_for_every_role(cast, stage, who, code, price):
    page = Page(cast.until(stage), who, cast.assessment(cast.agency_a))
    page.save(code, actual="12")
    posted, address = page.fields(code, actual="13"), f"{page.url}{page.line(code).pk}/save/"
    with CaptureQueriesContext(connection) as queries:
        answer = page.client.post(address, posted).json()
    shown = page.fields(code)
    assert (answer["ok"], shown[f"{page.line(code).pk}-version"]) == (True, answer["version"])
    assert len(queries) == price
