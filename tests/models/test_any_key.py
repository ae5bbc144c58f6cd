"""`any_of` finds what `__in` finds, by one parameter on PostgreSQL."""

import pytest
from django.db import connection

from evaluation.enums import Stage
from evaluation.models import Agency, Participation

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("few", [0, 1, 2])
def test_rows_are_found_by_their_keys_and_by_those_of_a_relation(cast, few):
    cast.until(Stage.SELF_ASSESSMENT)
    keys = list(Agency.objects.order_by("pk").values_list("pk", flat=True)[:few])
    for path in ("pk", "agency"):
        rows = (Agency if path == "pk" else Participation).objects.order_by("pk")
        assert list(rows.filter(**{f"{path}__any_of": keys})) == list(rows.filter(**{f"{path}__in": keys}))
        assert rows.count() > 1
        assert list(rows.exclude(**{f"{path}__any_of": keys})) == list(rows.exclude(**{f"{path}__in": keys}))


def test_keys_of_a_relation_that_leads_on(cast):
    cast.until(Stage.SELF_ASSESSMENT)
    keys = list(Agency.objects.values_list("pk", flat=True))
    rows = Participation.objects.filter(agency__headquarters__agencies__any_of=keys, agency__any_of=keys)
    assert set(rows) == set(Participation.objects.exclude(agency__headquarters=None)) != set()


def test_postgresql_gets_one_parameter():
    sql, params = Agency.objects.filter(pk__any_of=[1, 2, 3]).order_by().query.sql_with_params()
    assert len(params) == (1 if connection.vendor == "postgresql" else 3), sql
