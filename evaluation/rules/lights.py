"""The traffic light of an improvement plan: how an action stands on a day, by limits that the cycle sets."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from evaluation.enums import Light

WHOLE = 100  # percent


class Limits(NamedTuple):
    """`warn_days`: an unfinished action is at risk from so many days before its end. `behind_allowed`: percentage
    points by which its progress may lag behind the time that has passed.
    """

    warn_days: int
    behind_allowed: int


def light(*, progress: int, due: date | None, begun: date | None, today: date, limits: Limits) -> Light:
    """The Light of an action. `progress` in percent; without an end, or before the plan has `begun`, it is on track."""
    if progress >= WHOLE:
        return Light.DONE
    if due is None or begun is None:
        return Light.ON_TRACK
    if due < today:
        return Light.LATE
    if (due - today).days <= limits.warn_days:
        return Light.AT_RISK
    passed = WHOLE * max((today - begun).days, 0) / max((due - begun).days, 1)
    return Light.AT_RISK if passed - progress > limits.behind_allowed else Light.ON_TRACK


def worst(lights: Iterable[Light]) -> Light:
    """The light of a plan: the worst of its actions; of none, on track."""
    return max(lights, key=lambda candidate: candidate.number, default=Light.ON_TRACK)
