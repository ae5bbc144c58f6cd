"""The one door for every change of state: check, do, log, in one transaction."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_fsm import TransitionNotAllowed

from evaluation.enums import Ground
from evaluation.models import Agency, Cycle, OnBehalf, TransitionLog
from evaluation.rules import archive, sentences
from evaluation.rules.circumstances import NOW, Circumstances, running_under

if TYPE_CHECKING:
    from evaluation.rules.conditions import Condition
    from evaluation.rules.permissions import May

NO_RIGHT = gettext_lazy("Your account has no right to this action.")


class Refusal(TransitionNotAllowed):
    """A step that may not be taken now; the message is for the person, in whole sentences."""

    def __init__(self, *sentences: object, **kwargs: Any) -> None:
        self.sentences = [str(sentence) for sentence in sentences]
        super().__init__(" ".join(self.sentences), **kwargs)


class Step(Protocol):
    """A transition as our models declare them: its conditions and its permission are ours."""

    conditions: Sequence[Condition]
    permission: May
    custom: dict[str, Any]


class Forbidden(PermissionDenied):
    """The person has no right to this step here."""


def transition_of(obj: Model, name: str) -> Step | None:
    """The transition `name` leaving the present state, or None."""
    meta = getattr(obj, name)._django_fsm
    return meta.get_transition(meta.field.get_state(obj)) if meta.has_transition(meta.field.get_state(obj)) else None


def why_not(obj: Model, name: str, circumstances: Circumstances = NOW) -> list[str]:
    """Sentences that say why the transition `name` cannot be run under these circumstances; empty when it can."""
    step = transition_of(obj, name)
    if step is None:
        return absent(obj, name)
    if refusal := archive.refusal(context(obj)[0], obj, name):
        return [refusal]
    return [sentence for condition in step.conditions for sentence in condition.reasons(obj, circumstances)]


def absent(obj: Any, name: str) -> list[str]:
    """Why there is no such step in the present state: what comes before it, or that the object moved on."""
    return not_yet(obj, name) or [already_moved(obj)]


def not_yet(obj: Any, name: str) -> list[str]:
    """What must be done before this step is there, as sentences, where the object's model says it (`not_yet`)."""
    ask = getattr(obj, "not_yet", None)
    return list(ask(name)) if ask else []


def already_moved(obj: Any) -> str:
    """The sentence for a step that does not leave the object's present state."""
    state = obj.get_state_display() if hasattr(obj, "get_state_display") else obj.get_stage_display()
    return _("“%(name)s” is now in the state “%(state)s”, in which this action is not possible. Reload the page.") % {
        "name": obj,
        "state": state,
    }


def check_person(permission: May, obj: Model, by: User, on_behalf: OnBehalf | None) -> None:
    """Raise unless `by` may, and has named the letter where the step is another body's."""
    if permission.own(obj, by):
        return
    if not permission.behalf(obj, by):
        raise Forbidden(permission.codename)
    if on_behalf is None:
        raise Refusal(
            _(
                "Another body is responsible for this action. To act on its behalf, give its name, and the number, "
                "date and file of its letter."
            )
        )


def refusal_of(check: Callable[..., object], *args: Any, **kwargs: Any) -> str:
    """The sentence with which a check refuses, or an empty text."""
    try:
        check(*args, **kwargs)
    except Refusal as refusal:
        return str(refusal)
    except Forbidden:
        return str(NO_RIGHT)
    return ""


RELATED = {  # what rights, windows and the log ask of a row, read in the query that locks it
    "assessment": ("participation__cycle__province", "participation__agency__headquarters", "dimension"),
    "specificlist": ("cycle__province", "agency"),
    "objection": ("line__assessment__participation__cycle", "line__assessment__participation__agency"),
}


def locked[Row: Model](model: type[Row]) -> QuerySet[Row]:
    """Rows of a model that are locked as they are read, with what rights, windows and the log ask of them."""
    rows = model._default_manager.select_for_update(of=("self",))
    related = RELATED.get(model._meta.model_name)
    return rows.select_related(*related) if related else rows


def lock[Row: Model](model: type[Row], key: object) -> Row:
    """The row as it is now, locked until the transaction ends."""
    return locked(model).get(pk=key)


