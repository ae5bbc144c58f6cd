"""The cycle's rule for a side that was silent when its window or extension ended: which files wait, what is done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from evaluation.enums import (
    AssessmentState,
    ListState,
    Part,
    Role,
    SilentAgency,
    SilentHeadquarters,
    SilentNational,
    Stage,
)
from evaluation.models import Assessment, Cycle, Extension, SpecificList, StageWindow
from evaluation.persian import localise_digits
from evaluation.rules import conditions

from ..assessing import many_files
from ..catalogue import many_lists
from ..door import RELATED, Batch
from ..messages import notice

type Ended = StageWindow | Extension  # what has come to its end


def leave_alone(_files: Sequence[Model], *, by: User, at: datetime) -> Batch:
    """What a rule does that has no files to settle."""
    return Batch([], [])


@dataclass(frozen=True)
class Rule:
    """What a cycle's rule for a silent side asks: `settle(files, by=, at=)` for waiting files still in `states`.

    `settle` gives a Batch; files whose side has more time are in neither of its lists.
    """

    model: type[Assessment | SpecificList] = Assessment
    keys: Sequence[int] = ()
    states: tuple[str, ...] = ()
    settle: Callable[..., Batch] = leave_alone
    notes: tuple[str, ...] = ()


NOTHING = Rule()


def keys_of(rows: QuerySet) -> list[int]:
    """The keys of a query's rows, in their order."""
    return list(rows.order_by("pk").values_list("pk", flat=True))


class TimeLeft:
    """Whether agencies have more time for one work of a cycle now; windows and extensions are asked once.

    A part that has a window of its own has its deadline there, however long the whole stage may last.
    """

    def __init__(self, cycle: Cycle, stage: Stage, part: str = "") -> None:
        self.cycle, self.stage, self.part, self.now = cycle, stage, part, timezone.now()
        self.known: dict[int | None, tuple[bool, set[int]]] = {}

    def __call__(self, dimension: int | None, agency: int) -> bool:
        """Whether another window for this dimension is open or to come, or an extension of the agency runs."""
        if dimension not in self.known:
            self.known[dimension] = self.ask(dimension)
        everybody, agencies = self.known[dimension]
        return everybody or agency in agencies

    def ask(self, dimension: int | None) -> tuple[bool, set[int]]:
        """(whether a window gives everybody time, the keys of the agencies that have an extension)."""
        work: dict[str, Any] = {"part": self.part, "dimension": dimension}
        ends = list(self.cycle.windows.of(self.cycle, self.stage, **work).values_list("part", "closes_at"))
        own = [closes_at for whose, closes_at in ends if whose == self.part] or [end for _part, end in ends]
        running = self.cycle.extensions.covering(self.cycle, self.stage, at=self.now, **work)
        return any(end > self.now for end in own), set(running.values_list("agency_id", flat=True))

    def without(self, assessments: Sequence[Assessment]) -> list[Assessment]:
        """Those of the files for which there is no more time."""
        return [file for file in assessments if not self(file.dimension_id, file.participation.agency_id)]


# -- agencies --------------------------------------------------------------------------------------

UNSUBMITTED = (AssessmentState.NOT_STARTED, AssessmentState.DRAFTING)


def silent_agencies(ended: Ended) -> Rule:
    """The Rule: submit drafts in which a line is filled, mark others as absent, skip agencies that have more time."""
    cycle = ended.cycle
    if cycle.silent_agency == SilentAgency.WAIT:
        return Rule(notes=(_("The self-assessments that are not submitted stay open, as the cycle's rule says."),))
    waiting = files_of(ended).filter(state__in=UNSUBMITTED)
    return Rule(keys=keys_of(waiting), states=UNSUBMITTED, settle=settle_agencies)


