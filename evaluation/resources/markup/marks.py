"""The marks of cells, from the faults of a report."""

import re
from dataclasses import dataclass, field

from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _
from openpyxl.utils import column_index_from_string

from evaluation.workbook import clean

from .names import END, FAULT, START, WARNING

MAX_NOTE_LENGTH = 3_000  # characters; Excel shows a note without a scroll bar

_ADDRESS = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_ISOLATES = str.maketrans({"\u2066": "\u200e", "\u2067": "\u200f", "\u2068": "\u200e", "\u2069": "\u200e"})


@dataclass
class Mark:
    """The mark of one cell. A cell with a fault and a warning is marked as a fault."""

    kind: str = WARNING
    lines: list = field(default_factory=list)

    @property
    def text(self):
        """Our part of a note, between two lines by which it is found again."""
        said = "\n".join(f"• {line}" for line in dict.fromkeys(self.lines))
        said = said if len(said) <= MAX_NOTE_LENGTH else f"{said[:MAX_NOTE_LENGTH]}…"
        if get_language_bidi():  # LibreOffice ignores the direction of the box
            said = "\n".join(f"\u202b{line}\u202c" for line in said.split("\n"))
        return f"{START}\n{said}\n{END}"


def place(address):
    """(row, column) from 1 of an address such as C14; None for anything else."""
    match = _ADDRESS.fullmatch(address or "")
    return (int(match[2]), column_index_from_string(match[1])) if match else None


def plain(text):
    """Text without direction isolates, which old versions of Excel show as boxes: direction marks replace them."""
    return clean(text or "").translate(_ISOLATES)


def by_sheet(faults, warnings):
    """{sheet: {(row, column): Mark}} of every fault and warning that names a cell."""
    marks = {}
    for kind, reports in ((FAULT, faults), (WARNING, warnings)):
        for report in reports:
            if at := place(report["cell"]):
                mark = marks.setdefault(report["sheet"], {}).setdefault(at, Mark())
                mark.lines.append(_said(kind, plain(report["sentence"])))
                if kind == FAULT:
                    mark.kind = FAULT
    return marks


def _said(kind, sentence):
    return sentence if kind == FAULT else _("Warning: %(sentence)s") % {"sentence": sentence}
