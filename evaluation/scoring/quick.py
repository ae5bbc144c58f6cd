"""The score of the common line in one step: a typed actual, a target above zero, and nothing else.

Nine lines in ten of an import are of this kind, and `score` spends most of its time on what they do not have. Here the
same figures and the same explanation come without it; a test holds both against each other. What lines have alike, a
`QuickRule`, is prepared once for all of them.
"""

import json
from decimal import Decimal
from functools import cached_property
from json.encoder import encode_basestring_ascii
from typing import Any, NamedTuple

from .figures import CONTEXT, plain, to_six_decimals
from .kinds import RULE_VERSION, Direction, Formula, Nature

_MIN, _MAX = Decimal("1E-18"), Decimal("1E19")  # what `figures.exact` lets pass
_BY_TARGET = frozenset({Nature.SINGLE.value, Nature.RATIO.value, Nature.GROWTH.value, Nature.REDUCTION.value})
_ASCENDING, _DESCENDING, _TYPED = Formula.ASCENDING.value, Formula.DESCENDING.value, Formula.TYPED.value
_PLACE = "@"  # stands for a figure while the text round it is prepared


class Quick(NamedTuple):
    """As of an `Outcome`: the actual and the score with six decimals, and the explanation `as_data`."""

    actual: Decimal
    score: Decimal
    explanation: dict[str, Any]


class QuickRule:
    """The formula of all lines of one nature, direction, maximum and target."""

    def __init__(self, nature: str, rises: bool, maximum: Decimal, target: Decimal) -> None:
        self.nature, self.rises, self.maximum, self.target = nature, rises, maximum, target
        self.all = to_six_decimals(maximum)

    def earned(self, actual: Decimal | None) -> Decimal | None:
        """The score with six decimals, or None where `score` must be asked."""
        if type(actual) is not Decimal or not actual.is_finite() or not _MIN <= actual < _MAX:
            return None
        over, under = (actual, self.target) if self.rises else (self.target, actual)
        if over >= under:
            return self.all
        return to_six_decimals(CONTEXT.divide(CONTEXT.multiply(self.maximum, over), under))

    def explanation(self, actual: str, earned: str) -> dict[str, Any]:
        """The explanation of a figure `as_data`, from its actual and score as `plain` gives them."""
        maximum, target = plain(self.maximum), plain(self.target)
        return {
            "formula": _ASCENDING if self.rises else _DESCENDING,
            "values": {"nature": self.nature, "actual": actual, "maximum": maximum, "target": target},
            "result": earned,
            "rule_version": RULE_VERSION,
        }

    def explanation_text(self, actual: Decimal, earned: Decimal) -> str:
        """The explanation of a figure as JSON: `json.dumps` of `explanation`."""
        before, between, after = self._text
        return f"{before}{plain(actual)}{between}{plain(earned)}{after}"

    @cached_property
    def _text(self) -> list[str]:
        return json.dumps(self.explanation(_PLACE, _PLACE)).split(_PLACE)


class QuickTyped(NamedTuple):
    """A score that a person typed with a reason; the score is within 0…maximum and has six decimals."""

    maximum: Decimal
    reason: str

    def explanation_text(self, _actual: Decimal, score: Decimal) -> str:
        """The explanation of `typed` as JSON."""
        result, maximum, reason = plain(score), plain(self.maximum), encode_basestring_ascii(self.reason)
        values = f'{{"score": "{result}", "maximum": "{maximum}", "reason": {reason}}}'
        return f'{{"formula": "{_TYPED}", "values": {values}, "result": "{result}", "rule_version": "{RULE_VERSION}"}}'


def quick_rule(nature: str, direction: str, maximum: Decimal, target: Decimal | None) -> QuickRule | None:
    """The rule of such lines, or None where `score` must be asked of them."""
    if nature not in _BY_TARGET or not (type(target) is type(maximum) is Decimal):
        return None
    if not (target.is_finite() and maximum.is_finite()):
        return None
    if not (_MIN <= target < _MAX and (_MIN <= maximum < _MAX or maximum == 0)):
        return None
    return QuickRule(str(nature), nature == Nature.REDUCTION or direction == Direction.ASCENDING, maximum, target)


def quick(
    nature: str, direction: str, maximum: Decimal, target: Decimal | None, actual: Decimal | None
) -> Quick | None:
    """What `score` gives for these figures alone, or None where it must be asked: for any figure that is not plain."""
    rule = quick_rule(nature, direction, maximum, target)
    earned = rule.earned(actual) if rule else None
    if rule is None or earned is None or actual is None:
        return None
    return Quick(to_six_decimals(actual), earned, rule.explanation(plain(actual), plain(earned)))
