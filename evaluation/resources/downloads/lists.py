"""Lists of the admin as files: the columns that a person reads, by the writer of all our workbooks.

django-import-export brings the page and the resource; the values come from the list itself, so that a file never holds
what its list does not show.
"""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from itertools import batched
from typing import Any

from django.utils.translation import gettext as _
from import_export.fields import Field
from import_export.formats.base_formats import Format
from import_export.resources import Resource
from tablib import Dataset

from evaluation import workbook

MAX_WIDTH = 60  # characters


class ListColumn(Field):
    """A column of a list: its heading, and `read`, which gives the value of a row as a workbook holds it."""

    def __init__(self, heading: str, read: Callable[[Any], Any]) -> None:
        super().__init__(column_name=heading, readonly=True)
        self.read = read

    def export(self, instance: Any, **kwargs: Any) -> Any:
        return self.read(instance)


class ListResource(Resource):
    """The rows of one list; a subclass holds its `ListColumn`s. Raises nothing: what may be read is asked before.

    `complete` is called with some rows at a time and sets on them what their columns count beside them.
    """

    list_title = ""
    list_facts: Sequence[tuple[str, str]] = ()  # what the rows were chosen by, for the page behind the table
    complete: Callable[[Sequence[Any]], None]

    @classmethod
    def get_display_name(cls) -> str:
        return cls.list_title

    def iter_queryset(self, queryset: Any) -> Iterator[Any]:
        """The rows, each completed."""
        for rows in batched(super().iter_queryset(queryset), self.get_chunk_size()):
            self.complete(rows)
            yield from rows

    def after_export(self, queryset: Any, dataset: Dataset, **kwargs: Any) -> None:
        """Name the list in the file, and what its rows were chosen by."""
        dataset.title, dataset.facts = self.list_title, self.list_facts


class ListFormat(Format):
    """One kind of file. Needs `extension`, `title`, `mime` and `built`."""

    extension, title, mime = "", "", ""

    def get_title(self) -> str:
        return self.title

    def get_extension(self) -> str:
        return self.extension

    def get_content_type(self) -> str:
        return self.mime

    def is_binary(self) -> bool:
        return True

    def can_export(self) -> bool:
        return True

    def export_data(self, dataset: Dataset, **kwargs: Any) -> bytes:
        sheet = table(dataset)
        page = workbook.Page(title=_("About the list"), heading=dataset.title, facts=dataset.facts)
        return self.built(sheet, page)

    def built(self, sheet: workbook.Sheet, page: workbook.Page) -> bytes:
        """The bytes of a file with this table and, where the kind has pages, this page of facts."""
        raise NotImplementedError


class Xlsx(ListFormat):
    """A workbook of Excel, with a page about the list."""

    extension, title = "xlsx", "Excel (.xlsx)"
    mime = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    def built(self, sheet: workbook.Sheet, page: workbook.Page) -> bytes:
        return workbook.build([sheet, page], properties={"title": sheet.title})


class Ods(ListFormat):
    """A workbook of LibreOffice, with a page about the list."""

    extension, title = "ods", "OpenDocument (.ods)"
    mime = "application/vnd.oasis.opendocument.spreadsheet"

    def built(self, sheet: workbook.Sheet, page: workbook.Page) -> bytes:
        return workbook.build_ods([sheet, page], title=sheet.title)


class Csv(ListFormat):
    """The table as text."""

    extension, title, mime = "csv", "CSV (.csv)", "text/csv; charset=utf-8"

    def built(self, sheet: workbook.Sheet, page: workbook.Page) -> bytes:
        return workbook.build_csv(sheet)


FORMATS = (Xlsx, Ods, Csv)


def table(dataset: Dataset) -> workbook.Sheet:
    """The sheet of a dataset. A column whose every filled cell is a number is a column of numbers."""
    rows = list(dataset)
    columns = [column(heading, [row[at] for row in rows]) for at, heading in enumerate(dataset.headers)]
    return workbook.Sheet(title=dataset.title, columns=columns, rows=rows, frozen=1)


def column(heading: str, values: Sequence[Any]) -> workbook.Column:
    """One column, as wide as its texts ask for."""
    filled = [value for value in values if value is not None and value != ""]
    if filled and all(isinstance(value, Decimal) for value in filled):
        places = {max(0, -value.as_tuple().exponent) for value in filled}
        same = places.pop() if len(places) == 1 else None
        return workbook.Column(code=heading, heading=heading, kind="number", places=same)
    longest = max((len(str(value)) for value in filled), default=0)
    return workbook.Column(code=heading, heading=heading, width=min(max(longest, len(heading)) + 4, MAX_WIDTH))
