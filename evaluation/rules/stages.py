"""When a stage of the cycle may be left (the table of docs/process.md#stages): what is missing, as sentences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from evaluation import scoring
from evaluation.enums import (
    AssessmentState,
    Basis,
    CircularDirection,
    CircularKind,
    CycleKind,
    DimensionKind,
    HearingState,
    ListState,
    Part,
    RankedAmong,
    ResultState,
    Stage,
    WorkshopKind,
)
from evaluation.persian import format_decimal

from . import festival_gate, sentences
from .end import has_results
from .gates import open_gates, required_gates
from .sentences import listed

if TYPE_CHECKING:
    from evaluation.models import Agency, Assessment, Cycle, Dimension, Indicator, ResultSet, SpecificList, StageWindow


def what_is_missing(cycle: Cycle) -> list[str]:
    """Sentences that say what keeps the cycle in its stage; empty when the stage may be left."""
    return LEAVING[Stage(cycle.stage)](cycle)


def draft(cycle: Cycle) -> list[str]:
    """The circular of the national organization is registered; in an interim cycle: groups and assessments stand."""
    if cycle.kind == CycleKind.INTERIM:  # the circular is the main cycle's; scoring is all there is to prepare
        return evaluators(cycle) + no_assessments(cycle)
    incoming = cycle.circulars.filter(direction=CircularDirection.INCOMING, kind=CircularKind.CIRCULAR)
    if incoming.exists():
        return []
    return [_("The circular of the national organization is not registered yet.")]


def circular(cycle: Cycle) -> list[str]:
    """A circular to the agencies is registered, and all of them are sent."""
    issued = cycle.circulars.filter(direction=CircularDirection.OUTGOING)
    if not issued.exists():
        return [_("No circular to the agencies is registered yet.")]
    unsent = issued.filter(sent_at=None)
    if not unsent:
        return []
    return [_("These circulars have not been sent to their recipients yet: %(names)s.") % {"names": listed(unsent)}]


def evaluators(cycle: Cycle) -> list[str]:
    """Every axis and the specific dimension have an evaluator group with a lead."""
    if not cycle.dimensions.exists():
        return [_("The cycle has no dimension yet: import or clone the catalogue first.")]
    led = cycle.evaluator_groups.filter(evaluators__lead=True)
    missing = []
    for dimension in cycle.dimensions.all():
        if dimension.kind == DimensionKind.SPECIFIC:
            if not led.filter(covers_specific=True).exists():
                missing.append(
                    _("No evaluator group with a lead scores the dimension “%(name)s”.") % {"name": dimension}
                )
            continue
        bare = dimension.axes.exclude(pk__in=led.exclude(axes=None).values("axes"))
        if bare:
            missing.append(_("These axes have no evaluator group with a lead: %(names)s.") % {"names": listed(bare)})
    return missing


def participants(cycle: Cycle) -> list[str]:
    """The list of agencies is fixed, and each is in a peer group."""
    missing = []
    if cycle.participants_fixed_at is None:
        missing.append(_("The list of participating agencies is not final yet."))
    alone = cycle.participations.filter(peer_group=None).select_related("agency")
    if alone:
        missing.append(_("These agencies are in no peer group: %(names)s.") % {"names": listed(alone)})
    return missing


def briefing(cycle: Cycle) -> list[str]:
    """A workshop for agencies was held."""
    if cycle.workshops.filter(kind=WorkshopKind.AGENCIES, held_at__isnull=False).exists():
        return []
    return [_("No briefing workshop for the agencies is recorded as held.")]


def indicators(cycle: Cycle) -> list[str]:
    """The general catalogue and the specific list of each ranked agency are frozen."""
    missing = []
    unfrozen = cycle.dimensions.filter(kind=DimensionKind.GENERAL, frozen_at=None)
    if unfrozen:
        missing.append(_("The catalogue is not frozen yet: %(names)s.") % {"names": listed(unfrozen)})
    if cycle.dimensions.filter(kind=DimensionKind.SPECIFIC).exists():
        done = cycle.specific_lists.filter(state=ListState.FROZEN).values("agency")
        waiting = (
            cycle.participations.filter(ranked_among__in=RankedAmong.ranked())
            .exclude(agency__in=done)
            .select_related("agency")
        )
        if waiting:
            missing.append(
                _("The specific lists of these agencies are not frozen: %(names)s.") % {"names": listed(waiting)}
            )
    return missing


def assessments(cycle: Cycle) -> QuerySet[Assessment]:
    """The assessments of the cycle with what their names need."""
    return cycle.assessments().select_related("participation__agency", "dimension")


def self_assessment(cycle: Cycle) -> list[str]:
    """Every self-assessment is submitted, except those of agencies with a running extension."""
    extended = cycle.extensions.filter(stage=Stage.SELF_ASSESSMENT, ends_at__gt=timezone.now()).values("agency")
    waiting = assessments(cycle).filter(state__in=[AssessmentState.NOT_STARTED, AssessmentState.DRAFTING])
    return waiting_for(
        waiting.exclude(participation__agency__in=extended),
        _("These self-assessments are not submitted yet: %(names)s."),
    ) + no_assessments(cycle)


def transfer(cycle: Cycle) -> list[str]:
    """Every assessment is received, absent or withdrawn."""
    return waiting_for(
        assessments(cycle).filter(state__in=AssessmentState.before_receipt()),
        _("These assessments have not been received yet: %(names)s."),
    )


def evaluation(cycle: Cycle) -> list[str]:
    """Every assessment is scored; in an interim cycle also disclosed."""
    before = [*AssessmentState.before_receipt(), AssessmentState.RECEIVED, AssessmentState.UNDER_EVALUATION]
    missing = waiting_for(
        assessments(cycle).filter(state__in=before), _("These assessments are not scored yet: %(names)s.")
    )
    return missing + undisclosed(cycle) if cycle.kind == CycleKind.INTERIM else missing


def undisclosed(cycle: Cycle) -> list[str]:
    """The initial results of every scored assessment are disclosed."""
    return waiting_for(
        assessments(cycle).filter(state=AssessmentState.SCORED),
        _("The initial results of these assessments are not disclosed yet: %(names)s."),
    )


def objection(cycle: Cycle) -> list[str]:
    """Initial results are disclosed, the windows are over but for answers, and the hearings are held."""
    missing = undisclosed(cycle)
    running = running_windows(cycle, Stage.OBJECTION, but=Part.ANSWER)
    if running:
        missing.append(_("These windows are not over yet: %(names)s.") % {"names": listed(running)})
    hearings = cycle.hearings().filter(state=HearingState.PLANNED)
    if hearings:
        missing.append(_("These defence sessions are not held yet: %(names)s.") % {"names": listed(hearings)})
    return missing


def running_windows(cycle: Cycle, stage: Stage, *, but: Part) -> list[StageWindow]:
    """The windows of a stage that are not over yet, in their order, without those of one part."""
    now = timezone.now()
    return [row for row in cycle.windows.all() if row.stage == stage and row.part != but and row.closes_at > now]


def unconfirmed(cycle: Cycle) -> list[str]:
    """Every assessment is confirmed, reported, absent or withdrawn."""
    return unconfirmed_of([cycle])[cycle.pk]


def unconfirmed_of(cycles: Sequence[Cycle]) -> dict[int, list[str]]:
    """{key of a cycle: `unconfirmed`} of at least one cycle; two queries for all."""
    done = [AssessmentState.CONFIRMED, AssessmentState.REPORTED, *AssessmentState.out()]
    files = cycles[0].assessments().model._default_manager.filter(participation__cycle__in=cycles)
    with_files = set(files.order_by().values_list("participation__cycle", flat=True).distinct())
    waiting: dict[int, list[Assessment]] = {}
    for file in files.exclude(state__in=done).select_related("participation__agency", "dimension"):
        waiting.setdefault(file.participation.cycle_id, []).append(file)
    sentence, missing = _("These assessments are not confirmed yet: %(names)s."), {}
    for cycle in cycles:
        missing[cycle.pk] = [] if cycle.pk in with_files else [no_assessment_sentence()]
        if cycle.pk in waiting:
            missing[cycle.pk] = [sentence % {"names": listed(waiting[cycle.pk])}]
    return missing


def ranking(cycle: Cycle) -> list[str]:
    """The results are computed and have passed the gates that the cycle requires."""
    result_set = cycle.result_sets.exclude(state=ResultState.VOID).first()
    if result_set is None or result_set.state in (ResultState.DRAFT, ResultState.COMPUTED):
        missing = unpassed_gates(result_set) if result_set else []
        return missing or [_("The results are not computed yet.")]
    return unpassed_gates(result_set)


def unpassed_gates(result_set: ResultSet) -> list[str]:
    """A sentence for each required gate that the result set has not passed."""
    return open_gates(result_set, required_gates(result_set.cycle))


def festival(cycle: Cycle) -> list[str]:
    """The results are published, and the festival is held and reported where the process template asks for one."""
    published = has_results(cycle, [ResultState.PUBLISHED])
    missing = [] if published else [_("The results are not published yet.")]
    return missing + festival_gate.missing(cycle)


def closed(cycle: Cycle) -> list[str]:
    """An archived cycle is never left."""
    return [str(sentences.ARCHIVED)]


def waiting_for(queryset: QuerySet, sentence: str) -> list[str]:
    """The sentence with the names of these rows, in a list; empty without rows. `sentence` has %(names)s."""
    return [sentence % {"names": listed(queryset)}] if queryset else []


def no_assessments(cycle: Cycle) -> list[str]:
    """A sentence when the cycle has no assessment at all."""
    return [] if assessments(cycle).exists() else [no_assessment_sentence()]


def no_assessment_sentence() -> str:
    """What is said of a cycle without assessments."""
    return _("The cycle has no assessment yet: freeze the catalogue first.")


LEAVING = {
    Stage.DRAFT: draft,
    Stage.CIRCULAR: circular,
    Stage.EVALUATORS: evaluators,
    Stage.PARTICIPANTS: participants,
    Stage.BRIEFING: briefing,
    Stage.INDICATORS: indicators,
    Stage.SELF_ASSESSMENT: self_assessment,
    Stage.TRANSFER: transfer,
    Stage.EVALUATION: evaluation,
    Stage.OBJECTION: objection,
    Stage.CONFIRMATION: unconfirmed,
    Stage.RANKING: ranking,
    Stage.FESTIVAL: festival,
    Stage.CLOSED: closed,
}


# -- catalogue ------------------------------------------------------------------------------------


def catalogue_gaps(cycle: Cycle, *, agency: Agency | None = None) -> list[str]:
    """Where the catalogue of the cycle, or one agency's specific list, does not add up, and by how much."""
    kind = DimensionKind.SPECIFIC if agency else DimensionKind.GENERAL
    return [gap for dimension in cycle.dimensions.filter(kind=kind) for gap in dimension_gaps(dimension, agency=agency)]


