"""Figures of lists, counted and summed over the lines and levels that the reader may read, and over nothing else.

A sum over a file of which a steward reads one line would tell the other lines' figures (docs/rights.md).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.contrib.auth.models import User
from django.db.models import Case, Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from evaluation.enums import AssessmentState, Role, Scorer
from evaluation.models import Assessment, Indicator, Line
from evaluation.rules import scopes
from evaluation.rules.open_fields import READS_ALL_LEVELS, SEES_EVALUATORS
from evaluation.rules.own_files import own_files
from evaluation.rules.roles import memberships_of
from evaluation.rules.whole_files import whole_files

DISCLOSED = [str(state) for state in AssessmentState.disclosed_or_after()]
ENTERED = ~Q(self_actual=None, self_score=None)
SCORED = ~Q(initial_score=None)
EVERY = Q()
EVERYBODY = frozenset(Role)


@dataclass(frozen=True)
class Figure:
    """What is counted, or with `column` summed, over the lines of a file that are not exempt.

    `of_agency`: over those that the agency itself fills. `readers`: the roles whose lines count. `followed`: before
    the disclosure over the lines of those who follow the scoring.
    """

    name: str
    column: str = ""
    condition: Q = EVERY
    of_agency: bool = False
    readers: frozenset[Role] = EVERYBODY
    followed: bool = False


FIGURES = (
    Figure("own_count", of_agency=True),
    Figure("filled_count", condition=ENTERED, of_agency=True),
    Figure("line_count", followed=True),
    Figure("scored_count", condition=SCORED, followed=True),
    Figure("self_total", column="self_score"),
    Figure("hq_total", column="hq_score", readers=frozenset(SEES_EVALUATORS)),
    Figure("initial_total", column="initial_score", readers=frozenset(SEES_EVALUATORS)),
    Figure("final_total", column="final_score", readers=frozenset(READS_ALL_LEVELS)),
)
READERS = {figure.readers for figure in FIGURES} | {frozenset(SEES_EVALUATORS)}


def sortable_by_totals(assessments: QuerySet, user: User) -> QuerySet:
    """Assessments that can be put in the order of any of the FIGURES, which costs as many sums as there are files."""
    return assessments.alias(**{figure.name: _column(figure, user) for figure in FIGURES})


def totals_of(assessments: Iterable[Assessment], user: User) -> dict[int, dict[str, int | Decimal | None]]:
    """{key of an assessment: {name of each of the FIGURES: its value}} for these files, whose lines are read once.

    How far the scoring is, is counted for those who follow it, and for everybody from the disclosure on, as the page of
    lines does. The agency's own entry is summed over the lines that `user` sees, later levels over those that the
    person sees as somebody who reads them before the disclosure, the final one as staff. Counts are 0 and sums None
    where there is no such line.
    """
    files = list(assessments)
    asked = {_effective(user, readers) for readers in READERS}
    by_readers = {readers: _read(files, user, readers) for readers in asked}

    def value(file: Assessment, figure: Figure) -> int | Decimal | None:
        follows = figure.followed and file.state not in DISCLOSED
        sums = by_readers[_effective(user, frozenset(SEES_EVALUATORS) if follows else figure.readers)]
        return sums.get(file.pk, {}).get(figure.name, None if figure.column else 0)

    return {file.pk: {figure.name: value(file, figure) for figure in FIGURES} for file in files}


def _effective(user: User, readers: frozenset[Role]) -> frozenset[Role]:
    """Those of the roles that the person has: figures of equal ones are asked once."""
    if user.is_superuser:
        return EVERYBODY
    return readers & {Role(membership.role) for membership in memberships_of(user)}


def _read(files: list[Assessment], user: User, readers: frozenset[Role]) -> dict[int, dict[str, int | Decimal | None]]:
    """{key: {name: value}} over the lines that the person sees by these roles; files without any are left out.

    Where these are whole files no line is asked by itself whether it is seen.
    """
    keys = {file.pk for file in files}
    if not keys or not readers:
        return {}
    whole = keys
    if not user.is_superuser:
        rows = Assessment.objects.order_by().filter(whole_files(user, among=readers), pk__in=keys)
        whole = set(rows.values_list("pk", flat=True))
    lines = Line.objects.order_by().filter(exempt=False)
    parts = [lines.filter(assessment__in=whole)] if whole else []
    if keys - whole:
        parts.append(lines.filter(scopes.visible(user, "line", among=readers), assessment__in=keys - whole))
    figures = _aggregates({file.participation.cycle_id for file in files})
    return {row.pop("assessment"): row for part in parts for row in part.values("assessment").annotate(**figures)}


def _aggregates(cycles: set[int]) -> dict[str, Count | Sum]:
    """The FIGURES as columns of a query of lines. Who else fills an indicator is asked of these few indicators."""
    others = Indicator.objects.filter(cycle__in=cycles).exclude(scorer=Scorer.EVALUATOR).order_by()
    of_agency = ~Q(indicator__in=list(others.values_list("pk", flat=True)))
    return {
        figure.name: Sum(figure.column)
        if figure.column
        else Count("pk", filter=figure.condition & of_agency if figure.of_agency else figure.condition)
        for figure in FIGURES
    }


def with_readable_scores(lines, user):
    """Annotate `read_hq_score` and `read_initial_score`: empty on the files on which the person is a party."""
    reported, below = own_files(user)
    own = Q(assessment__participation__agency__in=reported | below)
    return lines.annotate(
        read_hq_score=Case(When(own, then=Value(None)), default=F("hq_score")),
        read_initial_score=Case(When(own, then=Value(None)), default=F("initial_score")),
    )


def _column(figure: Figure, user: User) -> Case:
    """A figure as a column of assessments."""
    seen = _over_lines(figure, user, figure.readers)
    if not figure.followed:
        return seen
    return Case(When(state__in=DISCLOSED, then=seen), default=_over_lines(figure, user, frozenset(SEES_EVALUATORS)))


def _over_lines(figure: Figure, user: User, readers: frozenset[Role]) -> Case:
    lines = Line.objects.filter(figure.condition, assessment=OuterRef("pk"), exempt=False).order_by()
    if figure.of_agency:
        lines = lines.filter(indicator__scorer=Scorer.EVALUATOR)
    seen = lines.filter(scopes.visible(user, "line", among=readers))
    return Case(When(whole_files(user, among=readers), then=_value(figure, lines)), default=_value(figure, seen))


def _value(figure: Figure, lines: QuerySet) -> Subquery | Coalesce:
    if figure.column:
        return Subquery(lines.values("assessment").annotate(figure=Sum(figure.column)).values("figure"))
    counted = lines.values("assessment").annotate(figure=Count("pk")).values("figure")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
