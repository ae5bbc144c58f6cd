"""What belongs to the mark-up in a workbook, so that it can be told from what people put there."""

from ..tables.our_sheets import SUMMARY_TITLE

PALETTE_TITLE = "_marks"  # a hidden sheet whose row n wears the fill that lies under the n-th shade
AUTHOR = "سامانهٔ ارزیابی عملکرد"
START, END = f"── {SUMMARY_TITLE} ──", "─" * 12  # round our lines in a note

FAULT, WARNING = "fault", "warning"


def is_palette(title):
    return title == PALETTE_TITLE
