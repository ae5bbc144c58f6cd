"""Scheduled closing: what happens when a window or an extension has ended (docs/process.md#closing).

Every file of a silent side is handled under its own lock and in its own transaction, then the window. So several
workers at once, a worker killed in the middle and a run after a long pause give the same result, once. A window whose
files failed stays due: the next run tries them again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Model, QuerySet
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
from evaluation.models import Agency, Assessment, Cycle, Dimension, Extension, SpecificList, StageWindow
from evaluation.persian import localise_digits
from evaluation.rules import conditions
from evaluation.rules.windows import LAST_MOMENT

from .. import audit
from ..assessing import assessment as assessment_verbs
from ..catalogue import indicator
from ..door import RELATED, Refusal, lock, log
from ..messages import notice
from . import cycle as cycle_verbs

if TYPE_CHECKING:
    from evaluation.process.messages.notice import Sentence

MAX_FAILURES_NAMED = 3  # files that failed, in a notice


class Failed(NamedTuple):
    """One file, window or extension that could not be closed, and the error."""

    subject: Any
    error: Exception


type Ended = StageWindow | Extension  # what has come to its end


@dataclass
class Closed:
    """What one run did: windows closed, files settled by a rule, and what failed."""

    windows: list[StageWindow] = field(default_factory=list)
    settled: list[Assessment | SpecificList] = field(default_factory=list)
    failed: list[Failed] = field(default_factory=list)


def leave_alone(_obj: Model, *, by: User, at: datetime) -> None:
    """What a rule does that has no files to settle."""


@dataclass(frozen=True)
class Rule:
    """What a cycle's rule for a silent side asks: `settle(obj, by=, at=)` for each waiting file still in `states`."""

    model: type[Assessment | SpecificList] = Assessment
    keys: Sequence[int] = ()
    states: tuple[str, ...] = ()
    settle: Callable[..., Assessment | SpecificList | None] = leave_alone
    notes: tuple[str, ...] = ()


NOTHING = Rule()


def close_due(at: datetime | None = None) -> Closed:
    """Close every window and extension whose end has come by `at` (aware datetime; now by default). Returns Closed.

    Safe to run at any time, by several processes at once. An error stops only its own file and window; it is returned
    in `failed`, for the caller to log.
    """
    at, done = at or timezone.now(), Closed()
    for window in StageWindow.objects.due(at).select_related("cycle__province").order_by("closes_at", "pk"):
        close_window(window, at, done)
    lapsed = Extension.objects.filter(ends_at__lte=at, lapsed_at=None)
    for extension in lapsed.select_related("cycle__province", "agency").order_by("ends_at", "pk"):
        lapse(extension, at, done)
    return done


def close_window(window: StageWindow, at: datetime, done: Closed) -> None:
    """Apply the rule to the silent side of a window, then close it and take the cycle to its next stage."""
    rule = attempt(done, window, rule_of, window)
    if rule is None or not settle_all(rule, window, window.closes_at - LAST_MOMENT, done):
        return
    if attempt(done, window, finish_window, window, at, rule.notes, is_early(window)):
        done.windows.append(window)


def is_early(ended: Ended) -> bool:
    """Whether the cycle has not reached the stage of this window yet, so that nobody has been silent."""
    return Stage(ended.cycle.stage).number < Stage(ended.stage).number


def rule_of(ended: Ended) -> Rule:
    """The Rule for the side whose time ended with this window or extension."""
    return NOTHING if is_early(ended) or ended.stage not in RULES else RULES[ended.stage](ended)


def finish_window(window: StageWindow, at: datetime, notes: Sequence[str], early: bool) -> bool:
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


def lapse(extension: Extension, at: datetime, done: Closed) -> None:
    """Apply the rule to the agency of an extension that lapsed after its window had closed."""
    rule = attempt(done, extension, rule_of, extension)
    if rule is not None and settle_all(rule, extension, extension.ends_at - LAST_MOMENT, done):
        attempt(done, extension, finish_extension, extension, at, rule)


def finish_extension(extension: Extension, at: datetime, rule: Rule) -> bool:
    """Note that the lapse was dealt with. False when another worker has done it, or the extension was prolonged."""
    cycle = Cycle.objects.select_for_update(of=("self",)).get(pk=extension.cycle_id)
    extension = Extension.objects.select_for_update(of=("self",)).get(pk=extension.pk)
    if extension.lapsed_at is not None or extension.ends_at > at:
        return False
    extension.lapsed_at = at
    extension.save(update_fields=["lapsed_at"])
    if rule is not NOTHING:
        move_on(cycle, extension.stage, by=audit.scheduler(cycle.province), at=at, notes=rule.notes)
    return True


