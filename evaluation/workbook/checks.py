"""What a program checks while people type: drop-down lists, bounds of numbers, Jalali dates.

Only a value outside a fixed list is refused; elsewhere there is a warning, so that digits typed in Persian can stay.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation

from evaluation.persian import localise_digits

from .cells import clean, row_xml, text_xml, write_page
from .table import Column

LISTS_TITLE = "_lists"
MAX_NUMBER = Decimal(10) ** 18


class Lists:
    """The hidden sheet of the drop-down lists; equal lists share a column."""

    def __init__(self, book: Workbook) -> None:
        self.book = book
        self.columns: dict[tuple[str, ...], int] = {}

    def formula(self, choices: Iterable[object]) -> str:
        """The reference to a list of these choices."""
        texts = tuple(clean(choice) for choice in choices)
        letter = get_column_letter(self.columns.setdefault(texts, len(self.columns) + 1))
        return f"{quote_sheetname(LISTS_TITLE)}!${letter}$1:${letter}${len(texts)}"

    def write(self) -> None:
        """Add the hidden sheet, where there is a list."""
        if self.columns:
            sheet = self.book.create_sheet(LISTS_TITLE)
            sheet.sheet_state = "hidden"
            write_page(sheet, self.rows())

    def rows(self) -> Iterator[str]:
        for row in range(max(map(len, self.columns))):
            cells = (
                text_xml(f"{get_column_letter(place)}{row + 1}", 0, choices[row])
                for place, choices in enumerate(self.columns, start=1)
                if row < len(choices)
            )
            yield row_xml(row + 1, cells)


def rules(columns: Sequence[Column], lists: Lists, *, first: int, last: int) -> Iterator[DataValidation]:
    """The DataValidation of each column that has one, from the row `first` to the row `last`."""
    letters = {column.code: get_column_letter(place) for place, column in enumerate(columns, start=1)}
    for column in columns:
        rule = rule_of(column, letters, lists, first)
        if rule is None:
            continue
        rule.allow_blank = rule.showErrorMessage = True
        rule.errorTitle = clean(column.heading)[:32]
        rule.add(f"{letters[column.code]}{first}:{letters[column.code]}{last}")
        yield rule


def rule_of(column: Column, letters: Mapping[str, str], lists: Lists, first: int) -> DataValidation | None:
    """The check of one column without its range, or None; references are to its `first` row."""
    if column.choices:
        rule = DataValidation(type="list", formula1=lists.formula(column.choices))
        rule.errorStyle = "stop" if column.choices_strict else "warning"
        rule.error = _("Choose one of the values in the list.")
        return rule
    if not column.checked or column.kind not in ("number", "date"):
        return None
    rule = date_rule(letters[column.code], first) if column.kind == "date" else number_rule(column, letters, first)
    rule.errorStyle = "warning"
    return rule


def number_rule(column: Column, letters: Mapping[str, str], first: int) -> DataValidation:
    """A check of a number between the bounds of its column, or of its row."""
    least = -MAX_NUMBER if column.minimum is None else column.minimum
    most: Decimal | int | str
    if isinstance(column.maximum, str) and column.maximum in letters:
        most, error = f"{letters[column.maximum]}{first}", _("Write a number from 0 to the maximum of this row.")
    else:
        most = MAX_NUMBER if column.maximum is None else column.maximum
        error = _("Write a number here.") if column.minimum is None else sentence_of_bounds(column)
    return DataValidation(
        type="decimal", operator="between", formula1=written(least), formula2=written(most), error=error
    )


def sentence_of_bounds(column: Column) -> str:
    """What the program says of a number outside the column's bounds."""
    least = localise_digits(written(column.minimum or 0))
    if column.maximum is None:
        return _("Write a number from %(least)s on.") % {"least": least}
    return _("Write a number from %(least)s to %(most)s.") % {
        "least": least,
        "most": localise_digits(written(column.maximum)),
    }


def written(bound: Decimal | int | str) -> str:
    """A bound as Excel writes it: a number without trailing zeros, or a reference to a cell."""
    return bound if isinstance(bound, str) else f"{Decimal(bound).normalize():f}"


def date_rule(letter: str, first: int) -> DataValidation:
    """A check for a real date, or for text like 1404/05/12 in digits of any script."""
    cell = f"{letter}{first}"
    shape = f'AND(LEN({cell})=10,MID({cell},5,1)="/",MID({cell},8,1)="/")'
    error = _("Write a date such as %(example)s.") % {"example": localise_digits("1404/05/12")}
    return DataValidation(type="custom", formula1=f"OR(ISNUMBER({cell}),{shape})", error=error)
