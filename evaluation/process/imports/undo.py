"""Undoing what an import wrote, row by row: reversed, kept because edited since, or failed with a reason.

A row is reversed only where its columns still hold what the import wrote, and only while the same entry is still open
to the person; a row that the import made is removed only while nothing refers to it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from evaluation.enums import AssessmentState, ChangeOutcome, DimensionKind, ImportState, MarkLevel, MarkSource, Workbook
from evaluation.models import (
    Agency,
    Assessment,
    Attendance,
    Axis,
    Committee,
    CommitteeMember,
    DayOff,
    EarlierTotal,
    Evaluator,
    EvaluatorGroup,
    Faq,
    Headquarters,
    ImportChange,
    ImportRun,
    Indicator,
    LegalReference,
    Line,
    Mark,
    Membership,
    Nominee,
    SpecificList,
)
from evaluation.rules.bulk_rights import WindowsOnce, rights_preloaded
from evaluation.rules.permissions import holds

from ..assessing import feed
from ..assessing.line import check_entry, save_columns
from ..catalogue import indicator, target
from ..door import Forbidden, Refusal, refusal_of
from ..door_many import lock_many, perform_many
from ..festival import nominee_import
from ..improvement import plan_import
from ..progress import SILENT
from ..results import level as level_verbs
from ..reversing import fields_of, present
from . import catalogue_import, import_run
from .table_import import table_open

if TYPE_CHECKING:
    from evaluation.process.progress import Progress, Silent
    from evaluation.rules.windows import WindowQuestion

REVERSED, KEPT, FAILED = ChangeOutcome.REVERSED, ChangeOutcome.KEPT, ChangeOutcome.FAILED
ROWS_PER_QUERY = 500

type Answer = tuple[ChangeOutcome, str]  # the outcome of a change, and the reason where it was not put back
type Answers = dict[int, Answer]  # by the key of the change
type Gate = Callable[[Any, ImportRun], object]
type Reverser = Callable[[Sequence[ImportChange], ImportRun], Answers]


@transaction.atomic
def undo(run: ImportRun, watched: Progress | Silent = SILENT) -> ImportRun:
    """Reverse what `run.undoes` wrote and note the outcome of every row. Returns the run. Raises Refusal, Overtaken."""
    source = ImportRun.objects.select_for_update(of=("self",)).get(pk=run.undoes_id)
    if source.cycle and source.stage != source.cycle.stage:
        raise Refusal(*import_run.moved_on(source.cycle))
    changes = list(source.changes.order_by("-pk"))
    answers: Answers = {}
    for kind in ORDER:
        of_kind = [change for change in changes if change.kind == kind]
        if of_kind:
            answers |= REVERSERS[kind](of_kind, run)
        watched.at("undoing", len(answers), len(changes))
    note_outcomes(source, answers)
    import_run.note_undone(source, by=run.asked_by, on_behalf=run.on_behalf_of)
    counts = {outcome: sum(1 for answer, _reason in answers.values() if answer == outcome) for outcome in ChangeOutcome}
    return import_run.end_attempt(
        run,
        ImportState.WRITTEN,
        report={"remarks": left_begun(source)},
        stage=source.stage,
        written_at=timezone.now(),
        changed=counts[REVERSED],
        same=counts[KEPT],
        wrong=counts[FAILED],
    )


def left_begun(source: ImportRun) -> list[str]:
    """Sentences on self-assessments that hold no figure any more: a self-assessment that was begun stays begun."""
    lines = source.changes.filter(kind="line", outcome=REVERSED).values("object_id")
    filled = Line.objects.exclude(self_actual=None, self_score=None).values("assessment")
    begun = Assessment.objects.filter(state=AssessmentState.DRAFTING, lines__in=lines).exclude(pk__in=filled)
    words = _(
        "“%(name)s” stays in the state “%(state)s”, now without any figure; if nothing is entered, “did not "
        "take part” is recorded."
    )
    related = begun.distinct().select_related("participation__agency", "dimension").order_by("pk")
    return [words % {"name": assessment, "state": assessment.get_state_display()} for assessment in related]


def note_outcomes(source: ImportRun, answers: Answers) -> None:
    """Write the outcomes to the changes: one UPDATE for what was reversed, one for each reason."""
    by_answer = defaultdict(list)
    for key, answer in answers.items():
        by_answer[answer].append(key)
    for (outcome, reason), keys in by_answer.items():
        for start in range(0, len(keys), ROWS_PER_QUERY):
            rows = ImportChange.objects.filter(run=source, pk__in=keys[start : start + ROWS_PER_QUERY])
            rows.update(outcome=outcome, reason=reason)


# -- plain rows -----------------------------------------------------------------------------------


def rows_of(model: type[Model], gate: Gate) -> Reverser:
    """A reverser of plain rows. `gate(obj, run)` raises Refusal or Forbidden where they are closed by now."""

    def reverse(changes: Sequence[ImportChange], run: ImportRun) -> Answers:
        answers = {}
        for change in changes:
            obj = model.objects.select_for_update(of=("self",)).filter(pk=change.object_id).first()
            answers[change.pk] = reverse_row(obj, change, run, gate)
        return answers

    return reverse


def reverse_row(obj: Model | None, change: ImportChange, run: ImportRun, gate: Gate) -> Answer:
    """Put one plain row back: (outcome, reason)."""
    if obj is None:
        return KEPT, _("It was removed later.")
    if not present(obj, change):
        return KEPT, ""
    if refusal := refusal_of(gate, obj, run):
        return FAILED, refusal
    if change.before is None:
        return remove(obj)
    for name, value in fields_of(type(obj), change.before).items():
        setattr(obj, name, value)
    obj.save()
    return REVERSED, ""


def remove(obj: Any) -> Answer:
    """Delete a row that the import made, unless anything refers to it: nothing of others goes with it."""
    for relation in obj._meta.related_objects:
        if relation.related_model._base_manager.filter(**{relation.field.name: obj}).exists():
            return FAILED, _("It is now used elsewhere (%(what)s) and is kept.") % {
                "what": relation.related_model._meta.verbose_name_plural
            }
    obj.delete()
    return REVERSED, ""


def agencies_open(obj: Any, run: ImportRun) -> None:
    """Raise Forbidden unless the person may import agencies into the run's province."""
    if not catalogue_import.may_import_agencies(run.asked_by, run.province):
        raise Forbidden("import_agency")


