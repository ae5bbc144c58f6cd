"""Workbook `targets`: each agency's own targets and base figures, until the frozen lines fix them."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import User
from django.utils.translation import ngettext

from evaluation.enums import Workbook
from evaluation.models import Cycle, ImportRun, Indicator, Line, Target
from evaluation.persian import localise_digits
from evaluation.process.catalogue import target as verbs
from evaluation.rules import sentences
from evaluation.rules.permissions import holds

from ..tables.columns import Column, Number
from ..tables.faults import Cause
from ..tables.table import Entry
from .agency_indicator_workbook import AgencyIndicatorWorkbook
from .base import CHANGED, NEW, SAME


class TargetFigure(Number):
    """A number that is not negative; the sentence of its fault says what to do instead."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Decimal | None:
        number = Number(negative=True, digits=self.digits).clean(value)
        if number is not None and number < 0:
            raise ValueError(str(sentences.NEGATIVE_TARGET))
        return number


class Targets(AgencyIndicatorWorkbook):
    """One row is the target of one agency. Without one the indicator's counts, without a base last year's figure."""

    workbook = Workbook.TARGETS
    change_columns = {"target": verbs.TARGET_COLUMNS}

    default = Column("هدف شاخص", Number(), readonly=True)
    last_year = Column("عملکرد سال پیش", Number(negative=True), readonly=True)
    target = Column("هدف", TargetFigure())
    baseline = Column("عملکرد پایه", Number(negative=True))

    @classmethod
    def may_import(cls, by: User, cycle: Cycle | None) -> bool:
        return holds(by, "import_target", cycle)

    @classmethod
    def may_export(cls, by: User, cycle: Cycle | None) -> bool:
        return holds(by, "export_target", cycle)

    def look_up(self, rows: list[Entry]) -> None:
        if not self.dry_run:
            verbs.lock_freezes(self.cycle)
        self.read_places()
        self.read_targets()
        self.new: list[Target] = []
        self.changed: list[Target] = []
        self.emptied = 0

    def read_targets(self) -> None:
        targets = Target.objects.filter(indicator__cycle=self.cycle)
        self.targets = {(target.agency_id, target.indicator_id): target for target in targets}
        self.current = {
            key: {name: getattr(target, name) for name in verbs.TARGET_COLUMNS} for key, target in self.targets.items()
        }
        self.fixed = verbs.fixed_targets(self.cycle)

    def standing(self, entry: Entry) -> dict[str, Any] | None:
        """The current figures of the row's target, or None."""
        key = self.key_of(entry)
        return self.current.get(key) if key else None

    def judge(self, entry: Entry) -> str:
        place = self.place_of(entry)
        if place is None:
            return ""
        agency, indicator = place
        target = self.targets.get((agency.pk, indicator.pk)) or Target(agency=agency, indicator=indicator)
        figures = {name: entry.get(name, getattr(target, name)) for name in verbs.TARGET_COLUMNS}
        changed_fields = [name for name in verbs.TARGET_COLUMNS if figures[name] != getattr(target, name)]
        if not changed_fields:
            return SAME
        if (agency.pk, indicator.pk) in self.fixed:
            return self.fault(entry, changed_fields[0], Cause.CLOSED, verbs.fixed_sentence(agency, indicator))
        return self.take(entry, target, figures)

    def take(self, entry: Entry, target: Target, figures: Mapping[str, Decimal | None]) -> str:
        """Set the figures and note the row. Returns the verdict."""
        before = self.columns("target", target)
        for name, value in figures.items():
            setattr(target, name, value)
        self.record_change("target", target, entry, before)
        if before is None:
            self.new.append(target)
            return NEW
        self.emptied += all(value is None for value in figures.values())
        self.changed.append(target)
        return CHANGED

    def check_all(self) -> None:
        if self.emptied:
            sentence = ngettext(
                "%(count)s row that had figures is emptied.",
                "%(count)s rows that had figures are emptied.",
                self.emptied,
            )
            self.remarks.append(sentence % {"count": localise_digits(self.emptied)})

    def write(self, run: ImportRun | None) -> None:
        verbs.write_targets(self.cycle, new=self.new, changed=self.changed, by=self.by)
        self.save_changes(run)

    def rows(self, *, filled: bool) -> Iterable[dict[str, Any]]:
        """Template and export both show the current figures, so that an unedited upload empties nothing.

        A template leaves out what is fixed.
        """
        places = list(self.places())
        self.read_targets()
        last = self.last_years()
        for agency, indicator in places:
            key = (agency.pk, indicator.pk)
            target = self.targets.get(key)
            if key in self.fixed and not (filled and target):
                continue
            row = self.named(agency, indicator) | {"default": indicator.target}
            row["last_year"] = last.get((agency.pk, indicator.origin_id))
            if target:
                row |= self.current[key] | {"_standing": self.current[key]}
            yield row

    def last_years(self) -> dict[tuple[int, int], Decimal]:
        """{(agency pk, indicator of last year): its final figure}."""
        origins = Indicator.objects.filter(cycle=self.cycle).exclude(origin=None).values("origin")
        lines = Line.objects.filter(indicator__in=origins).exclude(final_actual=None).order_by()
        rows = lines.values_list("assessment__participation__agency_id", "indicator_id", "final_actual")
        return {(agency, indicator): actual for agency, indicator, actual in rows}
