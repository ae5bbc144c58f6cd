"""Workbook `self`: an agency's own figures, while its window is open."""

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from evaluation.enums import MarkLevel, Scorer, Workbook
from evaluation.models import Cycle, Line
from evaluation.persian import format_decimal
from evaluation.process.assessing import line as line_verbs
from evaluation.process.assessing.line import Figures
from evaluation.process.door import Refusal
from evaluation.rules.permissions import holds

from ..tables.columns import Column, Number, Text
from ..tables.faults import Notable
from ..tables.table import Entry
from .figure_workbook import FigureWorkbook

RATIO = ("numerator", "denominator")


class SelfAssessment(FigureWorkbook):
    """One row is one line of the agency; lines of stewards and outside systems are not in it."""

    workbook = Workbook.SELF
    level = MarkLevel.SELF
    by_agency = True
    cells = {name: name for name in ("actual", "numerator", "denominator", "score", "note")}

    actual = Column("عملکرد واقعی", Number(negative=True))
    numerator = Column("صورت", Number(negative=True))
    denominator = Column("مخرج", Number(negative=True))
    score = Column("امتیاز خودارزیابی", Number(digits=8))
    note = Column("توضیح", Text(4_000), width=40)

    def judge(self, entry: Entry) -> str:
        verdict = super().judge(entry)
        if verdict and not entry.wrong and entry["actual"] is not None:
            self.warn_of_actual(entry, self.lines[entry["agency"], entry["code"]])
        return verdict

    def warn_of_actual(self, entry: Entry, line: Line) -> None:
        """Warn where a typed actual is not used, because numerator and denominator, new or stored, give another."""
        typed, ratio = entry["actual"], [entry.get(name, getattr(line, f"self_{name}")) for name in RATIO]
        if None in ratio or typed == line.self_actual:
            return  # the stored figure, left in its cell, is not a typed one
        try:
            computed = line_verbs.reckon(line, self.level, Figures(numerator=ratio[0], denominator=ratio[1])).actual
        except Refusal:
            return
        if computed is not None and round(computed, max(-typed.normalize().as_tuple().exponent, 0)) != typed:
            sentence = _(
                "This value is calculated from numerator and denominator and is %(value)s; the typed number is ignored."
            )
            self.warn(entry, "actual", Notable.DERIVED, sentence % {"value": format_decimal(computed, None)})

    @classmethod
    def may_import(cls, by: User, cycle: Cycle | None) -> bool:
        own = holds(by, "record_self") or holds(by, "act_on_behalf", cycle)
        return own and holds(by, "import_line")

    @classmethod
    def may_export(cls, by: User, cycle: Cycle | None) -> bool:
        return holds(by, "export_line") and cls.may_import(by, cycle)

    @classmethod
    def needs_letter(cls, by: User) -> bool:
        return not holds(by, "record_self")

    def offers(self, line: Line) -> bool:
        return line.indicator.scorer == Scorer.EVALUATOR
