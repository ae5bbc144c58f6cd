"""What a letter tells of an agency: figures that its addressees may read at that time (`rules.letter_times`).

Before the announcement they are computed from the lines as they stand; after it they are read from the snapshot alone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from evaluation import scoring
from evaluation.enums import AssessmentState, LetterKind, ObjectionState
from evaluation.models import Assessment, Dimension, Line, Objection, Participation
from evaluation.rules import letter_times

from .. import kept
from . import computing, snapshot


class Place(NamedTuple):
    """A rank among so many."""

    rank: int
    of: int


@dataclass(frozen=True)
class Part:
    """The figures of one dimension, or of all that count together; points with six decimals."""

    title: str
    total: Decimal | None
    maximum: Decimal
    place: Place | None = None
    group_place: Place | None = None


class Decided(NamedTuple):
    """One decided objection; scores in points."""

    code: str
    title: str
    verdict: str
    before: Decimal
    after: Decimal
    reason: str


@dataclass(frozen=True)
class Figures:
    """All that a letter can tell of one agency; `code` is the integrity code of the snapshot they were read from."""

    cycle: str
    year: int
    province: str
    agency: str
    headquarters: str
    group: str
    parts: tuple[Part, ...]
    combined: Part
    passive: bool = False
    growth: Decimal | None = None
    level: str = ""
    decided: tuple[Decided, ...] = ()
    code: str = ""


def read(participation: Participation, kind: str) -> Figures:
    """The figures for a letter of this kind, which `rules.letter_times` has to allow."""
    if kind in LetterKind.after_announcement():
        return announced(participation)
    if kind == LetterKind.DECISION:
        return standing(participation, lambda line: line.standing_score, decided=decided(participation))
    return standing(participation, lambda line: line.initial_score)


# -- before the announcement ----------------------------------------------------------------------


def standing(
    participation: Participation, score_of: Callable[[Line], Decimal | None], *, decided: tuple[Decided, ...] = ()
) -> Figures:
    """The figures of the lines as they stand, totalled as the results will be; `score_of` gives a line's points."""
    cycle, agency = participation.cycle, participation.agency
    files = participation.assessments.exclude(state__in=AssessmentState.out()).select_related("dimension")
    totals = [
        (file.dimension, total_of(file.dimension, line_inputs(file, score_of), cycle.exemption_rule))
        for file in files.order_by("dimension__order", "pk")
    ]
    counted = [total for dimension, total in totals if dimension.counts]
    explanation = scoring.explain_combined(counted)
    return Figures(
        cycle=cycle.title,
        year=cycle.performance_year,
        province=cycle.province.name,
        agency=agency.name,
        headquarters=str(agency.headquarters or ""),
        group=str(participation.peer_group or ""),
        parts=tuple(Part(dimension.title, total.scaled, total.maximum) for dimension, total in totals),
        combined=Part(
            "",
            explanation.result if explanation else None,
            sum((total.maximum for total in counted), Decimal(0)),
        ),
        decided=decided,
    )


def line_inputs(file: Assessment, score_of: Callable[[Line], Decimal | None]) -> computing.LinesByAxis:
    """The lines of a file as `scoring` takes them, by their axis."""
    by_axis: computing.LinesByAxis = {}
    for line in file.lines.select_related("indicator").order_by("pk"):
        indicator = line.indicator
        weight = indicator.weight if indicator.parent_id else None
        entry = scoring.LineInput(line.pk, line.maximum, score_of(line), line.exempt, indicator.parent_id, weight)
        by_axis.setdefault(indicator.axis_id, []).append(entry)
    return by_axis


def total_of(dimension: Dimension, lines: computing.LinesByAxis, rule: str) -> scoring.DimensionFigures:
    """The figures of one file."""
    axes = {axis.pk: axis.maximum for axis in dimension.axes.all()}
    return scoring.total(computing.dimension_input(dimension.pk, dimension.maximum, axes=axes, lines=lines, rule=rule))


def decided(participation: Participation) -> tuple[Decided, ...]:
    """The decided objections of an agency, by indicator and round."""
    rows = Objection.objects.filter(line__assessment__participation=participation)
    rows = rows.filter(state__in=[str(state) for state in ObjectionState.decided()])
    rows = rows.select_related("line__indicator").order_by("line__indicator__code", "round")
    return tuple(
        Decided(
            row.line.indicator.code,
            row.line.indicator.title,
            row.state,
            row.score_before,
            row.score_after,
            row.decision_reason,
        )
        for row in rows
    )


# -- after it -------------------------------------------------------------------------------------


def announced(participation: Participation) -> Figures:
    """The figures as they were announced. Raises `kept.NotKept` before that."""
    result_set = letter_times.announced_set(participation.cycle)
    figures, end = snapshot.standing(result_set) if result_set else (None, None)
    content, end_content = kept.read(figures), kept.read(end)
    agency = next(row for row in content["agencies"] if row["row"] == participation.pk)
    groups = {row["row"]: row["title"] for row in content["groups"]}
    members = {row["row"] for row in content["agencies"] if row["group"] == agency["group"]}
    own = {row["dimension"]: row for row in content["results"] if row["participation"] == participation.pk}
    titles = {row["row"]: row["title"] for row in content["dimensions"]}

    def part(row: dict[str, Any], title: str) -> Part:
        others = [other for other in content["results"] if other["dimension"] == row["dimension"]]
        ranked = sum(other["rank"] is not None for other in others)
        beside = sum(other["group_rank"] is not None and other["participation"] in members for other in others)
        return Part(
            title,
            computing.decimal(row["total"]),
            Decimal(row["maximum"]),
            Place(row["rank"], ranked) if row["rank"] is not None else None,
            Place(row["group_rank"], beside) if row["group_rank"] is not None and agency["group"] else None,
        )

    levels = {row["dimension"]: row["title"] for row in end_content["levels"] if row["participation"] == agency["row"]}
    combined = own[None]
    return Figures(
        cycle=content["cycle"]["title"],
        year=content["cycle"]["performance_year"],
        province=content["cycle"]["province"],
        agency=agency["name"],
        headquarters=agency["headquarters"],
        group=groups.get(agency["group"], ""),
        parts=tuple(part(own[key], title) for key, title in titles.items() if key in own),
        combined=part(combined, ""),
        passive=combined["passive"],
        growth=computing.decimal(combined["growth"]),
        level=levels.get(None, ""),
        code=kept.code_of(end),
    )
