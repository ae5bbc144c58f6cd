"""The score of one line from its actual and target, and of an indicator from its measures."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from .explanation import Explanation, explain
from .figures import ONE, ZERO, BadFigure, NegativeTarget, clamp, exact, exact_or_none, precise, to_six_decimals
from .formulas import ARITHMETIC, quotient
from .kinds import Direction, Formula, Nature, Reason, Status

_FIGURES = ("target", "actual", "numerator", "denominator", "baseline")


@dataclass(frozen=True)
class Step:
    """One step of a qualitative scale and the fraction (0…1) of the points that it earns."""

    title: str
    fraction: Decimal


@dataclass(frozen=True)
class Measurement:
    """The figures of a line at one level, as input of `score`.

    `ratio`: numerator ÷ denominator × 100, or the typed actual in percent. `growth` and `reduction`: numerator is this
    year, denominator (else baseline) last year; an actual without numerator is the percent itself. `qualitative`: the
    actual is the fraction of the chosen step. Raises NegativeTarget, BadFigure, TypeError.
    """

    nature: Nature
    direction: Direction
    maximum: Decimal
    target: Decimal | None = None
    actual: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    baseline: Decimal | None = None
    steps: tuple[Step, ...] = ()

    def __post_init__(self) -> None:
        held = self.__dict__  # what is frozen is made exact here, once
        held["nature"], held["direction"] = Nature(self.nature), Direction(self.direction)
        held["maximum"], held["steps"] = exact(self.maximum), tuple(self.steps)
        for name in _FIGURES:
            if held[name] is not None:
                held[name] = exact(held[name])
        if self.maximum < 0:
            raise BadFigure(f"The maximum {self.maximum} is below zero.")
        if self.target is not None and self.target < 0 and self.nature is not Nature.QUALITATIVE:
            raise NegativeTarget(f"The target {self.target} is below zero.")

    @property
    def rises(self) -> bool:
        """A reduction in percent is good when it is high, whatever direction is set."""
        return self.nature is Nature.REDUCTION or self.direction is Direction.ASCENDING

    @property
    def base(self) -> Decimal | None:
        return self.baseline if self.denominator is None else self.denominator


@dataclass(frozen=True)
class Outcome:
    """`actual` and `score` have six decimals, `fraction` (0…1) is unrounded; None where there is none."""

    actual: Decimal | None
    fraction: Decimal | None
    score: Decimal | None
    status: Status
    reason: Reason | None = None
    explanation: Explanation | None = None


@dataclass(frozen=True)
class Measure:
    """One measure inside an indicator: its weight and the fraction (0…1) reached, None when not scored yet."""

    weight: Decimal
    fraction: Decimal | None
    exempt: bool = False


@precise
def score(measurement: Measurement) -> Outcome:
    """Score a line: maximum × fraction reached, the fraction clamped to 0…1 (docs/arithmetic.md#lines)."""
    if measurement.nature is Nature.QUALITATIVE:
        return _qualitative(measurement)
    values, reason = _inputs(measurement)
    if reason:
        return Outcome(None, None, None, Status.UNDEFINED, reason)
    if values is None:
        return Outcome(None, None, None, Status.EMPTY)
    over, under = quotient(values)
    actual = to_six_decimals(over / under)
    if reason := _target_reason(measurement, over):
        return Outcome(actual, None, None, Status.UNDEFINED, reason)
    values.setdefault("actual", actual)
    values["maximum"], values["target"] = measurement.maximum, measurement.target
    return _scored(actual, _fraction(measurement, over, under), explain(_formula(measurement, over), values))


@precise
def typed(maximum: Decimal, score: Decimal, *, actual: Decimal | None = None, reason: str = "") -> Outcome:
    """A score that a person typed instead of the computed one. Raises BadFigure outside 0…maximum."""
    maximum, score = exact(maximum), exact(score)
    if not 0 <= score <= maximum:
        raise BadFigure(f"The score {score} is not between 0 and {maximum}.")
    values = {"score": score, "maximum": maximum} | ({"reason": str(reason)} if reason else {})
    fraction = score / maximum if maximum else ZERO
    return _scored(exact_or_none(actual), fraction, explain(Formula.TYPED, values))


@precise
def composite(maximum: Decimal, measures: Sequence[Measure]) -> Outcome:
    """An indicator with measures: Σ weight × fraction ÷ 100 × maximum.

    The weights of the measures that are not exempt count as 100; measures without a fraction count as 0.
    Empty when nothing is scored, or when every measure is exempt.
    """
    counted = [measure for measure in measures if not measure.exempt]
    if all(measure.fraction is None for measure in counted):
        return Outcome(None, None, None, Status.EMPTY)
    values = {"maximum": exact(maximum)}
    for number, measure in enumerate(counted, start=1):
        values[f"weight.{number}"] = exact(measure.weight)
        values[f"fraction.{number}"] = ZERO if measure.fraction is None else measure.fraction
    fraction = ARITHMETIC[Formula.MEASURES](values | {"maximum": ONE})
    return _scored(None, fraction, explain(Formula.MEASURES, values))


def _scored(actual: Decimal | None, fraction: Decimal, explanation: Explanation) -> Outcome:
    return Outcome(actual, fraction, explanation.result, Status.SCORED, None, explanation)


def _qualitative(measurement: Measurement) -> Outcome:
    if not measurement.steps:
        return Outcome(measurement.actual, None, None, Status.UNDEFINED, Reason.NO_SCALE)
    actual = measurement.actual
    if actual is None:
        return Outcome(None, None, None, Status.EMPTY)
    titles = [step.title for step in measurement.steps if step.fraction == actual]
    values = {"nature": measurement.nature.value, "actual": actual, "maximum": measurement.maximum}
    values |= {"step": titles[0]} if titles else {}
    return _scored(to_six_decimals(actual), clamp(actual), explain(Formula.QUALITATIVE, values))


def _inputs(m: Measurement) -> tuple[dict[str, Any] | None, Reason | None]:
    """The values that make up the actual (None: nothing entered yet), or why there cannot be one."""
    values = {"nature": m.nature.value}
    if m.nature is Nature.RATIO and m.numerator is not None and m.denominator is not None:
        if not m.denominator:
            return None, Reason.ZERO_DENOMINATOR
        return values | {"numerator": m.numerator, "denominator": m.denominator}, None
    if m.nature in (Nature.GROWTH, Nature.REDUCTION):
        entered = m.numerator is not None or m.actual is not None
        if entered and m.base is not None and not m.base:
            return None, Reason.ZERO_BASE
        if m.numerator is not None and m.base is not None:
            # the sign of a change on a negative base says the opposite of what happened
            return (
                (None, Reason.NEGATIVE_BASE) if m.base < 0 else (values | {"this": m.numerator, "last": m.base}, None)
            )
    return (None if m.actual is None else values | {"actual": m.actual}), None


def _target_reason(measurement: Measurement, over: Decimal) -> Reason | None:
    if measurement.target is None:
        return Reason.NO_TARGET
    if not measurement.target and (measurement.rises or over):
        return Reason.ZERO_TARGET
    return None


def _formula(measurement: Measurement, over: Decimal) -> Formula:
    if over < 0:
        return Formula.NEGATIVE_ACTUAL
    if measurement.rises:
        return Formula.ASCENDING
    return Formula.DESCENDING if over else Formula.DESCENDING_ZERO


def _fraction(measurement: Measurement, over: Decimal, under: Decimal) -> Decimal:
    if over < 0:
        return ZERO
    target = measurement.target or ZERO  # `_target_reason` lets no line without a target pass
    if measurement.rises:
        return clamp(over / (under * target))
    return clamp(target * under / over) if over else ONE
