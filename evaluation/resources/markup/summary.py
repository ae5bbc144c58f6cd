"""The sheets that a mark-up adds: the list of faults in front, and the hidden palette."""

from xml.sax.saxutils import escape

from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from evaluation.persian import localise_digits

from ..tables.faults import Cause, Notable
from ..tables.our_sheets import SUMMARY_TITLE
from .marks import place, plain
from .names import FAULT, WARNING
from .package import MAIN

WIDTHS = (30, 20, 10, 22, 24, 76)
LINE_HEIGHT, MAX_ROW_HEIGHT = 17, 400  # points
GUIDE_ROWS, MAX_LINKS = 3, 60_000
_INK, _LINES, _LINK, _FAINT = "FF1F3A5F", "FFD5D9E0", "FF0B57D0", "FF5F6B7A"


def headings():
    """The headings of the list of faults."""
    return (
        _("Cause"),
        _("Sheet"),
        _("Cell"),
        _("Column heading"),
        _("Value read"),
        _("What is wrong and what is allowed"),
    )


def summary(faults, warnings, styles, *, title, titles, left_out, copied):
    """The XML of the list of faults. `titles` is {sheet of a report: its title here}; those cells are linked.

    `left_out` counts faults that are not listed; `copied`: the workbook is a plain copy and not the person's own.
    """
    looks = _Looks(styles)
    rows = [
        _row(1, 27, [_cell(1, 1, looks.title, title or SUMMARY_TITLE)]),
        _row(2, 20, [_cell(2, 1, looks.counts, _counts(len(faults), len(warnings), left_out))]),
        _row(3, 20, [_cell(3, 1, looks.guide, _guide(copied))]),
        _row(4, 26, [_cell(4, column, looks.heading, text) for column, text in enumerate(headings(), start=1)]),
    ]
    links, causes = [], labels()
    reports = [
        (kind, report) for kind, some in ((FAULT, faults), (WARNING, warnings)) for report in _in_order(some, causes)
    ]
    for number, (kind, report) in enumerate(reports, start=GUIDE_ROWS + 2):
        target = titles.get(report["sheet"]) if place(report["cell"]) and len(links) < MAX_LINKS else None
        if target:
            links.append(_link(number, target, report["cell"]))
        cause = causes.get(report["cause"], report["cause"])
        rows.append(_report(number, report, cause, looks.row(kind, linked=bool(target))))
    return _page(rows, links, last=GUIDE_ROWS + 1 + len(reports))


def names_of(count):
    """(defined name, its reference, hidden) that the list of faults needs, for a number of reports."""
    first = GUIDE_ROWS + 1
    yield "_xlnm._FilterDatabase", f"'{SUMMARY_TITLE}'!$A${first}:$F${first + count}", True
    yield "_xlnm.Print_Titles", f"'{SUMMARY_TITLE}'!${first}:${first}", False


def palette(styles):
    """The XML of the hidden palette sheet: row n has the fill that shade n stands for."""
    rows = "".join(f'<row r="{row}"><c r="A{row}" s="{style}"/></row>' for row, style in enumerate(styles, start=1))
    return f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'.encode()


def labels():
    """{code: label} of every cause."""
    return {cause.value: str(cause.label) for causes in (Cause, Notable) for cause in causes}


def _in_order(reports, causes):
    order = {cause: number for number, cause in enumerate(causes)}
    return sorted(reports, key=lambda report: order.get(report["cause"], len(order)))


def _counts(faults, warnings, left_out):
    words = _("Faults: %(faults)s. Warnings: %(warnings)s.")
    if left_out:
        words = _("Faults: %(faults)s. Warnings: %(warnings)s. Another %(left_out)s faults are not listed here.")
    numbers = {"faults": faults + left_out, "warnings": warnings, "left_out": left_out}
    return words % {name: localise_digits(number) for name, number in numbers.items()}


def _guide(copied):
    if copied:
        return _(
            "This is a plain copy of the values that were read from your file. Correct the red cells, save it and "
            "upload it. Yellow cells are warnings."
        )
    return _(
        "Correct the red cells, save this workbook and upload it again. Yellow cells are warnings. This sheet, the "
        "colours and the notes may stay; they are not read."
    )


