"""The person's own workbook with wrong cells coloured and noted and a list of faults in front; all else unchanged."""

from ..tables.our_sheets import SUMMARY_TITLE, is_summary
from .marking import marked

__all__ = ["SUMMARY_TITLE", "is_summary", "marked"]
