"""The checklist of a cycle: taken from templates, ticked off step by step (DESIGN 2.1)."""

from django.db import transaction
from django.utils import timezone

from evaluation.models import CycleStep
from evaluation.rules.permissions import holds

from .door import Forbidden, log


def take_template(cycle, template):
    """Copy the template's steps into the cycle as its checklist, and its skipped stages."""
    cycle.template, cycle.skipped = template, list(template.skipped)
    cycle.save(update_fields=["template", "skipped"])
    copied = ("number", "title", "responsible", "channel", "days", "stage", "mandatory")
    CycleStep.objects.bulk_create(
        [CycleStep(cycle=cycle, **{name: getattr(step, name) for name in copied}) for step in template.steps.all()],
        ignore_conflicts=True,
    )


@transaction.atomic
def adopt_template(cycle, *, template, by):
    """Add the steps of another template to the checklist and leave out the stages that it skips. Raises Forbidden."""
    if not holds(by, "move_cycle", cycle):
        raise Forbidden("move_cycle")
    take_template(cycle, template)
    log(cycle, "take_template", by=by, note=str(template))
    return cycle


@transaction.atomic
def tick(step, *, by, note="", file=None):
    """Mark a step of the checklist as done. A second tick changes nothing."""
    step = CycleStep.objects.select_for_update().get(pk=step.pk)
    if not holds(by, "tick_cyclestep", step):
        raise Forbidden("tick_cyclestep")
    if step.done_at:
        return step
    step.done_at, step.done_by, step.note = timezone.now(), by, note or step.note
    if file:
        step.file = file
    step.save()
    log(step, "tick", by=by, note=note)
    return step
