"""Faults and warnings of an upload, each with its place, and the report that is stored of them.

Both have one form: sheet, cell, heading, the value read and a sentence. A fault stops the writing, a warning does not.
"""

from collections import Counter
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy

from evaluation.persian import format_decimal, format_jalali, is_jalali_taken_for_gregorian

MAX_KEPT = 5_000  # listed in a report; the counts are of all
MIN_KEPT_PER_CAUSE = 200  # of each cause, so that one cause does not push out the others
MAX_PLACES = 12  # listed of one group
MAX_VALUE_LENGTH = 60


class Cause(TextChoices):
    """The groups of faults in a report, in the order in which it is best to correct them."""

    HEADING = "heading", gettext_lazy("Headings")
    BROKEN = "broken", gettext_lazy("Cells with an error or an uncalculated formula")
    MISSING = "missing", gettext_lazy("Mandatory cells left empty")
    NUMBER = "number", gettext_lazy("Cells that hold no number")
    DATE = "date", gettext_lazy("Cells that hold no date")
    TEXT = "text", gettext_lazy("Texts outside the limits")
    CHOICE = "choice", gettext_lazy("Values that are not on the list")
    DUPLICATE = "duplicate", gettext_lazy("Rows that occur twice")
    UNKNOWN = "unknown", gettext_lazy("Unknown codes and names")
    SCOPE = "scope", gettext_lazy("Rows that do not belong to you")
    MAXIMUM = "maximum", gettext_lazy("Scores above the maximum")
    CLOSED = "closed", gettext_lazy("Rows that are not open now")
    FIGURE = "figure", gettext_lazy("Figures that are not allowed")
    RULE = "rule", gettext_lazy("Rows against a rule of the catalogue")
    STALE = "stale", gettext_lazy("Rows edited after the download")
    MOVED = "moved", gettext_lazy("Rows edited after the trial run")


class Notable(TextChoices):
    """The groups of warnings in a report, in their order."""

    UNREAD = "unread", gettext_lazy("Filled cells that are not read")
    OTHER_ROW = "other_row", gettext_lazy("Rows that are no records")
    SHORT = "short", gettext_lazy("Rows with fewer cells than the headings")
    FAR = "far", gettext_lazy("Far from last year's figure")
    CLAMPED = "clamped", gettext_lazy("Scores lowered to the maximum")
    REPLACED = "replaced", gettext_lazy("Typed scores replaced by the formula's")
    IDLE = "idle", gettext_lazy("Rows without a figure, which change nothing")
    DERIVED = "derived", gettext_lazy("Figures that follow from numerator and denominator")
    LASTING = "lasting", gettext_lazy("Values that follow from others and were not erased")
    UNSCORED = "unscored", gettext_lazy("Figures for which the formula gives no score")
    WAITING = "waiting", gettext_lazy("Figures not used yet")
    PERIOD = "period", gettext_lazy("Days outside the evaluated period")
    FORMULA = "formula", gettext_lazy("Formulas read by their last value")
    MERGED = "merged", gettext_lazy("Merged cells")
    HIDDEN = "hidden", gettext_lazy("Hidden rows and columns")
    PERCENT = "percent", gettext_lazy("Percentages read as they are seen")
    NORMALISED = "normalised", gettext_lazy("Spellings that were corrected")


@dataclass(frozen=True)
class Fault:
    """One fault or one warning. `cell` is an address such as C14; `value` is the value as a person recognises it."""

    cause: str
    sheet: str
    cell: str
    heading: str
    value: str
    sentence: str


def shown(value):
    """A cell's value as a person recognises it, at most MAX_VALUE_LENGTH characters; TRUE as spreadsheets show it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if hasattr(value, "year"):
        return str(value) if is_jalali_taken_for_gregorian(value) else format_jalali(value)
    text = format_decimal(value, None) if not isinstance(value, str) and hasattr(value, "real") else str(value)
    return text if len(text) <= MAX_VALUE_LENGTH else f"{text[:MAX_VALUE_LENGTH]}…"


def as_data(faults, warnings=()):
    """The faults and warnings as plain data for the report of a run: a count per cause, and the first thousands."""
    return {
        "causes": counted(faults),
        "faults": kept(faults),
        "warning_causes": counted(warnings),
        "warnings": kept(warnings),
    }


def counted(faults):
    """{code of a cause: number of its faults}."""
    return dict(Counter(fault.cause.value for fault in faults))


def kept(faults):
    """The first MAX_KEPT faults as plain data, and of every cause at least the first MIN_KEPT_PER_CAUSE."""
    if len(faults) > MAX_KEPT:
        seen, first = Counter(), set()
        for place, fault in enumerate(faults):
            seen[fault.cause] += 1
            if seen[fault.cause] <= MIN_KEPT_PER_CAUSE:
                first.add(place)
        rest = [place for place in range(len(faults)) if place not in first]
        faults = [faults[place] for place in sorted([*first, *rest[: MAX_KEPT - len(first)]])]
    return [vars(fault) | {"cause": fault.cause.value} for fault in faults]


def grouped(report):
    """The faults of a stored report for a page: by cause, and within it by heading, value and sentence.

    Each group: title of the cause, count of all, kept (how many of them are listed) and kinds, each with heading,
    value, sentence, count, the first places (as sheet!C14) and how many more there are.
    """
    return by_cause(Cause, report.get("causes", {}), report.get("faults", ()))


def grouped_warnings(report):
    """The warnings of a stored report, in the form of `grouped`."""
    return by_cause(Notable, report.get("warning_causes", {}), report.get("warnings", ()))


def by_cause(causes, counts, faults):
    """The groups of `grouped`, of these causes."""
    by_code = {cause.value: [] for cause in causes}
    for fault in faults:
        by_code[fault["cause"]].append(fault)
    return [
        {"title": cause.label, "count": counts[cause.value], "kept": len(same), "kinds": kinds(same)}
        for cause in causes
        if (same := by_code[cause.value])
    ]


def kinds(faults):
    """The faults of one cause that say the same of the same value, together."""
    groups = {}
    for fault in faults:
        groups.setdefault((fault["heading"], fault["value"], fault["sentence"]), []).append(fault)
    return [
        {
            "heading": heading,
            "value": value,
            "sentence": sentence,
            "count": len(same),
            "places": [place(fault) for fault in same[:MAX_PLACES]],
            "more": max(0, len(same) - MAX_PLACES),
        }
        for (heading, value, sentence), same in groups.items()
    ]


def place(fault):
    """The place of a fault as people write it; a fault of a whole sheet has no cell."""
    return f"{fault['sheet']}!{fault['cell']}" if fault["cell"] else fault["sheet"]
