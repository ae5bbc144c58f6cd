"""Of which among many rows a condition may not hold, asked of all of them by few queries.

Those rows are then asked one by one, so that each reads its own sentence. A condition without a function here is asked
of every row. A function may name rows for which the condition holds; it never leaves one out for which it does not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from evaluation.enums import DimensionKind, FitVerdict, Ground, ObjectionState, Scorer

from . import conditions, end_conditions, stages

if TYPE_CHECKING:
    from evaluation.models import Assessment, SpecificList
    from evaluation.rules.circumstances import Circumstances
    from evaluation.rules.conditions import Condition


def may_fail(condition: Condition, objects: Sequence[Any], circumstances: Circumstances) -> Collection[int]:
    """The keys of those objects, of one model, for which the condition may not hold under these circumstances."""
    question = QUESTIONS.get(condition)
    return question(objects, circumstances) if question else {obj.pk for obj in objects}


def keys_of(assessments: Sequence[Assessment], **rows: Any) -> set[int]:
    """The keys of these assessments to which the lookups `rows`, of one filter, apply."""
    model = type(assessments[0])
    matching = model._base_manager.order_by().filter(pk__in=[row.pk for row in assessments], **rows)
    return set(matching.values_list("pk", flat=True))


def objected(assessments: Sequence[Assessment], _circumstances: Circumstances) -> set[int]:
    """Files with an objection that waits for its decision."""
    return keys_of(assessments, lines__objections__state=ObjectionState.FILED)


def remarked(assessments: Sequence[Assessment], _circumstances: Circumstances) -> set[int]:
    """Files of agencies on which the council has a remark without answer."""
    return keys_of(assessments, participation__remarks__answer="")


def unscored(assessments: Sequence[Assessment], _circumstances: Circumstances) -> set[int]:
    """Files with a line that has no initial score."""
    return keys_of(assessments, lines__exempt=False, lines__initial_score=None)


def unfilled(assessments: Sequence[Assessment], circumstances: Circumstances) -> set[int]:
    """By the rule for silent agencies, files in which the agency has filled no line; else all."""
    everything = {row.pk for row in assessments}
    return everything - begun(assessments) if circumstances.ground == Ground.RULE else everything


def begun(assessments: Sequence[Assessment]) -> set[int]:
    """The keys of the files in which the agency has filled a line of its own."""
    lines = {"lines__exempt": False, "lines__indicator__scorer": Scorer.EVALUATOR}
    model = type(assessments[0])
    own = model._base_manager.order_by().filter(
        Q(lines__self_actual__isnull=False) | Q(lines__self_score__isnull=False),
        pk__in=[row.pk for row in assessments],
        **lines,
    )
    return set(own.values_list("pk", flat=True))


def unproven(assessments: Sequence[Assessment], circumstances: Circumstances) -> set[int]:
    """The rule for silent agencies asks for no evidence."""
    return set() if circumstances.ground == Ground.RULE else {row.pk for row in assessments}


def unreviewed(lists: Sequence[SpecificList], _circumstances: Circumstances) -> set[int]:
    """Lists with an indicator that was not found fit."""
    indicators = stages.indicators_of_lists(lists).exclude(fit=FitVerdict.FIT)
    unfit = set(indicators.values_list("cycle_id", "agency_id"))
    return {row.pk for row in lists if (row.cycle_id, row.agency_id) in unfit}


def unbalanced(lists: Sequence[SpecificList], _circumstances: Circumstances) -> set[int]:
    """Lists whose points or weights do not total what they must."""
    tops, dimensions = defaultdict(list), defaultdict(list)
    for top in stages.indicators_of_lists(lists).prefetch_related("measures"):
        tops[top.dimension_id, top.agency_id].append(top)
    for cycle in {row.cycle_id: row.cycle for row in lists}.values():
        dimensions[cycle.pk] = list(cycle.dimensions.filter(kind=DimensionKind.SPECIFIC))
    return {
        row.pk
        for row in lists
        if any(
            stages.gaps_of(dimension, tops[dimension.pk, row.agency_id], agency=row.agency)
            for dimension in dimensions[row.cycle_id]
        )
    }


QUESTIONS: dict[Condition, Callable[[Sequence[Any], Circumstances], Collection[int]]] = {
    conditions.objections_decided: objected,
    end_conditions.remarks_of_file_answered: remarked,
    conditions.every_line_scored: unscored,
    conditions.lines_filled: unfilled,
    conditions.evidence_given: unproven,
    conditions.list_reviewed: unreviewed,
    conditions.list_adds_up: unbalanced,
}
