"""Workbook `specific`: the specific indicators of agencies whose list is open to the person."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from evaluation.enums import DimensionKind, Slice, Workbook
from evaluation.models import Cycle, Dimension, ImportRun, Indicator, SpecificList
from evaluation.process.catalogue import indicator as catalogue
from evaluation.process.door import Refusal, refusal_of
from evaluation.process.imports import catalogue_import as verbs
from evaluation.rules.permissions import holds

from ..tables.columns import Choice, Code, Column
from ..tables.faults import Cause
from ..tables.table import Entry
from .base import CHANGED, NEW
from .catalogue import IndicatorWorkbook


class Specific(IndicatorWorkbook):
    """One row is one specific indicator of one agency."""

    workbook = Workbook.SPECIFIC
    key = ("agency", "code")
    first = ("agency", "slice")
    by_agency = True

    agency = Column("کد دستگاه", Code(), required=True)
    slice = Column("برش", Choice(Slice, also={"ملی": Slice.NATIONAL, "استانی": Slice.PROVINCIAL}), required=True)

    @classmethod
    def may_import(cls, by: User, cycle: Cycle | None) -> bool:
        proposes = holds(by, "propose_specificlist") or holds(by, "slice_specificlist", cycle)
        return proposes and holds(by, "import_indicator")

    @classmethod
    def may_export(cls, by: User, cycle: Cycle | None) -> bool:
        return cls.may_import(by, cycle)

    def lists_of_person(self) -> Any:
        lists = SpecificList.objects.visible_to(self.by).filter(cycle=self.cycle)
        return lists.select_related("agency", "cycle__province")

    def look_up(self, rows: list[Entry]) -> None:
        self.dimension = Dimension.objects.filter(cycle=self.cycle, kind=DimensionKind.SPECIFIC).first()
        codes = {entry["agency"] for entry in rows}
        self.lists = {
            specific_list.agency.code: specific_list
            for specific_list in self.lists_of_person()
            if specific_list.agency.code in codes
        }
        self.agency_ids = {specific_list.agency_id for specific_list in self.lists.values()}
        super().look_up(rows)
        ids = {code: specific_list.agency_id for code, specific_list in self.lists.items()}
        self.named = {(ids.get(entry["agency"]), entry["code"]) for entry in rows}
        general = Indicator.objects.filter(cycle=self.cycle, agency=None)
        self.general = set(general.values_list("code", flat=True))
        self.refusals: dict[int, str] = {}

    def own_indicators(self) -> Iterable[Indicator]:
        return self.of_cycle().filter(agency__in=self.agency_ids)

    def key_of(self, indicator: Indicator) -> tuple:
        return (indicator.agency_id, indicator.code)

    def judge(self, entry: Entry) -> str:
        specific_list = self.lists.get(entry["agency"])
        if specific_list is None or self.dimension is None:
            sentence = _("No agency with a specific list that is open to you has this code.")
            return self.fault(entry, "agency", Cause.UNKNOWN, sentence)
        if entry["code"] in self.general:
            sentence = _("A general indicator of this cycle has this code; choose another one.")
            return self.fault(entry, "code", Cause.DUPLICATE, sentence)
        agency = specific_list.agency
        indicator = self.indicators.get((agency.pk, entry["code"])) or Indicator(
            cycle=self.cycle, dimension=self.dimension, agency=agency, code=entry["code"]
        )
        was, before = indicator.slice, self.columns("indicator", indicator)
        verdict = self.judge_indicator(entry, indicator, (agency.pk,))
        if verdict in (NEW, CHANGED) and (refusal := self.closed(specific_list, indicator, was)):
            return self.fault(entry, "agency", Cause.CLOSED, refusal)
        return self.remember(entry, indicator, verdict, before)

    def set_more(self, entry: Entry, indicator: Indicator) -> bool:
        indicator.slice = entry["slice"]
        return True

    def closed(self, specific_list: SpecificList, indicator: Indicator, was: str) -> str:
        """Why this row may not be written on the list now, or ""."""
        if specific_list.pk not in self.refusals:
            self.refusals[specific_list.pk] = self.refusal_of(specific_list)
        try:
            verbs.check_slice(specific_list, indicator)
            if was:
                verbs.check_slice(specific_list, Indicator(slice=was))
        except Refusal as refusal:
            return self.refusals[specific_list.pk] or str(refusal)
        return self.refusals[specific_list.pk]

    def refusal_of(self, specific_list: SpecificList) -> str:
        """Why the person may not change this list now, or ""."""
        return refusal_of(catalogue.check_proposal, specific_list, by=self.by, on_behalf=self.on_behalf)

    def write(self, run: ImportRun | None) -> None:
        lists = {specific_list.agency_id: specific_list for specific_list in self.lists.values()}
        verbs.write_specific(lists, new=self.new, changed=self.changed, by=self.by, on_behalf=self.on_behalf)
        self.save_changes(run)

    def rows(self, *, filled: bool) -> Iterable[dict[str, Any]]:
        if not filled:
            return
        lists = {specific_list.agency_id: specific_list.agency for specific_list in self.lists_of_person()}
        indicators = list(self.of_cycle().filter(agency__in=lists))
        for indicator in sorted(indicators, key=lambda indicator: (lists[indicator.agency_id].code, indicator.code)):
            agency = lists[indicator.agency_id]
            values = self.writable(indicator)
            yield {"agency": agency.code, "code": indicator.code, **values, "_standing": values}

    def writable(self, indicator: Indicator) -> dict[str, Any]:
        return super().writable(indicator) | {"slice": indicator.slice}

    def standing(self, entry: Entry) -> dict[str, Any] | None:
        specific_list = self.lists.get(entry["agency"])
        indicator = self.indicators.get((specific_list.agency_id, entry["code"])) if specific_list else None
        return self.writable(indicator) if indicator and indicator.pk else None

    def offers_choices(self, code: str) -> Sequence[str]:
        if code == "agency":
            return sorted(specific_list.agency.code for specific_list in self.lists_of_person())
        return super().offers_choices(code)
