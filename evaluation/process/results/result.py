"""Totals, ranks, gates and what is made public (docs/process.md#end, docs/arithmetic.md#totals-and-ranks)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.contrib.auth.models import User
from django.core.files import File
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from evaluation import scoring
from evaluation.enums import (
    AssessmentState,
    CycleKind,
    EndOrder,
    NoticeKind,
    ResultState,
    Role,
    TransferDirection,
    TransferState,
)
from evaluation.models import (
    AgencyResult,
    Assessment,
    Axis,
    AxisResult,
    Committee,
    CommitteeSession,
    Cycle,
    Dimension,
    Line,
    OnBehalf,
    Participation,
    Publication,
    ResultSet,
)
from evaluation.rules.permissions import holds

from .. import audit
from ..assessing import transfer
from ..door import Forbidden, Refusal, check_person, log, perform, transition_of, why_not
from ..files.accept import check_rows
from ..messages import notice

type LinesByAxis = dict[int | None, list[scoring.LineInput]]  # by the key of their axis


class PublicFile(NamedTuple):
    """A file that a publication keeps, with its SHA-256 in hex."""

    kind: str
    name: str
    content: bytes
    sha256: str


@transaction.atomic
def prepare(cycle: Cycle, *, by: User) -> ResultSet:
    """The cycle's result set that is not void, or a new draft."""
    if not holds(by, "compute_resultset", cycle):
        raise Forbidden("compute_resultset")
    if cycle.kind == CycleKind.INTERIM:
        raise Refusal(_("An interim evaluation has no ranking: it gives figures of the axes only."))
    standing = cycle.result_sets.exclude(state=ResultState.VOID).first()
    if standing:
        return standing
    result_set = ResultSet.objects.create(cycle=cycle, number=cycle.result_sets.count() + 1)
    log(result_set, "prepare", target=result_set.state, by=by)
    return result_set


@transaction.atomic
def compute(result_set: ResultSet, *, by: User, note: str = "") -> ResultSet:
    """Totals per dimension and axis, the combined total, growth and ranks of every agency that did not withdraw."""
    result_set = perform(result_set, "compute", by=by, note=note, rule_version=scoring.RULE_VERSION)
    result_set.agency_results.all().delete()
    result_set.axis_results.all().delete()
    sheets, last = lines_by_assessment_and_axis(result_set.cycle), last_totals(result_set.cycle)
    agencies: list[AgencyResult] = []
    axes: list[AxisResult] = []
    for participation, assessments in by_participation(result_set.cycle).items():
        combined = _figures_of(result_set, participation, assessments, sheets, agencies, axes)
        combined.growth = scoring.growth_percent(last.get(participation.agency_id), combined.total)
    rank(agencies)
    AgencyResult.objects.bulk_create(agencies, batch_size=500)
    AxisResult.objects.bulk_create(axes, batch_size=500)
    return result_set


def by_participation(cycle: Cycle) -> dict[Participation, list[Assessment]]:
    """{participation: its assessments, with their dimension and its axes}, those withdrawn left out."""
    by_participation: dict[Participation, list[Assessment]] = {}
    rows = cycle.assessments().exclude(state=AssessmentState.WITHDRAWN).prefetch_related("dimension__axes")
    for assessment in rows.select_related("participation__agency", "participation__peer_group", "dimension"):
        by_participation.setdefault(assessment.participation, []).append(assessment)
    return by_participation


def lines_by_assessment_and_axis(cycle: Cycle) -> dict[int, LinesByAxis]:
    """{assessment pk: its lines by axis}, read in one query."""
    lines = Line.objects.filter(assessment__participation__cycle=cycle).values_list(
        "assessment_id", "pk", "indicator__axis_id", "indicator__parent_id", "indicator__weight",
        "maximum", "final_score", "exempt",
    )  # fmt: skip
    sheets: dict[int, LinesByAxis] = {}
    for assessment, key, axis, parent, weight, maximum, score, exempt in lines:
        sheet = scoring.LineInput(key, maximum, score, exempt, parent, weight if parent else None)
        sheets.setdefault(assessment, {}).setdefault(axis, []).append(sheet)
    return sheets


def dimension_input(assessment: Assessment, lines: LinesByAxis, rule: str) -> scoring.DimensionInput:
    """One assessment as `scoring` totals it. Axes of a specific list carry the points of their lines."""
    axes = {axis.pk: axis for axis in assessment.dimension.axes.all()}
    return scoring.DimensionInput(
        key=assessment.dimension_id,
        maximum=assessment.dimension.maximum,
        axes=tuple(
            scoring.AxisInput(key=axis, maximum=_axis_maximum(axes.get(axis), members), lines=tuple(members))
            for axis, members in sorted(lines.items(), key=lambda item: item[0] or 0)
        ),
        rule=scoring.ExemptionRule(rule),
    )


