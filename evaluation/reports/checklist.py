"""The checklist of a cycle with planned and actual days, step by step and stage by stage."""

import datetime
from dataclasses import dataclass

from django.utils import timezone

from evaluation.enums import Channel, Stage
from evaluation.models import CycleStep
from evaluation.process.year.planning import side_by_side

from .shown_work import shown_work


@dataclass
class Row:
    """A step with its days: `planned` from the template, `actual` from its `first` to its `last` day, both counted.

    `actual` is None while nothing is known; `running` says that it counts up to today. `width` and `actual_width` are
    percentages of the longest bar.
    """

    step: CycleStep
    first: datetime.date | None = None
    last: datetime.date | None = None
    running: bool = False
    width: int = 0
    actual_width: int = 0

    @property
    def actual(self):
        return (self.last - self.first).days + 1 if self.first else None

    @property
    def planned(self):
        return self.step.days

    @property
    def channel(self):
        """The channel's name; a template may hold words of its own."""
        return Channel(self.step.channel).label if self.step.channel in Channel.values else self.step.channel

    @property
    def doer(self):
        person = self.step.done_by
        return (person.get_full_name() or person.get_username()) if person else ""

    @property
    def late(self):
        """Days over the plan; 0 when within it or when nothing was planned."""
        return max(0, self.actual - self.planned) if self.actual and self.planned else 0


@dataclass
class StageRows:
    stage: Stage
    rows: list
    current: bool
    shown_by: list  # sentences on what shows that its work was done, where the product knows it
    width: int = 0
    actual_width: int = 0

    @property
    def planned(self):
        """Days of the stage by plan: templates that are mixed run side by side; None where nothing was planned."""
        return side_by_side(row.step for row in self.rows).get(self.stage)

    @property
    def actual(self):
        """Days from the first to the last one of any of its steps, both counted; None while nothing is known."""
        known = [row for row in self.rows if row.first]
        return (max(row.last for row in known) - min(row.first for row in known)).days + 1 if known else None

    @property
    def late(self):
        return bool(self.actual and self.planned and self.actual > self.planned)

    @property
    def done(self):
        return sum(row.step.done_at is not None for row in self.rows)

    @property
    def waiting(self):
        """Mandatory steps that are still open."""
        return [row.step for row in self.rows if row.step.mandatory and row.step.done_at is None]


def checklist(cycle, *, whole=True, today=None):
    """The cycle's steps by stage, in order, with what shows the work of each stage.

    `whole`: with what only the staff of the province reads (`shown_work`). Nine queries, otherwise six.
    """
    today = today or timezone.localdate()
    steps = sorted(cycle.steps.select_related("done_by", "template"), key=lambda step: step.in_order)
    openings = openings_of(cycle)
    rows, before = [], {}
    for step in steps:
        rows.append(row_of(step, before.get(step.template_id), openings.get(step.stage), today))
        if step.done_on:
            before[step.template_id] = step.done_on
    stages = {Stage(row.step.stage): [] for row in rows}
    for row in rows:
        stages[Stage(row.step.stage)].append(row)
    known = shown_work(cycle, whole=whole) if stages else {}
    groups = [
        StageRows(stage, members, current=cycle.stage == stage, shown_by=known.get(stage, []))
        for stage, members in stages.items()
    ]
    widen([*rows, *groups])
    return groups


def openings_of(cycle):
    """{stage: first day of its windows}."""
    openings = {}
    for window in cycle.windows.all():
        day = timezone.localtime(window.opens_at).date()
        openings[window.stage] = min(day, openings.get(window.stage, day))
    return openings


def row_of(step, before, opening, today):
    """Without a day of beginning: from the day on which the step before was done, else from the stage's opening."""
    end = step.done_on or (today if step.began_on else None)
    if end is None:
        return Row(step)
    starts = [step.began_on] if step.began_on else [before, opening]
    start = next((day for day in starts if day is not None and day <= end), None)
    return Row(step, start, end, running=step.done_on is None)


def widen(bars):
    """Widths of the bars of steps and of stages, in percent of the longest."""
    days = [(bar, bar.planned or 0, bar.actual or 0) for bar in bars]
    longest = max((max(planned, actual) for _bar, planned, actual in days), default=0)
    for bar, planned, actual in days if longest else ():
        bar.width, bar.actual_width = round(100 * planned / longest), round(100 * actual / longest)
