"""The list of faults that our marked copy puts into a workbook: it has to be recognised when it is uploaded again."""

from evaluation.persian import match_key

SUMMARY_TITLE = "خطاهای درون‌ریزی"  # in every language, so that a sheet of an earlier copy is recognised


def is_summary(title):
    """Whether a sheet is the list of faults of an earlier marked copy (or a copy of that sheet), and so no data."""
    key, ours = match_key(title), match_key(SUMMARY_TITLE)
    return key == ours or (key.startswith(ours) and key.removeprefix(ours).isdigit())