def dimension_gaps(dimension: Dimension, *, agency: Agency | None = None) -> list[str]:
    """Sentences about one dimension (of one agency where it is specific)."""
    tops = dimension.indicators.filter(agency=agency, parent=None).prefetch_related("measures")
    return gaps_of(dimension, list(tops), agency=agency)


def indicators_of_lists(lists: Sequence[SpecificList]) -> QuerySet[Indicator]:
    """The indicators of some agencies' specific lists (at least one), without their measures."""
    places = Q(*(Q(cycle=row.cycle_id, agency=row.agency_id) for row in lists), _connector=Q.OR)
    model = lists[0].cycle.indicators.model
    return model._default_manager.filter(places, parent=None)


def gaps_of(dimension: Dimension, tops: Sequence[Indicator], *, agency: Agency | None = None) -> list[str]:
    """`dimension_gaps`, of top indicators that were read before, with their measures."""
    if not tops:
        return [_("“%(name)s” has no indicator.") % {"name": dimension}]
    gaps = [shortfall_sentence(shortfall) for shortfall in scoring.adds_up(catalogue(dimension, tops, agency))]
    if dimension.basis == Basis.WEIGHTS:
        bare = [top for top in tops if not top.weight]
        if bare:
            gaps.append(_("These indicators have no weight: %(names)s.") % {"names": listed(bare)})
    return gaps


