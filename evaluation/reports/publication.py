"""The files of a publication: workbook, book and disc, each with its name and SHA-256; and the final report."""

import hashlib
import mimetypes

from django.utils.translation import gettext_lazy as _

from evaluation.enums import PublicationKind
from evaluation.models import ResultSet
from evaluation.process.results.result import PublicFile

from . import book, disc, final_report, ranking, status

MAKERS = {
    PublicationKind.WORKBOOK: ("ranking-{year}{standing}.xlsx", ranking.workbook),
    PublicationKind.BOOK: ("book-{year}{standing}.pdf", book.pdf),
    PublicationKind.DISC: ("disc-{year}{standing}.zip", disc.archive),
}

FINAL_REPORT = "report"  # made when it is asked for; it is for council, governor and nation, and never published
LABELS = {**{kind.value: kind.label for kind in MAKERS}, FINAL_REPORT: _("Final report")}


def maker_of(kind):
    """(name with its places, function that makes the bytes) of a file."""
    if kind == FINAL_REPORT:
        return "final-report-{year}{standing}.pdf", final_report.pdf
    return MAKERS[PublicationKind(kind)]


def make(kind, result_set, user=None):
    """The name and the bytes of one kind of file, over the rows that `user` may see (None: all)."""
    _name, maker = maker_of(kind)
    return name_of(kind, result_set), maker(result_set, user)


def name_of(kind, result_set):
    """The name of a file, which says so where the results are a draft or void."""
    name, _maker = maker_of(kind)
    return name.format(year=result_set.cycle.performance_year, standing=status.suffix(result_set))


def files(result_set: ResultSet) -> list[PublicFile]:
    """The PublicFile of each kind, as `process.results.result.publish` takes them; all rows."""
    made = {kind: make(kind, result_set) for kind in (PublicationKind.WORKBOOK, PublicationKind.BOOK)}
    content = disc.assemble(
        result_set,
        book_pdf=made[PublicationKind.BOOK][1],
        ranking_xlsx=made[PublicationKind.WORKBOOK][1],
    )
    made[PublicationKind.DISC] = (name_of(PublicationKind.DISC, result_set), content)
    return [
        PublicFile(kind, name, content, hashlib.sha256(content).hexdigest()) for kind, (name, content) in made.items()
    ]


def content_type(name):
    """The MIME type of a file of this name."""
    return mimetypes.guess_type(name)[0] or "application/octet-stream"
