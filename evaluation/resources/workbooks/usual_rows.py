"""The rows of which most files are made, judged in one step: first figures of a line, and rows that say what stands.

Most rows of an import are read, compared and scored alike, and asking each of them every question takes longer than
the answers. Here a row is looked at as a whole; one that is not usual in any respect gets no verdict and is judged by
`judge`, which finds for a usual row the same (tests/resources/workbooks/test_usual_rows.py).
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from evaluation.models import Assessment
from evaluation.process.assessing.line import Figures
from evaluation.process.assessing.line_columns import COLUMN
from evaluation.process.assessing.many_lines import AnyReckoned, QuickReckoner, StandingLines

from ..tables import stamps
from ..tables.table import Entry, Table
from .base import NEW, SAME
from .lines import differs

BLANK_STAMP = f"{stamps.BLANK}-"  # how the stamp of a row begins that had no figures at the download


class Entered(NamedTuple):
    """A row that will be written: its line's place in StandingLines, its figures, and their result once it is known."""

    entry: Entry
    place: int
    figures: Figures
    reckoned: AnyReckoned | None


class Columns(NamedTuple):
    """The rows of a table: the places of their lines (None: no line), what they say, their stamps; those that erase."""

    places: list[int | None]
    said: list[tuple]
    stamps: Sequence[str | None]
    erasing: set[int]


def columns_of(table: Table, lines: StandingLines, codes: Iterable[str]) -> Columns:
    """The columns with these codes of a table, put beside each other row by row."""
    empty = [None] * len(table.rows)
    agencies, indicators, row_stamps, *said = (
        table.typed.get(code, empty) for code in ("agency", "code", stamps.STAMP_CODE, *codes)
    )
    places = list(map(lines.places.get, zip(agencies, indicators, strict=True)))
    return Columns(places, list(zip(*said, strict=True)), row_stamps, set().union(*table.erased.values()))


def files_named(tables: Iterable[Columns], lines: StandingLines) -> list[Assessment]:
    """The assessments of the lines that the rows name."""
    of_lines = lines.columns["assessment_id"]
    places = {place for columns in tables for place in columns.places if place is not None}
    return [lines.assessments[key] for key in dict.fromkeys(of_lines[place] for place in sorted(places))]


class UsualRows:
    """The verdicts on usual rows; those that will be written are added to `entered`.

    `cells`: {field: column code}; `tables`: the Columns of each table of the upload.
    """

    def __init__(
        self,
        lines: StandingLines,
        tables: Mapping[Table, Columns],
        reckoner: QuickReckoner,
        *,
        cells: Mapping[str, str],
        entered: list[Entered],
    ) -> None:
        self.lines, self.tables, self.reckoner, self.cells, self.entered = lines, tables, reckoner, cells, entered
        names, columns = tuple(cells), COLUMN[reckoner.level]
        self.standing = list(zip(*[lines.columns[columns[name]] for name in names], strict=True))
        self.blank = tuple("" if name == "note" else None for name in names)
        self.nothing = (None,) * len(names)
        self.actual, self.score, self.note = (names.index(name) for name in ("actual", "score", "note"))
        self.ratio = [at for at, name in enumerate(names) if name in ("numerator", "denominator")]

    def verdict(self, entry: Entry) -> str:
        """NEW or SAME; "" for a row that `judge` must look at."""
        rows, at = self.tables[entry.table], entry.place_in_columns
        place = rows.places[at]
        if place is None or at in rows.erasing:
            return ""
        said, standing, row_stamp = rows.said[at], self.standing[place], rows.stamps[at]
        if standing != self.blank:
            return self.repeated(said, standing, row_stamp)
        if row_stamp and not row_stamp.startswith(BLANK_STAMP):
            return ""
        return SAME if said == self.nothing else self.first(entry, place, said)

    def first(self, entry: Entry, place: int, said: Sequence[Any]) -> str:
        """The verdict on a row with an actual, and perhaps score and note, for a line where nothing stands."""
        actual, score, note = said[self.actual], said[self.score], said[self.note] or ""
        if actual is None or (self.ratio and any(said[at] is not None for at in self.ratio)):
            return ""
        reckoned = self.reckoner.reckoned(place, actual, score, note)
        if reckoned is None:
            return ""
        self.entered.append(Entered(entry, place, Figures(actual, None, None, None, score, note), reckoned))
        return NEW

    def repeated(self, said: Sequence[Any], standing: Sequence[Any], row_stamp: str | None) -> str:
        """The verdict on a row whose cells are empty or say what stands."""
        if row_stamp and not stamps.is_of(row_stamp, dict(zip(self.cells.values(), standing, strict=True))):
            return ""
        if said == self.nothing:
            return SAME
        if not any(type(value) is Decimal for value in said):
            return ""  # a note alone
        same = all(value is None or not differs(value, now) for value, now in zip(said, standing, strict=True))
        return SAME if same else ""
