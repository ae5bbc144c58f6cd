"""Actions of improvement plans as a workbook brings them: many agencies at once, while the plans are still written."""

from collections.abc import Sequence

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from evaluation.enums import ChangeOutcome, PlanState
from evaluation.models import ImportChange, ImportRun, ImprovementAction, ImprovementPlan, Participation
from evaluation.rules.permissions import holds

from ..door import NO_RIGHT, Forbidden, Refusal, log
from ..reversing import reverse_rows

ACTION_COLUMNS = ("action", "owner", "due", "expected", "measure")
ROWS_PER_STATEMENT = 400


def closed_sentence(plan: ImprovementPlan) -> str:
    """Why the actions of this plan are not written any more, and what can be done instead."""
    return _(
        "The improvement plan of “%(agency)s” is in the state “%(state)s”: its actions can be written after the plan "
        "is returned or revised."
    ) % {"agency": plan, "state": plan.get_state_display()}


@transaction.atomic
def write_actions(
    *,
    participations: Sequence[Participation],
    new: Sequence[ImprovementAction],
    changed: Sequence[ImprovementAction],
    by: User,
) -> None:
    """Save actions in bulk; `participations` are those without a plan, for which a draft is made.

    The new actions of these come without `plan_id`, their line names the participation. Raises Forbidden, or Refusal
    with a sentence for each plan that is not written any more.
    """
    for participation in participations:
        if not holds(by, "draft_improvementplan", participation):
            raise Forbidden("draft_improvementplan")
        plan = ImprovementPlan.objects.create(participation=participation)
        log(plan, "draft", target=plan.state, by=by)
    keys = {row.line.assessment.participation_id for row in (*new, *changed)}
    locked = ImprovementPlan.objects.select_for_update(of=("self",)).filter(participation__in=keys)
    plans = {plan.participation_id: plan for plan in locked.select_related("participation__agency")}
    for plan in plans.values():
        if not holds(by, "import_improvementaction", plan):
            raise Forbidden("import_improvementaction")
    if closed := [plan for plan in plans.values() if plan.state not in PlanState.written()]:
        raise Refusal(*map(closed_sentence, closed))
    for row in new:
        row.plan = plans[row.line.assessment.participation_id]
    ImprovementAction.objects.bulk_create(new, batch_size=ROWS_PER_STATEMENT)
    ImprovementAction.objects.bulk_update(changed, ACTION_COLUMNS, batch_size=ROWS_PER_STATEMENT)


def reverse(changes: Sequence[ImportChange], run: ImportRun) -> dict[int, tuple[ChangeOutcome, str]]:
    """Undo the actions that an import wrote; those of plans that went on stay. {change pk: (outcome, reason)}"""
    actions = ImprovementAction.objects.select_for_update(of=("self",)).select_related("plan__participation__agency")
    rows = actions.in_bulk([change.object_id for change in changes])
    allowed = holds(run.asked_by, "import_improvementaction", run.cycle)

    def refuse(row: ImprovementAction) -> str:
        if not allowed:
            return str(NO_RIGHT)
        return "" if row.plan.state in PlanState.written() else closed_sentence(row.plan)

    return reverse_rows(rows, changes, refuse=refuse)