class _Looks:
    """The styles of the sheet in front."""

    def __init__(self, styles):
        line, small = styles.border(_LINES), styles.font()
        side, order = ("right", "2") if get_language_bidi() else ("left", "1")
        flat = {"vertical": "center", "readingOrder": order}
        wrapped = flat | {"wrapText": "1", "horizontal": side, "indent": "1"}
        centre = {"horizontal": "center", "indent": "0", "readingOrder": "1"}
        self.title = styles.style(font=styles.font(size=14, bold=True, rgb=_INK), **flat)
        self.counts = styles.style(font=styles.font(bold=True), **flat)
        self.guide = styles.style(font=styles.font(rgb=_FAINT), **flat)
        white = styles.font(bold=True, rgb="FFFFFFFF")
        self.heading = styles.style(font=white, fill=styles.fill(_INK), border=line, **wrapped | centre | flat)
        self.text = styles.style(font=small, border=line, **wrapped)
        self.value = styles.style(font=small, border=line, **wrapped | {"readingOrder": "0"})
        self.cell = styles.style(font=small, border=line, **wrapped | centre)
        self.link = styles.style(font=styles.font(underlined=True, rgb=_LINK), border=line, **wrapped | centre)
        colours = {FAULT: "FFFFC7CE", WARNING: "FFFFEB9C"}  # Excel's own colours: cells of this list are not marked
        self.cause = {
            kind: styles.style(font=small, fill=styles.fill(colours[kind]), border=line, **wrapped) for kind in colours
        }

    def row(self, kind, *, linked):
        """The styles of one report, in the order of the columns."""
        return self.cause[kind], self.text, self.link if linked else self.cell, self.text, self.value, self.text


def _report(number, report, cause, style):
    texts = [cause, report["sheet"], report["cell"], report["heading"], report["value"], report["sentence"]]
    cells = [_cell(number, place, style[place - 1], text) for place, text in enumerate(texts, start=1)]
    lines = max(-(-len(plain(text)) * 10 // (width * 11)) or 1 for text, width in zip(texts, WIDTHS, strict=True))
    return _row(number, min(LINE_HEIGHT * lines + 3, MAX_ROW_HEIGHT), cells)


def _row(number, height, cells):
    return f'<row r="{number}" ht="{height}" customHeight="1">{"".join(cells)}</row>'


def _cell(row, column, style, text):
    """A cell whose content is text, whatever it begins with."""
    place = f'r="{"ABCDEF"[column - 1]}{row}" s="{style}"'
    if not text:
        return f"<c {place}/>"
    return f'<c {place} t="inlineStr"><is><t xml:space="preserve">{escape(plain(text))}</t></is></c>'


def _link(row, title, cell):
    target = escape("'{}'!{}".format(title.replace("'", "''"), cell), {'"': "&quot;"})
    return f'<hyperlink ref="C{row}" location="{target}" display="{cell}"/>'


def _page(rows, links, *, last):
    first, right_to_left = GUIDE_ROWS + 1, int(get_language_bidi())
    columns = "".join(
        f'<col min="{place}" max="{place}" width="{width}" customWidth="1"/>'
        for place, width in enumerate(WIDTHS, start=1)
    )
    return (
        f'<worksheet xmlns="{MAIN}"><sheetPr><tabColor rgb="FFC00000"/><pageSetUpPr fitToPage="1"/></sheetPr>'
        f'<dimension ref="A1:F{last}"/><sheetViews><sheetView showGridLines="0" rightToLeft="{right_to_left}" '
        f'tabSelected="1" workbookViewId="0"><pane ySplit="{first}" topLeftCell="A{first + 1}" activePane="bottomLeft" '
        f'state="frozen"/><selection pane="bottomLeft" activeCell="A{first + 1}" sqref="A{first + 1}"/></sheetView>'
        f'</sheetViews><sheetFormatPr defaultRowHeight="15"/><cols>{columns}</cols>'
        f'<sheetData>{"".join(rows)}</sheetData><autoFilter ref="A{first}:F{last}"/>'
        f"{'<hyperlinks>' + ''.join(links) + '</hyperlinks>' if links else ''}"
        '<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.5" header="0.3" footer="0.3"/>'
        '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/></worksheet>'
    ).encode()
