"""Improvement plans: their states, and the traffic light of an action."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PlanState(TextChoices):
    DRAFT = "draft", _("Draft")
    PROPOSED = "proposed", _("Proposed to the agency")
    AGREED = "agreed", _("Agreed with the agency")
    FOLLOW_UP = "follow_up", _("In follow-up")
    CLOSED = "closed", _("Closed")

    @classmethod
    def written(cls):
        """The states in which actions are still written."""
        return (cls.DRAFT, cls.PROPOSED)

    @classmethod
    def begun(cls):
        """The states of plans that everybody agreed to: a draft has won nothing."""
        return (cls.FOLLOW_UP, cls.CLOSED)


class Effect(TextChoices):
    """Whether the lines of an axis gained from one year to the next: those with a plan, those without, or both."""

    BY_PLANS = "by_plans", _("Improved by plans")
    BOTH = "both", _("Improved with plans and without")
    WITHOUT_PLANS = "without_plans", _("Improved without plans")
    NONE = "none", _("Not improved")


class Light(TextChoices):
    """How an action stands on a day; the order is from the best to the worst."""

    DONE = "done", _("Done")
    ON_TRACK = "on_track", _("On track")
    AT_RISK = "at_risk", _("At risk")
    LATE = "late", _("Late")

    @property
    def number(self):
        return list(Light).index(self)
