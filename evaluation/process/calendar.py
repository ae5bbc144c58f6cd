"""Windows, extensions, and the closing of what is due (DESIGN 2.1)."""

import datetime

import holidays
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from evaluation.enums import AssessmentState, Part, SilentAgency, SilentHeadquarters, SilentNational, Stage
from evaluation.models import Cycle, Extension, StageWindow
from evaluation.rules.permissions import holds

from . import audit, notice
from .door import Forbidden, Refusal, log
from .steps import adopt_template, take_template, tick  # noqa: F401  known to callers by these names too

ILAM_DAYS = {  # Ilam process form, calendar days
    Stage.CIRCULAR: 2,
    Stage.EVALUATORS: 6,
    Stage.PARTICIPANTS: 2,
    Stage.BRIEFING: 5,
    Stage.INDICATORS: 60,
    Stage.SELF_ASSESSMENT: 30,
    Stage.TRANSFER: 30,
    Stage.EVALUATION: 30,
    Stage.OBJECTION: 10,
    Stage.CONFIRMATION: 15,
    Stage.RANKING: 10,
    Stage.FESTIVAL: 10,
}
LAST_MOMENT = datetime.timedelta(microseconds=1)


def planned_days(cycle):
    """{stage: calendar days} of the cycle's template; without days Ilam's are scaled to the template's total."""
    skipped = set(cycle.skipped)
    stages = {stage: days for stage, days in ILAM_DAYS.items() if stage not in skipped}
    given = {}
    for step in cycle.steps.exclude(days=None):
        given[Stage(step.stage)] = given.get(Stage(step.stage), 0) + step.days
    if given:
        return {stage: given.get(stage, days) for stage, days in stages.items()}
    total = cycle.template.total_days if cycle.template else None
    if not total:
        return stages
    return {stage: max(1, round(days * total / sum(stages.values()))) for stage, days in stages.items()}


def working_end(day):
    """The day itself, or the next one that is neither a Friday nor an official day off."""
    off = holidays.country_holidays("IR", years=[day.year, day.year + 1])
    while day.weekday() == 4 or day in off:
        day += datetime.timedelta(days=1)
    return day


def end_of(start, days):
    """The moment at which a window of `days` calendar days that opens at `start` closes: midnight after its last
    day; only a last day that falls on a day off moves to the next working day.
    """
    last = working_end(timezone.localtime(start).date() + datetime.timedelta(days=max(days, 1) - 1))
    midnight = datetime.datetime.combine(last + datetime.timedelta(days=1), datetime.time.min)
    return timezone.make_aware(midnight)


def open_window(cycle, stage, *, at=None):
    """Make sure that a stage that has just opened has a window; one that staff have planned is left alone."""
    at = at or timezone.now()
    planned = cycle.windows.filter(stage=stage)
    if stage not in ILAM_DAYS or planned.filter(closes_at__gt=at).exists():
        return
    days = planned_days(cycle).get(stage, ILAM_DAYS[stage])
    StageWindow.objects.update_or_create(
        cycle=cycle,
        stage=stage,
        part=Part.WHOLE,
        dimension=None,
        defaults={"opens_at": at, "closes_at": end_of(at, days), "closed_at": None},
    )


@transaction.atomic
def plan(cycle, *, start, by):
    """Windows for all stages from `start` (date), one after the other by the planned days. Returns the windows."""
    if not holds(by, "move_cycle", cycle):
        raise Forbidden("move_cycle")
    opens_at = timezone.make_aware(datetime.datetime.combine(start, datetime.time.min))
    windows = []
    for stage, days in planned_days(cycle).items():
        closes_at = end_of(opens_at, days)
        window, _created = StageWindow.objects.update_or_create(
            cycle=cycle,
            stage=stage,
            part=Part.WHOLE,
            dimension=None,
            defaults={"opens_at": opens_at, "closes_at": closes_at, "closed_at": None},
        )
        windows.append(window)
        opens_at = closes_at
    log(cycle, "plan", by=by, note=str(start))
    return windows


@transaction.atomic
def extend(cycle, agency, *, stage, ends_at, reason, by, part="", dimension=None):
    """Give one agency more time for a stage; it lapses by itself at `ends_at`."""
    if not holds(by, "add_extension", cycle):
        raise Forbidden("add_extension")
    if not reason.strip():
        raise Refusal(_("An extension needs a reason."))
    if ends_at <= timezone.now():
        raise Refusal(_("An extension must end in the future."))
    extension = Extension.objects.create(
        cycle=cycle,
        agency=agency,
        stage=stage,
        part=part,
        dimension=dimension,
        reason=reason,
        approver=by,
        ends_at=ends_at,
    )
    log(extension, "extend", by=by, note=reason)
    return extension


# -- scheduled closing ----------------------------------------------------------------------------


def close_due_windows(at=None):
    """Close every window whose end has come, once: apply the rule for the silent side, move the cycle on, or tell
    the manager what stands in the way. Catches up after a standstill; a second run does nothing.

    Drafts of agencies whose extension has lapsed since are settled too. Returns the windows closed. Each window is a
    transaction of its own; one that breaks does not keep the others open, and is raised in an ExceptionGroup after
    them, so that the task shows as failed.
    """
    at, closed, broken = at or timezone.now(), [], []
    for window in StageWindow.objects.due(at).select_related("cycle__province").order_by("closes_at", "pk"):
        try:
            if close(window, at=at):
                closed.append(window)
        except Exception as error:  # whatever it is: raised below
            error.add_note(f"window {window.pk} of cycle {window.cycle_id}")
            broken.append(error)
    settle_lapsed_extensions(at)
    if broken:
        raise ExceptionGroup("windows that could not be closed", broken)
    return closed


