"""Putting rows back that an import wrote, where they still hold what the import wrote."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.db.models import Model

from evaluation.enums import ChangeOutcome
from evaluation.models import ImportChange

from .changes import columns_of

if TYPE_CHECKING:
    from evaluation.process.changes import Columns

ROWS_PER_UPDATE = 500


def present(obj: Model, change: ImportChange) -> bool:
    """Whether a row still holds what the import wrote."""
    return columns_of(obj, change.after) == change.after


def fields_of(model: type[Model], values: Columns) -> dict[str, Any]:
    """Values of a change as the model's columns take them: {attribute: value}."""
    columns = {name: model._meta.get_field(name) for name in values}
    return {field.attname: field.to_python(values[name]) for name, field in columns.items()}


def reverse_rows(
    rows: Mapping[int, Any], changes: Iterable[ImportChange], *, refuse: Callable[[Any], str]
) -> dict[int, tuple[ChangeOutcome, str]]:
    """Put back many rows of one model by few statements: {change pk: (outcome, reason)}.

    `rows` is {pk: object}, locked. `refuse(obj)` says why a row is closed, or gives an empty text. Rows that the
    import made are deleted; nothing may refer to their model.
    """
    answers, restored, made, names = {}, [], [], set()
    for change in changes:
        obj = rows.get(change.object_id)
        if obj is None or not present(obj, change):
            answers[change.pk] = ChangeOutcome.KEPT, ""
        elif refusal := refuse(obj):
            answers[change.pk] = ChangeOutcome.FAILED, refusal
        else:
            answers[change.pk] = ChangeOutcome.REVERSED, ""
            if change.before is None:
                made.append(obj)
                continue
            for name, value in fields_of(type(obj), change.before).items():
                setattr(obj, name, value)
            names |= set(change.before)
            restored.append(obj)
    if restored:
        type(restored[0]).objects.bulk_update(restored, sorted(names), batch_size=ROWS_PER_UPDATE)
    if made:
        type(made[0]).objects.filter(pk__in=[obj.pk for obj in made]).delete()
    return answers
