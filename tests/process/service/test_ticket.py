"""Tickets: where they go, who may handle them, their thread, and what a complaint hides from the person it is about."""

import datetime

import pytest
from django.utils import timezone

from evaluation.enums import Role, Stage, TicketState
from evaluation.models import Announcement, Notice, ServiceDesk, Ticket, TransitionLog
from evaluation.process.door import Forbidden, Refusal
from evaluation.process.service import interruption, ticket
from evaluation.process.service.desk import complete_rules
from evaluation.process.year import planning
from evaluation.rules.roles import SCHEDULER
from evaluation.rules.tickets import may_ask_again, may_handle
from tests import factories as make
from tests.cast import person

pytestmark = pytest.mark.django_db
WORDS = {"kind": "complaint", "subject": "رفتار", "text": "متن شکایت"}


def file(cast, by="reporter_a", **words):
    return ticket.file_ticket(cast.province, by=getattr(cast, by), agency=cast.agency_a, **{**WORDS, **words})


def seen_by(user):
    fresh = type(user).objects.get(pk=user.pk)
    return list(Ticket.objects.visible_to(fresh))


def told(user):
    return list(Notice.objects.filter(user=user, kind="service").values_list("text", flat=True))


@pytest.fixture
def desk(cast):
    made = ServiceDesk.objects.create(province=cast.province, phone="۰۲۸-۳۳۳۳")
    complete_rules(made)
    return made


def test_a_fault_goes_to_the_systems_manager_with_the_days_of_the_rule(cast, desk):
    desk.rules.filter(kind="fault").update(owner=cast.expert, days=5)
    filed = file(cast, kind="fault")
    assert (filed.state, filed.owner) == (TicketState.ASSIGNED, cast.expert)
    assert filed.due_at == planning.end_of(filed.filed_at, 5, cast.province)
    assert told(cast.expert) == [f"A new ticket waits at the service desk: {filed.reference} (Fault of the system)."]
    assert told(cast.manager) == []


def test_a_fault_that_nobody_is_named_for_is_told_to_the_system_administrators_too(cast, django_user_model):
    root = django_user_model.objects.create_superuser("root")
    file(cast, kind="suggestion")
    assert told(root) == []
    filed = file(cast, kind="fault")
    sentence = f"A new ticket waits at the service desk: {filed.reference} (Fault of the system)."
    assert [sentence in told(someone) for someone in (root, cast.manager, cast.expert)] == [True] * 3


def test_without_a_rule_all_staff_are_told_and_the_usual_days_count(cast):
    filed = file(cast, kind="suggestion")
    assert (filed.state, filed.owner) == (TicketState.OPEN, None)
    assert filed.due_at == planning.end_of(filed.filed_at, ticket.USUAL_DAYS["suggestion"], cast.province)
    assert len(told(cast.manager)) == len(told(cast.expert)) == 1


def test_the_way_of_a_ticket_with_its_thread(cast):
    filed = file(cast, kind="login")
    ticket.assign(filed, owner=cast.expert, by=cast.manager)
    ticket.ask_back(filed, text="کدام حساب؟", by=cast.expert)
    ticket.follow_up(filed, text="حساب دوم", by=cast.reporter_a)
    answered = ticket.answer(filed, text="باز شد.", by=cast.expert)
    first = answered.first_answered_at
    assert answered.state == TicketState.ANSWERED
    reopened = ticket.follow_up(answered, text="هنوز بسته است.", by=cast.reporter_a)
    assert (reopened.state, reopened.owner) == (TicketState.REOPENED, cast.expert)
    assert reopened.due_at > first
    answered = ticket.answer(reopened, text="اکنون باز شد.", by=cast.expert)
    assert answered.first_answered_at == first < answered.answered_at
    rated = ticket.rate(answered, satisfaction=4, by=cast.reporter_a, note="خوب")
    closed = ticket.close(rated, by=cast.reporter_a)
    assert (closed.state, closed.satisfaction, closed.satisfaction_note) == (TicketState.CLOSED, 4, "خوب")
    assert [(row.of_desk, row.text) for row in closed.messages.all()] == [
        (False, "متن شکایت"),
        (True, "کدام حساب؟"),
        (False, "حساب دوم"),
        (True, "باز شد."),
        (False, "هنوز بسته است."),
        (True, "اکنون باز شد."),
    ]
    assert len(told(cast.reporter_a)) == 3
    log = TransitionLog.objects.filter(content_type__model="ticket", object_id=closed.pk).order_by("pk")
    assert list(log.values_list("name", flat=True)) == "assign ask_back answer reopen answer rate close".split()