def catalogue(dimension: Dimension, tops: Iterable[Indicator], agency: Agency | None) -> scoring.CatalogueDimension:
    """The dimension as `scoring` sees it; a specific list is one axis, since its axes carry no points."""
    if agency is not None:
        axes = [(str(agency), dimension.maximum, tops)]
    else:
        axes = [(axis.title, axis.maximum, [t for t in tops if t.axis_id == axis.pk]) for axis in dimension.axes.all()]
        if loose := [top for top in tops if top.axis_id is None]:
            axes.append((_("Indicators without an axis"), Decimal(0), loose))
    return scoring.CatalogueDimension(
        name=str(dimension),
        maximum=dimension.maximum,
        basis=scoring.Basis(dimension.basis),
        axes=tuple(
            scoring.CatalogueAxis(name, maximum, tuple(catalogue_indicator(indicator) for indicator in members))
            for name, maximum, members in axes
        ),
    )


def catalogue_indicator(indicator: Indicator) -> scoring.CatalogueIndicator:
    """An indicator with its measures, as `scoring` sees it."""
    measures = tuple(
        scoring.CatalogueMeasure(str(measure), measure.weight or Decimal(0)) for measure in indicator.measures.all()
    )
    return scoring.CatalogueIndicator(str(indicator), indicator.points, measures)


def shortfall_sentence(shortfall: scoring.Shortfall) -> str:
    """The sentence about one place that does not add up, with the difference."""
    numbers = {
        "name": shortfall.name,
        "expected": format_decimal(shortfall.expected, None),
        "actual": format_decimal(shortfall.actual, None),
        "difference": format_decimal(abs(shortfall.missing), None),
    }
    if shortfall.missing > 0:
        return _("“%(name)s” must total %(expected)s but totals %(actual)s: %(difference)s is missing.") % numbers
    return _("“%(name)s” must total %(expected)s but totals %(actual)s: %(difference)s too much.") % numbers
