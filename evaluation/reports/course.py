"""The progress of a cycle's assessments: how many are in each state, and how many took the stage's step each day."""

import datetime
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db.models import Min
from django.utils import timezone

from evaluation.enums import AssessmentState as State
from evaluation.enums import Stage
from evaluation.models import Assessment, TransitionLog
from evaluation.persian import last_day_of

WAY = (  # the states that every file passes, in their order
    State.NOT_STARTED,
    State.DRAFTING,
    State.SUBMITTED,
    State.APPROVED,
    State.SENT,
    State.RECEIVED,
    State.UNDER_EVALUATION,
    State.SCORED,
    State.DISCLOSED,
    State.CONFIRMED,
    State.REPORTED,
)
STEP_OF_STAGE = {  # what a stage is there for: the verb that each file needs once
    Stage.SELF_ASSESSMENT: "submit",
    Stage.TRANSFER: "receive",
    Stage.EVALUATION: "finish_scoring",
    Stage.CONFIRMATION: "confirm",
}
DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Place:
    """The files that stand in one state now; `reached`: those that are in it or beyond it, None beside the way."""

    state: State
    here: int
    reached: int | None
    total: int

    @property
    def percent(self):
        return self.reached * 100 / self.total if self.reached is not None and self.total else None


def funnel(counts):
    """[Place] of a cycle's assessments, of which `counts` gives {state: number}: those on the way in its order,
    returned ones, and those that are out.

    A returned file has been begun and is not submitted. Files that are out count in no total.
    """
    returned = counts.get(State.RETURNED, 0)
    total = sum(counts.get(state, 0) for state in State if state not in State.out())
    left, places = sum(counts.get(state, 0) for state in WAY) + returned, []
    for state in WAY:
        places.append(Place(state, counts.get(state, 0), left, total))
        left -= counts.get(state, 0)
        if state == State.DRAFTING:
            left -= returned
    beside = [state for state in State if state not in WAY]
    return places + [Place(state, counts[state], None, total) for state in beside if counts.get(state)]


@dataclass(frozen=True)
class Day:
    """`done`: files that took the step on this day, `so_far` up to its end; `pace`: how many an even pace asks for."""

    day: datetime.date
    done: int
    so_far: int
    pace: int


@dataclass(frozen=True)
class Course:
    step: str
    total: int
    first: datetime.date
    last: datetime.date
    days: list[Day]  # up to today


def course(cycle, total, at=None):
    """The `Course` of the cycle's stage over the days of its windows; None without a step, a window or a first day.

    A file counts on the day of its first time: one that is returned and submitted again counts once. What was done
    before the first day counts on it. `total`: the files that are waited for, as in the funnel. Two queries.
    """
    step = STEP_OF_STAGE.get(Stage(cycle.stage))
    windows = [window for window in cycle.windows.all() if window.stage == cycle.stage]
    today = timezone.localdate(at)
    if step is None or not windows or not total:
        return None
    first = min(timezone.localdate(window.opens_at) for window in windows)
    last = max(last_day_of(window.closes_at) for window in windows)
    if first > today:
        return None
    taken = {}
    for moment in first_times(cycle, step):
        day = max(timezone.localdate(moment), first)
        taken[day] = taken.get(day, 0) + 1
    return Course(step, total, first, last, days_of(first, last, min(today, max([last, *taken])), taken, total))


def first_times(cycle, step):
    """When each file of the cycle that is not out took this step first."""
    files = cycle.assessments().exclude(state__in=[str(state) for state in State.out()])
    rows = TransitionLog.objects.filter(
        cycle=cycle,
        name=step,
        content_type=ContentType.objects.get_for_model(Assessment),
        object_id__in=files.values("pk"),
    )
    return rows.order_by().values("object_id").annotate(first=Min("at")).values_list("first", flat=True)


def days_of(first, last, until, taken, total):
    """[Day] from the first day to `until`; `taken` is {day: files}, `total` the files that are waited for."""
    length, so_far, days = (last - first).days + 1, 0, []
    for number in range((until - first).days + 1):
        day = first + number * DAY
        so_far += taken.get(day, 0)
        pace = min(-(-total * (number + 1) // length), total)  # rounded up
        days.append(Day(day, taken.get(day, 0), so_far, pace))
    return days
