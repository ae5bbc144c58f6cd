"""Cells as people and programs write them, with what each of them says; and tables of them in four kinds of file.

What a cell says is worked out here from how it was made, not by the reader that is tested.
"""

import csv
import datetime
from decimal import ROUND_HALF_EVEN, Decimal
from io import BytesIO, StringIO
from typing import Any, NamedTuple
from xml.sax.saxutils import quoteattr
from zipfile import ZipFile

from hypothesis import strategies as st
from openpyxl.utils import get_column_letter

from .uploads import written

REFUSED, EMPTY, ERASED, UNSAID = "refused", "empty", "erased", "unsaid"  # UNSAID: anything but an error page
SIX = Decimal("0.000001")
PERSIAN, ARABIC = (str.maketrans("0123456789", digits) for digits in ("۰۱۲۳۴۵۶۷۸۹", "٠١٢٣٤٥٦٧٨٩"))
DAY = datetime.date(2025, 8, 3)


class Cell(NamedTuple):
    """`kind`: text, number, percent (a fraction of one), truth, day, error or formula (with its last value); `form`:
    the number format; `says`: a Decimal, a text, or one of the words above.
    """

    kind: str
    value: Any
    says: Any
    form: str = ""


# -- what a cell of numbers may hold ------------------------------------------------------------------

FIGURES = ["0", "5", "12", "12.5", "80", "99.9", "33.333333", "1200", "20000", "0.125", "1234567.5", "-3"]
NO_NUMBERS = [
    *("0,125", "12,5", "۱۲/۵", "12/5", "1,20", "1.250.000", "1,200,00", "12 5", "۱۲ ۵", "1e3", "0x10", "NaN", "inf"),
    *(
        "هشتاد",
        "80 درصد",
        "--",
        "-",
        "%",
        "½",
        "بله",
        "ندارد",
        "80؟",
        "۸۰-۹۰",
        "#N/A",
        "#DIV/0!",
        "=1+1",
        "'80",
        "۸۰.۵.۱",
    ),
    *("1404/05/12", "2025-08-03", "TRUE", "None", "80+", "(80)", "80,", "٬80", "1٬20", "۱،۵"),
]
FORMS = ["0", "0.00", "#,##0", '0.0" امتیاز"', "@", ";;;", "[Red]0", "General"]


def grouped(text):
    whole, point, rest = text.partition(".")
    return f"{int(whole):,}{point}{rest}"


def spellings(text):
    """The cells that say the number `text`, written in Latin digits with a point."""
    number, says = float(text), Decimal(text).quantize(SIX)
    plain = text.translate(PERSIAN).replace(".", "٫")
    yield from (Cell("number", number, says), Cell("formula", number, says), Cell("text", text, says))
    yield from (Cell("number", number, says, form) for form in FORMS)
    for written_as in (plain, text.translate(ARABIC).replace(".", "٫"), text.translate(PERSIAN), f" {text} "):
        yield Cell("text", written_as, says)
    yield from (
        Cell("text", f"\u200e{text}\u200e", says),
        Cell("text", f"{plain}٪", says),
        Cell("text", f"{text}%", says),
    )
    yield Cell("percent", float(Decimal(text) / 100), says, "0.0%")
    if abs(number) >= 1000:
        yield Cell("text", grouped(text).replace(",", "٬").translate(PERSIAN).replace(".", "٫"), says)
        yield Cell("text", grouped(text), says)
    if number > 0:
        yield Cell("text", f"+{text}", says)


FINE = st.floats(0, 400, width=64).map(
    lambda number: Cell("number", number, Decimal(f"{number:.15g}").quantize(SIX, rounding=ROUND_HALF_EVEN))
)
NOTHING = [
    Cell("text", "", EMPTY),
    Cell("text", "   ", EMPTY),
    Cell("text", "حذف", ERASED),
    Cell("text", "«حذف»", ERASED),
]
OTHERS = [
    Cell("truth", True, REFUSED),
    Cell("truth", False, REFUSED),
    Cell("day", DAY, REFUSED),
    Cell("error", "#DIV/0!", REFUSED),
]
NUMBERS = st.one_of(
    st.sampled_from(FIGURES).flatmap(lambda text: st.sampled_from(list(spellings(text)))),
    st.sampled_from(FIGURES).flatmap(lambda text: st.sampled_from(list(spellings(text)))),
    FINE,
    st.sampled_from(NO_NUMBERS).map(lambda text: Cell("text", text, REFUSED)),
    st.sampled_from([*NOTHING, *OTHERS]),
)

