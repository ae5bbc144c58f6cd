"""The names by which our own sheets and notes are recognised in an uploaded workbook."""

from ..tables.our_sheets import EARLIER_TITLES, SUMMARY_TITLE

PALETTE_TITLE = "_marks"  # a hidden sheet; its row n has the fill that shade n stands for
AUTHOR = "سامانهٔ ارزیابی عملکرد"
START, END = f"── {SUMMARY_TITLE} ──", "─" * 12  # the lines round our text in a note
STARTS = (START, *(f"── {title} ──" for title in EARLIER_TITLES))  # of notes that an earlier copy has

FAULT, WARNING = "fault", "warning"


def is_palette(title):
    """Whether a sheet is the hidden palette of an earlier mark-up."""
    return title == PALETTE_TITLE
