"""What a workbook is made of: sheets, columns and rows, as data."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

KINDS = {"text": 24, "number": 14, "date": 14, "datetime": 20, "choice": 18}  # with their usual widths


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column. `code` is the key of a mapping row, `places` fixes the decimals shown, `note` explains it."""

    code: str
    heading: str
    kind: str = "text"
    width: int | None = None
    choices: Sequence[str] = ()
    locked: bool = False
    total: bool = False
    places: int | None = None
    note: str = ""

    def __post_init__(self):
        if self.kind not in KINDS:
            raise ValueError(f"unknown kind of column: {self.kind}")


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One table. A row is a mapping by column code or a sequence in the order of the columns."""

    title: str
    columns: Sequence[Column]
    rows: Iterable[Mapping | Sequence] = field(default=())
    note: str = ""
