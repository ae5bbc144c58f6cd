"""The rows that seats in evaluator groups are for, as conditions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import Q

from evaluation.enums import DimensionKind

from .seats import Seat

NONE = Q(pk__in=[])


def reviewed(seats: Iterable[Seat]) -> Q:
    """The specific lists that the groups review."""
    scope = NONE
    for seat in seats:
        if seat.covers_specific:
            share = Q(cycle=seat.cycle)
            if seat.agencies:
                share &= Q(agency__in=seat.agencies)
            scope |= share
    return scope


def assigned(seats: Iterable[Seat], prefix: str | None) -> Q:
    """The lines that the groups score; `prefix` leads to the line, None means the assessments that hold such lines.

    Seats for all agencies of their cycles are one condition, however many years they are of.
    """
    scope, whole = NONE, []
    for seat in seats:
        if seat.agencies or seat.participations:
            scope |= _scored([seat], prefix)
        else:
            whole.append(seat)
    return scope | _scored(whole, prefix) if whole else scope


def visited(seats: Iterable[Seat], path: str) -> Q:
    """What belongs to the agencies that the groups score; `path` leads to the participation."""
    scope = NONE
    for seat in seats:
        share = Q(**{f"{path}__cycle": seat.cycle})
        if seat.agencies:
            share &= Q(**{f"{path}__agency__in": seat.agencies})
        if seat.participations:
            share &= Q(**{f"{path}__in": seat.participations})
        scope |= share
    return scope


def _scored(seats: Sequence[Seat], prefix: str | None) -> Q:
    """What one seat is for, or several that are for all agencies: an axis belongs to one cycle, that of its group."""
    to_assessment = "" if prefix is None else f"{prefix}assessment__"
    cycle, share = f"{to_assessment}participation__cycle__in", NONE
    if with_axes := [seat for seat in seats if seat.dimension_of_axis]:
        if prefix is None:
            parts = Q(dimension__in={key for seat in with_axes for key in seat.dimension_of_axis.values()})
        else:
            parts = Q(**{f"{prefix}indicator__axis__in": {key for seat in with_axes for key in seat.dimension_of_axis}})
        share |= parts & Q(**{cycle: {seat.cycle for seat in with_axes}})
    if with_specific := {seat.cycle for seat in seats if seat.covers_specific}:
        specific = Q(**{f"{to_assessment}dimension__kind": DimensionKind.SPECIFIC})
        share |= specific & Q(**{cycle: with_specific})
    for seat in seats:
        if seat.agencies:
            share &= Q(**{f"{to_assessment}participation__agency__in": seat.agencies})
        if seat.participations:
            share &= Q(**{f"{to_assessment}participation__in": seat.participations})
    return share
