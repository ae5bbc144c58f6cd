"""What an improvement plan needs before the agency agrees to it, as sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _

from .conditions import condition
from .sentences import listed

if TYPE_CHECKING:
    from evaluation.models import ImprovementPlan

INCOMPLETE = Q(action="") | Q(owner="") | Q(measure="") | Q(due=None)


@condition
def plan_has_actions(plan: ImprovementPlan) -> list[str]:
    """There is something to do in the plan."""
    if plan.actions.exists():
        return []
    return [_("The plan has no action yet: add at least one.")]


@condition
def actions_complete(plan: ImprovementPlan) -> list[str]:
    """Each action says what is done, by whom, until when and how it is measured."""
    missing = plan.actions.filter(INCOMPLETE).select_related("line__indicator")
    if not missing:
        return []
    sentence = _("These actions need what is done, an owner, a due date and a measure: %(names)s.")
    return [sentence % {"names": listed(missing)}]
