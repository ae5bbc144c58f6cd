"""The verbs of specific lists for many lists at once: the same rows as the single ones write, by few statements.

Each gives the Batch: lists done, and those left out with the sentence that the single verb would have refused with.
"""

from collections.abc import Sequence

from django.contrib.auth.models import User
from django.db import transaction

from evaluation.enums import DimensionKind, Ground, Role, SilentNational
from evaluation.models import Participation, SpecificList

from .. import audit
from ..door import Batch
from ..door_many import perform_many
from .indicator import take_last_years_list, tell_frozen
from .lines import generate_lines


@transaction.atomic
def freeze(lists: Sequence[SpecificList], *, by: User, note: str = "") -> Batch:
    """`indicator.freeze_list` of each."""
    batch = perform_many(lists, "freeze", by=by, note=note)
    for cycle in {row.cycle_id: row.cycle for row in batch.done}.values():
        agencies = [row.agency_id for row in batch.done if row.cycle_id == cycle.pk]
        participations = Participation.objects.filter(cycle=cycle, agency__in=agencies)
        if participations:
            generate_lines(participations, cycle.dimensions.get(kind=DimensionKind.SPECIFIC))
    tell_frozen(batch.done)
    return batch


@transaction.atomic
def finalise_by_rule(lists: Sequence[SpecificList], *, by: User) -> Batch:
    """Finalise lists where the national organization has not answered: the proposal, or last year's list, by the
    cycle's rule.

    The rule is written in the place of a letter before anything is refused: callers that find one left out roll back.
    """
    places = {row.pk: (row.cycle, row.cycle.get_silent_national_display()) for row in lists}
    rules = audit.by_rule_many(places, role=Role.NATIONAL, by=by)
    for specific_list in lists:
        if specific_list.cycle.silent_national == SilentNational.LAST_YEAR:
            take_last_years_list(specific_list)
    return perform_many(lists, "finalise", by=by, on_behalf=rules, ground=Ground.RULE)
