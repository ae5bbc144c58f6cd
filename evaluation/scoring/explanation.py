"""The explanation of a figure as data: formula, values, result and version of the rules."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Self

from .figures import plain
from .formulas import compute, figure
from .kinds import RULE_VERSION, Formula

TEXTS = frozenset({"nature", "step", "reason"})  # the values that are words; every other value is a Decimal


@dataclass(frozen=True)
class Explanation:
    """One figure explained. Members of a list are numbered from 1: `weight.1`, `weight.2`."""

    formula: Formula
    values: dict[str, Decimal | str] = field(hash=False)
    result: Decimal
    rule_version: str = RULE_VERSION

    def as_data(self) -> dict[str, Any]:
        """For a JSON column: Decimals become strings of plain digits, so nothing passes through a float."""
        return {
            "formula": self.formula.value,
            "values": {name: plain(v) if isinstance(v, Decimal) else str(v) for name, v in self.values.items()},
            "result": plain(self.result),
            "rule_version": self.rule_version,
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """The explanation that `as_data` wrote. Raises KeyError or ValueError for anything else."""
        values = {name: value if name in TEXTS else Decimal(value) for name, value in data["values"].items()}
        return cls(Formula(data["formula"]), values, Decimal(data["result"]), data["rule_version"])


def explain(formula: Formula, values: Mapping[str, Decimal | str]) -> Explanation:
    """Compute a figure and return it with its Explanation; for callers that are `precise`."""
    return Explanation(formula, dict(values), figure(formula, values))


def evaluate(explanation: Explanation) -> Decimal:
    """The figure computed again from the explanation's own values, with six decimals."""
    return compute(explanation.formula, explanation.values)
