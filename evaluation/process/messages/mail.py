"""Notices by e-mail: from texts that staff edit, each once, or all of a day in one.

A notice is claimed before it is sent, so that two workers never send the same one. A notice whose e-mail was refused is
tried again a few times; while the mail server cannot be reached everything waits, and no attempt is counted.
"""

import datetime
import logging
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from smtplib import (
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPException,
    SMTPHeloError,
    SMTPNotSupportedError,
    SMTPServerDisconnected,
)

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation.enums import MailMode
from evaluation.models import Notice, NoticePreference, NoticeTemplate
from evaluation.persian import format_jalali_datetime, localise_digits

from ..door import Refusal

DAILY_FROM = datetime.time(7)  # local time at which the e-mail of the day goes out
MAX_TRIES = 5
GIVEN_UP_SHOWN_FOR = datetime.timedelta(days=7)  # so long staff read of e-mails that were given up
NO_SERVER = (
    SMTPServerDisconnected,
    SMTPConnectError,
    SMTPHeloError,
    SMTPAuthenticationError,
    SMTPNotSupportedError,
)
PLACEHOLDERS = {
    "name": gettext_lazy("the person's name"),
    "text": gettext_lazy("the notice itself"),
    "cycle": gettext_lazy("the cycle"),
    "number": gettext_lazy("number of the notice"),
    "date": gettext_lazy("time of the notice"),
    "address": gettext_lazy("the address of the page"),
}
DAILY_LETTER = gettext_lazy(
    "In the name of God\n\nDate: %(day)s\n\nDear %(name)s,\n\nYour notices of the last day:\n\n%(notices)s\n\n"
    "Performance evaluation of executive agencies"
)
PLACE = re.compile(r"\{([^{}]*)\}")
type Templates = Mapping[tuple[str, int | None], NoticeTemplate]  # by kind and province, None: shared

logger = logging.getLogger(__name__)


def check_text(*texts: str, placeholders: Collection[str] = PLACEHOLDERS) -> None:
    """Raise Refusal for a placeholder that is none of `placeholders`, by name those of e-mails."""
    unknown = sorted({name for text in texts for name in PLACE.findall(text) if name not in placeholders})
    if unknown:
        known = "، ".join(f"{{{name}}}" for name in placeholders)
        raise Refusal(
            _("These placeholders do not exist: %(unknown)s. There are: %(known)s.")
            % {"unknown": "، ".join(f"{{{name}}}" for name in unknown), "known": known}
        )


def filled(text: str, values: Mapping[str, object]) -> str:
    """The text with its placeholders filled; what is no placeholder stays as it is."""
    return PLACE.sub(lambda place: str(values.get(place[1], place[0])), text)


def values_of(notice: Notice) -> dict[str, object]:
    """{placeholder: text} of one notice."""
    user = notice.user
    return {
        "name": user.get_full_name() or user.get_username(),
        "text": notice.text,
        "cycle": notice.cycle or "",
        "number": localise_digits(notice.pk or "—"),
        "date": format_jalali_datetime(notice.at),
        "address": f"{settings.SITE_URL}{notice.url or '/admin/'}",
    }


def composed(notice: Notice, template: NoticeTemplate | None = None) -> tuple[str, str]:
    """(subject, body) of the e-mail for one notice; without a text of its kind, the notice itself."""
    values = values_of(notice)
    if template is None:
        return one_line(notice.text), f"{notice.text}\n\n{values['address']}"
    return one_line(filled(template.subject, values)), filled(template.body, values)


def one_line(text: object) -> str:
    """A subject has one line, whatever somebody wrote into a title."""
    return " ".join(str(text).split())[:200]


# -- sending --------------------------------------------------------------------------------------


class NoServer(Exception):
    """The mail server cannot be reached; every e-mail waits."""


@dataclass
class Sent:
    """What one run did: e-mails sent, notices whose e-mail was refused with the reason, and why no server answered."""

    count: int = 0
    refused: list[tuple[Notice, str]] = field(default_factory=list)
    # E-mails at which the connection broke off.
    unanswered: list[tuple[Sequence[Notice], str]] = field(default_factory=list)

    @property
    def no_server(self) -> str:
        return self.unanswered[-1][1] if self.unanswered else ""


def send_due(at: datetime.datetime | None = None) -> Sent:
    """Send the e-mails that are due. Safe to run twice and in parallel. Returns Sent."""
    at, sent = at or timezone.now(), Sent()
    with translation.override(settings.LANGUAGE_CODE):
        try:
            send_singly(at, sent)
            send_daily(at, sent)
        except NoServer:
            logger.warning("The mail server is not to be reached: %s", sent.no_server)
    return sent


def given_up(at: datetime.datetime | None = None) -> QuerySet[Notice]:
    """The notices of the last days whose e-mail was refused too often; people still read them in the product."""
    since = (at or timezone.now()) - GIVEN_UP_SHOWN_FOR
    return Notice.objects.filter(mail_due=True, mailed_at=None, mail_tries__gte=MAX_TRIES, at__gt=since)


