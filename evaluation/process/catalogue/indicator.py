"""The catalogue: cloning, freezing, amending; specific lists."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from evaluation.enums import DimensionKind, FitVerdict, ListState, Part, Role
from evaluation.models import (
    Axis,
    Cycle,
    Dimension,
    Indicator,
    Line,
    OnBehalf,
    SpecificList,
    Target,
)
from evaluation.rules import conditions, sentences, stages
from evaluation.rules.permissions import May, holds
from evaluation.rules.state_words import point_of_view, state_text

from ..door import Forbidden, Refusal, check_person, log, perform
from ..messages import notice
from .lines import generate_lines

CLONED = (
    "code title points weight unit nature direction scale target scorer steward evidence_rule guide "
    "legal_reference legal_basis slice agency"
).split()
PROPOSE = May("propose_specificlist", party=Role.AGENCY)


# -- catalogue ------------------------------------------------------------------------------------


@transaction.atomic
def clone_catalogue(cycle: Cycle, source: Cycle, *, by: User) -> int:
    """Copy dimensions, axes and general indicators of `source` into `cycle`, each remembering its origin.

    Raises Refusal when the cycle has indicators already. Returns the number of indicators.
    """
    if not holds(by, "add_indicator", cycle):
        raise Forbidden("add_indicator")
    if cycle.indicators.exists():
        raise Refusal(_("This cycle has indicators; a catalogue can only be copied into a cycle without indicators."))
    cycle.dimensions.all().delete()
    for dimension in source.dimensions.all():
        _clone_dimension(dimension, cycle)
    count = cycle.indicators.count()
    log(cycle, "clone_catalogue", by=by, note=f"{source} ({count})")
    return count


def _clone_dimension(dimension: Dimension, cycle: Cycle) -> None:
    kept = "code kind title maximum basis national_points provincial_points counts order".split()
    copy = Dimension.objects.create(cycle=cycle, **{name: getattr(dimension, name) for name in kept})
    axes = {
        axis.pk: Axis.objects.create(
            dimension=copy, number=axis.number, title=axis.title, maximum=axis.maximum, origin=axis
        )
        for axis in dimension.axes.all()
    }
    general = dimension.indicators.filter(agency=None)
    _clone_indicators(general, cycle=cycle, dimension=copy, axes=axes)


def clone_proposals(cycle: Cycle, source: Cycle) -> int:
    """Copy the specific indicators of the agencies that are active, with their origins, as proposals of `cycle`.

    Returns the number of indicators.
    """
    before = cycle.indicators.count()
    dimensions = {dimension.code: dimension for dimension in cycle.dimensions.all()}
    for dimension in source.dimensions.filter(kind=DimensionKind.SPECIFIC):
        own = dimension.indicators.filter(agency__active=True)
        _clone_indicators(own, cycle=cycle, dimension=dimensions[dimension.code], axes={})
    return cycle.indicators.count() - before


def _clone_indicators(
    indicators: QuerySet[Indicator], *, cycle: Cycle, dimension: Dimension, axes: Mapping[int, Axis]
) -> dict[int, Indicator]:
    copies: dict[int, Indicator] = {}
    for indicator in [*indicators.filter(parent=None), *indicators.exclude(parent=None)]:
        copies[indicator.pk] = Indicator.objects.create(
            cycle=cycle,
            dimension=dimension,
            axis=axes.get(indicator.axis_id),
            parent=copies.get(indicator.parent_id),
            origin=indicator,
            **{name: getattr(indicator, name) for name in CLONED},
        )
    return copies


@transaction.atomic
def freeze(dimension: Dimension, *, by: User) -> Dimension:
    """Freeze a general catalogue that adds up; every agency gets its lines. Raises Refusal naming each gap."""
    dimension = Dimension.objects.select_for_update(of=("self",)).get(pk=dimension.pk)
    if not holds(by, "freeze_dimension", dimension):
        raise Forbidden("freeze_dimension")
    if dimension.kind == DimensionKind.SPECIFIC:
        raise Refusal(_("Specific indicators are frozen list by list, agency by agency."))
    if dimension.frozen_at:
        raise Refusal(_("This catalogue is frozen already."))
    if gaps := stages.dimension_gaps(dimension):
        raise Refusal(*gaps)
    dimension.frozen_at, dimension.frozen_by = timezone.now(), by
    dimension.save(update_fields=["frozen_at", "frozen_by"])
    log(dimension, "freeze", by=by)
    generate_lines(dimension.cycle.participations.all(), dimension)
    return dimension


AMENDABLE = ("title target unit guide legal_reference legal_basis evidence_rule scorer steward direction").split()


def affected_lines(indicator: Indicator) -> QuerySet[Line]:
    """The lines that an amendment touches: those not confirmed yet."""
    return Line.objects.filter(indicator=indicator, final_score=None).select_related(
        "assessment__participation__agency"
    )


@transaction.atomic
def amend(indicator: Indicator, *, by: User, reason: str, **changes: Any) -> Indicator:
    """Change an indicator after the freeze: a reason, a log row, and its target on the lines nobody has scored yet.

    `changes` are fields named in AMENDABLE. Raises Refusal for a missing reason, unknown fields and bad targets.
    """
    if not holds(by, "amend_indicator", indicator):
        raise Forbidden("amend_indicator")
    if not reason.strip():
        raise Refusal(sentences.REASON_NEEDED)
    if foreign := set(changes) - set(AMENDABLE):
        raise Refusal(_("These fields cannot be amended after the freeze: %(names)s.") % {"names": "، ".join(foreign)})
    indicator = Indicator.objects.select_for_update(of=("self",)).get(pk=indicator.pk)
    before = indicator.target
    for name, value in changes.items():
        setattr(indicator, name, value)
    indicator.save()
    if "target" in changes and changes["target"] != before:
        own = Target.objects.filter(indicator=indicator).exclude(target=None).values("agency")
        open_lines = affected_lines(indicator).filter(initial_score=None, target=before)
        open_lines = open_lines.exclude(assessment__participation__agency__in=own)
        for line in open_lines:
            line.target = indicator.target
            line.version += 1
        Line.objects.bulk_update(open_lines, ["target", "version"])
    log(indicator, "amend", by=by, note=reason)
    return indicator


# -- specific lists -------------------------------------------------------------------------------


def open_lists(cycle: Cycle) -> None:
    """A specific list for each participating agency; nothing is made twice."""
    if not cycle.dimensions.filter(kind=DimensionKind.SPECIFIC).exists():
        return
    for participation in cycle.participations.all():
        SpecificList.objects.get_or_create(cycle=cycle, agency_id=participation.agency_id)


def check_proposal(specific_list: SpecificList, *, by: User, on_behalf: OnBehalf | None = None) -> None:
    """Raise unless `by` may write the agency's specific indicators now (forms and imports alike)."""
    if specific_list.state == ListState.FINALISED:
        check_person(May("slice_specificlist"), specific_list, by, on_behalf)
        check_window(specific_list, Part.SLICE)
        return
    if specific_list.state != ListState.DRAFTING:
        raise Refusal(
            _("The specific list of “%(name)s” is in the state “%(state)s” and is not open for writing.")
            % {"name": specific_list.agency, "state": state_text(specific_list, point_of_view(by))}
        )
    check_person(PROPOSE, specific_list, by, on_behalf)
    check_window(specific_list, Part.PROPOSE)


