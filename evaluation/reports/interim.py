"""The figures of interim evaluations: means of their axes, and what stands beside the lines of the main cycle."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Sum
from django.db.models.functions import Coalesce

from evaluation.enums import AssessmentState
from evaluation.models import Axis, Line
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
    """The axes of an interim cycle with the mean progress of its agencies, computed; two queries.

    Each agency counts the same: the mean of the agencies' own percentages, over their scored lines that are not exempt.
    """
    lines = Line.objects.filter(assessment__participation__cycle=cycle, exempt=False)
    lines = lines.exclude(assessment__state__in=[str(state) for state in AssessmentState.out()])
    standing = Coalesce("revised_score", "initial_score")
    rows = (
        lines.order_by()
        .values("indicator__axis", "assessment__participation")
        .annotate(earned=Sum(standing), possible=Sum("maximum"), all=Count("pk"), done=Count(standing))
    )
    shares = {}
    for row in rows:
        shares.setdefault(row["indicator__axis"], []).append(row)
    axes = Axis.objects.filter(dimension__cycle=cycle).order_by("dimension__order", "number")
    return marked([mean_of(axis, shares.get(axis.pk, [])) for axis in axes])


def mean_of(axis, rows):
    """The AxisMean of one axis; `rows` are the sums of its agencies."""
    whole = [row for row in rows if row["done"] == row["all"] and row["possible"]]
    percents = [100 * row["earned"] / row["possible"] for row in whole]
    mean = sum(percents) / len(percents) if percents else None
    return AxisMean(axis, mean, len(rows), len(whole))


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
