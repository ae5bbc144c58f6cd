"""What a report card shows, as frozen rows; points are Decimals, shares are percents of a maximum."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from .improvement import Planned
from .result_rows import Agency, Group, Level

HUNDRED = Decimal(100)


def share(points, maximum):
    """Points in percent of their maximum; None where there is no figure."""
    return points * HUNDRED / maximum if points is not None and maximum else None


@dataclass(frozen=True)
class Rules:
    """The rules of a cycle that a card applies, named on its page. `others_from`: see `Cycle.median_from`."""

    strength_from: int
    weakness_below: int
    gains_named: int
    others_from: int

    def verdict(self, percent):
        """ "strength", "weakness" or "" for a share in percent."""
        if percent is None:
            return ""
        if percent >= self.strength_from:
            return "strength"
        return "weakness" if percent < self.weakness_below else ""


@dataclass(frozen=True)
class Others:
    """The group beside the agency, in percent of the maximum: None where it may not be read or has no figure."""

    mean: Decimal | None = None
    median: Decimal | None = None


NOBODY = Others()


@dataclass(frozen=True)
class Before:
    """Last year's points of an axis or a line, and their maximum."""

    points: Decimal | None
    maximum: Decimal

    @property
    def percent(self):
        return share(self.points, self.maximum)


class BesideLastYear:
    """A figure with its `percent` of this year, and `before`, the Before of last year or None."""

    @property
    def last(self):
        """Last year's share in percent."""
        return self.before.percent if self.before else None

    @property
    def change(self):
        """Percentage points more than last year."""
        return None if self.percent is None or self.last is None else self.percent - self.last


@dataclass(frozen=True)
class CardAxis(BesideLastYear):
    """One axis: points of the maximum, the group's mean and median, and last year's points."""

    pk: int
    number: int
    title: str
    dimension: str
    points: Decimal | None
    maximum: Decimal
    group: Others
    before: Before | None
    verdict: str

    @property
    def percent(self):
        return share(self.points, self.maximum)

    @property
    def lost(self):
        return None if self.points is None else self.maximum - self.points


@dataclass(frozen=True)
class CardLine(BesideLastYear):
    """One line that counts: `remark` is the evaluator's, without a name; `before` last year's points.

    `guide` is the catalogue's; `examples` are the best agencies of the group that agreed to be named, by their names;
    `planned` is what last year's improvement plan expected of the line, with the points won since.
    """

    pk: int
    indicator: int
    code: str
    title: str
    axis: int | None
    points: Decimal
    maximum: Decimal
    group: Others
    before: Before | None
    remark: str
    guide: str
    examples: list[str]
    verdict: str
    planned: Planned | None

    @property
    def percent(self):
        return share(self.points, self.maximum)

    @property
    def lost(self):
        return self.maximum - self.points


@dataclass(frozen=True)
class CardDimension:
    title: str
    points: Decimal | None
    maximum: Decimal

    @property
    def percent(self):
        return share(self.points, self.maximum)


@dataclass(frozen=True)
class EarlierYear:
    """The agency's total of an earlier year; `maximum` is None where it is not known."""

    year: int
    points: Decimal
    maximum: Decimal | None

    @property
    def percent(self):
        return share(self.points, self.maximum)


class LostPoints:
    """What a card says of its `axes` and `lines` (None: the reader does not see them) by its `rules`."""

    @property
    def gains(self):
        """The lines with the largest lost points, as many as the rules name."""
        return largest_losses(self.lines or ())[: self.rules.gains_named]

    @property
    def strengths(self):
        return self.of_verdict("strength")

    @property
    def weaknesses(self):
        return self.of_verdict("weakness")

    def of_verdict(self, verdict):
        """(axes, lines) that the rules call so."""
        axes = [axis for axis in self.axes if axis.verdict == verdict]
        return axes, [line for line in self.lines or () if line.verdict == verdict]

    @property
    def losses_by_axis(self):
        """[(axis, its lines that lost points, most first)], in the order of the axes; last those without an axis."""
        parts = []
        for axis in [*self.axes, None]:
            key = axis.pk if axis else None
            lines = largest_losses(line for line in self.lines or () if line.axis == key)
            if lines:
                parts.append((axis, lines))
        return parts

    @property
    def weakest(self):
        """The axis that lost most points, or None."""
        known = [axis for axis in self.axes if axis.lost is not None]
        return max(known, key=lambda axis: axis.lost, default=None)

    @property
    def largest_loss(self):
        """The line that lost most points, or None."""
        return next(iter(self.gains), None)


@dataclass(frozen=True)
class Card(LostPoints):
    """The report card of one agency in one cycle.

    `others`: whether mean and median of the group are shown; `lines` is None for readers who see the figures alone.
    `code` is the integrity code of the results, `figures_code` that of their figures alone.
    """

    participation: int
    agency: Agency
    cycle: str
    year: int
    group: Group | None
    group_size: int
    rules: Rules
    others: bool
    points: Decimal | None
    maximum: Decimal | None
    passive: bool
    shows_ranks: bool
    rank: int | None
    ranked: int
    group_rank: int | None
    group_ranked: int
    level: Level | None
    growth: Decimal | None
    dimensions: list[CardDimension]
    axes: list[CardAxis]
    lines: list[CardLine] | None
    years: list[EarlierYear]
    code: str
    figures_code: str
    edition: int
    computed_at: datetime | date | None

    @property
    def percent(self):
        return share(self.points, self.maximum)

    @property
    def lost(self):
        return None if self.points is None else self.maximum - self.points

    @property
    def years_with_own(self):
        """This year's total, then those of earlier years."""
        own = [] if self.points is None else [EarlierYear(self.year, self.points, self.maximum)]
        return own + self.years

    @property
    def two_years(self):
        """(axes, lines) that stood in last year's evaluation too."""
        return [row for row in self.axes if row.before], [row for row in self.lines or () if row.before]


def largest_losses(lines):
    """The lines that lost points, most first."""
    return sorted((line for line in lines if line.lost > 0), key=lambda line: (-line.lost, line.code))