def _axis_maximum(axis: Axis | None, members: Iterable[scoring.LineInput]) -> Decimal:
    stated = axis.maximum if axis else Decimal(0)
    return stated or sum((member.maximum for member in members), Decimal(0))


def _figures_of(
    result_set: ResultSet,
    participation: Participation,
    assessments: Iterable[Assessment],
    sheets: Mapping[int, LinesByAxis],
    agencies: list[AgencyResult],
    axes: list[AxisResult],
) -> AgencyResult:
    rule, counted, passive = result_set.cycle.exemption_rule, [], False
    for assessment in assessments:
        absent = assessment.state == AssessmentState.ABSENT
        passive = passive or absent
        lines = {} if absent else sheets.get(assessment.pk, {})
        total = scoring.total(dimension_input(assessment, lines, rule))
        agencies.append(_agency_result(result_set, participation, assessment.dimension, total, absent))
        axes += [
            AxisResult(
                result_set=result_set,
                participation=participation,
                axis_id=axis.key,
                raw=axis.raw,
                total=axis.scaled,
                maximum=axis.maximum,
            )
            for axis in total.axes
            if axis.key
        ]
        if assessment.dimension.counts:
            counted.append(total)
    explanation = scoring.explain_combined(counted)
    agencies.append(
        AgencyResult(
            result_set=result_set,
            participation=participation,
            raw=sum((figures.raw for figures in counted), Decimal(0)),
            total=explanation.result if explanation else None,
            maximum=sum((figures.maximum for figures in counted), Decimal(0)),
            exempt_points=sum((figures.exempt_points for figures in counted), Decimal(0)),
            passive=passive,
            explanation=explanation.as_data() if explanation else {},
        )
    )
    return agencies[-1]


def _agency_result(
    result_set: ResultSet,
    participation: Participation,
    dimension: Dimension,
    total: scoring.DimensionFigures,
    absent: bool,
) -> AgencyResult:
    return AgencyResult(
        result_set=result_set,
        participation=participation,
        dimension=dimension,
        raw=total.raw,
        total=total.scaled,
        maximum=total.maximum,
        exempt_points=total.exempt_points,
        passive=absent,
        explanation=total.explanation.as_data() if total.explanation else {},
    )


def last_totals(cycle: Cycle) -> dict[int, Decimal | None]:
    """{agency: its total in the latest earlier cycle of this kind that was announced or published}."""
    earlier = AgencyResult.objects.filter(
        participation__agency__participations__cycle=cycle,
        dimension=None,
        result_set__state__in=ResultState.seen_by_agency(),
        result_set__cycle__kind=cycle.kind,
        result_set__cycle__performance_year__lt=cycle.performance_year,
    ).order_by("result_set__cycle__performance_year")
    return dict(earlier.values_list("participation__agency", "total"))


def rank(results: Sequence[AgencyResult]) -> None:
    """Set ranks, overall and inside the peer group, per dimension and for the combined total.

    Agencies that are not ranked, did not take part, or are wholly exempt in a dimension get none.
    """
    for dimension in {result.dimension_id for result in results}:
        members = [result for result in results if result.dimension_id == dimension and ranked(result)]
        places = scoring.ranks(
            scoring.Entry(result.participation.pk, result.total, result.participation.peer_group_id)
            for result in members
        )
        for member in members:
            if place := places.get(member.participation.pk):
                member.rank, member.group_rank = place.overall, place.in_group


def ranked(result: AgencyResult) -> bool:
    """Whether the result takes part in the ranking."""
    return result.participation.ranked and not result.passive and result.total is not None


# -- gates ----------------------------------------------------------------------------------------


@transaction.atomic
def approve(
    result_set: ResultSet,
    *,
    by: User,
    session: CommitteeSession | None,
    on_behalf: OnBehalf | None = None,
    note: str = "",
) -> ResultSet:
    """Record the council's approval, in a session of this cycle. Raises Refusal without a session, Forbidden."""
    if session is None or session.cycle_id != result_set.cycle_id:
        raise Refusal(_("Name the council's session of this cycle."))
    return perform(result_set, "approve", by=by, on_behalf=on_behalf, note=note, session=session)


