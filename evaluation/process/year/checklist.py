"""The checklist of a cycle (docs/process.md#stages): taken from templates; steps are begun, ticked and unticked."""

from datetime import date

from django.contrib.auth.models import User
from django.core.files import File
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from evaluation.enums import CycleKind, Phase, Stage
from evaluation.models import Cycle, CycleStep, ProcessTemplate, TemplateStep
from evaluation.persian import format_jalali, match_key
from evaluation.rules import sentences
from evaluation.rules.permissions import holds

from ..door import Forbidden, Refusal, log
from ..files.accept import check_rows

COPIED = ("number", "title", "responsible", "channel", "days", "stage", "mandatory")


def take_template(cycle: Cycle, template: ProcessTemplate) -> None:
    """Copy the template's steps of the cycle's phase as its checklist, and its skipped stages. Idempotent.

    Beside steps of another template the new ones are added, and only stages that both leave out stay skipped; the
    first template remains the cycle's own. The end of the cycle is one for all dimensions: a step of it that stands on
    the checklist already, as the council in both flowcharts, is not added again.
    """
    mixed = cycle.steps.exclude(template=None).exclude(template=template).exists()
    if mixed:
        cycle.skipped = [stage for stage in cycle.skipped if stage in template.skipped]
    else:
        cycle.template, cycle.skipped = template, list(template.skipped)
    cycle.save(update_fields=["template", "skipped"])
    others = cycle.steps.exclude(template=template).filter(stage__in=Stage.of_the_end())
    known = {(stage, match_key(title)) for stage, title in others.values_list("stage", "title")}
    steps = [
        CycleStep(cycle=cycle, template=template, **{name: getattr(step, name) for name in COPIED})
        for step in steps_for(cycle, template)
        if (step.stage, match_key(step.title)) not in known
    ]
    CycleStep.objects.bulk_create(steps, ignore_conflicts=True)


def steps_for(cycle: Cycle, template: ProcessTemplate) -> QuerySet[TemplateStep]:
    """The template's steps of the cycle's phase; an interim cycle takes the interim phase alone, where there is one."""
    if cycle.kind != CycleKind.INTERIM:
        return template.steps.exclude(phase=Phase.INTERIM)
    interim = template.steps.filter(phase=Phase.INTERIM)
    return interim if interim else template.steps.exclude(phase=Phase.MAIN)


@transaction.atomic
def adopt_template(cycle: Cycle, *, template: ProcessTemplate, by: User, instead: bool = False) -> Cycle:
    """Add the steps of another template to the checklist; `instead`: the untouched steps of others go first.

    Raises Forbidden.
    """
    if not holds(by, "move_cycle", cycle):
        raise Forbidden("move_cycle")
    if instead:
        others = cycle.steps.exclude(template=None).exclude(template=template)
        others.filter(done_at=None, began_on=None).delete()
    take_template(cycle, template)
    log(cycle, "take_template", by=by, note=str(template))
    return cycle


def locked(step: CycleStep, by: User) -> CycleStep:
    """The step as it is now, locked. Raises Forbidden."""
    step = CycleStep.objects.select_for_update(of=("self",)).select_related("cycle").get(pk=step.pk)
    if not holds(by, "tick_cyclestep", step):
        raise Forbidden("tick_cyclestep")
    return step


def check_stage(step: CycleStep) -> None:
    """Raise Refusal for a step whose stage the cycle has not reached: what has not begun is not done."""
    stage, now = Stage(step.stage), Stage(step.cycle.stage)
    if stage.number > now.number:
        raise Refusal(
            _("This step belongs to the stage “%(stage)s”, and the cycle is still in “%(now)s”.")
            % {"stage": stage.label, "now": now.label}
        )


def check_day(day: date) -> None:
    """Raise Refusal for a day after today."""
    if day > timezone.localdate():
        raise Refusal(_("A future day cannot be recorded: %(day)s.") % {"day": format_jalali(day)})


@transaction.atomic
def begin(step: CycleStep, *, by: User, on: date | None = None) -> CycleStep:
    """Record the day on which work on a step began (`on`, a date; today by default). Raises Refusal, Forbidden."""
    step = locked(step, by)
    if step.done_at:
        raise Refusal(_("“%(step)s” is marked as done already.") % {"step": step})
    step.began_on = on or timezone.localdate()
    check_day(step.began_on)
    step.save(update_fields=["began_on"])
    log(step, "begin", by=by, note=format_jalali(step.began_on))
    return step


@transaction.atomic
def tick(
    step: CycleStep,
    *,
    by: User,
    on: date | None = None,
    note: str = "",
    letter_number: str = "",
    file: File | None = None,
) -> CycleStep:
    """Mark a step as done on a day (`on`, a date; today by default), with its minute or letter.

    A second tick changes nothing. Raises Refusal for a day to come or before the step began, for a second tick that
    has something to say, and Forbidden.
    """
    step = locked(step, by)
    check_stage(step)
    if step.done_at:
        if note or letter_number or file or on not in (None, step.done_on):
            text = _(
                "“%(step)s” was marked as done meanwhile (%(day)s). What you entered is not saved; write it in the "
                "step's own form."
            )
            raise Refusal(text % {"step": step, "day": format_jalali(step.done_on)})
        return step
    day = on or timezone.localdate()
    check_day(day)
    if step.began_on and day < step.began_on:
        raise Refusal(
            _("“%(step)s” began on %(day)s and cannot be done before.")
            % {"step": step, "day": format_jalali(step.began_on)}
        )
    step.done_on, step.done_at, step.done_by = day, timezone.now(), by
    step.note, step.letter_number = note or step.note, letter_number or step.letter_number
    if file:
        step.file = file
        check_rows(step, by=by)
    step.save()
    log(step, "tick", by=by, note=note)
    return step


@transaction.atomic
def untick(step: CycleStep, *, by: User, reason: str) -> CycleStep:
    """Take the mark off a step that was not done after all; note, letter and file stay. Raises Refusal, Forbidden."""
    step = locked(step, by)
    if not step.done_at:
        raise Refusal(_("“%(step)s” is not marked as done.") % {"step": step})
    if not reason.strip():
        raise Refusal(sentences.REASON_NEEDED)
    if step.cycle.stage == Stage.CLOSED:
        raise Refusal(sentences.ARCHIVED)
    step.done_on = step.done_at = step.done_by = None
    step.save(update_fields=["done_on", "done_at", "done_by"])
    log(step, "untick", by=by, note=reason)
    return step
