"""Tables of figures as data: one page template and one workbook show them all."""

from dataclasses import dataclass, field
from decimal import Decimal

from django.utils import translation

from evaluation.exchange.archive import settled
from evaluation.workbook import Column as SheetColumn
from evaluation.workbook import Sheet, build

TEXT, POINTS, PERCENT, COUNT, CHANGE, DAY = "text", "points", "percent", "count", "change", "day"
PLACES = {POINTS: 2, PERCENT: 2, COUNT: 0, CHANGE: 2}  # decimals shown, on the page and in the workbook


@dataclass(frozen=True)
class Column:
    """A column: `kind` says how its values are shown; CHANGE is a difference, shown with its sign."""

    heading: str
    kind: str = TEXT
    width: int = 16  # of the workbook, in characters

    @property
    def is_figure(self):
        return self.kind in PLACES


@dataclass(frozen=True)
class Bar:
    """One line of a picture: a name, and for each series a percent of the whole (None: no figure)."""

    name: str
    percents: tuple[Decimal | None, ...]


@dataclass(frozen=True)
class Picture:
    """Bars of one or several series; the table below it says the same."""

    series: tuple[str, ...]
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Table:
    """Rows of values in the order of the columns. `empty` says why there is no row; `note` explains the figures."""

    title: str
    columns: tuple[Column, ...]
    rows: list[tuple]
    note: str = ""
    empty: str = ""
    picture: Picture | None = None


@dataclass(frozen=True)
class Report:
    """A page of tables. `announcement` is a text ready to be published; `facts` are (name, value)."""

    title: str
    tables: list[Table]
    note: str = ""
    announcement: str = ""
    facts: list[tuple[str, str]] = field(default_factory=list)


def workbook(make, *, title, header=""):
    """The bytes of the .xlsx of a report, in Persian. `make()` gives the Report in the active language."""
    with translation.override("fa"):
        sheets = [sheet(table) for table in make().tables]
        return settled(build(sheets, properties={"title": title}, header=header))


def sheet(table):
    """One table as a sheet: figures stay numbers."""
    columns = [
        SheetColumn(
            code=f"c{place}",
            heading=str(column.heading),
            kind="number" if column.is_figure else "date" if column.kind == DAY else "text",
            places=PLACES.get(column.kind),
            width=column.width,
        )
        for place, column in enumerate(table.columns)
    ]
    return Sheet(title=str(table.title), columns=columns, rows=[tuple(row) for row in table.rows], frozen=1)
