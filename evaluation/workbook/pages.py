"""Pages of words, such as guides; imports do not take them for tables."""

from collections.abc import Iterator
from itertools import count
from typing import Any

from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from evaluation.persian import localise_digits

from .cells import FORMULA_MARKS, clean, empty_xml, height_of, row_xml, text_xml, write_page
from .looks import NAVY, SHADE, lay_out, words
from .table import Page

Part = tuple["Look", str]  # of a row: its look and its text
LABELS, TEXTS = 30, 96  # widths in characters
HEADING, TITLE = 30, 24  # heights in points


def write_words(page: WriteOnlyWorksheet, content: Page, *, protect: bool) -> None:
    """Write the heading, facts, steps and legend of a `Page`, in two columns."""
    lay_out(page, protect=protect)
    page.sheet_view.showGridLines = False
    page.page_setup.orientation = "portrait"
    page.column_dimensions["A"].width, page.column_dimensions["B"].width = LABELS, TEXTS
    write_page(page, rows(page, content))


def rows(page: WriteOnlyWorksheet, content: Page) -> Iterator[str]:
    """The XML of the page's rows."""
    numbers = count(1)
    heading = Look(page, size=14, bold=True, colour=NAVY, wraps=False)
    title = Look(page, size=11, bold=True, colour=NAVY, wraps=False)
    label = Look(page, bold=True, fill=SHADE, border=True)
    text = Look(page, border=True)
    yield line(next(numbers), (heading, content.heading), height=HEADING)
    for fact in content.facts:
        yield pair(next(numbers), (label, fact[0]), (text, fact[1]))
    if content.steps:
        yield line(next(numbers), (title, content.steps_title), height=TITLE)
    for place, step in enumerate(content.steps, start=1):
        yield pair(next(numbers), (label, localise_digits(place)), (text, step))
    if content.legend:
        yield line(next(numbers), (title, content.legend_title), height=TITLE)
    for fill, meaning in content.legend:
        filled = Look(page, fill=fill, border=True)
        yield pair(next(numbers), (filled, ""), (text, meaning))


def line(number: int, part: Part, *, height: float) -> str:
    """A row of one cell."""
    return row_xml(number, [cell("A", number, *part)], height=height)


def pair(number: int, first: Part, second: Part) -> str:
    """A row of two cells, as high as the longer text."""
    texts = [clean(first[1]), clean(second[1])]
    cells = [cell("A", number, *first), cell("B", number, *second)]
    return row_xml(number, cells, height=height_of(texts, [(0, LABELS), (1, TEXTS)]))


def cell(letter: str, number: int, look: "Look", text: str) -> str:
    """The XML of one cell of words."""
    place, text = f"{letter}{number}", clean(text)
    return text_xml(place, look.of(text), text) if text else empty_xml(place, look.of(text))


class Look:
    """The ids of one look: as it is, and for text that would be a formula otherwise."""

    def __init__(self, page: WriteOnlyWorksheet, **looks: Any) -> None:
        self.plain, self.quoted = (words(page, quoted=quoted, **looks).style_id for quoted in (False, True))

    def of(self, text: str) -> int:
        return self.quoted if text.startswith(FORMULA_MARKS) else self.plain
