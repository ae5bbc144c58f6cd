"""A plain .xlsx of the values that were read, at the same addresses, for uploads of other kinds.

It is written as text: openpyxl takes ten times as long and writes the time of day into the file.
"""

import re
from datetime import MINYEAR, date, datetime, time
from io import BytesIO
from itertools import count
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.utils.translation import get_language_bidi
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import to_excel

from evaluation.workbook import clean

from ..reading.book import Broken
from ..tables.our_sheets import is_summary
from .names import is_palette
from .package import EPOCH, MAIN, OFFICE, RELATIONS, SPREADSHEET, TYPES

MIN_WIDTH, MAX_WIDTH, ROWS_MEASURED = 10, 50, 200  # characters, and rows by which a width is chosen
FIRST_DAY = datetime(1900, 3, 1)  # noqa: DTZ001  cells have no zone; Excel counts days wrongly before
TEXT, DAY, MOMENT, CLOCK = range(1, 5)  # the styles, after the one for numbers

_FORMATS = (0, 49, 164, 165, 21)
_STYLES = f"""<styleSheet xmlns="{MAIN}"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy-mm-dd"/>\
<numFmt numFmtId="165" formatCode="yyyy-mm-dd hh:mm:ss"/></numFmts>\
<fonts count="1"><font><sz val="10"/><name val="Tahoma"/></font></fonts>\
<fills count="2"><fill><patternFill patternType="none"/></fill>\
<fill><patternFill patternType="gray125"/></fill></fills>\
<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>\
<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>\
<cellXfs count="{len(_FORMATS)}">{{}}</cellXfs>\
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>"""
_STYLE = """<xf numFmtId="{}" fontId="0" fillId="0" borderId="0" xfId="0" applyAlignment="1">\
<alignment vertical="top" readingOrder="{}"/></xf>"""


def rebuilt(book):
    """(bytes, {title in the Book: title here}) of a workbook with the Book's values, without our own sheets."""
    sheets = [sheet for sheet in book.sheets if not is_summary(sheet.title) and not is_palette(sheet.title)]
    titles = {}
    for sheet in sheets:
        titles[sheet.title] = _free(sheet.title, titles.values())
    parts = dict(_frame([*titles.values()] or ["1"]))
    for number, sheet in enumerate(sheets, start=1):
        parts[f"xl/worksheets/sheet{number}.xml"] = _page(sheet)
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        for name, content in parts.items():
            archive.writestr(ZipInfo(name, EPOCH), content, ZIP_DEFLATED)
    return out.getvalue(), titles


def _free(title, taken):
    """A title that Excel accepts and no other sheet has."""
    plain = re.sub(r"[\[\]:*?/\\]", " ", clean(title)).strip("' ")[:31] or "1"
    taken = {other.casefold() for other in taken}
    tries = (plain if number == 1 else f"{plain[:27]} {number}" for number in count(1))
    return next(title for title in tries if title.casefold() not in taken)


def _frame(titles):
    """(name, content) of the parts of a workbook whose sheets have these titles."""
    places = range(1, len(titles) + 1)
    kinds = {"xl/workbook.xml": "sheet.main", "xl/styles.xml": "styles"}
    kinds |= {f"xl/worksheets/sheet{place}.xml": "worksheet" for place in places}
    yield (
        "[Content_Types].xml",
        f'<Types xmlns="{TYPES}"><Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        + "".join(
            f'<Override PartName="/{part}" ContentType="{SPREADSHEET}.{kind}+xml"/>' for part, kind in kinds.items()
        )
        + "</Types>",
    )
    yield "_rels/.rels", _relations([("officeDocument", "xl/workbook.xml")])
    yield (
        "xl/workbook.xml",
        f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><bookViews><workbookView/></bookViews><sheets>'
        + "".join(
            f'<sheet name={quoteattr(title)} sheetId="{place}" r:id="rId{place}"/>'
            for place, title in zip(places, titles, strict=True)
        )
        + "</sheets></workbook>",
    )
    pages = [("worksheet", f"worksheets/sheet{place}.xml") for place in places]
    yield "xl/_rels/workbook.xml.rels", _relations([*pages, ("styles", "styles.xml")])
    order = 2 if get_language_bidi() else 1
    yield "xl/styles.xml", _STYLES.format("".join(_STYLE.format(number, order) for number in _FORMATS))
    yield "xl/worksheets/sheet1.xml", f'<worksheet xmlns="{MAIN}"><sheetData/></worksheet>'


def _relations(targets):
    links = (
        f'<Relationship Id="rId{place}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for place, (kind, target) in enumerate(targets, start=1)
    )
    return f'<Relationships xmlns="{RELATIONS}">{"".join(links)}</Relationships>'


def _page(sheet):
    widths = _widths(sheet)
    letters = [get_column_letter(column) for column in range(1, _width(sheet) + 1)]
    columns = "".join(
        f'<col min="{place}" max="{place}" width="{width}" customWidth="1"/>'
        for place, width in enumerate(widths, start=1)
    )
    rows = "".join(
        f'<row r="{row.number}">{"".join(map(_cell, _addresses(letters, row), row.values))}</row>' for row in sheet.rows
    )
    view = f'<sheetView rightToLeft="{int(get_language_bidi())}" workbookViewId="0"/>'
    columns = columns and f"<cols>{columns}</cols>"
    return (
        f'<worksheet xmlns="{MAIN}"><sheetViews>{view}</sheetViews>{columns}<sheetData>{rows}</sheetData></worksheet>'
    )


def _addresses(letters, row):
    return (f"{letter}{row.number}" for letter in letters)


def _width(sheet):
    return max((len(row.values) for row in sheet.rows), default=0)


def _widths(sheet):
    """The width of each column in characters, by its first rows."""
    widths = {}
    for row in sheet.rows[:ROWS_MEASURED]:
        for column, value in enumerate(row.values):
            widths[column] = max(widths.get(column, MIN_WIDTH), min(len(str(value or "")) + 3, MAX_WIDTH))
    return [widths[column] for column in sorted(widths)]


def _cell(address, value):
    """A cell that is read as the same value; text is never a formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return f'<c r="{address}" t="b"><v>{value:d}</v></c>'
    if isinstance(value, Broken) and value.text.startswith("#"):
        return f'<c r="{address}" t="e"><v>{escape(value.text)}</v></c>'
    if isinstance(value, date) and (value.year == MINYEAR or _moment(value) < FIRST_DAY):
        value = value.isoformat()
    if isinstance(value, str | Broken):
        said = escape(clean(value), {"\r": "&#13;"})
        return (
            f'<c r="{address}" s="{TEXT}" t="inlineStr"><is><t xml:space="preserve">{said}</t></is></c>' if said else ""
        )
    if style := _style(value):
        return f'<c r="{address}" s="{style}"><v>{to_excel(value)!r}</v></c>'
    return f'<c r="{address}"><v>{value}</v></c>'


def _style(value):
    """The style that makes a number a day, a moment or a time; 0 for numbers."""
    for kind, style in ((datetime, MOMENT), (date, DAY), (time, CLOCK)):
        if isinstance(value, kind):
            return style
    return 0


def _moment(value):
    return value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)  # noqa: DTZ001
