"""Who may take a step: by an active membership with the codename at a place that covers the object, or on behalf."""

import datetime

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from evaluation.enums import Role, Scorer, Sender, Stage, TransferDirection
from evaluation.models import Line, Membership, Objection, Transfer
from evaluation.rules import permissions, roles, sentences
from evaluation.rules.permissions import May, holds, leads
from evaluation.rules.roles import PLACE_OF_ROLE

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
PEOPLE = (
    "manager expert lead evaluator steward secretary observer national headquarters_a headquarters_b reporter_a "
    "reporter_b nobody"
).split()


def fresh(user):
    """The user as the next request reads them: without remembered memberships."""
    return get_user_model().objects.get(pk=user.pk)


def who(cast, question, people=PEOPLE):
    """The names of those for whom the question holds."""
    return [name for name in people if question(fresh(getattr(cast, name)))]


@pytest.fixture
def file(cast):
    """Agency A's general assessment in the transfer stage."""
    return cast.until(Stage.TRANSFER).assessment(cast.agency_a)


def test_rights_are_read_again_after_they_were_forgotten(cast):
    user = fresh(cast.reporter_a)
    assert set(roles.role_permissions(user)) == {"agency"}
    user.memberships.update(role=Role.OBSERVER, agency=None, province=cast.province)
    roles.forget(user)
    assert set(roles.role_permissions(user)) == {"observer"}


# -- a right at a place ---------------------------------------------------------------------------


def test_a_right_counts_at_the_places_of_the_membership_alone(cast, file):
    other = cast.assessment(cast.agency_b)
    assert who(cast, lambda user: holds(user, "submit_assessment", file)) == ["reporter_a"]
    assert who(cast, lambda user: holds(user, "submit_assessment", other)) == ["reporter_b"]
    assert who(cast, lambda user: holds(user, "approve_assessment", file)) == ["headquarters_a"]
    assert who(cast, lambda user: holds(user, "confirm_assessment", file)) == ["manager"]


def test_without_an_object_the_right_counts_anywhere(cast):
    assert who(cast, lambda user: holds(user, "submit_assessment")) == ["reporter_a", "reporter_b"]


def test_a_right_that_no_group_knows_is_the_superusers_alone(cast, file):
    root = get_user_model().objects.create_superuser("root")
    assert who(cast, lambda user: holds(user, "no_such_right", file)) == []
    assert holds(root, "no_such_right", file) is True


@pytest.mark.parametrize("change", [{"active": False}, {"until": "yesterday"}, {"since": "tomorrow"}])
def test_a_membership_out_of_its_time_gives_nothing(cast, file, change):
    today = timezone.localdate()
    days = {"yesterday": today - DAY, "tomorrow": today + DAY}
    cast.reporter_a.memberships.update(**{name: days.get(value, value) for name, value in change.items()})
    assert holds(fresh(cast.reporter_a), "submit_assessment", file) is False


def test_a_closed_account_and_a_stranger_hold_nothing(cast, file):
    cast.reporter_a.is_active = False
    assert holds(cast.reporter_a, "submit_assessment", file) is False
    assert [holds(user, "submit_assessment", file) for user in (None, AnonymousUser())] == [False, False]


def test_among_limits_the_roles_that_count(cast, file):
    assert holds(cast.manager, "act_on_behalf", file, among=Role.mpo()) is True
    assert holds(cast.manager, "act_on_behalf", file, among=[Role.AGENCY]) is False
    assert holds(cast.manager, "act_on_behalf", file, among=[]) is False


# -- own and on behalf ----------------------------------------------------------------------------


def test_an_outside_step_is_its_partys_and_staffs_on_behalf(cast, file):
    submit = May("submit_assessment", party=Role.AGENCY)
    assert who(cast, lambda user: submit.own(file, user)) == ["reporter_a"]
    assert who(cast, lambda user: submit.behalf(file, user)) == ["manager", "expert"]
    assert who(cast, lambda user: submit(file, user)) == ["manager", "expert", "reporter_a"]


