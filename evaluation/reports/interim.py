"""The figures of interim evaluations: means of their axes, and what stands beside the lines of the main cycle."""

from dataclasses import dataclass
from decimal import Decimal

from evaluation.enums import AssessmentState
from evaluation.models import Axis, Line
from evaluation.process.year import interim_figures
from evaluation.rules.own_files import is_mpo_for

SEEN = [str(state) for state in AssessmentState.disclosed_or_after()]


@dataclass(frozen=True)
class AxisMean:
    """One axis over all agencies: points earned of those possible, in percent; None before anything is scored."""

    axis: Axis
    percent: Decimal | None
    agencies: int
    scored: int
    highest: bool = False
    lowest: bool = False


def axis_means(cycle):
    """The axes of an interim cycle with the mean progress of its agencies, computed; three queries at most.

    Each agency counts the same: the mean of the agencies' own percentages, over their scored lines that are not exempt.
    Of an archived cycle they are those that were kept.
    """
    by_axis = {}
    for share in interim_figures.shares(cycle):
        by_axis.setdefault(share.axis, []).append(share)
    axes = Axis.objects.filter(dimension__cycle=cycle).order_by("dimension__order", "number")
    return marked([mean_of(axis, by_axis.get(axis.pk, [])) for axis in axes])


def mean_of(axis, shares):
    """The AxisMean of one axis; `shares` are the figures of its agencies."""
    percents = [share.percent for share in shares if share.percent is not None]
    mean = sum(percents) / len(percents) if percents else None
    return AxisMean(axis, mean, len(shares), len(percents))


def marked(means):
    """The means with the highest and the lowest marked; with one figure neither is marked."""
    known = {mean.percent for mean in means if mean.percent is not None}
    if len(known) < 2:
        return means
    return [
        AxisMean(
            mean.axis, mean.percent, mean.agencies, mean.scored, mean.percent == max(known), mean.percent == min(known)
        )
        for mean in means
    ]


@dataclass(frozen=True)
class Beside:
    """The interim figure of a line of the main cycle."""

    cycle: str
    actual: Decimal | None
    score: Decimal | None


def beside(assessment, user):
    """{indicator pk: its latest interim figure} of one agency's assessment in the main cycle; one query.

    Before the interim assessment is disclosed only the provincial organization's own people read it.
    """
    lines = Line.objects.visible_to(user).filter(
        assessment__participation__cycle__main_cycle=assessment.participation.cycle_id,
        assessment__participation__agency=assessment.participation.agency_id,
        indicator__origin__dimension=assessment.dimension_id,
        initial_score__isnull=False,
    )
    if not is_mpo_for(user, assessment.participation.agency_id):
        lines = lines.filter(assessment__state__in=SEEN)
    lines = lines.order_by("assessment__participation__cycle__period_end").values_list(
        "indicator__origin", "assessment__participation__cycle__title",
        "revised_actual", "initial_actual", "revised_score", "initial_score",
    )  # fmt: skip
    return {
        origin: Beside(title, first(actual, early), first(score, early_score))
        for origin, title, actual, early, score, early_score in lines
    }


def first(*figures):
    """The first figure that is not None, or None."""
    return next((figure for figure in figures if figure is not None), None)
