"""The progress of the entry of a cycle: filled lines by axis, and the agencies for which an open window waits."""

from dataclasses import dataclass
from operator import attrgetter

from django.db.models import Count, Q
from django.utils import timezone

from evaluation.enums import AssessmentState, Scorer, Stage
from evaluation.models import Line
from evaluation.process.year import reminders, whose_turn
from evaluation.rules.open_fields import SEES_EVALUATORS

ENTRY = Q(self_actual__isnull=False) | Q(self_score__isnull=False)
SCORED = Q(initial_score__isnull=False)


@dataclass(frozen=True)
class Share:
    """Filled lines of one axis; the specific dimension counts as one axis."""

    title: str
    filled: int
    total: int

    @property
    def percent(self):
        return self.filled * 100 / self.total if self.total else 0


def by_axis(cycle, user):
    """Shares of the axes in their order: of the self-assessment, from the evaluation on of the initial scores.

    Over the lines that `user` sees, scores over those that the person sees as somebody who reads them before the
    disclosure. Exempt lines and agencies that are out do not count, nor in the entry the lines of stewards and outside
    systems.
    """
    scoring = Stage(cycle.stage).number >= Stage.EVALUATION.number
    rows = Line.objects.visible_to(user, among=SEES_EVALUATORS if scoring else None)
    rows = rows.filter(assessment__participation__cycle=cycle, exempt=False)
    rows = rows.exclude(assessment__state__in=[str(state) for state in AssessmentState.out()])
    filled = SCORED if scoring else ENTRY
    if not scoring:
        rows = rows.filter(indicator__scorer=Scorer.EVALUATOR)
    names = ("assessment__dimension__order", "indicator__axis__number", "indicator__axis__title")
    counted = rows.order_by(*names).values_list(*names, "assessment__dimension__title")
    counted = counted.annotate(filled=Count("pk", filter=filled), total=Count("pk"))
    return [Share(axis or dimension, done, total) for _order, _number, axis, dimension, done, total in counted]


@dataclass(frozen=True)
class Laggards:
    """An open window and the agencies whose files it still waits for."""

    window: object
    agencies: list
    days: int


def laggards(cycle, at=None):
    """The open windows that wait for single agencies, the nearest end first."""
    at = at or timezone.now()
    windows_with_laggards = []
    windows = [window for window in cycle.windows.all() if window.opens_at <= at < window.closes_at]
    for window in sorted(windows, key=attrgetter("closes_at")):
        window.cycle = cycle
        agencies = whose_turn.waiting_for(window)
        if agencies is not None and (waiting := list(agencies)):
            windows_with_laggards.append(Laggards(window, waiting, reminders.days_left(window.closes_at, at)))
    return windows_with_laggards
