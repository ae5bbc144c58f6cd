"""Plausible figures for the lines of the demo, by an agency's strength and chance."""

from decimal import Decimal

from evaluation.enums import Direction, Nature
from evaluation.process.assessing.line import Figures

DIRECTION_OF_CHANGE = {Nature.GROWTH: 1, Nature.REDUCTION: -1}  # of this year, over the last one
REASONS = (
    "بخشی از مستندات با شاخص مطابقت ندارد.",
    "آمار با گزارش سامانهٔ مرجع مطابقت ندارد.",
    "مستندات مربوط به سال گذشته است.",
    "صورت و مخرج کسر با تعریف شاخص مطابقت ندارد.",
)


def reached(rng, agency_strength):
    """The share of one target that is reached."""
    return min(1.08, max(0.25, rng.gauss(agency_strength, 0.13)))


def own(line, rng, agency_strength):
    """What an agency enters for a line."""
    indicator, share = line.indicator, reached(rng, agency_strength)
    if indicator.nature == Nature.QUALITATIVE:
        return Figures(actual=step(indicator, share))
    wanted = percent(indicator, share)
    if indicator.nature == Nature.SINGLE:
        return Figures(actual=wanted)
    base = Decimal(rng.randint(40, 900))
    if indicator.nature == Nature.RATIO:
        return Figures(numerator=min(base, (base * wanted / 100).quantize(Decimal(1))), denominator=base)
    change = wanted * DIRECTION_OF_CHANGE[indicator.nature]
    return Figures(numerator=(base * (100 + change) / 100).quantize(Decimal("0.1")), denominator=base)


def verified(line, rng, agency_strength):
    """The actual of a line that no agency fills: a steward's or an outside system's figure."""
    indicator, share = line.indicator, reached(rng, agency_strength)
    return step(indicator, share) if indicator.nature == Nature.QUALITATIVE else percent(indicator, share)


def percent(indicator, share):
    """An actual at which `share` of the target is reached."""
    target, share = indicator.target, Decimal(f"{share:.3f}")
    falling = indicator.direction == Direction.DESCENDING and indicator.nature != Nature.REDUCTION
    exact = target / share if falling else target * share
    return exact.quantize(Decimal(1) if target >= 20 else Decimal("0.1"))


def step(indicator, share):
    """The fraction of the step that lies nearest."""
    fractions = [Decimal(step["fraction"]) for step in indicator.scale]
    return min(fractions, key=lambda fraction: abs(fraction - Decimal(f"{share:.3f}")))


def corrected(line, actual, rng):
    """A less favourable actual with the reason for it, as a headquarters or an evaluator finds it."""
    indicator = line.indicator
    note = rng.choice(REASONS)
    if indicator.nature == Nature.QUALITATIVE:
        lower = [Decimal(step["fraction"]) for step in indicator.scale if Decimal(step["fraction"]) < actual]
        return Figures(actual=max(lower, default=actual), note=note)
    worse = Decimal(rng.randint(5, 22)) / 100
    falling = indicator.direction == Direction.DESCENDING and indicator.nature != Nature.REDUCTION
    return Figures(actual=(actual * (1 + worse if falling else 1 - worse)).quantize(Decimal("0.1")), note=note)
