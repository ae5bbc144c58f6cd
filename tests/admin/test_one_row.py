"""The row of a page is asked for as Django would ask, whoever opens the page, in every table that has such pages."""

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.core.exceptions import EmptyResultSet
from django.test import RequestFactory

from evaluation.admin.one_row import OneRowMixin
from evaluation.enums import Role, Stage
from evaluation.models import Assessment
from evaluation.rules.person_argument import PersonArgument
from tests.rules.test_own_files import member

pytestmark = [pytest.mark.django_db]
ALONE = "manager expert secretary observer steward national headquarters_a reporter_a superuser".split()
ON_TWO_SIDES = {
    "agency and manager": (Role.AGENCY, Role.MANAGER),
    "headquarters and council": (Role.HEADQUARTERS, Role.COUNCIL),
}
OURS = [own for own in admin.site._registry.values() if isinstance(own, OneRowMixin)]
KEY = 7


def request_of(cast, name):
    if name in ON_TWO_SIDES:
        user = member(cast, "both", *ON_TWO_SIDES[name])
    elif name == "superuser":
        user = get_user_model().objects.create_superuser("root")
    else:
        user = get_user_model().objects.get(pk=getattr(cast, name).pk)
    request = RequestFactory().get("/admin/")
    request.user = user
    return request


def asked(own, request):
    """(text, values) of the kept question, and of the queryset of the admin."""
    roles = tuple(sorted(map(str, own.reading_roles(request))))
    form, values = own.row_question._form([PersonArgument(request.user), roles, KEY])
    try:
        text, params = own.get_queryset(request).order_by().filter(pk=KEY).query.sql_with_params()
    except EmptyResultSet:
        text, params = "", ()
    return (form.sql, tuple(map(str, form.filled(values)))), (text, tuple(map(str, params)))


@pytest.mark.one_database
@pytest.mark.parametrize("name", [*ALONE, *ON_TWO_SIDES])
def test_the_kept_text_is_what_django_writes(cast, name):
    """Of the queryset of the admin itself: what a list adds to it would be missed here."""
    cast.until(Stage.EVALUATION)
    request = request_of(cast, name)
    kept = [own for own in OURS if own.keeps_question(request.user)]
    assert [own.opts.label for own in kept if len(set(asked(own, request))) != 1] == []
    assert len(kept) > len(OURS) / 2


def test_evaluators_are_asked_as_django_asks(cast):
    request = request_of(cast, "evaluator")
    assert [own.opts.label for own in OURS if own.keeps_question(request.user)] == []


def test_a_row_that_is_foreign_gone_or_no_row_is_none_of_the_persons(cast):
    cast.until(Stage.SELF_ASSESSMENT)
    own, request = admin.site._registry[Assessment], request_of(cast, "reporter_a")
    mine, other = cast.assessment(cast.agency_a), cast.assessment(cast.agency_b)
    assert OneRowMixin.get_object(own, request, str(mine.pk)) == mine
    for key in (str(other.pk), "0", "9" * 18, "9" * 30, "x", "-1", ""):
        assert OneRowMixin.get_object(own, request, key) is None, key
