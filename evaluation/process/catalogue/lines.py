"""The assessments and lines that a frozen catalogue, or a frozen specific list, gives to agencies."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal

from evaluation import scoring
from evaluation.enums import Basis, DimensionKind, ListState, Slice
from evaluation.models import Assessment, Cycle, Dimension, Indicator, Line, Participation, SpecificList, Target

ROWS_PER_STATEMENT = 500

type Leaves = dict[Indicator, Decimal]  # leaf indicators with their maximum points
type Figures = tuple[Decimal | None, Decimal | None]  # target and base figure; either may be empty


def generate_all_lines(cycle: Cycle) -> None:
    """`generate_lines` for every agency of the cycle in every dimension."""
    for dimension in cycle.dimensions.all():
        generate_lines(cycle.participations.all(), dimension)


def generate_lines(participations: Iterable[Participation], dimension: Dimension) -> list[Line]:
    """The assessment and lines of agencies in one dimension, for what is frozen. Idempotent; returns what it made.

    In a transaction, in as many queries for all agencies of a cycle as for one.
    """
    frozen = with_frozen_catalogue(list(participations), dimension)
    if not frozen:
        return []
    assessments = assessments_of(frozen, dimension)
    present = set(Line.objects.filter(assessment__in=assessments).values_list("assessment_id", "indicator_id"))
    agencies = {participation.agency_id for participation in frozen}
    leaves_of = leaves(dimension, agencies)
    own, last = own_targets(dimension, agencies), last_years(dimension, agencies)
    agency_of, lines = {participation.pk: participation.agency_id for participation in frozen}, []
    for assessment in assessments:
        agency = agency_of[assessment.participation_id]
        for indicator, maximum in leaves_of[agency].items():
            if (assessment.pk, indicator.pk) not in present:
                target, baseline = own.get((agency, indicator.pk), (None, None))
                target = indicator.target if target is None else target
                baseline = last.get((agency, indicator.origin_id)) if baseline is None else baseline
                lines.append(
                    Line(assessment=assessment, indicator=indicator, maximum=maximum, target=target, baseline=baseline)
                )
    return Line.objects.bulk_create(lines, batch_size=ROWS_PER_STATEMENT)


def with_frozen_catalogue(participations: Sequence[Participation], dimension: Dimension) -> list[Participation]:
    """Those whose indicators in this dimension are frozen."""
    if dimension.kind == DimensionKind.GENERAL:
        return list(participations) if dimension.frozen_at is not None else []
    lists = SpecificList.objects.filter(cycle=dimension.cycle_id, state=ListState.FROZEN)
    agencies = {participation.agency_id for participation in participations}
    frozen = set(lists.filter(agency__in=agencies).values_list("agency", flat=True))
    return [participation for participation in participations if participation.agency_id in frozen]


def assessments_of(participations: Sequence[Participation], dimension: Dimension) -> list[Assessment]:
    """Their assessments in this dimension, made where there are none, in the order of the participations."""
    rows = Assessment.objects.filter(participation__in=participations, dimension=dimension)
    standing = {assessment.participation_id: assessment for assessment in rows}
    missing = [
        Assessment(participation=participation, dimension=dimension)
        for participation in participations
        if participation.pk not in standing
    ]
    if missing:
        Assessment.objects.bulk_create(missing, batch_size=ROWS_PER_STATEMENT, ignore_conflicts=True)
        standing = {assessment.participation_id: assessment for assessment in rows.all()}
    return [standing[participation.pk] for participation in participations]


def leaves(dimension: Dimension, agencies: Collection[int]) -> dict[int, Leaves]:
    """{agency: its leaf indicators}: stated points, or weights normalised within the slice.

    The province's and the nation's slice keep their own points (Ilam and flowchart 2: 800 and 200); when a list has
    one slice only, that one carries the whole maximum.
    """
    tops = dimension.indicators.filter(parent=None).prefetch_related("measures")
    if dimension.kind == DimensionKind.GENERAL:
        shared = leaves_under(list(tops.filter(agency=None)), dimension)
        return dict.fromkeys(agencies, shared)
    by_agency: dict[int, list[Indicator]] = defaultdict(list)
    for top in tops.filter(agency__in=agencies):
        by_agency[top.agency_id].append(top)
    return {agency: leaves_under(by_agency[agency], dimension) for agency in agencies}


def leaves_under(tops: Sequence[Indicator], dimension: Dimension) -> Leaves:
    """The leaves of these top indicators, whose measures were read before."""
    points = points_of(tops, dimension)
    points_of_leaves: Leaves = {}
    for top in tops:
        measures = list(top.measures.all())
        if measures:
            shares = scoring.normalised({m.pk: m.weight or Decimal(0) for m in measures}, points[top.pk])
            points_of_leaves |= {measure: shares[measure.pk] for measure in measures}
        else:
            points_of_leaves[top] = points[top.pk]
    return points_of_leaves


def points_of(tops: Sequence[Indicator], dimension: Dimension) -> Mapping[int, Decimal]:
    """{top indicator: its points}."""
    if dimension.basis == Basis.POINTS:
        return {top.pk: top.points or Decimal(0) for top in tops}
    slices = {part: [top for top in tops if top.slice == part] for part in {top.slice for top in tops}}
    points: dict[int, Decimal] = {}
    for part, members in slices.items():
        whole = dimension.maximum if len(slices) == 1 else slice_points(dimension, part)
        points |= scoring.normalised({top.pk: top.weight or Decimal(0) for top in members}, whole)
    return points


def slice_points(dimension: Dimension, part: Slice) -> Decimal:
    """The points of a slice as the dimension states them, else the dimension's maximum."""
    stated = {Slice.NATIONAL: dimension.national_points, Slice.PROVINCIAL: dimension.provincial_points}.get(part)
    return dimension.maximum if stated is None else stated


def own_targets(dimension: Dimension, agencies: Collection[int]) -> dict[tuple[int, int], Figures]:
    """{(agency, indicator): what this agency was given}."""
    rows = Target.objects.filter(agency__in=agencies, indicator__dimension=dimension)
    columns = ("agency_id", "indicator_id", "target", "baseline")
    return {(agency, key): (target, baseline) for agency, key, target, baseline in rows.values_list(*columns)}


def last_years(dimension: Dimension, agencies: Collection[int]) -> dict[tuple[int, int], Decimal]:
    """{(agency, origin indicator): its final actual of last year}: the base of growth."""
    origins = dimension.indicators.exclude(origin=None).values("origin")
    lines = Line.objects.filter(indicator__in=origins, assessment__participation__agency__in=agencies)
    columns = ("assessment__participation__agency_id", "indicator_id", "final_actual")
    rows = lines.exclude(final_actual=None).order_by("pk").values_list(*columns)
    return {(agency, indicator): actual for agency, indicator, actual in rows}
