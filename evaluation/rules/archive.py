"""What may still be done in an archived cycle: receipts, the erratum of published results, the draft of next year."""

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
    ("specificlist", "acknowledge"),
    ("letter", "receive"),
}


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
    """Whether the row belongs to an archived cycle; None and rows without a cycle do not."""
    return obj is not None and is_archived(cycle_of(obj))


def refusal(cycle: Any, obj: Any, name: str) -> str:
    """The sentence with which a step in this cycle is refused, or an empty text."""
    if is_archived(cycle) and (obj._meta.model_name, name) not in OPEN_STEPS:
        return str(sentences.ARCHIVED)
    return ""
