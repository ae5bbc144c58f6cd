"""Writing an agency's specific indicators row by row: the proposal, and the province's slice after the finalising."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from evaluation.enums import DimensionKind, ListState, Slice
from evaluation.models import Indicator, OnBehalf, SpecificList

from ..door import Refusal, log
from .indicator import check_proposal

WRITTEN = ("code", "title", "slice", "weight", "unit", "nature", "direction", "target", "evidence_rule", "guide")


@transaction.atomic
def propose(specific_list: SpecificList, *, by: User, on_behalf: OnBehalf | None = None, **fields: Any) -> Indicator:
    """Add one indicator to the list. `fields` are named in WRITTEN. Raises Refusal or Forbidden."""
    specific_list = SpecificList.objects.select_for_update(of=("self",)).get(pk=specific_list.pk)
    cycle = specific_list.cycle
    check_proposal(specific_list, by=by, on_behalf=on_behalf)
    indicator = Indicator(
        cycle=cycle,
        dimension=cycle.dimensions.get(kind=DimensionKind.SPECIFIC),
        agency_id=specific_list.agency_id,
    )
    _write(indicator, specific_list, fields)
    log(specific_list, "propose", by=by, on_behalf=on_behalf, note=str(indicator))
    return indicator


@transaction.atomic
def revise(indicator: Indicator, *, by: User, on_behalf: OnBehalf | None = None, **fields: Any) -> Indicator:
    """Change one indicator of a list that is open for writing; an earlier verdict on it no longer counts."""
    specific_list = _list_of(indicator)
    check_proposal(specific_list, by=by, on_behalf=on_behalf)
    indicator.fit = ""
    _write(indicator, specific_list, fields)
    log(specific_list, "revise", by=by, on_behalf=on_behalf, note=str(indicator))
    return indicator


@transaction.atomic
def drop(indicator: Indicator, *, by: User, on_behalf: OnBehalf | None = None) -> SpecificList:
    """Take one indicator out of a list that is open for writing."""
    specific_list = _list_of(indicator)
    check_proposal(specific_list, by=by, on_behalf=on_behalf)
    _check_slice(specific_list, indicator.slice)
    log(specific_list, "drop", by=by, on_behalf=on_behalf, note=str(indicator))
    indicator.delete()
    return specific_list


def _list_of(indicator: Indicator) -> SpecificList:
    if indicator.agency_id is None:  # a general indicator stands on no list
        raise Refusal(_("This action is not possible in the present state. Reload the page."))
    rows = SpecificList.objects.select_for_update(of=("self",))
    return rows.get(cycle=indicator.cycle_id, agency=indicator.agency_id)


def _check_slice(specific_list: SpecificList, part: Slice) -> None:
    if specific_list.state == ListState.FINALISED and part != Slice.PROVINCIAL:
        raise Refusal(_("The national slice is final; the province writes its own slice only."))


def _write(indicator: Indicator, specific_list: SpecificList, fields: Mapping[str, Any]) -> None:
    _check_slice(specific_list, indicator.slice or fields["slice"])
    for name in WRITTEN:
        if name in fields:
            setattr(indicator, name, fields[name])
    _check_slice(specific_list, indicator.slice)
    if indicator.cycle.indicators.filter(agency=None, code=indicator.code).exists():
        raise Refusal(_("“%(code)s” is the code of a general indicator of this cycle.") % {"code": indicator.code})
    try:
        indicator.full_clean()
    except ValidationError as error:
        raise Refusal(*error.messages) from error
    indicator.save()
