"""Evaluator groups, their people and shares."""

from collections.abc import Iterable

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation.enums import Role
from evaluation.models import (
    Agency,
    Assignment,
    Axis,
    CommitteeSession,
    Cycle,
    Evaluator,
    EvaluatorGroup,
    Membership,
    Participation,
    Province,
)
from evaluation.rules.permissions import holds

from ..door import Forbidden, Refusal, log
from . import workshop

NO_ROLE = gettext_lazy("“%(name)s” has no evaluator's role in this province.")
SECOND_LEAD = gettext_lazy("The group has a lead already.")


@transaction.atomic
def form_group(
    cycle: Cycle,
    *,
    title: str,
    by: User,
    axes: Iterable[Axis] = (),
    covers_specific: bool = False,
    lead_body: str = "",
    agencies: Iterable[Agency] = (),
    session: CommitteeSession | None = None,
) -> EvaluatorGroup:
    """Form a group over axes, or over the specific dimension."""
    if not holds(by, "add_evaluatorgroup", cycle):
        raise Forbidden("add_evaluatorgroup")
    group = EvaluatorGroup.objects.create(
        cycle=cycle, title=title, lead_body=lead_body, covers_specific=covers_specific, formed_by=session
    )
    group.axes.set(axes)
    group.agencies.set(agencies)
    log(group, "form_group", by=by)
    return group


def may_sit(province: Province) -> QuerySet[Membership]:
    """The active memberships whose people may have a seat in a group of this province."""
    return Membership.objects.active().filter(role__in=[Role.EVALUATOR, *Role.mpo()], province=province)


@transaction.atomic
def seat(group: EvaluatorGroup, user: User, *, by: User, lead: bool = False, represents: str = "") -> Evaluator:
    """Give a person a seat in a group. Raises Refusal without the evaluator's role here, and for a second lead."""
    if not holds(by, "add_evaluator", group):
        raise Forbidden("add_evaluator")
    if not may_sit(group.cycle.province).filter(user=user).exists():
        raise Refusal(str(NO_ROLE) % {"name": user})
    if lead and group.evaluators.filter(lead=True).exclude(user=user).exists():
        raise Refusal(str(SECOND_LEAD))
    evaluator, _created = Evaluator.objects.update_or_create(
        group=group, user=user, defaults={"lead": lead, "represents": represents}
    )
    log(group, "seat", by=by, note=str(evaluator))
    return evaluator


@transaction.atomic
def assign(
    evaluator: Evaluator, participations: Iterable[Participation], *, by: User, note: str = ""
) -> list[Assignment]:
    """Give agencies to one evaluator; the others of the group keep what is theirs. Returns the assignments.

    Raises Refusal for an evaluator without the training; the manager may override it by a note that says why.
    """
    if not holds(by, "add_assignment", evaluator.group):
        raise Forbidden("add_assignment")
    workshop.check_training(evaluator, by=by, reason=note)
    Assignment.objects.filter(evaluator__group=evaluator.group, participation__in=participations).exclude(
        evaluator=evaluator
    ).delete()
    made = [
        Assignment.objects.get_or_create(evaluator=evaluator, participation=participation)[0]
        for participation in participations
    ]
    words = {"name": evaluator, "count": len(made), "note": note}
    log(evaluator.group, "assign", by=by, note=(_("%(name)s, agencies: %(count)s. %(note)s") % words).rstrip())
    return made
