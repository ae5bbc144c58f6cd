"""A Statement asks what its queryset would ask: the same text and values for everybody, and keeps no answer."""

import itertools
from datetime import date, timedelta

import pytest
from django.core.exceptions import EmptyResultSet
from django.db.backends.base.operations import BaseDatabaseOperations
from django.utils import timezone

from evaluation.enums import MarkLevel, Role, Stage
from evaluation.models import Agency, Assessment, Line, Membership
from evaluation.process.assessing import commitments
from evaluation.process.messages import announcement
from evaluation.reports import saved_line
from evaluation.rules import roles, scopes
from evaluation.rules.open_fields import writing_roles
from evaluation.rules.permissions import roles_with
from evaluation.rules.person_argument import PersonArgument
from evaluation.rules.statements import FIRST_KEY, Form, statement
from tests.cast import person

from .test_own_files import PAIRS, member

pytestmark = [pytest.mark.django_db]
PEOPLE = (
    "manager expert lead evaluator secretary observer steward national "
    "headquarters_a headquarters_b reporter_a reporter_b"
).split()
LEVELS = [None, *MarkLevel]


def fresh(user):
    return type(user).objects.get(pk=user.pk)


def asked(own, user, *args):
    """(text, values) of a statement for this person, and of the queryset that it stands for."""
    form, values = own._form([PersonArgument(user), *args])
    try:
        text, params = own.build(user, *args).query.sql_with_params()
    except EmptyResultSet:
        text, params = "", ()
    return (form.sql, sorted(map(str, form.filled(values)))), (text, sorted(map(str, params)))


def of_a_save(user, file, line):
    """Every statement about one line's save in which the person's rights are written."""
    readers = tuple(sorted(roles_with(user, "view_assessment", "change_assessment")))
    yield asked(saved_line.locked_assessment, user, readers, file.pk)
    for level in LEVELS:
        writers = writing_roles(user, file, level)
        yield asked(saved_line.line_for_entry, user, file.pk, line.pk, level and str(level), writers)
    for count in range(1, len(MarkLevel) + 1):
        yield asked(saved_line.all_lines, user, file.pk, saved_line.line_columns(tuple(MarkLevel)[:count]))


@pytest.mark.parametrize("name", PEOPLE)
def test_the_text_is_what_django_writes_for_everybody(cast, name):
    cast.until(Stage.EVALUATION)
    file = cast.assessment(cast.agency_a)
    line = Line.objects.filter(assessment=file).first()
    for own, django in of_a_save(fresh(getattr(cast, name)), file, line):
        assert own == django


def test_the_text_is_what_django_writes_for_an_evaluator_to_whom_agencies_are_given(cast):
    cast.until(Stage.EVALUATION)
    file = cast.assessment(cast.agency_a)
    line = Line.objects.filter(assessment=file).first()
    cast.group_1.agencies.add(cast.agency_a, cast.agency_b)
    seat = cast.group_1.evaluators.get(user=cast.evaluator)
    for participation in (cast.participation_a, cast.participation_b):
        seat.assignments.create(participation=participation)
    for own, django in of_a_save(fresh(cast.evaluator), file, line):
        assert own == django


@pytest.mark.parametrize(("party", "other"), PAIRS)
def test_the_text_is_what_django_writes_for_people_on_two_sides(cast, party, other):
    cast.until(Stage.EVALUATION)
    file = cast.assessment(cast.agency_a)
    line = Line.objects.filter(assessment=file).first()
    for own, django in of_a_save(member(cast, "both", party, other), file, line):
        assert own == django


def test_the_text_is_what_django_writes_for_the_administrator_and_for_somebody_without_a_role(cast):
    cast.until(Stage.EVALUATION)
    file = cast.assessment(cast.agency_a)
    line = Line.objects.filter(assessment=file).first()
    administrator, nobody, gone = person("root"), person("no-role"), fresh(cast.reporter_a)
    administrator.is_superuser, gone.is_active = True, False
    for own, django in itertools.chain(*(of_a_save(user, file, line) for user in (administrator, nobody, gone))):
        assert own == django


