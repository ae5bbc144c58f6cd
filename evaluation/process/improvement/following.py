"""The follow-up of improvement plans by scheduled work: reports are asked for each quarter, late actions are told, and
a plan is closed when the next cycle has measured it. Safe to run twice: each of it is told and done once.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from evaluation.enums import PlanState, Role
from evaluation.models import ImprovementAction, ImprovementPlan, Notice
from evaluation.persian import format_decimal, localise_digits, month_bounds, to_jalali

from .. import audit
from ..door import Refusal
from ..messages import notice
from . import measuring
from .staff import staff_of

MONTHS_OF_A_QUARTER = 3
WHOLE = 100  # percent


class Quarter(NamedTuple):
    """A quarter of a Jalali year: 1 to 4, with its first day."""

    year: int
    number: int
    begins: date


@dataclass
class Followed:
    """What one run did: notices left, plans closed, and plans that could not be closed with the reason."""

    notices: list[Notice] = field(default_factory=list)
    closed: list[ImprovementPlan] = field(default_factory=list)
    failed: list[tuple[ImprovementPlan, str]] = field(default_factory=list)


def quarter_of(day: date) -> Quarter:
    """The quarter of the Jalali year in which a day lies."""
    jalali = to_jalali(day)
    number = (jalali.month - 1) // MONTHS_OF_A_QUARTER + 1
    first, _next = month_bounds(jalali.year, (number - 1) * MONTHS_OF_A_QUARTER + 1)
    return Quarter(jalali.year, number, first)


def beginning_of_quarter(day: date) -> datetime:
    """The moment (aware) in which the quarter of this day began."""
    return timezone.make_aware(datetime.combine(quarter_of(day).begins, datetime.min.time()))


def unreported(begins: datetime) -> QuerySet[ImprovementAction]:
    """Unfinished actions of plans in follow-up since before the quarter that began then, without a report in it."""
    rows = ImprovementAction.objects.filter(plan__state=PlanState.FOLLOW_UP, plan__approved_at__lt=begins)
    return rows.filter(Q(reported_at=None) | Q(reported_at__lt=begins), progress__lt=WHOLE)


def late(day: date) -> QuerySet[ImprovementAction]:
    """Unfinished actions of plans in follow-up whose due date has passed."""
    return ImprovementAction.objects.filter(plan__state=PlanState.FOLLOW_UP, due__lt=day, progress__lt=WHOLE)


def follow_up(at: datetime | None = None) -> Followed:
    """One run over all plans in follow-up, at this moment (aware; without it, now)."""
    today = timezone.localdate(at)
    done = Followed()
    plans = ImprovementPlan.objects.filter(state=PlanState.FOLLOW_UP)
    related = ("participation__agency", "participation__cycle__province")
    asked = set(unreported(beginning_of_quarter(today)).values_list("plan", flat=True))
    for plan in plans.select_related(*related).order_by("pk"):
        if close_if_measured(plan, done):
            continue
        if plan.pk in asked:
            done.notices += ask_for_report(plan, quarter_of(today))
    for action in late(today).select_related("line__indicator", *(f"plan__{name}" for name in related)).order_by("pk"):
        done.notices += tell_late(action)
    return done


def close_if_measured(plan: ImprovementPlan, done: Followed) -> bool:
    """Close a plan whose lines the next cycle has measured; the result is noted in `done`. Whether it is closed."""
    if measuring.next_cycle(plan.cycle) is None:
        return False
    try:
        done.closed.append(measuring.close(plan, by=audit.scheduler(plan.cycle.province)))
    except Refusal as refusal:  # another worker was first, or the plan moved on
        done.failed.append((plan, str(refusal)))
        return False
    done.notices += tell_closed(plan)
    return True


def ask_for_report(plan: ImprovementPlan, quarter: Quarter) -> list[Notice]:
    """Ask the agency for its report of a quarter, once."""
    return notice.tell(
        notice.people(Role.AGENCY, agency=plan.agency),
        event=f"plan:{plan.pk}:report:{quarter.year}-{quarter.number}",
        cycle=plan.cycle,
        text=lambda: (
            _("Report the progress of the improvement plan of “%(cycle)s” for quarter %(quarter)s of %(year)s.")
            % {
                "cycle": plan.cycle,
                "quarter": localise_digits(quarter.number),
                "year": localise_digits(quarter.year),
            }
        ),
    )


def tell_late(action: ImprovementAction) -> list[Notice]:
    """Tell agency and staff of an action whose due date has passed, once for each due date."""
    plan = action.plan
    return notice.tell(
        [*notice.people(Role.AGENCY, agency=plan.agency), *staff_of(plan.cycle)],
        event=f"action:{action.pk}:late:{action.due}",
        cycle=plan.cycle,
        text=lambda: (
            _("An action of the improvement plan of “%(agency)s” is late: %(action)s")
            % {"agency": plan, "action": action}
        ),
    )


def tell_closed(plan: ImprovementPlan) -> list[Notice]:
    """Tell agency and staff that a plan was closed, with what was planned and what was reached."""
    sums = plan.actions.aggregate(expected=Sum("expected"), reached=Sum("reached"))

    def text() -> str:
        figures = {name: "—" if total is None else format_decimal(total, 2) for name, total in sums.items()}
        sentence = _(
            "The improvement plan of “%(agency)s” is closed: planned %(expected)s points, reached %(reached)s."
        )
        return sentence % {"agency": plan, **figures}

    return notice.tell(
        [*notice.people(Role.AGENCY, agency=plan.agency), *staff_of(plan.cycle)],
        event=f"plan:{plan.pk}:closed",
        cycle=plan.cycle,
        text=text,
    )