# -- what other cells may hold ------------------------------------------------------------------------

SAID = [  # (as it is typed, as it is kept)
    *(("یادداشت", "یادداشت"), ("كار يك", "کار یک"), ("  دو   فاصله ", "دو فاصله"), ("12,5", "12,5"), ("=1+1", "=1+1")),
    *(("+98", "+98"), ("@نام", "@نام"), ("جمع کل", "جمع کل"), ("0,125", "0,125"), ('او گفت "خوب"', 'او گفت "خوب"')),
    *(("الف;ب", "الف;ب"), ("الف\tب", "الف ب"), ("a,b", "a,b"), ("متن " * 60, ("متن " * 60).strip())),
]
TEXTS = st.one_of(
    st.sampled_from(SAID).map(lambda pair: Cell("text", *pair)),
    st.sampled_from(
        [
            *(*NOTHING, Cell("error", "#REF!", REFUSED)),
            *(Cell("number", 7.0, "007", "000"), Cell("number", 12.5, "12.5"), Cell("number", 12.0, "12")),
            *(Cell("truth", True, UNSAID), Cell("day", DAY, UNSAID), Cell("text", "ی" * 5_000, REFUSED)),
        ]
    ),
)
ANY = st.one_of(NUMBERS, TEXTS).map(lambda cell: cell._replace(says=UNSAID))


def cells_for(widget):
    """A strategy of cells for a column with this widget."""
    return {"number": NUMBERS, "text": TEXTS if type(widget).__name__ == "Text" else ANY}.get(widget.kind, ANY)


def standing(value):
    """The cell of a value that stands already, as a download shows it."""
    if value is None or value == "":
        return Cell("text", "", EMPTY)
    if isinstance(value, bool):
        return Cell("text", "بله" if value else "خیر", UNSAID)
    if isinstance(value, datetime.date):
        return Cell("day", value, UNSAID)
    return Cell("text", str(value), UNSAID) if isinstance(value, str) else Cell("number", float(value), UNSAID)


# -- files --------------------------------------------------------------------------------------------


class Grid(NamedTuple):
    """A sheet: `cells` {(row, column) from 0: Cell}, merged ranges of one column (first row, last row, column) and
    hidden rows.
    """

    cells: dict
    merged: tuple = ()
    hidden: tuple = ()

    @property
    def size(self):
        return 1 + max(row for row, _at in self.cells), 1 + max(at for _row, at in self.cells)


def address(row, column):
    return f"{get_column_letter(column + 1)}{row + 1}"


def as_xlsx(grid):
    def fill(book):
        page = book.add_worksheet("داده")
        for first, last, column in grid.merged:
            page.merge_range(first, column, last, column, "")
        for (row, column), cell in grid.cells.items():
            look = book.add_format({"num_format": cell.form}) if cell.form else None
            if cell.kind == "formula":
                page.write_formula(row, column, f"={cell.value!r}", look, cell.value)
            elif cell.kind == "error":
                page.write_formula(row, column, "=1/0", look, cell.value)
            elif cell.kind == "truth":
                page.write_boolean(row, column, cell.value)
            elif cell.kind == "day":
                page.write_datetime(row, column, cell.value, book.add_format({"num_format": "yyyy/mm/dd"}))
            elif cell.kind == "text":
                page.write_string(row, column, cell.value) if cell.value else None
            else:
                page.write_number(row, column, cell.value, look)
        for row in grid.hidden:
            page.set_row(row, None, None, {"hidden": True})

    return written(fill)


def in_text(cell):
    """The cell as a text file has it: as it is seen."""
    if cell.kind == "number" and isinstance(cell.says, str) and cell.says != UNSAID:
        return cell.says
    if cell.kind == "percent":
        return f"{Decimal(repr(cell.value)) * 100:f}%"
    if cell.kind in ("number", "formula"):
        return f"{Decimal(f'{cell.value:.15g}'):f}"
    return {"truth": str(cell.value).upper(), "day": f"{cell.value}"}.get(cell.kind, cell.value)


