"""What an indicator is, how it is scored, and the states of a specific list."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class DimensionKind(TextChoices):
    GENERAL = "general", pgettext_lazy("dimension", "General")
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


class LevelSource(TextChoices):
    RECEIVED = "received", _("Received from the national organization")
    THRESHOLDS = "thresholds", _("By thresholds")
    NONE = "none", _("Not required")


class FitVerdict(TextChoices):
    FIT = "fit", _("Fits the development documents")
    NOT_FIT = "not_fit", _("Does not fit")
    REVISE = "revise", _("Needs revision")


class ExemptionRule(TextChoices):
    SCALE = "scale", _("Increase the earned points in proportion")
    AXIS = "axis", _("Distribute the points within the axis")
    GRANT = "grant", _("Grant the full points")


class OverMaximum(TextChoices):
    REFUSE = "refuse", pgettext_lazy("verb", "Refuse")
    CLAMP = "clamp", _("Lower to the maximum")
