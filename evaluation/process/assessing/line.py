"""Marks: the one verb by which a figure of a line is written, singly and in bulk (docs/rights.md#lines)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from evaluation.enums import AssessmentState, MarkLevel, MarkSource, Scorer
from evaluation.models import Assessment, ImportRun, Line, Mark, OnBehalf
from evaluation.persian import format_decimal
from evaluation.rules import bulk_rights, conditions
from evaluation.rules.circumstances import Circumstances
from evaluation.rules.open_fields import ENTRIES, OwnLines, may_write_line, writable, writer_of
from evaluation.rules.scopes import forget_answers, holds_for
from evaluation.rules.state_words import point_of_view, state_text

from .. import bulk
from ..door import NO_RIGHT, Forbidden, Refusal, check_person, lock, refusal_of
from . import moves
from .line_columns import COLUMN, version_at
from .reckoning import Figures, Reckoned, reckon

if TYPE_CHECKING:
    from evaluation.rules.windows import WindowQuestion

RECKONED = frozenset({"actual", "score"})  # taken from the arithmetic, all else from what was entered

type Entries = Iterable[tuple[Line, Figures]]
type Written = tuple[Line, Figures, Reckoned]
type Rights = tuple[dict[int, str], OwnLines]  # as `gates_of` gives them


def check_entry(
    assessment: Assessment,
    level: MarkLevel,
    *,
    by: User,
    on_behalf: OnBehalf | None = None,
    at: datetime | None = None,
    ask: WindowQuestion = conditions.window_open,
) -> None:
    """Raise unless `by` may write `level` on this assessment now: right, state and window, in this order."""
    entry = ENTRIES[level]
    check_person(entry.may, assessment, by, on_behalf)
    if assessment.state not in entry.states:
        raise Refusal(
            _("“%(name)s” is in the state “%(state)s” and is not open for this entry.")
            % {"name": assessment, "state": state_text(assessment, point_of_view(by))}
        )
    if reasons := entry.window(ask).reasons(assessment, Circumstances(at)):
        raise Refusal(*reasons)


def check_line(line: Line, level: MarkLevel, *, by: User, figures: Figures, mine: bool | None = None) -> None:
    """`mine`: whether the line is among those that the person writes here, where that is known already."""
    if line.exempt:
        raise Refusal(_("“%(line)s” does not apply to this agency.") % {"line": line})
    if not (may_write_line(by, line, level) if mine is None else mine):
        if level != MarkLevel.INITIAL and line.indicator.scorer != Scorer.EVALUATOR:
            raise Refusal(_("“%(line)s” is filled by its steward or an external system.") % {"line": line})
        raise Forbidden("record_line")
    if figures.target is not None and "target" not in ENTRIES[level].fields:
        raise Refusal(_("“%(line)s”: the target is fixed at the freeze.") % {"line": line})


@transaction.atomic
def record(
    line: Line,
    level: MarkLevel,
    figures: Figures,
    *,
    by: User,
    version: str | None = None,
    on_behalf: OnBehalf | None = None,
    source: MarkSource = MarkSource.SCREEN,
    at: datetime | None = None,
    ask: WindowQuestion = conditions.window_open,
) -> tuple[Line, Reckoned]:
    """Write one figure of a line: mark and columns together, under the assessment's lock.

    `version` is the `version_at` this level that the person saw; another one refuses and names the standing value.
    Start the self-assessment; called when its first line is saved. `ask` as for `conditions.stage_window`. Returns the
    line as it stands now, with its assessment, and what was Reckoned. Raises Refusal or Forbidden.
    """
    assessment = lock(Assessment, line.assessment_id)
    with bulk_rights.rights_preloaded(by, [assessment]):
        mine = holds_for(writable(by, assessment, level))
        line = Line.objects.select_related("indicator__axis").annotate(mine=mine).get(pk=line.pk)
        line.assessment = assessment
        return record_locked(
            line, level, figures, by=by, mine=line.mine, version=version, on_behalf=on_behalf, source=source, at=at,
            ask=ask,
        )  # fmt: skip


def record_locked(
    line: Line,
    level: MarkLevel,
    figures: Figures,
    *,
    by: User,
    mine: bool,
    version: str | None = None,
    on_behalf: OnBehalf | None = None,
    source: MarkSource = MarkSource.SCREEN,
    at: datetime | None = None,
    ask: WindowQuestion = conditions.window_open,
) -> tuple[Line, Reckoned]:
    """`record` for a caller that has locked the assessment in its transaction and read the line after that.

    `mine` as for `check_line`. What was remembered of the person's rights serves the checks and is forgotten before
    anything is written.
    """
    check_entry(line.assessment, level, by=by, on_behalf=on_behalf, at=at, ask=ask)
    check_line(line, level, by=by, figures=figures, mine=mine)
    if version is not None and version != version_at(line, level):
        raise Refusal(
            _("Another person changed “%(line)s” at the same time (now %(value)s). Reload the page.")
            % {"line": line, "value": current_value(line, level)}
        )
    forget_answers(by)
    ((line, _figures, reckoned),) = write_unchecked(
        [(line, figures)], level, by=by, on_behalf=on_behalf, source=source, at=at
    )
    return line, reckoned


def current_value(line: Line, level: MarkLevel) -> str:
    """The line's actual at a level as people read it, or a dash."""
    return format_decimal(getattr(line, f"{level}_actual"), None) or "—"


