"""The checklist of a cycle with planned and actual days, step by step and stage by stage."""

from dataclasses import dataclass

from django.utils import timezone

from evaluation.enums import Channel, Stage
from evaluation.models import CycleStep


@dataclass
class Row:
    """A step with its days: `planned` from the template, `actual` from its first to its last day, both counted.

    `actual` is None while nothing is known; `running` says that it counts up to today. `width` and `actual_width` are
    percentages of the longest step.
    """

    step: CycleStep
    actual: int | None = None
    running: bool = False
    width: int = 0
    actual_width: int = 0

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

    @property
    def planned(self):
        return total(row.planned for row in self.rows)

    @property
    def actual(self):
        return total(row.actual for row in self.rows)

    @property
    def done(self):
        return sum(row.step.done_at is not None for row in self.rows)

    @property
    def waiting(self):
        """Mandatory steps that are still open."""
        return [row.step for row in self.rows if row.step.mandatory and row.step.done_at is None]


def total(figures):
    known = [figure for figure in figures if figure is not None]
    return sum(known) if known else None


def checklist(cycle, *, today=None):
    """The cycle's steps by stage, in order; two queries."""
    today = today or timezone.localdate()
    steps = sorted(cycle.steps.select_related("done_by", "template"), key=lambda step: step.in_order)
    openings = openings_of(cycle)
    rows, before = [], {}
    for step in steps:
        rows.append(row_of(step, before.get(step.template_id), openings.get(step.stage), today))
        if step.done_on:
            before[step.template_id] = step.done_on
    widen(rows)
    stages = {Stage(row.step.stage): [] for row in rows}
    for row in rows:
        stages[Stage(row.step.stage)].append(row)
    return [StageRows(stage, members, current=cycle.stage == stage) for stage, members in stages.items()]


def openings_of(cycle):
    """{stage: first day of its windows}."""
    found = {}
    for window in cycle.windows.all():
        day = timezone.localtime(window.opens_at).date()
        found[window.stage] = min(day, found.get(window.stage, day))
    return found


def row_of(step, before, opening, today):
    """Without a day of beginning: from the day on which the step before was done, else from the stage's opening."""
    end = step.done_on or (today if step.began_on else None)
    if end is None:
        return Row(step)
    starts = [step.began_on] if step.began_on else [before, opening]
    start = next((day for day in starts if day is not None and day <= end), None)
    return Row(step, (end - start).days + 1 if start else None, running=step.done_on is None)


def widen(rows):
    longest = max((days for row in rows for days in (row.planned, row.actual) if days), default=0)
    for row in rows:
        if longest:
            row.width = round(100 * (row.planned or 0) / longest)
            row.actual_width = round(100 * (row.actual or 0) / longest)
