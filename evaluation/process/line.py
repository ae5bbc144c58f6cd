"""Marks: the one verb by which a figure of a line is written, singly and in bulk (DESIGN 3)."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from evaluation import scoring
from evaluation.enums import AssessmentState, MarkLevel, MarkSource, Scorer
from evaluation.models import Assessment, Line, Mark
from evaluation.rules import conditions
from evaluation.rules.open_fields import ENTRIES, may_write_line, writable_lines
from evaluation.rules.permissions import holds

from . import assessment as verbs
from .door import Forbidden, Refusal, check_person, lock
from .reckoning import Figures, Reckoned, measurement, reckon

LEVEL_COLUMNS = {
    MarkLevel.SELF: ("actual", "numerator", "denominator", "score", "note"),
    MarkLevel.HQ: ("actual", "score", "note"),
    MarkLevel.INITIAL: ("actual", "target", "score", "note"),
    MarkLevel.REVISED: ("actual", "target", "score", "note"),
    MarkLevel.FINAL: ("actual", "score"),
}


def check_entry(assessment, level, *, by, on_behalf=None, at=None):
    """Raise unless `by` may write `level` on this assessment now: right, state and window, in this order."""
    entry = ENTRIES[level]
    check_person(entry.may, assessment, by, on_behalf)
    if assessment.state not in entry.states:
        raise Refusal(
            _("“%(name)s” is in the state “%(state)s” and is not open for this entry.")
            % {"name": assessment, "state": assessment.get_state_display()}
        )
    assessment.as_of = at
    if reasons := entry.window().reasons(assessment):
        raise Refusal(*reasons)


def check_line(line, level, *, by, figures, mine=None):
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
def record(line, level, figures, *, by, version=None, on_behalf=None, source=MarkSource.SCREEN, at=None):
    """Write one figure of a line: mark and columns together, under the assessment's lock. Returns the mark.

    `version` is the line's version that the person saw; a newer one refuses and names the standing value. The first
    saved line starts the self-assessment. Raises Refusal or Forbidden.
    """
    assessment = lock(Assessment, line.assessment_id)
    line = Line.objects.select_related("indicator").get(pk=line.pk)
    line.assessment = assessment
    check_entry(assessment, level, by=by, on_behalf=on_behalf, at=at)
    check_line(line, level, by=by, figures=figures)
    if version is not None and version != line.version:
        raise Refusal(
            _("“%(line)s” was changed by somebody else in the meantime (now %(value)s). Reload to see it.")
            % {"line": line, "value": standing(line, level)}
        )
    return write([(line, figures)], level, by=by, on_behalf=on_behalf, source=source, at=at)[0]


def standing(line, level):
    value = getattr(line, f"{level}_actual")
    return "—" if value is None else f"{value.normalize():f}"


@dataclass(frozen=True)
class Wrong:
    """One entry of a bulk write that may not stand."""

    line: Line
    sentence: str
    gate: bool = False  # the whole assessment is closed to the person, not this figure


def check_many(entries: Iterable[tuple[Line, Figures]], level, *, by, on_behalf=None, at=None, reckoned=None):
    """The faults of a bulk write, one per line, with nothing written: rights and window once per assessment.

    Lines come with indicator and assessment (participation, cycle) selected. The same checks as `record`. `reckoned`
    {line pk: Reckoned of these very figures} spares the arithmetic that was done before; what is missing is added.
    """
    gates, mine, wrong = {}, {}, []
    reckoned = {} if reckoned is None else reckoned
    for line, figures in entries:
        key = line.assessment_id
        if key not in gates:
            gates[key] = refusal_of(check_entry, line.assessment, level, by=by, on_behalf=on_behalf, at=at)
            mine[key] = set(writable_lines(by, line.assessment, level).values_list("pk", flat=True))
        sentence = gates[key] or refusal_of(
            check_figures, line, level, by=by, figures=figures, mine=line.pk in mine[key], reckoned=reckoned
        )
        if sentence:
            wrong.append(Wrong(line, sentence, gate=bool(gates[key])))
    return wrong


def check_figures(line, level, *, by, figures, mine, reckoned):
    check_line(line, level, by=by, figures=figures, mine=mine)
    if line.pk not in reckoned:
        reckoned[line.pk] = reckon(line, level, figures)


def refusal_of(check, *args, **kwargs):
    try:
        check(*args, **kwargs)
    except Refusal as refusal:
        return str(refusal)
    except Forbidden:
        return _("You have no right to this step here.")
    return ""


@transaction.atomic
def record_many(
    entries: Iterable[tuple[Line, Figures]],
    level,
    *,
    by,
    on_behalf=None,
    source=MarkSource.SHEET,
    run=None,
    at=None,
    reckoned: dict[int, Reckoned] | None = None,
):
    """The bulk form of `record`: all or nothing. Raises Refusal with every fault. Returns the marks.

    `reckoned` as in `check_many`, which fills it: a caller that has checked hands on what it was given there.
    """
    entries, reckoned = list(entries), {} if reckoned is None else reckoned
    ids = {line.assessment_id for line, _figures in entries}
    list(Assessment.objects.select_for_update(of=("self",)).filter(pk__in=ids).values_list("pk"))
    if wrong := check_many(entries, level, by=by, on_behalf=on_behalf, at=at, reckoned=reckoned):
        raise Refusal(*(each.sentence for each in wrong))
    return write(entries, level, by=by, on_behalf=on_behalf, source=source, run=run, at=at, known=reckoned)


def write(entries, level, *, by, on_behalf=None, source=MarkSource.SCREEN, run=None, at=None, known=None):
    """Marks and the lines' columns, without asking anything: the checked end of `record` and of the verbs."""
    now, marks, known = timezone.now(), [], known or {}
    for line, figures in entries:
        reckoned = known.get(line.pk) or reckon(line, level, figures)
        marks.append(
            Mark(
                line=line,
                level=level,
                actual=reckoned.actual,
                target=figures.target if figures.target is not None else line.target_at(level),
                numerator=figures.numerator,
                denominator=figures.denominator,
                score=reckoned.score,
                override=reckoned.override,
                explanation=reckoned.explanation,
                note=figures.note,
                by=by,
                on_behalf_of=on_behalf,
                at=now,
                source=source,
                run=run,
            )
        )
        fill(line, level, figures, reckoned)
    Mark.objects.bulk_create(marks, batch_size=500)
    save_columns([line for line, _figures in entries], level)
    if level == MarkLevel.SELF:
        for assessment in {line.assessment_id: line.assessment for line, _figures in entries}.values():
            if assessment.state == AssessmentState.NOT_STARTED:
                verbs.start(assessment, by=by, on_behalf=on_behalf, at=at)
    return marks


