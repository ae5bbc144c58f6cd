"""The card of an agency after an interim evaluation (Qazvin): its axes at half-time, and where they lead.

Figures are those of the scored lines as they stand. What the year will end with is expected by a plain rule that the
page names: each axis of the main cycle keeps the share of its interim axis, an axis that was not scored its share of
last year, and what has neither is not counted.
"""

from dataclasses import dataclass
from decimal import Decimal

from evaluation.enums import AssessmentState, ResultState
from evaluation.models import Axis, AxisResult, Line
from evaluation.process.improvement import half_time
from evaluation.rules.own_files import is_mpo_for

from .interim import axis_means
from .report_card import rules_of
from .report_card_rows import LostPoints, Rules, share

ZERO = Decimal(0)


@dataclass(frozen=True)
class HalfAxis:
    """One axis in percent of its maximum: at half-time, last year, and the mean of the province (None: not read)."""

    pk: int
    title: str
    number: int
    earned: Decimal
    possible: Decimal
    last: Decimal | None
    province: Decimal | None
    maximum: Decimal
    verdict: str

    @property
    def percent(self):
        return share(self.earned, self.possible)

    @property
    def lost(self):
        return None if self.percent is None else self.possible - self.earned

    @property
    def expected(self):
        """Points of the main cycle's axis that the agency is on its way to; None where nothing says it."""
        known = self.percent if self.percent is not None else self.last
        return None if known is None else known * self.maximum / 100


@dataclass(frozen=True)
class HalfLine:
    """A scored line with what it lost; `remark` is the evaluator's, without a name, `guide` the catalogue's."""

    code: str
    title: str
    axis: int | None
    points: Decimal
    maximum: Decimal
    remark: str
    guide: str
    verdict: str

    @property
    def percent(self):
        return share(self.points, self.maximum)

    @property
    def lost(self):
        return self.maximum - self.points


@dataclass(frozen=True)
class HalfCard(LostPoints):
    """The half-time card of an agency. `code` names its figures; `rules` are those of the interim cycle."""

    axes: list[HalfAxis]
    lines: list[HalfLine]
    rules: Rules
    code: str

    @property
    def scored(self):
        return len(self.lines)

    @property
    def knows_last_year(self):
        return any(axis.last is not None for axis in self.axes)

    @property
    def expected(self):
        """The points that the general dimension is on its way to, and their maximum: (points, maximum)."""
        known = [axis for axis in self.axes if axis.expected is not None]
        return sum((axis.expected for axis in known), ZERO), sum((axis.maximum for axis in known), ZERO)


def read(participation, user):
    """The HalfCard of an agency in an interim cycle for this person; None before its lines are scored and open."""
    return Reader(participation.cycle, user, [participation]).card(participation)


class Reader:
    """The half-time cards of these agencies of an interim cycle; so many queries for sixty of them as for one."""

    def __init__(self, cycle, user, participations):
        self.cycle, self.user, self.rules = cycle, user, rules_of(cycle)
        axes = Axis.objects.filter(dimension__cycle=cycle).select_related("origin")
        self.axes = list(axes.order_by("dimension__order", "number"))
        self.means = axis_means(cycle)
        self.last = last_shares(self.axes, [row.agency_id for row in participations], user)
        lines = Line.objects.visible_to(user).filter(assessment__participation__in=participations)
        self.lines = {}
        for line in half_time.scored(lines).select_related("assessment", "indicator").order_by("indicator__code"):
            self.lines.setdefault(line.assessment.participation_id, []).append(line)

    def card(self, participation):
        """The HalfCard of one of the agencies, or None."""
        lines, is_staff = self.lines.get(participation.pk, []), is_mpo_for(self.user, participation.agency_id)
        if not is_staff:
            lines = [line for line in lines if line.assessment.state in AssessmentState.disclosed_or_after()]
        if not lines:
            return None
        least = 1 if is_staff else self.cycle.median_from
        province = province_means(self.means, least)
        axes = [
            self.axis(axis, lines, self.last.get((participation.agency_id, axis.pk)), province.get(axis.pk))
            for axis in self.axes
        ]
        return HalfCard(axes, [self.line(line) for line in lines], self.rules, half_time.code_of(lines))

    def axis(self, axis, lines, last, province):
        """The HalfAxis over these scored lines; its points at the end are those of the main cycle's axis."""
        own = [line for line in lines if line.indicator.axis_id == axis.pk]
        earned, possible = (sum((getattr(line, name) for line in own), ZERO) for name in ("points", "maximum"))
        return HalfAxis(
            pk=axis.pk,
            title=axis.title,
            number=axis.number,
            earned=earned,
            possible=possible,
            last=last,
            province=province,
            maximum=axis.origin.maximum if axis.origin else axis.maximum,
            verdict=self.rules.verdict(share(earned, possible)),
        )

    def line(self, line):
        indicator = line.indicator
        return HalfLine(
            code=indicator.code,
            title=indicator.title,
            axis=indicator.axis_id,
            points=line.points,
            maximum=line.maximum,
            remark=line.revised_note or line.initial_note,
            guide=indicator.guide,
            verdict=self.rules.verdict(share(line.points, line.maximum)),
        )


def last_shares(axes, agencies, user):
    """{(agency, axis): last year's share in percent}: the axis of the main cycle has last year's as its origin."""
    origins = {axis.origin.origin_id: axis.pk for axis in axes if axis.origin and axis.origin.origin_id}
    rows = AxisResult.objects.visible_to(user).filter(
        participation__agency__in=agencies, axis__in=origins, result_set__state__in=ResultState.seen_by_agency()
    )
    figures = rows.values_list("participation__agency", "axis", "total", "maximum")
    return {(agency, origins[axis]): share(total, maximum) for agency, axis, total, maximum in figures}


def province_means(means, least):
    """{axis: mean of the province in percent}, of the axes in which at least so many agencies are scored."""
    return {mean.axis.pk: mean.percent for mean in means if mean.scored >= least}
