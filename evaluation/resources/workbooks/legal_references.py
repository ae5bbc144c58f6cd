"""Workbook `legal_references`: laws and resolutions, those that all provinces share and a province's own."""

from typing import Any

from django.contrib.auth.models import User
from django.db.models import QuerySet

from evaluation.enums import Workbook
from evaluation.models import Cycle, LegalReference
from evaluation.persian import normalise, normalise_code
from evaluation.process.imports import table_import

from ..tables.columns import Column, JalaliDate, Text
from ..tables.table import Entry
from .table_workbook import TableWorkbook


class LegalReferences(TableWorkbook):
    """One row is one reference. New rows belong to the person's province; the national organization's are shared."""

    workbook = Workbook.LEGAL_REFERENCES
    key = ("number", "date")
    filled = ("title", "link", "valid_from", "valid_until", "source")
    shared = True
    change_columns = {
        "legalreference": ("province", "title", "number", "date", "link", "valid_from", "valid_until", "source")
    }

    number = Column("شماره", Text(60), erasable=False)
    date = Column("تاریخ", JalaliDate(), erasable=False)
    title = Column("عنوان", required=True, width=60)
    link = Column("نشانی متن", Text(400), width=44)
    valid_from = Column("اعتبار از", JalaliDate())
    valid_until = Column("آخرین روز اعتبار", JalaliDate())
    source = Column("منبع", Text(4000), width=44)
    belongs_to = Column("متعلق به", readonly=True)

    class Meta:
        model = LegalReference
        fields = ("number", "date", "title", "link", "valid_from", "valid_until", "source", "belongs_to")

    def __init__(self, *, by: User, **kwargs: Any) -> None:
        super().__init__(by=by, **kwargs)
        if not table_import.may_write(by, "add", LegalReference, self.province):
            self.province = None  # the national organization's own rows are those that all share

    @classmethod
    def may_import(cls, by: User, cycle: Cycle | None) -> bool:
        return super().may_import(by, cycle) or table_import.may_write(by, "add", LegalReference, None)

    def standing_rows(self) -> QuerySet[Any]:
        """The shared rows first, so that a row of the province's own stands for its key."""
        return LegalReference.objects.of_province(self.province).select_related("province")

    def key_of_row(self, entry: Entry) -> tuple:
        """The number counts by its digits in any script; a law without a number is known by its title."""
        return key_of(entry["number"], entry["date"], entry["title"])

    def key_of_object(self, obj: Any) -> tuple:
        return key_of(obj.number, obj.date, obj.title)

    def check_row(self, obj: Any) -> None:
        if obj.valid_from and obj.valid_until and obj.valid_until < obj.valid_from:
            raise self.violation("valid_until", "legalreference_runs_forward")

    def shown(self, obj: Any, code: str) -> Any:
        if code == "belongs_to":
            return obj.province.name if obj.province else "همهٔ استان‌ها"
        return super().shown(obj, code)


def key_of(number: str | None, date: Any, title: str) -> tuple:
    """What a reference is known by: number and date, or its title where it has no number."""
    return (normalise_code(number), date or "", "") if number else ("", "", normalise(title))
