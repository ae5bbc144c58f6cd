"""The writer of all workbooks that the system makes; see docs/spreadsheets.md."""

from .cells import clean
from .comma_separated import build_csv
from .open_document import build_ods
from .properties import properties_of
from .table import KINDS, LOCKED, MEANINGS, OPEN, SHUT, Column, Page, Sheet
from .writer import build

__all__ = [
    "KINDS",
    "LOCKED",
    "MEANINGS",
    "OPEN",
    "SHUT",
    "Column",
    "Page",
    "Sheet",
    "build",
    "build_csv",
    "build_ods",
    "clean",
    "properties_of",
]
