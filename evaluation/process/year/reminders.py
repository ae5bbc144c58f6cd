"""Reminders: that a window opens, and that seven, three or one day is left."""

import datetime
from collections.abc import Iterable
from functools import partial
from typing import Any

from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evaluation.enums import AssessmentState, NoticeKind, Role
from evaluation.models import Assessment, Extension, Notice, StageWindow, TransitionLog
from evaluation.persian import last_day_of, localise_digits
from evaluation.rules.permissions import holds
from evaluation.rules.windows import last_day_as_text

from ..door import Forbidden, Refusal, counted, log
from ..messages import notice
from . import whose_turn

DAYS_BEFORE = (7, 3, 1)
OPENINGS_WITHIN = datetime.timedelta(days=2)  # after a standstill, older openings are not told any more


def tell_due(at: datetime.datetime | None = None) -> list[Notice]:
    """Tell of openings and of ends that come near. Safe to run at any time: each is told once. Returns the notices."""
    at = at or timezone.now()
    return tell_openings(at) + tell_ends(at) + tell_ends_of_extensions(at) + tell_ends_of_returns(at)


def days_left(end: datetime.datetime, at: datetime.datetime) -> int:
    """Calendar days until the last day of a window that closes at `end`; 1: tomorrow is the last day."""
    return (last_day_of(end) - timezone.localdate(at)).days


def tell_openings(at: datetime.datetime) -> list[Notice]:
    """Tell of windows that opened in the last two days. Returns the notices."""
    notices = []
    opened = StageWindow.objects.filter(opens_at__lte=at, opens_at__gt=at - OPENINGS_WITHIN, closes_at__gt=at)
    for window in opened.select_related("cycle__province", "dimension"):
        notices += notice.tell(
            whose_turn.people(window),
            event=f"opens:{window.pk}:{window.opens_at:%Y%m%d%H%M}",
            kind=NoticeKind.OPENING,
            cycle=window.cycle,
            text=partial(opening, window),
        )
    return notices


def opening(window: StageWindow) -> str:
    """The sentence that a window has opened."""
    names = {"window": window, "day": last_day_as_text(window.closes_at)}
    return _("“%(window)s” is open until the end of %(day)s.") % names


def tell_ends(at: datetime.datetime) -> list[Notice]:
    """Tell of windows that end in seven, three or one day. Returns the notices."""
    notices = []
    near = StageWindow.objects.filter(
        opens_at__lte=at, closes_at__gt=at, closes_at__lt=at + datetime.timedelta(days=max(DAYS_BEFORE) + 2)
    )
    for window in near.select_related("cycle__province", "dimension"):
        if threshold := due_threshold(window.opens_at, window.closes_at, at):
            people, key = whose_turn.people(window, general_end=True), f"window:{window.pk}"
            notices += tell_end(people, window, window.closes_at, at, key=key, threshold=threshold)
    return notices


def due_threshold(start: datetime.datetime, end: datetime.datetime, at: datetime.datetime) -> int | None:
    """Which of 7, 3 and 1 days is reached: also after a standstill over that day, but only for a longer time.

    What is given for three days is told with its end when it is given, so three days need no reminder of their own.
    """
    left, length = days_left(end, at), days_left(end, start)
    return min((days for days in DAYS_BEFORE if 0 < left <= days < length), default=None)


def tell_ends_of_extensions(at: datetime.datetime) -> list[Notice]:
    """Tell of extensions that end in seven, three or one day. Returns the notices."""
    notices = []
    near = Extension.objects.filter(
        granted_at__lte=at, ends_at__gt=at, ends_at__lt=at + datetime.timedelta(days=max(DAYS_BEFORE) + 2)
    )
    for extension in near.select_related("cycle", "agency"):
        if threshold := due_threshold(extension.granted_at, extension.ends_at, at):
            people, key = whose_turn.people_given_time(extension), f"extension:{extension.pk}"
            notices += tell_end(people, extension, extension.ends_at, at, key=key, threshold=threshold)
    return notices


def tell_ends_of_returns(at: datetime.datetime) -> list[Notice]:
    """Returned files whose own deadline comes near: their agency is told that day."""
    notices = []
    near = Assessment.objects.filter(
        state=AssessmentState.RETURNED,
        return_deadline__gt=at,
        return_deadline__lt=at + datetime.timedelta(days=max(DAYS_BEFORE) + 2),
    )
    for assessment in near.select_related("participation__agency", "participation__cycle", "dimension"):
        returned_at = last_return(assessment)
        if threshold := due_threshold(returned_at, assessment.return_deadline, at):
            people, key = notice.people(Role.AGENCY, agency=assessment.agency), f"return:{assessment.pk}"
            notices += tell_end(people, assessment, assessment.return_deadline, at, key=key, threshold=threshold)
    return notices


def last_return(assessment: Assessment) -> datetime.datetime:
    """When the file was returned last, by its log."""
    rows = TransitionLog.objects.filter(
        content_type=ContentType.objects.get_for_model(Assessment),
        object_id=assessment.pk,
        target=AssessmentState.RETURNED,
    )
    return rows.order_by("at").values_list("at", flat=True).last() or assessment.return_deadline


def tell_end(
    people: Iterable[User], subject: Any, end: datetime.datetime, at: datetime.datetime, *, key: str, threshold: int
) -> list[Notice]:
    """Tell people how many days are left; once for each threshold. Returns the notices."""
    return notice.tell(
        people,
        event=f"{key}:{end:%Y%m%d}:{threshold}",
        kind=NoticeKind.DEADLINE,
        cycle=subject.cycle,
        text=lambda: sentence(subject, end, days_left(end, at)),
    )


def sentence(subject: object, end: datetime.datetime, days: int) -> str:
    """How many days are left until this end (aware datetime), as a sentence."""
    words = ngettext(
        "%(days)s day is left for “%(subject)s”: it ends with %(day)s.",
        "%(days)s days are left for “%(subject)s”: it ends with %(day)s.",
        days,
    )
    return words % {"days": localise_digits(days), "subject": subject, "day": last_day_as_text(end)}


@transaction.atomic
def remind(window: StageWindow, *, by: User, note: str = "") -> StageWindow:
    """Remind everybody who still has something to do in a window that is open; the same person once a day at most.

    Returns the window. Raises Forbidden, or Refusal where the window is not open or nobody is left to remind.
    """
    if not holds(by, "send_circular", window.cycle):
        raise Forbidden("remind")
    now = timezone.now()
    if not window.opens_at <= now < window.closes_at:
        raise Refusal(_("“%(window)s” is not open now, so no reminder is sent.") % {"window": window})
    notices = notice.tell(
        whose_turn.people(window),
        event=f"remind:{window.pk}:{timezone.localdate(now)}",
        kind=NoticeKind.DEADLINE,
        cycle=window.cycle,
        text=lambda: " ".join([sentence(window, window.closes_at, max(days_left(window.closes_at, now), 0)), note]),
    )
    if not notices:
        raise Refusal(_("Everyone who has something to do was reminded today, or nobody is left."))
    log(window, "remind", by=by, note=counted(len(notices)))
    return window
