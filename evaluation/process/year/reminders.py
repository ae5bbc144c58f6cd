"""Telling people in time: that a window opens, and that seven, three or one day is left of it."""

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evaluation.enums import NoticeKind
from evaluation.models import Extension, StageWindow
from evaluation.persian import format_jalali, localise_digits
from evaluation.rules.permissions import holds

from ..door import Forbidden, Refusal, log
from ..messages import notice
from . import whose_turn

DAYS_BEFORE = (7, 3, 1)
OPENINGS_WITHIN = datetime.timedelta(days=2)  # an older opening is no news after a standstill


def tell_due(at=None):
    """Tell of openings and of ends that come near. Safe to run at any time: each is told once. Returns the notices."""
    at = at or timezone.now()
    return tell_openings(at) + tell_ends(at) + tell_ends_of_extensions(at)


def days_left(end, at):
    """Calendar days until the last day of a window that closes at `end`; 1: tomorrow is the last day."""
    last = timezone.localdate(end - datetime.timedelta(microseconds=1))
    return (last - timezone.localdate(at)).days


def last_day(end):
    return format_jalali(timezone.localdate(end - datetime.timedelta(microseconds=1)))


def tell_openings(at):
    told = []
    opened = StageWindow.objects.filter(opens_at__lte=at, opens_at__gt=at - OPENINGS_WITHIN, closes_at__gt=at)
    for window in opened.select_related("cycle__province", "dimension"):
        told += notice.tell(
            whose_turn.people(window),
            event=f"opens:{window.pk}:{window.opens_at:%Y%m%d%H%M}",
            kind=NoticeKind.OPENING,
            cycle=window.cycle,
            text=lambda window=window: (
                _("“%(window)s” is open until the end of %(day)s.")
                % {"window": window, "day": last_day(window.closes_at)}
            ),
        )
    return told


def tell_ends(at):
    told = []
    near = StageWindow.objects.filter(
        opens_at__lte=at, closes_at__gt=at, closes_at__lt=at + datetime.timedelta(days=max(DAYS_BEFORE) + 2)
    )
    for window in near.select_related("cycle__province", "dimension"):
        if threshold := due_threshold(window.opens_at, window.closes_at, at):
            people, key = whose_turn.people(window), f"window:{window.pk}"
            told += tell_end(people, window, window.closes_at, at, key=key, threshold=threshold)
    return told


def due_threshold(start, end, at):
    """Which of 7, 3 and 1 days is reached: also after a standstill over that day, but not for shorter windows."""
    left, length = days_left(end, at), days_left(end, start)
    return min((days for days in DAYS_BEFORE if 0 < left <= days <= length), default=None)


def tell_ends_of_extensions(at):
    told = []
    near = Extension.objects.filter(
        granted_at__lte=at, ends_at__gt=at, ends_at__lt=at + datetime.timedelta(days=max(DAYS_BEFORE) + 2)
    )
    for extension in near.select_related("cycle", "agency"):
        if threshold := due_threshold(extension.granted_at, extension.ends_at, at):
            people, key = whose_turn.people_given_time(extension), f"extension:{extension.pk}"
            told += tell_end(people, extension, extension.ends_at, at, key=key, threshold=threshold)
    return told


def tell_end(people, subject, end, at, *, key, threshold):
    return notice.tell(
        people,
        event=f"{key}:{end:%Y%m%d}:{threshold}",
        kind=NoticeKind.DEADLINE,
        cycle=subject.cycle,
        text=lambda: sentence(subject, end, days_left(end, at)),
    )


def sentence(subject, end, days):
    words = ngettext(
        "%(days)s day is left for “%(subject)s”: it ends with %(day)s.",
        "%(days)s days are left for “%(subject)s”: it ends with %(day)s.",
        days,
    )
    return words % {"days": localise_digits(days), "subject": subject, "day": last_day(end)}


@transaction.atomic
def remind(window, *, by, note=""):
    """Remind everybody who still has something to do in a window that is open; the same person once a day at most.

    Returns the window. Raises Forbidden, or Refusal where the window is not open or nobody is left to remind.
    """
    if not holds(by, "send_circular", window.cycle):
        raise Forbidden("remind")
    now = timezone.now()
    if not window.opens_at <= now < window.closes_at:
        raise Refusal(_("“%(window)s” is not open now, so no reminder is sent.") % {"window": window})
    told = notice.tell(
        whose_turn.people(window),
        event=f"remind:{window.pk}:{timezone.localdate(now)}",
        kind=NoticeKind.DEADLINE,
        cycle=window.cycle,
        text=lambda: " ".join([sentence(window, window.closes_at, max(days_left(window.closes_at, now), 0)), note]),
    )
    if not told:
        raise Refusal(_("Everyone who has something to do was reminded today, or nobody is left."))
    log(window, "remind", by=by, note=str(len(told)))
    return window
