"""The looks of cells: one font, borders, fills, alignment to the right. A look is registered once and has an id."""

from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from .table import KINDS, SHUT, Column

FONT = "Tahoma"  # every Windows has it with Persian letters; a missing font would be replaced by any other
NAVY, SLATE, SHADE, WHITE = "1F3A5F", "5B6675", "EEF2F8", "FFFFFF"
RIGHT_TO_LEFT = 2
A4 = 9

_LINE = Side(style="thin", color="D5D9E0")
BORDER = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)


class Looks:
    """The looks of one sheet's columns."""

    def __init__(self, page: WriteOnlyWorksheet, *, protect: bool) -> None:
        self.page, self.protect = page, protect

    def cell(self, column: Column, *, shut: bool = False, quoted: bool = False) -> WriteOnlyCell:
        """A cell with the look of the column's rows. `shut`: locked in its row alone; `quoted`: never a formula."""
        cell = WriteOnlyCell(self.page)
        cell.font = Font(name=FONT, size=10)
        cell.border = BORDER
        wraps = column.kind == "text" and not column.hidden
        # “fill” keeps the text of a column without width out of the next cells.
        across = "fill" if column.hidden else None
        cell.alignment = Alignment(across, vertical="top", wrap_text=wraps, readingOrder=RIGHT_TO_LEFT)
        cell.number_format = "@" if column.kind != "number" else number_format(column.places)
        if fill := SHUT if shut else column.fill:
            cell.fill = PatternFill("solid", start_color=fill)
        if self.protect:
            cell.protection = Protection(locked=shut or column.locked)
        cell.quotePrefix = quoted
        return cell

    def spare(self, column: Column, *, grows: bool) -> WriteOnlyCell:
        """The look of the cells below the rows: what people type there stays text in columns of text."""
        cell = self.cell(column)
        cell.fill = PatternFill()
        if self.protect and grows:
            cell.protection = Protection(locked=column.hidden)
        return cell

    def heading(self, column: Column, *, quoted: bool = False) -> WriteOnlyCell:
        """The look of the column's heading."""
        cell = WriteOnlyCell(self.page)
        cell.quotePrefix = quoted
        cell.font = Font(name=FONT, size=10, bold=True, color=WHITE)
        cell.fill = PatternFill("solid", start_color=SLATE if column.fill == SHUT else NAVY)
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True, readingOrder=RIGHT_TO_LEFT)
        cell.border = BORDER
        return cell

    def total(self, column: Column) -> WriteOnlyCell:
        """The look of the column's total."""
        cell = WriteOnlyCell(self.page)
        cell.font = Font(name=FONT, size=10, bold=True)
        cell.border = BORDER
        cell.number_format = number_format(column.places) if column.kind == "number" else "@"
        cell.alignment = Alignment(readingOrder=RIGHT_TO_LEFT)
        return cell


def lay_out(page: WriteOnlyWorksheet, *, protect: bool) -> None:
    """Set direction, paper and protection of a sheet. Filtering, sorting and resizing stay allowed."""
    page.sheet_view.rightToLeft = True
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = A4
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.protection.sheet = protect
    if protect:
        for name in ("autoFilter", "sort", "formatColumns", "formatRows", "insertRows"):
            setattr(page.protection, name, False)  # False: not forbidden


def words(
    page: WriteOnlyWorksheet,
    *,
    size: int = 10,
    bold: bool = False,
    colour: str = "000000",
    fill: str = "",
    border: bool = False,
    wraps: bool = True,
    quoted: bool = False,
) -> WriteOnlyCell:
    """A cell of a page of words; `quoted`: never a formula."""
    cell = WriteOnlyCell(page)
    cell.quotePrefix = quoted
    cell.font = Font(name=FONT, size=size, bold=bold, color=colour)
    cell.alignment = Alignment(vertical="top" if wraps else "center", wrap_text=wraps, readingOrder=RIGHT_TO_LEFT)
    if fill:
        cell.fill = PatternFill("solid", start_color=fill)
    if border:
        cell.border = BORDER
    return cell


def number_format(places: int | None) -> str:
    """Excel's format of a number with so many decimals; None: as many as it has."""
    if places is None:
        return "General"
    return "#,##0." + "0" * places if places else "#,##0"


def width(column: Column) -> int:
    """The column's width in characters: as asked for, else by its kind, its heading and its choices."""
    choices = [len(str(choice)) + 2 for choice in column.choices] if column.choices_strict else []
    return column.width or min(max(KINDS[column.kind], len(str(column.heading)) + 4, *choices), 60)
