"""The person's own workbook back: wrong cells coloured and noted, a list of faults in front, all else as it was."""

from ..tables.our_sheets import SUMMARY_TITLE, is_summary
from .marking import marked

__all__ = ["SUMMARY_TITLE", "is_summary", "marked"]
