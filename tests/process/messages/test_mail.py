"""E-mails of notices: texts, once for each, one a day, silenced kinds, refused deliveries; reminders of deadlines."""

import datetime
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
import time_machine
from django.core import mail as outbox
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from evaluation import tasks
from evaluation.enums import MailMode, NoticeKind, Stage
from evaluation.models import Notice, NoticeTemplate, StageWindow
from evaluation.process.door import Refusal
from evaluation.process.messages import mail, notice
from evaluation.process.year import reminders, whose_turn

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]  # texts and a mail server
NOON = datetime.datetime(2026, 8, 3, 12, 0, tzinfo=datetime.UTC)


@pytest.fixture
def expert(cast):
    cast.expert.email, cast.expert.first_name, cast.expert.last_name = "x@example.ir", "مینا", "راد"
    cast.expert.save()
    return cast.expert


@pytest.fixture(autouse=True)
def at_noon():
    with time_machine.travel(NOON, tick=False):
        yield


def tell(user, event="a", kind=NoticeKind.OTHER, **more):
    return notice.tell([user], event=event, text="پیام", kind=kind, **more)


def send():
    return mail.send_due().count


def sent():
    return [(each.to, each.subject, each.body) for each in outbox.outbox]


def test_a_notice_is_mailed_once_in_the_text_of_its_kind(expert, settings):
    settings.SITE_URL = "https://e.ir"
    NoticeTemplate.objects.create(kind="other", subject="خبر {name}", body="{text} {address} {nobody}")
    tell(expert, url="/admin/x/")
    assert [send(), send()] == [1, 0]
    assert sent() == [(["x@example.ir"], "خبر مینا راد", "پیام https://e.ir/admin/x/ {nobody}")]
    assert Notice.objects.get(event="a").mailed_at == timezone.now()


def test_a_subject_is_one_line_and_a_placeholder_reaches_no_attribute(expert):
    NoticeTemplate.objects.create(kind="other", subject="{text}\nBcc: a@b", body="{name.__class__}")
    tell(expert)
    mail.send_due()
    assert sent() == [(["x@example.ir"], "پیام Bcc: a@b", "{name.__class__}")]


def test_without_an_address_nothing_is_mailed(cast):
    tell(cast.manager)
    assert (send(), Notice.objects.get(event="a").mail_due) == (0, False)


def test_silenced_kinds_are_kept_as_read_but_circulars_are_always_told(expert):
    notice.prefer(expert, muted=["import"], mail=MailMode.AT_ONCE)
    tell(expert, "a", NoticeKind.IMPORT)
    tell(expert, "b", NoticeKind.CIRCULAR)
    assert send() == 1
    read = {each.event: each.read_at is not None for each in Notice.objects.filter(user=expert, event__in="ab")}
    assert read == {"a": True, "b": False}
    with pytest.raises(Refusal):
        notice.prefer(expert, muted=["circular"], mail=MailMode.NEVER)


def test_one_mail_a_day_from_seven_in_the_morning(expert):
    notice.prefer(expert, muted=[], mail=MailMode.DAILY)
    tell(expert, "a")
    tell(expert, "b")
    assert send() == 0
    with time_machine.travel(datetime.datetime(2026, 8, 4, 3, 29, tzinfo=datetime.UTC), tick=False):
        assert send() == 0  # one minute to seven in Tehran
    with time_machine.travel(datetime.datetime(2026, 8, 4, 3, 30, tzinfo=datetime.UTC), tick=False):
        assert [send(), send()] == [1, 0]
    ((_to, _subject, body),) = sent()
    assert body.count("• پیام") == 2


def test_no_mail_for_whoever_wants_none_and_for_kinds_that_are_not_mailed(expert, cast):
    notice.prefer(expert, muted=[], mail=MailMode.NEVER)
    tell(expert)
    cast.manager.email = "m@example.ir"
    cast.manager.save()
    NoticeTemplate.objects.create(kind="import", subject="{text}", body="{text}", mailed=False)
    tell(cast.manager, "b", NoticeKind.IMPORT)
    assert (send(), mail.waiting().filter(mail_due=True).count()) == (0, 0)


