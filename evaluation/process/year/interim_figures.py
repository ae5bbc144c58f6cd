"""The axis figures of an interim evaluation: reckoned while it runs, kept word for word when it is archived."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.db.models import Count, Sum
from django.db.models.functions import Coalesce

from evaluation.enums import AssessmentState, CycleKind, SnapshotPart, Stage
from evaluation.models import Axis, Cycle, Line

from .. import kept


class AxisShare(NamedTuple):
    """One agency in one axis: points earned of those possible, and how many of its lines are scored."""

    axis: int
    agency: int
    agency_name: str
    earned: Decimal | None
    possible: Decimal
    lines: int
    scored: int

    @property
    def percent(self) -> Decimal | None:
        """The share of the possible points; None while a line of the axis has no score."""
        whole = self.scored == self.lines and self.possible
        return self.earned * 100 / self.possible if whole and self.earned is not None else None


def shares(cycle: Cycle) -> list[AxisShare]:
    """The figures of every agency in every axis: as kept when the cycle was archived, before that as they stand.

    Exempt lines and agencies that left or did not take part count for nothing. One or two queries.
    """
    standing = kept.latest(SnapshotPart.INTERIM, cycle=cycle) if cycle.stage == Stage.CLOSED else None
    if standing is not None:
        return [share_of(row) for row in kept.read(standing)["axis_shares"]]
    return reckoned(cycle)


def reckoned(cycle: Cycle) -> list[AxisShare]:
    """The figures from the lines as they stand; one query."""
    lines = Line.objects.filter(assessment__participation__cycle=cycle, exempt=False)
    lines = lines.exclude(assessment__state__in=[str(state) for state in AssessmentState.out()])
    score = Coalesce("revised_score", "initial_score")
    agency = "assessment__participation__agency"
    rows = (
        lines.order_by()
        .values("indicator__axis", agency, f"{agency}__name")
        .annotate(earned=Sum(score), possible=Sum("maximum"), all=Count("pk"), done=Count(score))
        .order_by("indicator__axis", agency)
    )
    return [
        AxisShare(
            row["indicator__axis"],
            row[agency],
            row[f"{agency}__name"],
            row["earned"],
            row["possible"],
            row["all"],
            row["done"],
        )
        for row in rows
        if row["indicator__axis"]
    ]


def share_of(row: Mapping[str, Any]) -> AxisShare:
    """A figure as it was kept."""
    earned = None if row["earned"] is None else Decimal(row["earned"])
    return AxisShare(**{**row, "earned": earned, "possible": Decimal(row["possible"])})


def freeze(cycle: Cycle, *, by: User) -> None:
    """Keep the figures of an interim cycle that is archived; nothing for another one."""
    if cycle.kind != CycleKind.INTERIM:
        return
    axes = Axis.objects.filter(dimension__cycle=cycle).order_by("dimension__order", "number")
    content = {
        "cycle": {"title": cycle.title, "performance_year": cycle.performance_year}
        | {"period_start": cycle.period_start, "period_end": cycle.period_end},
        "axes": [{"row": axis.pk, "number": axis.number, "title": axis.title} for axis in axes],
        "axis_shares": [share._asdict() for share in reckoned(cycle)],
    }
    kept.keep(SnapshotPart.INTERIM, content, cycle=cycle, by=by)
