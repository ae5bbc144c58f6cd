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
from evaluation.process.assessing.many_lines import AnyReckoned, QuickReckoned, QuickReckoner, write_columns
from evaluation.process.assessing.reckoning import Reckoned
from evaluation.process.changes import keep_columns
from evaluation.process.door import Refusal

from ..tables import stamps
from ..tables.faults import Cause, Notable
from ..tables.plan import Plan, WrittenPlan, plain
from ..tables.table import Entry
from .base import CHANGED, NEW, SAME
from .last_year import compared_figure
from .lines import COLUMNS_OF_LEVEL, LineWorkbook, differs
from .usual_rows import Entered, UsualRows, columns_of, files_named


class FigureWorkbook(LineWorkbook):
    """Each figure is read and reckoned once; the result is used by the check of all rows and by the writing.

    Usual rows are judged by `UsualRows`, all others by `judge` and `check_all`.
    """

    cells: dict[str, str] = {}  # {field of Figures: column code}

    def key_of_row(self, entry: Entry) -> tuple:
        return entry["agency"], entry["code"]

    def check_keys(self, rows: list[Entry]) -> None:
        """As in every workbook; where all keys differ, as the columns tell at once, no row is looked at."""
        columns = [table.typed for table in {row.table for row in rows}]
        keys = [key for typed in columns for key in zip(typed["agency"], typed["code"], strict=True)]
        if len(set(keys)) < len(keys):
            super().check_keys(rows)

    def look_up(self, rows: list[Entry]) -> None:
        super().look_up(rows)
        self.entered: list[Entered] = []
        self.reckoned: dict[int, Reckoned] = {}  # of the lines of rows that are not usual

    def judge_all(self, rows: list[Entry]) -> None:
        tables = {table: columns_of(table, self.lines, self.cells.values()) for table in {row.table for row in rows}}
        files = files_named(tables.values(), self.lines)
        self.rights = line_verbs.gates_of(files, self.level, by=self.by, on_behalf=self.on_behalf)
        reckoner = QuickReckoner(self.lines, self.level, *self.rights)
        self.usual = UsualRows(self.lines, tables, reckoner, cells=self.cells, entered=self.entered)
        super().judge_all(rows)

    def judge_row(self, entry: Entry) -> str:
        return self.usual.verdict(entry) or super().judge_row(entry)

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
            self.entered.append(Entered(entry, self.lines.places[self.key_of_row(entry)], figures, None))
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
        self.entered[:] = [row for row in self.entered if not row.entry.wrong]
        asked = [(self.lines.line(row.place), row) for row in self.entered if row.reckoned is None]
        by_line = {line.id: row.entry for line, row in asked}
        pairs = [(line, row.figures) for line, row in asked]
        refused = line_verbs.check_many(
            pairs, self.level, by=self.by, on_behalf=self.on_behalf, reckoned=self.reckoned, rights=self.rights
        )
        for wrong in refused:
            entry = by_line[wrong.line.id]
            cause, code = (Cause.CLOSED, "agency") if wrong.gate else (Cause.FIGURE, self.column_of_refusal(entry))
            self.fault(entry, code, cause, wrong.sentence)
        for line, row in asked:
            if not row.entry.wrong:
                self.warn_of_score(row.entry, "score", line)
        if not refused:
            keys, known = self.lines.ids, self.reckoned
            self.entered[:] = [
                row if row.reckoned else row._replace(reckoned=known[keys[row.place]]) for row in self.entered
            ]
        self.warn_of_figures()

    def warn_of_figures(self) -> None:
        """Warn of figures far from last year's."""
        baselines = self.lines.columns["baseline"]
        for entry, place, figures, _reckoned in self.entered:
            if (baseline := baselines[place]) and not entry.wrong:
                reckoned = _reckoned or self.reckoned[self.lines.ids[place]]
                figure = compared_figure(self.lines.indicator(place).nature, figures, reckoned.actual)
                self.warn_of_figure(entry, self.cells.values(), figure, baseline)

    def column_of_refusal(self, entry: Entry) -> str:
        """The column where a refused figure is reported: the typed score, else the first figure of the row."""
        filled = [code for code in ("score", *self.cells.values()) if code != "note" and entry[code] is not None]
        return filled[0] if filled else "code"

    def write(self, run: ImportRun | None) -> None:
        places = [row.place for row in self.entered]
        before = {name: self.lines.at(name, places) for name in COLUMNS_OF_LEVEL[self.level]}
        after = write_columns(  # `check_all` has checked them in this transaction, their assessments locked
            self.lines,
            [(row.place, row.figures, row.reckoned) for row in self.entered if row.reckoned],
            self.level,
            by=self.by,
            on_behalf=self.on_behalf,
            source=MarkSource.IMPORT,
            run=run,
        )
        if run:
            rows = [(entry.table.sheet.title, entry.at + 1) for entry, *_figures in self.entered]
            keep_columns(run, "line", self.lines.at("id", places), rows, before=before, after=after)

    def plan_of(self, rows: list[Entry]) -> Plan:
        """What the rows would change, written at once; `planned` would make objects of thousands of rows."""
        written = WrittenPlan()
        actual, score, note = (self.cells[name] for name in ("actual", "score", "note"))
        for row in self.entered:
            reckoned = row.reckoned
            if isinstance(reckoned, QuickReckoned):  # the first figures of a line
                cells = f'"{actual}":[null,"{reckoned.actual!s}"],"{score}":[null,"{reckoned.score!s}"]'
                cells += f',"{note}":[null,{written.quoted[row.figures.note]}]' if row.figures.note else ""
                written.add_text(row.entry, NEW, cells)
            elif reckoned:
                cells_of_row = list(self.changed_cells(row.place, row.figures, reckoned))
                written.add(row.entry, is_new=row.entry.verdict == NEW, cells=cells_of_row)
        return written.finished()

    def changed_cells(self, place: int, figures: Figures, reckoned: AnyReckoned) -> Iterable[tuple]:
        """(column code, text before, text after) of each value that a row changes."""
        for name, code in self.cells.items():
            now = self.lines.columns[COLUMN[self.level][name]][place]
            then = getattr(reckoned if name in RECKONED else figures, name)
            if now is not then and (was := plain(now)) != (value := plain(then)):
                yield code, was, value

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
