"""From the lines of a sheet to the figures of axes and dimensions, exempt lines (عدم مصداق) taken into account."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from .explanation import Explanation, explain
from .figures import ONE, ZERO, clamp, precise, to_six_decimals
from .kinds import ExemptionRule, Formula


@dataclass(frozen=True)
class LineInput:
    """One leaf line. A measure names its parent and weight; its maximum is its share of the parent's points
    (`normalised`), and without a weight that share is its weight.
    """

    key: Hashable
    maximum: Decimal
    score: Decimal | None = None
    exempt: bool = False
    parent: Hashable | None = None
    weight: Decimal | None = None


@dataclass(frozen=True)
class AxisInput:
    key: Hashable
    maximum: Decimal
    lines: tuple[LineInput, ...] = ()


@dataclass(frozen=True)
class DimensionInput:
    key: Hashable
    maximum: Decimal
    axes: tuple[AxisInput, ...] = ()
    rule: ExemptionRule = ExemptionRule.SCALE


@dataclass(frozen=True)
class AxisFigures:
    """`raw` as earned, `scaled` after the exemption rule; `scaled` is None for a wholly exempt axis."""

    key: Hashable
    maximum: Decimal
    raw: Decimal
    scaled: Decimal | None
    exempt_points: Decimal
    wholly_exempt: bool
    unscored: int
    explanation: Explanation | None


@dataclass(frozen=True)
class DimensionFigures:
    """`unscored` counts the lines that count as 0 because they have no score yet."""

    key: Hashable
    raw: Decimal
    scaled: Decimal | None
    maximum: Decimal
    exempt_points: Decimal
    axes: tuple[AxisFigures, ...]
    wholly_exempt: bool
    unscored: int
    explanation: Explanation | None


@precise
def total(sheet: DimensionInput) -> DimensionFigures:
    """The figures of a dimension for one agency, six decimals.

    Exempt points are scaled away over the dimension (`scale`), shared inside each axis (`axis`; those of a wholly
    exempt axis over the other axes) or granted (`grant`). Axes are always scaled by their own exempt points, so that
    no axis passes its maximum. A wholly exempt axis or dimension has no figure, whatever the rule.
    """
    rule = ExemptionRule(sheet.rule)
    axes = tuple(_axis(axis, rule) for axis in sheet.axes)
    raw = sum((axis.raw for axis in axes), ZERO)
    exempt = sum((axis.exempt_points for axis in axes), ZERO)
    with_lines = [figures for figures, axis in zip(axes, sheet.axes, strict=True) if axis.lines]
    wholly = bool(with_lines) and all(axis.wholly_exempt for axis in with_lines)
    explanation = None if wholly else _explain_dimension(sheet.maximum, raw, exempt, axes, rule)
    return DimensionFigures(
        key=sheet.key,
        raw=to_six_decimals(raw),
        scaled=explanation.result if explanation else None,
        maximum=sheet.maximum,
        exempt_points=exempt,
        axes=axes,
        wholly_exempt=wholly,
        unscored=sum(axis.unscored for axis in axes),
        explanation=explanation,
    )


def combined(figures: Sequence[DimensionFigures]) -> Decimal | None:
    """The total over the counting dimensions; None when one of them is wholly exempt, for then no rank is fair."""
    explanation = explain_combined(figures)
    return explanation.result if explanation else None


@precise
def explain_combined(figures: Sequence[DimensionFigures]) -> Explanation | None:
    """The total with the figures that it is the sum of; None where `combined` is None."""
    totals = [of_dimension.scaled for of_dimension in figures if of_dimension.scaled is not None]
    if len(totals) < len(figures):
        return None
    return explain(Formula.TOTAL, {f"figure.{number}": total for number, total in enumerate(totals, start=1)})


def _axis(axis: AxisInput, rule: ExemptionRule) -> AxisFigures:
    raw, exempt = ZERO, ZERO
    for lines in _units(axis.lines):
        earned, exempted = _unit(lines)
        raw, exempt = raw + earned, exempt + exempted
    wholly = _wholly_exempt(axis, exempt)
    exempt = axis.maximum if wholly else exempt
    raw = to_six_decimals(raw)
    explanation = None if wholly else _explain_part(axis.maximum, raw, exempt, rule)
    return AxisFigures(
        key=axis.key,
        maximum=axis.maximum,
        raw=raw,
        scaled=explanation.result if explanation else None,
        exempt_points=exempt,
        wholly_exempt=wholly,
        unscored=sum(line.score is None and not line.exempt for line in axis.lines),
        explanation=explanation,
    )


def _units(lines: Sequence[LineInput]) -> list[list[LineInput]]:
    """Lines that share their points: the measures of one parent together, any other line alone."""
    units: dict[tuple, list[LineInput]] = {}
    for number, line in enumerate(lines):
        units.setdefault(("alone", number) if line.parent is None else ("parent", line.parent), []).append(line)
    return list(units.values())


def _unit(lines: Sequence[LineInput]) -> tuple[Decimal, Decimal]:
    """Points earned and points exempt. The measures left over count as 100, so one exempt measure exempts no points."""
    maximum = sum((line.maximum for line in lines), ZERO)
    left = [line for line in lines if not line.exempt]
    if not left:
        return ZERO, maximum
    if len(left) == len(lines):
        return clamp(sum((line.score or ZERO for line in lines), ZERO), ZERO, maximum), ZERO
    weights = [line.maximum if line.weight is None else line.weight for line in left]
    earned = sum(weight * _fraction(line) for weight, line in zip(weights, left, strict=True))
    return clamp(earned * maximum / (sum(weights) or ONE), ZERO, maximum), ZERO


def _fraction(line: LineInput) -> Decimal:
    return line.score / line.maximum if line.score and line.maximum else ZERO


def _wholly_exempt(axis: AxisInput, exempt: Decimal) -> bool:
    if not axis.lines:
        return False
    return all(line.exempt for line in axis.lines) or (exempt > 0 and exempt >= axis.maximum)


def _explain_part(maximum: Decimal, raw: Decimal, exempt: Decimal, rule: ExemptionRule) -> Explanation:
    if not exempt:
        return explain(Formula.EARNED, {"raw": raw, "maximum": maximum})
    formula = Formula.GRANTED if rule is ExemptionRule.GRANT else Formula.SCALED
    return explain(formula, {"raw": raw, "maximum": maximum, "exempt": exempt})


def _explain_dimension(
    maximum: Decimal, raw: Decimal, exempt: Decimal, axes: Sequence[AxisFigures], rule: ExemptionRule
) -> Explanation:
    if rule is not ExemptionRule.AXIS or not exempt:
        return _explain_part(maximum, raw, exempt, rule)
    wholly = sum((axis.exempt_points for axis in axes if axis.wholly_exempt), ZERO)
    values = {"maximum": maximum, "wholly_exempt": wholly}
    for number, axis in enumerate((axis for axis in axes if not axis.wholly_exempt), start=1):
        values[f"raw.{number}"] = axis.raw
        values[f"maximum.{number}"] = axis.maximum
        values[f"exempt.{number}"] = axis.exempt_points
    return explain(Formula.SHARED, values)
