"""The score of the common line in one step: a typed actual, a target above zero, and nothing else.

Nine lines in ten of an import are of this kind, and `score` spends most of its time on what they do not have. Here the
same figures and the same explanation come without it; a test holds both against each other.
"""

from decimal import Decimal
from typing import Any, NamedTuple

from .figures import CONTEXT, plain, to_six_decimals
from .kinds import RULE_VERSION, Direction, Formula, Nature

_MIN, _MAX = Decimal("1E-18"), Decimal("1E19")  # what `figures.exact` lets pass
_BY_TARGET = frozenset({Nature.SINGLE.value, Nature.RATIO.value, Nature.GROWTH.value, Nature.REDUCTION.value})
_ASCENDING, _DESCENDING = Formula.ASCENDING.value, Formula.DESCENDING.value


class Quick(NamedTuple):
    """As of an `Outcome`: the actual and the score with six decimals, and the explanation `as_data`."""

    actual: Decimal
    score: Decimal
    explanation: dict[str, Any]


def quick(
    nature: str, direction: str, maximum: Decimal, target: Decimal | None, actual: Decimal | None
) -> Quick | None:
    """What `score` gives for these figures alone, or None where it must be asked: for any figure that is not plain."""
    if nature not in _BY_TARGET or not (type(target) is type(actual) is type(maximum) is Decimal):
        return None
    if not (target.is_finite() and actual.is_finite() and maximum.is_finite()):
        return None
    if not (_MIN <= target < _MAX and _MIN <= actual < _MAX and (_MIN <= maximum < _MAX or maximum == 0)):
        return None
    rises = nature == Nature.REDUCTION or direction == Direction.ASCENDING
    over, under = (actual, target) if rises else (target, actual)
    earned = to_six_decimals(min(CONTEXT.divide(CONTEXT.multiply(maximum, over), under), maximum))
    explanation = {
        "formula": _ASCENDING if rises else _DESCENDING,
        "values": {
            "nature": str(nature),
            "actual": plain(actual),
            "maximum": plain(maximum),
            "target": plain(target),
        },
        "result": plain(earned),
        "rule_version": RULE_VERSION,
    }
    return Quick(to_six_decimals(actual), earned, explanation)