def test_a_step_of_the_office_is_nobodys_on_behalf(cast, file):
    confirm = May("confirm_assessment")
    assert who(cast, lambda user: confirm.behalf(file, user)) == []
    assert who(cast, lambda user: confirm(file, user)) == ["manager"]


@pytest.mark.parametrize(
    ("sender", "own", "behalf"),
    [
        (Sender.AGENCY, ["reporter_a"], ["manager", "expert"]),
        (Sender.HEADQUARTERS, ["headquarters_a"], ["manager", "expert"]),
        (Sender.MPO, ["manager", "expert"], []),
    ],
)
def test_who_sends_is_a_setting_of_the_cycle(cast, file, sender, own, behalf):
    type(cast.cycle).objects.update(sender=sender)
    file = type(file).objects.get(pk=file.pk)
    assert who(cast, lambda user: permissions.may_send.own(file, user)) == own
    assert who(cast, lambda user: permissions.may_send.behalf(file, user)) == behalf


@pytest.mark.parametrize(
    ("direction", "senders", "receivers"),
    [
        (TransferDirection.TO_ARO, Role.HEADQUARTERS, Role.NATIONAL),
        (TransferDirection.TO_MPO, Role.NATIONAL, None),
        (TransferDirection.REPORT, None, Role.NATIONAL),
    ],
)
def test_each_direction_has_its_sender_and_receiver(cast, direction, senders, receivers):
    transfer = Transfer(cycle=cast.cycle, direction=direction, prepared_by=cast.expert)
    assert permissions.may_send_transfer.party_of(transfer) == senders
    assert permissions.may_receive_transfer.party_of(transfer) == receivers
    if senders is None:
        assert who(cast, lambda user: permissions.may_send_transfer.own(transfer, user)) == ["manager", "expert"]
        assert who(cast, lambda user: permissions.may_send_transfer.behalf(transfer, user)) == []


# -- scoring and deciding -------------------------------------------------------------------------


def test_the_lead_of_a_dimension_finishes_its_scoring(cast):
    cast.until(Stage.EVALUATION)
    general, specific = (cast.assessment(cast.agency_a, kind) for kind in ("general", "specific"))
    finish = permissions.may_finish_scoring
    assert who(cast, lambda user: finish.own(general, user)) == ["manager", "expert", "lead"]
    assert who(cast, lambda user: finish.own(specific, user)) == ["manager", "expert", "lead"]
    cast.group_2.evaluators.update(lead=False)
    roles.forget(cast.lead)
    assert who(cast, lambda user: finish.own(specific, user)) == ["manager", "expert"]
    assert (leads(cast.lead, general), leads(cast.lead, specific)) == (True, False)
    assert (leads(cast.evaluator, general), leads(cast.reporter_a, general)) == (False, False)


@pytest.mark.parametrize(("code", "scorer"), [("G-1", Scorer.EVALUATOR), ("G-2", Scorer.STEWARD)])
def test_objections_on_a_stewards_line_are_decided_by_the_office(cast, code, scorer):
    cast.until(Stage.OBJECTION)
    line = Line.objects.get(indicator__code=code, assessment=cast.assessment(cast.agency_a))
    objection = Objection.objects.create(line=line, kind="other", text="متن", filed_by=cast.reporter_a)
    deciders = who(cast, lambda user: permissions.may_decide.own(objection, user))
    evaluators = ["lead", "evaluator"] if scorer == Scorer.EVALUATOR else []
    assert deciders == ["manager", "expert", *evaluators]


def test_the_place_of_every_role_is_a_place_of_a_membership():
    places = {field.name for field in Membership._meta.fields if field.is_relation} - {"user"}
    assert {place for place in PLACE_OF_ROLE.values() if place not in places} == set()


def test_every_sentence_of_the_rules_says_something():
    texts = {name: value for name, value in vars(sentences).items() if name.isupper()}
    assert texts
    assert [name for name, value in texts.items() if len(str(value).split()) < 3] == []