@transaction.atomic
def hold_council(
    result_set: ResultSet,
    *,
    by: User,
    committee: Committee,
    number: int,
    held_on: date,
    resolution: str,
    minutes: File | None = None,
    on_behalf: OnBehalf | None = None,
) -> ResultSet:
    """Record the council's session and its approval of the results in one step."""
    step = transition_of(result_set, "approve")
    if step is not None:
        check_person(step.permission, result_set, by, on_behalf)
    held = {"cycle": result_set.cycle, "held_on": held_on, "resolution": resolution, "recorded_by": by}
    held["minutes"] = minutes or ""
    check_rows(CommitteeSession(committee=committee, number=number, **held), by=by)
    session, _created = CommitteeSession.objects.get_or_create(committee=committee, number=number, defaults=held)
    return approve(result_set, by=by, session=session, on_behalf=on_behalf, note=resolution)


def void(result_set: ResultSet, *, by: User, reason: str) -> ResultSet:
    """Void the figures, with a reason."""
    with transaction.atomic():
        result_set = perform(result_set, "void", by=by, note=reason)
        withdraw_reports(result_set, by=by, reason=reason)
        return result_set


def void_standing(cycle: Cycle, *, by: User, reason: str) -> None:
    """Void the cycle's result set after its figures have changed, if there is one."""
    for result_set in cycle.result_sets.exclude(state__in=[ResultState.VOID, ResultState.PUBLISHED]):
        void(result_set, by=by, reason=reason)


def withdraw_reports(result_set: ResultSet, *, by: User, reason: str) -> None:
    """Supersede the transfers that reported these figures, by the account of scheduled work; `by` decided it."""
    reports = result_set.cycle.transfers.filter(direction=TransferDirection.REPORT)
    for report in reports.exclude(state=TransferState.SUPERSEDED):
        transfer.supersede(report, by=audit.scheduler(result_set.cycle.province), reason=reason)


@transaction.atomic
def record_report(result_set: ResultSet, *, by: User, note: str = "") -> ResultSet:
    """Pass the gate of the report. Raises Refusal unless a final report of this cycle was sent and not superseded."""
    check_order(result_set, "record_report")
    sent = result_set.cycle.transfers.filter(
        direction=TransferDirection.REPORT, state__in=[TransferState.SENT, TransferState.RECEIVED]
    ).last()
    if sent is None:
        raise Refusal(_("No final report to the national organization has been sent: prepare and send the transfer."))
    return perform(result_set, "record_report", by=by, note=note, transfer=sent)


def check_order(result_set: ResultSet, gate: str) -> None:
    """Raise Refusal with the gates that come before this one, where any is open."""
    if reasons := why_not(result_set, gate):
        raise Refusal(*reasons)


# -- the public -----------------------------------------------------------------------------------

# Beside agencies and their headquarters, the roles that a publication is told to.
TOLD_IN_THE_PROVINCE = (Role.OBSERVER, Role.COUNCIL, Role.EVALUATOR)


@transaction.atomic
def announce(result_set: ResultSet, *, by: User, note: str = "") -> ResultSet:
    """Announce: each agency and its headquarters may read their own final figures, rank and level."""
    result_set = perform(result_set, "announce", by=by, note=note)
    agencies = [participation.agency for participation in result_set.cycle.participations.select_related("agency")]
    people = notice.people(Role.AGENCY, agency__in=agencies)
    people += notice.people(Role.HEADQUARTERS, headquarters__agencies__in=agencies)
    notice.tell(
        people,
        event=f"announce:{result_set.pk}",
        kind=NoticeKind.RESULTS,
        cycle=result_set.cycle,
        text=lambda: _("The final results of your agency can be seen now."),
    )
    return result_set


@transaction.atomic
def publish(result_set: ResultSet, *, by: User, note: str = "", files: Iterable[PublicFile] = ()) -> ResultSet:
    """Publish: everybody may read all figures. `files` are (kind, name, bytes, SHA-256), made by the reports."""
    result_set = perform(result_set, "publish", by=by, note=note)
    for kind, name, content, sha256 in files:
        Publication.objects.create(
            result_set=result_set, kind=kind, file=ContentFile(content, name=name), sha256=sha256, made_by=by
        )
    cycle = result_set.cycle
    agencies = cycle.participations.values("agency")
    readers = notice.people(Role.AGENCY, agency__in=agencies)
    readers += notice.people(Role.HEADQUARTERS, headquarters__agencies__in=agencies)
    for role in TOLD_IN_THE_PROVINCE:
        readers += notice.people(role, province=cycle.province_id)
    notice.tell(
        readers,
        event=f"publish:{result_set.pk}",
        kind=NoticeKind.RESULTS,
        cycle=cycle,
        text=lambda: _("The results of “%(cycle)s” are published.") % {"cycle": cycle},
    )
    return result_set


def shows_ranks(result_set: ResultSet) -> bool:
    """Whether ranks may be shown: in the Ilam order only after the council has approved."""
    hidden = result_set.cycle.end_order == EndOrder.COUNCIL_BEFORE_RANKING and result_set.council_at is None
    return not hidden
