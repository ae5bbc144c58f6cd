"""The columns of the offline kits: those of the workbooks `self` and `scores`, and what a person needs beside them.

A kit is imported by its workbook, so it only adds columns for reading and locks cells that nobody may fill.
"""

from django.db.models import Count, prefetch_related_objects

from evaluation import workbook
from evaluation.enums import EvidenceRule, MarkLevel, Nature
from evaluation.models import Evidence, Line
from evaluation.process.assessing.reckoning import Figures, reckon
from evaluation.process.door import Refusal
from evaluation.rules.open_fields import ENTRIES, readable_levels

from ..tables.columns import Choice, Column, Number, Scale
from ..workbooks.scores import Scores
from ..workbooks.self_assessment import SelfAssessment

DIMENSION = "_dimension"  # key of a row: its sheet
BEFORE = ("self_actual", "self_score", "self_note", "hq_actual", "hq_score", "hq_note")
PROBE = Figures(actual=1)  # any figures, to see whether the formula can compute a score


class KitMixin:
    """What both kits share: the order of the lines, locked cells, the number of evidence files."""

    written = ()  # the columns that the person fills

    def visible_lines(self):
        lines = self.chosen(super().visible_lines())
        prefetch_related_objects([line.indicator for line in lines], "axis")
        self.files = files_of(lines, self.by)
        return sorted(lines, key=place_of)

    def chosen(self, lines):
        """Those of the visible lines that the kit holds."""
        return lines

    def beside(self, line):
        indicator = line.indicator
        return super().beside(line) | {
            DIMENSION: line.assessment.dimension,
            workbook.LOCKED: set(self.written) - self.open_codes(line),
            "axis": indicator.axis.title if indicator.axis else "",
            "nature": indicator.nature,
            "scale": indicator.scale,
            "guide": indicator.guide,
            "baseline": line.baseline,
            "files": self.files.get(line.pk, 0) if self.files is not None else None,
        }

    def open_codes(self, line):
        """The columns that may be filled in this line's row."""
        if line.assessment.state not in ENTRIES[self.level].states:
            return set()
        return self.asked_for(line)

    def asked_for(self, line):
        """The columns that this line asks its person to fill."""
        raise NotImplementedError


class AgencyKit(KitMixin, SelfAssessment):
    """The lines of one agency, with guides, targets and last year's figures."""

    written = ("actual", "numerator", "denominator", "score", "note")
    order = (
        "agency code title axis guide legal_basis rule nature scale unit maximum target baseline last_actual "
        "last_score files actual numerator denominator score note"
    ).split()
    frozen = 3

    title = Column("عنوان شاخص", readonly=True, width=34)
    axis = Column("محور", readonly=True, width=22)
    guide = Column("راهنما", readonly=True, width=44)
    legal_basis = Column("استناد قانونی", readonly=True, width=30)
    unit = Column("واحد سنجش", readonly=True, width=13)
    rule = Column("مستندات", Choice(EvidenceRule), readonly=True, width=11)
    nature = Column("ماهیت", Choice(Nature), readonly=True, width=11)
    scale = Column("گزینه‌ها", Scale(2_000), readonly=True, width=24)
    baseline = Column("عملکرد پایه", Number(negative=True), readonly=True, width=13)
    last_actual = Column("عملکرد نهایی سال پیش", Number(negative=True), readonly=True, width=14)
    last_score = Column("امتیاز نهایی سال پیش", Number(), readonly=True, width=14)
    files = Column("تعداد مستندات", Number(), readonly=True, width=11)

    def __init__(self, participation, *, by):
        super().__init__(by=by, cycle=participation.cycle)
        self.participation = participation

    def chosen(self, lines):
        own = [line for line in lines if line.assessment.participation_id == self.participation.pk]
        self.last_year = last_years(own, self.participation.agency_id, self.by)
        return own

    def beside(self, line):
        indicator, last = line.indicator, self.last_year.get(line.indicator.origin_id)
        return super().beside(line) | {
            "legal_basis": indicator.legal_basis,
            "rule": indicator.evidence_rule,
            "last_actual": last.final_actual if last else None,
            "last_score": last.final_score if last else None,
        }

    def asked_for(self, line):
        """The figures that the nature of the indicator needs; a score only where the formula gives none."""
        nature, codes = line.indicator.nature, {"note"}
        if nature == Nature.SINGLE or (nature == Nature.QUALITATIVE and line.indicator.scale):
            codes.add("actual")
        elif nature != Nature.QUALITATIVE:
            codes |= {"numerator", "denominator"}
            codes |= {"actual"} if line.self_numerator is None else set()
        return codes | {"score"} if is_typed(line) else codes


