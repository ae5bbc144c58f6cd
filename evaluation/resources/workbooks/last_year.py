"""Whether a figure is far from last year's: a reason for a warning, never for a fault."""

from decimal import Decimal

from django.utils.translation import gettext as _

from evaluation.enums import Nature
from evaluation.persian import format_decimal
from evaluation.process.assessing.line import Figures

TIMES = 3


def compared_figure(nature: str, figures: Figures, actual: Decimal | None) -> Decimal | None:
    """The figure of a line of this nature that can be compared with its base figure; None where there is none.

    The actual of growth and reduction is a percentage; there this year's figure, the numerator, is compared.
    """
    return figures.numerator if nature in (Nature.GROWTH, Nature.REDUCTION) else actual


def far_from(figure: Decimal | None, baseline: Decimal | None) -> str | None:
    """The sentence of a warning where a figure is more than three times the base or less than a third, else None."""
    if figure is None or not baseline:
        return None
    size, base = (figure, baseline) if baseline > 0 else (-figure, -baseline)
    if size > base * TIMES:
        return _("This is more than 3 times last year's figure, %(last)s.") % {"last": format_decimal(baseline, None)}
    if size * TIMES < base:  # without a division, which would make a third a little less than one
        return _("This is less than a third of last year's figure, %(last)s.") % {
            "last": format_decimal(baseline, None)
        }
    return None
