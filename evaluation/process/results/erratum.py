"""Errata: what is wrong in published results is corrected with a reason, in a new edition; the old one stays."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from evaluation import persian, scoring
from evaluation.enums import AssessmentState, LevelSource, MarkLevel, MarkSource, NoticeKind, SnapshotPart
from evaluation.models import AgencyResult, Assessment, Correction, Erratum, Line, ResultSet

from .. import kept
from ..assessing.line import keep_marks, save_columns
from ..assessing.reckoning import Figures, Reckoned
from ..door import Refusal, perform
from ..messages import notice
from . import computing, level, result, snapshot
from .ground import LINE_COLUMNS, Ground

type Levels = dict[tuple[int, int | None], tuple[int, str, str]]  # (level, its title, letter) by place

SCORE = LINE_COLUMNS.index("score")


class Corrected(NamedTuple):
    """A line and the final score, in points, that it should have had."""

    line: Line
    score: Decimal


@transaction.atomic
def correct(result_set: ResultSet, corrections: Iterable[Corrected], *, by: User, reason: str) -> Erratum:
    """Correct final scores of published results: marks, rows, and a new edition of the snapshot.

    `corrections` are Corrected lines of this cycle. Stage and states stay; names and groups are those of the first
    edition, levels stay unless thresholds give them. Everybody who was told of the publication is told. Returns the
    Erratum; its files are made by the reports (`result.keep_files`).
    """
    result_set = perform(result_set, "correct", by=by, note=reason)
    corrections = list(corrections)
    check(result_set, corrections)
    number = snapshot.edition(result_set) + 1
    erratum = Erratum.objects.create(result_set=result_set, edition=number, reason=reason, by=by)
    for line, score in corrections:
        Correction.objects.create(erratum=erratum, line=line, old_score=line.final_score, new_score=score)
    write_scores(corrections, by=by, reason=reason)
    write_edition(result_set, corrections, by=by)
    tell(result_set, erratum)
    return erratum


def check(result_set: ResultSet, corrections: Sequence[Corrected]) -> None:
    """Raise Refusal for nothing to correct, for a line twice or elsewhere, and for scores that stand or do not fit."""
    if not corrections:
        raise Refusal(_("Name at least one line with its right score."))
    lines = [line for line, _score in corrections]
    list(Assessment.objects.select_for_update(of=("self",)).filter(lines__in=lines).values_list("pk"))
    if len(set(lines)) < len(lines):
        raise Refusal(_("A line is corrected once in an erratum."))
    faults = [sentence for line, score in corrections if (sentence := fault(result_set, line, score))]
    if faults:
        raise Refusal(*faults)


def fault(result_set: ResultSet, line: Line, score: Decimal) -> str:
    """The sentence that says why this line cannot get this score; empty when it can."""
    participation = line.assessment.participation
    cycle, name = participation.cycle_id, f"{participation.agency} · {line}"
    done = (AssessmentState.CONFIRMED, AssessmentState.REPORTED)
    if cycle != result_set.cycle_id or line.assessment.state not in done or line.exempt:
        return _("“%(line)s” has no final score in these results.") % {"line": name}
    if not 0 <= score <= line.maximum:
        maximum = persian.format_decimal(scoring.to_two_decimals(line.maximum))
        return _("“%(line)s”: the score must be between 0 and %(maximum)s.") % {"line": name, "maximum": maximum}
    if score == line.final_score:
        return _("“%(line)s” has this score already.") % {"line": name}
    return ""


def write_scores(corrections: Sequence[Corrected], *, by: User, reason: str) -> None:
    """The final marks and the columns of the lines."""
    written = []
    for line, score in corrections:
        line.final_score = score
        line.version += 1
        explanation = scoring.typed(line.maximum, score, reason=reason).explanation
        reckoned = Reckoned(line.final_actual, score, True, explanation.as_data() if explanation else {})
        written.append((line, Figures(score=score, note=reason), reckoned))
    lines = [line for line, _score in corrections]
    targets = [line.target_at(MarkLevel.FINAL) for line in lines]
    keep_marks(written, MarkLevel.FINAL, targets=targets, by=by, source=MarkSource.ERRATUM)
    save_columns(lines, MarkLevel.FINAL)


def write_edition(result_set: ResultSet, corrections: Sequence[Corrected], *, by: User) -> None:
    """Both parts of the snapshot and the rows of the lists, from the edition before with the corrected scores."""
    figures, announced = snapshot.standing(result_set)
    before = kept.read(figures)
    scores = {line.pk: score for line, score in corrections}
    lines = [corrected_row(row, scores) for row in before["lines"]]
    content = before | {"lines": lines, "edition": snapshot.edition(result_set), "rule_version": scoring.RULE_VERSION}
    results, axis_results = computing.compute(content)
    keep_growth(before, results)
    content |= {"results": results, "axis_results": axis_results}
    where = {"cycle": result_set.cycle, "result_set": result_set, "by": by}
    part = kept.keep(SnapshotPart.FIGURES, content, **where)
    levels = levels_of(result_set)
    result.write_rows(result_set, content)
    give_levels(result_set, levels)
    end = kept.read(announced)
    end |= {"figures_sha256": part.sha256, "edition": content["edition"], "levels": snapshot.levels(result_set)}
    kept.keep(SnapshotPart.ANNOUNCEMENT, end, **where)


def corrected_row(row: list[Any], scores: dict[int, Decimal]) -> list[Any]:
    """A line of the snapshot with its corrected score, where it has one."""
    return [*row[:SCORE], scores[row[0]], *row[SCORE + 1 :]] if row[0] in scores else row


def keep_growth(before: Ground, results: Sequence[dict[str, Any]]) -> None:
    """Of snapshots made afterwards nothing tells what growth was measured on: unchanged totals keep theirs."""
    held = {(row["participation"], row["dimension"]): row for row in before["results"]}
    known = {agency["row"] for agency in before["agencies"] if agency["bases"]}
    for row in results:
        old = held[row["participation"], row["dimension"]]
        if row["participation"] not in known and computing.decimal(old["total"]) == row["total"]:
            row["growth"] = computing.decimal(old["growth"])


def levels_of(result_set: ResultSet) -> Levels:
    """{(participation, dimension): (level, its title as announced, letter)} of the rows that have a level."""
    rows = result_set.agency_results.exclude(level=None)
    names = ("participation", "dimension", "level", "level_title", "level_letter")
    return {(row, dimension): (key, title, letter) for row, dimension, key, title, letter in rows.values_list(*names)}


def give_levels(result_set: ResultSet, levels: Levels) -> None:
    """Levels by thresholds anew; those received stay with the agencies that had them."""
    if result_set.cycle.level_source == LevelSource.THRESHOLDS:
        level.set_by_thresholds(result_set)
        result.keep_level_titles(result_set)
        return
    rows = [row for row in result_set.agency_results.all() if (row.participation_id, row.dimension_id) in levels]
    for row in rows:
        row.level_id, row.level_title, row.level_letter = levels[row.participation_id, row.dimension_id]
    AgencyResult.objects.bulk_update(rows, (*level.LEVEL_FIELDS, "level_title"), batch_size=200)


def tell(result_set: ResultSet, erratum: Erratum) -> None:
    """Tell everybody who was told of the publication."""
    cycle = result_set.cycle
    notice.tell(
        result.readers(cycle),
        event=f"erratum:{erratum.pk}",
        kind=NoticeKind.RESULTS,
        cycle=cycle,
        text=lambda: (
            _("The published results of “%(cycle)s” were corrected: edition %(number)s.")
            % {"cycle": cycle, "number": persian.localise_digits(erratum.edition)}
        ),
    )
