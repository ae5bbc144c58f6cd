"""Sheets that the system puts into workbooks beside the data, recognised when they are uploaded again."""

from evaluation.persian import match_key

SUMMARY_TITLE = "خطاهای بارگذاری"  # in every language, so that a sheet of an earlier copy is recognised
EARLIER_TITLES = ("خطاهای درون‌ریزی",)  # what copies handed out before have on their sheet and in their notes

GUIDES = {match_key("راهنما"), match_key("Guide")}


def is_summary(title):
    """Whether a sheet is the list of faults of an earlier marked copy (or a copy of that sheet), and so no data."""
    key = match_key(title)
    return any(_is_copy(key, match_key(ours)) for ours in (SUMMARY_TITLE, *EARLIER_TITLES))


def _is_copy(key, ours):
    return key == ours or (key.startswith(ours) and key.removeprefix(ours).isdigit())


def is_ours(sheet):
    """Whether a sheet is a guide or a list of faults that the system wrote."""
    first = next((value for row in sheet.rows[:1] for value in row.values if value is not None), None)
    return is_summary(sheet.title) or (
        match_key(sheet.title.rstrip("0123456789 ")) in GUIDES and isinstance(first, str) and match_key(first) in GUIDES
    )
