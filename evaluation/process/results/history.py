"""Totals of years before the system was used: what growth compares with in its first year."""

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from evaluation.enums import ResultState
from evaluation.models import Cycle, EarlierTotal, Province, ResultSet
from evaluation.persian import match_key

FIELDS = ("agency", "year", "dimension", "total", "maximum", "source")


class Base(NamedTuple):
    """What a figure is compared with: a dimension's code in the cycle (None: all together), its year and figures."""

    dimension: str | None
    year: int
    total: Decimal
    maximum: Decimal | None


def recorded_years(province: Province | None) -> set[int]:
    """The performance years whose results this province has in the system, so that nobody records them twice."""
    rows = ResultSet.objects.filter(cycle__province=province, state__in=ResultState.seen_by_agency())
    return set(rows.values_list("cycle__performance_year", flat=True))


def earlier_bases(cycle: Cycle) -> dict[int, dict[str | None, Base]]:
    """{agency: {dimension: Base}} of the cycle's base year, else of the latest recorded year before the cycle.

    The dimension is the code that the cycle gives it, None for all together: by its own row, else by the sum of the
    year's dimensions. A dimension that the cycle does not have counts in the sum alone.
    """
    codes = {match_key(word): row.code for row in cycle.dimensions.all() for word in (row.code, row.title)}
    rows = EarlierTotal.objects.filter(agency__participations__cycle=cycle, year__lt=cycle.performance_year)
    if cycle.base_year:
        rows = rows.filter(year=cycle.base_year)
    years: dict[tuple[int, int], dict[str, tuple[Decimal, Decimal | None]]] = {}
    for row in rows.order_by("year"):
        years.setdefault((row.agency_id, row.year), {})[row.dimension] = (row.total, row.maximum)
    bases: dict[int, dict[str | None, Base]] = {}
    for (agency, year), figures in years.items():  # later years replace earlier ones
        for title, (total, maximum) in {**figures, "": all_together(figures)}.items():
            code = codes.get(match_key(title)) if title else None
            if code or not title:
                bases.setdefault(agency, {})[code] = Base(code, year, total, maximum)
    return bases


def all_together(figures: Mapping[str, tuple[Decimal, Decimal | None]]) -> tuple[Decimal, Decimal | None]:
    """(total, maximum) of a year, given {dimension or "": (total, maximum)}; no maximum where one is not known."""
    if "" in figures:
        return figures[""]
    maxima = [maximum for _total, maximum in figures.values()]
    known = [maximum for maximum in maxima if maximum is not None]
    total = sum((total for total, _maximum in figures.values()), Decimal(0))
    return total, sum(known, Decimal(0)) if len(known) == len(maxima) else None
