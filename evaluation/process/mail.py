"""Notices by e-mail: from texts that staff edit, each once, or all of a day in one.

A notice is claimed before it is sent, so that two workers never send the same one; a refused delivery gives it free
again, a few times.
"""

import datetime
import logging
import re
from itertools import groupby
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation.enums import MailMode
from evaluation.models import Notice, NoticePreference, NoticeTemplate
from evaluation.persian import format_jalali_datetime

from .door import Refusal

DAILY_FROM = datetime.time(7)  # local time at which the e-mail of the day goes out
MOST_TRIES = 5
PLACEHOLDERS = {
    "name": gettext_lazy("the person's name"),
    "text": gettext_lazy("the notice itself"),
    "cycle": gettext_lazy("the cycle"),
    "date": gettext_lazy("when it was told"),
    "address": gettext_lazy("the address of the page"),
}
PLACE = re.compile(r"\{([^{}]*)\}")
logger = logging.getLogger(__name__)


def check_text(*texts):
    """Raise Refusal for a placeholder that does not exist."""
    unknown = sorted({name for text in texts for name in PLACE.findall(text) if name not in PLACEHOLDERS})
    if unknown:
        known = "، ".join(f"{{{name}}}" for name in PLACEHOLDERS)
        raise Refusal(
            _("These placeholders do not exist: %(unknown)s. There are: %(known)s.")
            % {"unknown": "، ".join(f"{{{name}}}" for name in unknown), "known": known}
        )


def filled(text, values):
    """The text with its placeholders filled; what is no placeholder stays as it is."""
    return PLACE.sub(lambda found: str(values.get(found[1], found[0])), text)


def values_of(notice):
    user = notice.user
    return {
        "name": user.get_full_name() or user.get_username(),
        "text": notice.text,
        "cycle": notice.cycle or "",
        "date": format_jalali_datetime(notice.at),
        "address": f"{settings.SITE_URL}{notice.url or '/admin/'}",
    }


def composed(notice, template=None):
    """(subject, body) of the e-mail for one notice; without a text of its kind the notice speaks for itself."""
    values = values_of(notice)
    if template is None:
        return one_line(notice.text), f"{notice.text}\n\n{values['address']}"
    return one_line(filled(template.subject, values)), filled(template.body, values)


def one_line(text):
    """A subject has one line, whatever somebody wrote into a title."""
    return " ".join(str(text).split())[:200]


# -- sending --------------------------------------------------------------------------------------


def send_due(at=None):
    """Send what is to be mailed now. Safe to run twice and side by side; returns how many e-mails went out."""
    at = at or timezone.now()
    with translation.override(settings.LANGUAGE_CODE):
        return send_singly(at) + send_daily(at)


def waiting():
    return Notice.objects.filter(mail_due=True, mailed_at=None, mail_tries__lt=MOST_TRIES)


def send_singly(at):
    templates = {each.kind: each for each in NoticeTemplate.objects.all()}
    modes = dict(NoticePreference.objects.values_list("user_id", "mail"))
    sent = 0
    for notice in waiting().select_related("user", "cycle").order_by("at", "pk"):
        mode, template = modes.get(notice.user_id, MailMode.AT_ONCE), templates.get(notice.kind)
        if mode == MailMode.NEVER or (template and not template.mailed):
            waiting().filter(pk=notice.pk).update(mail_due=False)
        elif mode == MailMode.AT_ONCE:
            sent += deliver([notice], *composed(notice, template), at=at)
    return sent


def send_daily(at):
    """One e-mail for each person who wants one a day, from seven in the morning, with what was told before today."""
    local = timezone.localtime(at)
    if local.time() < DAILY_FROM:
        return 0
    today = timezone.make_aware(datetime.datetime.combine(local.date(), DAILY_FROM))
    rows = waiting().filter(at__lt=today, user__notice_preference__mail=MailMode.DAILY)
    rows = rows.select_related("user", "cycle").order_by("user", "at", "pk")
    sent = 0
    for _user, group in groupby(rows, key=lambda notice: notice.user_id):
        notices = list(group)
        subject = _("Notices of %(day)s") % {"day": format_jalali_datetime(today)}
        body = "\n\n".join(f"• {each.text}\n{values_of(each)['address']}" for each in notices)
        sent += deliver(notices, subject, body, at=at)
    return sent


def deliver(notices, subject, body, *, at):
    """Send one e-mail for notices of one person; 1, or 0 where another worker has it or the delivery was refused."""
    keys = [notice.pk for notice in notices]
    mine = waiting().filter(pk__in=keys)
    if mine.update(mailed_at=at, mail_tries=F("mail_tries") + 1) != len(keys):
        return 0
    try:
        EmailMessage(subject, body, to=[notices[0].user.email]).send()
    except (SMTPException, OSError) as error:
        logger.warning("The e-mail to account %s was not taken: %s", notices[0].user_id, error)
        Notice.objects.filter(pk__in=keys).update(mailed_at=None)
        return 0
    return 1
