"""Whether a piece of work is open now, and what is said when it is not: the window, its end and the next step."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import TYPE_CHECKING, Protocol

from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from evaluation import persian
from evaluation.enums import Part, Stage

if TYPE_CHECKING:
    from evaluation.models import Dimension


type Span = tuple[datetime.datetime, datetime.datetime]  # the first moment, and the one that is too late


class WindowQuestion(Protocol):
    """What `conditions.stage_window` asks: `window_open`, or a `bulk_rights.WindowsOnce` for many rows."""

    def __call__(
        self,
        obj: Model,
        stage: Stage,
        part: str = "",
        *,
        dimension: Dimension | int | None = None,
        agency: int | None = None,
        at: datetime.datetime,
    ) -> bool: ...


def window_open(
    obj: Model,
    stage: Stage,
    part: str = "",
    *,
    dimension: Dimension | int | None = None,
    agency: int | None = None,
    at: datetime.datetime,
) -> bool:
    """Whether the window for this work of the object's cycle is open at this moment (aware datetime)."""
    return obj.cycle.windows.is_open(obj.cycle, stage, part=part, dimension=dimension, agency=agency, at=at)


def closed_sentence(
    obj: Model,
    stage: Stage,
    part: str = "",
    *,
    dimension: Dimension | int | None = None,
    agency: int | None = None,
    at: datetime.datetime,
) -> str:
    """Names the window (or the agency's own time) that is not open, when it ended or will open, and the next step.

    `at`: the aware moment for which it is not open.
    """
    work = {"part": part, "dimension": dimension}
    rows = obj.cycle.windows.of(obj.cycle, stage, **work).values_list("opens_at", "closes_at")
    more = own_ends(obj)
    if agency is not None:
        more += obj.cycle.extensions.of(obj.cycle, stage, agency=agency, **work).values_list("ends_at", flat=True)
    return sentence_of(list(rows), stage, part, at, more=more)


def own_ends(obj: Model) -> list[datetime.datetime]:
    """The deadline of a return, where the row carries one."""
    deadline = getattr(obj, "return_deadline", None)
    return [deadline] if deadline else []


def sentence_of(
    spans: Iterable[Span], stage: Stage, part: str, at: datetime.datetime, *, more: Iterable[datetime.datetime] = ()
) -> str:
    """The sentence for windows of these (opening, end), none of which is open at this moment.

    `more`: ends of extensions and returns; the last of them is named where it came after the windows' end.
    """
    names, in_part = {"stage": Stage(stage).label, "part": Part(part).label}, bool(part)
    ended = max((closes_at for _opens_at, closes_at in spans if closes_at <= at), default=None)
    own_end = max((end for end in more if end <= at), default=None)
    to_come = [opens_at for opens_at, closes_at in spans if opens_at > at]
    if own_end and (ended is None or own_end > ended):
        return OWN_TIME_ENDED[in_part]() % (names | {"day": last_day_as_text(own_end)})
    if ended:
        sentences = ENDED if (stage, part) in ASKED_FOR else ENDED_FOR_STAFF
        return sentences[in_part]() % (names | {"day": last_day_as_text(ended)})
    if to_come:
        return TO_COME[in_part]() % (names | {"day": persian.format_jalali(timezone.localdate(min(to_come)))})
    return NO_WINDOW[in_part]() % names


def last_day_as_text(end: datetime.datetime) -> str:
    """The last day of what ends at this moment (aware datetime), as a Jalali date in the active language."""
    return persian.format_jalali(persian.last_day_of(end))


ASKED_FOR = {  # (stage, part) of the work of agencies and their headquarters, who may ask for more time
    (Stage.INDICATORS, Part.PROPOSE),
    (Stage.INDICATORS, Part.ARO),
    (Stage.SELF_ASSESSMENT, Part.WHOLE),
    (Stage.TRANSFER, Part.HEADQUARTERS),
    (Stage.TRANSFER, Part.FORWARD),
    (Stage.OBJECTION, Part.OBJECT),
}
LAST_MOMENT = datetime.timedelta(microseconds=1)
ENDED = {
    True: lambda: _("The window “%(part)s” of the stage “%(stage)s” ended with %(day)s: ask for an extension."),
    False: lambda: _("The window of the stage “%(stage)s” ended with %(day)s: ask for an extension."),
}
ENDED_FOR_STAFF = {
    True: lambda: _(
        "The window “%(part)s” of the stage “%(stage)s” ended with %(day)s: the provincial organization may move it."
    ),
    False: lambda: _(
        "The window of the stage “%(stage)s” ended with %(day)s: the provincial organization may move it."
    ),
}
OWN_TIME_ENDED = {
    True: lambda: _("Your own time for “%(part)s” of the stage “%(stage)s” ended with %(day)s: ask for an extension."),
    False: lambda: _("Your own time for the stage “%(stage)s” ended with %(day)s: ask for an extension."),
}
TO_COME = {
    True: lambda: _(
        "The window “%(part)s” of the stage “%(stage)s” opens on %(day)s; before that the action is not possible."
    ),
    False: lambda: _("The window of the stage “%(stage)s” opens on %(day)s; before that the action is not possible."),
}
NO_WINDOW = {
    True: lambda: _("The window “%(part)s” of the stage “%(stage)s” is not open: ask for an extension or wait for it."),
    False: lambda: _("The window of the stage “%(stage)s” is not open: ask for an extension or wait for it."),
}
