"""The festival of the year: its states, and the words in which a kind of award says whom it honours and why."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class FestivalState(TextChoices):
    PREPARING = "preparing", pgettext_lazy("festival", "Being prepared")
    NOMINATING = "nominating", _("Nominations open")
    CHOOSING = "choosing", _("The committee chooses")
    CHOSEN = "chosen", _("Winners chosen")
    ANNOUNCED = "announced", pgettext_lazy("festival", "Winners announced")
    REPORTED = "reported", pgettext_lazy("festival", "Report sent")

    @classmethod
    def winners_known(cls):
        """The embargo is over: everybody may know the winners."""
        return (cls.ANNOUNCED, cls.REPORTED)

    @classmethod
    def settled(cls):
        """What the kinds of award say is fixed: candidates and winners rest on it."""
        return (cls.CHOOSING, cls.CHOSEN, cls.ANNOUNCED, cls.REPORTED)


class Recipient(TextChoices):
    """Whom a kind of award honours."""

    AGENCY = "agency", _("Executive agency")
    TEAM = "team", _("Team")
    MANAGER = "manager", pgettext_lazy("award", "Manager")
    EXPERT = "expert", _("Expert or employee")
    GOVERNOR = "governor", _("County governor")


class Within(TextChoices):
    """Inside what the best are looked for."""

    OVERALL = "overall", _("Among all agencies")
    GROUP = "group", _("In each peer group")
    AXIS = "axis", _("In each axis")
    TOPIC = "topic", _("In each topic")


class Measure(TextChoices):
    """The figure of the frozen results by which candidates are proposed; the highest comes first."""

    TOTAL = "total", _("Total score")
    GENERAL = "general", _("Score in the general indicators")
    SPECIFIC = "specific", _("Score in the specific indicators")
    GROWTH = "growth", _("Growth on the base year")
    GROWTH_OF_TWO_YEARS = "growth_of_two_years", _("Growth over two years")
    PART = "part", _("Share reached in the axis or topic itself")


class NomineeOrigin(TextChoices):
    FIGURES = "figures", _("From the frozen figures")
    AGENCY = "agency", _("Nominated by the agency")
    GOVERNOR = "governor", _("Proposed by the governor")
