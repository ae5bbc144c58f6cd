"""Workbooks in the OpenDocument format (.ods), with the look of the .xlsx ones: right to left, headings that stay."""

import re
import zipfile
from collections.abc import Iterable, Iterator
from io import BytesIO
from xml.sax.saxutils import escape, quoteattr

from openpyxl.utils import get_column_letter

from evaluation.persian import localise_digits

from .cells import clean, number_of, shown
from .looks import FONT, NAVY, SHADE, WHITE, width
from .pages import LABELS, TEXTS
from .table import Column, Page, Sheet, values_of
from .writer import free_title

MIME = "application/vnd.oasis.opendocument.spreadsheet"
CENTIMETRES = 0.2  # of one character of width
LINE = "0.5pt solid #D5D9E0"
SPACES = re.compile("^ +| {2,}")

NAMESPACES = (
    " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{address}:1.0"'
        for name, address in {
            "office": "office",
            "style": "style",
            "text": "text",
            "table": "table",
            "fo": "xsl-fo-compatible",
            "number": "datastyle",
            "config": "config",
            "manifest": "manifest",
            "meta": "meta",
        }.items()
    )
    + ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
)

MANIFEST = f"""<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest {NAMESPACES} manifest:version="1.3">
<manifest:file-entry manifest:full-path="/" manifest:media-type="{MIME}"/>
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>
<manifest:file-entry manifest:full-path="styles.xml" manifest:media-type="text/xml"/>
<manifest:file-entry manifest:full-path="meta.xml" manifest:media-type="text/xml"/>
<manifest:file-entry manifest:full-path="settings.xml" manifest:media-type="text/xml"/>
</manifest:manifest>"""

# A4, landscape, as wide as the table is: as the .xlsx workbooks are printed.
PAGES = f"""<?xml version="1.0" encoding="UTF-8"?>
<office:document-styles {NAMESPACES} office:version="1.3">
<office:automatic-styles><style:page-layout style:name="a4"><style:page-layout-properties fo:page-width="29.7cm"
 fo:page-height="21cm" style:print-orientation="landscape" style:writing-mode="rl-tb" style:scale-to-X="1"
 style:scale-to-Y="0"/></style:page-layout></office:automatic-styles>
<office:master-styles><style:master-page style:name="page" style:page-layout-name="a4"/></office:master-styles>
</office:document-styles>"""


def build_ods(sheets: Iterable[Sheet | Page], *, title: str = "") -> bytes:
    """The bytes of an .ods workbook of `Sheet`s and `Page`s; what Excel alone knows of (checks, locks) is left out."""
    titles: set[str] = set()
    named = [(free_title(sheet.title, titles), sheet) for sheet in sheets]
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(zipfile.ZipInfo("mimetype"), MIME)  # first and not compressed, so that the kind is seen
        package.writestr("META-INF/manifest.xml", MANIFEST)
        package.writestr("styles.xml", PAGES)
        package.writestr("meta.xml", meta(title))
        package.writestr("settings.xml", settings(named))
        with package.open("content.xml", "w") as content:
            for part in document(named):
                content.write(part.encode())
    return out.getvalue()


