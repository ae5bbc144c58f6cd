"""The product's fixed vocabularies. Groups of states are kept with the states, so that nobody retypes a list."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Role(TextChoices):
    MANAGER = "manager", _("MPO manager")
    EXPERT = "expert", _("MPO expert")
    EVALUATOR = "evaluator", _("Evaluator")
    STEWARD = "steward", _("Indicator steward")
    AGENCY = "agency", _("Agency reporter")
    HEADQUARTERS = "headquarters", _("Agency headquarters")
    NATIONAL = "national", _("National organization")
    COUNCIL = "council", _("Council secretary")
    OBSERVER = "observer", _("Oversight body")

    @classmethod
    def mpo(cls):
        """The roles of the provincial organization's own staff, who may act on behalf of outside people."""
        return (cls.MANAGER, cls.EXPERT)

    @classmethod
    def provincial(cls):
        """The roles whose place is a province."""
        return (cls.MANAGER, cls.EXPERT, cls.EVALUATOR, cls.COUNCIL, cls.OBSERVER)


class Stage(TextChoices):
    """The twelve stages of the Ilam process form, between a draft and the archive."""

    DRAFT = "draft", _("Draft")
    CIRCULAR = "circular", _("Circular and general indicators")
    EVALUATORS = "evaluators", _("Naming and training evaluators")
    PARTICIPANTS = "participants", _("Fixing the participating agencies")
    BRIEFING = "briefing", _("Briefing workshop for agencies")
    INDICATORS = "indicators", _("Writing the specific indicators")
    SELF_ASSESSMENT = "self_assessment", _("Entering the self-assessment")
    TRANSFER = "transfer", _("Headquarters' approval and transfer")
    EVALUATION = "evaluation", _("Expert evaluation")
    OBJECTION = "objection", _("Initial results, objection and defence")
    CONFIRMATION = "confirmation", _("Review and final confirmation")
    RANKING = "ranking", _("Ranking, council and levels")
    FESTIVAL = "festival", _("Festival and publication")
    CLOSED = "closed", _("Archived")

    @property
    def number(self):
        """Place in the process: 0 for the draft, 13 for the archive."""
        return list(Stage).index(self)

    @property
    def earlier(self):
        return list(Stage)[: self.number]

    @property
    def next(self):
        return list(Stage)[self.number + 1] if self.number + 1 < len(Stage) else None


class Part(TextChoices):
    """Parts of a stage that have a window of their own; empty is the whole stage."""

    WHOLE = "", _("The whole stage")
    PROPOSE = "propose", _("Proposal of the specific indicators")
    ARO = "aro", _("The national organization's part")
    SLICE = "slice", _("The province's slice")
    HEADQUARTERS = "headquarters", _("Approval by the headquarters")
    FORWARD = "forward", _("Sending and receiving")
    OBJECT = "object", _("Viewing and objecting")
    HEARING = "hearing", _("Defence sessions")
    ANSWER = "answer", _("Answers to objections")
    COUNCIL = "council", _("Council")
    LEVELS = "levels", _("Levels")


STAGE_PARTS = {
    Stage.INDICATORS: (Part.PROPOSE, Part.ARO, Part.SLICE),
    Stage.TRANSFER: (Part.HEADQUARTERS, Part.FORWARD),
    Stage.OBJECTION: (Part.OBJECT, Part.HEARING, Part.ANSWER),
    Stage.RANKING: (Part.COUNCIL, Part.ARO, Part.LEVELS),
}


class CycleKind(TextChoices):
    ANNUAL = "annual", _("Annual")
    INTERIM = "interim", _("Interim")


class Channel(TextChoices):
    COMPUTER = "computer", _("By computer")
    PHONE = "phone", _("By telephone")
    IN_PERSON = "in_person", _("In person")
    LETTER = "letter", _("By letter")


class DimensionKind(TextChoices):
    GENERAL = "general", _("General")
    SPECIFIC = "specific", _("Specific")


