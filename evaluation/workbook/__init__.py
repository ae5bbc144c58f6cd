"""The shared writer of workbooks."""

from .table import KINDS, Column, Sheet
from .writer import build, clean

__all__ = ["KINDS", "Column", "Sheet", "build", "clean"]