def meta(title: str) -> str:
    """The part that names the file."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-meta {NAMESPACES} office:version="1.3"><office:meta>'
        f"<dc:title>{escape(clean(title))}</dc:title></office:meta></office:document-meta>"
    )


def settings(named: list[tuple[str, Sheet | Page]]) -> str:
    """What a program shows first: the headings of each table stay where they are."""
    tables = "".join(
        f"<config:config-item-map-entry config:name={quoteattr(title)}>"
        '<config:config-item config:name="VerticalSplitMode" config:type="short">2</config:config-item>'
        '<config:config-item config:name="VerticalSplitPosition" config:type="int">1</config:config-item>'
        '<config:config-item config:name="PositionBottom" config:type="int">1</config:config-item>'
        "</config:config-item-map-entry>"
        for title, sheet in named
        if isinstance(sheet, Sheet)
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-settings {NAMESPACES} office:version="1.3">'
        '<office:settings><config:config-item-set config:name="ooo:view-settings">'
        '<config:config-item-map-indexed config:name="Views"><config:config-item-map-entry>'
        f'<config:config-item-map-named config:name="Tables">{tables}</config:config-item-map-named>'
        "</config:config-item-map-entry></config:config-item-map-indexed></config:config-item-set>"
        "</office:settings></office:document-settings>"
    )


def document(named: list[tuple[str, Sheet | Page]]) -> Iterator[str]:
    """The XML of the whole content, in parts."""
    yield f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {NAMESPACES} office:version="1.3">'
    yield "<office:automatic-styles>"
    yield from styles(named)
    yield "</office:automatic-styles><office:body><office:spreadsheet>"
    ranges = []
    for at, (title, sheet) in enumerate(named, start=1):
        yield f'<table:table table:name={quoteattr(title)} table:style-name="sheet">'
        if isinstance(sheet, Page):
            yield from words_of(sheet, at)
        else:
            last = 1
            for row in rows_of(sheet, at):
                last += 1
                yield row
            corner = "'" + title.replace("'", "''") + "'"
            end = f"{corner}.{get_column_letter(len(sheet.columns))}{last - 1}"
            ranges.append(
                f'<table:database-range table:name="filter{at}" table:display-filter-buttons="true" '
                f"table:target-range-address={quoteattr(f'{corner}.A1:{end}')}/>"
            )
        yield "</table:table>"
    if ranges:
        yield f"<table:database-ranges>{''.join(ranges)}</table:database-ranges>"
    yield "</office:spreadsheet></office:body></office:document-content>"


def styles(named: list[tuple[str, Sheet | Page]]) -> Iterator[str]:
    """The looks of tables, columns, rows and cells."""
    yield (
        '<style:style style:name="sheet" style:family="table" style:master-page-name="page">'
        '<style:table-properties table:display="true" style:writing-mode="rl-tb"/></style:style>'
        '<style:style style:name="row" style:family="table-row"><style:table-row-properties '
        'style:use-optimal-row-height="true"/></style:style>'
    )
    places = {column.places for _title, sheet in named if isinstance(sheet, Sheet) for column in sheet.columns}
    for count in sorted(places - {None}, key=str):
        yield (
            f'<number:number-style style:name="n{count}"><number:number number:decimal-places="{count}" '
            f'number:min-decimal-places="{count}" number:min-integer-digits="1" number:grouping="true"/>'
            "</number:number-style>"
        )
        yield cell_style(f"number{count}", data=f"n{count}")
    yield cell_style("number")
    yield cell_style("text", wraps=True)
    yield cell_style("heading", bold=True, colour=WHITE, fill=NAVY, centred=True, wraps=True)
    yield cell_style("label", bold=True, fill=SHADE, wraps=True)
    yield cell_style("title", bold=True, colour=NAVY, size=14, border=False)
    for at, (_title, sheet) in enumerate(named, start=1):
        widths = [LABELS, TEXTS] if isinstance(sheet, Page) else [width(column) for column in sheet.columns]
        for place, characters in enumerate(widths, start=1):
            yield (
                f'<style:style style:name="column{at}.{place}" style:family="table-column">'
                f'<style:table-column-properties style:column-width="{characters * CENTIMETRES:.2f}cm"/></style:style>'
            )


def cell_style(
    name: str,
    *,
    data: str = "",
    bold: bool = False,
    colour: str = "000000",
    fill: str = "",
    size: int = 10,
    centred: bool = False,
    wraps: bool = False,
    border: bool = True,
) -> str:
    """One look of cells; `data` names the style of its numbers."""
    weight = "bold" if bold else "normal"
    lines = f' fo:border="{LINE}"' if border else ""
    source, across = ("fix", ' fo:text-align="center"') if centred else ("value-type", "")
    ground = f' fo:background-color="#{fill}"' if fill else ""
    return (
        f'<style:style style:name="{name}" style:family="table-cell"'
        f"{f' style:data-style-name={quoteattr(data)}' if data else ''}>"
        f'<style:table-cell-properties style:vertical-align="{"middle" if centred else "top"}" '
        f'style:text-align-source="{source}" '
        f'fo:wrap-option="{"wrap" if wraps else "no-wrap"}"{lines}{ground}/>'
        f'<style:paragraph-properties{across} style:writing-mode="rl-tb"/>'
        f'<style:text-properties fo:color="#{colour}" fo:font-family="{FONT}" style:font-family-complex="{FONT}" '
        f'fo:font-size="{size}pt" style:font-size-complex="{size}pt" fo:font-weight="{weight}" '
        f'style:font-weight-complex="{weight}"/></style:style>'
    )


def rows_of(sheet: Sheet, at: int) -> Iterator[str]:
    """The columns, then each row of a table; `at` is the sheet's number."""
    shapes = "".join(column_xml(at, place) for place in range(1, len(sheet.columns) + 1))
    headings = "".join(text_cell("heading", column.heading) for column in sheet.columns)
    yield f"{shapes}<table:table-header-rows>{row(headings)}</table:table-header-rows>"
    for values in sheet.rows:
        cells = zip(sheet.columns, values_of(values, sheet), strict=True)
        yield row("".join(cell(column, value) for column, value in cells))


def words_of(page: Page, at: int) -> Iterator[str]:
    """The rows of a page of words; `at` is the sheet's number."""
    yield column_xml(at, 1) + column_xml(at, 2)
    yield row(text_cell("title", page.heading))
    for label, text in page.facts:
        yield row(text_cell("label", label) + text_cell("text", text))
    if page.steps:
        yield row(text_cell("title", page.steps_title))
    for number, step in enumerate(page.steps, start=1):
        yield row(text_cell("label", localise_digits(number)) + text_cell("text", step))


def column_xml(at: int, place: int) -> str:
    """One column, with the width that `styles` gave it."""
    return f'<table:table-column table:style-name="column{at}.{place}"/>'


def row(cells: str) -> str:
    """One row of finished cells."""
    return f'<table:table-row table:style-name="row">{cells}</table:table-row>'


def cell(column: Column, value: object) -> str:
    """One cell: numbers stay numbers, everything else is text."""
    if value is None or value == "":
        return '<table:table-cell table:style-name="text"/>'
    if column.kind == "number" and (number := number_of(value)) is not None:
        style = "number" if column.places is None else f"number{column.places}"
        return f'<table:table-cell table:style-name="{style}" office:value-type="float" office:value="{number:f}"/>'
    return text_cell("text", shown(value))


def text_cell(style: str, value: object) -> str:
    """A cell of text, a paragraph for each of its lines."""
    lines = clean(value).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    paragraphs = "".join(f"<text:p>{spaced(line)}</text:p>" for line in lines)
    return f'<table:table-cell table:style-name="{style}" office:value-type="string">{paragraphs}</table:table-cell>'


def spaced(line: str) -> str:
    """The XML of a line; the format would drop its tabs and all but one of several spaces."""
    text = SPACES.sub(lambda run: f'<text:s text:c="{len(run[0])}"/>', escape(line))
    return text.replace("\t", "<text:tab/>")
