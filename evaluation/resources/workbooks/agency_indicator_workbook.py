"""What the workbooks of targets and of outside figures share: one row is one agency and one leaf indicator."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from evaluation.models import Agency, Indicator, Participation

from ..tables.columns import Code, Column
from ..tables.faults import Cause
from ..tables.table import Entry
from .base import WorkbookResource


class AgencyIndicatorWorkbook(WorkbookResource):
    """Rows of agency × leaf indicator by their codes, for general and specific indicators alike."""

    key = ("agency", "code")

    agency = Column("کد دستگاه", Code(), required=True)
    code = Column("کد شاخص", Code(), required=True)
    agency_name = Column("نام دستگاه", readonly=True, width=30)
    title = Column("عنوان شاخص", readonly=True, width=40)
    unit = Column("واحد سنجش", readonly=True)

    def read_places(self) -> None:
        """Read the agencies and indicators that a row may name.

        Until the list of participants is fixed, these are all active agencies of the province that the person sees.
        """
        participations = Participation.objects.visible_to(self.by).filter(cycle=self.cycle)
        agencies = Agency.objects.filter(pk__in=participations.values("agency"))
        if not self.cycle.participations.exists():
            agencies = Agency.objects.visible_to(self.by).filter(province=self.province, active=True)
        self.agencies = {agency.code: agency for agency in agencies}
        indicators = list(self.read_indicators())
        parents = {indicator.parent_id for indicator in indicators if indicator.parent_id}
        self.indicators = {(indicator.agency_id, indicator.code): indicator for indicator in indicators}
        self.leaves = [indicator for indicator in indicators if indicator.pk not in parents]
        self.parents = parents

    def read_indicators(self) -> Any:
        indicators = Indicator.objects.filter(cycle=self.cycle).select_related("dimension")
        return indicators.order_by("dimension__order", "code")

    def place_of(self, entry: Entry) -> tuple[Agency, Indicator] | None:
        """(agency, leaf indicator) of a row, or None after naming the fault."""
        agency = self.agencies.get(entry["agency"])
        if agency is None:
            sentence = _("No agency of this cycle that is open to you has this code.")
            self.fault(entry, "agency", Cause.UNKNOWN, sentence)
            return None
        indicator = self.indicator_of(agency, entry["code"])
        if indicator is None:
            sentence = _("“%(agency)s” has no indicator with this code.") % {"agency": agency}
            self.fault(entry, "code", Cause.UNKNOWN, sentence)
            return None
        if indicator.pk in self.parents:
            sentence = _("This indicator is made up of measures: its figures are those of each measure.")
            self.fault(entry, "code", Cause.RULE, sentence)
            return None
        return agency, indicator

    def indicator_of(self, agency: Agency, code: str) -> Indicator | None:
        """The general indicator of this code, else the agency's own; None where there is none."""
        return self.indicators.get((None, code)) or self.indicators.get((agency.pk, code))

    def key_of(self, entry: Entry) -> tuple[int, int] | None:
        """(agency pk, indicator pk) of what a row names, or None where it names nothing."""
        agency = self.agencies.get(entry["agency"])
        if agency is None:
            return None
        indicator = self.indicator_of(agency, entry["code"])
        return (agency.pk, indicator.pk) if indicator else None

    def places(self) -> Iterator[tuple[Agency, Indicator]]:
        """Every (agency, leaf) of the cycle, agency by agency: for downloads."""
        self.read_places()
        for agency in sorted(self.agencies.values(), key=lambda agency: agency.code):
            for indicator in self.leaves:
                if indicator.agency_id in (None, agency.pk):
                    yield agency, indicator

    @staticmethod
    def named(agency: Agency, indicator: Indicator) -> dict[str, Any]:
        """The columns that name a row to people."""
        return {
            "agency": agency.code,
            "code": indicator.code,
            "agency_name": agency.name,
            "title": indicator.title,
            "unit": indicator.unit,
        }

    def offers_choices(self, code: str) -> Sequence[str]:
        if code not in self.key:
            return ()
        if not hasattr(self, "agencies"):
            self.read_places()
        codes = (indicator.code for indicator in self.leaves)
        return sorted(self.agencies) if code == "agency" else list(dict.fromkeys(codes))
