"""The cycle of the next year, copied whole from a closed or running one; drafted by itself on the day that is set."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from evaluation import persian
from evaluation.enums import CycleKind, NoticeKind, Part, Stage
from evaluation.models import Axis, Cycle, CycleStep, Evaluator, EvaluatorGroup, PeerGroup, StageWindow
from evaluation.persian import a_year_later, last_day_of, midnight_after
from evaluation.rules.permissions import holds

from .. import audit
from ..catalogue import indicator
from ..door import Forbidden, Refusal, log
from ..messages import notice
from . import evaluator_group
from .checklist import COPIED as STEP_FIELDS
from .planning import Calendar, Move

OF_ONE_YEAR = {  # fields of a cycle that the copy does not take as they are
    "id",
    "province",
    "performance_year",
    "kind",
    "main_cycle",
    "copied_from",
    "title",
    "period_start",
    "period_end",
    "stage",
    "participants_fixed_at",
    "participants_fixed_by",
    "base_year",
    "next_cycle_on",
}
YEAR_IN_A_TITLE = re.compile("[0-9]{4}|[۰-۹]{4}")


@dataclass(frozen=True)
class NextYear:
    """What the next cycle will be: `moved` are settings that go on by a year; `over` are windows whose time has gone;
    `vacant` are seats whose people have no evaluator's role any more.
    """

    performance_year: int
    title: str
    period_start: date
    period_end: date
    moved: dict[str, Any]
    windows: list[Move]
    over: list[StageWindow]
    seats: list[Evaluator]
    vacant: list[Evaluator]


def plan(cycle: Cycle, at: datetime | None = None) -> NextYear:
    """The cycle that `open_next_year` would make of this one at this moment (aware datetime; now by default)."""
    at = at or timezone.now()
    seats = list(Evaluator.objects.filter(group__cycle=cycle).select_related("group", "user").order_by("group", "pk"))
    seated = set(evaluator_group.may_sit(cycle.province).values_list("user", flat=True))
    windows = a_year_on(cycle)
    year = cycle.performance_year
    return NextYear(
        performance_year=year + 1,
        title=title_for(cycle.title, year),
        period_start=a_year_later(cycle.period_start),
        period_end=a_year_later(cycle.period_end),
        moved={
            "base_year": cycle.base_year and cycle.base_year + 1,
            "next_cycle_on": cycle.next_cycle_on and a_year_later(cycle.next_cycle_on),
        },
        windows=[row for row in windows if row.closes_at > at],
        over=[row.window for row in windows if row.closes_at <= at],
        seats=[seat for seat in seats if seat.user_id in seated],
        vacant=[seat for seat in seats if seat.user_id not in seated],
    )


def title_for(title: str, year: int) -> str:
    """The title with the performance `year`, and the year in which it is evaluated, one higher."""

    def following(year_written: re.Match[str]) -> str:
        text = year_written[0]
        number = int(text)
        if number not in (year, year + 1):
            return text
        return str(number + 1) if text.isascii() else persian.localise_digits(number + 1, "fa")

    changed = YEAR_IN_A_TITLE.sub(following, title)
    return changed if changed != title else f"{title} ({persian.localise_digits(year + 1)})"


def a_year_on(cycle: Cycle) -> list[Move]:
    """The windows of the cycle a Jalali year later: whole days, an end on a day off goes on to the next working day.

    A window that opened when another closed still does; each has at least one day.
    """
    calendar, moves = Calendar(cycle.province), []
    ends: dict[datetime, datetime] = {}  # {end of a window: its new end}
    for window in cycle.windows.select_related("dimension").order_by("opens_at", "closes_at", "pk"):
        first = a_year_later(timezone.localtime(window.opens_at).date())
        opens_at = ends.get(window.opens_at) or timezone.make_aware(datetime.combine(first, time.min))
        wanted = max(a_year_later(last_day_of(window.closes_at)), timezone.localtime(opens_at).date())
        closes_at = midnight_after(calendar.working_end(wanted))
        ends.setdefault(window.closes_at, closes_at)
        stage, part, because = Stage(window.stage), Part(window.part), calendar.off(wanted)
        moves.append(Move(stage, part, opens_at, closes_at, wanted, because, window=window))
    return moves


def later_cycle(cycle: Cycle) -> Cycle | None:
    """The annual cycle of a later year that this province has already, or None."""
    later = Cycle.objects.filter(province=cycle.province_id, kind=CycleKind.ANNUAL)
    return later.filter(performance_year__gt=cycle.performance_year).order_by("performance_year").first()


def reasons(cycle: Cycle) -> list[str]:
    """Sentences that say why no next cycle can be made of this one; empty when it can."""
    if cycle.kind != CycleKind.ANNUAL:
        return [_("The cycle of the next year is made from an annual cycle.")]
    if later := later_cycle(cycle):
        return [_("The province has the later cycle “%(cycle)s” already.") % {"cycle": later}]
    return []


@transaction.atomic
def open_next_year(cycle: Cycle, *, by: User, title: str = "", specific: bool = True) -> Cycle:
    """The draft of the next year's cycle: catalogue with origins, groups, evaluators, steps, windows and settings.

    `specific`: each agency's specific indicators of this year stand as its proposal. Agencies join when their list is
    finalised. Returns the new cycle. Raises Forbidden, and Refusal where there is a later cycle already.
    """
    cycle = Cycle.objects.select_for_update(of=("self",)).select_related("province").get(pk=cycle.pk)
    if not holds(by, "add_cycle", cycle):
        raise Forbidden("add_cycle")
    if sentences := reasons(cycle):
        raise Refusal(*sentences)
    planned = plan(cycle)
    copy = Cycle.objects.create(
        province=cycle.province,
        performance_year=planned.performance_year,
        title=title.strip() or planned.title,
        period_start=planned.period_start,
        period_end=planned.period_end,
        copied_from=cycle,
        **settings_of(cycle),
        **planned.moved,
    )
    log(copy, "start", target=copy.stage, by=by, note=str(cycle))
    indicator.clone_catalogue(copy, cycle, by=by)
    if specific:
        indicator.clone_proposals(copy, cycle)
    PeerGroup.objects.bulk_create(
        PeerGroup(cycle=copy, title=group.title, order=group.order) for group in cycle.peer_groups.all()
    )
    copy_steps(copy, cycle)
    copy_windows(copy, planned.windows)
    copy_groups(copy, cycle, planned.seats, by=by)
    log(cycle, "open_next_year", by=by, note=str(copy))
    return copy


def settings_of(cycle: Cycle) -> dict[str, Any]:
    """{field: value} of every setting of the cycle that the next year takes as it is."""
    names = (row.name for row in Cycle._meta.concrete_fields if row.name not in OF_ONE_YEAR)
    return {name: getattr(cycle, name) for name in names}


def copy_steps(copy: Cycle, cycle: Cycle) -> None:
    """The checklist as it was written, with nothing done."""
    CycleStep.objects.bulk_create(
        CycleStep(cycle=copy, template_id=step.template_id, **{name: getattr(step, name) for name in STEP_FIELDS})
        for step in cycle.steps.all()
    )


def copy_windows(copy: Cycle, windows: Iterable[Move]) -> None:
    """The planned windows, those of a dimension in the copy's own one."""
    dimensions = {dimension.code: dimension for dimension in copy.dimensions.all()}
    StageWindow.objects.bulk_create(
        StageWindow(
            cycle=copy,
            stage=row.stage,
            part=row.part,
            dimension=dimensions[row.window.dimension.code] if row.window.dimension else None,
            opens_at=row.opens_at,
            closes_at=row.closes_at,
        )
        for row in windows
    )


