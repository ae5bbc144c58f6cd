"""What an upload may not hold: each fault with its sheet, cell, heading, the value read and what is allowed."""

from dataclasses import asdict, dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation.persian import format_decimal, format_jalali

MOST_KEPT = 1_000  # of a report; every fault is counted
LONGEST_VALUE = 60


class Cause(TextChoices):
    """The groups of a report, in the order in which they are mended best."""

    HEADING = "heading", gettext_lazy("Headings")
    BROKEN = "broken", gettext_lazy("Cells with an error or an uncalculated formula")
    MISSING = "missing", gettext_lazy("Mandatory cells left empty")
    NUMBER = "number", gettext_lazy("Cells that hold no number")
    DATE = "date", gettext_lazy("Cells that hold no date")
    TEXT = "text", gettext_lazy("Texts that cannot be kept")
    CHOICE = "choice", gettext_lazy("Values that are not on the list")
    DUPLICATE = "duplicate", gettext_lazy("Rows that occur twice")
    UNKNOWN = "unknown", gettext_lazy("Unknown codes and names")
    SCOPE = "scope", gettext_lazy("Rows that are not yours")
    MAXIMUM = "maximum", gettext_lazy("Scores above the maximum")
    CLOSED = "closed", gettext_lazy("Rows that are not open now")
    FIGURE = "figure", gettext_lazy("Figures that cannot stand")
    RULE = "rule", gettext_lazy("Rows against a rule of the catalogue")


class Notable(TextChoices):
    """What is worth a look and stops nothing, in the order of the report."""

    FAR = "far", gettext_lazy("Far from last year's figure")
    CLAMPED = "clamped", gettext_lazy("Scores lowered to the maximum")
    UNSCORED = "unscored", gettext_lazy("Figures that give no score by themselves")
    WAITING = "waiting", gettext_lazy("Figures that wait for the scoring")
    PERIOD = "period", gettext_lazy("Days outside the evaluated period")
    FORMULA = "formula", gettext_lazy("Formulas read by their last value")
    MERGED = "merged", gettext_lazy("Merged cells")
    HIDDEN = "hidden", gettext_lazy("Hidden rows")
    PERCENT = "percent", gettext_lazy("Percentages read as they are seen")
    NORMALISED = "normalised", gettext_lazy("Spellings that were corrected")


@dataclass(frozen=True)
class Fault:
    """One reason why nothing is written. `cell` is an address such as C14; `value` is what was read, for people."""

    cause: str
    sheet: str
    cell: str
    heading: str
    value: str
    sentence: str


def shown(value):
    """A value read from a cell, as a person would recognise it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if hasattr(value, "year"):
        return format_jalali(value)
    text = format_decimal(value, None) if not isinstance(value, str) and hasattr(value, "real") else str(value)
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…"


def as_data(faults):
    """The faults for the report of a run: a count per cause, and the first thousand of them."""
    causes = {}
    for fault in faults:
        causes[str(fault.cause)] = causes.get(str(fault.cause), 0) + 1
    kept = [asdict(fault) | {"cause": str(fault.cause)} for fault in faults[:MOST_KEPT]]
    return {"causes": causes, "faults": kept}


def grouped(report):
    """(title of the cause, how many in all, the kept faults) for each cause of a stored report, in order."""
    groups = []
    for cause in Cause:
        if count := report.get("causes", {}).get(cause.value):
            kept = [fault for fault in report["faults"] if fault["cause"] == cause.value]
            groups.append((cause.label, count, kept))
    return groups
