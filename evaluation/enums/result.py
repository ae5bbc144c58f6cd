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

    @classmethod
    def frozen(cls):
        """The states in which figures stand: what they rest on is no longer changed."""
        return (cls.COMPUTED, cls.APPROVED, cls.ANNOUNCED, cls.PUBLISHED)


class TieBreaker(TextChoices):
    """What ranks agencies of equal totals apart."""

    GENERAL = "general", _("Higher total in the general indicators")
    SPECIFIC = "specific", _("Higher total in the specific indicators")
    GROWTH = "growth", _("Higher growth")
    EXEMPT = "exempt", _("Fewer exempt points")


class RankedAmong(TextChoices):
    """With whom an agency is ranked; one that is not ranked overall is named apart from the ranking."""

    ALL = "all", _("All agencies and its peer group")
    GROUP = "group", _("Its peer group only")
    NOBODY = "nobody", _("Nobody")

    @classmethod
    def ranked(cls):
        """Those that get a rank, overall or in their peer group."""
        return (cls.ALL, cls.GROUP)


class SnapshotPart(TextChoices):
    """The parts of what is kept of a result set; an interim evaluation has its axis figures alone."""

    FIGURES = "figures", _("Figures")
    ANNOUNCEMENT = "announcement", _("Announcement")
    INTERIM = "interim", _("Axis figures of an interim evaluation")


class CouncilDecision(TextChoices):
    APPROVED = "approved", _("Results approved")
    RETURNED = "returned", _("Results returned")


class RemarkAnswer(TextChoices):
    """How a remark of the council was answered."""

    CHANGED = "changed", _("Score changed")
    UPHELD = "upheld", _("Score upheld")


class LetterKind(TextChoices):
    COUNCIL = "council", _("Results to the council")
    INITIAL = "initial", _("Initial results")
    DECISION = "decision", _("Decision on objections")
    LEVEL = "level", _("Final results and level")
    THANKS = "thanks", _("Thanks")
    WARNING = "warning", pgettext_lazy("letter", "Warning")

    @classmethod
    def for_agencies(cls):
        """The letters that agencies and their headquarters get; their texts are edited by staff."""
        return (cls.INITIAL, cls.DECISION, *cls.after_announcement())

    @classmethod
    def after_announcement(cls):
        """The letters that tell final figures, rank and level: written from the snapshot of what was announced."""
        return (cls.LEVEL, cls.THANKS, cls.WARNING)


class TransferDirection(TextChoices):
    TO_ARO = "to_aro", _("To the national organization")
    TO_MPO = "to_mpo", _("From the national organization to the province")
    REPORT = "report", _("Final report to the national organization")
    FESTIVAL = "festival", _("Report of the festival to the national organization")


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


class PublicityVerdict(TextChoices):
    """What the organization finds of what an agency made public about its results."""

    AS_ANNOUNCED = "as_announced", _("As announced")
    VAGUE = "vague", _("Vague")
    DIFFERENT = "different", _("Not as announced")
    TOO_EARLY = "too_early", _("Before the announcement")

    @classmethod
    def of_announced(cls):
        """What may be found of it once the results are announced."""
        return (cls.AS_ANNOUNCED, cls.VAGUE, cls.DIFFERENT)
