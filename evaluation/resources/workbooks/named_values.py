"""What every workbook does with values that a person named: read, told, and asked about in the trial run."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from evaluation.persian import localise_digits

from ..tables import wording
from ..tables.columns import Column
from ..tables.table import Table


class NamedValuesMixin:
    """For a WorkbookResource; needs its `fields`, `values`, `remarks` and `offers_choices`."""

    worded: tuple[str, ...] = ()  # columns of free text with usual values, which a file may name otherwise
    fields: Mapping[str, Column]
    values: Mapping[str, Mapping[str, str | None]]
    remarks: list[str]
    offers_choices: Any

    def reword(self, tables_of_book: Sequence[Table]) -> None:
        """Read values as the person named them, tell how many, and keep those that may be named still."""
        counted = [wording.reword(table, self.values) for table in tables_of_book]
        if replaced := sum(cells for cells, _rows in counted):
            words = _("Values that were read as you named them: %(count)s.")
            self.remarks.append(words % {"count": localise_digits(replaced)})
        if left_out := sum(rows for _cells, rows in counted):
            words = _("Rows that were passed over, as you named them: %(count)s.")
            self.remarks.append(words % {"count": localise_digits(left_out)})
        self.asked: dict[str, dict[str, str]] = {}
        for code, column in self.fields.items():
            if not column.readonly and (column.widget.kind == "choice" or code in self.worded):
                self.ask(tables_of_book, code, column)

    def ask(self, tables_of_book: Sequence[Table], code: str, column: Column) -> None:
        """Keep the values of a column that name none of its choices."""
        offered = {wording.key_of(text) for text in self.offers_choices(code)}
        for table in tables_of_book:
            if code in table.columns:
                texts = wording.unknown(table, code, column, offered)
                self.asked.setdefault(code, {}).update(texts)
