"""Workbook `questions`: the questions and answers of a province."""

from typing import Any

from django.db.models import QuerySet

from evaluation.enums import Role, Workbook
from evaluation.models import Faq

from ..tables.columns import Choice, Column, Number, Text
from ..tables.table import Entry
from .table_workbook import TableWorkbook


class Questions(TableWorkbook):
    """One row is one question, for the people of one role or (where that is empty) for everybody."""

    workbook = Workbook.QUESTIONS
    key = ("question", "role")
    filled = ("answer", "order")
    change_columns = {"faq": ("province", "role", "question", "answer", "order")}

    question = Column("پرسش", Text(300), required=True, width=44)
    role = Column("مخاطب", Choice(Role), erasable=False)
    answer = Column("پاسخ", Text(4000), required=True, width=60)
    order = Column("ترتیب", Number(digits=4, whole=True))

    class Meta:
        model = Faq
        fields = ("question", "role", "answer", "order")

    def read(self, entry: Entry, code: str) -> Any:
        value = super().read(entry, code)
        return int(value) if code == "order" and value is not None else value

    def standing_rows(self) -> QuerySet[Any]:
        return Faq.objects.visible_to(self.by).filter(province=self.province)
