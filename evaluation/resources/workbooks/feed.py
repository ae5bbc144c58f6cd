"""Workbook `feed`: figures that external systems observed; the latest gives the line its initial actual."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from evaluation.enums import Role, Scorer, Workbook
from evaluation.models import Agency, Cycle, ImportRun, Indicator, Line
from evaluation.persian import format_jalali
from evaluation.process.assessing import feed as verbs
from evaluation.process.assessing.reckoning import Figures
from evaluation.process.door import Refusal
from evaluation.rules.permissions import holds

from ..tables.columns import Column, JalaliDate, Number
from ..tables.faults import Cause, Notable
from ..tables.table import Entry
from .agency_indicator_workbook import AgencyIndicatorWorkbook
from .base import CHANGED, NEW, SAME
from .last_year import compared_figure, far_from


class Feed(AgencyIndicatorWorkbook):
    """One row is one figure of one day; a file may hold several days of one indicator."""

    workbook = Workbook.FEED
    grows = True
    change_columns = {"feedvalue": verbs.VALUE_COLUMNS, "line": verbs.INITIAL_COLUMNS}

    value = Column("مقدار", Number(negative=True), erasable=False)
    observed_at = Column("تاریخ", JalaliDate(), erasable=False)

    @classmethod
    def may_import(cls, by: User, cycle: Cycle | None) -> bool:
        return verbs.may_record(by, cycle)

    @classmethod
    def may_export(cls, by: User, cycle: Cycle | None) -> bool:
        return all(holds(by, right, cycle, among=Role.mpo()) for right in ("record_initial", "export_line"))

    def key_of_row(self, entry: Entry) -> tuple:
        return (*super().key_of_row(entry), entry["observed_at"])

    def look_up(self, rows: list[Entry]) -> None:
        self.read_places()
        named = {agency.pk for entry in rows if (agency := self.agencies.get(entry["agency"]))}
        self.feed_import = verbs.FeedImport(self.cycle, named, by=self.by, lock=not self.dry_run)
        self.feed_import.expect(
            (*key, entry["observed_at"])
            for entry in rows
            if not entry.wrong and entry["observed_at"] and (key := self.key_of(entry))
        )

    def standing(self, entry: Entry) -> dict[str, Any] | None:
        """The current figure of the row's day, or None."""
        key, day = self.key_of(entry), entry["observed_at"]
        value = self.feed_import.stood.get((*key, day)) if key else None
        return None if value is None else {"value": value, "observed_at": day}

    def judge(self, entry: Entry) -> str:
        place = self.place_of(entry)
        if place is None:
            return ""
        value, day = entry["value"], entry["observed_at"]
        if value is None and day is None:
            return SAME  # an empty row, as the template has it
        if value is None or day is None:
            return self.half_filled(entry)
        try:
            verbs.check_figure(place[1], day)
        except Refusal as refusal:
            code, cause = ("observed_at", Cause.DATE) if place[1].scorer == Scorer.FEED else ("code", Cause.RULE)
            return self.fault(entry, code, cause, str(refusal))
        return self.take(entry, place, value, day)

    def half_filled(self, entry: Entry) -> str:
        """Name the fault of a value without a day, or a day without a value."""
        code = "value" if entry["value"] is None else "observed_at"
        at = code if entry.has(code) else "code"
        return self.fault(entry, at, Cause.MISSING, _("A figure and the day on which it was observed belong together."))

    def take(self, entry: Entry, place: tuple[Agency, Indicator], value: Decimal, day: date) -> str:
        """Note the figure, and the line that it changes. Returns the verdict."""
        row, before, effect = self.feed_import.note_figure(*place, value, day)
        if row is None:
            return SAME
        self.record_change("feedvalue", row, entry, before)
        line = self.feed_import.lines.get((place[0].pk, place[1].pk))
        if effect.reckoned:
            self.record_change("line", line, entry, self.columns("line", line))
        self.warn_of_effect(entry, line, effect)
        return CHANGED if before else NEW

    def warn_of_effect(self, entry: Entry, line: Line | None, effect: Any) -> None:
        """The warnings that people should read before they confirm."""
        if effect.waits:
            self.warn(entry, "value", Notable.WAITING, effect.waits)
        if effect.unscored:
            self.warn(entry, "value", Notable.UNSCORED, effect.unscored)
        if line is not None and (sentence := far_from(compared_figure(line, Figures(), entry["value"]), line.baseline)):
            self.warn(entry, "value", Notable.FAR, sentence)
        if not self.cycle.period_start <= entry["observed_at"] <= self.cycle.period_end:
            period = {"start": format_jalali(self.cycle.period_start), "end": format_jalali(self.cycle.period_end)}
            sentence = _("The period of this cycle runs from %(start)s to %(end)s.")
            self.warn(entry, "observed_at", Notable.PERIOD, sentence % period)

    def write(self, run: ImportRun | None) -> None:
        self.feed_import.write(run=run)
        self.save_changes(run)

    def rows(self, *, filled: bool) -> Iterable[dict[str, Any]]:
        """A template lists the lines that external systems fill; an export every stored figure."""
        places = [place for place in self.places() if place[1].scorer == Scorer.FEED]
        if not filled:
            yield from (self.named(*place) for place in places)
            return
        feed_import = verbs.FeedImport(self.cycle, {agency.pk for agency, _indicator in places}, by=self.by)
        days: dict[tuple, list[dict[str, Any]]] = {}
        for (*key, day), value in feed_import.stood.items():
            days.setdefault(tuple(key), []).append({"value": value, "observed_at": day})
        for agency, indicator in places:
            for standing in days.get((agency.pk, indicator.pk), ()):
                yield self.named(agency, indicator) | standing | {"_standing": standing}