class Basis(TextChoices):
    POINTS = "points", _("Points")
    WEIGHTS = "weights", _("Weights")


class Nature(TextChoices):
    SINGLE = "single", _("Single figure")
    RATIO = "ratio", _("Ratio")
    GROWTH = "growth", _("Growth")
    REDUCTION = "reduction", _("Reduction")
    QUALITATIVE = "qualitative", _("Qualitative")


class Direction(TextChoices):
    ASCENDING = "ascending", _("Ascending")
    DESCENDING = "descending", _("Descending")


class Scorer(TextChoices):
    EVALUATOR = "evaluator", _("Evaluator group")
    STEWARD = "steward", _("Indicator steward")
    FEED = "feed", _("External system")


class EvidenceRule(TextChoices):
    REQUIRED = "required", _("Required")
    OPTIONAL = "optional", _("Optional")
    NONE = "none", pgettext_lazy("evidence", "None")


class Slice(TextChoices):
    NATIONAL = "national", _("National slice")
    PROVINCIAL = "provincial", _("Provincial slice")


class ListState(TextChoices):
    DRAFTING = "drafting", _("Being drafted")
    ENDORSED = "endorsed", _("Endorsed by the headquarters")
    SENT = "sent", _("Sent to the national organization")
    FINALISED = "finalised", _("Finalised by the national organization")
    SLICED = "sliced", _("Provincial slice added")
    REVIEWED = "reviewed", _("Reviewed")
    FROZEN = "frozen", _("Frozen")


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
    SHEET = "import", _("Imported from a workbook")
    TRANSFER = "transfer", _("Received by transfer")
    FEED = "feed", _("External system")
    COPY = "copy", _("Copied from the level before")
    OBJECTION = "objection", _("Decision on an objection")
    UNDO = "undo", _("Import undone")
    CONFIRMATION = "confirmation", _("Final confirmation")


class Sender(TextChoices):
    AGENCY = "agency", _("Agency")
    HEADQUARTERS = "headquarters", _("Agency headquarters")
    MPO = "mpo", _("Provincial organization")


class EndOrder(TextChoices):
    COUNCIL_FIRST = "council_first", _("Council, then the national organization")
    ARO_FIRST = "aro_first", _("The national organization, then council")
    COUNCIL_BEFORE_RANKING = "council_before_ranking", _("Council before the ranking is shown")


class Gate(TextChoices):
    COUNCIL = "council", _("Council's approval")
    REPORT = "report", _("Report to the national organization")
    LEVELS = "levels", _("Levels")


END_ORDERS = {
    EndOrder.COUNCIL_FIRST: (Gate.COUNCIL, Gate.REPORT, Gate.LEVELS),
    EndOrder.ARO_FIRST: (Gate.REPORT, Gate.LEVELS, Gate.COUNCIL),
    EndOrder.COUNCIL_BEFORE_RANKING: (Gate.COUNCIL, Gate.REPORT, Gate.LEVELS),
}


class LevelSource(TextChoices):
    RECEIVED = "received", _("Received from the national organization")
    THRESHOLDS = "thresholds", _("By thresholds")
    NONE = "none", _("Not required")


class SilentAgency(TextChoices):
    SUBMIT_OR_ABSENT = "submit_or_absent", _("Submit the draft if any line is filled, else absent")
    WAIT = "wait", _("Stay open and tell the manager")


class SilentHeadquarters(TextChoices):
    WAIT = "wait", _("Stay open and tell the manager")
    APPROVE = "approve", _("Approve the self-assessment as it stands")


class SilentNational(TextChoices):
    WAIT = "wait", _("Stay open and tell the manager")
    PROPOSAL = "proposal", _("Take the proposed list as final")
    LAST_YEAR = "last_year", _("Take last year's list as final")


class FitVerdict(TextChoices):
    FIT = "fit", _("Fits the development documents")
    NOT_FIT = "not_fit", _("Does not fit")
    REVISE = "revise", _("Needs revision")