def test_an_answer_of_a_ticket_that_nobody_has_makes_it_the_answerers(cast):
    answered = ticket.answer(file(cast, kind="fault"), text="درست شد.", by=cast.expert)
    assert (answered.state, answered.owner) == (TicketState.ANSWERED, cast.expert)


@pytest.mark.parametrize("about", ["expert", "manager"])
def test_whose_role_is_complained_of_neither_sees_nor_handles_it(cast, about):
    other = {"expert": "manager", "manager": "expert"}[about]
    concerned, free = getattr(cast, about), getattr(cast, other)
    filed = file(cast, about_role=about)
    assert seen_by(concerned) == []
    assert seen_by(free) == [filed]
    assert (told(concerned), len(told(free))) == ([], 1)
    with pytest.raises(Refusal, match="another person must handle it"):
        ticket.answer(filed, text="نه", by=concerned)
    with pytest.raises(Refusal, match="is concerned by this complaint: choose another person"):
        ticket.assign(filed, owner=concerned, by=free)
    filed.refresh_from_db()
    assert (filed.state, filed.owner) == (TicketState.OPEN, None)


def test_nobody_but_staff_handles_a_ticket(cast):
    filed = file(cast, about_role="expert")
    people = "manager expert lead secretary national observer steward headquarters_a reporter_a nobody".split()
    assert [name for name in people if may_handle(filed, getattr(cast, name))] == ["manager"]
    assert may_handle(filed, None) is False


def test_nobody_but_the_asker_and_who_handles_a_ticket_asks_again(cast):
    filed = file(cast, about_role="expert")
    neighbour = person("neighbour", Role.MANAGER, province=make.ProvinceFactory(code="yazd", name="یزد"))
    names = "manager expert lead national headquarters_a reporter_a reporter_b".split()
    people = [*(getattr(cast, name) for name in names), neighbour]
    assert [user for user in people if may_ask_again(filed, user)] == [cast.manager, cast.reporter_a]
    assert may_ask_again(filed, None) is False
    assert may_handle(filed, neighbour) is False


def test_a_rule_never_gives_a_complaint_to_the_person_it_is_about(cast, desk):
    desk.rules.filter(kind="complaint").update(owner=cast.expert)
    assert file(cast, about_role="expert").owner is None
    assert file(cast, about_role="other").owner == cast.expert


def test_the_person_named_in_words_stands_aside_too(cast):
    cast.manager.first_name, cast.manager.last_name = "سارا", "کریمی"
    cast.manager.save()
    filed = file(cast, about_role="other", about_name="سارا  كريمي")
    assert filed.about == cast.manager
    assert seen_by(cast.manager) == []
    assert seen_by(cast.expert) == [filed]


def test_naming_the_account_takes_the_ticket_from_it_and_gives_it_back_to_the_role(cast):
    second = person("second", Role.EXPERT, province=cast.province)
    filed = file(cast, about_role="expert")
    named = ticket.name_person(filed, person=second, by=cast.manager)
    assert (named.about, named.about_role) == (second, "other")
    assert seen_by(second) == []
    assert seen_by(cast.expert) == [filed]
    with pytest.raises(Refusal, match="You are concerned"):
        ticket.name_person(filed, person=cast.manager, by=cast.manager)


def test_a_ticket_leaves_the_hands_of_the_person_who_is_named(cast):
    filed = ticket.assign(file(cast, about_role="other"), owner=cast.expert, by=cast.manager)
    named = ticket.name_person(filed, person=cast.expert, by=cast.manager)
    assert named.owner == cast.manager


