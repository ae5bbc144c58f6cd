"""The termbase as the page `docs/glossary.md`."""

from . import GROUPS, SOURCES

HEAD = """# Glossary

Written from the table `evaluation/termbase` by `python manage.py write_glossary`: change the table, not this page.

One thing has one word, in menu, button, column, message, workbook heading and handbook. The last column names words
that are **not** used for the thing, and why; `tests/architecture/test_words.py` searches the catalogue, fixtures,
templates, demo texts and the Persian README for them, except where they stand in another sense (its allow-list).
"""
COLUMNS = ("English", "Persian", "In the code", "Not used, and why", "Source")


def as_markdown():
    """The whole page as text; equal tables give equal text."""
    return "\n".join([HEAD, *(line for title, terms in GROUPS.items() for line in section(title, terms))])


def section(title, terms):
    yield f"## {title}\n"
    yield _row(COLUMNS)
    yield _row(["---"] * len(COLUMNS))
    for term in terms:
        yield _row([term.english, term.persian, f"`{term.code}`" if term.code else "", avoided(term), source(term)])
    yield ""


def avoided(term):
    return "; ".join(f"«{each.word}»: {each.why}" for each in term.avoid)


def source(term):
    return f"{SOURCES[term.source]}. {term.note}" if term.note else SOURCES[term.source]


def _row(cells):
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
