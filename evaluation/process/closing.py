"""Scheduled closing: what the calendar does when a window or an extension has ended (DESIGN 2.1).

Every file of a silent side is settled under its own lock and in a transaction of its own, the window after them. So
several workers at once, a worker killed in the middle and a run after a standstill come to the same end, once. What
cannot be settled keeps its window due: the next run tries it again.
"""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from evaluation.enums import (
    AssessmentState,
    ListState,
    NoticeKind,
    Part,
    Role,
    SilentAgency,
    SilentHeadquarters,
    SilentNational,
    Stage,
)
from evaluation.models import Assessment, Cycle, Extension, SpecificList, StageWindow

from . import assessment as assessments
from . import audit, indicator, notice
from . import cycle as cycles
from .door import Refusal, lock, log

LAST_MOMENT = datetime.timedelta(microseconds=1)
NAMED = 3  # files that failed, in a notice


class Failed(NamedTuple):
    """One file, window or extension that could not be closed, and the error."""

    subject: Any
    error: Exception


@dataclass
class Closed:
    """What one run did: windows closed, files settled by a rule, and what failed."""

    windows: list = field(default_factory=list)
    settled: list = field(default_factory=list)
    failed: list = field(default_factory=list)


@dataclass(frozen=True)
class Rule:
    """What a cycle's rule for a silent side asks: `settle(obj, by=, at=)` for each waiting file still in `states`."""

    model: type = Assessment
    keys: Iterable = ()
    states: tuple = ()
    settle: Callable | None = None
    notes: tuple = ()


NOTHING = Rule()


def close_due(at=None):
    """Close every window and extension whose end has come by `at` (aware datetime; now by default). Returns Closed.

    Safe to run at any time, by several processes at once. An error stops nothing but its own file and window: it is
    handed back in `failed`, for the caller to log.
    """
    at, done = at or timezone.now(), Closed()
    for window in StageWindow.objects.due(at).select_related("cycle__province").order_by("closes_at", "pk"):
        close_window(window, at, done)
    lapsed = Extension.objects.filter(ends_at__lte=at, lapsed_at=None)
    for extension in lapsed.select_related("cycle__province", "agency").order_by("ends_at", "pk"):
        lapse(extension, at, done)
    return done


def close_window(window, at, done):
    """Settle the silent side of a window, then close it and take the cycle on."""
    early = Stage(window.cycle.stage).number < Stage(window.stage).number
    rule = RULES[window.stage](window) if window.stage in RULES and not early else NOTHING
    if not settle_all(rule, window, window.closes_at - LAST_MOMENT, done):
        return
    if attempt(done, window, finish_window, window, at, rule.notes, early):
        done.windows.append(window)


def finish_window(window, at, notes, early):
    """Note the closing. False when another worker has done it already, or the window was given more time."""
    cycle = Cycle.objects.select_for_update(of=("self",)).get(pk=window.cycle_id)
    window = StageWindow.objects.select_for_update(of=("self",)).get(pk=window.pk)
    if window.closed_at is not None or window.closes_at > at:
        return False
    window.closed_at = at
    window.save(update_fields=["closed_at"])
    by = audit.scheduler(cycle.province)
    log(cycle, "close_window", by=by, note=str(window))
    if early:
        tell_early(cycle, window)
    else:
        move_on(cycle, window.stage, by=by, at=at, notes=notes)
    return True


def lapse(extension, at, done):
    """An extension that has lapsed after its window closed leaves a silent agency: the same rule."""
    rule = NOTHING
    applies = asks_for_rule(extension, at)
    if applies:
        mine = not_submitted(extension.cycle, extension.dimension_id).filter(participation__agency=extension.agency_id)
        rule = Rule(keys=keys_of(mine), states=UNSUBMITTED, settle=settle_agency)
    if settle_all(rule, extension, extension.ends_at - LAST_MOMENT, done):
        attempt(done, extension, finish_extension, extension, at, applies)


def finish_extension(extension, at, applies):
    cycle = Cycle.objects.select_for_update(of=("self",)).get(pk=extension.cycle_id)
    extension = Extension.objects.select_for_update(of=("self",)).get(pk=extension.pk)
    if extension.lapsed_at is not None or extension.ends_at > at:
        return False
    extension.lapsed_at = at
    extension.save(update_fields=["lapsed_at"])
    if applies:
        move_on(cycle, extension.stage, by=audit.scheduler(cycle.province), at=at, notes=())
    return True


def asks_for_rule(extension, at):
    cycle = extension.cycle
    if extension.stage != Stage.SELF_ASSESSMENT or cycle.silent_agency == SilentAgency.WAIT:
        return False
    return not cycle.windows.is_open(cycle, extension.stage, dimension=extension.dimension_id, at=at)


# -- one by one ------------------------------------------------------------------------------------


def settle_all(rule, ended, at, done):
    """Apply a rule to each waiting file; whether all went well. `ended` is the window or extension."""
    failed, by = len(done.failed), audit.scheduler(ended.cycle.province)
    for key in rule.keys:
        if settled := attempt(done, rule.model(pk=key), settle_one, rule, key, ended, by, at):
            done.settled.append(settled)
    if len(done.failed) > failed:
        tell_failed(ended, done.failed[failed:])
        return False
    return True


def attempt(done, subject, work, *args):
    """What `work` gives, in a transaction; None after an error, which is kept for the caller of `close_due`."""
    try:
        with transaction.atomic():
            return work(*args)
    except Exception as error:  # whatever it is, the other agencies' files go on
        done.failed.append(Failed(subject, error))
        return None


