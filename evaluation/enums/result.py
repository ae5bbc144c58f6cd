"""Results, what is published of them, and files sent to other organizations."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ResultState(TextChoices):
    DRAFT = "draft", _("Draft")
    COMPUTED = "computed", _("Computed")
    APPROVED = "approved", _("Approved by the council")
    ANNOUNCED = "announced", _("Announced")
    PUBLISHED = "published", _("Published")
    VOID = "void", _("Void")

    @classmethod
    def seen_by_agency(cls):
        return (cls.ANNOUNCED, cls.PUBLISHED)


class TransferDirection(TextChoices):
    TO_ARO = "to_aro", _("To the national organization")
    TO_MPO = "to_mpo", _("From the national organization to the province")
    REPORT = "report", _("Final report to the national organization")


class TransferState(TextChoices):
    PREPARED = "prepared", _("Prepared")
    SENT = "sent", pgettext_lazy("transfer", "Sent")
    RECEIVED = "received", pgettext_lazy("transfer", "Received")
    REFUSED = "refused", pgettext_lazy("transfer", "Refused")
    SUPERSEDED = "superseded", pgettext_lazy("transfer", "Superseded")


class PublicationKind(TextChoices):
    WORKBOOK = "workbook", _("Ranking workbook")
    BOOK = "book", _("Book")
    DISC = "disc", _("Disc")


class ExchangeMode(TextChoices):
    ONLINE = "online", _("Online")
    BATCH = "batch", _("Batch")
