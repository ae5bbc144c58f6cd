"""The engine of every import: typed rows with their place → checks → normalised → one transaction.

A workbook is a django-import-export Resource without a model: its Columns describe headings and values, and
`import_data` runs the pipeline. The trial run is the same path up to the writing.
"""

from collections import Counter
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _
from import_export.resources import Resource

from evaluation.enums import Role
from evaluation.process.changes import Change, columns_of, keep_changes
from evaluation.process.progress import SILENT

from .faults import Cause, as_data
from .table import entries, fault_at, tables

NEW, CHANGED, SAME, WRONG = "new", "changed", "same", "wrong"


@dataclass
class Outcome:
    """What an import would do, or did: rows by kind, every fault, and sentences about what else happens."""

    counts: dict
    faults: list
    remarks: list = field(default_factory=list)

    warned: int = 0

    @property
    def clean(self):
        return not self.faults

    def report(self):
        return as_data(self.faults) | {"remarks": [str(remark) for remark in self.remarks]}


def place_of(fault):
    """Sheet, row and column of a fault, for sorting."""
    letters = fault.cell.rstrip("0123456789")
    return (fault.sheet, int(fault.cell[len(letters) :] or 0), len(letters), letters)


class SheetResource(Resource):
    """One workbook. Subclasses name the key, look up once for the whole file, judge each row and write them all."""

    workbook = None
    key = ()
    by_agency = False  # whether MPO staff may take it on an agency's behalf
    party = Role.AGENCY  # the outside side on whose behalf
    needs_cycle = True
    keeps = {}  # the columns that a change of each kind of row holds, for its undoing

    def __init__(self, *, by, cycle=None, province=None, on_behalf=None, aliases=None):
        super().__init__()
        self.by, self.cycle, self.on_behalf, self.aliases = by, cycle, on_behalf, aliases or {}
        self.province = cycle.province if cycle else province
        self.faults, self.remarks, self.touched = [], [], []

    @classmethod
    def may_import(cls, by, cycle):
        """Whether the person may import this workbook at all, in this cycle (None: in any)."""
        raise NotImplementedError

    @classmethod
    def may_export(cls, by, cycle):
        """Whether the person may take the data out by this workbook."""
        raise NotImplementedError

    @classmethod
    def needs_letter(cls, by):
        """Whether this person can take it on an agency's behalf only."""
        return False

    def import_data(self, dataset, dry_run=True, run=None, progress=SILENT, **kwargs):
        """Check every row of a `Book`, and unless `dry_run` write them all or nothing. Returns the Outcome.

        Raises UnreadableWorkbook when the table cannot be found at all.
        """
        self.dry_run = dry_run
        with transaction.atomic():
            rows = self.typed(dataset)
            self.check_keys(rows)
            self.look_up(rows)
            for entry in self.in_order(rows):
                if not entry.wrong:
                    entry.verdict = self.judge(entry)
            self.check_all()
            outcome = Outcome(self.counted(rows), sorted(self.faults, key=place_of), self.remarks)
            if outcome.clean and not dry_run:
                self.write(run)
        return outcome

    # -- the steps, in order

    def read_fields(self):
        return {code: column for code, column in self.fields.items() if not column.readonly}

    def typed(self, book):
        rows, fields, unread = [], self.read_fields(), []
        shown_only = {key for code, column in self.fields.items() for key in (column.heading, code) if column.readonly}
        for table in tables(book, fields):
            unread += [heading for heading in table.unread if heading not in shown_only]
            for entry, faults in entries(table, fields):
                rows.append(entry)
                self.faults += faults
        if unread:
            self.remarks.append(_("These columns are not read: %(headings)s.") % {"headings": "، ".join(unread)})
        return rows

    def check_keys(self, rows):
        seen = {}
        for entry in rows:
            key = self.key_of_row(entry)
            if None in key:
                continue
            first = seen.setdefault(key, entry)
            if first is not entry:
                sentence = _("The same row stands in %(first)s and in %(second)s. Keep one of them.")
                places = {"first": first.place(self.key[-1]), "second": entry.place(self.key[-1])}
                self.fault(entry, self.key[-1], Cause.DUPLICATE, sentence % places)

    def key_of_row(self, entry):
        """What may stand once in a file; None in it leaves the row out."""
        return tuple(entry[code] for code in self.key)

    def in_order(self, rows):
        """The rows in the order in which they are judged."""
        return rows

    def counted(self, rows):
        found = Counter(WRONG if entry.wrong else entry.verdict for entry in rows)
        return {kind: found[kind] for kind in (NEW, CHANGED, SAME, WRONG)}

    # -- what a workbook fills in

    def look_up(self, rows):
        """Read, once for the whole file, what the rows refer to."""

    def judge(self, entry):
        """NEW, CHANGED or SAME for one row without faults, or WRONG after `fault`."""
        raise NotImplementedError

    def check_all(self):
        """Checks that need all rows."""

    def write(self, run):
        """Write what was judged, by the verbs."""
        raise NotImplementedError

    def rows(self, *, filled):
        """Rows for a download: mappings by column code; `filled` gives the data, else what a template shows."""
        return []

    # -- what was changed

    def columns(self, kind, obj):
        """The columns of a row as they stand, to be asked before anything is set on it; None for a new row."""
        return columns_of(obj, self.keeps[kind]) if obj.pk else None

    def touch(self, kind, obj, entry, before):
        """Note a row that the import writes, in the order in which it is made."""
        self.touched.append((kind, obj, entry.row, before))

    def keep(self, run):
        """Keep what was written with the run, row by row."""
        if run:
            changes = (
                Change(kind, obj.pk, row.sheet, row.number, before, self.columns(kind, obj))
                for kind, obj, row, before in self.touched
            )
            keep_changes(run, [change for change in changes if change.before != change.after])

    # -- faults

    def fault(self, entry, code, cause, sentence):
        """Name a fault at one cell of a row; returns WRONG."""
        entry.wrong = True
        self.faults.append(fault_at(entry, code, self.fields[code], cause, sentence))
        return WRONG