def as_text(grid, separator, encoding):
    height, width = grid.size
    own = max(column for row, column in grid.cells if row == 0) + 1
    out = StringIO()
    writer = csv.writer(out, delimiter=separator)
    for row in range(height):
        filled = max([own, *(column + 1 for at, column in grid.cells if at == row)])
        writer.writerow(
            [in_text(grid.cells[row, at]) if (row, at) in grid.cells else "" for at in range(min(width, filled))]
        )
    return out.getvalue().encode(encoding)


TYPES = {"number": "float", "formula": "float", "percent": "percentage", "truth": "boolean", "day": "date"}
NAMES = "urn:oasis:names:tc:opendocument:xmlns"
ODS = f"""<?xml version="1.0" encoding="UTF-8"?><office:document-content office:version="1.3"
 xmlns:office="{NAMES}:office:1.0" xmlns:table="{NAMES}:table:1.0" xmlns:text="{NAMES}:text:1.0"
 xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0">{{styles}}<office:body><office:spreadsheet>
<table:table table:name="داده">{{rows}}</table:table></office:spreadsheet></office:body></office:document-content>"""
ZEROS = f"""<office:automatic-styles xmlns:style="{NAMES}:style:1.0" xmlns:number="{NAMES}:datastyle:1.0">
 <number:number-style style:name="N1"><number:number number:min-integer-digits="3"/></number:number-style>
 <style:style style:name="ce1" style:family="table-cell" style:data-style-name="N1"/></office:automatic-styles>"""
MANIFEST = """<?xml version="1.0" encoding="UTF-8"?><manifest:manifest
 xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3"><manifest:file-entry
 manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/><manifest:file-entry
 manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>"""


def in_ods(cell, more):
    if cell is None or (cell.kind == "text" and not cell.value):
        return f"<table:table-cell{more}/>"
    if cell.kind == "formula":
        more += f' table:formula="of:={cell.value!r}"'
    if cell.kind in ("text", "error"):
        if cell.kind == "error":
            more += ' table:formula="of:=1/0" calcext:value-type="error"'
        shown = quoteattr(cell.value)[1:-1]
        return f'<table:table-cell{more} office:value-type="string"><text:p>{shown}</text:p></table:table-cell>'
    kind = TYPES[cell.kind]
    name = {"boolean": "boolean-value", "date": "date-value"}.get(kind, "value")
    value = str(cell.value).lower() if kind == "boolean" else f"{cell.value}"
    more += f' office:value-type="{kind}" office:{name}="{value}"'
    shown = value
    if cell.form == "000":
        more, shown = f'{more} table:style-name="ce1"', f"{cell.value:03.0f}"
    return f"<table:table-cell{more}><text:p>{shown}</text:p></table:table-cell>"


def as_ods(grid):
    height, width = grid.size
    tops = {(first, column): last - first + 1 for first, last, column in grid.merged}
    covered = {(row, column) for first, last, column in grid.merged for row in range(first + 1, last + 1)}
    rows = []
    for row in range(height):
        cells = [
            "<table:covered-table-cell/>"
            if (row, at) in covered
            else in_ods(
                grid.cells.get((row, at)),
                f' table:number-rows-spanned="{tops[row, at]}" table:number-columns-spanned="1"'
                if (row, at) in tops
                else "",
            )
            for at in range(width)
        ]
        hidden = ' table:visibility="collapse"' if row in grid.hidden else ""
        rows.append(f"<table:table-row{hidden}>{''.join(cells)}</table:table-row>")
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", MANIFEST)
        styles = ZEROS if any(cell.form == "000" for cell in grid.cells.values()) else ""
        archive.writestr("content.xml", ODS.format(styles=styles, rows="".join(rows)))
    return out.getvalue()


KINDS = {  # {name of a format: (bytes of a grid, file name)}
    "xlsx": (as_xlsx, "a.xlsx"),
    "ods": (as_ods, "a.ods"),
    "comma": (lambda grid: as_text(grid, ",", "utf-8-sig"), "a.csv"),
    "semicolon": (lambda grid: as_text(grid, ";", "utf-8"), "a.csv"),
    "tab": (lambda grid: as_text(grid, "\t", "utf-16"), "a.csv"),
}
WITH_MERGES = ("xlsx", "ods")