def check_window(specific_list: SpecificList, part: Part) -> None:
    """Raise Refusal unless the window of this part is open for the list's agency."""
    if reasons := conditions.list_window(part).reasons(specific_list):
        raise Refusal(*reasons)


def endorse(
    specific_list: SpecificList, *, by: User, on_behalf: OnBehalf | None = None, note: str = ""
) -> SpecificList:
    """The headquarters endorses the agency's proposal."""
    return perform(specific_list, "endorse", by=by, on_behalf=on_behalf, note=note)


def send_list(
    specific_list: SpecificList, *, by: User, on_behalf: OnBehalf | None = None, note: str = ""
) -> SpecificList:
    """Send the list to the national organization."""
    return perform(specific_list, "send", by=by, on_behalf=on_behalf, note=note)


def finalise(
    specific_list: SpecificList, *, by: User, on_behalf: OnBehalf | None = None, note: str = ""
) -> SpecificList:
    """The national organization finalises the list; the agency, its headquarters and staff are told."""
    with transaction.atomic():
        specific_list = perform(specific_list, "finalise", by=by, on_behalf=on_behalf, note=note)
        tell_of_list(
            specific_list,
            "finalised",
            text=lambda: (
                _("The national organization finalised the specific indicators of “%(agency)s”.")
                % {"agency": specific_list.agency}
            ),
        )
    return specific_list


def tell_of_list(specific_list: SpecificList, step: str, *, text: Callable[[], str]) -> None:
    """Tell the agency, its headquarters and the staff of the province of a step of the national organization."""
    agency, province = specific_list.agency, specific_list.cycle.province_id
    people = [*notice.of_agencies([agency]), *notice.people(Role.EXPERT, province=province)]
    event = f"list:{specific_list.pk}:{step}:{timezone.now().isoformat()}"
    notice.tell(people, event=event, cycle=specific_list.cycle, text=text)


