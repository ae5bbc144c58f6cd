"""Columns of queries are told apart as Django tells them apart, at less cost."""

import pytest
from django.db.models import CharField
from django.db.models.expressions import Col

from backoffice.columns import bound_identity, identity_of
from evaluation.models import Agency, Line

CODE, NAME = Agency._meta.get_field("code"), Agency._meta.get_field("name")
COLUMNS = [
    lambda: Col("agency", CODE),
    lambda: Col(None, CODE),
    lambda: Col("agency", CODE, NAME),
    lambda: Col("agency", CODE, output_field=NAME),
    lambda: Col("agency", target=CODE),
    lambda: Col("agency", CODE, CharField()),
]


class Counted(Col):
    """A column of somebody's own: its arguments are not known here."""

    def __init__(self, alias, target, number=0):
        super().__init__(alias, target)


@pytest.mark.parametrize("column", [*COLUMNS, lambda: Counted("agency", CODE, 3)])
def test_the_identity_is_that_of_django(column):
    assert identity_of(column()) == bound_identity(column())


def test_no_signature_is_bound_for_the_columns_of_an_ordered_query(monkeypatch):
    monkeypatch.setattr(Col, "_constructor_signature", None)
    lines = Line.objects.select_related("assessment__participation__agency").order_by(
        "assessment__participation__agency"
    )
    assert "ORDER BY" in str(lines.query)


def test_different_columns_are_different():
    assert (
        len({column() for column in COLUMNS}) == 4
    )  # the third and the fourth are one, and so are the first and the fifth
