"""The enums of the arithmetic, which need no Django."""

from enum import StrEnum

RULE_VERSION = "2"  # growth by the share of the maximum


class Nature(StrEnum):
    SINGLE = "single"
    RATIO = "ratio"
    GROWTH = "growth"
    REDUCTION = "reduction"
    QUALITATIVE = "qualitative"


class Direction(StrEnum):
    ASCENDING = "ascending"
    DESCENDING = "descending"


class Basis(StrEnum):
    """How a dimension's lines get their points: stated, or weights normalised to the maximum."""

    POINTS = "points"
    WEIGHTS = "weights"


class ExemptionRule(StrEnum):
    """What becomes of the points of exempt lines: scale the rest, share them inside the axis, grant them."""

    SCALE = "scale"
    AXIS = "axis"
    GRANT = "grant"


class Status(StrEnum):
    """`empty`: no actual yet. `undefined`: the formula has no answer, a person types a score with a reason."""

    SCORED = "scored"
    EMPTY = "empty"
    UNDEFINED = "undefined"


class Reason(StrEnum):
    """Why a score is undefined."""

    ZERO_TARGET = "zero_target"
    NO_TARGET = "no_target"
    ZERO_BASE = "zero_base"
    NEGATIVE_BASE = "negative_base"
    ZERO_DENOMINATOR = "zero_denominator"
    NO_SCALE = "no_scale"


class Formula(StrEnum):
    """The rule that gave a figure; `formulas.py` holds the arithmetic of each."""

    ASCENDING = "ascending"
    DESCENDING = "descending"
    DESCENDING_ZERO = "descending_zero"
    NEGATIVE_ACTUAL = "negative_actual"
    QUALITATIVE = "qualitative"
    TYPED = "typed"
    MEASURES = "measures"
    EARNED = "earned"
    SCALED = "scaled"
    SHARED = "shared"
    GRANTED = "granted"
    TOTAL = "total"