class ExemptionRule(TextChoices):
    SCALE = "scale", _("Scale the earned points")
    AXIS = "axis", _("Share the points inside the axis")
    GRANT = "grant", _("Grant the points")


class OverMaximum(TextChoices):
    REFUSE = "refuse", pgettext_lazy("verb", "Refuse")
    CLAMP = "clamp", _("Lower to the maximum")


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
    WITHDRAWN = "withdrawn", _("Taken back")

    @classmethod
    def decided(cls):
        return (cls.ACCEPTED, cls.PARTLY, cls.REJECTED)


class HearingState(TextChoices):
    PLANNED = "planned", _("Planned")
    HELD = "held", pgettext_lazy("hearing", "Held")
    CANCELLED = "cancelled", pgettext_lazy("hearing", "Cancelled")


class CircularDirection(TextChoices):
    INCOMING = "incoming", _("Received")
    OUTGOING = "outgoing", _("Issued")


class CircularKind(TextChoices):
    CIRCULAR = "circular", _("Circular")
    INDICATORS = "indicators", _("General indicators")
    REQUIREMENTS = "requirements", _("Yearly requirements")
    GUIDE = "guide", _("Provincial guide")


class WorkshopKind(TextChoices):
    EVALUATORS = "evaluators", _("For evaluators")
    AGENCIES = "agencies", _("For agencies")


class CommitteeKind(TextChoices):
    COUNCIL = "council", _("Council for management development")
    STEERING = "steering", _("Steering committee")
    EVALUATION = "evaluation", _("Evaluation committee")
    FESTIVAL = "festival", _("Festival staff")


class Workbook(TextChoices):
    """The nine workbooks of the spreadsheet contract."""

    AGENCIES = "agencies", _("Agencies")
    INDICATORS = "indicators", _("General indicators")
    SPECIFIC = "specific", _("Specific indicators")
    TARGETS = "targets", _("Targets")
    SELF = "self", _("Self-assessment")
    RECEIVED = "received", _("Received from the national organization")
    SCORES = "scores", _("Initial scores")
    FEED = "feed", _("Figures of external systems")
    LEVELS = "levels", _("Levels")


class ImportState(TextChoices):
    MAPPING = "mapping", _("Headings to be named")
    QUEUED = "queued", pgettext_lazy("import", "Waiting")
    RUNNING = "running", pgettext_lazy("import", "Under way")
    TRIED = "tried", _("Trial run done")
    REFUSED = "refused", _("Trial run found errors")
    WRITTEN = "written", _("Written")
    UNDONE = "undone", _("Undone")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", pgettext_lazy("import", "Cancelled")

    @classmethod
    def at_work(cls):
        return (cls.QUEUED, cls.RUNNING)

    @classmethod
    def restartable(cls):
        """States in which nothing was written and the same job may be asked for again."""
        return (cls.FAILED, cls.CANCELLED)


class ImportJob(TextChoices):
    """What the background work does with an upload."""

    TRIAL = "trial", _("Trial run")
    WRITE = "write", pgettext_lazy("import", "Writing")
    UNDO = "undo", pgettext_lazy("import", "Undoing")


class ChangeOutcome(TextChoices):
    """What the undoing of an import did with one row."""

    REVERSED = "reversed", _("Reversed")
    KEPT = "kept", _("Kept, because it was edited since")
    FAILED = "failed", _("Could not be reversed")


class PublicationKind(TextChoices):
    WORKBOOK = "workbook", _("Ranking workbook")
    BOOK = "book", _("Book")
    DISC = "disc", _("Disc")


class ExchangeMode(TextChoices):
    ONLINE = "online", _("Online")
    BATCH = "batch", _("Batch")


class BehalfBasis(TextChoices):
    LETTER = "letter", _("A letter of the body")
    RULE = "rule", _("The cycle's rule for a silent side")
