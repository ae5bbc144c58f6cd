"""Targets: what an agency is to reach in one indicator, and its base figure (docs/rights.md#lines).

The freeze gives the line its target from here, else from the indicator. From then on it is fixed: an evaluator or the
decision on an objection may set another one for the level that is theirs.
"""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from evaluation.enums import ChangeOutcome
from evaluation.models import Agency, Cycle, Dimension, ImportChange, ImportRun, Indicator, Line, SpecificList, Target
from evaluation.rules import sentences
from evaluation.rules.permissions import holds

from ..door import NO_RIGHT, Forbidden, Refusal, log
from ..reversing import reverse_rows

TARGET_COLUMNS = ("target", "baseline")
ROWS_PER_STATEMENT = 400


def lock_freezes(cycle: Cycle) -> None:
    """Lock what every freeze of the cycle locks, so that no line is made while its targets are written."""
    Cycle.objects.select_for_update(of=("self",)).get(pk=cycle.pk)
    list(Dimension.objects.select_for_update(of=("self",)).filter(cycle=cycle).values_list("pk"))
    list(SpecificList.objects.select_for_update(of=("self",)).filter(cycle=cycle).values_list("pk"))


def fixed_targets(cycle: Cycle, **only: Any) -> set[tuple[int, int]]:
    """{(agency pk, indicator pk)} whose line exists already, so that its target is fixed."""
    lines = Line.objects.filter(assessment__participation__cycle=cycle, **only).order_by()
    return set(lines.values_list("assessment__participation__agency_id", "indicator_id"))


def fixed_sentence(agency: Agency, indicator: Indicator) -> str:
    """Why this target can no longer be written, and what can be done instead."""
    return _(
        "The line of “%(indicator)s” for “%(agency)s” exists and its target is final. The target can change "
        "only while scoring or by a decision on an objection; to change it for all agencies, amend the "
        "indicator."
    ) % {"indicator": indicator, "agency": agency}


def check_place(agency: Agency, indicator: Indicator) -> None:
    """Raise Refusal where this agency has no line of this indicator, or its measures have them."""
    if indicator.agency_id not in (None, agency.pk):
        raise Refusal(_("This is a specific indicator of “%(agency)s”.") % {"agency": indicator.agency})
    if agency.province_id != indicator.cycle.province_id:
        raise Refusal(_("“%(agency)s” does not belong to the province of this cycle.") % {"agency": agency})
    if indicator.measures.exists():
        raise Refusal(_("This indicator is made up of measures: its figures are those of each measure."))


@transaction.atomic
def write_targets(cycle: Cycle, *, new: Sequence[Target], changed: Sequence[Target], by: User) -> None:
    """Save targets of agencies in bulk, of general and specific indicators.

    Raises Forbidden, or Refusal with a sentence for each target whose line stands.
    """
    if not holds(by, "import_target", cycle):
        raise Forbidden("import_target")
    lock_freezes(cycle)
    standing = fixed_targets(cycle)
    if closed := [target for target in (*new, *changed) if (target.agency_id, target.indicator_id) in standing]:
        raise Refusal(*(fixed_sentence(target.agency, target.indicator) for target in closed))
    Target.objects.bulk_create(new, batch_size=ROWS_PER_STATEMENT)
    Target.objects.bulk_update(changed, TARGET_COLUMNS, batch_size=ROWS_PER_STATEMENT)


@transaction.atomic
def set_target(target: Target, *, by: User) -> Target:
    """Save one target, new or changed, with a log row. Raises Forbidden, or Refusal where its line stands."""
    indicator = target.indicator
    if not holds(by, "change_target" if target.pk else "add_target", indicator.cycle):
        raise Forbidden("change_target")
    if target.target is not None and target.target < 0:
        raise Refusal(sentences.NEGATIVE_TARGET)
    check_place(target.agency, indicator)
    lock_freezes(indicator.cycle)
    if fixed_targets(indicator.cycle, indicator=indicator, assessment__participation__agency=target.agency_id):
        raise Refusal(fixed_sentence(target.agency, indicator))
    target.save()
    log(target, "set_target", by=by)
    return target


def reverse(changes: Sequence[ImportChange], run: ImportRun) -> dict[int, tuple[ChangeOutcome, str]]:
    """Undo the targets that an import wrote; those whose line stands by now stay. {change pk: (outcome, reason)}"""
    lock_freezes(run.cycle)
    targets = Target.objects.select_for_update(of=("self",)).select_related("agency", "indicator")
    rows = targets.in_bulk([change.object_id for change in changes])
    standing, allowed = fixed_targets(run.cycle), holds(run.asked_by, "import_target", run.cycle)

    def refuse(target: Target) -> str:
        if not allowed:
            return str(NO_RIGHT)
        if (target.agency_id, target.indicator_id) in standing:
            return fixed_sentence(target.agency, target.indicator)
        return ""

    return reverse_rows(rows, changes, refuse=refuse)
