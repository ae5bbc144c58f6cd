"""What the figures of a cycle rest on, as plain data: names, groups, settings, the catalogue and the final scores.

It is read once, when the results are computed; the figures are computed from it and kept with it, so that they can be
computed again from what is kept alone. `row` is the key of a row, by which rights are asked; names are those of now.
"""

from typing import Any

from django.db.models import QuerySet, Sum

from evaluation.enums import AssessmentState, RankedAmong, ResultState
from evaluation.models import AgencyResult, Axis, Cycle, Extension, Indicator, Line
from evaluation.rules.end import END_SETTINGS

from ..year import extension
from . import history

type Ground = dict[str, Any]

ENTERED_COLUMNS = ("participation", "dimension", "own", "headquarters")  # no figure rests on these
LINE_COLUMNS = ("row", "participation", "dimension", "indicator", "maximum", "score", "exempt")


def gather(cycle: Cycle) -> Ground:
    """The ground of a cycle, in a fixed number of queries; agencies that left the evaluation are no part of it."""
    groups = cycle.peer_groups.order_by("order", "title")
    return {
        "cycle": cycle_facts(cycle),
        "settings": {name: getattr(cycle, name) for name in END_SETTINGS if name != "level_scheme"},
        "groups": [{"row": group.pk, "title": group.title, "order": group.order} for group in groups],
        "dimensions": dimensions(cycle),
        "axes": axes(cycle),
        "indicators": indicators(cycle),
        "agencies": agencies(cycle),
        "line_columns": LINE_COLUMNS,
        "lines": lines(cycle),
        "entered_columns": ENTERED_COLUMNS,
        "entered": entered(cycle),
    }


def cycle_facts(cycle: Cycle) -> dict[str, Any]:
    """Names and dates of the cycle."""
    return {
        "province": cycle.province.name,
        "title": cycle.title,
        "performance_year": cycle.performance_year,
        "kind": cycle.kind,
        "period_start": cycle.period_start,
        "period_end": cycle.period_end,
        "template": str(cycle.template or ""),
    }


def dimensions(cycle: Cycle) -> list[dict[str, Any]]:
    """The dimensions, in their order."""
    return [
        {
            "row": dimension.pk,
            "code": dimension.code,
            "kind": dimension.kind,
            "title": dimension.title,
            "order": dimension.order,
            "maximum": dimension.maximum,
            "basis": dimension.basis,
            "counts": dimension.counts,
        }
        for dimension in cycle.dimensions.order_by("order", "pk")
    ]


def axes(cycle: Cycle) -> list[dict[str, Any]]:
    """The axes, by dimension and number."""
    rows = Axis.objects.filter(dimension__cycle=cycle).order_by("dimension__order", "dimension", "number")
    return [
        {"row": axis.pk, "dimension": axis.dimension_id, "number": axis.number, "title": axis.title}
        | {"maximum": axis.maximum}
        for axis in rows
    ]


def indicators(cycle: Cycle) -> list[dict[str, Any]]:
    """The indicators on which a line stands, with their parents."""
    names = ("pk", "code", "title", "axis_id", "dimension_id", "parent_id", "weight")
    rows = Indicator.objects.filter(cycle=cycle).order_by("pk").values_list(*names)
    keys = ("row", "code", "title", "axis", "dimension", "parent", "weight")
    return [dict(zip(keys, row, strict=True)) for row in rows]