def waiting() -> QuerySet[Notice]:
    """Notices whose e-mail is due and was not refused too often."""
    return Notice.objects.filter(mail_due=True, mailed_at=None, mail_tries__lt=MAX_TRIES)


def send_singly(at: datetime.datetime, sent: Sent) -> None:
    """Send an e-mail for each waiting notice of people who want them one by one, oldest first."""
    templates = {(template.kind, template.province_id): template for template in NoticeTemplate.objects.all()}
    modes = dict(NoticePreference.objects.values_list("user_id", "mail"))
    for notice in waiting().select_related("user", "cycle__province").order_by("at", "pk"):
        mode, template = modes.get(notice.user_id, MailMode.AT_ONCE), text_of(notice, templates)
        if mode == MailMode.NEVER or (template and not template.mailed):
            waiting().filter(pk=notice.pk).update(mail_due=False)
        elif mode == MailMode.AT_ONCE:
            deliver([notice], *composed(notice, template), at=at, sent=sent)


def text_of(notice: Notice, templates: Templates) -> NoticeTemplate | None:
    """The text of a notice's e-mail: the copy of its cycle's province, else the shared one; None without either."""
    own = templates.get((notice.kind, notice.cycle.province_id)) if notice.cycle_id else None
    return own or templates.get((notice.kind, None))


def send_daily(at: datetime.datetime, sent: Sent) -> None:
    """One e-mail for each person who wants one a day, from seven in the morning, with what was told before today."""
    local = timezone.localtime(at)
    if local.time() < DAILY_FROM:
        return
    today = timezone.make_aware(datetime.datetime.combine(local.date(), DAILY_FROM))
    unsent = waiting().filter(at__lt=today, user__notice_preference__mail=MailMode.DAILY)
    unsent = unsent.select_related("user", "cycle__province").order_by("user", "at", "pk")
    for _user, group in groupby(unsent, key=lambda notice: notice.user_id):
        notices = list(group)
        subject = _("Notices of %(day)s") % {"day": format_jalali_datetime(today)}
        listed = "\n\n".join(f"• {notice.text}\n{values_of(notice)['address']}" for notice in notices)
        body = DAILY_LETTER % {
            "day": format_jalali_datetime(today),
            "name": values_of(notices[0])["name"],
            "notices": listed,
        }
        deliver(notices, subject, body, at=at, sent=sent)


def deliver(notices: Sequence[Notice], subject: str, body: str, *, at: datetime.datetime, sent: Sent) -> None:
    """Send one e-mail for notices of one person, unless another worker has it; what comes of it goes into `sent`.

    Raises NoServer when the connection broke off at two e-mails: both wait, with no attempt counted.
    """
    if not claim(notices, at):
        return
    try:
        EmailMessage(subject, body, to=[notices[0].user.email]).send()
    except (OSError, ValueError) as error:  # ValueError: an address or a header that no e-mail can have
        release(notices, counted=is_refusal(error))
        if is_refusal(error):
            note_refusal(notices, type(error).__name__, sent)
            return
        sent.unanswered.append((notices, type(error).__name__))
        if len(sent.unanswered) > 1:
            raise NoServer from error
    else:
        sent.count += 1
        count_unanswered_as_refused(sent)


def is_refusal(error: Exception) -> bool:
    """Whether it is about this e-mail, and not about reaching the server."""
    return isinstance(error, SMTPException | ValueError) and not isinstance(error, NO_SERVER)


def count_unanswered_as_refused(sent: Sent) -> None:
    """Count the e-mails at which the connection broke off as refused: the server answers, so they were the reason."""
    for notices, reason in sent.unanswered:
        rows(notices).update(mail_tries=F("mail_tries") + 1)
        note_refusal(notices, reason, sent)
    sent.unanswered.clear()


def note_refusal(notices: Sequence[Notice], reason: str, sent: Sent) -> None:
    """Note in `sent` and in the log that an e-mail was refused."""
    logger.warning("The e-mail to account %s was not taken: %s", notices[0].user_id, reason)
    sent.refused.append((notices[0], reason))


def rows(notices: Sequence[Notice]) -> QuerySet[Notice]:
    """The rows of these notices, as a query."""
    return Notice.objects.filter(pk__in=[notice.pk for notice in notices])


def claim(notices: Sequence[Notice], at: datetime.datetime) -> bool:
    """Whether all of these notices are this worker's now; where another one has some of them, none is."""
    with transaction.atomic():
        mine = waiting().filter(pk__in=rows(notices).values("pk"))
        taken = mine.update(mailed_at=at, mail_tries=F("mail_tries") + 1)
        if taken != len(notices):
            transaction.set_rollback(True)
    return taken == len(notices)


def release(notices: Sequence[Notice], *, counted: bool) -> None:
    """Let the notices wait again; `counted`: whether the attempt counts."""
    rows(notices).update(mailed_at=None, mail_tries=F("mail_tries") if counted else F("mail_tries") - 1)
