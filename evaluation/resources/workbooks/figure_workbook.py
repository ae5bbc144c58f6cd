"""The workbooks `self` and `scores`: one level of the person's own lines, written by the bulk form of `record`."""

from collections.abc import Iterable
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from evaluation.enums import MarkLevel, MarkSource, Nature
from evaluation.models import ImportRun, Line, Mark
from evaluation.process.assessing import line as line_verbs
from evaluation.process.assessing.line import RECKONED, Figures
from evaluation.process.assessing.line_columns import COLUMN
from evaluation.process.assessing.reckoning import Reckoned
from evaluation.process.changes import Change, keep_changes, rows_of
from evaluation.process.door import Refusal

from ..tables import stamps
from ..tables.faults import Cause, Notable
from ..tables.plan import PlannedRow, plain, planned
from ..tables.table import Entry
from .base import CHANGED, NEW, SAME
from .last_year import compared_figure
from .lines import COLUMNS_OF_LEVEL, LineWorkbook, differs


class FigureWorkbook(LineWorkbook):
    """Each figure is read and reckoned once; the result is used by the check of all rows and by the writing."""

    cells: dict[str, str] = {}  # {field of Figures: column code}

    def key_of_row(self, entry: Entry) -> tuple:
        return entry["agency"], entry["code"]

    def look_up(self, rows: list[Entry]) -> None:
        super().look_up(rows)
        self.entered: list[tuple[Entry, Line, Figures]] = []
        self.reckoned: dict[int, Reckoned] = {}

    def judge(self, entry: Entry) -> str:
        line = self.line_of(entry)
        if line is None or self.too_high(entry, "score", line):
            return ""
        if not any(map(entry.says, self.figure_codes)):
            if not entry.says(self.cells["note"]):
                return SAME  # an empty row, as the template has it
            if self.has_no_figure(line):
                return self.leave_idle(entry)
        figures = self.figures(entry, line, self.level, self.cells)
        verdict = self.compared(line, figures)
        if verdict != SAME:
            self.entered.append((entry, line, figures))
        return verdict

    @cached_property
    def figure_codes(self) -> list[str]:
        """The codes of the columns of figures, without the note's."""
        return [code for name, code in self.cells.items() if name != "note"]

    def has_no_figure(self, line: Line) -> bool:
        """Whether the line has no figure at this level: then a row with a note alone does not act."""
        columns = COLUMN[self.level].items()
        return all(getattr(line, column) is None for name, column in columns if name not in ("note", "target"))

    def leave_idle(self, entry: Entry) -> str:
        """The verdict on a note without any figure; it is named, since it is not written."""
        sentence = _("Neither this row nor the system has a figure here, so the note is not written.")
        self.warn(entry, self.cells["note"], Notable.IDLE, sentence)
        return SAME

    def compared(self, line: Line, figures: Figures) -> str:
        """NEW, CHANGED or SAME: what these figures would do to the line."""
        columns = COLUMN[self.level].items()
        standing = [(name, getattr(line, column)) for name, column in columns if name != "target"]
        if not any(differs(getattr(figures, name), value) for name, value in standing):
            return SAME  # also when the score came from another system and differs from the formula's
        if not any(value is not None and value != "" for _name, value in standing):
            return NEW
        try:
            reckoned = self.reckoned[line.id] = line_verbs.reckon(line, self.level, figures)
        except Refusal:
            return CHANGED  # the check of all rows reports the refusal
        for name, value in standing:
            if differs(getattr(reckoned if name in ("actual", "score") else figures, name), value):
                return CHANGED
        return SAME

    def is_old_result(self, entry: Entry, line: Line, level: MarkLevel, score: Decimal, has_new_figures: bool) -> bool:
        """Whether the score is a result of the formula, also one from before an earlier import of the same file.

        Then it is not taken as typed: on a line where agencies cannot type a score, or in a row that was downloaded
        before the current figures. So uploading a file twice changes nothing.
        """
        if has_new_figures or score == getattr(line, COLUMN[level]["score"]):
            return super().is_old_result(entry, line, level, score, has_new_figures)
        if (line.pk, score) not in self.results:
            return False
        if level == MarkLevel.SELF and line.indicator.nature != Nature.QUALITATIVE:
            return self.is_computed(line, level)
        return bool(entry[stamps.STAMP_CODE]) and not stamps.is_of(entry[stamps.STAMP_CODE], self.writable(line))

    @cached_property
    def results(self) -> set[tuple[int, Decimal]]:
        """{(line, score)} of every result of the formula for the file's agencies at this level."""
        marks = Mark.objects.filter(level=self.level, override=False).exclude(score=None)
        own = marks.filter(line__assessment__participation__in=self.participations.values())
        return set(own.order_by().values_list("line_id", "score"))

    def check_all(self) -> None:
        self.entered = [row for row in self.entered if not row[0].wrong]
        by_line = {line.id: entry for entry, line, _figures in self.entered}
        pairs = [(line, figures) for _entry, line, figures in self.entered]
        refused = line_verbs.check_many(pairs, self.level, by=self.by, on_behalf=self.on_behalf, reckoned=self.reckoned)
        for wrong in refused:
            entry = by_line[wrong.line.id]
            cause, code = (Cause.CLOSED, "agency") if wrong.gate else (Cause.FIGURE, self.column_of_refusal(entry))
            self.fault(entry, code, cause, wrong.sentence)
        for entry, line, figures in self.entered:
            if not entry.wrong:
                self.warn_of_score(entry, "score", line)
                if line.baseline:
                    figure = compared_figure(line, figures, self.reckoned[line.id].actual)
                    self.warn_of_figure(entry, self.cells.values(), figure, line)

    def column_of_refusal(self, entry: Entry) -> str:
        """The column where a refused figure is reported: the typed score, else the first figure of the row."""
        filled = [code for code in ("score", *self.cells.values()) if code != "note" and entry[code] is not None]
        return filled[0] if filled else "code"

    def write(self, run: ImportRun | None) -> None:
        pairs, names = [(line, figures) for _entry, line, figures in self.entered], COLUMNS_OF_LEVEL[self.level]
        lines = [line for line, _figures in pairs]
        before = rows_of(lines, names)
        line_verbs.write_unchecked(  # `check_all` has checked them in this transaction, their assessments locked
            pairs,
            self.level,
            by=self.by,
            on_behalf=self.on_behalf,
            source=MarkSource.IMPORT,
            run=run,
            known=self.reckoned,
        )
        if run:
            rows = [entry.row for entry, _line, _figures in self.entered]
            written = zip(lines, rows, before, rows_of(lines, names), strict=True)
            keep_changes(
                run, [Change("line", line.id, row.sheet, row.number, was, now) for line, row, was, now in written]
            )

    def planned(self, rows: list[Entry]) -> Iterable[tuple[Entry, PlannedRow]]:
        columns = [(name, code, COLUMN[self.level][name], name in RECKONED) for name, code in self.cells.items()]
        for entry, line, figures in self.entered:
            reckoned, cells = self.reckoned[line.id], {}
            for name, code, column, is_reckoned in columns:
                now, then = getattr(line, column), getattr(reckoned if is_reckoned else figures, name)
                if now is None and type(then) is Decimal:  # the usual case, made without asking for types again
                    cells[code] = [None, str(then)]
                elif now is not then and (was := plain(now)) != (value := plain(then)):
                    cells[code] = [was, value]
            key = [entry["agency"], entry["code"]]
            yield entry, planned(entry, is_new=entry.verdict == NEW, key=key, cells=cells)

    # -- downloads

    def rows(self, *, filled: bool) -> Iterable[dict[str, Any]]:
        for line in self.visible_lines():
            if self.offers(line):
                values = self.writable(line)
                yield self.shared(line) | (values if filled else {}) | self.beside(line) | {"_standing": values}

    def writable(self, line: Line) -> dict[str, Any]:
        """The current writable values, for downloads and their stamps."""
        columns = COLUMN[self.level]
        return {code: getattr(line, columns[name]) for name, code in self.cells.items()}

    def beside(self, line: Line) -> dict[str, Any]:
        """The read-only columns of this workbook alone."""
        return {}

    def offers(self, line: Line) -> bool:
        """Whether this line is part of the person's download."""
        raise NotImplementedError
