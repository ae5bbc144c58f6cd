"""What may still be done in an archived cycle: receipts, follow-up of plans, errata, the draft of next year."""

from typing import Any

from evaluation.enums import Stage

from . import sentences
from .paths import CYCLE

# (model, step of the log)
OPEN_STEPS = {
    ("cycle", "close"),
    ("cycle", "open_next_year"),
    ("resultset", "correct"),
    ("circular", "read"),
    ("feedbacksheet", "acknowledge"),
    ("participation", "acknowledge_card"),
    ("participation", "ask_for_meeting"),
    ("specificlist", "acknowledge"),
    ("letter", "receive"),
    ("transfer", "receive"),
}


# Tables whose rows are written in an archived cycle too: plans are followed up after the year, and agencies make their
# results public for years.
OPEN_TABLES = {"improvementplan", "improvementaction", "actionfile", "publicity"}

ADDED_LATER = OPEN_TABLES | {"visit"}  # a meeting for which an agency asks with its report card is recorded as a visit


def is_archived(cycle: Any) -> bool:
    """Whether the cycle is closed; without a cycle, no."""
    return cycle is not None and cycle.stage == Stage.CLOSED


def cycle_of(obj: Any) -> Any:
    """The cycle that a row belongs to, by its path; None where it has none, or does not name it yet."""
    path = CYCLE.get(obj._meta.model_name)
    if path is None or path == "pk":
        return None if path is None else obj
    for name in path.split("__"):
        obj = getattr(obj, name, None)
    return obj


def in_archive(obj: Any) -> bool:
    """Whether the row belongs to an archived cycle and is closed with it; None and rows without a cycle are not."""
    return obj is not None and obj._meta.model_name not in OPEN_TABLES and is_archived(cycle_of(obj))


def refusal(cycle: Any, obj: Any, name: str) -> str:
    """The sentence with which a step in this cycle is refused, or an empty text."""
    table = obj._meta.model_name
    if is_archived(cycle) and table not in OPEN_TABLES and (table, name) not in OPEN_STEPS:
        return str(sentences.ARCHIVED)
    return ""
