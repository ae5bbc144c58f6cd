"""The sheet of faults that our marked copy puts into a workbook, known again when the workbook comes back."""

from evaluation.persian import match_key

SUMMARY_TITLE = "خطاهای درون‌ریزی"  # the same in every language: an earlier sheet must be known again


def is_summary(title):
    """Whether a sheet is the list of faults of an earlier mark-up, or a copy of it, and so never data."""
    key, ours = match_key(title), match_key(SUMMARY_TITLE)
    return key == ours or (key.startswith(ours) and key.removeprefix(ours).isdigit())
