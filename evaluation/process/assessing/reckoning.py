"""Computing actual, score and explanation from the figures that a person enters for a line."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from evaluation import scoring
from evaluation.enums import MarkLevel, Nature, OverMaximum
from evaluation.models import Line
from evaluation.persian import LARGEST_FIGURE, format_decimal
from evaluation.rules import sentences

from ..door import Refusal

REASONS = {
    scoring.Reason.ZERO_TARGET: lambda: _("The target is zero, so the formula gives no score."),
    scoring.Reason.NO_TARGET: lambda: _("The line has no target, so the formula gives no score."),
    scoring.Reason.ZERO_BASE: lambda: _("The base year is zero, so growth cannot be computed."),
    scoring.Reason.NEGATIVE_BASE: lambda: _("The base year is negative, so growth cannot be computed."),
    scoring.Reason.ZERO_DENOMINATOR: lambda: _("The denominator is zero, so the ratio cannot be computed."),
    scoring.Reason.NO_SCALE: lambda: _("The indicator has no scale, so a score must be typed."),
}


class Figures(NamedTuple):
    """What a person enters for one line at one level: Decimals in the indicator's unit, `score` in points; a note."""

    actual: Decimal | None = None
    target: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    score: Decimal | None = None
    note: str = ""


class Reckoned(NamedTuple):
    """Computed figures: what goes into the line's columns and into the mark's explanation."""

    actual: Decimal | None
    score: Decimal | None
    override: bool
    explanation: dict[str, Any]


def measurement(line: Line, figures: Figures, *, target: Decimal | None) -> scoring.Measurement:
    """The line as `scoring` sees it, with these figures."""
    indicator = line.indicator
    return scoring.Measurement(
        nature=indicator.nature,
        direction=indicator.direction,
        maximum=line.maximum,
        target=target,
        actual=figures.actual,
        numerator=figures.numerator,
        denominator=figures.denominator,
        baseline=line.baseline,
        steps=steps(indicator.scale) if indicator.scale else (),
    )


def steps(scale: Iterable[Mapping[str, str]]) -> tuple[scoring.Step, ...]:
    """The steps of an indicator's scale, stored as [{title, fraction}], as `scoring` takes them."""
    return tuple(scoring.Step(step["title"], Decimal(step["fraction"])) for step in scale)


def reckon(line: Line, level: MarkLevel, figures: Figures, *, target: Decimal | None = None) -> Reckoned:
    """Compute actual and score of a line at a level. Raises Refusal for figures that cannot stand.

    A typed score that differs from the computed one is an override: it needs a note, and is refused at `self` save
    for qualitative and undefined lines. A score above the maximum is refused or lowered, by the cycle's setting.
    """
    target = figures.target if figures.target is not None else (line.target_at(level) if target is None else target)
    if plain := reckon_plain(line, figures, target):
        if figures.score is None or figures.score == plain.score:
            return Reckoned(fitting(line, plain.actual), plain.score, False, plain.explanation)
        return overridden(line, level, figures, figures.score, plain)
    try:
        outcome = scoring.score(measurement(line, figures, target=target))
    except scoring.NegativeTarget as error:
        raise Refusal(sentences.NEGATIVE_TARGET) from error
    except scoring.BadFigure as error:
        raise Refusal(
            _("“%(line)s”: this figure is too large to calculate with. Check it.") % {"line": line}
        ) from error
    check_option(line, outcome.actual)
    if figures.score is None or figures.score == outcome.score:
        return computed(line, level, outcome)
    return overridden(line, level, figures, figures.score, outcome, free=outcome.status == scoring.Status.UNDEFINED)


def check_option(line: Line, actual: Decimal | None) -> None:
    """Raises Refusal where `actual` is none of the options of a qualitative line that has a scale."""
    indicator = line.indicator
    if indicator.nature != Nature.QUALITATIVE or not indicator.scale or actual is None:
        return
    options = [(option.title, scoring.to_six_decimals(option.fraction)) for option in steps(indicator.scale)]
    if scoring.to_six_decimals(actual) not in {fraction for _title, fraction in options}:
        raise Refusal(
            _("“%(line)s”: %(actual)s is none of the options of this indicator. Enter one of these: %(options)s.")
            % {
                "line": line,
                "actual": format_decimal(actual, None),
                "options": " · ".join(f"{title} ({format_decimal(fraction, None)})" for title, fraction in options),
            }
        )


def reckon_plain(line: Line, figures: Figures, target: Decimal | None) -> scoring.Quick | None:
    """The result of `scoring.quick` where only an actual was entered, or None."""
    if figures.numerator is not None or figures.denominator is not None:
        return None
    if line.baseline is not None and not line.baseline:
        return None
    indicator = line.indicator
    return scoring.quick(indicator.nature, indicator.direction, line.maximum, target, figures.actual)


def computed(line: Line, level: MarkLevel, outcome: scoring.Outcome) -> Reckoned:
    """The Reckoned of a computed outcome. Raises Refusal for an undefined one, except at `self`."""
    explanation = explained(outcome)
    if outcome.status == scoring.Status.UNDEFINED:
        explanation = {"undefined": str(outcome.reason)}
        if level != MarkLevel.SELF:
            raise Refusal(
                _("“%(line)s”: %(reason)s Type a score with its reason.")
                % {"line": line, "reason": why_undefined(outcome)}
            )
    return Reckoned(fitting(line, outcome.actual), outcome.score, False, explanation)


def overridden(
    line: Line,
    level: MarkLevel,
    figures: Figures,
    score: Decimal,
    outcome: scoring.Outcome | scoring.Quick,
    *,
    free: bool = False,
) -> Reckoned:
    """The Reckoned of a typed `score`. `outcome` is the computed one; `free`: the formula gives none."""
    free = free or line.indicator.nature == Nature.QUALITATIVE
    if level == MarkLevel.SELF and not free:
        raise Refusal(
            _("“%(line)s”: the score is computed from the actual performance and cannot be typed.") % {"line": line}
        )
    if not figures.note.strip() and not (level == MarkLevel.SELF and free):
        raise Refusal(_("“%(line)s”: give the reason for a typed score.") % {"line": line})
    if score > line.maximum and line.assessment.cycle.over_maximum == OverMaximum.CLAMP:
        score = line.maximum
    if not 0 <= score <= line.maximum:
        raise Refusal(
            _("“%(line)s”: the score must be between 0 and %(maximum)s.")
            % {"line": line, "maximum": format_decimal(scoring.to_two_decimals(line.maximum))}
        )
    typed = scoring.typed(line.maximum, score, reason=figures.note)
    actual = figures.actual if outcome.actual is None else outcome.actual
    return Reckoned(fitting(line, actual), typed.score, outcome.score is not None, explained(typed))


def explained(outcome: scoring.Outcome) -> dict[str, Any]:
    """The explanation as it is stored; {} where there is nothing to explain."""
    return outcome.explanation.as_data() if outcome.explanation else {}


def why_undefined(outcome: scoring.Outcome) -> str:
    """The sentence that says why the formula gives no score; empty where it gives one."""
    return REASONS[outcome.reason]() if outcome.reason else ""


def fitting(line: Line, actual: Decimal | None) -> Decimal | None:
    """The actual. Raises Refusal where it has more digits than its column holds, as with a tiny denominator."""
    if actual is not None and abs(actual) > LARGEST_FIGURE:
        raise Refusal(_("“%(line)s”: this figure is too large to calculate with. Check it.") % {"line": line})
    return actual
