"""The stages of a cycle, their parts, and the settings of its course."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


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

    @classmethod
    def worked(cls):
        """The stages of work, in order: all between the draft and the archive. A cycle may skip them and plans them."""
        return tuple(stage for stage in cls if stage not in (cls.DRAFT, cls.CLOSED))

    @classmethod
    def of_the_end(cls):
        """The stages in which all dimensions are one: council, ranking and festival are held once in a year."""
        return (cls.RANKING, cls.FESTIVAL)

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


class ExtensionDecision(TextChoices):
    GRANTED = "granted", _("granted")
    REFUSED = "refused", _("refused")


class CycleKind(TextChoices):
    ANNUAL = "annual", _("Annual")
    INTERIM = "interim", _("Interim")


class Phase(TextChoices):
    """Qazvin's two phases: to which a step of a template belongs; empty means both."""

    INTERIM = "interim", _("Interim")
    MAIN = "main", _("Main")


class FindingKind(TextChoices):
    """What a finding of a visit says of the agency's line."""

    STRENGTH = "strength", _("Strength")
    WEAKNESS = "weakness", _("Weakness")
    NOTE = "note", _("Remark")


class Channel(TextChoices):
    COMPUTER = "computer", _("By computer")
    PHONE = "phone", _("By telephone")
    IN_PERSON = "in_person", _("In person")
    LETTER = "letter", _("By letter")


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


class SilentAgency(TextChoices):
    SUBMIT_OR_ABSENT = "submit_or_absent", _("Submit the draft if any line is filled, else absent")
    WAIT = "wait", _("Stay open and notify the manager")


class SilentHeadquarters(TextChoices):
    WAIT = "wait", _("Stay open and notify the manager")
    APPROVE = "approve", _("Approve the self-assessment as it stands")


class SilentNational(TextChoices):
    WAIT = "wait", _("Stay open and notify the manager")
    PROPOSAL = "proposal", _("Finalise the proposed list")
    LAST_YEAR = "last_year", _("Finalise last year's list")


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


class ParticipantPost(TextChoices):
    """As what a person of an agency comes to a workshop: Tehran's form names both."""

    MANAGER = "manager", _("Manager of the agency")
    EXPERT = "expert", _("Expert of the agency")


class Track(TextChoices):
    """The indicators that a process is about: the flowcharts of the two dimensions are two tracks."""

    GENERAL = "general", _("General track")
    SPECIFIC = "specific", _("Specific track")


class CommitteeKind(TextChoices):
    COUNCIL = "council", _("Council for management development")
    STEERING = "steering", _("Steering committee")
    EVALUATION = "evaluation", _("Evaluation committee")
    FESTIVAL = "festival", _("Festival staff")


class AnnouncementKind(TextChoices):
    FAULT = "fault", _("Fault")
    INTERRUPTION = "interruption", _("Planned stop")
    NOTE = "note", _("Announcement")


class MemberPost(TextChoices):
    """A person's seat in a committee."""

    CHAIR = "chair", _("Chair")
    SECRETARY = "secretary", _("Secretary")
    MEMBER = "member", _("Member")


class NoticeKind(TextChoices):
    """What a notice is about; people may silence each of them but circulars."""

    CIRCULAR = "circular", _("Circulars")
    WORKSHOP = "workshop", _("Workshops")
    OPENING = "opening", _("A window opens")
    DEADLINE = "deadline", _("A window ends soon")
    RETURNED = "returned", _("Returned self-assessments")
    APPROVED = "approved", _("Approved self-assessments")
    SUBMITTED = "submitted", _("Self-assessments waiting for the headquarters")
    DISCLOSED = "disclosed", _("Initial results")
    DECIDED = "decided", _("Decisions on objections")
    HEARING = "hearing", _("Defence sessions")
    RESULTS = "results", _("Final results")
    FESTIVAL = "festival", _("Festival")
    EXTENSION = "extension", _("Extensions")
    SERVICE = "service", _("Service desk and interruptions")
    IMPORT = "import", _("Imports")
    STUCK = "stuck", _("What blocks a cycle")
    OTHER = "other", _("Other notices")

    @classmethod
    def always_told(cls):
        """Nobody may silence these."""
        return (cls.CIRCULAR,)


class MailMode(TextChoices):
    AT_ONCE = "at_once", _("One e-mail for each notice")
    DAILY = "daily", _("One e-mail a day")
    NEVER = "never", _("No e-mail")
