"""Totals, ranks and growth from a ground alone: the same from the tables today and from a snapshot in ten years."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from evaluation import scoring
from evaluation.enums import TieBreaker
from evaluation.rules.end import TIE_BREAKERS

from .ground import LINE_COLUMNS, Ground

type Row = dict[str, Any]
type LinesByAxis = dict[int | None, list[scoring.LineInput]]  # by the key of their axis

ZERO = Decimal(0)


def compute(ground: Ground) -> tuple[list[Row], list[Row]]:
    """(figures of agencies, figures of axes), as plain data with Decimals, of a ground or of what was read back.

    A figure of an agency stands for one dimension, or without a dimension for all counting ones together.
    """
    sheets, dimensions = lines_by_file(ground), {entry["row"]: entry for entry in ground["dimensions"]}
    axes = {entry["row"]: Decimal(entry["maximum"]) for entry in ground["axes"]}
    rule = ground["settings"]["exemption_rule"]
    results: list[Row] = []
    axis_results: list[Row] = []
    for agency in ground["agencies"]:
        counted: list[scoring.DimensionFigures] = []
        passive = False
        for file in agency["files"]:
            dimension = dimensions[file["dimension"]]
            lines = {} if file["absent"] else sheets.get((agency["row"], file["dimension"]), {})
            maximum = Decimal(dimension["maximum"])
            total = scoring.total(dimension_input(dimension["row"], maximum, axes=axes, lines=lines, rule=rule))
            passive = passive or file["absent"]
            results.append(in_dimension(agency, dimension, total, absent=file["absent"]))
            axis_results += [in_axis(agency, axis) for axis in total.axes if axis.key]
            if dimension["counts"]:
                counted.append(total)
        results.append(combined(agency, counted, passive=passive))
    grow(ground, results)
    rank(ground, results)
    return results, axis_results


def lines_by_file(ground: Ground) -> dict[tuple[int, int], LinesByAxis]:
    """{(participation, dimension): {axis: its lines as `scoring` takes them}}."""
    indicators = {entry["row"]: entry for entry in ground["indicators"]}
    sheets: dict[tuple[int, int], LinesByAxis] = {}
    for row in ground["lines"]:
        line = dict(zip(LINE_COLUMNS, row, strict=True))
        indicator = indicators[line["indicator"]]
        parent = indicator["parent"]
        sheet = scoring.LineInput(
            line["row"],
            Decimal(line["maximum"]),
            decimal(line["score"]),
            line["exempt"],
            parent,
            decimal(indicator["weight"]) if parent else None,
        )
        file = sheets.setdefault((line["participation"], line["dimension"]), {})
        file.setdefault(indicator["axis"], []).append(sheet)
    return sheets


def decimal(value: Decimal | str | None) -> Decimal | None:
    """A Decimal of a Decimal or of its text; None stays None."""
    return None if value is None else Decimal(value)


def dimension_input(
    key: int, maximum: Decimal, *, axes: Mapping[int, Decimal], lines: LinesByAxis, rule: str
) -> scoring.DimensionInput:
    """One file as `scoring` totals it: `axes` {axis: its points}, `lines` {axis: LineInputs}.

    Axes without points of their own, as those of a specific list, carry those of their lines.
    """
    return scoring.DimensionInput(
        key=key,
        maximum=maximum,
        axes=tuple(
            scoring.AxisInput(
                key=axis,
                maximum=(axes.get(axis) if axis else None) or sum((member.maximum for member in members), ZERO),
                lines=tuple(members),
            )
            for axis, members in sorted(lines.items(), key=lambda item: item[0] or 0)
        ),
        rule=scoring.ExemptionRule(rule),
    )


def in_dimension(agency: Row, dimension: Row, total: scoring.DimensionFigures, *, absent: bool) -> Row:
    """The figure of an agency in one dimension."""
    return {
        "participation": agency["row"],
        "dimension": dimension["row"],
        "raw": total.raw,
        "total": total.scaled,
        "maximum": total.maximum,
        "exempt": total.exempt_points,
        "passive": absent,
        "explanation": total.explanation.as_data() if total.explanation else {},
    }


def in_axis(agency: Row, axis: scoring.AxisFigures) -> Row:
    """The figure of an agency in one axis."""
    return {"participation": agency["row"], "axis": axis.key, "raw": axis.raw, "total": axis.scaled} | {
        "maximum": axis.maximum
    }


def combined(agency: Row, counted: Sequence[scoring.DimensionFigures], *, passive: bool) -> Row:
    """The figure of an agency in all counting dimensions together."""
    explanation = scoring.explain_combined(counted)
    return {
        "participation": agency["row"],
        "dimension": None,
        "raw": sum((figures.raw for figures in counted), ZERO),
        "total": explanation.result if explanation else None,
        "maximum": sum((figures.maximum for figures in counted), ZERO),
        "exempt": sum((figures.exempt_points for figures in counted), ZERO),
        "passive": passive,
        "explanation": explanation.as_data() if explanation else {},
    }


def grow(ground: Ground, results: Sequence[Row]) -> None:
    """Set the growth on the base year, in percent of the share of the maximum; none for who did not take part."""
    codes = {entry["row"]: entry["code"] for entry in ground["dimensions"]} | {None: None}
    bases = {
        (agency["row"], base["dimension"]): (decimal(base["total"]), Decimal(base["maximum"]))
        for agency in ground["agencies"]
        for base in agency["bases"]
    }
    for result in results:
        base = None if result["passive"] else bases.get((result["participation"], codes[result["dimension"]]))
        this = result["total"], result["maximum"]
        result["growth"] = scoring.growth_of_shares(base, this) if base else None


def rank(ground: Ground, results: Sequence[Row]) -> None:
    """Set ranks, overall and inside the peer group, per dimension and for the combined total.

    Equal totals are ranked by the cycle's tie-breakers, in their order; without any, or equal there too, they share a
    rank. Agencies that are not ranked, did not take part, or are wholly exempt in a dimension get none; those that are
    ranked only in their group get no overall rank, and take nobody's.
    """
    agencies = {agency["row"]: agency for agency in ground["agencies"]}
    breakers = tie_breakers_of(ground, results)
    for result in results:
        result["rank"] = result["group_rank"] = None
    for dimension in {result["dimension"] for result in results}:
        members = [
            result
            for result in results
            if result["dimension"] == dimension
            and agencies[result["participation"]]["ranked"]
            and not result["passive"]
            and result["total"] is not None
        ]
        places = scoring.ranks(
            scoring.Entry(
                result["participation"],
                result["total"],
                agencies[result["participation"]]["group"],
                tie_breakers=tuple(breakers(result)),
                only_in_group=agencies[result["participation"]].get("only_in_group", False),
            )
            for result in members
        )
        for result in members:
            place = places[result["participation"]]
            result["rank"], result["group_rank"] = place.overall, place.in_group


def tie_breakers_of(ground: Ground, results: Sequence[Row]) -> Callable[[Row], list[Decimal | None]]:
    """A function that gives a result's values for the tie-breakers that the cycle has set: the higher is the better."""
    settings = ground["settings"]
    chosen = [TieBreaker(settings[name]) for name in TIE_BREAKERS if settings.get(name)]
    kinds = {entry["row"]: entry["kind"] for entry in ground["dimensions"] if entry["counts"]}
    totals: dict[tuple[int, str], Decimal] = {}
    for result in results:
        if (kind := kinds.get(result["dimension"])) and result["total"] is not None:
            key = result["participation"], kind
            totals[key] = totals.get(key, ZERO) + result["total"]

    def value(result: Row, breaker: TieBreaker) -> Decimal | None:
        if breaker is TieBreaker.EXEMPT:
            return -Decimal(result["exempt"])
        if breaker is TieBreaker.GROWTH:
            return decimal(result["growth"])
        return totals.get((result["participation"], breaker.value))

    return lambda result: [value(result, breaker) for breaker in chosen]