@transaction.atomic
def perform[Row: Model](
    obj: Row,
    name: str,
    *,
    by: User,
    on_behalf: OnBehalf | None = None,
    note: str = "",
    at: datetime | None = None,
    ground: Ground | None = None,
    **data: Any,
) -> Row:
    """Run one transition as `by`: refuse with sentences, save and log in the same transaction.

    `on_behalf` is a saved OnBehalf. `at` (aware datetime) is the moment for which windows are asked; `ground` (Ground)
    says why the usual work may be missing. A transition is given the person, the moment and the reason (the note)
    where it has parameters of these names, and `data`. Returns the saved object. Raises Refusal, or Forbidden for a
    person without right.
    """
    obj = lock(type(obj), obj.pk)
    check_taker(obj, name, by=by, on_behalf=on_behalf, note=note)
    circumstances = Circumstances(at, ground)
    if reasons := why_not(obj, name, circumstances):
        raise Refusal(*reasons, object=obj)
    arguments = {"person": by, "moment": timezone.now(), "reason": note} | data
    source, target = run_transition(obj, name, arguments, circumstances)
    obj.save()
    log(obj, name, source=source, target=target, by=by, on_behalf=on_behalf, note=note)
    return obj


def check_taker(obj: Model, name: str, *, by: User, on_behalf: OnBehalf | None, note: str) -> None:
    """Raise unless the step leaves the row's present state, `by` may take it, and its reason is given if it needs one.

    Raises Refusal, or Forbidden.
    """
    step = transition_of(obj, name)
    if step is None:
        raise Refusal(*absent(obj, name), object=obj)
    check_person(step.permission, obj, by, on_behalf)
    if step.custom.get("reason") and not note.strip():
        raise Refusal(sentences.REASON_NEEDED, object=obj)


def run_transition(
    obj: Model, name: str, arguments: Mapping[str, Any], circumstances: Circumstances
) -> tuple[str, str]:
    """Run a transition whose conditions were asked under these circumstances; (state before, state after), unsaved.

    It is given those of the `arguments` that it has parameters for.
    """
    move = getattr(obj, name)
    field, parameters = move._django_fsm.field, inspect.signature(move).parameters
    source = field.get_state(obj)
    with running_under(replace(circumstances, asked=True)):
        move(**{key: value for key, value in arguments.items() if key in parameters})
    return source, field.get_state(obj)


def counted(number: int) -> str:
    """The note of a step whose only particular is how many rows it reached."""
    return _("Count: %(count)s") % {"count": number}


def log(
    obj: Model,
    name: str,
    *,
    source: str = "",
    target: str = "",
    by: User,
    on_behalf: OnBehalf | None = None,
    note: str = "",
) -> TransitionLog:
    """Write the log row of a step; also for steps that move no state (a freeze, an exemption).

    Raises Refusal in an archived cycle, save for what `rules.archive` leaves open: without a row nothing was done.
    """
    at = timezone.now()
    row = log_row(obj, name, source=source, target=target, by=by, on_behalf=on_behalf, note=note, at=at)
    row.save()
    return row


def log_row(
    obj: Model, name: str, *, by: User, source: str, target: str, on_behalf: OnBehalf | None, note: str, at: datetime
) -> TransitionLog:
    """The unsaved log row of a step. Raises Refusal in an archived cycle, as `log` does."""
    cycle, agency = context(obj)
    if refusal := archive.refusal(cycle, obj, name):
        raise Refusal(refusal, object=obj)
    return TransitionLog(
        subject=obj,
        cycle=cycle,
        agency=agency,
        name=name,
        source=source,
        target=target,
        by=by,
        on_behalf_of=on_behalf,
        note=note,
        at=at,
    )


def context(obj: Any) -> tuple[Cycle | None, Agency | None]:
    """The cycle and agency that a log row belongs to."""
    if obj._meta.model_name == "cycle":
        return obj, None
    holder = getattr(obj, "line", None) or obj
    holder = getattr(holder, "assessment", holder)
    holder = getattr(holder, "participation", None) or holder
    return getattr(holder, "cycle", None), getattr(holder, "agency", None)


@dataclass
class Batch:
    """What a batch did: the objects done, and those left out with their sentences."""

    done: list[Any]
    left_out: list[tuple[Any, str]]

    @property
    def changed(self) -> bool:
        return bool(self.done)


def run_batch(objects: Iterable[Model], verb: Callable[..., Any], **kwargs: Any) -> Batch:
    """Call a verb for each object in a transaction of its own; one refusal does not stop the others."""
    batch = Batch([], [])
    for obj in objects:
        try:
            batch.done.append(verb(obj, **kwargs))
        except Refusal as refusal:
            batch.left_out.append((obj, str(refusal)))
        except PermissionDenied:
            batch.left_out.append((obj, str(NO_RIGHT)))
    return batch
