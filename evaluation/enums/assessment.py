"""The states of an assessment, the levels of a line, objections and hearings."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class AssessmentState(TextChoices):
    NOT_STARTED = "not_started", _("Self-assessment not started")
    DRAFTING = "drafting", _("Being entered")
    SUBMITTED = "submitted", _("Submitted to the headquarters")
    RETURNED = "returned", _("Returned to the agency")
    APPROVED = "approved", _("Approved by the headquarters")
    SENT = "sent", _("Sent to the national organization")
    RECEIVED = "received", _("Received by the province")
    UNDER_EVALUATION = "under_evaluation", _("Under evaluation")
    SCORED = "scored", _("Scored")
    DISCLOSED = "disclosed", _("Initial results disclosed")
    CONFIRMED = "confirmed", _("Finally confirmed")
    REPORTED = "reported", _("Reported to the national organization")
    ABSENT = "absent", _("Did not take part")
    WITHDRAWN = "withdrawn", _("Left the evaluation")

    @classmethod
    def open_to_agency(cls):
        return (cls.NOT_STARTED, cls.DRAFTING, cls.RETURNED)

    @classmethod
    def before_receipt(cls):
        return (cls.NOT_STARTED, cls.DRAFTING, cls.SUBMITTED, cls.RETURNED, cls.APPROVED, cls.SENT)

    @classmethod
    def before_confirmation(cls):
        return (*cls.before_receipt(), cls.RECEIVED, cls.UNDER_EVALUATION, cls.SCORED, cls.DISCLOSED)

    @classmethod
    def disclosed_or_after(cls):
        return (cls.DISCLOSED, cls.CONFIRMED, cls.REPORTED)

    @classmethod
    def out(cls):
        """Assessments that nobody waits for: the agency did not take part, or left."""
        return (cls.ABSENT, cls.WITHDRAWN)


class MarkLevel(TextChoices):
    """The levels of a line's chain, in order."""

    SELF = "self", _("Self-assessment")
    HQ = "hq", _("Agency headquarters")
    INITIAL = "initial", _("Initial score")
    REVISED = "revised", _("Revised score")
    FINAL = "final", _("Final score")


class MarkSource(TextChoices):
    SCREEN = "screen", _("Entered on screen")
    IMPORT = "import", _("Imported from a workbook")
    TRANSFER = "transfer", _("Received by transfer")
    FEED = "feed", _("External system")
    COPY = "copy", _("Taken from the level before")
    OBJECTION = "objection", _("Decision on an objection")
    UNDO = "undo", _("Import undone")
    CONFIRMATION = "confirmation", _("Final confirmation")
    COUNCIL = "council", _("Answer to a remark of the council")
    ERRATUM = "erratum", _("Erratum")


class ObjectionKind(TextChoices):
    EVIDENCE = "evidence", _("Evidence overlooked")
    ACTUAL = "actual", _("Wrong actual performance")
    TARGET = "target", _("Wrong target")
    FORMULA = "formula", _("Wrong formula")
    OTHER = "other", _("Other")


class ObjectionState(TextChoices):
    FILED = "filed", _("Awaiting a decision")
    ACCEPTED = "accepted", _("Accepted")
    PARTLY = "partly", _("Partly accepted")
    REJECTED = "rejected", _("Rejected")
    WITHDRAWN = "withdrawn", _("Withdrawn")

    @classmethod
    def decided(cls):
        return (cls.ACCEPTED, cls.PARTLY, cls.REJECTED)


class HearingState(TextChoices):
    PLANNED = "planned", _("Planned")
    HELD = "held", pgettext_lazy("hearing", "Held")
    CANCELLED = "cancelled", pgettext_lazy("hearing", "Cancelled")
