"""Nominations as a workbook brings them: many rows at once, of one agency or of many."""

from collections.abc import Sequence

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from evaluation.enums import NomineeOrigin
from evaluation.models import Festival, ImportRun, Nominee, OnBehalf

from ..door import Refusal, lock, log
from .nomination import check_kind, check_nominator, check_nominee

COLUMNS = ("kind", "part", "agency", "name", "members", "reason", "figure")


@transaction.atomic
def write_nominations(
    festival: Festival,
    *,
    new: Sequence[Nominee],
    changed: Sequence[Nominee],
    by: User,
    on_behalf: OnBehalf | None = None,
) -> None:
    """Save nominations of agencies; `new` are not saved yet. Window, person and award are asked as the form asks them.

    Raises Refusal and Forbidden. The caller makes sure that nobody is nominated twice.
    """
    festival, rows = lock(Festival, festival.pk), [*new, *changed]
    for agency in {row.agency_id: row.agency for row in rows}.values():
        check_nominator(festival, agency, by=by, on_behalf=on_behalf)
    for kind in {row.kind_id: row.kind for row in rows}.values():
        check_kind(festival, kind, origin=NomineeOrigin.AGENCY)
    for row in rows:
        check_nominee(row)
        row.save()
    for row in new:
        log(row, "nominate", by=by, on_behalf=on_behalf)
    for row in changed:
        log(row, "revise_nominee", by=by, on_behalf=on_behalf)


def nominee_open(nominee: Nominee, run: ImportRun) -> None:
    """Raise unless whoever undoes the import may still change this nomination: the gate of the undoing."""
    if nominee.agency is None:
        raise Refusal(_("This candidate was not nominated by an agency."))
    check_nominator(nominee.festival, nominee.agency, by=run.asked_by, on_behalf=run.on_behalf_of)
