"""An explanation of a score, which is data, in sentences for people (docs/arithmetic.md#explanations)."""

from decimal import Decimal

from django.utils.translation import gettext as _

from evaluation import persian
from evaluation.process.assessing.reckoning import REASONS
from evaluation.scoring import Explanation, Formula, Nature, Reason, to_two_decimals


def sentences(data):
    """The sentences of what `Explanation.as_data` wrote, or of the reason why there is no score; empty for nothing.

    A formula of a later version of the rules, which this code does not know, gives no sentence.
    """
    if not data:
        return []
    if "undefined" in data:
        return [REASONS[Reason(data["undefined"])]()]
    try:
        explanation = Explanation.from_data(data)
    except (KeyError, ValueError, ArithmeticError):
        return []
    values = Words(explanation.values, explanation.result)
    return [*actual_of(explanation.values, values), *SENTENCES[explanation.formula](explanation.values, values)]


class Words(dict):
    """The values of an explanation as people read them: figures as they are, points with two decimals."""

    POINTS = ("maximum", "score", "raw", "exempt", "wholly_exempt")

    def __init__(self, values, result):
        super().__init__({name: self.word(name, value) for name, value in values.items()}, result=points(result))

    def word(self, name, value):
        """One value as people read it."""
        if not isinstance(value, Decimal):
            return value
        return points(value) if name in self.POINTS else figure(value)


def figure(value):
    """A figure with at most four decimals, as people read it."""
    return persian.format_decimal(value, 4, trim=True)


def points(value):
    """Points with two decimals, as people read them."""
    return persian.format_decimal(to_two_decimals(value))


def actual_of(values, words):
    """How the actual came about where it is not a typed figure."""
    if "numerator" in values:
        return [_("Actual: numerator %(numerator)s ÷ denominator %(denominator)s × 100 = %(actual)s percent.") % words]
    if "this" in values and values.get("nature") == Nature.REDUCTION:
        sentence = _(
            "Actual: (last year %(last)s − this year %(this)s) ÷ last year %(last)s × 100 = %(actual)s percent."
        )
        return [sentence % words]
    if "this" in values:
        sentence = _(
            "Actual: (this year %(this)s − last year %(last)s) ÷ last year %(last)s × 100 = %(actual)s percent."
        )
        return [sentence % words]
    return []


def ascending(values, words):
    """The sentence of a score by actual ÷ target."""
    sentences = [_("Score: actual %(actual)s ÷ target %(target)s × maximum %(maximum)s = %(result)s.") % words]
    if values["actual"] > values["target"]:
        sentences = [
            _("The target %(target)s is reached with the actual %(actual)s: the maximum of %(result)s points.") % words
        ]
    return sentences


def descending(values, words):
    """The sentence of a score by target ÷ actual."""
    if values["actual"] <= values["target"]:
        return [
            _("The actual %(actual)s is not above the target %(target)s: the maximum of %(result)s points.") % words
        ]
    return [_("Score: target %(target)s ÷ actual %(actual)s × maximum %(maximum)s = %(result)s.") % words]


def qualitative(values, words):
    """The sentence of a score by a step of the scale."""
    if "step" in values:
        return [_("Score: “%(step)s” (%(actual)s) × maximum %(maximum)s = %(result)s.") % words]
    return [_("Score: fraction %(actual)s × maximum %(maximum)s = %(result)s.") % words]


def typed(values, words):
    """The sentence of a typed score, with its reason."""
    if "reason" in values:
        return [_("Score typed: %(score)s of %(maximum)s. Reason: %(reason)s") % words]
    return [_("Score typed: %(score)s of %(maximum)s.") % words]


def measures(values, words):
    """The sentence of an indicator that is made up of measures."""
    parts = (
        _("weight %(weight)s × fraction %(fraction)s")
        % {"weight": words[f"weight.{number}"], "fraction": words[f"fraction.{number}"]}
        for number in _numbers(values, "weight")
    )
    return [_("Measures: (%(parts)s) ÷ sum of the weights × maximum %(maximum)s = %(result)s.")
            % {"parts": " + ".join(parts), **words}]  # fmt: skip


def total(values, words):
    """The sentence of the total over dimensions."""
    figures = " + ".join(words[f"figure.{number}"] for number in _numbers(values, "figure"))
    return [_("Total: %(figures)s = %(result)s.") % {"figures": figures, **words}]


def shared(values, words):
    """The sentence of exempt points that are shared inside each axis."""
    parts = (
        _("%(raw)s × %(maximum)s ÷ (%(maximum)s − exempt %(exempt)s)")
        % {name: words[f"{name}.{number}"] for name in ("raw", "maximum", "exempt")}
        for number in _numbers(values, "raw")
    )
    return [_("Shared inside each axis: %(parts)s = %(result)s.") % {"parts": " + ".join(parts), **words}]


def _numbers(values, name):
    return sorted(int(key.rpartition(".")[2]) for key in values if key.startswith(f"{name}."))


def one(sentence):
    """A maker of the one sentence that `sentence()` gives."""
    return lambda values, words: [sentence() % words]


SENTENCES = {
    Formula.ASCENDING: ascending,
    Formula.DESCENDING: descending,
    Formula.DESCENDING_ZERO: one(
        lambda: _("The actual is zero, the best there can be: the maximum of %(result)s points.")
    ),
    Formula.NEGATIVE_ACTUAL: one(lambda: _("The actual %(actual)s is negative: no points.")),
    Formula.QUALITATIVE: qualitative,
    Formula.TYPED: typed,
    Formula.MEASURES: measures,
    Formula.EARNED: one(lambda: _("Earned: %(raw)s of %(maximum)s.")),
    Formula.SCALED: one(
        lambda: _("Earned %(raw)s × maximum %(maximum)s ÷ (maximum %(maximum)s − exempt %(exempt)s) = %(result)s.")
    ),
    Formula.SHARED: shared,
    Formula.GRANTED: one(lambda: _("Earned %(raw)s + exempt points granted %(exempt)s = %(result)s.")),
    Formula.TOTAL: total,
}
