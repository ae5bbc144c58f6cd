"""When an agency and its headquarters may read what a letter tells (docs/rights.md#embargo), with the sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from evaluation.enums import AssessmentState, LetterKind, ObjectionState, ResultState

if TYPE_CHECKING:
    from evaluation.models import Cycle, Participation, ResultSet


def announced_set(cycle: Cycle) -> ResultSet | None:
    """The result set of which agencies read their own final figures, or None."""
    states = [str(state) for state in ResultState.seen_by_agency()]
    return cycle.result_sets.filter(state__in=states).order_by("-number").first()


def not_yet(participation: Participation, kind: str) -> list[str]:
    """Why the agency may not read what a letter of this kind tells, as sentences; empty when it may."""
    if kind in LetterKind.after_announcement():
        return not_announced(participation)
    return not_disclosed(participation) or (undecided(participation) if kind == LetterKind.DECISION else [])


def not_announced(participation: Participation) -> list[str]:
    """The final figures are announced, and the agency has some."""
    result_set = announced_set(participation.cycle)
    if result_set is None:
        return [_("The results of “%(cycle)s” are not announced yet.") % {"cycle": participation.cycle}]
    if not result_set.agency_results.filter(participation=participation).exists():
        return [_("“%(agency)s” has no result in this cycle.") % {"agency": participation}]
    return []


def not_disclosed(participation: Participation) -> list[str]:
    """The initial results of all its files are disclosed."""
    states = participation.assessments.exclude(state__in=AssessmentState.out()).values_list("state", flat=True)
    if not states:
        return [_("“%(agency)s” did not take part in this cycle.") % {"agency": participation}]
    if any(state not in AssessmentState.disclosed_or_after() for state in states):
        return [_("The initial results of “%(agency)s” are not disclosed yet.") % {"agency": participation}]
    return []


def undecided(participation: Participation) -> list[str]:
    """The agency has objected, and each of its objections is decided."""
    from_line = participation.assessments.values_list("lines__objections__state", flat=True)
    states = {state for state in from_line if state}
    if ObjectionState.FILED in states:
        return [_("“%(agency)s” has objections that are not decided yet.") % {"agency": participation}]
    if not states & {str(state) for state in ObjectionState.decided()}:
        return [_("No objection of “%(agency)s” was decided.") % {"agency": participation}]
    return []
