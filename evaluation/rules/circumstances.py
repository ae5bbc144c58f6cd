"""When and on what ground a step is asked for: what conditions and windows need to know beside the object."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from evaluation.enums import Ground

if TYPE_CHECKING:
    from .windows import WindowQuestion


@dataclass(frozen=True)
class Circumstances:
    """`at`: the aware moment for which windows are asked (None: now). `ground`: why a person's work may be missing.

    `windows`: how windows are asked, in the manner of `windows.window_open`; a `bulk_rights.WindowsOnce` where one
    request asks about one window several times. `with_evidence`: the keys of the assessment's lines that have a file,
    where the caller has read them. `asked`: whoever runs the transition has asked its conditions, under the lock of
    the row.
    """

    at: datetime | None = None
    ground: Ground | None = None
    windows: WindowQuestion | None = None
    with_evidence: frozenset[int] | None = None
    asked: bool = False

    @property
    def moment(self) -> datetime:
        return self.at or timezone.now()


NOW = Circumstances()

# django-fsm asks the conditions of a transition once more when it runs, with the object alone.
_of_the_transition: ContextVar[Circumstances] = ContextVar("circumstances of the transition that runs", default=NOW)


@contextmanager
def running_under(circumstances: Circumstances) -> Iterator[None]:
    """Within it, the conditions that django-fsm itself asks are asked under these circumstances."""
    token = _of_the_transition.set(circumstances)
    try:
        yield
    finally:
        _of_the_transition.reset(token)


def of_the_transition() -> Circumstances:
    """The circumstances of the transition that runs now; `NOW` outside of any."""
    return _of_the_transition.get()
