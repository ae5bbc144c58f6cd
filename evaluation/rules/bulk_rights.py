"""Rights and windows of many rows, asked in as many queries as for one: for imports and other work in bulk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib.auth.models import User
from django.db.models import Model

from evaluation.enums import Stage

from . import roles, scopes
from .windows import Span, own_ends, sentence_of

if TYPE_CHECKING:
    from evaluation.models import Dimension, Membership

type Window = tuple[int, Stage, str, Dimension | int | None]  # cycle, stage, part, dimension


@contextmanager
def rights_preloaded(user: User, objects: Sequence[Model]) -> Iterator[None]:
    """Within it the user's rights at these objects (of one model) are known: one query for each membership."""
    memberships = roles.memberships_of(user) if user and objects else []
    before = [membership.answers for membership in memberships]
    try:
        for membership in memberships:
            known = membership.answers or roles.Answers()
            membership.answers = replace(known, covered=known.covered | _covered(membership, objects))
        yield
    finally:
        for membership, answers in zip(memberships, before, strict=True):
            membership.answers = answers


def _covered(membership: Membership, objects: Sequence[Model]) -> dict[tuple[str, int], bool]:
    """{(model name, key): whether the membership's rows include the object}, as `scopes.covers` keeps it."""
    model, keys = type(objects[0]), [obj.pk for obj in objects]
    name = model._meta.model_name
    visible_rows = model._base_manager.order_by().filter(pk__in=keys).filter(scopes.rows(membership, name))
    covered = set(visible_rows.values_list("pk", flat=True))
    return {(name, key): key in covered for key in keys}


class WindowsOnce:
    """`conditions.window_open` for many objects of one moment: each window and its extensions are asked once."""

    def __init__(self) -> None:
        self.open_to: dict[Window, tuple[bool, frozenset[int]]] = {}
        self.ends: dict[Window, tuple[list[Span], list[tuple[int, datetime]]]] = {}

    def __call__(
        self,
        obj: Model,
        stage: Stage,
        part: str = "",
        *,
        dimension: Dimension | int | None = None,
        agency: int | None = None,
        at: datetime,
    ) -> bool:
        cycle, key = obj.cycle, (obj.cycle.pk, stage, part, dimension)
        if key not in self.open_to:
            self.open_to[key] = cycle.windows.open_to(cycle, stage, part=part, dimension=dimension, at=at)
        everybody, agencies = self.open_to[key]
        return everybody or agency in agencies

    def closed_sentence(
        self,
        obj: Model,
        stage: Stage,
        part: str = "",
        *,
        dimension: Dimension | int | None = None,
        agency: int | None = None,
        at: datetime,
    ) -> str:
        """`conditions.closed_sentence`; windows and extensions are asked once for each window."""
        cycle, work = obj.cycle, {"part": part, "dimension": dimension}
        key = (cycle.pk, stage, part, dimension)
        if key not in self.ends:
            spans = cycle.windows.of(cycle, stage, **work).values_list("opens_at", "closes_at")
            extensions = cycle.extensions.of(cycle, stage, **work).values_list("agency_id", "ends_at")
            self.ends[key] = list(spans), list(extensions)
        spans, extensions = self.ends[key]
        more = own_ends(obj) + [ends_at for whose, ends_at in extensions if whose == agency]
        return sentence_of(spans, stage, part, at, more=more)
