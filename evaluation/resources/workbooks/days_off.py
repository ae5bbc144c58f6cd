"""Workbook `days_off`: the days that a province adds to the official days off, or works through."""

from typing import Any

from django.db.models import QuerySet

from evaluation.enums import Workbook
from evaluation.models import DayOff

from ..tables.columns import Column, JalaliDate, YesNo
from .table_workbook import TableWorkbook


class DaysOff(TableWorkbook):
    """One row is one day of the province."""

    workbook = Workbook.DAYS_OFF
    key = ("date",)
    filled = ("title", "working")
    change_columns = {"dayoff": ("province", "date", "title", "working")}

    date = Column("تاریخ", JalaliDate(), required=True)
    title = Column("عنوان", required=True, width=44)
    working = Column("روز کاری", YesNo(), erasable=False)

    class Meta:
        model = DayOff
        fields = ("date", "title", "working")

    def standing_rows(self) -> QuerySet[Any]:
        return DayOff.objects.visible_to(self.by).filter(province=self.province).order_by("date")
