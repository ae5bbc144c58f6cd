"""The rows that seats in evaluator groups are for, as conditions."""

from __future__ import annotations

from collections.abc import Iterable

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
    """The lines that the groups score; `prefix` leads to the line, None means the assessments that hold such lines."""
    scope = NONE
    for seat in seats:
        scope |= _scored(seat, prefix)
    return scope


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


def _scored(seat: Seat, prefix: str | None) -> Q:
    to_assessment = "" if prefix is None else f"{prefix}assessment__"
    share = NONE
    if seat.dimension_of_axis and prefix is None:
        share |= Q(dimension__in=set(seat.dimension_of_axis.values()))
    elif seat.dimension_of_axis:
        share |= Q(**{f"{prefix}indicator__axis__in": set(seat.dimension_of_axis)})
    if seat.covers_specific:
        share |= Q(**{f"{to_assessment}dimension__kind": DimensionKind.SPECIFIC})
    share &= Q(**{f"{to_assessment}participation__cycle": seat.cycle})
    if seat.agencies:
        share &= Q(**{f"{to_assessment}participation__agency__in": seat.agencies})
    if seat.participations:
        share &= Q(**{f"{to_assessment}participation__in": seat.participations})
    return share
