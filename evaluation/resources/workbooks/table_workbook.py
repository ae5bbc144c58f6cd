"""What the workbooks of small tables share: one row is one row of a model, checked as its form checks it.

django-import-export's ModelResource names the model and makes and validates its rows; reading, trial run, writing and
undoing are those of every workbook.
"""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django.contrib.auth.models import User
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _
from import_export.resources import ModelDeclarativeMetaclass, ModelResource

from evaluation.models import Cycle, ImportRun
from evaluation.process.imports import table_import
from evaluation.rules.permissions import holds

from ..tables import plan
from ..tables.faults import Cause
from ..tables.table import Entry
from .base import CHANGED, NEW, SAME, WorkbookResource


class TableWorkbook(WorkbookResource, ModelResource, metaclass=ModelDeclarativeMetaclass):
    """A subclass has `Meta.model`, `key`, a `Column` for each field, and says in `own_place` where a new row belongs.

    A column has the name of the field that it fills; `read` and `shown` say what stands in a cell for a field whose
    cell holds something else, such as a code for a row of another table.
    """

    needs_cycle = False
    shared = False  # whether rows without a province belong to all
    filled: ClassVar[tuple[str, ...]] = ()  # the fields that the columns beside the key fill

    @classmethod
    def model(cls) -> type[Model]:
        return cls._meta.model

    @classmethod
    def may_import(cls, by: User, cycle: Cycle | None) -> bool:
        if cycle is None:
            return any(holds(by, f"{action}_{cls.model()._meta.model_name}") for action in ("add", "change"))
        return any(table_import.may_write(by, action, cls.model(), cycle.province) for action in ("add", "change"))

    @classmethod
    def may_export(cls, by: User, cycle: Cycle | None) -> bool:
        return holds(by, f"view_{cls.model()._meta.model_name}", cycle)

    # -- what a subclass says

    def standing_rows(self) -> QuerySet:
        """The rows that the person reads and that belong here, each once."""
        raise NotImplementedError

    def key_of_object(self, obj: Any) -> tuple:
        """What `key_of_row` gives for the row of this object."""
        return tuple(self.shown(obj, code) for code in self.key)

    def own_place(self) -> dict[str, Any]:
        """{field: value} of a new row that no column names, such as its province."""
        return {"province": self.province}

    def read(self, entry: Entry, code: str) -> Any:
        """The value of a field as the row says it; UNKNOWN after naming the fault."""
        return entry[code]

    def shown(self, obj: Any, code: str) -> Any:
        """What the cell of a column shows for an object."""
        return getattr(obj, code)

    # -- the steps

    def key_of_row(self, entry: Entry) -> tuple:
        """Two rows may have the same key only where its first cell is empty; others of its cells may be."""
        key = super().key_of_row(entry)
        return key if key[0] is None else tuple("" if value is None else value for value in key)

    def look_up(self, rows: list[Entry]) -> None:
        self.objects = {self.plain_key(self.key_of_object(obj)): obj for obj in self.standing_rows()}
        self.judged: dict[Entry, Any] = {}
        self.first_of_key: dict[tuple, Entry] = {}
        self.new: list[Any] = []
        self.changed: list[tuple[Any, list[str]]] = []

    @staticmethod
    def plain_key(key: Iterable[Any]) -> tuple:
        return tuple("" if value is None else value for value in key)

    def judge(self, entry: Entry) -> str:
        first = self.first_of_key.setdefault(self.key_of_row(entry), entry)
        if first is not entry:  # the same row under another spelling
            self.same_row(entry, first)
            return ""
        obj = self.objects.get(self.key_of_row(entry))
        is_new = obj is None
        if is_new:
            obj = self.model()(**self.own_place(), **self.read_all(entry, self.key))
        kind = self.model()._meta.model_name
        before = self.columns(kind, obj)
        values = self.read_all(entry, [code for code in self.filled if entry.says(code)])
        names = [code for code, value in values.items() if is_new or getattr(obj, code) != value]
        if entry.wrong:
            return ""
        if not is_new and not names:
            return SAME
        if not self.may_write(entry, obj, is_new=is_new):
            return ""
        for code in names:
            setattr(obj, code, values[code])
        self.judged[entry] = obj
        if not self.is_valid(entry, obj):
            return ""
        if is_new:
            self.new.append(obj)
        else:
            self.changed.append((obj, names))
        self.record_change(kind, obj, entry, before)
        return NEW if is_new else CHANGED

    def read_all(self, entry: Entry, codes: Iterable[str]) -> dict[str, Any]:
        """{field: value} of these columns of a row; faults are named."""
        return {code: self.empty(code) if (value := self.read(entry, code)) is None else value for code in codes}

    def empty(self, code: str) -> Any:
        """What an empty cell stands for: "" where the field is text."""
        field = self.model()._meta.get_field(code)
        return None if field.null else field.get_default()

    def may_write(self, entry: Entry, obj: Any, *, is_new: bool) -> bool:
        """Whether the person may add or change this row; names the fault."""
        action = "add" if is_new else "change"
        place = obj.province if self.shared else self.province
        codename = f"{action}_{obj._meta.model_name}"
        if table_import.may_write(self.by, action, self.model(), place) and (is_new or holds(self.by, codename, obj)):
            return True
        sentence = (
            _("You have no right to add such a row here.")
            if is_new
            else _("You have no right to change this row: it belongs to another body.")
        )
        self.fault(entry, self.key[0], Cause.RULE, sentence)
        return False

    def is_valid(self, entry: Entry, obj: Any) -> bool:
        """Whether the model takes the row; each of its sentences is named at the cell of its field.

        Constraints over several fields are not asked, since Django opens a transaction for them: uniqueness is that of
        the key, `check_row` says the others.
        """
        try:
            obj.clean_fields(exclude=self.not_asked())
            self.check_row(obj)
        except ValidationError as refusal:
            for name, sentences in refusal.message_dict.items():
                code = self.key[-1] if name == NON_FIELD_ERRORS or name not in self.fields else name
                for sentence in sentences:
                    self.fault(entry, code, Cause.RULE, sentence)
        return not entry.wrong

    def check_row(self, obj: Any) -> None:
        """Raise ValidationError, {field: sentences}, for a row against a rule over several of its fields."""

    def violation(self, code: str, constraint: str) -> ValidationError:
        """The sentence of one of the model's constraints, for `check_row`."""
        constraints = {each.name: each for each in self.model()._meta.constraints}
        return ValidationError({code: [str(constraints[constraint].violation_error_message)]})

    def not_asked(self) -> set[str]:
        """Fields that are written later than the row is judged."""
        return set()

    def write(self, run: ImportRun | None) -> None:
        table_import.write_rows(self.new, self.changed, by=self.by)
        self.save_changes(run)

    # -- downloads

    def rows(self, *, filled: bool) -> Iterable[dict[str, Any]]:
        if not filled:
            return
        for obj in self.standing_rows():
            yield self.row_of(obj)

    def row_of(self, obj: Any) -> dict[str, Any]:
        """One row of a download, with the values of which its stamp is made."""
        values = self.values_of(obj)
        key = {code: self.shown(obj, code) for code in self.key}
        readonly = {code: self.shown(obj, code) for code, column in self.fields.items() if column.readonly}
        return {**key, **readonly, **values, "_standing": values}

    def values_of(self, obj: Any) -> dict[str, Any]:
        return {code: self.shown(obj, code) for code in self.filled}

    def planned_row(self, entry: Entry, *, is_new: bool, cells: dict) -> plan.PlannedRow:
        """As in every workbook; a key may hold a day or a year."""
        return (
            super()
            .planned_row(entry, is_new=is_new, cells=cells)
            ._replace(key=[plan.plain(entry[code]) for code in self.key])
        )

    def values_after(self, entry: Entry, before: Mapping[str, Any]) -> Mapping[str, Any]:
        """The values that the row says, as they stand after it; of a new row its usual ones too."""
        obj = self.judged.get(entry)
        said = self.values_of(obj).items() if obj else ()
        return {**before, **{code: value for code, value in said if entry.says(code) or not before}}

    def standing(self, entry: Entry) -> dict[str, Any] | None:
        obj = self.objects.get(self.key_of_row(entry))
        return self.values_of(obj) if obj else None
