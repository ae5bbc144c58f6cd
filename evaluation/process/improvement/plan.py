"""Improvement plans: drafted from the report card, agreed with the agency, approved by its headquarters, followed up.

An agency without headquarters goes straight from its agreement to the follow-up (docs/process.md#improvement).
"""

from collections.abc import Callable
from decimal import Decimal

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from evaluation.enums import Role
from evaluation.models import ImprovementAction, ImprovementPlan, Line, OnBehalf, Participation
from evaluation.rules.permissions import holds
from evaluation.scoring import to_two_decimals

from .. import audit
from ..door import Forbidden, Refusal, lock, log, perform
from ..messages import notice
from . import report_card
from .staff import staff_of

WHOLE = Decimal(100)


def losing_lines(participation: Participation) -> QuerySet[Line]:
    """The lines of the agency that lost points in the final scores, most lost first."""
    rows = Line.objects.filter(assessment__participation=participation, exempt=False, final_score__lt=F("maximum"))
    return rows.order_by(F("final_score") - F("maximum"), "indicator__code")


def can_be_drafted(participation: Participation) -> bool:
    """Whether there are announced results and no plan yet."""
    no_plan = not ImprovementPlan.objects.filter(participation=participation).exists()
    return no_plan and report_card.announced_results(participation) is not None


@transaction.atomic
def draft(participation: Participation, *, by: User) -> ImprovementPlan:
    """The draft of the agency's plan: the lines that lost most, each with a share of its lost points as expected.

    How many lines, and which share, are settings of the cycle. Returns the plan that stands where there is one. Raises
    Forbidden, and Refusal before the announcement or where nothing was lost.
    """
    participation = lock(Participation, participation.pk)
    if not holds(by, "draft_improvementplan", participation):
        raise Forbidden("draft_improvementplan")
    if report_card.announced_results(participation) is None:
        raise Refusal(_("The plan is drafted from the report card: announce the results first."))
    if standing := ImprovementPlan.objects.filter(participation=participation).first():
        return standing
    lines = list(losing_lines(participation)[: participation.cycle.gains_named])
    if not lines:
        raise Refusal(
            _("“%(agency)s” has no line that lost points, so there is nothing to plan.") % {"agency": participation}
        )
    plan = ImprovementPlan.objects.create(participation=participation)
    share = participation.cycle.expected_share / WHOLE
    ImprovementAction.objects.bulk_create(
        ImprovementAction(plan=plan, line=line, expected=to_two_decimals((line.maximum - line.final_score) * share))
        for line in lines
    )
    log(plan, "draft", target=plan.state, by=by)
    return plan


def propose(plan: ImprovementPlan, *, by: User, note: str = "") -> ImprovementPlan:
    """Hand the draft to the agency, which is told."""
    with transaction.atomic():
        plan = perform(plan, "propose", by=by, note=note)
        tell(
            plan,
            Role.AGENCY,
            lambda: _("An improvement plan is proposed to your agency: complete it and agree, or ask for a change."),
        )
        return plan


def agree(plan: ImprovementPlan, *, by: User, note: str = "", on_behalf: OnBehalf | None = None) -> ImprovementPlan:
    """The agency agrees; its headquarters is told. Without headquarters the plan is approved at once, logged."""
    with transaction.atomic():
        plan = perform(plan, "agree", by=by, note=note, on_behalf=on_behalf)
        if plan.agency.headquarters_id is not None:
            tell(
                plan,
                Role.HEADQUARTERS,
                lambda: _("The improvement plan of “%(agency)s” waits for your approval.") % {"agency": plan},
            )
            return plan
        cycle = plan.cycle
        scheduler = audit.scheduler(cycle.province)
        rule = audit.by_rule(cycle, role=Role.HEADQUARTERS, body=plan.agency, by=scheduler)
        reason = _("The agency has no headquarters.")
        return perform(plan, "approve", by=scheduler, on_behalf=rule, note=reason)


def approve(plan: ImprovementPlan, *, by: User, note: str = "", on_behalf: OnBehalf | None = None) -> ImprovementPlan:
    """The headquarters approves: the follow-up begins, and the agency is told."""
    with transaction.atomic():
        plan = perform(plan, "approve", by=by, note=note, on_behalf=on_behalf)
        tell(
            plan,
            Role.AGENCY,
            lambda: _(
                "The improvement plan of your agency is approved. Report the progress of its actions each quarter."
            ),
        )
        return plan


def decline(plan: ImprovementPlan, *, by: User, reason: str, on_behalf: OnBehalf | None = None) -> ImprovementPlan:
    """The agency asks for a change, with a reason; staff are told."""
    return send_back(plan, "decline", by=by, reason=reason, on_behalf=on_behalf)


def return_(plan: ImprovementPlan, *, by: User, reason: str, on_behalf: OnBehalf | None = None) -> ImprovementPlan:
    """The headquarters returns the plan, with a reason; agency and staff are told."""
    return send_back(plan, "return_", by=by, reason=reason, on_behalf=on_behalf)


def revise(plan: ImprovementPlan, *, by: User, reason: str) -> ImprovementPlan:
    """Staff take the plan out of the follow-up to change it, with a reason; its agency is told."""
    return send_back(plan, "revise", by=by, reason=reason)


def send_back(
    plan: ImprovementPlan, name: str, *, by: User, reason: str, on_behalf: OnBehalf | None = None
) -> ImprovementPlan:
    """Run a step back to the draft, and tell the other sides why."""

    def sentence() -> str:
        words = {"agency": plan, "reason": reason}
        return _("The improvement plan of “%(agency)s” is to be changed: %(reason)s") % words

    with transaction.atomic():
        plan = perform(plan, name, by=by, note=reason, on_behalf=on_behalf)
        if name != "decline":
            tell(plan, Role.AGENCY, sentence)
        if name != "revise":
            tell_people(plan, staff_of(plan.cycle), sentence)
        return plan


def tell(plan: ImprovementPlan, role: Role, text: Callable[[], str]) -> None:
    """Tell the plan's people of one side of the step that was just taken."""
    place = {"agency": plan.agency} if role == Role.AGENCY else {"headquarters": plan.agency.headquarters_id}
    tell_people(plan, notice.people(role, **place), text)


def tell_people(plan: ImprovementPlan, people: list[User], text: Callable[[], str]) -> None:
    """Leave a notice of the state into which the plan has just come."""
    event = f"plan:{plan.pk}:{plan.state}:{timezone.now():%Y%m%d%H%M%S}"
    notice.tell(people, event=event, cycle=plan.cycle, text=text)
