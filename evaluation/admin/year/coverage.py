"""Who scores what in a cycle: axes without a group and groups without a lead, above the list of groups."""

from django.db.models import Prefetch

from evaluation.enums import DimensionKind
from evaluation.models import Axis, Dimension, Evaluator, EvaluatorGroup

from ..current import current_cycles
from ..labels import person


def coverage(cycle):
    """The cycle's axes and specific dimensions with their groups, as `coverage.html` shows them; five queries."""
    leads = Prefetch("evaluators", Evaluator.objects.filter(lead=True).select_related("user"))
    groups = list(EvaluatorGroup.objects.filter(cycle=cycle).prefetch_related("axes", leads))
    axes = Axis.objects.filter(dimension__cycle=cycle, dimension__kind=DimensionKind.GENERAL)
    rows = [row(axis, [group for group in groups if axis in group.axes.all()]) for axis in axes]
    for dimension in Dimension.objects.filter(cycle=cycle, kind=DimensionKind.SPECIFIC):
        rows.append(row(dimension, [group for group in groups if group.covers_specific]))
    return {"cycle": cycle, "rows": rows, "bare": [part for part in rows if not part["led"]]}


def row(part, groups):
    shown_groups = [{"title": group.title, "pk": group.pk, "lead": lead_of(group)} for group in groups]
    return {"title": str(part), "groups": shown_groups, "led": any(group["lead"] for group in shown_groups)}


def lead_of(group):
    leads = list(group.evaluators.all())
    return person(leads[0].user) if leads else ""


class CoverageMixin:
    """Adds the coverage of the person's present cycle above a list. Needs nothing of its class."""

    list_before_template = "admin/evaluation/year/coverage.html"

    def changelist_view(self, request, extra_context=None):
        cycles = current_cycles(request.user)
        panel = {"coverage": coverage(cycles[0])} if cycles else {}
        return super().changelist_view(request, {**(extra_context or {}), **panel})
