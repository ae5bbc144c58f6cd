"""The card of an agency after an interim evaluation (Qazvin): its axes at half-time, and where they lead.

Figures are those of the scored lines as they stand. What the year will end with is expected by a plain rule that the
page names: each axis of the main cycle keeps the share of its interim axis, an axis that was not scored its share of
last year, and what has neither is not counted.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F
from django.db.models.functions import Coalesce

from evaluation.enums import ResultState
from evaluation.models import Axis, AxisResult, Line
from evaluation.rules.own_files import is_mpo_for

from .interim import SEEN, axis_means
from .report_card_rows import share

ZERO = Decimal(0)


@dataclass(frozen=True)
class HalfAxis:
    """One axis in percent of its maximum: at half-time, last year, and the mean of the province (None: not read)."""

    title: str
    number: int
    earned: Decimal
    possible: Decimal
    last: Decimal | None
    province: Decimal | None
    maximum: Decimal

    @property
    def percent(self):
        return share(self.earned, self.possible)

    @property
    def expected(self):
        """Points of the main cycle's axis that the agency is on its way to; None where nothing says it."""
        known = self.percent if self.percent is not None else self.last
        return None if known is None else known * self.maximum / 100


@dataclass(frozen=True)
class HalfLine:
    """A scored line with what it lost; `remark` is the evaluator's, without a name."""

    code: str
    title: str
    points: Decimal
    maximum: Decimal
    remark: str

    @property
    def lost(self):
        return self.maximum - self.points


@dataclass(frozen=True)
class HalfCard:
    """The half-time card of an agency. `gains`: the lines with most lost points, as many as the cycle names."""

    axes: list[HalfAxis]
    gains: list[HalfLine]
    scored: int

    @property
    def expected(self):
        """The points that the general dimension is on its way to, and their maximum: (points, maximum)."""
        known = [axis for axis in self.axes if axis.expected is not None]
        return sum((axis.expected for axis in known), ZERO), sum((axis.maximum for axis in known), ZERO)


def read(participation, user):
    """The HalfCard of an agency in an interim cycle for this person; None before its lines are scored and open."""
    lines = Line.objects.visible_to(user).filter(assessment__participation=participation, exempt=False)
    if not is_mpo_for(user, participation.agency_id):
        lines = lines.filter(assessment__state__in=SEEN)
    lines = lines.annotate(points=Coalesce("revised_score", "initial_score")).filter(points__isnull=False)
    lines = list(lines.select_related("indicator__axis").order_by(F("points") - F("maximum"), "indicator__code"))
    if not lines:
        return None
    axes = Axis.objects.filter(dimension__cycle=participation.cycle_id).select_related("origin")
    last, means = last_shares(axes, participation), province_means(participation, user)
    half_axes = [
        half_axis(axis, [line for line in lines if line.indicator.axis_id == axis.pk], last, means)
        for axis in axes.order_by("dimension__order", "number")
    ]
    losing = [half_line(line) for line in lines if line.points < line.maximum]
    return HalfCard(half_axes, losing[: participation.cycle.gains_named], len(lines))


def half_axis(axis, lines, last, means):
    """The HalfAxis of an axis with these scored lines; its points at the end are those of the main cycle's axis."""
    return HalfAxis(
        title=axis.title,
        number=axis.number,
        earned=sum((line.points for line in lines), ZERO),
        possible=sum((line.maximum for line in lines), ZERO),
        last=last.get(axis.pk),
        province=means.get(axis.pk),
        maximum=axis.origin.maximum if axis.origin else axis.maximum,
    )


def half_line(line):
    return HalfLine(
        line.indicator.code, line.indicator.title, line.points, line.maximum, line.revised_note or line.initial_note
    )


def last_shares(axes, participation):
    """{axis: last year's share in percent} of the agency: the axis of the main cycle has last year's as its origin."""
    origins = {axis.origin.origin_id: axis.pk for axis in axes if axis.origin and axis.origin.origin_id}
    rows = AxisResult.objects.filter(
        participation__agency=participation.agency_id,
        axis__in=origins,
        result_set__state__in=ResultState.seen_by_agency(),
    )
    figures = rows.values_list("axis", "total", "maximum")
    return {origins[axis]: share(total, maximum) for axis, total, maximum in figures}


def province_means(participation, user):
    """{axis: mean of the province in percent}: to the agency only over as many agencies as `Cycle.median_from` asks."""
    least = 1 if is_mpo_for(user, participation.agency_id) else participation.cycle.median_from
    return {mean.axis.pk: mean.percent for mean in axis_means(participation.cycle) if mean.scored >= least}