class Picky(EmailBackend):
    """Raises `errors[address]`, or `error` for whomever."""

    error, errors = None, {}

    def send_messages(self, messages):
        for message in messages:
            if error := self.errors.get(message.to[0], self.error):
                raise error
        return super().send_messages(messages)


@pytest.fixture
def server(settings, monkeypatch):
    """A mail server whose answers a test chooses."""
    settings.EMAIL_BACKEND = f"{__name__}.Picky"

    def answers(error=None, **errors):
        monkeypatch.setattr(Picky, "error", error)
        monkeypatch.setattr(Picky, "errors", {f"{name}@example.ir": each for name, each in errors.items()})

    answers()
    return answers


REFUSED = SMTPRecipientsRefused({"x@example.ir": (550, b"no such user")})


@pytest.mark.parametrize("error", [REFUSED, ValueError("a header with a line break")])
def test_a_refused_delivery_is_tried_again_a_few_times_and_staff_read_of_it(expert, server, error):
    tell(expert)
    server(error)
    assert [send() for _try in range(3)] == [0, 0, 0]
    server()
    assert [send(), send()] == [1, 0]
    tell(expert, "b")
    server(error)
    reasons = [tasks.send_mail()["failed"] for _try in range(mail.MAX_TRIES + 1)]
    entry = {"text": "The e-mail to مینا راد was rejected.", "place": None, "reason": type(error).__name__}
    text = "1 e-mails of the last 7 days failed after 5 attempts; the notices are still in the system."
    lost = {"text": text, "place": None, "reason": ""}
    assert reasons == [[entry]] * (mail.MAX_TRIES - 1) + [[entry, lost], [lost]]
    server()
    assert (send(), [each.event for each in mail.given_up()]) == (0, ["b"])
    with time_machine.travel(NOON + mail.GIVEN_UP_SHOWN_FOR, tick=False):
        assert tasks.send_mail()["failed"] == []


@pytest.mark.parametrize(
    "error",
    [ConnectionRefusedError(111, "refused"), TimeoutError("timed out"), SMTPServerDisconnected("gone")],
    ids=["refused", "timeout", "broken off"],
)
def test_while_no_server_answers_everything_waits_and_nothing_is_lost(expert, cast, server, error):
    cast.manager.email = "m@example.ir"
    cast.manager.save()
    for number in range(3):
        tell(expert, f"{number}")
        tell(cast.manager, f"{number}")
    server(error)
    reports = [tasks.send_mail() for _minute in range(3 * mail.MAX_TRIES)]
    waits = "The mail server cannot be reached: 6 e-mails are waiting and are tried again every minute."
    told = {"text": waits, "place": None, "reason": type(error).__name__}
    assert reports == [{"done": [], "failed": [told]}] * len(reports)
    server()
    assert [send(), send()] == [6, 0]


def test_an_e_mail_at_which_the_server_breaks_off_does_not_hold_up_the_others(expert, cast, server):
    cast.manager.email = "m@example.ir"
    cast.manager.save()
    tell(expert, "first")
    server(x=SMTPServerDisconnected("gone"))
    for number in range(mail.MAX_TRIES + 1):
        tell(cast.manager, f"{number}")
        assert send() == 1
    assert [each.event for each in mail.given_up()] == ["first"]


def test_a_mail_of_the_day_that_another_worker_has_in_part_is_left_whole(expert):
    notice.prefer(expert, muted=[], mail=MailMode.DAILY)
    first, second = tell(expert, "a") + tell(expert, "b")
    found = mail.Sent()
    mail.rows([first]).update(mailed_at=timezone.now())  # another worker has it
    mail.deliver([first, second], "s", "b", at=timezone.now(), sent=found)
    second.refresh_from_db()
    assert (found.count, second.mailed_at, second.mail_tries, sent()) == (0, None, 0, [])


def test_unknown_placeholders_are_named():
    with pytest.raises(Refusal, match=r"\{adress\}"):
        mail.check_text("{name}", "{adress} {text}")
    mail.check_text("{name} {text} {cycle} {date} {address}")


