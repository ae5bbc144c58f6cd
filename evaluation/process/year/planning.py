"""The windows of a year: working days, windows planned from a template in one action, windows moved together."""

import datetime
from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass, field

import holidays
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from evaluation import persian
from evaluation.enums import STAGE_PARTS, NoticeKind, Part, Stage
from evaluation.models import Cycle, CycleStep, DayOff, Notice, Province, StageWindow, TransitionLog
from evaluation.persian import last_day_of, midnight_after
from evaluation.rules import sentences
from evaluation.rules.permissions import holds
from evaluation.rules.windows import last_day_as_text

from ..door import Forbidden, Refusal, log
from ..messages import notice
from . import whose_turn

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
SILENT_SIDES = (Stage.INDICATORS, Stage.SELF_ASSESSMENT, Stage.TRANSFER)  # their end applies a rule, see `closing`
DAY = datetime.timedelta(days=1)
FRIDAY = 4  # of date.weekday()

type Days = dict[Stage, int]  # calendar days of each stage
type DaysOfParts = Mapping[Stage, Mapping[Part, int]]  # calendar days of stages that are run part by part


class Calendar:
    """Which days are off in a province: Fridays and Iran's official days, and what its staff added or struck.

    Lunar days of coming years are estimates of the `holidays` package: staff correct them. Without a province the
    country's days alone count.
    """

    def __init__(self, province: Province | None = None) -> None:
        language = "fa_IR" if persian.is_persian(get_language()) else "en_US"
        self.official = holidays.country_holidays("IR", language=language)
        rows = DayOff.objects.filter(province=province) if province is not None else []
        self.own = {row.date: row for row in rows}

    def off(self, day: datetime.date) -> str:
        """Why this day is off, as a name; empty for a working day."""
        own = self.own.get(day)
        if own is not None:
            return "" if own.working else own.title
        if day in self.official:
            return persian.holiday_title(self.official[day])
        return str(_("Friday")) if day.weekday() == FRIDAY else ""

    def working_end(self, day: datetime.date) -> datetime.date:
        """The day itself, or the next working one."""
        while self.off(day):
            day += DAY
        return day

    def working_days(self, first: datetime.date, last: datetime.date) -> int:
        """How many working days lie from `first` to `last`, both counted; 0 when last comes before first."""
        days = (first + DAY * number for number in range((last - first).days + 1))
        return sum(not self.off(day) for day in days)

    def end_of(self, start: datetime.datetime, days: int) -> datetime.datetime:
        """The moment at which a window of `days` calendar days that opens at `start` closes: midnight after its last
        day; only a last day that falls on a day off moves to the next working day.
        """
        return midnight_after(self.working_end(self.wanted_last_day(start, days)))

    def wanted_last_day(self, start: datetime.datetime, days: int) -> datetime.date:
        """The last day by count: the opening counts as the first of `days`."""
        return timezone.localtime(start).date() + DAY * (max(days, 1) - 1)


def working_end(day: datetime.date, province: Province | None = None) -> datetime.date:
    """The day itself, or the next one that is neither a Friday nor a day off in this province."""
    return Calendar(province).working_end(day)


def end_of(start: datetime.datetime, days: int, province: Province | None = None) -> datetime.datetime:
    """`Calendar.end_of` for a single question."""
    return Calendar(province).end_of(start, days)


def planned_days(cycle: Cycle) -> Days:
    """{stage: calendar days} of the cycle's templates, those that are mixed side by side (see `side_by_side`).

    Where none gives days, Ilam's, scaled to the total of a template that names only a total; a step that staff added
    by hand runs beside them too.
    """
    steps = list(cycle.steps.select_related("template"))
    of_templates = side_by_side(step for step in steps if step.template_id)
    own = side_by_side(step for step in steps if not step.template_id)
    usual = usual_days(cycle, steps)
    return {stage: max(of_templates.get(stage, days), own.get(stage, 0)) for stage, days in usual.items()}


