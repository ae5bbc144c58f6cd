"""What an import would do, or did, as it is told and kept with the run."""

from dataclasses import dataclass, field
from typing import Any

from ..tables import plan
from ..tables.faults import Fault, as_data


@dataclass
class Outcome:
    """What an import would do, or did: rows by kind, every fault and warning, and sentences on its other effects."""

    counts: dict
    faults: list
    warnings: list = field(default_factory=list)
    remarks: list = field(default_factory=list)
    unread: dict | None = None
    planned: plan.Plan = field(default_factory=plan.Plan)
    titles: list[str] = field(default_factory=list)
    asked: dict[str, dict[str, str]] = field(default_factory=dict)  # values that a person may name, by column

    @property
    def clean(self) -> bool:
        """Whether there is no fault, so that it may be written."""
        return not self.faults

    @property
    def warned(self) -> int:
        """The number of warnings."""
        return len(self.warnings)

    def report(self) -> dict[str, Any]:
        """Plain data for the run's report; `unread` lists headings that a person may still name."""
        data = as_data(self.faults, self.warnings) | {"remarks": [str(remark) for remark in self.remarks]}
        data["planned"] = self.planned.as_data()
        data |= {"titles": self.titles} if self.titles else {}
        asked = {code: texts for code, texts in self.asked.items() if texts}
        return data | ({"unread": self.unread} if self.unread else {}) | ({"values": asked} if asked else {})


def place_of(fault: Fault) -> tuple[str, int, int, str]:
    """The sort key of a fault: sheet, row, column."""
    letters = fault.cell.rstrip("0123456789")
    return (fault.sheet, int(fault.cell[len(letters) :] or 0), len(letters), letters)
