"""The arithmetic of the evaluation: Decimals in frozen dataclasses in, the same out. Knows no Django."""

from .aggregation import (
    AxisFigures,
    AxisInput,
    DimensionFigures,
    DimensionInput,
    LineInput,
    combined,
    explain_combined,
    total,
)
from .catalogue import (
    CatalogueAxis,
    CatalogueDimension,
    CatalogueIndicator,
    CatalogueMeasure,
    Shortfall,
    Whole,
    adds_up,
    normalised,
)
from .explanation import Explanation, evaluate
from .figures import BadFigure, NegativeTarget, check_target, to_six_decimals, to_two_decimals
from .kinds import RULE_VERSION, Basis, Direction, ExemptionRule, Formula, Nature, Reason, Status
from .measurement import Measure, Measurement, Outcome, Step, composite, score, typed
from .quick import Quick, QuickRule, QuickTyped, quick, quick_rule
from .ranking import Entry, Rank, level_for, ranks
from .trend import axis_progress, extremes, growth_of_shares, growth_percent

__all__ = [
    "RULE_VERSION",
    "AxisFigures",
    "AxisInput",
    "BadFigure",
    "Basis",
    "CatalogueAxis",
    "CatalogueDimension",
    "CatalogueIndicator",
    "CatalogueMeasure",
    "DimensionFigures",
    "DimensionInput",
    "Direction",
    "Entry",
    "ExemptionRule",
    "Explanation",
    "Formula",
    "LineInput",
    "Measure",
    "Measurement",
    "Nature",
    "NegativeTarget",
    "Outcome",
    "Quick",
    "QuickRule",
    "QuickTyped",
    "Rank",
    "Reason",
    "Shortfall",
    "Status",
    "Step",
    "Whole",
    "adds_up",
    "axis_progress",
    "check_target",
    "combined",
    "composite",
    "evaluate",
    "explain_combined",
    "extremes",
    "growth_of_shares",
    "growth_percent",
    "level_for",
    "normalised",
    "quick",
    "quick_rule",
    "ranks",
    "score",
    "to_six_decimals",
    "to_two_decimals",
    "total",
    "typed",
]
