"""The arithmetic of every formula, from the values that its explanation carries.

A figure is always computed here from exactly the values that are later shown, so an explanation cannot differ
from the figure. Each formula multiplies first and divides once: a tie at the last decimal stays a tie.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from .figures import HUNDRED, ONE, ZERO, clamp, precise, to_six_decimals
from .kinds import Formula, Nature

Values = Mapping[str, Any]  # Decimals, save for the words that `explanation.TEXTS` names


def quotient(values: Values) -> tuple[Decimal, Decimal]:
    """The actual of a line as an undivided pair (dividend, positive divisor); percent for all but `single`."""
    if "numerator" not in values and "this" not in values:
        return values["actual"], ONE
    match values.get("nature"):
        case Nature.RATIO if "numerator" in values:
            over, under = values["numerator"] * HUNDRED, values["denominator"]
        case Nature.GROWTH if "this" in values:
            over, under = (values["this"] - values["last"]) * HUNDRED, values["last"]
        case Nature.REDUCTION if "this" in values:
            over, under = (values["last"] - values["this"]) * HUNDRED, values["last"]
        case _:
            return values["actual"], ONE
    return (-over, -under) if under < 0 else (over, under)


def numbered(values: Values, name: str) -> list[Decimal]:
    """The values called name.1, name.2, … in their order."""
    pairs = [(int(key.rpartition(".")[2]), value) for key, value in values.items() if key.startswith(f"{name}.")]
    return [value for _, value in sorted(pairs)]


def _ascending(values: Values) -> Decimal:
    over, under = quotient(values)
    return clamp(values["maximum"] * over / (under * values["target"]), ZERO, values["maximum"])


def _descending(values: Values) -> Decimal:
    over, under = quotient(values)
    return clamp(values["maximum"] * values["target"] * under / over, ZERO, values["maximum"])


def _measures(values: Values) -> Decimal:
    weights, fractions = numbered(values, "weight"), numbered(values, "fraction")
    if not sum(weights):
        return ZERO
    earned = sum(weight * clamp(fraction) for weight, fraction in zip(weights, fractions, strict=True))
    return values["maximum"] * earned / sum(weights)


def _earned(values: Values) -> Decimal:
    return clamp(values["raw"], ZERO, values["maximum"])


def _scaled(values: Values) -> Decimal:
    return scaled(values["raw"], values["maximum"], values["exempt"])


def _shared(values: Values) -> Decimal:
    axes = zip(numbered(values, "raw"), numbered(values, "maximum"), numbered(values, "exempt"), strict=True)
    earned = sum((scaled(raw, maximum, exempt) for raw, maximum, exempt in axes), ZERO)
    return scaled(earned, values["maximum"], values["wholly_exempt"])


def scaled(raw: Decimal, maximum: Decimal, exempt: Decimal) -> Decimal:
    """raw × maximum ÷ (maximum − exempt), never above the maximum; raw itself where nothing is left to scale by."""
    available = maximum - exempt
    return clamp(raw * maximum / available if available > 0 else raw, ZERO, maximum)


ARITHMETIC: dict[Formula, Callable[[Values], Decimal]] = {
    Formula.ASCENDING: _ascending,
    Formula.DESCENDING: _descending,
    Formula.DESCENDING_ZERO: lambda values: values["maximum"],
    Formula.NEGATIVE_ACTUAL: lambda values: ZERO,
    Formula.QUALITATIVE: lambda values: values["maximum"] * clamp(values["actual"]),
    Formula.TYPED: lambda values: values["score"],
    Formula.MEASURES: _measures,
    Formula.EARNED: _earned,
    Formula.SCALED: _scaled,
    Formula.SHARED: _shared,
    Formula.GRANTED: lambda values: clamp(values["raw"] + values["exempt"], ZERO, values["maximum"]),
    Formula.TOTAL: lambda values: sum(numbered(values, "figure"), ZERO),
}


def figure(formula: Formula, values: Values) -> Decimal:
    """`compute` for callers that are precise themselves."""
    return to_six_decimals(ARITHMETIC[formula](values))


@precise
def compute(formula: Formula, values: Values) -> Decimal:
    """The figure that the formula gives for these values, with six decimals."""
    return figure(formula, values)