def agencies(cycle: Cycle) -> list[dict[str, Any]]:
    """The agencies that take part, each with its files, its extensions and what its growth is measured on."""
    files: dict[int, list[dict[str, Any]]] = {}
    bases = growth_bases(cycle)
    rows = cycle.assessments().exclude(state=AssessmentState.WITHDRAWN).order_by("dimension__order", "pk")
    for participation, dimension, state in rows.values_list("participation", "dimension", "state"):
        file = {"dimension": dimension, "absent": state == AssessmentState.ABSENT}
        files.setdefault(participation, []).append(file)
    longer = {
        row["agency"].pk: {"number": row["number"], "days": row["days"]}
        for row in extension.per_agency(extensions(cycle))
    }
    return [
        {
            "row": participation.pk,
            "agency": participation.agency_id,
            "code": participation.agency.code,
            "name": participation.agency.name,
            "kind": participation.agency.kind,
            "headquarters": str(participation.agency.headquarters or ""),
            "group": participation.peer_group_id,
            "ranked": participation.ranked_among in RankedAmong.ranked(),
            **({"only_in_group": True} if participation.ranked_among == RankedAmong.GROUP else {}),
            "files": files[participation.pk],
            "extensions": longer.get(participation.agency_id, {"number": 0, "days": 0}),
            "bases": bases.get(participation.agency_id, []),
        }
        for participation in cycle.participations.select_related("agency__headquarters").order_by("pk")
        if participation.pk in files
    ]


def extensions(cycle: Cycle) -> QuerySet:
    return Extension.objects.filter(cycle=cycle).select_related("agency")


def lines(cycle: Cycle) -> list[list[Any]]:
    """The lines with their final scores, in the order of LINE_COLUMNS; of agencies that left the evaluation none."""
    rows = Line.objects.filter(assessment__participation__cycle=cycle)
    rows = rows.exclude(assessment__state=AssessmentState.WITHDRAWN).order_by("pk")
    names = ("pk", "assessment__participation", "assessment__dimension", "indicator", "maximum", "final_score")
    return [list(row) for row in rows.values_list(*names, "exempt")]


def entered(cycle: Cycle) -> list[list[Any]]:
    """[participation, dimension, points by the agency, by its headquarters] of each file, exempt lines not counted.

    None where nothing was entered. They stand beside the final figures in a comparison and do not change any.
    """
    rows = Line.objects.filter(assessment__participation__cycle=cycle, exempt=False)
    rows = rows.exclude(assessment__state=AssessmentState.WITHDRAWN)
    keys = ("assessment__participation", "assessment__dimension")
    sums = rows.order_by(*keys).values_list(*keys)
    return [list(row) for row in sums.annotate(own=Sum("self_score"), headquarters=Sum("hq_score"))]


def growth_bases(cycle: Cycle) -> dict[int, list[dict[str, Any]]]:
    """{agency: [{dimension, year, total, maximum}]}: its figures of the cycle's base year, else of the latest earlier
    cycle of this kind that was announced, all dimensions together (dimension None) and each by its code; none of a year
    in which it did not take part. Where there is none, or a later year was recorded from before the system, the
    recorded figures.
    """
    by_agency: dict[int, dict[str | None, dict[str, Any]]] = {}
    earlier = AgencyResult.objects.filter(
        participation__agency__participations__cycle=cycle,
        result_set__state__in=ResultState.seen_by_agency(),
        result_set__cycle__kind=cycle.kind,
        result_set__cycle__performance_year__lt=cycle.performance_year,
    ).order_by("result_set__cycle__performance_year")
    if cycle.base_year:
        earlier = earlier.filter(result_set__cycle__performance_year=cycle.base_year)
    names = ("participation__agency", "dimension__code", "result_set__cycle__performance_year")
    for agency, dimension, year, total, maximum, passive in earlier.values_list(*names, "total", "maximum", "passive"):
        figures = {"dimension": dimension, "year": year, "total": None if passive else total, "maximum": maximum}
        by_agency.setdefault(agency, {})[dimension] = figures
    for agency, recorded in history.earlier_bases(cycle).items():
        for dimension, base in recorded.items():
            known = by_agency.setdefault(agency, {}).get(dimension)
            if known is None or known["year"] < base.year:
                by_agency[agency][dimension] = base._asdict()
    return {agency: list(by_dimension.values()) for agency, by_dimension in by_agency.items()}
