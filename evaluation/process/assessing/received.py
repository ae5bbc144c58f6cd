"""Self and headquarters' figures as they came from the national organization (workbook “received”)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.contrib.auth.models import User
from django.db import transaction

from evaluation import scoring
from evaluation.enums import AssessmentState, Ground, MarkLevel, MarkSource
from evaluation.models import Assessment, ImportRun, Line
from evaluation.rules.permissions import holds

from ..door import Forbidden
from . import moves
from .line import keep_marks, save_columns, set_columns
from .reckoning import Figures, Reckoned, explained, measurement

if TYPE_CHECKING:
    from .line import Entries


@transaction.atomic
def record_transfer(
    rows: Iterable[tuple[Line, Figures | None, Figures | None]], *, by: User, run: ImportRun | None = None
) -> list[Assessment]:
    """Write them and take each assessment to `received`.

    `rows`: (line, self Figures or None, headquarters' Figures or None). Marks carry source = transfer; windows are
    not asked, since agencies may have worked in the national system.
    """
    rows = list(rows)
    assessments = {line.assessment_id: line.assessment for line, _own, _hq in rows}
    if not all(holds(by, "receive_assessment", assessment) for assessment in assessments.values()):
        raise Forbidden("receive_assessment")
    own_figures = [(line, own) for line, own, _hq in rows if own is not None]
    hq_figures = [(line, hq) for line, _own, hq in rows if hq is not None]
    for level, entries in ((MarkLevel.SELF, own_figures), (MarkLevel.HQ, hq_figures)):
        write_as_given(entries, level, by=by, run=run)
    received = []
    for assessment in assessments.values():
        if assessment.state in AssessmentState.before_receipt():
            received.append(moves.receive(assessment, by=by, ground=Ground.WORKBOOK))
    return received


def write_as_given(entries: Entries, level: MarkLevel, *, by: User, run: ImportRun | None = None) -> None:
    """Write figures of another system as they are: its score is kept, whatever the formula gives here."""
    written = [(line, figures, as_given(line, figures)) for line, figures in entries]
    if not written:
        return
    targets = [line.target for line, _figures, _found in written]
    keep_marks(written, level, targets=targets, by=by, source=MarkSource.TRANSFER, run=run)
    for line, figures, reckoned in written:
        set_columns(line, level, figures, reckoned)
    save_columns([line for line, _figures, _found in written], level)


def as_given(line: Line, figures: Figures) -> Reckoned:
    """The figures as they came; a score is computed only where none was given."""
    score = figures.score if figures.score is None else min(figures.score, line.maximum)
    if score is not None or figures.actual is None:
        return Reckoned(figures.actual, score, False, {})
    outcome = scoring.score(measurement(line, figures, target=line.target))
    return Reckoned(figures.actual, outcome.score, False, explained(outcome))