def fill(line, level, figures, reckoned):
    values = {
        "actual": reckoned.actual,
        "target": figures.target,
        "numerator": figures.numerator,
        "denominator": figures.denominator,
        "score": reckoned.score,
        "note": figures.note,
    }
    for column in LEVEL_COLUMNS[level]:
        if column != "target" or values[column] is not None:
            setattr(line, f"{level}_{column}", values[column])
    line.version += 1


def save_columns(lines, level):
    """One upsert for all lines: a bulk UPDATE by CASE takes minutes for 12,000 rows."""
    names = [f"{level}_{column}" for column in LEVEL_COLUMNS[level]]
    Line.objects.bulk_create(
        lines, update_conflicts=True, unique_fields=["pk"], update_fields=[*names, "version"], batch_size=400
    )


@transaction.atomic
def record_transfer(rows, *, by, run=None):
    """Self and headquarters' figures as they came from the national organization (workbook “received”).

    `rows`: (line, self Figures or None, headquarters' Figures or None). Marks carry source = transfer; windows are
    not asked, since agencies may have worked in the national system. Takes each assessment to `received`.
    """
    rows = list(rows)
    assessments = {line.assessment_id: line.assessment for line, _own, _hq in rows}
    if not all(holds(by, "receive_assessment", assessment) for assessment in assessments.values()):
        raise Forbidden("receive_assessment")
    for level, column in ((MarkLevel.SELF, 1), (MarkLevel.HQ, 2)):
        entries = [(row[0], row[column]) for row in rows if row[column] is not None]
        write_as_given(entries, level, by=by, run=run)
    received = []
    for assessment in assessments.values():
        if assessment.state in AssessmentState.before_receipt():
            received.append(verbs.receive(assessment, by=by, basis=conditions.BY_WORKBOOK))
    return received


def write_as_given(entries, level, *, by, run=None):
    """Figures of another system are taken as they are: its score stands, whatever the formula says here."""
    now, marks = timezone.now(), []
    for line, figures in entries:
        score = figures.score if figures.score is None else min(figures.score, line.maximum)
        reckoned = Reckoned(figures.actual, score, False, {})
        if score is None and figures.actual is not None:
            outcome = scoring.score(measurement(line, figures, target=line.target))
            reckoned = Reckoned(
                figures.actual, outcome.score, False, outcome.explanation.as_data() if outcome.explanation else {}
            )
        marks.append(
            Mark(
                line=line,
                level=level,
                actual=reckoned.actual,
                target=line.target,
                score=reckoned.score,
                explanation=reckoned.explanation,
                note=figures.note,
                by=by,
                at=now,
                source=MarkSource.TRANSFER,
                run=run,
            )
        )
        fill(line, level, figures, reckoned)
    Mark.objects.bulk_create(marks, batch_size=500)
    save_columns([line for line, _figures in entries], level)


def copy_up(assessment, *, by, on_behalf=None):
    """Approving copies self to the headquarters' level where the headquarters left it untouched."""
    lines = list(assessment.lines.filter(hq_score=None, hq_actual=None).exclude(self_score=None, self_actual=None))
    for line in lines:
        line.hq_actual, line.hq_score = line.self_actual, line.self_score
        line.version += 1
    levels(lines, MarkLevel.HQ, by=by, on_behalf=on_behalf, source=MarkSource.COPY)


def write_final(assessment, *, by):
    """`final` = revised or initial; an exempt line has none."""
    lines = list(assessment.lines.filter(exempt=False))
    for line in lines:
        revised = line.revised_score is not None
        line.final_score = line.standing_score
        line.final_actual = line.revised_actual if revised and line.revised_actual is not None else line.initial_actual
        line.version += 1
    levels(lines, MarkLevel.FINAL, by=by, source=MarkSource.CONFIRMATION)


def levels(lines, level, *, by, source, on_behalf=None):
    """Marks for figures already set on the lines, and the lines' columns."""
    now = timezone.now()
    Mark.objects.bulk_create(
        [
            Mark(
                line=line,
                level=level,
                actual=getattr(line, f"{level}_actual"),
                target=line.target_at(level),
                score=getattr(line, f"{level}_score"),
                by=by,
                on_behalf_of=on_behalf,
                at=now,
                source=source,
            )
            for line in lines
        ],
        batch_size=500,
    )
    save_columns(lines, level)
