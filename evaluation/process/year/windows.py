"""Windows and extensions (docs/process.md#stages); `closing` closes those whose end has come."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from evaluation import persian
from evaluation.enums import NoticeKind, Part, Stage
from evaluation.models import Agency, Cycle, Dimension, Extension, Notice, StageWindow, TransitionLog
from evaluation.rules import sentences
from evaluation.rules.permissions import holds
from evaluation.rules.windows import last_day_as_text

from ..door import Forbidden, Refusal, log
from ..messages import notice
from . import planning, whose_turn
from .checklist import adopt_template, take_template, tick  # noqa: F401  known to callers by these names too


def open_window(cycle: Cycle, stage: Stage, *, at: datetime | None = None) -> None:
    """Make sure that a stage that has just opened has a window; one that staff have planned is left alone."""
    at = at or timezone.now()
    planned = cycle.windows.filter(stage=stage)
    if stage not in Stage.worked() or planned.filter(closes_at__gt=at).exists():
        return
    days = planning.planned_days(cycle).get(stage, planning.ILAM_DAYS[stage])
    StageWindow.objects.update_or_create(
        cycle=cycle,
        stage=stage,
        part=Part.WHOLE,
        dimension=None,
        defaults={"opens_at": at, "closes_at": planning.end_of(at, days, cycle.province), "closed_at": None},
    )


@transaction.atomic
def add_window(window: StageWindow, *, by: User) -> StageWindow:
    """Save a new window of a stage, a part or a dimension. Returns it. Raises Forbidden, Refusal."""
    if not holds(by, "add_stagewindow", window.cycle):
        raise Forbidden("add_stagewindow")
    if window.closes_at <= window.opens_at:
        raise Refusal(sentences.WINDOW_ENDS_TOO_EARLY)
    if window.closes_at <= timezone.now():
        raise Refusal(_("With this date the window has already ended: give it a later end."))
    window.save()
    log(window, "add_window", by=by, note=planning.span(window.opens_at, window.closes_at))
    return window


@transaction.atomic
def extend(
    cycle: Cycle,
    agency: Agency,
    *,
    stage: Stage,
    ends_at: datetime,
    reason: str,
    by: User,
    part: str = "",
    dimension: Dimension | None = None,
) -> Extension:
    """Give one agency more time for a stage; it lapses by itself at `ends_at`. Its people are told."""
    if not holds(by, "add_extension", cycle):
        raise Forbidden("add_extension")
    if not reason.strip():
        raise Refusal(sentences.EXTENSION_NEEDS_REASON)
    if ends_at <= timezone.now():
        raise Refusal(_("An extension must end in the future."))
    extension = Extension.objects.create(
        cycle=cycle,
        agency=agency,
        stage=stage,
        part=part,
        dimension=dimension,
        reason=reason,
        approver=by,
        ends_at=ends_at,
    )
    tell(extension, log(extension, "extend", by=by, note=reason))
    return extension


@transaction.atomic
def correct(extension: Extension, *, ends_at: datetime, reason: str, by: User) -> Extension:
    """Give an extension another end (aware datetime) or reason; one that has lapsed runs again until its new end.

    Its people are told of a new end. Returns the extension. Raises Forbidden, Refusal.
    """
    extension = Extension.objects.select_for_update(of=("self",)).get(pk=extension.pk)
    if not holds(by, "change_extension", extension):
        raise Forbidden("change_extension")
    if not reason.strip():
        raise Refusal(sentences.EXTENSION_NEEDS_REASON)
    if ends_at <= extension.granted_at:
        raise Refusal(_("An extension must end after it is granted."))
    moved = ends_at != extension.ends_at
    extension.ends_at, extension.reason = ends_at, reason
    if ends_at > timezone.now():
        extension.lapsed_at = None
    extension.save(update_fields=["ends_at", "reason", "lapsed_at"])
    row = log(extension, "edit", by=by, note=f"{persian.format_jalali_datetime(ends_at)} {reason}")
    if moved:
        tell(extension, row)
    return extension


def tell(extension: Extension, row: TransitionLog) -> list[Notice]:
    """The people whose work it is hear of their extension; `row` of the log is the event."""
    names = {"work": extension.get_stage_display(), "day": last_day_as_text(extension.ends_at)}
    return notice.tell(
        whose_turn.people_given_time(extension),
        event=f"extended:{extension.pk}:{row.pk}",
        kind=NoticeKind.EXTENSION,
        cycle=extension.cycle,
        text=lambda: _("More time for “%(work)s” is granted: until the end of %(day)s.") % names,
    )
