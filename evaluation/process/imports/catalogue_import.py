"""What workbooks of agencies and of the catalogue write, each with the rights and the states that it asks for."""

from collections.abc import Iterable, Mapping, Sequence

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from evaluation.enums import ListState, Role, Slice
from evaluation.models import Agency, Axis, Cycle, Dimension, Headquarters, Indicator, OnBehalf, Province, SpecificList
from evaluation.rules.permissions import holds
from evaluation.rules.roles import memberships_of

from ..catalogue import indicator as indicator_verbs
from ..door import Forbidden, Refusal, log

ROWS_PER_STATEMENT = 400
# Every column of an agency but its key, its place and whether it is active.
NOT_IMPORTED = {"id", "province", "code", "active", "search_key"}
AGENCY_FIELDS = tuple(field.name for field in Agency._meta.concrete_fields if field.name not in NOT_IMPORTED)
INDICATOR_FIELDS = (
    "axis parent title points weight unit nature direction scale target scorer steward evidence_rule guide "
    "legal_basis slice"
).split()


# -- agencies -------------------------------------------------------------------------------------


def may_import_agencies(by: User, province: Province | None) -> bool:
    """Whether an active membership lets the person import agencies into this province."""
    if by.is_superuser:
        return True
    here = {membership.role for membership in memberships_of(by) if province and membership.province_id == province.pk}
    return holds(by, "import_agency", among=here)


@transaction.atomic
def write_agencies(
    province: Province,
    *,
    new: Sequence[Agency],
    changed: Sequence[Agency],
    headquarters: Iterable[Headquarters],
    by: User,
) -> None:
    """Save agencies of one province; `headquarters` are those that the workbook named first. Raises Forbidden."""
    if not may_import_agencies(by, province):
        raise Forbidden("import_agency")
    number = Headquarters.objects.count()
    for body in headquarters:
        while Headquarters.objects.filter(code=(code := f"HQ-{number + 1:02}")).exists():
            number += 1
        body.code, number = code, number + 1
        body.save()
    Agency.objects.bulk_create(new, batch_size=ROWS_PER_STATEMENT)
    Agency.objects.bulk_update(changed, AGENCY_FIELDS, batch_size=ROWS_PER_STATEMENT)


# -- indicators -----------------------------------------------------------------------------------


def check_catalogue(dimension: Dimension) -> None:
    """Raise Refusal when a dimension's catalogue is frozen: the verb then is `amend`."""
    if dimension.frozen_at:
        raise Refusal(
            _("The catalogue of “%(name)s” is frozen. A change goes through “Amend” on the indicator, with a reason.")
            % {"name": dimension}
        )


def check_slice(specific_list: SpecificList, indicator: Indicator) -> None:
    """Raise Refusal for an indicator of the nation's slice on a list that the national organization finalised."""
    if specific_list.state == ListState.FINALISED and indicator.slice != Slice.PROVINCIAL:
        raise Refusal(
            _("The list of “%(name)s” is finalised: only the provincial slice is open.")
            % {"name": specific_list.agency}
        )


@transaction.atomic
def write_catalogue(
    cycle: Cycle,
    *,
    axes: Sequence[Axis],
    changed_axes: Sequence[Axis],
    new: Sequence[Indicator],
    changed: Sequence[Indicator],
    by: User,
) -> None:
    """Save axes and general indicators, parents before measures. Raises Forbidden, or Refusal after the freeze."""
    if not holds(by, "import_indicator", cycle, among=Role.mpo()):
        raise Forbidden("import_indicator")
    dimensions = {row.dimension for row in (*axes, *changed_axes, *new, *changed)}
    for dimension in dimensions:
        dimension.refresh_from_db(fields=["frozen_at"])
        check_catalogue(dimension)
    Axis.objects.bulk_create(axes)
    Axis.objects.bulk_update(changed_axes, ["maximum"])
    save_indicators(new, changed)


@transaction.atomic
def write_specific(
    lists: Mapping[int, SpecificList],
    *,
    new: Sequence[Indicator],
    changed: Sequence[Indicator],
    by: User,
    on_behalf: OnBehalf | None = None,
) -> None:
    """Save specific indicators on lists that are open to the person. `lists`: {agency id: SpecificList}."""
    if not holds(by, "import_indicator"):
        raise Forbidden("import_indicator")
    touched = {indicator.agency_id for indicator in (*new, *changed)}
    for agency in touched:
        indicator_verbs.check_proposal(lists[agency], by=by, on_behalf=on_behalf)
    for indicator in (*new, *changed):
        check_slice(lists[indicator.agency_id], indicator)
    save_indicators(new, changed)
    for agency in touched:
        log(lists[agency], "import", target=lists[agency].state, by=by, on_behalf=on_behalf)


def save_indicators(new: Sequence[Indicator], changed: Sequence[Indicator]) -> None:
    """Save indicators in bulk, parents before their measures."""
    Indicator.objects.bulk_create(
        [indicator for indicator in new if indicator.parent is None], batch_size=ROWS_PER_STATEMENT
    )
    Indicator.objects.bulk_create(
        [indicator for indicator in new if indicator.parent is not None], batch_size=ROWS_PER_STATEMENT
    )
    Indicator.objects.bulk_update(changed, INDICATOR_FIELDS, batch_size=ROWS_PER_STATEMENT)
