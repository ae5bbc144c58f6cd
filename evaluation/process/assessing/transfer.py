"""Transfers of files between organizations, each with its items, a package and its SHA-256 (flowcharts 1 and 2)."""

import hashlib
from collections.abc import Collection, Iterable
from datetime import date, datetime

from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from evaluation.enums import AssessmentState, TransferDirection, TransferState
from evaluation.models import Assessment, Cycle, OnBehalf, Transfer, TransferItem
from evaluation.rules.permissions import May, holds

from ..door import Forbidden, Refusal, check_person, counted, log, perform
from . import moves

WANTED = {
    TransferDirection.TO_ARO: AssessmentState.APPROVED,
    TransferDirection.TO_MPO: AssessmentState.SENT,
    TransferDirection.REPORT: AssessmentState.CONFIRMED,
}
TAKEN_ALONG = {  # the state into which sending takes an assessment
    TransferDirection.TO_ARO: AssessmentState.SENT,
    TransferDirection.REPORT: AssessmentState.REPORTED,
}


def waiting(cycles: Cycle | Collection[Cycle], direction: TransferDirection, user: User) -> QuerySet[Assessment]:
    """The assessments of a cycle, or of several, that `user` could put into a transfer of this direction now.

    Those whose turn it is, and those whose transfer was refused or superseded after it had taken them along.
    """
    direction, within = TransferDirection(direction), [cycles] if isinstance(cycles, Cycle) else cycles
    carried = TransferItem.objects.filter(transfer__direction=direction)
    under_way = carried.filter(transfer__state__in=[TransferState.PREPARED, TransferState.SENT])
    standing = carried.filter(transfer__state__in=[TransferState.PREPARED, TransferState.SENT, TransferState.RECEIVED])
    fallen = carried.filter(transfer__state__in=[TransferState.REFUSED, TransferState.SUPERSEDED])  # few, found first
    fresh = Q(state=WANTED[direction]) & ~Q(pk__in=under_way.values("assessment"))
    if direction == TransferDirection.TO_MPO:  # it forwards what it has received itself
        at_aro = TransferItem.objects.filter(
            transfer__direction=TransferDirection.TO_ARO, transfer__state=TransferState.RECEIVED
        )
        fresh &= Q(pk__in=at_aro.values("assessment"))
    stranded = Q(state=TAKEN_ALONG.get(direction, ""), pk__in=fallen.values("assessment"))
    stranded &= ~Q(pk__in=standing.values("assessment"))
    return Assessment.objects.visible_to(user).filter(fresh | stranded, participation__cycle__in=within)


@transaction.atomic
def prepare(
    cycle: Cycle,
    direction: TransferDirection,
    assessments: Iterable[Assessment],
    *,
    by: User,
    on_behalf: OnBehalf | None = None,
    letter_number: str = "",
    letter_date: date | None = None,
) -> Transfer:
    """Put assessments into a new transfer. Raises Refusal for an empty list and for those in another state."""
    transfer = Transfer(
        cycle=cycle, direction=direction, prepared_by=by, letter_number=letter_number, letter_date=letter_date
    )
    if not holds(by, "prepare_transfer") and not by.is_superuser:
        raise Forbidden("prepare_transfer")
    check_person(sending(transfer), transfer, by, on_behalf)
    assessments = list(assessments)
    if not assessments:
        raise Refusal(_("Nothing is ready for a transfer."))
    ready = set(
        waiting(cycle, direction, by)
        .filter(pk__in=[assessment.pk for assessment in assessments])
        .values_list("pk", flat=True)
    )
    if foreign := [assessment for assessment in assessments if assessment.pk not in ready]:
        raise Refusal(
            _("These assessments cannot be put into this transfer now: %(names)s.")
            % {"names": "، ".join(str(assessment) for assessment in foreign[:5])}
        )
    transfer.save()
    TransferItem.objects.bulk_create(
        [TransferItem(transfer=transfer, assessment=assessment) for assessment in assessments]
    )
    log(transfer, "prepare", target=transfer.state, by=by, on_behalf=on_behalf, note=counted(len(assessments)))
    return transfer


def sending(transfer: Transfer) -> May:
    """The permission of sending this transfer."""
    return transfer.send._django_fsm.get_transition(TransferState.PREPARED).permission


def items(transfer: Transfer) -> QuerySet[Assessment]:
    """The assessments of a transfer, as they are now."""
    return Assessment.objects.filter(transfer_items__transfer=transfer).select_related(
        "participation__agency", "participation__cycle", "dimension"
    )


@transaction.atomic
def send(
    transfer: Transfer, *, by: User, package: bytes, sha256: str, on_behalf: OnBehalf | None = None, note: str = ""
) -> Transfer:
    """Send the package (bytes, with their SHA-256 in hex); its assessments move with it. All or nothing."""
    if hashlib.sha256(package).hexdigest() != sha256:
        raise Refusal(
            _("The package does not match its integrity code. Receive it again; if the error returns, tell the sender.")
        )
    file = ContentFile(package, name=f"transfer-{transfer.pk}.zip")
    transfer = perform(transfer, "send", by=by, on_behalf=on_behalf, note=note, package=file, sha256=sha256)
    for assessment in items(transfer).exclude(state=TAKEN_ALONG.get(transfer.direction, "")):
        if transfer.direction == TransferDirection.TO_ARO:
            moves.send(assessment, by=by, on_behalf=on_behalf)
        elif transfer.direction == TransferDirection.REPORT:
            moves.report(assessment, by=by)
    return transfer


@transaction.atomic
def receive(transfer: Transfer, *, by: User, on_behalf: OnBehalf | None = None, note: str = "") -> Transfer:
    """Record the receipt; what comes to the province is received with it."""
    transfer = perform(transfer, "receive", by=by, on_behalf=on_behalf, note=note)
    if transfer.direction == TransferDirection.TO_MPO:
        for assessment in items(transfer):
            moves.receive(assessment, by=by)
    return transfer


@transaction.atomic
def refuse(
    transfer: Transfer, *, by: User, reason: str, on_behalf: OnBehalf | None = None, deadline: datetime | None = None
) -> Transfer:
    """Refuse a package with a reason; files sent to the national organization go back to their agencies."""
    transfer = perform(transfer, "refuse", by=by, on_behalf=on_behalf, note=reason)
    if transfer.direction == TransferDirection.TO_ARO:
        for assessment in items(transfer):
            moves.refuse(assessment, by=by, reason=reason, deadline=deadline, on_behalf=on_behalf)
    return transfer


def supersede(transfer: Transfer, *, by: User, reason: str) -> Transfer:
    """A transfer that no longer counts is superseded, never deleted."""
    return perform(transfer, "supersede", by=by, note=reason)
