"""The figures of half-time cards: the scored lines of an interim evaluation, with the code that names them."""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from evaluation.enums import AssessmentState
from evaluation.models import Line, Participation

from .. import kept


def scored(lines: QuerySet[Line]) -> QuerySet[Line]:
    """Those of the lines that count and have a score, which is `points`: the revised score, else the initial one."""
    rows = lines.filter(exempt=False).annotate(points=Coalesce("revised_score", "initial_score"))
    return rows.filter(points__isnull=False)


def code_of(lines: Iterable[Line]) -> str:
    """The integrity code of a half-time card: of the points and maxima of its scored lines."""
    figures = [[line.pk, line.points, line.maximum] for line in sorted(lines, key=lambda line: line.pk)]
    return kept.sha256_of(kept.canonical(figures))


def code_to_read(participation: Participation) -> str | None:
    """The code of the half-time card that the agency may read; None before its interim scores are disclosed."""
    lines = Line.objects.filter(
        assessment__participation=participation, assessment__state__in=AssessmentState.disclosed_or_after()
    )
    rows = list(scored(lines))
    return code_of(rows) if rows else None
