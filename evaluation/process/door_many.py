"""The door for many rows at once: what `door.perform` asks and writes, in as many queries for sixty rows as for one.

The rows are locked together, in the order of their keys. Each refusal is the one that `perform` would have given, and
stops its own row only; what is allowed is written as a whole or not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django_fsm import ConcurrentTransitionMixin

from evaluation.enums import Ground
from evaluation.models import OnBehalf, TransitionLog
from evaluation.rules import archive
from evaluation.rules.bulk_rights import WindowsOnce, rights_preloaded
from evaluation.rules.circumstances import Circumstances
from evaluation.rules.may_fail import may_fail

from . import bulk
from .door import Batch, absent, check_taker, context, locked, log_row, refusal_of, run_transition, transition_of

ROWS_PER_STATEMENT = 500

type Letters = OnBehalf | Mapping[int, OnBehalf] | None  # of all rows, or {key of the row: its own}


@transaction.atomic
def perform_many(
    objects: Iterable[Model],
    name: str,
    *,
    by: User,
    on_behalf: Letters = None,
    note: str = "",
    at: datetime | None = None,
    ground: Ground | None = None,
    data: Mapping[int, Mapping[str, Any]] | None = None,
    held: bool = False,
) -> Batch:
    """The bulk form of `perform`, for rows of one model; `data` is {key of the row: what its transition is given}.

    `held`: the rows come from `lock_many` in this transaction, and nothing was written to them since; they are not
    read again, and those done are changed themselves. Returns the Batch: rows done, as they are stored now, and those
    left out with their sentences; no row raises.
    """
    rows = list(objects) if held else lock_many(list(objects))
    if not rows:
        return Batch([], [])
    circumstances, letters = Circumstances(at, ground, WindowsOnce()), letter_of(on_behalf)
    refused = refusals(rows, name, by=by, letters=letters, note=note, circumstances=circumstances)
    ready = [row for row in rows if row.pk not in refused]
    before = {row.pk: columns_of(row) for row in ready}
    moment = timezone.now()
    moves = []
    for row in ready:
        arguments = {"person": by, "moment": moment, "reason": note} | dict((data or {}).get(row.pk, {}))
        source, target = run_transition(row, name, arguments, circumstances)
        moves.append((row, source, target, letters(row)))
    save_many(ready, before)
    log_many(moves, name, by=by, note=note)
    return Batch(ready, [(row, refused[row.pk]) for row in rows if row.pk in refused])


def lock_many[Row: Model](objects: Sequence[Row]) -> list[Row]:
    """The rows as they are now, in the given order, locked in the order of their keys until the transaction ends."""
    if not objects:
        return []
    rows = locked(type(objects[0])).order_by("pk").in_bulk([obj.pk for obj in objects])
    return [rows[obj.pk] for obj in objects if obj.pk in rows]


def letter_of(on_behalf: Letters) -> Callable[[Model], OnBehalf | None]:
    """The question for the letter of one row."""
    if isinstance(on_behalf, Mapping):
        return lambda row: on_behalf.get(row.pk)
    return lambda _row: on_behalf


def refusals(
    rows: Sequence[Model],
    name: str,
    *,
    by: User,
    letters: Callable[[Model], OnBehalf | None],
    note: str,
    circumstances: Circumstances,
) -> dict[int, str]:
    """{key: why `by` may not take the step on this row now}, of those alone on which it is refused."""
    with rights_preloaded(by, rows):
        refused = {
            row.pk: sentence
            for row in rows
            if (sentence := refusal_of(check_taker, row, name, by=by, on_behalf=letters(row), note=note))
        }
    reasons = why_not_many([row for row in rows if row.pk not in refused], name, circumstances)
    return refused | {key: " ".join(sentences) for key, sentences in reasons.items()}


def why_not_many(objects: Sequence[Any], name: str, circumstances: Circumstances) -> dict[int, list[str]]:
    """{key: the sentences of `door.why_not`}, of those objects alone for which there are any."""
    reasons: dict[int, list[str]] = {}
    asked: dict[int, list[Any]] = {}
    steps: dict[int, Any] = {}
    for obj in objects:
        step = transition_of(obj, name)
        if step is None:
            reasons[obj.pk] = absent(obj, name)
        elif refusal := archive.refusal(context(obj)[0], obj, name):
            reasons[obj.pk] = [refusal]
        else:
            steps[id(step)] = step
            asked.setdefault(id(step), []).append(obj)
    for key, of_step in asked.items():
        for condition in steps[key].conditions:
            doubtful = may_fail(condition, of_step, circumstances)
            for obj in of_step:
                if obj.pk in doubtful and (sentences := condition.reasons(obj, circumstances)):
                    reasons.setdefault(obj.pk, []).extend(sentences)
    return reasons


# -- writing ---------------------------------------------------------------------------------------


def columns_of(row: Model) -> dict[str, Any]:
    """{attribute: value} of the row's own columns, without its key."""
    fields = [field for field in row._meta.concrete_fields if not field.generated and not field.primary_key]
    return {field.attname: field.value_from_object(row) for field in fields}


def save_many(rows: Sequence[Model], before: Mapping[int, Mapping[str, Any]]) -> None:
    """Store the columns in which any of these locked rows differs from what it was, {key: {attribute: value}}."""
    if not rows:
        return
    after = {row.pk: columns_of(row) for row in rows}
    changed = [name for name in after[rows[0].pk] if any(after[key][name] != before[key][name] for key in after)]
    if changed:
        bulk.update(
            type(rows[0]), list(after), {name: [columns[name] for columns in after.values()] for name in changed}
        )
    for row in rows:
        if isinstance(row, ConcurrentTransitionMixin):  # a later `save` compares with the state that is stored now
            row._update_initial_state()


def log_many(moves: Sequence[tuple[Model, str, str, OnBehalf | None]], name: str, *, by: User, note: str = "") -> None:
    """Write the log rows of one step on many rows: (row, state before, state after, letter or None)."""
    at = timezone.now()
    rows = [
        log_row(obj, name, source=source, target=target, by=by, on_behalf=on_behalf, note=note, at=at)
        for obj, source, target, on_behalf in moves
    ]
    TransitionLog.objects.bulk_create(rows, batch_size=ROWS_PER_STATEMENT)
