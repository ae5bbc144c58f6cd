"""A verb on many chosen rows: its page and its POST ask as much for many files as for few."""

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evaluation.models import Assessment, TransitionLog
from tests.admin.english import page
from tests.tasks.wide_year import evaluated

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
MOST = 3  # queries a file, of the question and the deed together
STEPS = {
    "finish_scoring": {},
    "disclose": {"state": "scored"},
    "confirm": {"state": "disclosed", "disclosed_at": timezone.now},
}


def paid(name, agencies):
    """(files, queries of both requests): the question, then its own POST."""
    with transaction.atomic():
        year = evaluated(agencies=agencies, lines=1)
        year.lines.update(initial_actual=80, initial_score=8)
        columns = {key: value() if callable(value) else value for key, value in STEPS[name].items()}
        scored = {"scored_at": timezone.now(), "scored_by": year.expert}
        Assessment.objects.update(**scored, **columns)
        client = Client()
        client.force_login(year.manager)
        address = page("assessment_changelist")
        client.get(address)
        keys = list(year.cycle.assessments().values_list("pk", flat=True))
        posted = {"action": f"do_{name}", ACTION_CHECKBOX_NAME: keys}
        with CaptureQueriesContext(connection) as queries:
            question = client.post(address, posted)
            posted |= {"confirm": "1", **{key: value for key, value in question.context["hidden"] if key != "action"}}
            done = client.post(address, posted | {ACTION_CHECKBOX_NAME: keys})
        assert (question.status_code, done.status_code, question.context["left_out"]) == (200, 302, [])
        assert TransitionLog.objects.filter(name=name, by=year.manager).count() == len(keys) == 2 * agencies
        transaction.set_rollback(True)
    return 2 * agencies, len(queries)


@pytest.mark.parametrize("name", STEPS)
def test_a_verb_on_chosen_rows_asks_as_much_for_many_as_for_few(name):
    (_few, few_queries), (many, many_queries) = paid(name, 3), paid(name, 20)
    assert (many_queries - few_queries, many_queries <= MOST * many) == (0, True)
