"""What a plan won: the lines of its actions measured again by the final scores of the next annual cycle."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Protocol

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from evaluation.enums import CycleKind, ResultState
from evaluation.models import Cycle, ImprovementAction, ImprovementPlan, Line
from evaluation.scoring import to_six_decimals

from ..door import Refusal, perform


class Scored(Protocol):
    """A line with a final score, or what was read of it: score and maximum in points."""

    final_score: Decimal
    maximum: Decimal


NEXT_COLUMNS = ("reached", "next_line")


def next_cycle(cycle: Cycle) -> Cycle | None:
    """The next annual cycle of the province whose results are announced, or None."""
    rows = Cycle.objects.filter(
        province=cycle.province_id,
        kind=CycleKind.ANNUAL,
        performance_year__gt=cycle.performance_year,
        result_sets__state__in=ResultState.seen_by_agency(),
    )
    return rows.order_by("performance_year").first()


def scored_lines(cycle: Cycle) -> QuerySet[Line]:
    """The lines of a cycle that say something of the work: with a final score, and not exempt."""
    return Line.objects.filter(assessment__participation__cycle=cycle, exempt=False, final_score__isnull=False)


def next_lines(lines: Iterable[Line], following: Cycle) -> dict[int, Line]:
    """{line: the line of the same agency and indicator in this later cycle}, by the origins of its indicators.

    `lines` come with their assessment's participation. Lines without a final score, or exempt, are left out.
    """
    here = {(line.assessment.participation.agency_id, line.indicator_id): line.pk for line in lines}
    rows = scored_lines(following).filter(
        assessment__participation__agency__in={agency for agency, _indicator in here},
        indicator__origin__in={indicator for _agency, indicator in here},
    )
    measured = {}
    for line in rows.select_related("indicator", "assessment__participation"):
        key = line.assessment.participation.agency_id, line.indicator.origin_id
        if key in here:
            measured[here[key]] = line
    return measured


def gain(line: Scored, later: Scored) -> Decimal:
    """The points won between two final scores, in points of the earlier maximum; negative where points were lost."""
    return to_six_decimals(share_won(line, later) * line.maximum)


def share_won(line: Scored, later: Scored) -> Decimal:
    """The difference between two final scores as shares of their maxima."""
    return later.final_score / later.maximum - line.final_score / line.maximum


@transaction.atomic
def close(plan: ImprovementPlan, *, by: User, note: str = "") -> ImprovementPlan:
    """Close a plan with what each action reached in the next cycle.

    An action whose indicator is not measured there stays without a figure. Raises Forbidden, and Refusal before the
    results of the next cycle are announced.
    """
    following = next_cycle(plan.cycle)
    if following is None:
        raise Refusal(_("The plan is closed when the results of the next cycle are announced: they say what it won."))
    plan = perform(plan, "close", by=by, note=note)
    actions = list(plan.actions.select_related("line__assessment__participation"))
    later = next_lines([action.line for action in actions], following)
    for action in actions:
        if (measured := later.get(action.line_id)) is not None:
            action.next_line, action.reached = measured, gain(action.line, measured)
    ImprovementAction.objects.bulk_update(actions, NEXT_COLUMNS)
    return plan
