"""Windows and extensions (DESIGN 2.1); `closing` closes what is due."""

import datetime

import holidays
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from evaluation.enums import Part, Stage
from evaluation.models import Extension, StageWindow
from evaluation.rules.permissions import holds

from .door import Forbidden, Refusal, log
from .steps import adopt_template, take_template, tick  # noqa: F401  known to callers by these names too

ILAM_DAYS = {  # Ilam process form, calendar days
    Stage.CIRCULAR: 2,
    Stage.EVALUATORS: 6,
    Stage.PARTICIPANTS: 2,
    Stage.BRIEFING: 5,
    Stage.INDICATORS: 60,
    Stage.SELF_ASSESSMENT: 30,
    Stage.TRANSFER: 30,
    Stage.EVALUATION: 30,
    Stage.OBJECTION: 10,
    Stage.CONFIRMATION: 15,
    Stage.RANKING: 10,
    Stage.FESTIVAL: 10,
}


def planned_days(cycle):
    """{stage: calendar days} of the cycle's template; without days Ilam's are scaled to the template's total."""
    skipped = set(cycle.skipped)
    stages = {stage: days for stage, days in ILAM_DAYS.items() if stage not in skipped}
    given = {}
    for step in cycle.steps.exclude(days=None):
        given[Stage(step.stage)] = given.get(Stage(step.stage), 0) + step.days
    if given:
        return {stage: given.get(stage, days) for stage, days in stages.items()}
    total = cycle.template.total_days if cycle.template else None
    if not total:
        return stages
    return {stage: max(1, round(days * total / sum(stages.values()))) for stage, days in stages.items()}


def working_end(day):
    """The day itself, or the next one that is neither a Friday nor an official day off."""
    off = holidays.country_holidays("IR", years=[day.year, day.year + 1])
    while day.weekday() == 4 or day in off:
        day += datetime.timedelta(days=1)
    return day


def end_of(start, days):
    """The moment at which a window of `days` calendar days that opens at `start` closes: midnight after its last
    day; only a last day that falls on a day off moves to the next working day.
    """
    last = working_end(timezone.localtime(start).date() + datetime.timedelta(days=max(days, 1) - 1))
    midnight = datetime.datetime.combine(last + datetime.timedelta(days=1), datetime.time.min)
    return timezone.make_aware(midnight)


def open_window(cycle, stage, *, at=None):
    """Make sure that a stage that has just opened has a window; one that staff have planned is left alone."""
    at = at or timezone.now()
    planned = cycle.windows.filter(stage=stage)
    if stage not in ILAM_DAYS or planned.filter(closes_at__gt=at).exists():
        return
    days = planned_days(cycle).get(stage, ILAM_DAYS[stage])
    StageWindow.objects.update_or_create(
        cycle=cycle,
        stage=stage,
        part=Part.WHOLE,
        dimension=None,
        defaults={"opens_at": at, "closes_at": end_of(at, days), "closed_at": None},
    )


@transaction.atomic
def plan(cycle, *, start, by):
    """Windows for all stages from `start` (date), one after the other by the planned days. Returns the windows."""
    if not holds(by, "move_cycle", cycle):
        raise Forbidden("move_cycle")
    opens_at = timezone.make_aware(datetime.datetime.combine(start, datetime.time.min))
    windows = []
    for stage, days in planned_days(cycle).items():
        closes_at = end_of(opens_at, days)
        window, _created = StageWindow.objects.update_or_create(
            cycle=cycle,
            stage=stage,
            part=Part.WHOLE,
            dimension=None,
            defaults={"opens_at": opens_at, "closes_at": closes_at, "closed_at": None},
        )
        windows.append(window)
        opens_at = closes_at
    log(cycle, "plan", by=by, note=str(start))
    return windows


@transaction.atomic
def extend(cycle, agency, *, stage, ends_at, reason, by, part="", dimension=None):
    """Give one agency more time for a stage; it lapses by itself at `ends_at`."""
    if not holds(by, "add_extension", cycle):
        raise Forbidden("add_extension")
    if not reason.strip():
        raise Refusal(_("An extension needs a reason."))
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
    log(extension, "extend", by=by, note=reason)
    return extension
