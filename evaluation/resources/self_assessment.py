"""Workbook `self`: an agency's own figures, while its window is open."""

from evaluation.enums import MarkLevel, Scorer, Workbook
from evaluation.rules.permissions import holds

from .columns import Column, Number, Text
from .figure_sheet import FigureSheet


class SelfAssessment(FigureSheet):
    workbook = Workbook.SELF
    level = MarkLevel.SELF
    by_agency = True
    cells = {name: name for name in ("actual", "numerator", "denominator", "score", "note")}

    actual = Column("عملکرد واقعی", Number(negative=True))
    numerator = Column("صورت", Number(negative=True))
    denominator = Column("مخرج", Number(negative=True))
    score = Column("خوداظهاری امتیاز", Number(digits=8))
    note = Column("توضیح", Text(4_000), width=40)

    @classmethod
    def may_import(cls, by, cycle):
        own = holds(by, "record_self") or holds(by, "act_on_behalf", cycle)
        return own and holds(by, "import_line")

    @classmethod
    def may_export(cls, by, cycle):
        return holds(by, "export_line") and cls.may_import(by, cycle)

    @classmethod
    def needs_letter(cls, by):
        return not holds(by, "record_self")

    def offers(self, line):
        return line.indicator.scorer == Scorer.EVALUATOR
