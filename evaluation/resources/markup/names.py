"""What belongs to the mark-up in a workbook, so that it can be told from what people put there."""

from evaluation.persian import match_key

SUMMARY_TITLE = "خطاهای درون‌ریزی"  # the same in every language: an earlier sheet must be known again
PALETTE_TITLE = "_marks"  # a hidden sheet whose row n wears the fill that lies under the n-th shade
AUTHOR = "سامانهٔ ارزیابی عملکرد"
START, END = f"── {SUMMARY_TITLE} ──", "─" * 12  # round our lines in a note

FAULT, WARNING = "fault", "warning"


def is_summary(title):
    """Whether a sheet is the list of faults of an earlier mark-up, or a copy of it, and so never data."""
    key, ours = match_key(title), match_key(SUMMARY_TITLE)
    return key == ours or (key.startswith(ours) and key.removeprefix(ours).isdigit())


def is_palette(title):
    return title == PALETTE_TITLE
