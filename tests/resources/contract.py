"""The tables of `docs/spreadsheets.md`, made of the workbooks as they are in the code.

`python -m tests.resources.contract` writes them into the page; a test compares.
"""

import os
import sys
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs" / "spreadsheets.md"
BEGIN, END = "<!-- written by python -m tests.resources.contract -->", "<!-- end of what is written -->"


def tables():
    """The part of the page between the two marks: a table for each workbook, then the synonyms."""
    from django.utils import translation  # noqa: PLC0415  Django is set up by then

    from evaluation.resources.workbooks.registry import ALL  # noqa: PLC0415

    with translation.override("fa"):
        parts = [*(workbook_table(resource) for resource in ALL), earlier_table(), synonyms_table()]
    return "\n".join([BEGIN, "", *parts, END])


def workbook_table(resource):
    """One workbook: its name, its key, and a row for each column in the order of the template."""
    from evaluation.resources.downloads.templates import ordered  # noqa: PLC0415

    rows = [f"| {column.heading} | `{code}` | {kind_of(column)} |" for code, column in ordered(resource).items()]
    key = ", ".join(f"`{code}`" for code in resource.key)
    title = f"### `{resource.workbook.value}` · {resource.workbook.label}"
    return "\n".join([title, "", f"Key: {key}.", "", "| Heading | Code | Cell |", "| --- | --- | --- |", *rows, ""])


def kind_of(column):
    """What a cell of the column may hold, in a few words."""
    words = [cell_words(column.widget)]
    words += ["must be filled"] if column.required else []
    words += ["shown, not read"] if column.readonly else []
    return "; ".join(words)


def cell_words(widget):
    from evaluation.resources.tables import columns  # noqa: PLC0415

    if isinstance(widget, columns.Number):
        sign = "may be negative" if widget.negative else "not negative"
        return f"{'whole ' if widget.whole else ''}number, {sign}, at most {widget.digits} digits before the point"
    if isinstance(widget, columns.Choice):
        also = "".join(f", or {word}" for word in widget.also)
        return "one of " + ", ".join(f"{each.label} (`{each.value}`)" for each in widget.enum) + also
    if isinstance(widget, columns.YesNo):
        return "one of " + ", ".join(columns.YesNo.VALUES)
    if isinstance(widget, columns.JalaliDate):
        return "Jalali date"
    if isinstance(widget, columns.Scale):
        return f"steps as name:fraction with \\| between them, at most {widget.longest} characters"
    if isinstance(widget, columns.NationalId):
        return "eleven digits"
    return f"{'code' if isinstance(widget, columns.Code) else 'text'}, at most {widget.longest} characters"


def earlier_table():
    """The headings of files handed out before a heading changed; each still names its column."""
    from evaluation.resources.tables.earlier_headings import EARLIER  # noqa: PLC0415

    rows = [f"| {heading} | {'، '.join(earlier)} |" for heading, earlier in EARLIER.items()]
    return "\n".join(["### Earlier headings", "", "| Heading | Its names before |", "| --- | --- |", *rows, ""])


def synonyms_table():
    from evaluation.resources.tables.guesses import SYNONYMS  # noqa: PLC0415

    rows = [f"| {heading} | {words.replace('|', '، ')} |" for heading, words in SYNONYMS.items()]
    return "\n".join(["### Synonyms", "", "| Heading | Offered for |", "| --- | --- |", *rows, ""])


def written(page):
    """The text of a page with its part between the marks made anew."""
    before, rest = page.split(BEGIN)
    _old, after = rest.split(END)
    return before + tables() + after


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    sys.stdout.write(f"{PAGE.name} is written.\n")
