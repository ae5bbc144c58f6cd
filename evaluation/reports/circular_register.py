"""The register of letters (دفتر بخشنامه‌ها) as a workbook: one row a letter, and one a recipient."""

from collections import Counter

from django.utils import translation
from django.utils.translation import gettext as _

from evaluation.workbook import Column, Sheet, build


def workbook(circulars, receipts):
    """The bytes of the .xlsx, in Persian and right to left. Both are querysets, already within a person's scope.

    An agency's receipts are its own alone: it does not read who else has received or read a letter.
    """
    with translation.override("fa"):
        rows = list(circulars.select_related("cycle").prefetch_related("legal_references").order_by("date", "pk"))
        receipt_rows = receipts.filter(circular__in=[row.pk for row in rows]).select_related("circular", "agency")
        receipt_rows = list(receipt_rows.order_by("circular__date", "circular", "agency__name"))
        sheets = [letters(rows, receipt_rows), recipients(receipt_rows)]
        return build(sheets, properties={"title": _("Register of circulars")})


def letters(rows, receipts):
    """The sheet of the letters, with how many recipients each has and how many read it."""
    sent, read = (
        Counter(receipt.circular_id for receipt in receipts),
        Counter(receipt.circular_id for receipt in receipts if receipt.read_at),
    )
    columns = [
        Column(code="number", heading=_("letter number"), width=18),
        Column(code="date", heading=_("letter date"), kind="date"),
        Column(code="direction", heading=_("direction")),
        Column(code="kind", heading=_("kind")),
        Column(code="issuer", heading=_("issuer"), width=30),
        Column(code="subject", heading=_("subject"), width=44),
        Column(code="law", heading=_("legal basis"), width=36),
        Column(code="cycle", heading=_("cycle"), width=26),
        Column(code="sent_at", heading=_("sent at"), kind="datetime"),
        Column(code="recipients", heading=_("recipients"), kind="number", places=0),
        Column(code="readers", heading=_("have read it"), kind="number", places=0),
    ]
    return Sheet(title=_("circulars"), columns=columns, rows=[letter(row, sent[row.pk], read[row.pk]) for row in rows])


def letter(row, recipients, readers):
    """The cells of one letter."""
    return {
        "number": row.number,
        "date": row.date,
        "direction": row.get_direction_display(),
        "kind": row.get_kind_display(),
        "issuer": row.issuer,
        "subject": row.subject,
        "law": "، ".join(str(reference) for reference in row.legal_references.all()),
        "cycle": str(row.cycle),
        "sent_at": row.sent_at,
        "recipients": recipients,
        "readers": readers,
    }


def recipients(receipts):
    """The sheet of the recipients: when each has read its letter."""
    columns = [
        Column(code="number", heading=_("letter number"), width=18),
        Column(code="code", heading=_("Agency code"), width=14),
        Column(code="name", heading=_("Agency name"), width=44),
        Column(code="read_at", heading=_("read at"), kind="datetime"),
        Column(code="reminders", heading=_("reminders"), kind="number", places=0),
    ]
    return Sheet(
        title=_("receipts of circulars"),
        columns=columns,
        rows=[
            {
                "number": receipt.circular.number,
                "code": receipt.agency.code,
                "name": receipt.agency.name,
                "read_at": receipt.read_at,
                "reminders": receipt.reminders,
            }
            for receipt in receipts
        ],
    )