def take_last_years_list(specific_list: SpecificList) -> None:
    """Replace the proposal by the agency's indicators of its latest earlier cycle, where there are any."""
    cycle = specific_list.cycle
    earlier = Indicator.objects.filter(
        agency=specific_list.agency_id, cycle__performance_year__lt=cycle.performance_year
    ).order_by("-cycle__performance_year")
    if not earlier:
        return
    dimension = cycle.dimensions.get(kind=DimensionKind.SPECIFIC)
    cycle.indicators.filter(agency=specific_list.agency_id).delete()
    _clone_indicators(earlier.filter(cycle=earlier[0].cycle_id), cycle=cycle, dimension=dimension, axes={})


def return_list(
    specific_list: SpecificList, *, by: User, reason: str, on_behalf: OnBehalf | None = None
) -> SpecificList:
    """Send the list back to drafting, with a reason, of which the agency, its headquarters and staff are told."""
    with transaction.atomic():
        specific_list = perform(specific_list, "return_", by=by, on_behalf=on_behalf, note=reason)
        tell_of_list(
            specific_list,
            "returned",
            text=lambda: (
                _("The list of specific indicators of “%(agency)s” was returned: %(reason)s")
                % {"agency": specific_list.agency, "reason": reason}
            ),
        )
    return specific_list


def add_slice(specific_list: SpecificList, *, by: User, note: str = "") -> SpecificList:
    """Close the writing of the province's slice of the list."""
    return perform(specific_list, "add_slice", by=by, note=note)


@transaction.atomic
def judge(indicator: Indicator, *, verdict: FitVerdict, by: User, reason: str = "", document: str = "") -> Indicator:
    """The specific evaluators' verdict on one indicator: fit, not fit or revise, with reason and document cited."""
    specific_list = SpecificList.objects.get(cycle=indicator.cycle_id, agency=indicator.agency_id)
    if not holds(by, "review_specificlist", specific_list):
        raise Forbidden("review_specificlist")
    if verdict != FitVerdict.FIT and not reason.strip():
        raise Refusal(_("Give a reason for a verdict other than “fits”."))
    indicator.fit, indicator.fit_reason, indicator.fit_document = verdict, reason, document
    indicator.save(update_fields=["fit", "fit_reason", "fit_document"])
    log(indicator, "judge", target=str(verdict), by=by, note=reason)
    return indicator


@transaction.atomic
def review(specific_list: SpecificList, *, by: User, note: str = "", all_fit: bool = False) -> SpecificList:
    """Finish the review; `all_fit` passes the indicators that nobody has judged yet."""
    if all_fit and holds(by, "review_specificlist", specific_list):
        specific_list.cycle.indicators.filter(agency=specific_list.agency_id, fit="").update(fit=FitVerdict.FIT)
    return perform(specific_list, "review", by=by, note=note)


@transaction.atomic
def freeze_list(specific_list: SpecificList, *, by: User, note: str = "") -> SpecificList:
    """Freeze the list; the agency gets its lines."""
    specific_list = perform(specific_list, "freeze", by=by, note=note)
    cycle = specific_list.cycle
    participations = cycle.participations.filter(agency=specific_list.agency_id)
    if participations:
        generate_lines(participations, cycle.dimensions.get(kind=DimensionKind.SPECIFIC))
    tell_frozen([specific_list])
    return specific_list


def tell_frozen(lists: Sequence[SpecificList]) -> None:
    """Tell the people of agencies that their specific lists are frozen."""
    people = notice.people_of(Role.AGENCY, "agency", [specific_list.agency_id for specific_list in lists])
    notice.tell_many(
        notice.Tiding(
            people.get(specific_list.agency_id, []),
            event=f"list:{specific_list.pk}:{specific_list.frozen_at.isoformat()}",
            cycle=specific_list.cycle,
            text=lambda: _("The final list of your specific indicators is ready: please acknowledge it."),
        )
        for specific_list in lists
    )


@transaction.atomic
def acknowledge(specific_list: SpecificList, *, by: User, on_behalf: OnBehalf | None = None) -> SpecificList:
    """Record that the agency has seen its final list; a second call changes nothing. Raises Refusal, Forbidden."""
    specific_list = SpecificList.objects.select_for_update(of=("self",)).get(pk=specific_list.pk)
    check_person(May("acknowledge_specificlist", party=Role.AGENCY), specific_list, by, on_behalf)
    if specific_list.state != ListState.FROZEN:
        raise Refusal(_("Only a frozen list is acknowledged."))
    if specific_list.acknowledged_at is None:
        specific_list.acknowledged_at, specific_list.acknowledged_by = timezone.now(), by
        specific_list.save(update_fields=["acknowledged_at", "acknowledged_by"])
        log(specific_list, "acknowledge", by=by, on_behalf=on_behalf)
    return specific_list