def attendance_open(obj: Any, run: ImportRun) -> None:
    """Raise Forbidden unless the person may record who came to the workshop."""
    if not holds(run.asked_by, "hold_workshop", obj.workshop):
        raise Forbidden("hold_workshop")


def catalogue_open(obj: Any, run: ImportRun) -> None:
    """A general indicator or an axis: until its dimension is frozen. A specific one: while its list is open."""
    if not isinstance(obj, Indicator) or obj.dimension.kind == DimensionKind.GENERAL:
        catalogue_import.check_catalogue(obj.dimension)
        return
    specific_list = SpecificList.objects.get(cycle=obj.cycle_id, agency=obj.agency_id)
    indicator.check_proposal(specific_list, by=run.asked_by, on_behalf=run.on_behalf_of)
    catalogue_import.check_slice(specific_list, obj)


# -- lines ----------------------------------------------------------------------------------------


def reverse_lines(changes: Sequence[ImportChange], run: ImportRun) -> Answers:
    """Restore the columns of lines in bulk, with a mark for each level that goes back."""
    lines = lines_of(changes)
    gates, answers, restored = gates_of_lines(changes, lines, run), {}, defaultdict(list)
    for change in changes:
        line = lines.get(change.object_id)
        if line is None or not present(line, change):
            answers[change.pk] = KEPT, ""
            continue
        levels = levels_of(change)
        key = (line.assessment_id, *levels)
        if gates[key]:
            answers[change.pk] = FAILED, gates[key]
            continue
        for name, value in fields_of(Line, change.before).items():
            setattr(line, name, value)
        line.version += 1
        for level in levels:
            restored[level].append(line)
        answers[change.pk] = REVERSED, ""
    for level, rows in restored.items():
        write_back(rows, level, run)
    return answers


def gates_of_lines(
    changes: Sequence[ImportChange], lines: Mapping[int, Line], run: ImportRun
) -> dict[tuple[int | MarkLevel, ...], str]:
    """{(key of an assessment, its changed levels): why they may not be written any more, or an empty text}.

    Rights and windows are asked in as many queries for all files as for one.
    """
    asked = {}
    for change in changes:
        if line := lines.get(change.object_id):
            levels = levels_of(change)
            asked[line.assessment_id, *levels] = line.assessment, levels
    once = WindowsOnce()
    with rights_preloaded(run.asked_by, list({file.pk: file for file, _levels in asked.values()}.values())):
        return {key: refusal_of(lines_open, file, levels, run, once) for key, (file, levels) in asked.items()}


def lines_of(changes: Sequence[ImportChange]) -> dict[int, Line]:
    """{pk: line} of these changes, under the lock of their assessments, with what rights and windows ask."""
    keys = [change.object_id for change in changes]
    lines: dict[int, Line] = {}
    for start in range(0, len(keys), ROWS_PER_QUERY):
        rows = Line.objects.filter(pk__in=keys[start : start + ROWS_PER_QUERY])
        lines |= {line.pk: line for line in rows}
    ids = {line.assessment_id for line in lines.values()}
    locked = Assessment.objects.select_for_update(of=("self",)).filter(pk__in=ids)
    related = ("participation__cycle__province", "participation__agency__headquarters", "dimension")
    assessments = {assessment.pk: assessment for assessment in locked.select_related(*related)}
    for line in lines.values():
        line.assessment = assessments[line.assessment_id]
    return lines


