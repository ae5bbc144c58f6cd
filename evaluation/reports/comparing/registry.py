"""The comparisons of a result set, in the order of their pages."""

from collections.abc import Callable
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from . import groups, indicators, levels_of_scores, named, phases, trend


class Comparison(NamedTuple):
    """`report(source)` gives the Report; `of_lines`: it shows figures of single lines, which staff alone read."""

    title: str
    report: Callable
    of_lines: bool = False


COMPARISONS = {
    "named": Comparison(_("Top, weak and passive agencies"), named.report),
    "groups": Comparison(_("Peer groups"), groups.report),
    "phases": Comparison(_("First half beside final phase"), phases.report, of_lines=True),
    "indicators": Comparison(_("Indicators"), indicators.report, of_lines=True),
    "levels": Comparison(_("Self-assessment, headquarters, final"), levels_of_scores.report, of_lines=True),
    "trend": Comparison(_("Trend over the years"), trend.report, of_lines=True),
}