def settle_one(rule, key, ended, by, at):
    """One file under its lock; None when somebody has settled it meanwhile or given it more time."""
    obj = lock(rule.model, key)
    still = {"closes_at": ended.closes_at} if isinstance(ended, StageWindow) else {"ends_at": ended.ends_at}
    if obj.state not in rule.states or not type(ended).objects.filter(pk=ended.pk, **still).exists():
        return None
    return rule.settle(obj, by=by, at=at)


def keys_of(rows):
    return list(rows.order_by("pk").values_list("pk", flat=True))


# -- the rules for silent sides --------------------------------------------------------------------

UNSUBMITTED = (AssessmentState.NOT_STARTED, AssessmentState.DRAFTING)


def silent_agencies(window):
    """The draft as it stands if any line is filled, else absent; agencies under extension are left alone."""
    cycle = window.cycle
    if cycle.silent_agency == SilentAgency.WAIT:
        return Rule(notes=(_("The self-assessments that are not submitted stay open, as the cycle's rule says."),))
    waiting = not_submitted(cycle, window.dimension_id)
    return Rule(keys=keys_of(waiting), states=UNSUBMITTED, settle=settle_agency)


def not_submitted(cycle, dimension):
    waiting = cycle.assessments().filter(state__in=UNSUBMITTED)
    return waiting.filter(dimension=dimension) if dimension else waiting


def settle_agency(assessment, *, by, at):
    cycle, agency = assessment.cycle, assessment.agency
    if cycle.extensions.running(cycle, Stage.SELF_ASSESSMENT, dimension=assessment.dimension_id, agency=agency):
        return None
    settled = assessments.settle_silent(assessment, by=by, at=at)
    absent = settled.state == AssessmentState.ABSENT

    def text():
        if absent:
            sentence = _("“%(name)s” was not filled in time: it counts as absent.")
        else:
            sentence = _("The time for “%(name)s” is over: it was submitted as it stood.")
        return sentence % {"name": assessment}

    people = notice.people(Role.AGENCY, agency=agency)
    notice.tell(people, event=f"silent:{assessment.pk}:{at:%Y%m%d%H%M%S}", cycle=cycle, text=text)
    return settled


def silent_headquarters(window):
    cycle = window.cycle
    if window.part not in (Part.WHOLE, Part.HEADQUARTERS):
        return NOTHING
    waiting = cycle.assessments().filter(state=AssessmentState.SUBMITTED)
    if window.dimension_id:
        waiting = waiting.filter(dimension=window.dimension_id)
    if cycle.silent_headquarters == SilentHeadquarters.APPROVE:
        return Rule(keys=keys_of(waiting), states=(AssessmentState.SUBMITTED,), settle=approve)
    if not waiting.exists():
        return NOTHING
    sentence = _("Headquarters have not answered for %(count)s self-assessments.")
    return Rule(notes=(sentence % {"count": waiting.count()},))


def approve(assessment, *, by, at):
    return assessments.approve_by_rule(assessment, by=by)


def silent_national(window):
    cycle = window.cycle
    if window.part != Part.ARO or cycle.silent_national == SilentNational.WAIT:
        return NOTHING
    waiting = cycle.specific_lists.filter(state=ListState.SENT)
    return Rule(model=SpecificList, keys=keys_of(waiting), states=(ListState.SENT,), settle=finalise)


def finalise(specific_list, *, by, at):
    return indicator.finalise_by_rule(specific_list, by=by)


RULES = {
    Stage.SELF_ASSESSMENT: silent_agencies,
    Stage.TRANSFER: silent_headquarters,
    Stage.INDICATORS: silent_national,
}


# -- the cycle -------------------------------------------------------------------------------------


def move_on(cycle, stage, *, by, at, notes):
    """Take a locked cycle to its next stage when the windows of its present one are over and nothing is missing."""
    if cycle.stage != stage or cycle.windows.filter(stage=stage, closes_at__gt=at).exists():
        return
    try:
        cycles.advance(cycle, by=by)
    except Refusal as refusal:
        reasons = " ".join([*notes, *refusal.sentences])
        tell_managers(
            cycle,
            f"stuck:{cycle.pk}:{stage}:{at.date()}",
            lambda: (
                _("The stage “%(stage)s” is over but cannot be left: %(reasons)s")
                % {"stage": Stage(stage).label, "reasons": reasons}
            ),
        )


def tell_early(cycle, window):
    """The plan was earlier than the work: nobody was silent, and the stage gets a window when it opens."""
    tell_managers(
        cycle,
        f"early:{window.pk}:{window.closes_at.isoformat()}",
        lambda: (
            _("The window “%(window)s” has ended before the cycle reached this stage. Plan it anew.")
            % {"window": window}
        ),
    )


def tell_failed(ended, failed):
    """Once a day for each window, whatever is tried in between."""
    tell_managers(
        ended.cycle,
        f"unclosed:{ended._meta.model_name}:{ended.pk}:{timezone.localdate()}",
        lambda: (
            _("“%(window)s” could not be closed for all: %(names)s. It is tried again every minute.")
            % {"window": ended, "names": "، ".join(name_of(known(each.subject)) for each in failed[:NAMED])}
        ),
    )


def known(subject):
    """What failed, as it stands in the database; of a file only its key is known until then."""
    return type(subject).objects.get(pk=subject.pk)


def name_of(subject):
    return f"{subject.cycle}: {subject}" if isinstance(subject, StageWindow | Extension) else str(subject)


def tell_managers(cycle, event, text):
    notice.tell(notice.managers(cycle), event=event, kind=NoticeKind.STUCK, cycle=cycle, text=text)
