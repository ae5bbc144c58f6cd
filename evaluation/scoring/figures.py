"""Decimals: one precision for all arithmetic, one place where figures are rounded."""

from collections.abc import Iterator
from contextlib import contextmanager
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

ZERO = Decimal(0)
ONE = Decimal(1)
HUNDRED = Decimal(100)

_SIX = Decimal("0.000001")
_TWO = Decimal("0.01")
_LARGEST_EXPONENT = 18  # a quotient of two such figures, in percent, still fits the precision with six decimals
_PRECISION = 60


class BadFigure(ValueError):
    """Not a number that can be reckoned with: infinite, not a number, or beyond 10^±18."""


class NegativeTarget(ValueError):
    """A target below zero; whatever should fall is measured with nature `reduction`."""


@contextmanager
def precise() -> Iterator[None]:
    """Arithmetic that does not depend on the precision that the calling thread happens to have; also a decorator."""
    with localcontext(
        Context(prec=_PRECISION, rounding=ROUND_HALF_UP, traps=[InvalidOperation, DivisionByZero, Overflow])
    ):
        yield


def exact(value: Decimal | int) -> Decimal:
    """The value as a Decimal. Raises TypeError for floats and BadFigure for what cannot be reckoned with."""
    if isinstance(value, bool) or not isinstance(value, Decimal | int):
        raise TypeError(f"A figure must be a Decimal, not {type(value).__name__}.")
    figure = Decimal(value)
    if not figure.is_finite() or (figure and abs(figure.adjusted()) > _LARGEST_EXPONENT):
        raise BadFigure(f"{value} cannot be reckoned with.")
    return figure


def exact_or_none(value: Decimal | int | None) -> Decimal | None:
    """`exact`, with None passed on."""
    return None if value is None else exact(value)


def check_target(value: Decimal | int | None) -> None:
    """Raises NegativeTarget below zero and BadFigure for what is no number; None and zero pass."""
    if value is not None and exact(value) < 0:
        raise NegativeTarget(f"The target {value} is below zero.")


@precise()
def kept(value: Decimal) -> Decimal:
    """The figure as it is stored: six decimals, half up."""
    return value.quantize(_SIX)


@precise()
def kept_down(value: Decimal) -> Decimal:
    """Six decimals, cut off: for shares whose remainder is dealt with apart."""
    return value.quantize(_SIX, rounding=ROUND_DOWN)


@precise()
def shown(value: Decimal) -> Decimal:
    """The figure as people read it: two decimals, half up, from the stored six."""
    return kept(value).quantize(_TWO)


def clamp(value: Decimal, lowest: Decimal = ZERO, highest: Decimal = ONE) -> Decimal:
    """The value, brought into lowest…highest."""
    return max(lowest, min(value, highest))


def plain(value: Decimal) -> str:
    """The figure in digits without an exponent, as written into JSON."""
    return format(value, "f")
