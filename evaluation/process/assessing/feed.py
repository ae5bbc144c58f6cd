"""Figures of external systems: one for each day; the latest becomes the line's initial actual while scoring is open.

A line that a person has changed since keeps the person's figures. Where the formula gives no score, the actual is
written alone and MPO staff type the score. Figures that arrive before scoring opens are written to the lines when it
opens.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from evaluation import scoring
from evaluation.enums import AssessmentState, ChangeOutcome, MarkLevel, MarkSource, Role, Scorer
from evaluation.models import Agency, Assessment, Cycle, FeedValue, ImportChange, ImportRun, Indicator, Line
from evaluation.rules.permissions import holds

from ..changes import columns_of
from ..door import NO_RIGHT, Forbidden, Refusal, refusal_of
from ..reversing import reverse_rows
from .line import check_entry, write_unchecked
from .line_columns import LEVEL_COLUMNS
from .reckoning import Figures, Reckoned, measurement, reckon, why_undefined

if TYPE_CHECKING:
    from evaluation.process.changes import Columns

VALUE_COLUMNS = ("value", "used_at")
INITIAL_COLUMNS = tuple(f"{MarkLevel.INITIAL.value}_{name}" for name in LEVEL_COLUMNS[MarkLevel.INITIAL])
ROWS_PER_STATEMENT = 400
BEFORE_SCORING = (*AssessmentState.before_receipt(), AssessmentState.RECEIVED)

type Key = tuple[int, int]  # of an agency and its indicator


def may_record(by: User, cycle: Cycle | None = None) -> bool:
    """Whether the person may take in figures of external systems: staff of the provincial organization alone."""
    return all(holds(by, right, cycle, among=Role.mpo()) for right in ("record_initial", "import_line"))


def check_figure(indicator: Indicator, day: date) -> None:
    """Raise Refusal for an indicator that no external system fills, and for a day that has not come yet."""
    if indicator.scorer != Scorer.FEED:
        raise Refusal(
            _("“%(indicator)s” is not filled by an external system: its scorer is “%(scorer)s”.")
            % {"indicator": indicator, "scorer": indicator.get_scorer_display()}
        )
    if day > timezone.localdate():
        raise Refusal(_("The date of observation cannot be after today."))


@dataclass(frozen=True)
class Effect:
    """What a figure does to its line: `reckoned` is written there, or `waits` says why nothing is.

    `unscored` says why no score comes of it; `holds`: the line shows this figure afterwards.
    """

    reckoned: Reckoned | None = None
    waits: str = ""
    unscored: str = ""
    holds: bool = False


class FeedImport:
    """The figures and lines of some agencies in a cycle, read once; `write` saves what `note_figure` notes.

    `lock`: the assessments stay locked until the transaction ends.
    """

    def __init__(self, cycle: Cycle, agencies: Collection[Agency | int], *, by: User, lock: bool = False) -> None:
        self.cycle, self.by, self.now = cycle, by, timezone.now()
        self.new: list[FeedValue] = []
        self.changed: list[FeedValue] = []
        self.fed: list[tuple[Line, FeedValue, Reckoned]] = []
        self.gates: dict[int, str] = {}
        assessments = Assessment.objects.filter(participation__cycle=cycle, participation__agency__in=agencies)
        if lock:
            list(assessments.select_for_update(of=("self",)).values_list("pk"))
        self.lines = {
            (line.assessment.participation.agency_id, line.indicator_id): line for line in feed_lines(assessments)
        }
        rows = FeedValue.objects.filter(indicator__cycle=cycle, agency__in=agencies).order_by("observed_at")
        self.rows = {(row.agency_id, row.indicator_id, row.observed_at): row for row in rows}
        self.stood = {key: row.value for key, row in self.rows.items()}
        self.latest = {(agency, indicator): day for agency, indicator, day in self.rows}
        self.used = {key[:2]: row.value for key, row in self.rows.items() if row.used_at}

    def expect(self, figures: Iterable[tuple[int, int, date]]) -> None:
        """Announce the (agency pk, indicator pk, day) that will be noted: only the latest of all reaches its line."""
        for agency, indicator, day in figures:
            self.latest[agency, indicator] = max(day, self.latest.get((agency, indicator), day))

    def note_figure(
        self, agency: Agency, indicator: Indicator, value: Decimal, day: date
    ) -> tuple[FeedValue | None, Columns | None, Effect]:
        """Note one figure.

        Returns (its row, its columns before or None, the Effect); the row is None when nothing would change.
        """
        key = (agency.pk, indicator.pk)
        row = self.rows.get((*key, day)) or FeedValue(agency=agency, indicator=indicator, observed_at=day)
        effect = self.effect(key, value) if day == self.latest.get(key, day) else Effect()
        if row.pk and row.value == value and effect.reckoned is None:
            return None, None, effect
        before = columns_of(row, VALUE_COLUMNS) if row.pk else None
        row.value = value
        if effect.holds:
            row.used_at = self.now
        (self.changed if row.pk else self.new).append(row)
        if effect.reckoned:
            self.fed.append((self.lines[key], row, effect.reckoned))
        return row, before, effect

    def effect(self, key: Key, value: Decimal) -> Effect:
        """The Effect of a value (Decimal in the indicator's unit) on the line `key`, (agency pk, indicator pk)."""
        line = self.lines.get(key)
        if line is None or line.assessment.state in BEFORE_SCORING:
            return Effect(
                waits=_(
                    "Scoring has not started here yet: the figure is stored, and written to the line when scoring "
                    "starts."
                )
            )
        if closed := self.closed(line):
            return Effect(waits=_("The figure is stored but not used now: %(reason)s") % {"reason": closed})
        return self.effect_on(line, value, self.used.get(key))

    def closed(self, line: Line) -> str:
        """Why the line takes no initial figure from this person now, as a sentence; empty when it does."""
        if line.exempt:
            return _("“%(line)s” does not apply to this agency.") % {"line": line}
        key = line.assessment_id
        if key not in self.gates:
            self.gates[key] = refusal_of(check_entry, line.assessment, MarkLevel.INITIAL, by=self.by)
        return self.gates[key]

    @staticmethod
    def effect_on(line: Line, value: Decimal, used: Decimal | None) -> Effect:
        """The effect on a line that is open; `used` is the figure that it was given last."""
        if is_typed(line, used):
            return Effect(
                waits=_("A person has entered figures on this line: they are kept, and this figure is only stored.")
            )
        reckoned, unscored = reckon_value(line, value)
        if (line.initial_actual, line.initial_score) == (reckoned.actual, reckoned.score):
            return Effect(holds=True)
        return Effect(reckoned, unscored=unscored, holds=True)

    def write(self, *, run: ImportRun | None = None) -> None:
        """Save what was noted, and write its line with a mark of source “feed” for each. Raises Forbidden."""
        if not may_record(self.by, self.cycle):
            raise Forbidden("record_initial")
        FeedValue.objects.bulk_create(self.new, batch_size=ROWS_PER_STATEMENT)
        FeedValue.objects.bulk_update(self.changed, VALUE_COLUMNS, batch_size=ROWS_PER_STATEMENT)
        write_lines(self.fed, by=self.by, run=run)


def feed_lines(assessments: Iterable[Assessment | int]) -> QuerySet[Line]:
    """The lines that external systems fill, exempt ones too, with what scoring and rights ask."""
    related = ("indicator", "assessment__participation__agency", "assessment__participation__cycle__province")
    lines = Line.objects.filter(assessment__in=assessments, indicator__scorer=Scorer.FEED).order_by()
    return lines.select_related(*related, "assessment__dimension")


def is_typed(line: Line, used: Decimal | None) -> bool:
    """Whether the line holds initial figures other than those that `used` (a value, or None) gave it."""
    standing = (line.initial_actual, line.initial_score)
    if standing == (None, None):
        return False
    if used is None:
        return True
    fed, _unscored = reckon_value(line, used)
    return standing != (fed.actual, fed.score)


def reckon_value(line: Line, value: Decimal) -> tuple[Reckoned, str]:
    """(Reckoned, why no score comes of it or an empty text) for an observed value, in the indicator's unit."""
    figures = Figures(actual=value)
    outcome = scoring.score(measurement(line, figures, target=line.target_at(MarkLevel.INITIAL)))
    if outcome.status != scoring.Status.UNDEFINED:
        return reckon(line, MarkLevel.INITIAL, figures), ""
    sentence = _("“%(line)s”: %(reason)s Type a score with its reason.")
    reckoned = Reckoned(value, None, False, {"undefined": str(outcome.reason)})
    return reckoned, sentence % {"line": line, "reason": why_undefined(outcome)}


def write_lines(
    fed_lines: Iterable[tuple[Line, FeedValue, Reckoned]], *, by: User, run: ImportRun | None = None
) -> None:
    """Write the initial figures of lines; `fed_lines` are (line, row of the figure, Reckoned)."""
    entries = [(line, Figures(actual=row.value, note=line.initial_note)) for line, row, _reckoned in fed_lines]
    known = {line.pk: reckoned for line, _row, reckoned in fed_lines}
    write_unchecked(entries, MarkLevel.INITIAL, by=by, source=MarkSource.FEED, run=run, known=known)


@transaction.atomic
def record_feed(cycle: Cycle, figures: Iterable[tuple[Agency, Indicator, Decimal, date]], *, by: User) -> FeedImport:
    """Take in figures: (agency, leaf indicator, Decimal in its unit, day observed). Returns the FeedImport, saved.

    Raises Forbidden, or Refusal for an indicator that no external system fills and for a day to come.
    """
    figures = list(figures)
    for _agency, indicator, _value, day in figures:
        check_figure(indicator, day)
    feed_import = FeedImport(cycle, {agency.pk for agency, *_rest in figures}, by=by, lock=True)
    feed_import.expect((agency.pk, indicator.pk, day) for agency, indicator, _value, day in figures)
    for figure in figures:
        feed_import.note_figure(*figure)
    feed_import.write()
    return feed_import


@transaction.atomic
def write_waiting(assessments: Collection[Assessment], *, by: User) -> None:
    """Give the lines of assessments whose scoring opens the latest figures that came before."""
    agencies = {assessment.participation.agency_id for assessment in assessments}
    dimensions = {assessment.dimension_id for assessment in assessments}
    values = FeedValue.objects.filter(agency__in=agencies, indicator__dimension__in=dimensions)
    rows = list(values.order_by("observed_at"))
    if not rows:
        return
    latest = {(row.agency_id, row.indicator_id): row for row in rows}  # the last of each stays
    used = {(row.agency_id, row.indicator_id): row.value for row in rows if row.used_at}
    taken = []
    lines = feed_lines([assessment.pk for assessment in assessments])
    for line in lines.filter(indicator__in={row.indicator_id for row in rows}, exempt=False):
        key = (line.assessment.participation.agency_id, line.indicator_id)
        if (row := latest.get(key)) is None:
            continue
        effect = FeedImport.effect_on(line, row.value, used.get(key))
        if effect.reckoned:
            taken.append((line, row, effect.reckoned))
    write_lines(taken, by=by)
    FeedValue.objects.filter(pk__in=[row.pk for _line, row, _reckoned in taken]).update(used_at=timezone.now())


def reverse(changes: Sequence[ImportChange], run: ImportRun) -> dict[int, tuple[ChangeOutcome, str]]:
    """Undo the figures that an import saved, after its lines were put back: {change pk: (outcome, reason)}.

    A figure that its line still shows is not removed.
    """
    rows = FeedValue.objects.select_for_update(of=("self",)).in_bulk([change.object_id for change in changes])
    agencies = {row.agency_id for row in rows.values()}
    feed_import = FeedImport(run.cycle, agencies, by=run.asked_by)
    allowed = may_record(run.asked_by, run.cycle)

    def refuse(row: FeedValue) -> str:
        if not allowed:
            return str(NO_RIGHT)
        return _("Its figure is still on the line.") if stands(row, feed_import) else ""

    return reverse_rows(rows, changes, refuse=refuse)


def stands(row: FeedValue, feed_import: FeedImport) -> bool:
    """Whether the line shows this row's figure, and no other day's figure is the same."""
    key = (row.agency_id, row.indicator_id)
    line = feed_import.lines.get(key)
    if row.used_at is None or line is None or line.initial_actual != row.value:
        return False
    others = (
        value_row for value_row in feed_import.rows.values() if (value_row.agency_id, value_row.indicator_id) == key
    )
    return not any(
        value_row.pk != row.pk and value_row.used_at and value_row.value == row.value for value_row in others
    )
