"""Scheduled closing: what happens when a window or an extension has ended (docs/process.md#closing).

The files of a silent side are settled some at a time, under their locks and in one transaction, then the window. So
several workers at once, a worker killed in the middle and a run after a long pause give the same result, once. Where
one file of some fails, they are settled one by one. A window whose files failed stays due: the next run tries them
again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import batched
from typing import TYPE_CHECKING, Any, NamedTuple

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from evaluation.enums import NoticeKind, Stage
from evaluation.models import Assessment, Cycle, Extension, SpecificList, StageWindow
from evaluation.rules.windows import LAST_MOMENT

from .. import audit
from ..door import Refusal, log
from ..door_many import lock_many
from ..messages import notice
from . import cycle as cycle_verbs
from . import silent_sides
from .silent_sides import NOTHING, Ended, Rule

if TYPE_CHECKING:
    from evaluation.process.messages.notice import Sentence

MAX_FAILURES_NAMED = 3  # files that failed, in a notice
FILES_AT_ONCE = 32  # files of one transaction: others who write wait for it, on SQLite for every one

logger = logging.getLogger(__name__)


class Failed(NamedTuple):
    """One file, window or extension that could not be closed, and the error."""

    subject: Any
    error: Exception


@dataclass
class Closed:
    """What one run did: windows closed, files settled by a rule, and what failed."""

    windows: list[StageWindow] = field(default_factory=list)
    settled: list[Assessment | SpecificList] = field(default_factory=list)
    failed: list[Failed] = field(default_factory=list)


def close_due(cycle: int | None = None, *, at: datetime | None = None) -> Closed:
    """Close every window and extension whose end has come by `at` (aware datetime; now by default). Returns Closed.

    `cycle` is the key of the one whose windows are closed; without it, those of all. Safe to run at any time, by
    several processes at once. An error stops only its own file and window; it is returned in `failed`, for the caller
    to log.
    """
    at, done = at or timezone.now(), Closed()
    of_cycle = {"cycle": cycle} if cycle else {}
    windows = StageWindow.objects.due(at).filter(**of_cycle)
    for window in windows.select_related("cycle__province").order_by("closes_at", "pk"):
        close_window(window, at, done)
    extensions = lapsed(at).filter(**of_cycle)
    for extension in extensions.select_related("cycle__province", "agency").order_by("ends_at", "pk"):
        lapse(extension, at, done)
    return done


def due_cycles(at: datetime | None = None) -> list[Cycle]:
    """The cycles of which a window or an extension has ended by `at` and is not closed, with their provinces."""
    at = at or timezone.now()
    keys = [*StageWindow.objects.due(at).values_list("cycle", flat=True), *lapsed(at).values_list("cycle", flat=True)]
    return list(Cycle.objects.filter(pk__in=keys).select_related("province").order_by("pk"))


def lapsed(at: datetime) -> QuerySet[Extension]:
    """The extensions that have ended by this moment and were not dealt with."""
    return Extension.objects.filter(ends_at__lte=at, lapsed_at=None)


def close_window(window: StageWindow, at: datetime, done: Closed) -> None:
    """Apply the rule to the silent side of a window, then close it and take the cycle to its next stage."""
    rule = attempt(done, window, rule_of, window)
    if rule is None or not settle_all(rule, window, window.closes_at - LAST_MOMENT, done):
        return
    if attempt(done, window, finish_window, window, at, rule.notes, is_early(window)):
        done.windows.append(window)


def is_early(ended: Ended) -> bool:
    """Whether the cycle has not reached the stage of this window yet, so that nobody has been silent."""
    return Stage(ended.cycle.stage).number < Stage(ended.stage).number


def rule_of(ended: Ended) -> Rule:
    """The Rule for the side whose time ended with this window or extension."""
    if is_early(ended) or ended.stage not in silent_sides.RULES:
        return NOTHING
    return silent_sides.RULES[ended.stage](ended)


def finish_window(window: StageWindow, at: datetime, notes: Sequence[str], early: bool) -> bool:
    """Note the closing. False when another worker has done it already, or the window was given more time."""
    cycle = Cycle.objects.select_for_update(of=("self",)).get(pk=window.cycle_id)
    window = StageWindow.objects.select_for_update(of=("self",)).get(pk=window.pk)
    if window.closed_at is not None or window.closes_at > at:
        return False
    window.closed_at = at
    window.save(update_fields=["closed_at"])
    by = audit.scheduler(cycle.province)
    log(cycle, "close_window", by=by, note=str(window))
    if early:
        tell_early(cycle, window)
    else:
        move_on(cycle, window.stage, by=by, at=at, notes=notes)
    return True


def lapse(extension: Extension, at: datetime, done: Closed) -> None:
    """Apply the rule to the agency of an extension that lapsed after its window had closed."""
    rule = attempt(done, extension, rule_of, extension)
    if rule is not None and settle_all(rule, extension, extension.ends_at - LAST_MOMENT, done):
        attempt(done, extension, finish_extension, extension, at, rule)


def finish_extension(extension: Extension, at: datetime, rule: Rule) -> bool:
    """Note that the lapse was dealt with. False when another worker has done it, or the extension was prolonged."""
    cycle = Cycle.objects.select_for_update(of=("self",)).get(pk=extension.cycle_id)
    extension = Extension.objects.select_for_update(of=("self",)).get(pk=extension.pk)
    if extension.lapsed_at is not None or extension.ends_at > at:
        return False
    extension.lapsed_at = at
    extension.save(update_fields=["lapsed_at"])
    if rule is not NOTHING:
        move_on(cycle, extension.stage, by=audit.scheduler(cycle.province), at=at, notes=rule.notes)
    return True


# -- the files ------------------------------------------------------------------------------------


def settle_all(rule: Rule, ended: Ended, at: datetime, done: Closed) -> bool:
    """Apply a rule to each waiting file; whether all went well. `ended` is the window or extension."""
    failed, by = len(done.failed), audit.scheduler(ended.cycle.province)
    for keys in batched(rule.keys, FILES_AT_ONCE):
        try:
            with transaction.atomic():
                settled = settle_some(rule, keys, ended, by, at)
        except Exception:  # of which file it comes is found, and kept, by settling them one by one
            logger.debug("One of %s files could not be settled", len(keys), exc_info=True)
            for key in keys:
                done.settled += attempt(done, rule.model(pk=key), settle_some, rule, [key], ended, by, at) or []
        else:
            done.settled += settled
    if len(done.failed) > failed:
        tell_failed(ended, done.failed[failed:])
        return False
    return True


def attempt[T](done: Closed, subject: Any, work: Callable[..., T], *args: Any) -> T | None:
    """What `work` gives, in a transaction; None after an error, which is kept for the caller of `close_due`."""
    try:
        with transaction.atomic():
            return work(*args)
    except Exception as error:  # whatever it is, the other agencies' files go on
        done.failed.append(Failed(subject, error))
        return None


def settle_some(rule: Rule, keys: Sequence[int], ended: Ended, by: User, at: datetime) -> list[Any]:
    """Settle files under their locks. Returns those that nobody has settled meanwhile or given more time.

    Raises Refusal where any of them is refused: nothing of what was written for the others may stay then.
    """
    files = [obj for obj in lock_many([rule.model(pk=key) for key in keys]) if obj.state in rule.states]
    still = {"closes_at": ended.closes_at} if isinstance(ended, StageWindow) else {"ends_at": ended.ends_at}
    if not files or not type(ended).objects.filter(pk=ended.pk, **still).exists():
        return []
    batch = rule.settle(files, by=by, at=at)
    if batch.left_out:
        raise Refusal(*(sentence for _file, sentence in batch.left_out))
    return batch.done


# -- the cycle -------------------------------------------------------------------------------------


def move_on(cycle: Cycle, stage: Stage, *, by: User, at: datetime, notes: Sequence[str]) -> None:
    """Take a locked cycle to its next stage when the windows of its present one are over and nothing is missing."""
    if cycle.stage != stage or cycle.windows.filter(stage=stage, closes_at__gt=at).exists():
        return
    try:
        cycle_verbs.advance(cycle, by=by)
    except Refusal as refusal:
        reasons = " ".join([*notes, *refusal.sentences])
        tell_managers(
            cycle,
            f"stuck:{cycle.pk}:{stage}:{at.date()}",
            lambda: (
                _("The stage “%(stage)s” is over but cannot be left: %(reasons)s")
                % {"stage": Stage(stage).label, "reasons": reasons}
            ),
        )


def tell_early(cycle: Cycle, window: StageWindow) -> None:
    """Tell that a window ended before the cycle reached its stage; the stage gets a window when it opens."""
    tell_managers(
        cycle,
        f"early:{window.pk}:{window.closes_at.isoformat()}",
        lambda: (
            _("The window “%(window)s” ended before the cycle reached this stage. Plan it again.") % {"window": window}
        ),
    )


def tell_failed(ended: Ended, failed: Sequence[Failed]) -> None:
    """Tell the managers what failed: once a day for each window."""
    tell_managers(
        ended.cycle,
        f"unclosed:{ended._meta.model_name}:{ended.pk}:{timezone.localdate()}",
        lambda: (
            _("“%(window)s” could not be closed for all: %(names)s. It is tried again every minute.")
            % {
                "window": ended,
                "names": "، ".join(name_of(known(failure.subject)) for failure in failed[:MAX_FAILURES_NAMED]),
            }
        ),
    )


def known(subject: Any) -> Any:
    """What failed, read from the database; before, only its key was known."""
    return type(subject).objects.get(pk=subject.pk)


def name_of(subject: Any) -> str:
    """The name by which the page of scheduled work calls what failed."""
    return f"{subject.cycle}: {subject}" if isinstance(subject, StageWindow | Extension) else str(subject)


def tell_managers(cycle: Cycle, event: str, text: Sentence) -> None:
    """Tell the managers of the cycle's province what stands in its way; once for each event."""
    notice.tell(notice.managers(cycle), event=event, kind=NoticeKind.STUCK, cycle=cycle, text=text)