def levels_of(change: ImportChange) -> tuple[MarkLevel, ...]:
    """The levels whose columns a change of a line holds, in the order of the chain."""
    prefixes = {name.partition("_")[0] for name in change.after}
    return tuple(level for level in MarkLevel if level.value in prefixes)


def lines_open(assessment: Assessment, levels: Collection[MarkLevel], run: ImportRun, ask: WindowQuestion) -> None:
    """Raise unless these levels may still be written: as on screen, or for a received file until scoring opens."""
    if MarkLevel.HQ in levels or run.workbook == Workbook.RECEIVED:
        if not holds(run.asked_by, "receive_assessment", assessment):
            raise Forbidden("receive_assessment")
        if assessment.state != AssessmentState.RECEIVED:
            raise Refusal(
                _("“%(name)s” is now in the state “%(state)s”.")
                % {"name": assessment, "state": assessment.get_state_display()}
            )
        return
    for level in levels:
        check_entry(assessment, level, by=run.asked_by, on_behalf=run.on_behalf_of, ask=ask)


def write_back(lines: Sequence[Line], level: MarkLevel, run: ImportRun) -> None:
    """The lines' columns, and a mark of source “undo” for each."""
    now = timezone.now()
    marks = [
        Mark(
            line=line,
            level=level,
            actual=getattr(line, f"{level}_actual"),
            target=line.target_at(level),
            score=getattr(line, f"{level}_score"),
            note=getattr(line, f"{level}_note"),
            by=run.asked_by,
            on_behalf_of=run.on_behalf_of,
            at=now,
            source=MarkSource.UNDO,
            run=run,
        )
        for line in lines
    ]
    Mark.objects.bulk_create(marks, batch_size=ROWS_PER_QUERY)
    save_columns(lines, level)


def reverse_receipts(changes: Sequence[ImportChange], run: ImportRun) -> Answers:
    """Take assessments back to the state from which the workbook `received` them, once their lines are back."""
    change_of = {change.object_id: change for change in changes}
    files = lock_many([Assessment(pk=key) for key in change_of])
    received = [file for file in files if file.state == change_of[file.pk].after["state"]]
    batch = perform_many(
        received,
        "undo_receipt",
        by=run.asked_by,
        note=_("Import %(number)s was undone.") % {"number": run.undoes_id},
        data={file.pk: state_before(change_of[file.pk]) for file in received},
    )
    answers = {change.pk: (KEPT, "") for change in changes}
    answers |= {change_of[file.pk].pk: (REVERSED, "") for file in batch.done}
    return answers | {change_of[file.pk].pk: (FAILED, refusal) for file, refusal in batch.left_out}


def state_before(change: ImportChange) -> dict[str, Any]:
    """What `undo_receipt` is given: the state before the receipt, and the deadline of its own."""
    deadline = change.before["return_deadline"]
    return {"to": change.before["state"], "deadline": deadline and datetime.fromisoformat(deadline)}


REVERSERS = {
    "line": reverse_lines,
    "assessment": reverse_receipts,
    "indicator": rows_of(Indicator, catalogue_open),
    "axis": rows_of(Axis, catalogue_open),
    "agency": rows_of(Agency, agencies_open),
    "headquarters": rows_of(Headquarters, agencies_open),
    "target": target.reverse,
    "feedvalue": feed.reverse,
    "agencyresult": level_verbs.reverse,
    "earliertotal": rows_of(EarlierTotal, table_open),
    "improvementaction": plan_import.reverse,
    "nominee": rows_of(Nominee, nominee_import.nominee_open),
    "membership": rows_of(Membership, table_open),
    "evaluator": rows_of(Evaluator, table_open),
    "evaluatorgroup": rows_of(EvaluatorGroup, table_open),
    "attendance": rows_of(Attendance, attendance_open),
    "committeemember": rows_of(CommitteeMember, table_open),
    "committee": rows_of(Committee, table_open),
    "legalreference": rows_of(LegalReference, table_open),
    "faq": rows_of(Faq, table_open),
    "dayoff": rows_of(DayOff, table_open),
}
ORDER = tuple(REVERSERS)  # rows that refer to others are undone before those


def listed(source: ImportRun) -> list[tuple[str, str, list[ImportChange]]]:
    """(outcome, reason, changes) of an undone run, grouped as people read them."""
    rows = source.changes.exclude(outcome="").order_by("outcome", "reason", "pk")
    return [(*key, list(group)) for key, group in groupby(rows, key=lambda change: (change.outcome, change.reason))]
