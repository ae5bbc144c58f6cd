"""Vocabularies of the service desk: tickets, whom a complaint is about, satisfaction."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class TicketKind(TextChoices):
    """What somebody asks of the service desk."""

    LOGIN = "login", _("Help with logging in")
    FAULT = "fault", _("Fault of the system")
    FAIRNESS = "fairness", _("Unequal treatment")
    COMPLAINT = "complaint", _("Complaint")
    SUGGESTION = "suggestion", _("Suggestion")

    @classmethod
    def about_people(cls):
        """Kinds that may be about a person, who then neither reads nor handles them."""
        return (cls.FAIRNESS, cls.COMPLAINT)


class TicketState(TextChoices):
    """How far a ticket is."""

    OPEN = "open", pgettext_lazy("ticket", "Received")
    ASSIGNED = "assigned", pgettext_lazy("ticket", "Assigned")
    ANSWERED = "answered", pgettext_lazy("ticket", "Answered")
    CLOSED = "closed", pgettext_lazy("ticket", "Closed")
    REOPENED = "reopened", pgettext_lazy("ticket", "Reopened")

    @classmethod
    def waiting(cls):
        """States in which the asker waits for an answer."""
        return (cls.OPEN, cls.ASSIGNED, cls.REOPENED)

    @classmethod
    def settled(cls):
        """States with an answer."""
        return (cls.ANSWERED, cls.CLOSED)


class ComplainedOf(TextChoices):
    """Whose conduct a complaint is about; the first three have the values of roles."""

    MANAGER = "manager", _("The manager of the provincial organization")
    EXPERT = "expert", _("An expert of the provincial organization")
    EVALUATOR = "evaluator", _("An evaluator")
    OTHER = "other", _("Somebody else")


class Satisfaction(IntegerChoices):
    """How satisfied the asker is with the answer."""

    VERY_LOW = 1, pgettext_lazy("satisfaction", "Very low")
    LOW = 2, pgettext_lazy("satisfaction", "Low")
    MEDIUM = 3, pgettext_lazy("satisfaction", "Medium")
    HIGH = 4, pgettext_lazy("satisfaction", "High")
    VERY_HIGH = 5, pgettext_lazy("satisfaction", "Very high")


class ServiceFor(TextChoices):
    """Whom a service is for, as the identity form of services names it."""

    CITIZENS = "g2c", _("Service to citizens")
    BUSINESS = "g2b", _("Service to businesses")
    GOVERNMENT = "g2g", _("Service to other government bodies")


class ServiceNature(TextChoices):
    SOVEREIGN = "sovereign", _("Sovereign")
    COMMERCIAL = "commercial", _("Commercial")


class ServiceLevel(TextChoices):
    """The reach of a service."""

    NATIONAL = "national", pgettext_lazy("service", "National")
    REGIONAL = "regional", pgettext_lazy("service", "Regional")
    PROVINCIAL = "provincial", pgettext_lazy("service", "Provincial")
    URBAN = "urban", pgettext_lazy("service", "Urban")
    RURAL = "rural", pgettext_lazy("service", "Rural")


class ServiceStart(TextChoices):
    """What a service begins with."""

    REQUEST = "request", _("A request of the recipient")
    JUDGEMENT = "judgement", _("The judgement of the body")
    TIME = "time", _("A certain time that comes")
    EVENT = "event", _("A certain event")
    OTHER = "other", pgettext_lazy("service", "Other")


class Frequency(TextChoices):
    ONCE = "once", _("Once for all")
    MONTH = "month", _("Once a month")
    SEASON = "season", _("Once a season")
    YEAR = "year", _("Once a year")


class ServicePhase(TextChoices):
    """The phases of a service, each with its own channel."""

    NOTICE = "notice", _("Notice of the service")
    REQUEST = "request", _("Request for the service")
    PRODUCTION = "production", _("Production of the service")
    DELIVERY = "delivery", _("Delivery of the service")


class ClauseSide(TextChoices):
    """Whose promise a clause of the agreement is."""

    OFFICE = "office", _("Promises of the provincial organization")
    AGENCY = "agency", _("Duties of the agency")


class PromiseMeasure(TextChoices):
    """The figure by which a promise is measured."""

    EVIDENCE = "evidence", _("Share of the evidence that came through the system")
    STAGE_DAYS = "stage_days", _("Days of the stages against their plan")
    OBJECTIONS = "objections", _("Objections that were answered in time")
    FIRST_ANSWER = "first_answer", _("Time to the first answer of the service desk")
    DOWNTIME = "downtime", _("Downtime of the system in the last year")
    COMMITMENTS = "commitments", _("Agencies that have accepted the commitments")
    ON_BEHALF = "on_behalf", _("Entries made on behalf of agencies")
    PUBLICITY = "publicity", _("Publications of agencies that say what was announced")


class SystemPart(TextChoices):
    """What a health check asks; a standstill is a gap in which nothing was asked."""

    PAGES = "pages", _("Pages")
    CACHE = "cache", _("Cache")
    STORE = "store", _("Store of files")
    STANDSTILL = "standstill", _("Standstill of the background service")