class EvaluatorKit(KitMixin, Scores):
    """The person's assigned lines, with the figures of the agency and its headquarters."""

    written = ("actual", "score", "note")
    order = (
        "agency agency_name code title axis guide nature scale unit maximum target baseline self_actual self_score "
        "self_note hq_actual hq_score hq_note files actual score note"
    ).split()
    frozen = 4

    agency_name = Column("نام دستگاه", readonly=True, width=22)
    title = Column("عنوان شاخص", readonly=True, width=32)
    axis = Column("محور", readonly=True, width=22)
    guide = Column("راهنما", readonly=True, width=36)
    unit = Column("واحد سنجش", readonly=True, width=13)
    nature = Column("ماهیت", Choice(Nature), readonly=True, width=11)
    scale = Column("گزینه‌ها", Scale(2_000), readonly=True, width=24)
    baseline = Column("عملکرد پایه", Number(negative=True), readonly=True, width=13)
    self_note = Column("توضیح دستگاه", readonly=True, width=30)
    hq_actual = Column("عملکرد تأیید دستگاه متبوع", Number(negative=True), readonly=True)
    hq_note = Column("توضیح دستگاه متبوع", readonly=True, width=30)
    files = Column("تعداد مستندات", Number(), readonly=True, width=11)

    def beside(self, line):
        """Who scores a line may read the levels before it (`readable_levels`), so no line is checked here."""
        return super().beside(line) | {name: getattr(line, name) for name in BEFORE}

    def asked_for(self, line):
        return set(self.written)


def place_of(line):
    """The sort key of the lines page: dimension, agency, axis, code."""
    assessment, axis = line.assessment, line.indicator.axis
    number = axis.number if axis else 0
    return assessment.dimension.order, assessment.participation.agency.code, number, line.indicator.code


def is_typed(line):
    """Whether the agency may type this line's score: a qualitative one, or one that the formula cannot compute."""
    if line.indicator.nature == Nature.QUALITATIVE:
        return True
    standing = Figures(actual=line.self_actual, numerator=line.self_numerator, denominator=line.self_denominator)
    try:
        return "undefined" in reckon(line, MarkLevel.SELF, PROBE if standing == Figures() else standing).explanation
    except Refusal:
        return False


def files_of(lines, by):
    """{line pk: number of its evidence files}, or None for a person who may not see evidence."""
    if not by.has_perm("evaluation.view_evidence"):
        return None
    kept = Evidence.objects.visible_to(by).filter(line__in=[line.pk for line in lines], removed_at=None)
    return dict(kept.order_by().values_list("line").annotate(Count("pk")))


def last_years(lines, agency, by):
    """{pk of the origin indicator: the agency's line of the earlier cycle}, where the person may read its final
    figures.
    """
    origins = {line.indicator.origin_id for line in lines} - {None}
    earlier = Line.objects.visible_to(by).filter(indicator__in=origins, assessment__participation__agency=agency)
    earlier = earlier.exclude(final_score=None).select_related("assessment__participation__cycle")
    announced, earlier_lines = {}, {}
    for line in earlier:
        key = line.assessment_id
        if key not in announced:
            announced[key] = MarkLevel.FINAL in readable_levels(by, line.assessment)
        if announced[key]:
            earlier_lines[line.indicator_id] = line
    return earlier_lines
