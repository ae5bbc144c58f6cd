"""The list of faults that our marked copy puts into a workbook: it has to be recognised when it is uploaded again."""

from evaluation.persian import match_key

SUMMARY_TITLE = "خطاهای بارگذاری"  # in every language, so that a sheet of an earlier copy is recognised
EARLIER_TITLES = ("خطاهای درون‌ریزی",)  # what copies handed out before have on their sheet and in their notes


def is_summary(title):
    """Whether a sheet is the list of faults of an earlier marked copy (or a copy of that sheet), and so no data."""
    key = match_key(title)
    return any(_is_copy(key, match_key(ours)) for ours in (SUMMARY_TITLE, *EARLIER_TITLES))


def _is_copy(key, ours):
    return key == ours or (key.startswith(ours) and key.removeprefix(ours).isdigit())
