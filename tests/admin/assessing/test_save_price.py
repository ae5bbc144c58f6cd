"""What the page of lines and a save of one line cost: a fixed, small number of queries for every role."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evaluation.enums import MarkLevel, Stage
from evaluation.models import Line
from evaluation.process.assessing import line as line_verbs
from tests import factories as make
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


@pytest.mark.parametrize(("who", "most"), [("reporter_a", 14), ("expert", 13), ("evaluator", 16)])
def test_queries_do_not_grow_with_the_lines(cast, who, most):
    cast.until(Stage.EVALUATION if who == "evaluator" else Stage.SELF_ASSESSMENT)
    found = Page(cast, who, cast.assessment(cast.agency_a))
    if who == "reporter_a":
        found.save("G-1", actual="1")
    found.get()
    with CaptureQueriesContext(connection) as few:
        found.get()
    line = found.line("G-1")
    for number in range(3):
        copy = make.IndicatorFactory(dimension=cast.general, axis=cast.axis_1, code=f"G-9{number}", points=1)
        added = Line.objects.create(assessment=line.assessment, indicator=copy, maximum=1, target=100)
        if who == "reporter_a":
            line_verbs.record(added, MarkLevel.SELF, line_verbs.Figures(actual=Decimal(3)), by=cast.reporter_a)
    with CaptureQueriesContext(connection) as many:
        found.get()
    assert (len(few), len(many)) == (most, most)