@dataclass(frozen=True)
class EntryFault:
    """One entry of a bulk write that is refused, with the reason."""

    line: Line
    sentence: str
    gate: bool = False  # the whole assessment is closed to the person, not this figure


def check_many(
    entries: Entries,
    level: MarkLevel,
    *,
    by: User,
    on_behalf: OnBehalf | None = None,
    at: datetime | None = None,
    reckoned: dict[int, Reckoned] | None = None,
    rights: Rights | None = None,
) -> list[EntryFault]:
    """The EntryFaults of a bulk write, one per line; nothing is written. The checks are those of `record`.

    Rights and windows are asked in as many queries for 200 assessments as for one. Lines come with indicator and
    assessment (participation, cycle) selected. `reckoned` is {line pk: Reckoned} of figures that were computed before;
    missing ones are computed and added. `rights`: what `gates_of` gave in this transaction, for these assessments too.
    """
    entries, faults = list(entries), []
    reckoned = {} if reckoned is None else reckoned
    if rights is None:
        assessments = list(assessments_of(line for line, _figures in entries).values())
        rights = gates_of(assessments, level, by=by, on_behalf=on_behalf, at=at)
    gates, mine = rights
    closed = {key: sentence for key, sentence in gates.items() if sentence}
    for line, figures in entries:
        if closed and (gate := closed.get(line.assessment_id)):
            faults.append(EntryFault(line, gate, gate=True))
            continue
        try:
            if line.exempt or figures.target is not None or not mine(line):
                check_line(line, level, by=by, figures=figures, mine=mine(line))
            if line.id not in reckoned:
                reckoned[line.id] = reckon(line, level, figures)
        except Refusal as refusal:
            faults.append(EntryFault(line, str(refusal)))
        except Forbidden:
            faults.append(EntryFault(line, str(NO_RIGHT)))
    return faults


def assessments_of(lines: Iterable[Line]) -> dict[int, Assessment]:
    """{pk: assessment} of these lines. Each is asked for once, since Django's relations are slow to follow."""
    assessments: dict[int, Assessment] = {}
    for line in lines:
        if (key := line.assessment_id) not in assessments:
            assessments[key] = line.assessment
    return assessments


def gates_of(
    assessments: Sequence[Assessment],
    level: MarkLevel,
    *,
    by: User,
    on_behalf: OnBehalf | None = None,
    at: datetime | None = None,
) -> Rights:
    """({assessment pk: why it is closed, or ""}, predicate over their lines: whether the person writes this one)."""
    ask = bulk_rights.WindowsOnce()
    with bulk_rights.rights_preloaded(by, assessments):
        gates = {
            assessment.pk: refusal_of(check_entry, assessment, level, by=by, on_behalf=on_behalf, at=at, ask=ask)
            for assessment in assessments
        }
        return gates, writer_of(by, assessments, level)


@transaction.atomic
def record_many(
    entries: Entries,
    level: MarkLevel,
    *,
    by: User,
    on_behalf: OnBehalf | None = None,
    source: MarkSource = MarkSource.IMPORT,
    run: ImportRun | None = None,
    at: datetime | None = None,
    reckoned: dict[int, Reckoned] | None = None,
) -> None:
    """The bulk form of `record`: all or nothing. Raises Refusal with every fault.

    `reckoned` as in `check_many`: a caller that has checked passes the same mapping on.
    """
    entries, reckoned = list(entries), {} if reckoned is None else reckoned
    ids = {line.assessment_id for line, _figures in entries}
    list(Assessment.objects.select_for_update(of=("self",)).filter(pk__in=ids).values_list("pk"))
    if faults := check_many(entries, level, by=by, on_behalf=on_behalf, at=at, reckoned=reckoned):
        raise Refusal(*(fault.sentence for fault in faults))
    write_unchecked(entries, level, by=by, on_behalf=on_behalf, source=source, run=run, at=at, known=reckoned)


def write_unchecked(
    entries: Entries,
    level: MarkLevel,
    *,
    by: User,
    on_behalf: OnBehalf | None = None,
    source: MarkSource = MarkSource.SCREEN,
    run: ImportRun | None = None,
    at: datetime | None = None,
    known: Mapping[int, Reckoned] | None = None,
) -> list[Written]:
    """Write marks and the lines' columns without any check; callers have checked rights, state and window.

    Returns [(line with its new columns, Figures, Reckoned)]; the lines' assessments are those that this started.
    """
    known, written = known or {}, []
    for line, figures in entries:
        written.append((line, figures, known.get(line.id) or reckon(line, level, figures)))
    if not written:
        return written
    targets = [line.target_at(level) if figures.target is None else figures.target for line, figures, _found in written]
    keep_marks(written, level, targets=targets, by=by, on_behalf=on_behalf, source=source, run=run)
    for line, figures, reckoned in written:
        set_columns(line, level, figures, reckoned)
    save_columns([line for line, _figures, _found in written], level)
    if level == MarkLevel.SELF:
        started = {
            key: moves.start(assessment, by=by, on_behalf=on_behalf, at=at)
            for key, assessment in assessments_of(line for line, _figures, _found in written).items()
            if assessment.state == AssessmentState.NOT_STARTED
        }
        for line, _figures, _found in written if started else ():
            line.assessment = started.get(line.assessment_id, line.assessment)
    return written