# -- one by one ------------------------------------------------------------------------------------


def settle_all(rule: Rule, ended: Ended, at: datetime, done: Closed) -> bool:
    """Apply a rule to each waiting file; whether all went well. `ended` is the window or extension."""
    failed, by = len(done.failed), audit.scheduler(ended.cycle.province)
    for key in rule.keys:
        if settled := attempt(done, rule.model(pk=key), settle_one, rule, key, ended, by, at):
            done.settled.append(settled)
    if len(done.failed) > failed:
        tell_failed(ended, done.failed[failed:])
        return False
    return True


def attempt[T](done: Closed, subject: Any, work: Callable[..., T], *args: Any) -> T | None:
    """What `work` gives, in a transaction; None after an error, which is kept for the caller of `close_due`."""
    try:
        with transaction.atomic():
            return work(*args)
    except Exception as error:  # whatever it is, the other agencies' files go on
        done.failed.append(Failed(subject, error))
        return None


def settle_one(rule: Rule, key: int, ended: Ended, by: User, at: datetime) -> Model | None:
    """One file under its lock; None when somebody has settled it meanwhile or given it more time."""
    obj = lock(rule.model, key)
    still = {"closes_at": ended.closes_at} if isinstance(ended, StageWindow) else {"ends_at": ended.ends_at}
    if obj.state not in rule.states or not type(ended).objects.filter(pk=ended.pk, **still).exists():
        return None
    return rule.settle(obj, by=by, at=at)


def keys_of(rows: QuerySet) -> list[int]:
    """The keys of a query's rows, in their order."""
    return list(rows.order_by("pk").values_list("pk", flat=True))


# -- the rules for silent sides --------------------------------------------------------------------

UNSUBMITTED = (AssessmentState.NOT_STARTED, AssessmentState.DRAFTING)


def silent_agencies(ended: Ended) -> Rule:
    """The Rule: submit drafts in which a line is filled, mark others as absent, skip agencies that have more time."""
    cycle = ended.cycle
    if cycle.silent_agency == SilentAgency.WAIT:
        return Rule(notes=(_("The self-assessments that are not submitted stay open, as the cycle's rule says."),))
    waiting = files_of(ended).filter(state__in=UNSUBMITTED)
    return Rule(keys=keys_of(waiting), states=UNSUBMITTED, settle=settle_agency)


def files_of(ended: Ended) -> QuerySet[Assessment]:
    """The assessments that a window, or an extension, is about."""
    files = ended.cycle.assessments()
    if ended.dimension_id:
        files = files.filter(dimension=ended.dimension_id)
    return files.filter(participation__agency=ended.agency_id) if isinstance(ended, Extension) else files


def has_time(cycle: Cycle, stage: Stage, part: str = "", *, dimension: Dimension | int | None, agency: Agency) -> bool:
    """Whether another window for this work is open or to come, or an extension of the agency runs.

    A part that has a window of its own has its deadline there, however long the whole stage may last.
    """
    now, work = timezone.now(), {"part": part, "dimension": dimension}
    ends = list(cycle.windows.of(cycle, stage, **work).values_list("part", "closes_at"))
    own = [closes_at for whose, closes_at in ends if whose == part] or [closes_at for _part, closes_at in ends]
    if any(closes_at > now for closes_at in own):
        return True
    return cycle.extensions.running(cycle, stage, agency=agency, at=now, **work)


def settle_agency(assessment: Assessment, *, by: User, at: datetime) -> Assessment | None:
    """Apply the rule to one silent agency and tell its people. None when the agency has more time."""
    cycle, agency = assessment.cycle, assessment.agency
    if has_time(cycle, Stage.SELF_ASSESSMENT, dimension=assessment.dimension_id, agency=agency):
        return None
    settled = assessment_verbs.settle_silent(assessment, by=by, at=at)
    absent = settled.state == AssessmentState.ABSENT

    def text() -> str:
        if absent:
            sentence = _("“%(name)s” was not filled in time: “did not take part” was recorded.")
        else:
            sentence = _("The window of “%(name)s” has ended: it was submitted as it was.")
        return sentence % {"name": assessment}

    people = notice.people(Role.AGENCY, agency=agency)
    notice.tell(people, event=f"silent:{assessment.pk}:{at:%Y%m%d%H%M%S}", cycle=cycle, text=text)
    return settled


