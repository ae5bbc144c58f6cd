"""The person's own workbook back: wrong cells coloured and noted, a list of faults in front, all else as it was."""

from .marking import marked
from .names import SUMMARY_TITLE, is_summary

__all__ = ["SUMMARY_TITLE", "is_summary", "marked"]