def keep_marks(
    written: Sequence[Written],
    level: MarkLevel,
    *,
    targets: Sequence[Decimal | None],
    by: User,
    source: MarkSource,
    on_behalf: OnBehalf | Mapping[int, OnBehalf] | None = None,
    run: ImportRun | None = None,
) -> None:
    """The history of what is written: a mark for each (line, Figures, Reckoned).

    `on_behalf` is the letter of all, or {key of the assessment: its own}.
    """
    letter = on_behalf.get if isinstance(on_behalf, Mapping) else lambda _assessment: on_behalf
    letters = {key: letter(key) for key in {line.assessment_id for line, _figures, _reckoned in written}}
    keys_of_letters = {key: of_file and of_file.pk for key, of_file in letters.items()}
    lines, figures, reckoned = zip(*written, strict=True)
    bulk.insert(
        Mark,
        {
            "line_id": [line.id for line in lines],
            "actual": [computed_figures.actual for computed_figures in reckoned],
            "target": targets,
            "numerator": [entered.numerator for entered in figures],
            "denominator": [entered.denominator for entered in figures],
            "score": [computed_figures.score for computed_figures in reckoned],
            "override": [computed_figures.override for computed_figures in reckoned],
            "explanation": [computed_figures.explanation for computed_figures in reckoned],
            "note": [entered.note for entered in figures],
            "on_behalf_of_id": [keys_of_letters[line.assessment_id] for line in lines],
        },
        same=shared_by_marks(level, by=by, source=source, run=run),
    )


def shared_by_marks(level: MarkLevel, *, by: User, source: MarkSource, run: ImportRun | None) -> dict[str, Any]:
    """The columns of a mark that are equal in all marks of one writing, which is now."""
    return {"level": level, "by_id": by.pk, "at": timezone.now(), "source": source, "run_id": run and run.pk}


def set_columns(line: Line, level: MarkLevel, figures: Figures, reckoned: Reckoned) -> None:
    """Set the line's columns of one level from what was entered and what was computed from it; unsaved."""
    for name, column in COLUMN[level].items():
        if name != "target" or figures.target is not None:
            setattr(line, column, getattr(reckoned if name in RECKONED else figures, name))
    line.version += 1


def save_columns(lines: Sequence[Line], level: MarkLevel) -> None:
    """The lines' columns of one level, and their new versions."""
    names = [*COLUMN[level].values(), "version"]
    bulk.update(Line, [line.id for line in lines], {name: [getattr(line, name) for line in lines] for name in names})


def copy_self_to_hq(
    assessments: Sequence[Assessment], *, by: User, on_behalf: OnBehalf | Mapping[int, OnBehalf] | None = None
) -> None:
    """Copy the agencies' figures to the headquarters' level of the lines that the headquarters did not change.

    `on_behalf` as in `keep_marks`.
    """
    lines = lines_in(assessments).filter(hq_score=None, hq_actual=None).exclude(self_score=None, self_actual=None)
    for line in lines:
        line.hq_actual, line.hq_score = line.self_actual, line.self_score
        line.version += 1
    write_marks_as_set(lines, MarkLevel.HQ, by=by, on_behalf=on_behalf, source=MarkSource.COPY)


def lines_in(assessments: Sequence[Assessment]) -> QuerySet[Line]:
    """The lines of these assessments, file by file."""
    return Line.objects.filter(assessment__in=assessments).order_by("assessment_id", "pk")


def write_final(assessments: Sequence[Assessment], *, by: User) -> None:
    """Write the final level of every line: the revised figures, else the initial ones; an exempt line has none."""
    lines = lines_in(assessments).filter(exempt=False)
    for line in lines:
        revised = line.revised_score is not None
        line.final_score = line.standing_score
        line.final_actual = line.revised_actual if revised and line.revised_actual is not None else line.initial_actual
        line.version += 1
    write_marks_as_set(lines, MarkLevel.FINAL, by=by, source=MarkSource.CONFIRMATION)


def write_marks_as_set(
    lines: Collection[Line],
    level: MarkLevel,
    *,
    by: User,
    source: MarkSource,
    on_behalf: OnBehalf | Mapping[int, OnBehalf] | None = None,
) -> None:
    """Marks for figures already set on the lines, and the lines' columns. `on_behalf` as in `keep_marks`."""
    if not lines:
        return
    written = [
        (line, Figures(), Reckoned(getattr(line, f"{level}_actual"), getattr(line, f"{level}_score"), False, {}))
        for line in lines
    ]
    targets = [line.target_at(level) for line in lines]
    keep_marks(written, level, targets=targets, by=by, source=source, on_behalf=on_behalf)
    save_columns(list(lines), level)
