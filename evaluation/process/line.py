"""Marks: the one verb by which a figure of a line is written, singly and in bulk (DESIGN 3)."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from evaluation import scoring
from evaluation.enums import AssessmentState, MarkLevel, MarkSource, Nature, OverMaximum, Scorer
from evaluation.models import Assessment, Line, Mark
from evaluation.rules import conditions
from evaluation.rules.open_fields import ENTRIES, may_write_line, writable_lines
from evaluation.rules.permissions import holds

from . import assessment as verbs
from .door import Forbidden, Refusal, check_person, lock

LEVEL_COLUMNS = {
    MarkLevel.SELF: ("actual", "numerator", "denominator", "score", "note"),
    MarkLevel.HQ: ("actual", "score", "note"),
    MarkLevel.INITIAL: ("actual", "target", "score", "note"),
    MarkLevel.REVISED: ("actual", "target", "score", "note"),
    MarkLevel.FINAL: ("actual", "score"),
}
REASONS = {
    scoring.Reason.ZERO_TARGET: lambda: _("The target is zero, so the formula gives no score."),
    scoring.Reason.NO_TARGET: lambda: _("The line has no target, so the formula gives no score."),
    scoring.Reason.ZERO_BASE: lambda: _("The base year is zero, so growth cannot be computed."),
    scoring.Reason.NEGATIVE_BASE: lambda: _("The base year is negative, so growth cannot be computed."),
    scoring.Reason.ZERO_DENOMINATOR: lambda: _("The denominator is zero, so the ratio cannot be computed."),
    scoring.Reason.NO_SCALE: lambda: _("The indicator has no scale, so a score must be typed."),
}


@dataclass(frozen=True)
class Figures:
    """What a person enters for one line at one level: Decimals in the indicator's unit; `score` in points."""

    actual: Decimal | None = None
    target: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    score: Decimal | None = None
    note: str = ""


@dataclass(frozen=True)
class Reckoned:
    """Figures with what the arithmetic says of them: the line's columns and the mark's explanation."""

    actual: Decimal | None
    score: Decimal | None
    override: bool
    explanation: dict


def measurement(line, figures, *, target):
    """The line as `scoring` sees it, with these figures."""
    indicator = line.indicator
    return scoring.Measurement(
        nature=indicator.nature,
        direction=indicator.direction,
        maximum=line.maximum,
        target=target,
        actual=figures.actual,
        numerator=figures.numerator,
        denominator=figures.denominator,
        baseline=line.baseline,
        steps=tuple(scoring.Step(step["title"], Decimal(step["fraction"])) for step in indicator.scale),
    )


def reckon(line, level, figures, *, target=None):
    """Compute actual and score of a line at a level. Raises Refusal for figures that cannot stand.

    A typed score that differs from the computed one is an override: it needs a note, and is refused at `self` save
    for qualitative and undefined lines. A score above the maximum is refused or lowered, by the cycle's setting.
    """
    target = figures.target if figures.target is not None else (line.target_at(level) if target is None else target)
    try:
        outcome = scoring.score(measurement(line, figures, target=target))
    except scoring.NegativeTarget as error:
        raise Refusal(_("A target cannot be negative: use the nature “reduction” instead.")) from error
    except scoring.BadFigure as error:
        raise Refusal(_("“%(line)s”: this figure is too large to reckon with.") % {"line": line}) from error
    if figures.score is None or figures.score == outcome.score:
        return computed(line, level, outcome)
    return overridden(line, level, figures, outcome)


def computed(line, level, outcome):
    explanation = outcome.explanation.as_data() if outcome.explanation else {}
    if outcome.status == scoring.Status.UNDEFINED:
        explanation = {"undefined": str(outcome.reason)}
        if level != MarkLevel.SELF:
            raise Refusal(
                _("“%(line)s”: %(reason)s Type a score with its reason.")
                % {"line": line, "reason": REASONS[outcome.reason]()}
            )
    return Reckoned(fitting(line, outcome.actual), outcome.score, False, explanation)


def overridden(line, level, figures, outcome):
    free = outcome.status == scoring.Status.UNDEFINED or line.indicator.nature == Nature.QUALITATIVE
    if level == MarkLevel.SELF and not free:
        raise Refusal(
            _("“%(line)s”: the score is computed from the actual performance and cannot be typed.") % {"line": line}
        )
    if not figures.note.strip() and not (level == MarkLevel.SELF and free):
        raise Refusal(_("“%(line)s”: a typed score needs a note that says why.") % {"line": line})
    score = figures.score
    if score > line.maximum and line.assessment.cycle.over_maximum == OverMaximum.CLAMP:
        score = line.maximum
    if not 0 <= score <= line.maximum:
        raise Refusal(
            _("“%(line)s”: the score must be between 0 and %(maximum)s.")
            % {"line": line, "maximum": scoring.shown(line.maximum)}
        )
    typed = scoring.typed(line.maximum, score, reason=figures.note)
    actual = figures.actual if outcome.actual is None else outcome.actual
    return Reckoned(fitting(line, actual), typed.score, outcome.score is not None, typed.explanation.as_data())


def fitting(line, actual):
    """A derived actual can pass the column's eighteen digits when a denominator is tiny."""
    if actual is not None and abs(actual) >= Decimal(10) ** 18:
        raise Refusal(_("“%(line)s”: this figure is too large to reckon with.") % {"line": line})
    return actual


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


def check_many(entries: Iterable[tuple[Line, Figures]], level, *, by, on_behalf=None, at=None):
    """The faults of a bulk write, one per line, with nothing written: rights and window once per assessment.

    Lines come with indicator and assessment (participation, cycle) selected. The same checks as `record`.
    """
    gates, mine, wrong = {}, {}, []
    for line, figures in entries:
        key = line.assessment_id
        if key not in gates:
            gates[key] = refusal_of(check_entry, line.assessment, level, by=by, on_behalf=on_behalf, at=at)
            mine[key] = set(writable_lines(by, line.assessment, level).values_list("pk", flat=True))
        sentence = gates[key] or refusal_of(
            check_figures, line, level, by=by, figures=figures, mine=line.pk in mine[key]
        )
        if sentence:
            wrong.append(Wrong(line, sentence, gate=bool(gates[key])))
    return wrong


def check_figures(line, level, *, by, figures, mine):
    check_line(line, level, by=by, figures=figures, mine=mine)
    reckon(line, level, figures)


def refusal_of(check, *args, **kwargs):
    try:
        check(*args, **kwargs)
    except Refusal as refusal:
        return str(refusal)
    except Forbidden:
        return _("You have no right to this step here.")
    return ""


@transaction.atomic
def record_many(entries, level, *, by, on_behalf=None, source=MarkSource.SHEET, run=None, at=None):
    """The bulk form of `record`: all or nothing. Raises Refusal with every fault. Returns the marks."""
    entries = list(entries)
    ids = {line.assessment_id for line, _figures in entries}
    list(Assessment.objects.select_for_update(of=("self",)).filter(pk__in=ids).values_list("pk"))
    if wrong := check_many(entries, level, by=by, on_behalf=on_behalf, at=at):
        raise Refusal(*(each.sentence for each in wrong))
    return write(entries, level, by=by, on_behalf=on_behalf, source=source, run=run, at=at)


def write(entries, level, *, by, on_behalf=None, source=MarkSource.SCREEN, run=None, at=None):
    """Marks and the lines' columns, without asking anything: the checked end of `record` and of the verbs."""
    now, marks = timezone.now(), []
    for line, figures in entries:
        reckoned = reckon(line, level, figures)
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
