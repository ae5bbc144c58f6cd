"""Decimals: one precision for all arithmetic, one place where figures are rounded."""

from collections.abc import Callable
from decimal import (
    ROUND_DOWN,
    ROUND_HALF_UP,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
    localcontext,
)
from functools import wraps

ZERO = Decimal(0)
ONE = Decimal(1)
HUNDRED = Decimal(100)

_SIX = Decimal("0.000001")
_TWO = Decimal("0.01")
_MAX_EXPONENT = 18  # a quotient of two such figures, in percent, still fits the precision with six decimals
CONTEXT = Context(prec=60, rounding=ROUND_HALF_UP, traps=[InvalidOperation, DivisionByZero, Overflow])


class BadFigure(ValueError):
    """Not a number that can be reckoned with: infinite, not a number, or beyond 10^±18."""


class NegativeTarget(ValueError):
    """A target below zero; whatever should fall is measured with nature `reduction`."""


def precise[**Given, Found](function: Callable[Given, Found]) -> Callable[Given, Found]:
    """Arithmetic that does not depend on the precision that the calling thread happens to have."""

    @wraps(function)
    def exactly(*args: Given.args, **kwargs: Given.kwargs) -> Found:
        with localcontext(CONTEXT):
            return function(*args, **kwargs)

    return exactly


def exact(value: Decimal | int) -> Decimal:
    """The value as a Decimal. Raises TypeError for floats and BadFigure for what cannot be reckoned with."""
    figure = value if type(value) is Decimal else _whole(value)
    if not figure.is_finite() or (figure and not -_MAX_EXPONENT <= figure.adjusted() <= _MAX_EXPONENT):
        raise BadFigure(f"{value} cannot be reckoned with.")
    return figure


def _whole(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, Decimal | int):
        raise TypeError(f"A figure must be a Decimal, not {type(value).__name__}.")
    return Decimal(value)


def exact_or_none(value: Decimal | int | None) -> Decimal | None:
    """`exact`, with None passed on."""
    return None if value is None else exact(value)


def check_target(value: Decimal | int | None) -> None:
    """Raises NegativeTarget below zero and BadFigure for what is no number; None and zero pass."""
    if value is not None and exact(value) < 0:
        raise NegativeTarget(f"The target {value} is below zero.")


def to_six_decimals(value: Decimal) -> Decimal:
    """The figure as it is stored: six decimals, half up."""
    return value.quantize(_SIX, ROUND_HALF_UP, CONTEXT)


def cut_to_six_decimals(value: Decimal) -> Decimal:
    """Six decimals, cut off: for shares whose remainder is dealt with apart."""
    return value.quantize(_SIX, ROUND_DOWN, CONTEXT)


def to_two_decimals(value: Decimal) -> Decimal:
    """The figure as people read it: two decimals, half up, from the stored six."""
    return to_six_decimals(value).quantize(_TWO, ROUND_HALF_UP, CONTEXT)


def clamp(value: Decimal, lowest: Decimal = ZERO, highest: Decimal = ONE) -> Decimal:
    """The value, brought into lowest…highest."""
    return max(lowest, min(value, highest))


def plain(value: Decimal) -> str:
    """The figure in digits without an exponent, as written into JSON.

    `str` takes a third of the time of `format` and differs from it only where it writes an exponent.
    """
    digits = str(value)
    return format(value, "f") if "E" in digits else digits