def test_people_of_one_role_share_a_form_and_get_their_own_rows(cast, monkeypatch):
    cast.until(Stage.SELF_ASSESSMENT)
    saved_line.locked_assessment.forms.clear()
    build, written = saved_line.locked_assessment.build, []
    monkeypatch.setattr(saved_line.locked_assessment, "build", lambda *args: written.append(args) or build(*args))
    for user, agency in ((cast.reporter_a, cast.agency_a), (cast.reporter_b, cast.agency_b)):
        keys = Assessment.objects.values_list("pk", flat=True)
        person_now = PersonArgument(fresh(user))
        seen = [key for key in keys if saved_line.locked_assessment.objects(person_now, ("agency",), key)]
        assert set(seen) == set(Assessment.objects.filter(participation__agency=agency).values_list("pk", flat=True))
    assert (len(saved_line.locked_assessment.forms), len(written)) == (1, 1)


def test_evaluators_of_general_and_of_specific_indicators_share_no_form(cast):
    cast.until(Stage.EVALUATION)
    saved_line.locked_assessment.forms.clear()
    second = person("second", Role.EVALUATOR, province=cast.province)
    cast.group_2.evaluators.create(user=second, lead=cast.group_1.evaluators.get(user=cast.evaluator).lead)
    specific = Assessment.objects.filter(participation__agency=cast.agency_a).exclude(dimension=cast.general).get()
    for user, seen in ((cast.evaluator, []), (second, [specific])):
        assert saved_line.locked_assessment.objects(PersonArgument(fresh(user)), ("evaluator",), specific.pk) == seen


def test_a_right_that_is_taken_away_is_gone_at_the_next_question(cast):
    cast.until(Stage.SELF_ASSESSMENT)
    file, readers = cast.assessment(cast.agency_a), ("agency",)
    assert saved_line.locked_assessment.objects(PersonArgument(fresh(cast.reporter_a)), readers, file.pk) == [file]
    Membership.objects.filter(user=cast.reporter_a).update(active=False)
    assert saved_line.locked_assessment.objects(PersonArgument(fresh(cast.reporter_a)), readers, file.pk) == []


def test_memberships_come_with_their_places_and_count_by_the_day(cast):
    user, today = fresh(cast.reporter_a), timezone.localdate()
    (membership,) = roles.memberships_of(user)
    assert (membership.agency, membership.user is user) == (cast.agency_a, True)
    Membership.objects.filter(user=user).update(until=today)
    assert roles._active_memberships.objects(user.pk, today) == [membership]
    assert roles._active_memberships.objects(user.pk, today + timedelta(days=1)) == []


def test_who_has_not_accepted_is_asked_as_django_asks(cast):
    cast.until(Stage.SELF_ASSESSMENT)
    args = cast.reporter_a.pk, cast.agency_a.pk, cast.province.pk, timezone.localdate()
    form, values = commitments.not_accepted._form(args)
    text, params = commitments.not_accepted.build(*args).query.sql_with_params()
    assert (form.sql, tuple(map(str, form.filled(values)))) == (text, tuple(map(str, params)))


@pytest.mark.parametrize("name", PEOPLE)
def test_what_stands_above_a_page_is_asked_as_django_asks(cast, name):
    own, django = asked(announcement._frame, fresh(getattr(cast, name)), timezone.now())
    assert own == django
    root = person("root")
    root.is_superuser = True
    own, django = asked(announcement._frame, root, timezone.now())
    assert own == django


def test_the_keys_in_a_form_are_asked_for_on_every_database():
    """Accounts have keys of 32 bits, and Django answers a larger one without asking."""
    assert FIRST_KEY > 10**9
    assert BaseDatabaseOperations.integer_field_ranges["AutoField"][1] > FIRST_KEY + 10**9


def test_a_form_is_made_without_asking_the_database(cast):
    @statement
    def agencies(key):
        return Agency.objects.filter(province=Agency.objects.get(pk=key).province_id)

    with pytest.raises(RuntimeError, match="without asking the database"):
        agencies.objects(cast.agency_a.pk)


def test_a_stand_in_of_a_person_knows_keys_alone(cast):
    @statement
    def by_name(user):
        return Agency.objects.filter(name=scopes.memberships_of(user)[0].agency.name)

    @statement
    def by_right(user):
        return Agency.objects.filter(ranked="evaluation.view_agency" in roles.role_permissions(user).get(Role.AGENCY))

    with pytest.raises(RuntimeError, match="without asking the database"):
        by_name.objects(PersonArgument(cast.reporter_a))
    with pytest.raises(TypeError, match="roles, places and seats alone"):
        by_right.objects(PersonArgument(cast.reporter_a))


def test_a_day_of_the_making_is_refused(cast):
    rows = Membership.objects.on_day(date(2026, 3, 1))
    with pytest.raises(ValueError, match="would stand still"):
        Form(rows, [])
