"""What each indicator of a specific list is worth: alone, and beside the slice of the province (800 and 200)."""

from dataclasses import dataclass
from decimal import Decimal

from evaluation import scoring
from evaluation.enums import Basis, DimensionKind, ListState, Slice
from evaluation.process.catalogue.lines import points_of, slice_points

UNSLICED = (ListState.DRAFTING, ListState.ENDORSED, ListState.SENT, ListState.FINALISED)


@dataclass(frozen=True)
class SliceOfList:
    """One slice: its points, how many indicators it has, and their weights together."""

    slice: Slice
    points: Decimal
    count: int
    weight: Decimal


@dataclass(frozen=True)
class Worth:
    """The points of an indicator: `before` the province's slice (None for one of that slice), and `after` it."""

    before: Decimal | None
    after: Decimal


def of_list(specific_list):
    """([SliceOfList], {indicator pk: Worth}) of a list; ([], {}) where the cycle has no specific dimension.

    While the province's slice is not finished, `after` is what an indicator will be worth beside it. A list that was
    finished without one of the slices gives the whole maximum to the other.
    """
    dimension = specific_list.cycle.dimensions.filter(kind=DimensionKind.SPECIFIC).first()
    if dimension is None:
        return [], {}
    rows = dimension.indicators.filter(agency=specific_list.agency_id, parent=None)
    tops = list(rows.prefetch_related("measures").order_by("slice", "code"))
    national = [top for top in tops if top.slice == Slice.NATIONAL]
    alone = points_of(national, dimension) if national else {}
    together = beside(tops, dimension) if specific_list.state in UNSLICED else points_of(tops, dimension)
    return slices(tops, dimension), {top.pk: Worth(alone.get(top.pk), together[top.pk]) for top in tops}


def beside(tops, dimension):
    """{indicator pk: points} with each slice at its own points, whether the other is written or not."""
    if dimension.basis == Basis.POINTS:
        return points_of(tops, dimension)
    points = {}
    for part in Slice:
        weights = {top.pk: top.weight or Decimal(0) for top in tops if top.slice == part}
        points |= scoring.normalised(weights, slice_points(dimension, part)) if weights else {}
    return points


def slices(tops, dimension):
    """The slices that the dimension states points for, with what the list has in each."""
    by_slice = {part: [top for top in tops if top.slice == part] for part in Slice}
    return [
        SliceOfList(
            part,
            slice_points(dimension, part),
            len(members),
            sum((top.weight or Decimal(0) for top in members), Decimal(0)),
        )
        for part, members in by_slice.items()
    ]