def test_the_superuser_is_no_exception_and_stands_in_where_it_concerns_all_staff(cast, django_user_model):
    root = django_user_model.objects.create_superuser("root")
    filed = file(cast, about_role="other")
    Ticket.objects.filter(pk=filed.pk).update(about=root)
    assert seen_by(root) == []
    cast.expert.memberships.all().delete()
    only_manager = file(cast, about_role="manager")
    assert ticket.handlers(only_manager) == [root]
    assert len(told(root)) == 1


def test_a_complaint_says_whom_it_is_about(cast):
    with pytest.raises(Refusal, match="Say whom the complaint is about"):
        file(cast, about_role="")
    assert not Ticket.objects.exists()


def test_nobody_else_reads_or_takes_steps_of_somebodys_ticket(cast):
    filed = file(cast, about_role="other")
    for name in ("reporter_b", "headquarters_a", "evaluator", "secretary", "national", "observer", "steward"):
        assert seen_by(getattr(cast, name)) == []
        with pytest.raises(Forbidden):
            ticket.follow_up(filed, text="x", by=getattr(cast, name))
        with pytest.raises(Forbidden):
            ticket.answer(filed, text="x", by=getattr(cast, name))
    elsewhere = person("elsewhere", Role.MANAGER, province=make.ProvinceFactory())
    assert seen_by(elsewhere) == []


def test_a_closed_cycle_takes_tickets(cast):
    cast.until(Stage.FESTIVAL)
    type(cast.cycle).objects.filter(pk=cast.cycle.pk).update(stage="closed")
    cast.cycle.refresh_from_db()
    filed = file(cast, kind="fairness", about_cycle=cast.cycle)
    assert ticket.answer(filed, text="بررسی شد.", by=cast.expert).state == TicketState.ANSWERED


def test_a_fault_raises_the_banner_and_tells_everybody_once(cast):
    cast.reporter_b.email = "b@example.ir"
    cast.reporter_b.save()
    outside = person("elsewhere", Role.MANAGER, province=make.ProvinceFactory())
    filed = file(cast, kind="fault")
    until = timezone.now() + datetime.timedelta(hours=3)
    done = interruption.raise_banner(filed, text="سامانه کند است.", by=cast.expert, until=until)
    banner = Announcement.objects.get()
    assert (banner.kind, banner.on_login_page, banner.shown_until, banner.province) == (
        "fault",
        True,
        until,
        cast.province,
    )
    assert done.announcement == banner
    everybody = (cast.manager, cast.evaluator, cast.headquarters_a, cast.reporter_b, cast.steward)
    assert all("Fault: سامانه کند است." in told(user) for user in everybody)
    assert told(outside) == []
    assert Notice.objects.get(user=cast.reporter_b, event=f"announcement:{banner.pk}").mail_due
    with pytest.raises(Refusal, match="announced already"):
        interruption.raise_banner(filed, text="دوباره", by=cast.expert)
    with pytest.raises(Refusal, match="notified of this already"):
        interruption.tell(banner, by=cast.manager)


def test_a_planned_stop_is_told_with_its_hours(cast):
    start = datetime.datetime(2026, 3, 22, 8, tzinfo=timezone.get_current_timezone())
    stop = Announcement.objects.create(
        province=cast.province,
        kind="interruption",
        text="به‌روزرسانی",
        shown_from=start,
        shown_until=start + datetime.timedelta(hours=2),
    )
    interruption.tell(stop, by=cast.expert)
    assert told(cast.reporter_a) == ["Planned stop from 1405/01/02 08:00 to 1405/01/02 10:00: به‌روزرسانی"]
    with pytest.raises(Forbidden):
        interruption.tell(Announcement.objects.create(text="برای همه"), by=cast.manager)


def test_a_ticket_of_a_person_without_an_account_is_closed_by_the_system_for_them_and_by_no_stranger(cast):
    filed = ticket.file_ticket(cast.province, **WORDS | {"kind": "login"}, name="عابر")
    answered = ticket.answer(filed, text="باز شد.", by=cast.expert)
    for stranger in (cast.reporter_a, cast.reporter_b, cast.lead):
        with pytest.raises(Forbidden):
            ticket.close(answered, by=stranger)
    closed = ticket.close(answered, by=None)
    assert (closed.state, TransitionLog.objects.latest("pk").by.username) == (TicketState.CLOSED, SCHEDULER)
