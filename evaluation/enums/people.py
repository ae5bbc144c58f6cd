"""Roles, and on what ground somebody acts for somebody else."""

from enum import Enum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


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


class BehalfBasis(TextChoices):
    LETTER = "letter", _("A letter of the body")
    RULE = "rule", _("Rule when a side does not act in time")


class Ground(Enum):
    """Why a step is taken although nobody did the work that it usually needs."""

    RULE = "the cycle's rule for a silent side"
    WORKBOOK = "the workbook of files that came from the national system"
    INTERIM = "an interim cycle, in which no self-assessment is entered"
