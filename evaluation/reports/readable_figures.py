"""Figures of lists, counted and summed over the lines and levels that the reader may read, and over nothing else.

A sum over a file of which a steward reads one line would tell the other lines' figures (docs/rights.md).
"""

from functools import partial

from django.db.models import Case, Count, F, IntegerField, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from evaluation.enums import AssessmentState, Scorer
from evaluation.models import Line
from evaluation.rules import scopes
from evaluation.rules.open_fields import READS_ALL_LEVELS, SEES_EVALUATORS
from evaluation.rules.own_files import own_files
from evaluation.rules.whole_files import whole_files

DISCLOSED = [str(state) for state in AssessmentState.disclosed_or_after()]
ENTERED = ~Q(self_actual=None, self_score=None)
OWN_ENTRY = Q(indicator__scorer=Scorer.EVALUATOR)  # what the agency itself fills


def with_totals(assessments, user):
    """Annotate `own_count filled_count line_count scored_count` and `self_total hq_total initial_total final_total`.

    Exempt lines count for nothing. How far the scoring is, is counted for those who follow it, and for everybody from
    the disclosure on, as the page of lines does. The agency's own entry is summed over the lines that `user` sees,
    later levels over those that the person sees as somebody who reads them before the disclosure, the final one as
    staff.
    """
    seen, scoring, final = (partial(_of_lines, user, among) for among in (None, SEES_EVALUATORS, READS_ALL_LEVELS))
    scored = ~Q(initial_score=None)
    return assessments.annotate(
        own_count=seen(_count(OWN_ENTRY)),
        filled_count=seen(_count(OWN_ENTRY & ENTERED)),
        line_count=_from_disclosure(seen(_count(Q())), before=scoring(_count(Q()))),
        scored_count=_from_disclosure(seen(_count(scored)), before=scoring(_count(scored))),
        self_total=seen(_total("self_score")),
        hq_total=scoring(_total("hq_score")),
        initial_total=scoring(_total("initial_score")),
        final_total=final(_total("final_score")),
    )


def with_readable_scores(lines, user):
    """Annotate `read_hq_score` and `read_initial_score`: empty on the files on which the person is a party."""
    reported, below = own_files(user)
    own = Q(assessment__participation__agency__in=reported | below)
    return lines.annotate(
        read_hq_score=Case(When(own, then=Value(None)), default=F("hq_score")),
        read_initial_score=Case(When(own, then=Value(None)), default=F("initial_score")),
    )


def _from_disclosure(figure, *, before):
    return Case(When(state__in=DISCLOSED, then=figure), default=before)


def _of_lines(user, among, figure):
    """A figure of an assessment over the lines that the person sees by the roles `among`.

    Where these are whole files no line is asked by itself whether it is seen, which took most of a list's time.
    """
    lines = Line.objects.filter(assessment=OuterRef("pk"), exempt=False).order_by()
    seen = lines.filter(scopes.visible(user, "line", among=among))
    return Case(When(whole_files(user, among=among), then=figure(lines)), default=figure(seen))


def _count(condition):
    def figure(lines):
        counted = lines.filter(condition).values("assessment").annotate(lines=Count("pk")).values("lines")
        return Coalesce(Subquery(counted, output_field=IntegerField()), 0)

    return figure


def _total(column):
    return lambda lines: Subquery(lines.values("assessment").annotate(total=Sum(column)).values("total"))
