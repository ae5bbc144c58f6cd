"""What the workbooks of lines share: a row is found by agency and indicator code and holds figures of a line."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from evaluation.enums import MarkLevel, OverMaximum, Role
from evaluation.models import Assessment, Indicator, Line, Participation
from evaluation.persian import format_decimal
from evaluation.process import bulk
from evaluation.process.assessing import line as line_verbs
from evaluation.process.assessing.line import Figures
from evaluation.process.assessing.line_columns import COLUMN
from evaluation.process.assessing.many_lines import StandingLines
from evaluation.process.changes import Change, columns_of
from evaluation.process.door import Refusal

from ..tables.columns import Code, Column, Number
from ..tables.faults import Cause, Notable
from ..tables.table import Entry
from .base import WorkbookResource
from .last_year import far_from

MEASURED_FIGURES = frozenset({"actual", "numerator", "denominator"})
COLUMNS_OF_LEVEL = {level: tuple(columns.values()) for level, columns in COLUMN.items()}
INDICATOR_COLUMNS = "code title nature direction scale scorer".split()  # what an import needs of an indicator


def differs(value: object, other: object) -> bool:
    """`!=` for figures that may be None. A Decimal compares with None slowly, because it first looks for its number
    type.
    """
    return value is not other and (value is None or other is None or value != other)


class LineWorkbook(WorkbookResource):
    """Rows by agency and code. Lines that the person cannot see count as absent."""

    key: tuple[str, ...] = ("agency", "code")
    level: MarkLevel  # of a workbook that writes one level
    readers: Collection[Role] | None = None  # the roles by whose memberships lines are seen; None: by all

    agency = Column("کد دستگاه", Code(), required=True)
    code = Column("کد شاخص", Code(), required=True)
    agency_name = Column("نام دستگاه", readonly=True, width=30)
    title = Column("عنوان شاخص", readonly=True, width=40)
    unit = Column("واحد سنجش", readonly=True)
    target = Column("هدف", Number(), readonly=True)
    maximum = Column("سقف امتیاز", Number(), readonly=True)

    @property
    def levels(self) -> tuple[MarkLevel, ...]:
        """The levels whose columns the workbook compares and writes."""
        return (self.level,)

    def look_up(self, rows: list[Entry]) -> None:
        codes = {entry["agency"] for entry in rows}
        visible = Participation.objects.visible_to(self.by).filter(cycle=self.cycle)
        self.participations = {}
        for participation in visible.order_by().select_related("agency"):
            if participation.agency.code in codes:
                participation.cycle = self.cycle  # one object for all, not one read with each agency
                self.participations[participation.agency.code] = participation
        self.lines = self.standing_lines()

    def read_assessments(self) -> dict[int, Assessment]:
        """{pk: assessment} of the file's agencies; locked first when the import writes."""
        rows = Assessment.objects.filter(participation__in=self.participations.values())
        if not self.dry_run:
            list(rows.select_for_update(of=("self",)).values_list("pk"))
        participations = {participation.pk: participation for participation in self.participations.values()}
        files = bulk.whole(rows.order_by(), "dimension", related={"participation": participations})
        return {assessment.pk: assessment for assessment in files}

    def visible_rows(self, assessments: Mapping[int, Assessment]) -> Any:
        """The lines of these assessments that the person sees, as a queryset."""
        seen = Line.objects.visible_to(self.by, among=self.readers)
        return seen.filter(assessment__in=assessments.values()).order_by()

    def standing_lines(self) -> StandingLines:
        """The visible lines of the file's agencies, with only the columns that an import needs, to save time."""
        assessments = self.read_assessments()
        taking_part = {participation.agency_id for participation in self.participations.values()}
        own = Indicator.objects.filter(Q(agency=None) | Q(agency__in=taking_part), cycle=self.cycle).order_by()
        indicators = {indicator.pk: indicator for indicator in bulk.loaded(own, *INDICATOR_COLUMNS)}
        rows = self.visible_rows(assessments)
        return StandingLines(rows, levels=self.levels, assessments=assessments, indicators=indicators)

    @staticmethod
    def joined(
        lines: list[Line], assessments: Mapping[int, Assessment], indicators: Mapping[int, Indicator]
    ) -> list[Line]:
        """The lines with their assessments and indicators set."""
        to_assessment, to_indicator = (Line._meta.get_field(name) for name in ("assessment", "indicator"))
        for line in lines:
            to_assessment.set_cached_value(line, assessments[line.assessment_id])
            to_indicator.set_cached_value(line, indicators[line.indicator_id])
        return lines

    @cached_property
    def codes(self) -> set[tuple[int | None, str]]:
        """{(agency pk or None, code)} of every indicator of the cycle, to say why a row has no line."""
        return set(Indicator.objects.filter(cycle=self.cycle).values_list("agency_id", "code"))

    def line_of(self, entry: Entry) -> Line | None:
        """The row's line, or None after naming the fault."""
        line = self.lines.get((entry["agency"], entry["code"]))
        if line is None:
            self.no_line(entry)
        return line

    def no_line(self, entry: Entry) -> None:
        """Name the fault of a row that has no line: the agency, the code, or the person's scope."""
        participation = self.participations.get(entry["agency"])
        if participation is None:
            sentence = _("No agency of this cycle that is open to you has this code.")
            self.fault(entry, "agency", Cause.UNKNOWN, sentence)
        elif not self.codes & {(None, entry["code"]), (participation.agency_id, entry["code"])}:
            sentence = _("“%(agency)s” has no indicator with this code.") % {"agency": participation.agency}
            self.fault(entry, "code", Cause.UNKNOWN, sentence)
        else:
            sentence = _("This row does not belong to you or does not exist yet.")
            self.fault(entry, "code", Cause.SCOPE, sentence)

    def figures(self, entry: Entry, line: Line, level: MarkLevel, cells: Mapping[str, str]) -> Figures:
        """The row's figures at a level; `cells` is {field: column code}. What the row does not say stays as it stands;
        but a new figure without a score takes the formula's.
        """
        columns, values, has_new_figures = COLUMN[level], {}, False
        for name, code in cells.items():
            now, value = getattr(line, columns[name]), entry[code]
            if value is None and not entry.erases(code):
                value = now
            elif name in MEASURED_FIGURES and differs(value, now):
                has_new_figures = True
            values[name] = value
        if has_new_figures and not entry.says(cells["score"]):
            self.warn_of_replaced(entry, line, level, cells)
            values["score"] = None
        elif entry[cells["score"]] is not None and self.is_old_result(
            entry, line, level, values["score"], has_new_figures
        ):
            values["score"] = None  # the formula's old result, left in its cell, is not a typed score
        values["note"] = values.get("note") or ""
        figures = Figures(**values)
        self.warn_of_lasting(entry, line, level, figures, cells)
        return figures

    def warn_of_lasting(
        self, entry: Entry, line: Line, level: MarkLevel, figures: Figures, cells: Mapping[str, str]
    ) -> None:
        """Warn where an erased actual or score does not go, because it follows from other figures that stand."""
        erased = [(name, cells[name]) for name in ("actual", "score") if name in cells and entry.erases(cells[name])]
        if not erased:
            return
        try:
            reckoned = line_verbs.reckon(line, level, figures)
        except Refusal:
            return  # the check of all rows reports it
        for name, code in erased:
            if (value := getattr(reckoned, name)) is not None:
                sentence = _("This value follows from other figures and stays %(value)s; to erase it, erase those too.")
                self.warn(entry, code, Notable.LASTING, sentence % {"value": format_decimal(value, None)})

    def warn_of_replaced(self, entry: Entry, line: Line, level: MarkLevel, cells: Mapping[str, str]) -> None:
        """Warn where a score that a person typed gives way to the formula's, because only a figure is new."""
        standing = getattr(line, COLUMN[level]["score"])
        if standing is None or self.is_computed(line, level):
            return
        code = next(code for name, code in cells.items() if name in MEASURED_FIGURES and entry.says(code))
        sentence = _(
            "The recorded score, %(score)s, was typed; with the new figure the formula's takes its place. Type the "
            "score too to keep it."
        )
        self.warn(entry, code, Notable.REPLACED, sentence % {"score": format_decimal(standing, None)})

    def is_old_result(self, entry: Entry, line: Line, level: MarkLevel, score: Decimal, has_new_figures: bool) -> bool:
        """Whether a score beside new figures is the formula's result for the current ones, left in its cell."""
        return has_new_figures and score == getattr(line, COLUMN[level]["score"]) and self.is_computed(line, level)

    @staticmethod
    def is_computed(line: Line, level: MarkLevel) -> bool:
        """Whether the stored score is the formula's result for the stored figures."""
        standing = {name: getattr(line, column) for name, column in COLUMN[level].items() if name in MEASURED_FIGURES}
        try:
            return line_verbs.reckon(line, level, Figures(**standing)).score == getattr(line, COLUMN[level]["score"])
        except Refusal:
            return False

    def too_high(self, entry: Entry, code: str, line: Line) -> bool:
        """Whether a typed score is above the line's maximum, where the cycle does not lower it; names the fault."""
        score = entry[code]
        if score is None or score <= line.maximum or self.cycle.over_maximum == OverMaximum.CLAMP:
            return False
        sentence = _("The score is above the maximum of this line: at most %(maximum)s is allowed.")
        self.fault(entry, code, Cause.MAXIMUM, sentence % {"maximum": format_decimal(line.maximum, None)})
        return True

    def warn_of_score(self, entry: Entry, code: str, line: Line) -> None:
        """Warn where a typed score is lowered to the line's maximum, by the cycle's setting."""
        score = entry[code]
        if score is not None and score > line.maximum:
            sentence = _("The score is above the maximum of this line and is lowered to %(maximum)s.")
            self.warn(entry, code, Notable.CLAMPED, sentence % {"maximum": format_decimal(line.maximum, None)})

    def warn_of_figure(
        self, entry: Entry, codes: Iterable[str], figure: Decimal | None, baseline: Decimal | None
    ) -> None:
        """Warn where a figure is far from last year's, at the first filled one of these columns."""
        if sentence := far_from(figure, baseline):
            code = next((code for code in codes if entry[code] is not None), "code")
            self.warn(entry, code, Notable.FAR, sentence)

    @staticmethod
    def change(entry: Entry, line: Line, before: dict | None, names: Iterable[str]) -> Change:
        """The Change of a written line, for its undoing."""
        row = entry.row
        return Change("line", line.pk, row.sheet, row.number, before, columns_of(line, names))

    # -- downloads

    def writable(self, line: Line) -> dict[str, Any]:
        """The current writable values, for downloads and their stamps."""
        raise NotImplementedError

    def keep_standing(self, entry: Entry) -> None:
        """Nothing: lines are not changed before they are written, so `planned` reads them."""

    def standing(self, entry: Entry) -> dict[str, Any] | None:
        line = self.lines.get((entry["agency"], entry["code"]))
        return self.writable(line) if line else None

    def offers_choices(self, code: str) -> Sequence[str]:
        if code == "agency":
            visible = Participation.objects.visible_to(self.by).filter(cycle=self.cycle)
            return sorted(visible.values_list("agency__code", flat=True))
        if code == "code":
            visible = Indicator.objects.visible_to(self.by).filter(cycle=self.cycle)
            return sorted(set(visible.values_list("code", flat=True)))
        return ()

    def shared(self, line: Line) -> dict[str, Any]:
        """The columns that every workbook of lines shows."""
        agency = line.assessment.participation.agency
        return {
            "agency": agency.code,
            "code": line.indicator.code,
            "agency_name": agency.name,
            "title": line.indicator.title,
            "unit": line.indicator.unit,
            "target": line.target,
            "maximum": line.maximum,
        }

    def visible_lines(self) -> list[Line]:
        """The lines of the cycle that the person sees and that count, agency by agency."""
        self.dry_run = True
        visible = Participation.objects.visible_to(self.by).filter(cycle=self.cycle).select_related("agency")
        self.participations = {participation.agency.code: participation for participation in visible}
        assessments = self.read_assessments()
        lines = list(self.visible_rows(assessments).filter(exempt=False))
        indicators = Indicator.objects.in_bulk({line.indicator_id for line in lines})
        return sorted(self.joined(lines, assessments, indicators), key=self.position)

    @staticmethod
    def position(line: Line) -> tuple:
        dimension = line.assessment.dimension
        return (line.assessment.participation.agency.code, dimension.order, line.indicator.code)