def silent_headquarters(ended: Ended) -> Rule:
    """The Rule: approve, or tell the manager how many wait; headquarters that have more time are skipped."""
    cycle = ended.cycle
    if ended.part not in (Part.WHOLE, Part.HEADQUARTERS):
        return NOTHING
    waiting = files_of(ended).filter(state=AssessmentState.SUBMITTED)
    if cycle.silent_headquarters == SilentHeadquarters.APPROVE:
        return Rule(keys=keys_of(waiting), states=(AssessmentState.SUBMITTED,), settle=approve)
    late = [
        assessment
        for assessment in waiting.select_related(*RELATED["assessment"])
        if not headquarters_have_time(assessment)
    ]
    if not late:
        return NOTHING
    sentence = _("Headquarters have not answered for %(count)s self-assessments.")
    return Rule(notes=(sentence % {"count": localise_digits(len(late))},))


def headquarters_have_time(assessment: Assessment) -> bool:
    """Whether the headquarters may still approve this file in another window or by an extension."""
    work = {"dimension": assessment.dimension_id, "agency": assessment.agency}
    return has_time(assessment.cycle, Stage.TRANSFER, Part.HEADQUARTERS, **work)


def approve(assessment: Assessment, *, by: User, at: datetime) -> Assessment | None:
    """Approve in the place of a silent headquarters. None when it has more time."""
    if headquarters_have_time(assessment):
        return None
    return assessment_verbs.approve_by_rule(assessment, by=by)


def silent_national(ended: Ended) -> Rule:
    """Finalise the lists by the cycle's rule; nothing when the rule is to wait."""
    cycle = ended.cycle
    if ended.part not in (Part.WHOLE, Part.ARO) or cycle.silent_national == SilentNational.WAIT:
        return NOTHING
    waiting = cycle.specific_lists.filter(state=ListState.SENT)
    if isinstance(ended, Extension):
        waiting = waiting.filter(agency=ended.agency_id)
    return Rule(model=SpecificList, keys=keys_of(waiting), states=(ListState.SENT,), settle=finalise)


def finalise(specific_list: SpecificList, *, by: User, at: datetime) -> SpecificList | None:
    """Finalise one list in the place of the national organization. None when there is more time."""
    work = {"dimension": conditions.specific_dimension(specific_list), "agency": specific_list.agency}
    if has_time(specific_list.cycle, Stage.INDICATORS, Part.ARO, **work):
        return None
    return indicator.finalise_by_rule(specific_list, by=by)


RULES = {
    Stage.SELF_ASSESSMENT: silent_agencies,
    Stage.TRANSFER: silent_headquarters,
    Stage.INDICATORS: silent_national,
}


# -- the cycle -------------------------------------------------------------------------------------


def move_on(cycle: Cycle, stage: Stage, *, by: User, at: datetime, notes: Sequence[str]) -> None:
    """Take a locked cycle to its next stage when the windows of its present one are over and nothing is missing."""
    if cycle.stage != stage or cycle.windows.filter(stage=stage, closes_at__gt=at).exists():
        return
    try:
        cycle_verbs.advance(cycle, by=by)
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


def tell_early(cycle: Cycle, window: StageWindow) -> None:
    """Tell that a window ended before the cycle reached its stage; the stage gets a window when it opens."""
    tell_managers(
        cycle,
        f"early:{window.pk}:{window.closes_at.isoformat()}",
        lambda: (
            _("The window “%(window)s” ended before the cycle reached this stage. Plan it again.") % {"window": window}
        ),
    )


def tell_failed(ended: Ended, failed: Sequence[Failed]) -> None:
    """Tell the managers what failed: once a day for each window."""
    tell_managers(
        ended.cycle,
        f"unclosed:{ended._meta.model_name}:{ended.pk}:{timezone.localdate()}",
        lambda: (
            _("“%(window)s” could not be closed for all: %(names)s. It is tried again every minute.")
            % {
                "window": ended,
                "names": "، ".join(name_of(known(failure.subject)) for failure in failed[:MAX_FAILURES_NAMED]),
            }
        ),
    )


def known(subject: Any) -> Any:
    """What failed, read from the database; before, only its key was known."""
    return type(subject).objects.get(pk=subject.pk)


def name_of(subject: Any) -> str:
    """The name by which the page of scheduled work calls what failed."""
    return f"{subject.cycle}: {subject}" if isinstance(subject, StageWindow | Extension) else str(subject)


def tell_managers(cycle: Cycle, event: str, text: Sentence) -> None:
    """Tell the managers of the cycle's province what stands in its way; once for each event."""
    notice.tell(notice.managers(cycle), event=event, kind=NoticeKind.STUCK, cycle=cycle, text=text)