def close(window, *, at):
    """Close one window. False when another worker has done it already."""
    with transaction.atomic():
        window = StageWindow.objects.select_for_update(of=("self",)).get(pk=window.pk)
        if window.closed_at is not None or window.closes_at > at:
            return False
        window.closed_at = at
        window.save(update_fields=["closed_at"])
        by = audit.scheduler(window.cycle.province)
        notes = SILENT_SIDES.get(Stage(window.stage), nobody_is_silent)(window, by)
        log(window.cycle, "close_window", by=by, note=str(window))
    move_on(window.cycle_id, window.stage, by=by, at=at, notes=notes)
    return True


def nobody_is_silent(window, by):
    return []


def silent_agencies(window, by):
    """The draft as it stands if any line is filled, else absent; agencies under extension are left alone."""
    cycle = window.cycle
    if cycle.silent_agency == SilentAgency.WAIT:
        return [_("The self-assessments that are not submitted stay open, as the cycle's rule says.")]
    settle(not_submitted(cycle, window.dimension_id), by=by, at=window.closes_at - LAST_MOMENT)
    return []


def not_submitted(cycle, dimension):
    waiting = cycle.assessments().filter(state__in=[AssessmentState.NOT_STARTED, AssessmentState.DRAFTING])
    return waiting.filter(dimension=dimension) if dimension else waiting


def settle(waiting, *, by, at):
    """Apply the rule for a silent agency to each of these assessments that no extension keeps open."""
    from . import assessment as verbs  # assessment asks the calendar when a window is open

    for assessment in waiting.select_related("participation__agency", "participation__cycle", "dimension"):
        cycle = assessment.cycle
        extended = cycle.extensions.running(
            cycle, Stage.SELF_ASSESSMENT, dimension=assessment.dimension_id, agency=assessment.agency
        )
        if not extended:
            verbs.settle_silent(assessment, by=by, at=at)


def settle_lapsed_extensions(at):
    """An extension that has lapsed after its window closed leaves a silent agency: the same rule, once."""
    for extension in Extension.objects.filter(ends_at__lte=at, lapsed_at=None).order_by("ends_at", "pk"):
        with transaction.atomic():
            extension = Extension.objects.select_for_update(of=("self",)).get(pk=extension.pk)
            if extension.lapsed_at is not None:
                continue
            extension.lapsed_at = at
            extension.save(update_fields=["lapsed_at"])
            if not asks_for_rule(extension, at):
                continue
            by = audit.scheduler(extension.cycle.province)
            waiting = not_submitted(extension.cycle, extension.dimension_id)
            settle(waiting.filter(participation__agency=extension.agency), by=by, at=extension.ends_at - LAST_MOMENT)
        move_on(extension.cycle_id, extension.stage, by=by, at=at, notes=[])


def asks_for_rule(extension, at):
    cycle = extension.cycle
    if extension.stage != Stage.SELF_ASSESSMENT or cycle.silent_agency == SilentAgency.WAIT:
        return False
    return not cycle.windows.is_open(cycle, extension.stage, dimension=extension.dimension_id, at=at)


def silent_headquarters(window, by):
    from . import assessment as verbs  # assessment asks the calendar when a window is open

    cycle = window.cycle
    if window.part not in (Part.WHOLE, Part.HEADQUARTERS):
        return []
    waiting = cycle.assessments().filter(state=AssessmentState.SUBMITTED).select_related("participation__agency")
    if window.dimension_id:
        waiting = waiting.filter(dimension=window.dimension_id)
    if cycle.silent_headquarters == SilentHeadquarters.APPROVE:
        for assessment in waiting:
            verbs.approve_by_rule(assessment, by=by)
        return []
    if not waiting:
        return []
    return [_("Headquarters have not answered for %(count)s self-assessments.") % {"count": waiting.count()}]


def silent_national(window, by):
    from . import indicator as verbs  # indicator asks the calendar when a window is open

    cycle = window.cycle
    if window.part != Part.ARO or cycle.silent_national == SilentNational.WAIT:
        return []
    for specific_list in cycle.specific_lists.filter(state="sent"):
        verbs.finalise_by_rule(specific_list, by=by)
    return []


SILENT_SIDES = {
    Stage.SELF_ASSESSMENT: silent_agencies,
    Stage.TRANSFER: silent_headquarters,
    Stage.INDICATORS: silent_national,
}


def move_on(cycle_id, stage, *, by, at, notes):
    """Take the cycle to its next stage when all windows of its present one are closed and nothing is missing."""
    from . import cycle as verbs  # the cycle's verbs open windows

    cycle = Cycle.objects.get(pk=cycle_id)
    if cycle.stage != stage or cycle.windows.filter(stage=stage, closes_at__gt=at).exists():
        return
    try:
        verbs.advance(cycle, by=by)
    except Refusal as refusal:
        notes = [*notes, *refusal.sentences]
        notice.tell(
            notice.managers(cycle),
            event=f"stuck:{cycle.pk}:{stage}:{at.date()}",
            cycle=cycle,
            text=lambda: (
                _("The stage “%(stage)s” is over but cannot be left: %(reasons)s")
                % {"stage": Stage(stage).label, "reasons": " ".join(notes)}
            ),
        )