def side_by_side(steps: Iterable[CycleStep]) -> Days:
    """{stage: calendar days}: a template's steps follow each other, templates run at the same time: the longest counts.

    The flowcharts of the two tracks show this: general and specific indicators go through one stage together.
    """
    lanes: dict[Stage, dict[int | None, int]] = {}
    for step in steps:
        if step.days is not None:
            lane = lanes.setdefault(Stage(step.stage), {})
            lane[step.template_id] = lane.get(step.template_id, 0) + step.days
    return {stage: max(lane.values()) for stage, lane in lanes.items()}


def usual_days(cycle: Cycle, steps: Iterable[CycleStep]) -> Days:
    """Ilam's days of the cycle's stages, scaled to the longest total of the templates that name nothing else."""
    stages = {stage: days for stage, days in ILAM_DAYS.items() if stage not in set(cycle.skipped)}
    with_days = {step.template_id for step in steps if step.days is not None}
    templates = {step.template for step in steps} | {cycle.template}
    totals = [
        template.total_days
        for template in templates
        if template and template.total_days and template.pk not in with_days
    ]
    if not totals:
        return stages
    total, whole = max(totals), sum(stages.values())
    return {stage: max(1, round(days * total / whole)) for stage, days in stages.items()}


def stages_to_plan(cycle: Cycle) -> Days:
    """{stage: days} of the stages that do not lie behind the cycle yet."""
    now = Stage(cycle.stage).number
    return {stage: days for stage, days in planned_days(cycle).items() if stage.number >= now}


@dataclass(frozen=True)
class Draft:
    """A window that is not saved yet. `wanted` is the last day by count; `because` names the day off that moved it."""

    stage: Stage
    part: Part
    opens_at: datetime.datetime
    closes_at: datetime.datetime
    wanted: datetime.date
    because: str = ""
    window: StageWindow | None = None

    def __str__(self) -> str:
        """The name that the saved window would have."""
        return str(self.window or StageWindow(stage=self.stage, part=self.part))

    @property
    def last(self) -> datetime.date:
        return last_day_of(self.closes_at)

    @property
    def days(self) -> int:
        return (self.last - timezone.localtime(self.opens_at).date()).days + 1


@dataclass(frozen=True)
class Move(Draft):
    """The draft of a window that exists."""

    window: StageWindow = field(kw_only=True)


def draft(calendar: Calendar, stage: Stage, part: Part, opens_at: datetime.datetime, days: int) -> Draft:
    """The Draft of a window of so many calendar days."""
    wanted = calendar.wanted_last_day(opens_at, days)
    closes_at = midnight_after(calendar.working_end(wanted))
    return Draft(stage, part, opens_at, closes_at, wanted, calendar.off(wanted))


def drafts(
    cycle: Cycle, *, start: datetime.date, days: Days | None = None, parts: DaysOfParts | None = None
) -> list[Draft]:
    """The windows that a plan from `start` (date) makes, in order.

    `days`: {stage: calendar days}, by default those of the template; `parts`: {stage: {part: calendar days}} for
    stages that are run part by part. Parts follow one another from the stage's first day; a stage lasts until its
    days are over and its parts have ended; answers to objections may run on beside the next stage
    (docs/process.md#stages).
    """
    calendar, days, parts = Calendar(cycle.province), days or {}, parts or {}
    opens_at = timezone.make_aware(datetime.datetime.combine(start, datetime.time.min))
    planned = []
    for stage, usual in stages_to_plan(cycle).items():
        whole = draft(calendar, stage, Part.WHOLE, opens_at, days.get(stage) or usual)
        rows = drafts_of_parts(calendar, stage, parts.get(stage) or {}, opens_at) or [whole]
        planned += rows
        opens_at = max(whole.closes_at, *(row.closes_at for row in rows if row.part != Part.ANSWER))
    return planned


def drafts_of_parts(
    calendar: Calendar, stage: Stage, days_of_parts: Mapping[Part, int], opens_at: datetime.datetime
) -> list[Draft]:
    """The drafts of a stage's parts, one after another; `days_of_parts` is {part: calendar days}."""
    rows = []
    for part in STAGE_PARTS.get(stage, ()):
        if days_of_parts.get(part):
            rows.append(draft(calendar, stage, part, opens_at, days_of_parts[part]))
            opens_at = rows[-1].closes_at
    return rows


