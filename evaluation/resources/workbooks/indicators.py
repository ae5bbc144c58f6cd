"""Workbook `indicators`: axes with their points, and the general indicators below them."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from evaluation.enums import DimensionKind, Role, Workbook
from evaluation.models import Axis, Cycle, Dimension, ImportRun, Indicator
from evaluation.persian import match_key, normalise_code
from evaluation.process.door import Refusal
from evaluation.process.imports import catalogue_import
from evaluation.rules.permissions import holds

from ..tables.columns import Code, Column, Number
from ..tables.faults import Cause
from ..tables.table import Entry
from .base import CHANGED, NEW, SAME
from .catalogue import IndicatorWorkbook


class Indicators(IndicatorWorkbook):
    """One row is one general indicator; its axis is named beside it, with the axis's maximum points."""

    workbook = Workbook.INDICATORS
    worded = ("dimension", "axis")
    key = ("dimension", "code")
    first = ("dimension", "axis", "axis_points")
    change_columns = IndicatorWorkbook.change_columns | {"axis": ("number", "title", "maximum")}

    axis_maxima: dict[int, Decimal] = {}  # {axis pk: maximum} before this upload

    dimension = Column("بعد", Code(250), required=True)
    axis = Column("محور", width=30, erasable=False)
    axis_points = Column("سقف محور", Number(digits=8), erasable=False)

    @classmethod
    def may_import(cls, by: User, cycle: Cycle | None) -> bool:
        return holds(by, "import_indicator", cycle, among=Role.mpo())

    @classmethod
    def may_export(cls, by: User, cycle: Cycle | None) -> bool:
        return holds(by, "export_indicator", cycle)

    def own_indicators(self) -> Iterable[Indicator]:
        return [indicator for indicator in self.of_cycle() if indicator.agency_id is None]

    def key_of(self, indicator: Indicator) -> tuple:
        return (indicator.dimension_id, indicator.code)

    def look_up(self, rows: list[Entry]) -> None:
        self.dimensions: dict[str, Dimension] = {}
        for dimension in Dimension.objects.filter(cycle=self.cycle):
            self.dimensions |= {match_key(dimension.code): dimension, match_key(dimension.title): dimension}
        super().look_up(rows)
        self.named = set()
        for entry in rows:
            if entry["dimension"] and (dimension := self.dimensions.get(match_key(entry["dimension"]))):
                self.named.add((dimension.pk, entry["code"]))
        self.specific = set(
            Indicator.objects.filter(cycle=self.cycle).exclude(agency=None).values_list("code", flat=True)
        )
        self.elsewhere = {indicator.code: indicator.dimension_id for indicator in self.indicators.values()}
        self.axes: dict[tuple[int, str], Axis] = {}
        self.axis_maxima = {}
        for axis in Axis.objects.filter(dimension__cycle=self.cycle).select_related("dimension"):
            self.axes[axis.dimension_id, match_key(axis.title)] = axis
            self.axes[axis.dimension_id, str(axis.number)] = axis
            self.axis_maxima[axis.pk] = axis.maximum
        self.new_axes: list[Axis] = []
        self.changed_axes: list[Axis] = []
        self.rows_of_changed_axes: list[Entry] = []
        self.stated: dict[tuple[int, int | str], tuple[Decimal, Entry]] = {}
        for entry in rows:
            self.note_points(entry)

    def note_points(self, entry: Entry) -> None:
        """Note the maximum points of an axis, which any of its rows may state. Names the fault where rows differ."""
        dimension = self.dimensions.get(match_key(entry["dimension"])) if entry["dimension"] else None
        if dimension is None or entry["axis"] is None or entry["axis_points"] is None:
            return
        standing = self.changed_since_download(entry)
        if standing is not None and self.is_untouched(entry, standing):
            return  # unedited: its points are those at the time of the download
        points, first = self.stated.setdefault(self.axis_key(entry, dimension), (entry["axis_points"], entry))
        if points != entry["axis_points"]:
            sentence = _("The row with %(first)s has other maximum points for this axis.")
            self.fault(entry, "axis_points", Cause.RULE, sentence % {"first": first.place("axis_points")})

    def axis_key(self, entry: Entry, dimension: Dimension) -> tuple[int, int | str]:
        """(dimension pk, number of a known axis, or else the match key of its title)."""
        axis = self.known_axis(entry, dimension)
        return (dimension.pk, axis.number if axis else match_key(entry["axis"]))

    def known_axis(self, entry: Entry, dimension: Dimension) -> Axis | None:
        """The stored axis by number or title, else None."""
        by_number = self.axes.get((dimension.pk, normalise_code(entry["axis"])))
        return by_number or self.axes.get((dimension.pk, match_key(entry["axis"])))

    def check_keys(self, rows: list[Entry]) -> None:
        super().check_keys(rows)
        first: dict[str, Entry] = {}
        for entry in rows:  # a general code occurs once in a cycle, in whatever dimension
            other = first.setdefault(entry["code"], entry)
            if entry["code"] and other is not entry and not entry.wrong:
                sentence = _("The same code is in %(first)s and in %(second)s. Keep one of them.")
                places = {"first": other.place("code"), "second": entry.place("code")}
                self.fault(entry, "code", Cause.DUPLICATE, sentence % places)

    def judge(self, entry: Entry) -> str:
        dimension = self.dimension_of(entry)
        if dimension is None:
            return ""
        code = entry["code"]
        if code in self.specific or self.elsewhere.get(code, dimension.pk) != dimension.pk:
            sentence = _("This code belongs to a specific indicator or to another dimension of the cycle.")
            return self.fault(entry, "code", Cause.DUPLICATE, sentence)
        indicator = self.indicators.get((dimension.pk, code))
        indicator = indicator or Indicator(cycle=self.cycle, dimension=dimension, code=code)
        before = self.columns("indicator", indicator)
        verdict = self.judge_indicator(entry, indicator, (dimension.pk,))
        if verdict == SAME and entry in self.rows_of_changed_axes:
            verdict = CHANGED
        if verdict in (NEW, CHANGED) and (refusal := self.frozen(dimension)):
            return self.fault(entry, "dimension", Cause.CLOSED, refusal)
        return self.remember(entry, indicator, verdict, before)

    def dimension_of(self, entry: Entry) -> Dimension | None:
        """The row's general dimension, or None after naming the fault."""
        dimension = self.dimensions.get(match_key(entry["dimension"]))
        if dimension is None or dimension.kind == DimensionKind.SPECIFIC:
            general = (known for known in self.dimensions.values() if known.kind == DimensionKind.GENERAL)
            allowed = {known.title for known in general}
            sentence = _("Allowed are: %(choices)s.") % {"choices": "، ".join(sorted(allowed))}
            self.fault(entry, "dimension", Cause.UNKNOWN, sentence)
            return None
        return dimension

    @staticmethod
    def frozen(dimension: Dimension) -> str:
        """Why the dimension's catalogue may not be changed now, or ""."""
        try:
            catalogue_import.check_catalogue(dimension)
        except Refusal as refusal:
            return str(refusal)
        return ""

    def set_more(self, entry: Entry, indicator: Indicator) -> bool:
        """Set the axis by title or number; an unknown one is created with its points."""
        if entry.has("axis") and entry["axis"]:
            indicator.axis = self.axis_of(entry, indicator.dimension)
        elif indicator.parent is not None:
            indicator.axis = indicator.parent.axis
        if indicator.axis is None and not entry.wrong:
            code = "axis" if entry.has("axis") else "code"
            self.fault(entry, code, Cause.MISSING, _("A general indicator needs its axis."))
        return not entry.wrong

    def axis_of(self, entry: Entry, dimension: Dimension) -> Axis | None:
        """The row's axis, with its stated points set; None after naming the fault of a new axis without points."""
        stated = self.stated.get(self.axis_key(entry, dimension))
        axis = self.known_axis(entry, dimension)
        if axis is None:
            if stated is None:
                self.missing(entry, "axis_points", _("This axis is new: its maximum points must be filled."))
                return None
            axis = Axis(dimension=dimension, title=entry["axis"], maximum=stated[0], number=self.next_number(dimension))
            self.axes[dimension.pk, match_key(axis.title)] = self.axes[dimension.pk, str(axis.number)] = axis
            self.stated[dimension.pk, axis.number] = stated
            self.new_axes.append(axis)
            self.record_change("axis", axis, entry, None)
        elif stated is not None and stated[0] != axis.maximum:
            before, axis.maximum = self.columns("axis", axis), stated[0]
            self.changed_axes.append(axis)
            self.record_change("axis", axis, entry, before)
            self.rows_of_changed_axes.append(entry)
        return axis

    def next_number(self, dimension: Dimension) -> int:
        return 1 + max((axis.number for (key, _title), axis in self.axes.items() if key == dimension.pk), default=0)

    def write(self, run: ImportRun | None) -> None:
        catalogue_import.write_catalogue(
            self.cycle,
            axes=self.new_axes,
            changed_axes=self.changed_axes,
            new=self.new,
            changed=self.changed,
            by=self.by,
        )
        self.save_changes(run)

    def rows(self, *, filled: bool) -> Iterable[dict[str, Any]]:
        if not filled:
            return
        indicators = sorted(self.own_indicators(), key=lambda indicator: (indicator.dimension.order, indicator.code))
        for indicator in indicators:
            values = self.writable(indicator)
            key = {"dimension": indicator.dimension.title, "code": indicator.code}
            yield key | values | {"_standing": values}

    def writable(self, indicator: Indicator) -> dict[str, Any]:
        axis = indicator.axis
        points = self.axis_maxima.get(axis.pk, axis.maximum) if axis else None
        return super().writable(indicator) | {"axis": axis.title if axis else "", "axis_points": points}

    def values_after(self, entry: Entry, before: Mapping[str, Any]) -> Mapping[str, Any]:
        """The row's values; the maximum of an axis is that of the file, which any of its rows may state."""
        indicator = self.indicators.get((self.dimensions[match_key(entry["dimension"])].pk, entry["code"]))
        points = {"axis_points": indicator.axis.maximum} if indicator and indicator.axis else {}
        return {**super().values_after(entry, before), **points}

    def standing(self, entry: Entry) -> dict[str, Any] | None:
        dimension = self.dimensions.get(match_key(entry["dimension"]))
        indicator = self.indicators.get((dimension.pk, entry["code"])) if dimension else None
        return self.writable(indicator) if indicator and indicator.pk else None

    def offers_choices(self, code: str) -> Sequence[str]:
        if code == "dimension":
            dimensions = Dimension.objects.filter(cycle=self.cycle, kind=DimensionKind.GENERAL)
            return list(dimensions.values_list("title", flat=True))
        if code == "axis":
            return list(Axis.objects.filter(dimension__cycle=self.cycle).values_list("title", flat=True))
        return super().offers_choices(code)
