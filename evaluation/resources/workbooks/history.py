"""Workbook `history`: published totals of the years before the system was used, for growth in its first year."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from evaluation.enums import Workbook
from evaluation.models import Agency, Dimension, EarlierTotal
from evaluation.persian import match_key
from evaluation.process.results import history

from ..tables.columns import Code, Column, Number, Text
from ..tables.faults import Cause
from ..tables.table import Entry
from .levels import TOTAL
from .table_workbook import TableWorkbook


class History(TableWorkbook):
    """One row is one agency's total of one year: of a dimension, or (where that is empty) of all together."""

    workbook = Workbook.HISTORY
    key = ("agency", "year", "dimension")
    filled = ("total", "maximum", "source")
    change_columns = {"earliertotal": history.FIELDS}

    agency = Column("کد دستگاه", Code(), required=True)
    year = Column("سال", Number(digits=4, whole=True), required=True)
    dimension = Column("بعد", erasable=False)
    agency_name = Column("نام دستگاه", readonly=True, width=36)
    total = Column("امتیاز کل", Number(digits=8), required=True)
    maximum = Column("سقف", Number(digits=8))
    source = Column("منبع", Text(400), width=44)

    class Meta:
        model = EarlierTotal
        fields = ("agency", "year", "dimension", "agency_name", "total", "maximum", "source")

    def look_up(self, rows: list[Entry]) -> None:
        visible = Agency.objects.visible_to(self.by).filter(province=self.province)
        self.agencies = {agency.code: agency for agency in visible}
        self.recorded_years = history.recorded_years(self.province)
        super().look_up(rows)

    def standing_rows(self) -> QuerySet[Any]:
        rows = EarlierTotal.objects.visible_to(self.by).filter(agency__province=self.province)
        return rows.select_related("agency").order_by("-year", "agency__code", "dimension")

    def own_place(self) -> dict[str, Any]:
        return {}

    def key_of_row(self, entry: Entry) -> tuple:
        """Agency, year and dimension; every word for the total is the total."""
        agency, year, dimension = super().key_of_row(entry)
        return agency, year, "" if match_key(dimension or "") in map(match_key, TOTAL) else dimension

    def judge(self, entry: Entry) -> str:
        if entry["agency"] not in self.agencies:
            return self.fault(entry, "agency", Cause.UNKNOWN, _("No agency of the province has this code."))
        if entry["year"] in self.recorded_years:
            sentence = _("The results of this year are in the system itself; totals are recorded for earlier years.")
            return self.fault(entry, "year", Cause.RULE, sentence)
        return super().judge(entry)

    def read(self, entry: Entry, code: str) -> Any:
        if code == "agency":
            return self.agencies[entry["agency"]]
        if code == "year":
            return int(entry["year"])
        return self.key_of_row(entry)[2] if code == "dimension" else super().read(entry, code)

    def check_row(self, obj: Any) -> None:
        if not 1300 <= obj.year <= 1500:
            raise self.violation("year", "earliertotal_year_is_jalali")
        if obj.maximum is not None and obj.maximum < obj.total:
            raise self.violation("total", "earliertotal_within_maximum")

    def shown(self, obj: Any, code: str) -> Any:
        names = {"agency": obj.agency.code, "agency_name": obj.agency.name}
        return names[code] if code in names else super().shown(obj, code)

    def offers_choices(self, code: str) -> Sequence[str]:
        if code == "agency":
            codes = Agency.objects.visible_to(self.by).filter(province=self.province).order_by("code")
            return list(codes.values_list("code", flat=True))
        if code == "dimension":
            titles = Dimension.objects.filter(cycle__province=self.province).order_by("title")
            return list(titles.values_list("title", flat=True).distinct())
        return ()