@transaction.atomic
def plan(
    cycle: Cycle, *, start: datetime.date, by: User, days: Days | None = None, parts: DaysOfParts | None = None
) -> list[StageWindow]:
    """Make the windows of `drafts`, in place of those that these stages have. Returns them.

    A stage planned whole loses the windows of its parts, and the other way round; windows of single dimensions stay.
    People of a window that is open and gets another end are told. Raises Forbidden; Refusal when a part is planned that
    its stage does not have, before the performance year, or when the present stage would have ended already.
    """
    if not holds(by, "move_cycle", cycle):
        raise Forbidden("move_cycle")
    check_parts(parts or {})
    planned = drafts(cycle, start=start, days=days, parts=parts)
    check_times(cycle, start, planned)
    before = {(row.stage, row.part): row for row in cycle.windows.filter(dimension=None)}
    windows = []
    for planned_window in planned:
        window, _created = StageWindow.objects.update_or_create(
            cycle=cycle,
            stage=planned_window.stage,
            part=planned_window.part,
            dimension=None,
            defaults={"opens_at": planned_window.opens_at, "closes_at": planned_window.closes_at, "closed_at": None},
        )
        windows.append(window)
    stages = {window.stage for window in windows}
    outdated = cycle.windows.filter(stage__in=stages, dimension=None).exclude(pk__in=[row.pk for row in windows])
    outdated.delete()
    row = log(cycle, "plan", by=by, note=persian.format_jalali(start))
    for window in windows:
        tell_of_move(window, before.get((window.stage, window.part)), row)
    return windows


def check_times(cycle: Cycle, start: datetime.date, planned: Iterable[Draft]) -> None:
    """Raise Refusal for a plan that begins before the performance year or has ended its present stage already.

    A year that was typed wrong would else close the work of today.
    """
    if start < cycle.period_start:
        days = {"day": persian.format_jalali(start), "begin": persian.format_jalali(cycle.period_start)}
        raise Refusal(
            _("The first day (%(day)s) is before the performance year begins (%(begin)s): check the year.") % days
        )
    present = [row for row in planned if row.stage == cycle.stage and row.stage in SILENT_SIDES]
    if present and max(row.closes_at for row in present) <= timezone.now():
        raise Refusal(
            _(
                "With this plan “%(stage)s” would have ended on %(day)s, and the missed-deadline rule would be "
                "applied at once. Give it more days or begin later."
            )
            % {
                "stage": Stage(cycle.stage).label,
                "day": persian.format_jalali(max(row.last for row in present)),
            }
        )


def check_parts(parts: DaysOfParts) -> None:
    """Raise Refusal for a part that its stage does not have."""
    for stage, days_of_parts in parts.items():
        if any(part not in STAGE_PARTS.get(stage, ()) for part in days_of_parts):
            raise Refusal(_("The chosen stage has no such part."))


# -- moving one window ----------------------------------------------------------------------------


def moved(
    window: StageWindow, *, opens_at: datetime.datetime, closes_at: datetime.datetime, following: bool = False
) -> list[Move]:
    """The drafts that moving this window gives: itself as asked, then, with `following`, the windows that open at or
    after its old end, by as many days as its end moves. Closed windows stay. Moved ends that fall on a day off go on
    to the next working day; a window that opened when another closed still does.
    """
    calendar = Calendar(window.cycle.province)
    last = last_day_of(closes_at)
    rows = [Move(Stage(window.stage), Part(window.part), opens_at, closes_at, last, calendar.off(last), window=window)]
    shift = last - last_day_of(window.closes_at)
    if not following or not shift:
        return rows
    ends = {window.closes_at: closes_at}
    later = window.cycle.windows.filter(opens_at__gte=window.closes_at, closed_at=None).exclude(pk=window.pk)
    for following_window in later.select_related("dimension").order_by("opens_at", "closes_at", "pk"):
        rows.append(shifted(calendar, following_window, shift, ends))
        ends.setdefault(following_window.closes_at, rows[-1].closes_at)
    return rows


