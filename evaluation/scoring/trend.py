"""Figures that compare: growth between cycles, progress of an axis over agencies, its extremes."""

from collections.abc import Hashable, Iterable, Mapping
from decimal import Decimal

from .figures import HUNDRED, ZERO, precise, to_six_decimals


@precise
def growth_percent(last: Decimal | None, this: Decimal | None) -> Decimal | None:
    """(this − last) ÷ last in percent; None where one is missing or the base is not above zero."""
    if last is None or this is None or last <= 0:
        return None
    return to_six_decimals((this - last) * HUNDRED / last)


@precise
def growth_of_shares(last: tuple[Decimal | None, Decimal], this: tuple[Decimal | None, Decimal]) -> Decimal | None:
    """Growth in percent of (points, maximum): of the share of the maximum, so that years of other maxima compare.

    None where points are missing, a maximum is zero or the base is not above zero.
    """
    (last_points, last_maximum), (points, maximum) = last, this
    if last_points is None or points is None or not last_maximum or not maximum:
        return None
    return growth_percent(last_points * maximum, points * last_maximum)


@precise
def axis_progress(pairs: Iterable[tuple[Decimal | None, Decimal | None]]) -> Decimal | None:
    """Mean over agencies of points ÷ maximum, in percent.

    Agencies without points or maximum (a wholly exempt axis) stay out of the mean; None when nobody is left.
    """
    parts = [points * HUNDRED / maximum for points, maximum in pairs if points is not None and maximum]
    return to_six_decimals(sum(parts, ZERO) / len(parts)) if parts else None


def extremes[Key: Hashable](progress: Mapping[Key, Decimal | None]) -> tuple[Key | None, Key | None]:
    """The keys of the lowest and the highest figure; of equals the first; (None, None) without figures."""
    figures = {key: value for key, value in progress.items() if value is not None}
    if not figures:
        return None, None
    return min(figures, key=figures.__getitem__), max(figures, key=figures.__getitem__)
