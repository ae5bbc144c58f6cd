"""Qazvin's two phases: an interim evaluation beside its main cycle, on a short path (docs/process.md#stages)."""

from datetime import date

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from evaluation.enums import CycleKind, DimensionKind, Ground, LevelSource, RankedAmong, Stage
from evaluation.models import Axis, Cycle, EvaluatorGroup, Indicator, PeerGroup, ProcessTemplate, Target
from evaluation.rules.permissions import holds

from ..assessing import moves
from ..catalogue import indicator
from ..door import Forbidden, Refusal, log
from . import checklist, evaluator_group
from . import cycle as cycle_verbs

SETTINGS = (
    *("exemption_rule", "over_maximum", "objection_only_up", "different_decider", "sender"),
    *("strength_from", "weakness_below", "gains_named", "median_from"),  # what half-time cards say
    *("top_count", "top_percent", "weak_percent"),  # who is named at half-time
)


@transaction.atomic
def make_interim(
    cycle: Cycle, *, title: str, period_start: date, period_end: date, by: User, template: ProcessTemplate | None = None
) -> Cycle:
    """An interim cycle of `cycle`: its general catalogue with origins, its agencies and its groups, on the short path.

    No self-assessment is entered: every assessment is received at once and waits for the evaluators. `period_start`
    and `period_end` are dates within the main cycle's period. Raises Forbidden, and Refusal naming what is missing.
    """
    if not holds(by, "add_cycle", cycle):
        raise Forbidden("add_cycle")
    check_main(cycle, period_start, period_end)
    interim = Cycle.objects.create(
        province=cycle.province,
        performance_year=cycle.performance_year,
        kind=CycleKind.INTERIM,
        main_cycle=cycle,
        title=title,
        period_start=period_start,
        period_end=period_end,
        report_required=False,
        level_source=LevelSource.NONE,
        **{name: getattr(cycle, name) for name in SETTINGS},
    )
    take_path(interim, template)
    take_catalogue(interim, cycle, by=by)
    take_participants(interim, cycle, by=by)
    take_groups(interim, cycle, by=by)
    for dimension in interim.dimensions.all():
        indicator.freeze(dimension, by=by)
    for assessment in interim.assessments():
        moves.receive(assessment, by=by, ground=Ground.INTERIM)
    log(cycle, "make_interim", by=by, note=str(interim))
    return interim


def check_main(cycle: Cycle, period_start: date, period_end: date) -> None:
    """Raise Refusal unless the cycle can have an interim evaluation over this period."""
    if cycle.kind != CycleKind.ANNUAL:
        raise Refusal(_("An interim evaluation is made beside an annual cycle."))
    if not cycle.dimensions.filter(kind=DimensionKind.GENERAL, frozen_at__isnull=False).exists():
        raise Refusal(_("The general catalogue of the main cycle is not frozen yet; the interim evaluation copies it."))
    if not cycle.participants_fixed_at:
        raise Refusal(_("The list of participating agencies is not final yet."))
    if not cycle.period_start <= period_start < period_end <= cycle.period_end:
        raise Refusal(_("The interim period must lie within the period of the main cycle."))
    same = {"kind": CycleKind.INTERIM, "period_start": period_start, "period_end": period_end}
    if cycle.interims.filter(**same).exists():
        raise Refusal(_("This province already has such a cycle for this year and period."))


def take_path(interim: Cycle, template: ProcessTemplate | None) -> None:
    """The short path, and the checklist of the template's interim phase."""
    if template:
        checklist.take_template(interim, template)
    path = (Stage.DRAFT, Stage.EVALUATION, Stage.CLOSED)
    interim.skipped = [str(stage) for stage in Stage if stage not in path]
    interim.save(update_fields=["skipped"])
    for step in interim.steps.exclude(stage__in=path):
        step.stage = Stage.EVALUATION
        step.save(update_fields=["stage"])


def take_catalogue(interim: Cycle, cycle: Cycle, *, by: User) -> None:
    """The general indicators with their origins, and the targets that single agencies were given."""
    indicator.clone_catalogue(interim, cycle, by=by)
    interim.dimensions.filter(kind=DimensionKind.SPECIFIC).delete()
    copies = {copy.origin_id: copy for copy in Indicator.objects.filter(cycle=interim)}
    own = Target.objects.filter(indicator__in=copies)
    Target.objects.bulk_create(
        Target(indicator=copies[row.indicator_id], agency_id=row.agency_id, target=row.target, baseline=row.baseline)
        for row in own
    )


def take_participants(interim: Cycle, cycle: Cycle, *, by: User) -> None:
    """The agencies of the main cycle in its peer groups."""
    taking_part = list(cycle.participations.select_related("agency", "peer_group"))
    groups = {
        group.pk: PeerGroup.objects.create(cycle=interim, title=group.title, order=group.order)
        for group in cycle.peer_groups.all()
    }
    cycle_verbs.fix_participants(interim, by=by, agencies=[row.agency for row in taking_part])
    for row in taking_part:
        own = interim.participations.filter(agency=row.agency_id)
        own.update(peer_group=groups.get(row.peer_group_id), ranked_among=RankedAmong.NOBODY)
    interim.peer_groups.filter(participations=None).exclude(pk__in=[group.pk for group in groups.values()]).delete()


def take_groups(interim: Cycle, cycle: Cycle, *, by: User) -> None:
    """The evaluators' groups with their axes and seats."""
    axes = {axis.origin_id: axis for axis in Axis.objects.filter(dimension__cycle=interim)}
    for group in EvaluatorGroup.objects.filter(cycle=cycle).prefetch_related("axes", "agencies", "evaluators__user"):
        own = [axes[axis.pk] for axis in group.axes.all() if axis.pk in axes]
        if not own:
            continue
        copy = evaluator_group.form_group(
            interim, title=group.title, by=by, axes=own, lead_body=group.lead_body, agencies=group.agencies.all()
        )
        for seat in group.evaluators.all():
            evaluator_group.seat(copy, seat.user, by=by, lead=seat.lead, represents=seat.represents)