def shifted(
    calendar: Calendar,
    window: StageWindow,
    shift: datetime.timedelta,
    ends: Mapping[datetime.datetime, datetime.datetime],
) -> Move:
    """The draft of a window moved by `shift` (timedelta of whole days); `ends` maps old ends to new ones."""
    opens_at = ends.get(window.opens_at) or days_later(window.opens_at, shift)
    wanted = last_day_of(window.closes_at) + shift
    closes_at = days_later(window.closes_at, shift + (calendar.working_end(wanted) - wanted))
    if closes_at <= opens_at:  # days off would leave it no length: keep its number of days
        length = (last_day_of(window.closes_at) - timezone.localtime(window.opens_at).date()).days + 1
        return draft_for(window, draft(calendar, Stage(window.stage), Part(window.part), opens_at, length))
    because = calendar.off(wanted)
    return Move(Stage(window.stage), Part(window.part), opens_at, closes_at, wanted, because, window=window)


def draft_for(window: StageWindow, made: Draft) -> Move:
    """The same draft for a window that exists."""
    return Move(made.stage, made.part, made.opens_at, made.closes_at, made.wanted, made.because, window=window)


def days_later(moment: datetime.datetime, shift: datetime.timedelta) -> datetime.datetime:
    """The same local time, `shift` (timedelta of whole days) later."""
    local = timezone.localtime(moment)
    return timezone.make_aware(local.replace(tzinfo=None) + shift)


@transaction.atomic
def move(
    window: StageWindow,
    *,
    opens_at: datetime.datetime,
    closes_at: datetime.datetime,
    by: User,
    following: bool = False,
    reason: str = "",
) -> list[StageWindow]:
    """Give a window another opening and end, the following ones too if asked; people of open windows are told.

    A closed window is reopened by this, which needs a reason. Returns the windows moved. Raises Forbidden, Refusal.
    """
    window = StageWindow.objects.select_for_update(of=("self",)).select_related("cycle__province").get(pk=window.pk)
    if not holds(by, "change_stagewindow", window):
        raise Forbidden("change_stagewindow")
    if closes_at <= opens_at:
        raise Refusal(sentences.WINDOW_ENDS_TOO_EARLY)
    if window.closed_at is not None and not reason.strip():
        raise Refusal(_("This window has been closed: give the reason for opening it again."))
    rows = moved(window, opens_at=opens_at, closes_at=closes_at, following=following)
    return [put(row, by=by, reason=reason) for row in rows]


def put(planned: Move, *, by: User, reason: str) -> StageWindow:
    """Move one window to its draft, log it and tell people. Returns the window."""
    window, before = planned.window, copy(planned.window)
    window.opens_at, window.closes_at = planned.opens_at, planned.closes_at
    if planned.closes_at > timezone.now():
        window.closed_at = None
    window.save(update_fields=["opens_at", "closes_at", "closed_at"])
    spans = {"before": span(before.opens_at, before.closes_at), "after": span(planned.opens_at, planned.closes_at)}
    row = log(window, "move", by=by, note=f"{_('%(before)s became %(after)s.') % spans} {reason}".strip())
    tell_of_move(window, before, row)
    return window


def span(opens_at: datetime.datetime, closes_at: datetime.datetime) -> str:
    """Opening and end as one text, for the log."""
    return f"{persian.format_jalali_datetime(opens_at)} – {persian.format_jalali_datetime(closes_at)}"


def tell_of_move(window: StageWindow, before: StageWindow | None, row: TransitionLog) -> list[Notice]:
    """Tell the people of an open window its new end. `before`: the window as it was; `row` of the log: the event."""
    if before is None or before.closes_at == window.closes_at:
        return []
    if not window.opens_at <= timezone.now() < window.closes_at:
        return []
    return notice.tell(
        whose_turn.people(window),
        event=f"moved:{window.pk}:{row.pk}",
        kind=NoticeKind.DEADLINE,
        cycle=window.cycle,
        text=lambda: (
            _("“%(window)s” has been moved: it now ends with %(day)s.")
            % {"window": window, "day": last_day_as_text(window.closes_at)}
        ),
    )
