"""Workbook `scores`: the initial figures of an evaluator's or steward's lines."""

from typing import Any

from django.contrib.auth.models import User

from evaluation.enums import MarkLevel, Workbook
from evaluation.models import Cycle, Line
from evaluation.rules import bulk_rights
from evaluation.rules.open_fields import SEES_EVALUATORS, writer_of
from evaluation.rules.permissions import holds

from ..tables.columns import Column, Number, Text
from .figure_workbook import FigureWorkbook


class Scores(FigureWorkbook):
    """One row is one line of the person who scores it."""

    workbook = Workbook.SCORES
    level = MarkLevel.INITIAL
    readers = SEES_EVALUATORS  # a party to a file reads none of it here
    cells = {name: name for name in ("actual", "score", "note")}

    self_actual = Column("عملکرد خودارزیابی", Number(), readonly=True)
    self_score = Column("امتیاز خودارزیابی", Number(), readonly=True)
    hq_score = Column("امتیاز تأیید دستگاه متبوع", Number(), readonly=True)
    actual = Column("عملکرد تأییدشده", Number(negative=True))
    score = Column("امتیاز", Number(digits=8))
    note = Column("نظر ارزیاب", Text(4_000), width=40)

    @classmethod
    def may_import(cls, by: User, cycle: Cycle | None) -> bool:
        return holds(by, "record_initial") and holds(by, "import_line")

    @classmethod
    def may_export(cls, by: User, cycle: Cycle | None) -> bool:
        return holds(by, "record_initial") and holds(by, "export_line")

    def visible_lines(self) -> list[Line]:
        lines = super().visible_lines()
        assessments = list({line.assessment_id: line.assessment for line in lines}.values())
        with bulk_rights.rights_preloaded(self.by, assessments):
            mine = writer_of(self.by, assessments, self.level)
        return [line for line in lines if mine(line)]

    def beside(self, line: Line) -> dict[str, Any]:
        return {"self_actual": line.self_actual, "self_score": line.self_score, "hq_score": line.hq_score}

    def offers(self, line: Line) -> bool:
        return True
