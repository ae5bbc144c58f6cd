"""What is shown of a result set, as frozen rows with the names that were kept: no table is asked for them again."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class Named:
    """A row as it was called; `pk` is its key."""

    pk: int
    title: str

    def __str__(self):
        return self.title


@dataclass(frozen=True)
class Agency:
    pk: int
    code: str
    name: str

    def __str__(self):
        return self.name


@dataclass(frozen=True)
class Group(Named):
    order: int


@dataclass(frozen=True)
class Dimension(Named):
    order: int
    maximum: Decimal


@dataclass(frozen=True)
class Axis(Named):
    number: int
    dimension: Dimension


@dataclass(frozen=True)
class Level:
    title: str
    order: int

    def __str__(self):
        return self.title


@dataclass(frozen=True)
class Figure:
    """An agency's figure in one dimension, or in all counting dimensions together."""

    raw: Decimal
    total: Decimal | None
    maximum: Decimal
    exempt_points: Decimal
    passive: bool
    rank: int | None
    group_rank: int | None
    growth: Decimal | None
    level: Level | None


@dataclass(frozen=True)
class AxisRow:
    """An agency's figure in one axis."""

    participation: int
    agency: Agency
    axis: Axis
    raw: Decimal
    total: Decimal | None
    maximum: Decimal


@dataclass(frozen=True)
class Longer:
    """How much more time an agency had: extensions, and calendar days beyond their windows."""

    agency: Agency
    number: int
    days: int


@dataclass
class Standing:
    """One agency: its combined figures and those of entry dimension, with what may be shown of the ranks."""

    participation: int
    agency: Agency
    group: Group | None
    shows_ranks: bool
    combined: Figure | None = None
    dimensions: dict[int, Figure] = field(default_factory=dict)

    @property
    def total(self):
        return self.combined.total if self.combined else None

    @property
    def maximum(self):
        return self.combined.maximum if self.combined else None

    @property
    def percent(self):
        return self.total * 100 / self.maximum if self.total is not None and self.maximum else None

    @property
    def growth(self):
        return self.combined.growth if self.combined else None

    @property
    def level(self):
        return self.combined.level if self.combined else None

    @property
    def rank(self):
        return self.combined.rank if self.combined and self.shows_ranks else None

    @property
    def group_rank(self):
        return self.combined.group_rank if self.combined and self.shows_ranks else None

    @property
    def passive(self):
        return bool(self.combined and self.combined.passive)

    @property
    def has_rank(self):
        """Whether it is ranked at all, overall or only in its peer group, shown or not."""
        return bool(self.combined and (self.combined.rank, self.combined.group_rank) != (None, None))

    @property
    def only_in_group(self):
        """Whether it is ranked in its peer group and not overall, shown or not."""
        return self.has_rank and self.combined.rank is None


@dataclass(frozen=True)
class Counts:
    """How many agencies there are in all, whoever reads: evaluated, ranked, and ranked by the key of the peer group."""

    agencies: int
    ranked: int
    in_group: dict[int, int]


@dataclass
class Ranking:
    dimensions: list[Dimension]
    shows_ranks: bool
    ranked: list[Standing]
    unranked: list[Standing]
    passive: list[Standing]
    counts: Counts

    @property
    def everybody(self):
        return [*self.ranked, *self.unranked, *self.passive]

    @property
    def is_partial(self):
        """Whether the reader sees some of the agencies only."""
        return len(self.everybody) < self.counts.agencies

    def groups(self):
        """{peer group or None: its ranked standings, best first}, in the order of the groups."""
        members_of_groups = {}
        for standing in sorted(self.ranked, key=by_group):
            members_of_groups.setdefault(standing.group, []).append(standing)
        return members_of_groups


def by_group(standing):
    """By the order of the groups, and inside a group by the rank there, where it is shown."""
    group = standing.group
    return group is None, group.order if group else 0, standing.group_rank or 0


@dataclass(frozen=True)
class AxisFigure:
    """The mean over agencies of points ÷ maximum, in percent; `agencies` counts those with a figure."""

    axis: Axis
    percent: Decimal | None
    agencies: int
    highest: bool = False
    lowest: bool = False


@dataclass(frozen=True)
class Cycle:
    """The cycle as it was called, with the settings that its figures rest on (codes of enumerations)."""

    province: str
    title: str
    performance_year: int
    period_start: date
    period_end: date
    template: str
    settings: dict


@dataclass(frozen=True)
class Results:
    """All that is shown of a result set. `council` is the session that approved it as it was kept, or None;
    `code` the integrity code of the snapshot, `edition` its edition; `base_years` those on which growth is measured;
    `content` the figures as they were kept, also those that the person does not see.
    """

    result_set: object
    content: dict
    cycle: Cycle
    ranking: Ranking
    axes: list[AxisFigure]
    axis_rows: list[AxisRow]
    extensions: list[Longer]
    council: dict | None
    code: str
    edition: int
    base_years: list[int]