def files_of(ended: Ended) -> QuerySet[Assessment]:
    """The assessments that a window, or an extension, is about."""
    files = ended.cycle.assessments()
    if ended.dimension_id:
        files = files.filter(dimension=ended.dimension_id)
    return files.filter(participation__agency=ended.agency_id) if isinstance(ended, Extension) else files


def settle_agencies(files: Sequence[Assessment], *, by: User, at: datetime) -> Batch:
    """Apply the rule to silent agencies of one cycle and tell their people. The caller has just locked the files."""
    late = TimeLeft(files[0].cycle, Stage.SELF_ASSESSMENT).without(files)
    batch = many_files.settle_silent(late, by=by, at=at, held=True)
    people = notice.people_of(Role.AGENCY, "agency", [file.participation.agency_id for file in batch.done])
    notice.tell_many(
        notice.Tiding(
            people.get(file.participation.agency_id, []),
            event=f"silent:{file.pk}:{at:%Y%m%d%H%M%S}",
            cycle=file.cycle,
            text=partial(what_became_of, file),
        )
        for file in batch.done
    )
    return batch


def what_became_of(assessment: Assessment) -> str:
    """What the agency's people read of a file that was settled for them."""
    if assessment.state == AssessmentState.ABSENT:
        sentence = _("“%(name)s” was not filled in time: “did not take part” was recorded.")
    else:
        sentence = _("The window of “%(name)s” has ended: it was submitted as it was.")
    return sentence % {"name": assessment}


# -- headquarters ----------------------------------------------------------------------------------


def silent_headquarters(ended: Ended) -> Rule:
    """The Rule: approve, or tell the manager how many wait; headquarters that have more time are skipped."""
    cycle = ended.cycle
    if ended.part not in (Part.WHOLE, Part.HEADQUARTERS):
        return NOTHING
    waiting = files_of(ended).filter(state=AssessmentState.SUBMITTED)
    if cycle.silent_headquarters == SilentHeadquarters.APPROVE:
        return Rule(keys=keys_of(waiting), states=(AssessmentState.SUBMITTED,), settle=approve)
    time_left = TimeLeft(cycle, Stage.TRANSFER, Part.HEADQUARTERS)
    late = time_left.without(list(waiting.select_related(*RELATED["assessment"])))
    if not late:
        return NOTHING
    sentence = _("Headquarters have not answered for %(count)s self-assessments.")
    return Rule(notes=(sentence % {"count": localise_digits(len(late))},))


def approve(files: Sequence[Assessment], *, by: User, at: datetime) -> Batch:
    """Approve in the place of silent headquarters of one cycle."""
    late = TimeLeft(files[0].cycle, Stage.TRANSFER, Part.HEADQUARTERS).without(files)
    return many_files.approve_by_rule(late, by=by)


# -- the national organization ---------------------------------------------------------------------


def silent_national(ended: Ended) -> Rule:
    """Finalise the lists by the cycle's rule; nothing when the rule is to wait."""
    cycle = ended.cycle
    if ended.part not in (Part.WHOLE, Part.ARO) or cycle.silent_national == SilentNational.WAIT:
        return NOTHING
    waiting = cycle.specific_lists.filter(state=ListState.SENT)
    if isinstance(ended, Extension):
        waiting = waiting.filter(agency=ended.agency_id)
    return Rule(model=SpecificList, keys=keys_of(waiting), states=(ListState.SENT,), settle=finalise)


def finalise(lists: Sequence[SpecificList], *, by: User, at: datetime) -> Batch:
    """Finalise lists of one cycle in the place of the national organization."""
    dimension = conditions.specific_dimension(lists[0])
    time_left = TimeLeft(lists[0].cycle, Stage.INDICATORS, Part.ARO)
    late = [row for row in lists if not time_left(dimension and dimension.pk, row.agency_id)]
    return many_lists.finalise_by_rule(late, by=by)


RULES = {
    Stage.SELF_ASSESSMENT: silent_agencies,
    Stage.TRANSFER: silent_headquarters,
    Stage.INDICATORS: silent_national,
}
