"""The disc: one ZIP that opens without a server and without a network."""

import base64

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from evaluation.exchange.archive import pack

from . import book, figures, ranking, status
from .typeset import FONTS

BOOK, WORKBOOK, INDEX = "book.pdf", "ranking.xlsx", "index.html"
FONT_FILES = (("Vazirmatn", "Vazirmatn-Variable.woff2", "100 900"),)


def archive(result_set, user=None):
    """The bytes of the disc: `index.html`, the book and the workbook. Equal rows give an equal page."""
    return assemble(
        result_set,
        book_pdf=book.pdf(result_set, user),
        ranking_xlsx=ranking.workbook(result_set, user),
        user=user,
    )


def assemble(result_set, *, book_pdf, ranking_xlsx, user=None):
    """The disc around a book and a workbook that are made already."""
    return pack({INDEX: index(result_set, user).encode(), BOOK: book_pdf, WORKBOOK: ranking_xlsx})


def index(result_set, user=None):
    """The page of the disc; styles and fonts are inside it, and it links only to the book and the workbook."""
    with translation.override("fa"):
        return render_to_string("reports/disc.html", context(result_set, user))


def context(result_set, user):
    """What the page of the disc shows."""
    results = figures.read(result_set, user)
    table = results.ranking
    return {
        "heading": _("Results of the performance evaluation of executive agencies"),
        "mark": status.mark(result_set),
        "code": results.code,
        "cycle": results.cycle,
        "province": book.organization(results.cycle),
        "facts": book.facts(results),
        "columns": book.columns(table),
        "rows": [book.row(standing, table, standing.rank) for standing in table.ranked],
        "apart": book.apart(table),
        "axes": book.axes(results),
        "extensions": book.extensions(results),
        "words": book.words(),
        "fonts": [(family, encoded(file), weight) for family, file, weight in FONT_FILES],
        "book": BOOK,
        "workbook": WORKBOOK,
    }


def encoded(file):
    """A font file as text for a style sheet."""
    return base64.b64encode((FONTS / file).read_bytes()).decode()