def copy_groups(copy: Cycle, cycle: Cycle, seats: Iterable[Evaluator], *, by: User) -> None:
    """The evaluators' groups with their axes, their active agencies and these seats."""
    axes = {axis.origin_id: axis for axis in Axis.objects.filter(dimension__cycle=copy)}
    groups: dict[int, EvaluatorGroup] = {}
    for group in EvaluatorGroup.objects.filter(cycle=cycle).prefetch_related("axes", "agencies").order_by("pk"):
        groups[group.pk] = evaluator_group.form_group(
            copy,
            title=group.title,
            by=by,
            axes=[axes[axis.pk] for axis in group.axes.all() if axis.pk in axes],
            covers_specific=group.covers_specific,
            lead_body=group.lead_body,
            agencies=[agency for agency in group.agencies.all() if agency.active],
        )
    for seat in seats:
        evaluator_group.seat(groups[seat.group_id], seat.user, by=by, lead=seat.lead, represents=seat.represents)


# -- by itself, on the day that is set -------------------------------------------------------------


@dataclass
class Opened:
    """What one run did: the cycles drafted, and (cycle, sentence) of those that could not be."""

    cycles: list[Cycle] = field(default_factory=list)
    failed: list[tuple[Cycle, str]] = field(default_factory=list)


def due(today: date) -> list[Cycle]:
    """The annual cycles whose day has come and whose province has no later cycle."""
    rows = Cycle.objects.filter(kind=CycleKind.ANNUAL, next_cycle_on__lte=today).select_related("province")
    return [cycle for cycle in rows.order_by("performance_year", "pk") if later_cycle(cycle) is None]


def open_due(today: date | None = None) -> Opened:
    """Draft the next year of every cycle whose day has come, and tell its managers. Safe to run at any time.

    `today` is a local date. A refusal stops its own cycle alone; the managers read it once.
    """
    opened = Opened()
    for cycle in due(today or timezone.localdate()):
        try:
            with transaction.atomic():
                opened.cycles.append(open_and_tell(cycle))
        except Refusal as refusal:
            if later_cycle(cycle):  # another worker was quicker
                continue
            opened.failed.append((cycle, str(refusal)))
            tell_refusal(cycle, refusal)
    return opened


def open_and_tell(cycle: Cycle) -> Cycle:
    """Draft the next year as the scheduler, and tell the managers."""
    copy = open_next_year(cycle, by=audit.scheduler(cycle.province))
    notice.tell(
        notice.managers(copy),
        event=f"next-year:{cycle.pk}:{copy.performance_year}",
        kind=NoticeKind.OPENING,
        cycle=copy,
        url=reverse("admin:evaluation_cycle_years", args=[copy.pk]),
        text=lambda: (
            _("The time of the next cycle has come: “%(copy)s” was drafted from “%(cycle)s”. Check it and start it.")
            % {"copy": copy, "cycle": cycle}
        ),
    )
    return copy


def tell_refusal(cycle: Cycle, refusal: Refusal) -> None:
    """Tell the managers why the next cycle could not be drafted."""
    notice.tell(
        notice.managers(cycle),
        event=f"next-year-refused:{cycle.pk}:{cycle.next_cycle_on}",
        kind=NoticeKind.STUCK,
        cycle=cycle,
        text=lambda: (
            _("The next cycle of “%(cycle)s” could not be drafted: %(reason)s") % {"cycle": cycle, "reason": refusal}
        ),
    )
