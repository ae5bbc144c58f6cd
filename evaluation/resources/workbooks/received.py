"""Workbook `received`: the whole province's files as they come from the national organization."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.auth.models import User
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evaluation.enums import AssessmentState, MarkLevel, Role, Workbook
from evaluation.models import Cycle, Dimension, ImportRun, Line
from evaluation.persian import localise_digits, match_key
from evaluation.process.assessing import line as line_verbs
from evaluation.process.assessing import received
from evaluation.process.assessing.line import Figures
from evaluation.process.changes import Change, columns_of, keep_changes, plain
from evaluation.process.door import Refusal
from evaluation.rules.permissions import holds

from ..tables.columns import Code, Column, Number, Text
from ..tables.faults import Cause, Notable
from ..tables.plan import PlannedRow, cells_of
from ..tables.table import Entry
from .base import CHANGED, NEW, SAME
from .last_year import compared_figure
from .lines import COLUMNS_OF_LEVEL, LineWorkbook

JudgedRow = tuple[Entry, Line, Figures | None, Figures | None]  # a row, its line, its figures of the two levels
OPEN = (*AssessmentState.before_receipt(), AssessmentState.RECEIVED)
OWN = {"actual": "self_actual", "score": "self_score"}
FIGURES = ("self_actual", "self_score", "hq_actual", "hq_score")
HEADQUARTERS = {"actual": "hq_actual", "score": "hq_score", "note": "note"}


class Received(LineWorkbook):
    """Figures are taken as the national organization computed them. A row with a figure has its file received."""

    workbook = Workbook.RECEIVED
    worded = ("dimension",)
    key = ("agency", "dimension", "code")
    readers = Role.mpo()  # a party to a file does not read here what its headquarters has entered and not yet handed on

    agency = Column("کد دستگاه", Code(), required=True)
    dimension = Column("بعد", Code(250), required=True)
    code = Column("کد شاخص", Code(), required=True)
    self_actual = Column("عملکرد خودارزیابی", Number(negative=True))
    self_score = Column("امتیاز خودارزیابی", Number(digits=8))
    hq_actual = Column("عملکرد تأیید دستگاه متبوع", Number(negative=True))
    hq_score = Column("امتیاز تأیید دستگاه متبوع", Number(digits=8))
    note = Column("توضیح", Text(4_000), width=40)

    @property
    def levels(self) -> tuple[MarkLevel, ...]:
        return (MarkLevel.SELF, MarkLevel.HQ)

    @classmethod
    def may_import(cls, by: User, cycle: Cycle | None) -> bool:
        return holds(by, "receive_assessment", cycle) and holds(by, "import_line", cycle)

    @classmethod
    def may_export(cls, by: User, cycle: Cycle | None) -> bool:
        return holds(by, "receive_assessment", cycle) and holds(by, "export_line", cycle)

    def look_up(self, rows: list[Entry]) -> None:
        super().look_up(rows)
        self.dimensions: dict[str, Dimension] = {}
        for dimension in Dimension.objects.visible_to(self.by).filter(cycle=self.cycle):
            self.dimensions |= {match_key(dimension.code): dimension, match_key(dimension.title): dimension}
        self.judged: list[JudgedRow] = []

    def judge(self, entry: Entry) -> str:
        dimension = self.dimensions.get(match_key(entry["dimension"]))
        if dimension is None:
            titles = "، ".join(sorted({known.title for known in self.dimensions.values()}))
            return self.fault(entry, "dimension", Cause.UNKNOWN, _("Allowed are: %(choices)s.") % {"choices": titles})
        line = self.line_of(entry)
        if line is None:
            return ""
        if line.assessment.dimension_id != dimension.pk:
            sentence = _("This indicator belongs to the dimension “%(name)s”.") % {"name": line.assessment.dimension}
            return self.fault(entry, "dimension", Cause.UNKNOWN, sentence)
        return self.judge_line(entry, line)

    def leave_untouched(self, entry: Entry) -> str:
        """A row with figures that changes nothing still makes its assessment received."""
        if (line := self.line_of(entry)) is None:
            return ""
        if not self.acts(entry):
            return super().leave_untouched(entry)
        self.judged.append((entry, line, None, None))
        return super().leave_untouched(entry)

    def judge_line(self, entry: Entry, line: Line) -> str:
        """The verdict on the figures of one row, for both levels. A row without any figure does not act."""
        if not self.acts(entry):
            return self.leave_idle(entry)
        above = [self.too_high(entry, code, line) for code in ("self_score", "hq_score")]
        if any(above):
            return ""
        own = self.as_given(entry, line, MarkLevel.SELF, OWN)
        headquarters = self.as_given(entry, line, MarkLevel.HQ, HEADQUARTERS)
        changes = [pair for pair in (own, headquarters) if pair is not None]
        if changes and line.assessment.state not in OPEN:
            sentence = _("“%(name)s” is in the state “%(state)s” and is not open for this entry.") % {
                "name": line.assessment,
                "state": line.assessment.get_state_display(),
            }
            return self.fault(entry, "agency", Cause.CLOSED, sentence)
        if not all(self.can_be_reckoned(entry, line, figures) for figures in changes):
            return ""
        self.judged.append((entry, line, own, headquarters))
        self.warn_of_figures(entry, line, own, headquarters)
        if not changes:
            return SAME
        return NEW if self.has_no_figures(line) else CHANGED

    @staticmethod
    def acts(entry: Entry) -> bool:
        """Whether the row says a figure of one of the two levels, or erases one."""
        return any(map(entry.says, FIGURES))

    def leave_idle(self, entry: Entry) -> str:
        """The verdict on a row without any figure; a note in it is named, since it is not written."""
        if entry.says("note"):
            sentence = _("This row has no figure, so its note is not written and its assessment is not received.")
            self.warn(entry, "note", Notable.IDLE, sentence)
        return SAME

    def warn_of_figures(self, entry: Entry, line: Line, own: Figures | None, headquarters: Figures | None) -> None:
        """The warnings on a row. For growth its actual is compared with nothing: the figure behind it was not sent."""
        for figures, columns in ((own, OWN), (headquarters, HEADQUARTERS)):
            if figures:
                self.warn_of_score(entry, columns["score"], line)
                figure = compared_figure(line.indicator.nature, figures, figures.actual)
                self.warn_of_figure(entry, [columns["actual"]], figure, line.baseline)

    def can_be_reckoned(self, entry: Entry, line: Line, figures: Figures) -> bool:
        """Whether the formula can score a figure that came without its score; names the fault where it cannot."""
        try:
            line_verbs.reckon(line, MarkLevel.SELF, Figures(actual=figures.actual))
        except Refusal as refusal:
            self.fault(entry, "code", Cause.FIGURE, str(refusal))
            return False
        return True

    def as_given(self, entry: Entry, line: Line, level: MarkLevel, columns: Mapping[str, str]) -> Figures | None:
        """The figures of one level, or None where the row does not change it."""
        figures = self.figures(entry, line, level, columns)
        if level == MarkLevel.SELF:
            figures = Figures(actual=figures.actual, score=figures.score, note=line.self_note)
        if not any(map(entry.says, columns.values())):
            return None
        score = getattr(line, f"{level}_score")
        same_score = figures.score == score or (figures.score is None and score is not None)
        if figures.actual == getattr(line, f"{level}_actual") and same_score:
            same_note = figures.note == getattr(line, f"{level}_note")
            return None if same_note else figures
        return figures

    @staticmethod
    def has_no_figures(line: Line) -> bool:
        """Whether nobody entered a figure on this line before."""
        return line.self_actual is line.self_score is line.hq_actual is line.hq_score is None

    def planned(self, rows: list[Entry]) -> Iterable[tuple[Entry, PlannedRow]]:
        for entry, line, own, headquarters in self.judged:
            if entry.verdict in (NEW, CHANGED):
                after: dict[str, Any] = {}
                for level, figures in ((MarkLevel.SELF, own), (MarkLevel.HQ, headquarters)):
                    if figures:
                        given = received.as_given(line, figures)
                        after |= {f"{level}_actual": given.actual, f"{level}_score": given.score}
                if headquarters:
                    after["note"] = headquarters.note
                cells = cells_of(self.writable(line), after)
                yield entry, self.planned_row(entry, is_new=entry.verdict == NEW, cells=cells)

    def check_all(self) -> None:
        waiting = {
            line.assessment_id
            for _entry, line, _own, _hq in self.judged
            if line.assessment.state in AssessmentState.before_receipt()
        }
        if waiting:
            sentence = ngettext(
                "%(count)s assessment is set to “received”.",
                "%(count)s assessments are set to “received”.",
                len(waiting),
            )
            self.remarks.append(sentence % {"count": localise_digits(len(waiting))})

    def write(self, run: ImportRun | None) -> None:
        rows = [row for row in self.judged if row[1].assessment.state in OPEN]
        before = [(entry, line, columns_of(line, self.names(*levels))) for entry, line, *levels in rows]
        receipts = self.receipts(rows)
        received.record_transfer([row[1:] for row in rows], by=self.by, run=run)
        if run:
            written = [self.change(entry, line, was, was) for entry, line, was in before if was]
            keep_changes(run, [*written, *receipts])

    @staticmethod
    def names(own: object, headquarters: object) -> tuple[str, ...]:
        """The columns that a row writes: those of the levels that it changes."""
        return (
            *(COLUMNS_OF_LEVEL[MarkLevel.SELF] if own else ()),
            *(COLUMNS_OF_LEVEL[MarkLevel.HQ] if headquarters else ()),
        )

    @staticmethod
    def receipts(rows: Iterable[JudgedRow]) -> Iterable[Change]:
        """The change of each assessment that these rows take to `received`, at its first row."""
        receipts = {}
        for entry, line, _own, _hq in rows:
            assessment, row = line.assessment, entry.row
            if assessment.state == AssessmentState.RECEIVED or assessment.pk in receipts:
                continue
            before = {"state": str(assessment.state), "return_deadline": plain(assessment.return_deadline)}
            after = {"state": str(AssessmentState.RECEIVED), "return_deadline": None}
            receipts[assessment.pk] = Change("assessment", assessment.pk, row.sheet, row.number, before, after)
        return receipts.values()

    def rows(self, *, filled: bool) -> Iterable[dict[str, Any]]:
        for line in self.visible_lines():
            if line.assessment.state in AssessmentState.out():
                continue
            values = self.writable(line)
            row = self.shared(line) | {"dimension": line.assessment.dimension.title, "_standing": values}
            yield row | (values if filled else {})

    def writable(self, line: Line) -> dict[str, Any]:
        values = {code: getattr(line, code) for code in (*OWN.values(), "hq_actual", "hq_score")}
        return values | {"note": line.hq_note}