# -- deadlines ------------------------------------------------------------------------------------


def window_of(cast, **columns):
    cast.until(Stage.SELF_ASSESSMENT)
    window = StageWindow.objects.get(cycle=cast.cycle, stage=Stage.SELF_ASSESSMENT)
    StageWindow.objects.filter(cycle=cast.cycle).exclude(pk=window.pk).delete()
    StageWindow.objects.filter(pk=window.pk).update(**columns)
    return StageWindow.objects.get(pk=window.pk)


def told(kind):
    rows = Notice.objects.filter(kind=kind).order_by("pk").values_list("user__username", "event")
    return [(name, event.rpartition(":")[2]) for name, event in rows]


def test_seven_three_and_one_days_before_the_end_those_are_told_who_have_not_submitted(cast):
    end = datetime.datetime(2026, 8, 19, 20, 30, tzinfo=datetime.UTC)  # midnight after 28 Mordad in Tehran
    window = window_of(cast, opens_at=NOON - datetime.timedelta(days=9), closes_at=end)
    assert [user.username for user in whose_turn.people(window)] == ["reporter_a", "reporter_b"]
    for hours in range(0, 17 * 24, 5):
        with time_machine.travel(NOON + datetime.timedelta(hours=hours), tick=False):
            reminders.tell_due()
    expected = [(name, days) for days in ("7", "3", "1") for name in ("reporter_a", "reporter_b")]
    assert told(NoticeKind.DEADLINE) == expected
    last = Notice.objects.filter(kind=NoticeKind.DEADLINE, user=cast.reporter_a).latest("pk")
    assert last.text == "1 day is left for “Entering the self-assessment”: it ends with 1405/05/28."


def test_after_a_standstill_over_the_day_the_reminder_comes_late_but_once(cast):
    window_of(cast, opens_at=NOON - datetime.timedelta(days=9), closes_at=NOON + datetime.timedelta(days=5))
    for hours in (0, 12, 24):
        with time_machine.travel(NOON + datetime.timedelta(hours=hours), tick=False):
            reminders.tell_due()
    assert told(NoticeKind.DEADLINE) == [("reporter_a", "7"), ("reporter_b", "7")]
    texts = Notice.objects.filter(kind=NoticeKind.DEADLINE).values_list("text", flat=True)
    assert {text.partition(" for ")[0] for text in texts} == {"5 days are left"}


def test_a_window_of_five_days_needs_no_reminder_of_seven(cast):
    window_of(cast, opens_at=NOON, closes_at=NOON + datetime.timedelta(days=5))
    reminders.tell_due()
    assert told(NoticeKind.DEADLINE) == []


def test_whoever_has_submitted_is_left_in_peace(cast):
    end = NOON + datetime.timedelta(days=3)
    window_of(cast, opens_at=NOON - datetime.timedelta(days=9), closes_at=end)
    cast.work(Stage.SELF_ASSESSMENT)
    cast.assessments(participation__agency=cast.agency_a)
    reminders.tell_due()
    waiting = cast.assessments(state__in=["not_started", "drafting", "returned"])
    agencies = {each.participation.agency.code for each in waiting}
    assert {name[-1].upper() for name, _days in told(NoticeKind.DEADLINE)} == agencies


def test_an_opening_is_told_once_and_not_long_after(cast):
    window = window_of(cast, opens_at=NOON, closes_at=NOON + datetime.timedelta(days=30))
    with time_machine.travel(NOON - datetime.timedelta(seconds=1), tick=False):
        reminders.tell_due()
    assert told(NoticeKind.OPENING) == []
    for _run in range(2):
        reminders.tell_due()
    assert [name for name, _key in told(NoticeKind.OPENING)] == ["reporter_a", "reporter_b"]
    Notice.objects.filter(kind=NoticeKind.OPENING).delete()
    with time_machine.travel(NOON + datetime.timedelta(days=3), tick=False):
        reminders.tell_openings(timezone.now())
    assert told(NoticeKind.OPENING) == []
    assert window.stage == Stage.SELF_ASSESSMENT
