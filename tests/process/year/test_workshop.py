"""Invitations, attendance and training; reminders of circulars."""

import datetime

import pytest
import time_machine
from django.utils import timezone, translation

from evaluation.enums import Stage, WorkshopKind
from evaluation.models import Notice, TransitionLog
from evaluation.process.door import Forbidden, Refusal
from evaluation.process.year import circular, workshop
from tests import factories as make

pytestmark = pytest.mark.django_db
BRIEFING, TRAINING = WorkshopKind.AGENCIES, WorkshopKind.EVALUATORS


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def planned(cast, kind):
    return make.WorkshopFactory(cycle=cast.cycle, kind=kind, place="سالن")


def test_a_briefing_invites_the_agencies_and_tells_their_people_once(cast):
    cast.until(Stage.PARTICIPANTS)
    plan = planned(cast, BRIEFING)
    workshop.invite(plan, by=cast.expert)
    assert sorted(str(row.agency.code) for row in plan.attendances.all()) == ["A", "B"]
    told = Notice.objects.filter(event=f"workshop:{plan.pk}").values_list("user__username", flat=True)
    assert sorted(told) == ["reporter_a", "reporter_b"]
    with pytest.raises(Refusal, match="has been invited, or there is nobody yet"):
        workshop.invite(plan, by=cast.expert)


def test_a_training_invites_the_evaluators_of_the_groups(cast):
    cast.until(Stage.PARTICIPANTS)
    plan = planned(cast, TRAINING)
    rows = workshop.invite(plan, by=cast.expert)
    assert sorted(row.user.username for row in rows) == ["evaluator", "lead"]
    late = make.UserFactory(username="late")
    cast.group_1.evaluators.create(user=late)
    assert [row.user for row in workshop.invite(plan, by=cast.expert)] == [late]


def test_who_came_is_trained_once_the_workshop_was_held(cast):
    cast.until(Stage.PARTICIPANTS)
    plan = planned(cast, TRAINING)
    rows = {row.user.username: row for row in workshop.invite(plan, by=cast.expert)}
    with pytest.raises(Refusal, match="Record first that the workshop was held"):
        workshop.note_attendance(plan, by=cast.expert, came=[rows["lead"]])
    workshop.hold(plan, by=cast.expert, came=[rows["lead"]])
    assert [workshop.is_trained(user, cast.cycle) for user in (cast.lead, cast.evaluator)] == [True, False]
    workshop.note_attendance(plan, by=cast.expert, came=[rows["evaluator"]])
    assert [workshop.is_trained(user, cast.cycle) for user in (cast.lead, cast.evaluator)] == [False, True]
    assert workshop.is_trained(cast.evaluator, make.CycleFactory()) is False
    assert TransitionLog.objects.filter(name="note_attendance").count() == 1


def test_a_briefing_trains_nobody(cast):
    cast.until(Stage.PARTICIPANTS)
    plan = planned(cast, BRIEFING)
    plan.attendances.create(user=cast.evaluator)
    workshop.hold(plan, by=cast.expert, came=list(plan.attendances.all()))
    assert workshop.is_trained(cast.evaluator, cast.cycle) is False


def test_outsiders_neither_invite_nor_note(cast):
    cast.until(Stage.PARTICIPANTS)
    plan = planned(cast, BRIEFING)
    for person in (cast.reporter_a, cast.evaluator, cast.secretary):
        with pytest.raises(Forbidden):
            workshop.invite(plan, by=person)
    assert plan.attendances.count() == 0


def test_only_those_are_reminded_who_have_not_read_once_a_day(cast):
    cast.until(Stage.PARTICIPANTS)
    letter = cast.cycle.circulars.exclude(sent_at=None).first()
    circular.read(letter, cast.agency_a, by=cast.reporter_a)
    begin = timezone.now()
    circular.remind(letter, by=cast.expert)
    with pytest.raises(Refusal, match="Every recipient has read this circular, or has been reminded today"):
        circular.remind(letter, by=cast.expert)
    with time_machine.travel(begin + datetime.timedelta(days=1), tick=False):
        circular.remind(letter, by=cast.expert)
    told = Notice.objects.filter(event__startswith=f"circular:{letter.pk}:").values_list("user__username", flat=True)
    assert list(told) == ["reporter_b", "reporter_b"]
    assert dict(letter.receipts.values_list("agency__code", "reminders")) == {"A": 0, "B": 2}


# -- people of an agency by name --------------------------------------------------------------------


def test_no_workshop_is_held_empty(cast):
    cast.until(Stage.PARTICIPANTS)
    plan = planned(cast, BRIEFING)
    with pytest.raises(Refusal, match="Nobody is on the list of this workshop"):
        workshop.hold(plan, by=cast.expert)
    workshop.invite(plan, by=cast.expert)
    with pytest.raises(Refusal, match="A workshop to which nobody came was not held"):
        workshop.hold(plan, by=cast.expert, came=[])
    plan.refresh_from_db()
    assert plan.held_at is None
    plan.participants.create(agency=cast.agency_a, name="خانم یک", post="manager", attended=True)
    assert workshop.hold(plan, by=cast.expert, came=[]).held_at is not None


def test_an_agency_is_there_when_one_of_its_people_was(cast):
    cast.until(Stage.PARTICIPANTS)
    plan = planned(cast, BRIEFING)
    for agency, name, post, attended in (
        (cast.agency_a, "خانم یک", "manager", False),
        (cast.agency_a, "آقای دو", "expert", True),
        (cast.agency_b, "خانم سه", "expert", False),
    ):
        plan.participants.create(agency=agency, name=name, post=post, attended=attended)
    plan = workshop.hold(plan, by=cast.expert)
    workshop.note_participants(plan, by=cast.expert)
    assert dict(plan.attendances.values_list("agency__code", "attended")) == {"A": True, "B": False}
    assert workshop.certified(plan, cast.expert) == [("آقای دو", "اداره الف")]
    assert workshop.certified(plan, cast.reporter_a) == [("آقای دو", "اداره الف")]
    assert workshop.certified(plan, cast.reporter_b) == []
    with pytest.raises(Forbidden):
        workshop.note_participants(plan, by=cast.reporter_a)
