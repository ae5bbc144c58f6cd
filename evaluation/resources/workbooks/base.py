"""The engine of every import: rows are typed, checked and compared, then written in one transaction.

A workbook is a django-import-export Resource without a model: its Columns describe headings and values, and
`import_data` runs the steps. The trial run takes the same steps without the writing.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from import_export.resources import Resource

from evaluation.enums import Role, Workbook
from evaluation.models import Cycle, ImportRun, OnBehalf, Province
from evaluation.persian import localise_digits
from evaluation.process.changes import Change, columns_of, keep_changes
from evaluation.process.progress import SILENT

from ..reading.book import Book, Row
from ..tables import headings, plan, stamps
from ..tables.cell_notes import notes_on
from ..tables.columns import AsItIs, Column, in_words
from ..tables.faults import Cause, Fault, Notable, shown
from ..tables.heading_rows import others_with_headings
from ..tables.headings import Seen
from ..tables.table import Entry, Names, entries, fault_at, tables
from ..tables.unread import above, unread_cells, wide
from .named_values import NamedValuesMixin
from .outcome import Outcome, place_of

STAMP_COLUMN = Column(stamps.STAMP_HEADING, AsItIs())
ROWS_PER_STEP = 500  # rows between two reports of the progress
NEW, CHANGED, SAME, WRONG = "new", "changed", "same", "wrong"


class WorkbookResource(NamedValuesMixin, Resource):
    """One workbook. A subclass names the key, reads what the rows refer to, judges each row and writes them all."""

    workbook: Workbook
    key: tuple[str, ...] = ()
    by_agency = False  # whether MPO staff may import it on an agency's behalf
    party = Role.AGENCY  # on whose behalf
    needs_cycle = True
    change_columns: dict[
        str, tuple[str, ...]
    ] = {}  # the columns that a change of each kind of row holds, for its undoing

    def __init__(
        self,
        *,
        by: User,
        cycle: Cycle | None = None,
        province: Province | None = None,
        on_behalf: OnBehalf | None = None,
        aliases: Mapping[str, str] | None = None,
        offered: Mapping[str, str] | None = None,
        values: Mapping[str, Mapping[str, str | None]] | None = None,
    ) -> None:
        super().__init__()
        self.values = values or {}
        self.by, self.on_behalf, self.named_headings = by, on_behalf, {"aliases": aliases, "offered": offered}
        self.cycle: Any = cycle  # None where the workbook needs none
        self.province = cycle.province if cycle else province
        self.faults: list[Fault] = []
        self.warnings: list[Fault] = []
        self.remarks: list[str] = []
        self.recorded_changes: list[tuple[str, Any, Row, dict | None]] = []
        self.unread: dict | None = None
        self.titles: list[str] = []
        self.untouched_count = 0
        self.standing_before: dict[Entry, dict[str, Any]] = {}

    @classmethod
    def may_import(cls, by: User, cycle: Cycle | None) -> bool:
        """Whether the person may import this workbook at all, in this cycle (None: in any)."""
        raise NotImplementedError

    @classmethod
    def may_export(cls, by: User, cycle: Cycle | None) -> bool:
        """Whether the person may take the data out by this workbook."""
        raise NotImplementedError

    @classmethod
    def needs_letter(cls, by: User) -> bool:
        """Whether this person can take it on an agency's behalf only."""
        return False

    def import_data(
        self, dataset: Book, dry_run: bool = True, run: ImportRun | None = None, progress: Any = SILENT, **kwargs: Any
    ) -> Outcome:
        """Check every row of a `Book`, and unless `dry_run` write them all or nothing. Returns the Outcome.

        A dry run opens no transaction, so that nobody waits for its checks. Raises UnreadableWorkbook when the table
        cannot be found, HeadingsNeeded when a person can say which it is, and Cancelled through `progress`.
        """
        self.dry_run, self.progress = dry_run, progress
        with nullcontext() if dry_run else transaction.atomic():
            rows = self.typed(dataset)
            self.check_keys(rows)
            self.look_up(rows)
            self.judge_all(self.in_order(rows))
            self.check_all()
            self.note_untouched()
            planned = plan.Plan() if self.faults else self.plan_of(rows)
            if run and not dry_run and planned.text != run.plan:
                self.check_moved(planned, plan.from_text(run.plan))
            faults, warnings = sorted(self.faults, key=place_of), sorted(self.warnings, key=place_of)
            outcome = Outcome(self.counted(rows), faults, warnings, self.remarks, self.unread)
            outcome.asked, outcome.planned, outcome.titles = self.asked, planned, self.titles
            if outcome.clean and not dry_run:
                progress.at("writing", 0, len(rows))
                self.write(run)
        return outcome

    # -- the steps, in order

    def read_fields(self) -> dict[str, Column]:
        """{code: Column} of the columns that are read, with the stamp."""
        fields = {code: column for code, column in self.fields.items() if not column.readonly}
        return fields | {stamps.STAMP_CODE: STAMP_COLUMN}

    def typed(self, book: Book) -> list[Entry]:
        """The typed rows of all tables of a book; faults and warnings of its cells are noted."""
        fields, rows = self.read_fields(), []
        readonly = [(code, column) for code, column in self.fields.items() if column.readonly]
        names = Names(fields, readonly=readonly, key=self.key, quiet=stamps.STAMP_CODE, **self.named_headings)
        tables_of_book = tables(book, names)
        self.reword(tables_of_book)
        for table in tables_of_book:
            read, faults, warnings = entries(table, fields)
            rows += read
            self.faults += faults
            for place, fault in wide(table):
                read[place].wrong = True
                self.faults.append(fault)
            self.warnings += [*warnings, *notes_on(table, fields)]
        self.warnings += unread_cells(tables_of_book, book, names)
        self.titles = [sentence for table in tables_of_book if (sentence := above(table))]
        self.note_unread([table.seen for table in tables_of_book], names, book)
        return rows

    def note_unread(self, seen: Sequence[Seen], names: Names, book: Book) -> None:
        """Remark on columns that are not read, and keep the headings that a person may name."""
        unread = dict.fromkeys(heading for row in seen for heading in row.unread)
        if unread:
            self.remarks.append(_("These columns are not read: %(headings)s.") % {"headings": "، ".join(unread)})
        if opened := [*(row for row in seen if row.open), *others_with_headings(book, seen, names)]:
            self.unread = headings.as_data(opened, names)

    def check_keys(self, rows: list[Entry]) -> None:
        """Name the fault of a second row with the same key."""
        seen: dict[tuple, Entry] = {}
        for entry in rows:
            key = self.key_of_row(entry)
            if None in key:
                continue
            first = seen.setdefault(key, entry)
            if first is not entry:
                self.same_row(entry, first)

    def same_row(self, entry: Entry, first: Entry) -> None:
        """Name the fault of a row whose key an earlier row has."""
        sentence = _("The same row is in %(first)s and in %(second)s. Keep one of them.")
        places = {"first": first.place(self.key[-1]), "second": entry.place(self.key[-1])}
        self.fault(entry, self.key[-1], Cause.DUPLICATE, sentence % places)

    def key_of_row(self, entry: Entry) -> tuple:
        """The values that may be in a file once; a row with None among them is not compared."""
        return tuple(entry[code] for code in self.key)

    def in_order(self, rows: list[Entry]) -> list[Entry]:
        """The rows in the order in which they are judged."""
        return rows

    def judge_all(self, rows: list[Entry]) -> None:
        """Give each row without faults its verdict."""
        for start in range(0, len(rows), ROWS_PER_STEP):
            self.progress.at("checking", start, len(rows))
            for entry in rows[start : start + ROWS_PER_STEP]:
                if not entry.wrong:
                    entry.verdict = self.judge_row(entry)

    def judge_row(self, entry: Entry) -> str:
        """The verdict on one row. A row that others edited since the download is never overwritten."""
        standing = self.changed_since_download(entry)
        if standing is not None and self.is_untouched(entry, standing):
            self.untouched_count += 1
            return self.leave_untouched(entry)
        self.keep_standing(entry)
        verdict = self.judge(entry)
        return self.stale(entry, standing) if standing is not None and verdict in (NEW, CHANGED) else verdict

    def changed_since_download(self, entry: Entry) -> dict[str, Any] | None:
        """The current values of a row that others edited since the download, else None."""
        row_stamp = entry[stamps.STAMP_CODE]
        standing = self.standing(entry) if row_stamp else None
        return None if standing is None or stamps.is_of(row_stamp, standing) else standing

    def is_untouched(self, entry: Entry, standing: Mapping[str, Any]) -> bool:
        """Whether a row is as it was downloaded, so that it changes nothing."""
        values, key = {code: entry[code] for code in standing}, {code: entry[code] for code in self.key}
        return all(map(entry.has, standing)) and stamps.of_row(values, key) == entry[stamps.STAMP_CODE]

    def leave_untouched(self, entry: Entry) -> str:
        """The verdict on a row that the person did not edit and others did."""
        return SAME

    def note_untouched(self) -> None:
        """Remark on how many rows were left as they are for that reason."""
        if self.untouched_count:
            sentence = ngettext(
                "%(count)s row that you did not change was edited by others after the download; it is not changed.",
                "%(count)s rows that you did not change were edited by others after the download; they are not "
                "changed.",
                self.untouched_count,
            )
            self.remarks.append(sentence % {"count": localise_digits(self.untouched_count)})

    def stale(self, entry: Entry, standing: Mapping[str, Any]) -> str:
        """Name each value of the row that differs from the current one. Returns WRONG."""
        values = [(code, now) for code, now in standing.items() if entry.says(code)]
        changed_values = [(code, now) for code, now in values if stamps.canonical(entry[code]) != stamps.canonical(now)]
        for code, now in changed_values:
            words = _(
                "This row was edited after the download: “%(file)s” in the file, “%(now)s” in the system. Download "
                "the file again."
            )
            texts = {"file": self.as_words(code, entry[code]), "now": self.as_words(code, now)}
            self.fault(entry, code, Cause.STALE, words % texts)
        if not changed_values:
            self.fault(
                entry, self.key[-1], Cause.STALE, _("This row was edited after the download. Download the file again.")
            )
        return WRONG

    def as_words(self, code: str, value: Any) -> str:
        """A typed value in words."""
        widget = self.fields[code].widget
        text = widget.render(value) if widget.kind == "choice" or isinstance(value, list) else shown(value)
        return text or pgettext("cell", "empty")

    # -- what would change

    def keep_standing(self, entry: Entry) -> None:
        """Keep the current values of a row before `judge` sets new ones, for `planned`."""
        self.standing_before[entry] = self.standing(entry) or {}

    def plan_of(self, rows: list[Entry]) -> plan.Plan:
        """What the rows would change."""
        pairs = list(self.planned(rows))
        return plan.Plan([entry for entry, _row in pairs], [row for _entry, row in pairs])

    def planned(self, rows: list[Entry]) -> Iterable[tuple[Entry, plan.PlannedRow]]:
        """(entry, its PlannedRow) of each row that would be written."""
        for entry in rows:
            if entry.verdict in (NEW, CHANGED):
                before = self.standing_before[entry]
                cells = plan.cells_of(before, self.values_after(entry, before))
                yield entry, self.planned_row(entry, is_new=entry.verdict == NEW, cells=cells)

    def planned_row(self, entry: Entry, *, is_new: bool, cells: dict) -> plan.PlannedRow:
        """The PlannedRow of an entry with these cells."""
        return plan.planned(entry, is_new=is_new, key=[entry[code] for code in self.key], cells=cells)

    def values_after(self, entry: Entry, before: Mapping[str, Any]) -> Mapping[str, Any]:
        """{code: value} of a judged row as it would stand after the import; `before`: what stands now."""
        own = (code for code, column in self.fields.items() if not column.readonly and code not in self.key)
        return {**before, **{code: entry[code] for code in own if entry.says(code)}}

    def check_moved(self, planned: plan.Plan, tried: list[plan.PlannedRow]) -> None:
        """Name each row that would now be changed in another way than the trial run showed."""
        rows = plan.from_text(planned.text)
        for at, then in plan.moved(rows, tried):
            entry, now = planned.entries[at], rows[at]
            codes = [code for code, cells in now.cells.items() if then is None or then.cells.get(code) != cells]
            for code in list(filter(entry.has, codes)) or [self.key[-1]]:
                self.fault(entry, code, Cause.MOVED, self.moved_sentence(code, now, then))

    def moved_sentence(self, code: str, now: plan.PlannedRow, then: plan.PlannedRow | None) -> str:
        """What a person should know of a value that moved between the trial run and the confirmation."""
        if code not in now.cells or then is None or code not in then.cells:
            return _(
                "This row was edited after the trial run, which shows no longer what would change. Start the trial run "
                "again."
            )
        words = _("At the trial run this value was “%(then)s”, and now it is “%(now)s”. Start the trial run again.")
        texts = {"then": self.plain_words(code, then.cells[code][0]), "now": self.plain_words(code, now.cells[code][0])}
        return words % texts

    def plain_words(self, code: str, value: Any) -> str:
        """A value of a plan in words."""
        return in_words(self.fields[code].widget, value) or pgettext("cell", "empty")

    def counted(self, rows: list[Entry]) -> dict[str, int]:
        """{kind: number of rows} for the report."""
        verdicts = Counter(WRONG if entry.wrong else entry.verdict for entry in rows)
        return {kind: verdicts[kind] for kind in (NEW, CHANGED, SAME, WRONG)}

    # -- what a workbook fills in

    def look_up(self, rows: list[Entry]) -> None:
        """Read, once for the whole file, what the rows refer to."""

    def judge(self, entry: Entry) -> str:
        """NEW, CHANGED or SAME for one row without faults, or WRONG after `fault`."""
        raise NotImplementedError

    def check_all(self) -> None:
        """Checks that need all rows."""

    def standing(self, entry: Entry) -> dict[str, Any] | None:
        """{code: value} of the row's current writable values, as stored; None for a row that is not there yet.

        The same values as `_standing` of `rows`. Asked before `judge`, and only where the upload has stamps.
        """

    def write(self, run: ImportRun | None) -> None:
        """Write the judged rows through the verbs of `process`."""
        raise NotImplementedError

    def rows(self, *, filled: bool) -> Iterable[dict[str, Any]]:
        """Rows for a download: mappings by column code. `filled`: with the data, else as a template shows them.

        A row that exists has `_standing`, {code: value} as in `standing`, from which its stamp is made.
        """
        return []

    def offers_choices(self, code: str) -> Sequence[str]:
        """Texts for the drop-down list of a column, where they depend on the person or the cycle."""
        return ()

    # -- what was changed

    def columns(self, kind: str, obj: Model) -> dict | None:
        """The stored columns of a row before anything is set on it; None for a new row."""
        return columns_of(obj, self.change_columns[kind]) if obj.pk else None

    def record_change(self, kind: str, obj: Model, entry: Entry, before: dict | None) -> None:
        """Note a row that the import will write, in the order of writing; `before` as `columns` gave it."""
        self.recorded_changes.append((kind, obj, entry.row, before))

    def save_changes(self, run: ImportRun | None) -> None:
        """Save with the run what was written, row by row, for its undoing."""
        if run:
            changes = (
                Change(kind, obj.pk, row.sheet, row.number, before, columns_of(obj, self.change_columns[kind]))
                for kind, obj, row, before in self.recorded_changes
            )
            keep_changes(run, [change for change in changes if change.before != change.after])

    # -- faults

    def fault(self, entry: Entry, code: str, cause: Cause, sentence: str) -> str:
        """Note a fault at one cell of a row. Returns WRONG."""
        entry.wrong = True
        self.faults.append(fault_at(entry, code, self.fields[code], cause, sentence))
        return WRONG

    def warn(self, entry: Entry, code: str, notable: Notable, sentence: str) -> None:
        """Note a warning at one cell of a row."""
        self.warnings.append(fault_at(entry, code, self.fields[code], notable, sentence))
