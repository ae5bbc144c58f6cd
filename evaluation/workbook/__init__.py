"""The shared writer of workbooks."""

from .cells import clean
from .properties import properties_of
from .table import KINDS, LOCKED, MEANINGS, OPEN, SHUT, Column, Page, Sheet
from .writer import build

__all__ = ["KINDS", "LOCKED", "MEANINGS", "OPEN", "SHUT", "Column", "Page", "Sheet", "build", "clean", "properties_of"]
