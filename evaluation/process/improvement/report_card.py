"""The report card of an agency, of the year or at half-time: read and acknowledged by it, and a meeting about it."""

from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from evaluation.enums import CycleKind, ResultState, Role, SnapshotPart
from evaluation.models import CardReceipt, OnBehalf, Participation, ResultSet, Snapshot, TransitionLog
from evaluation.rules.permissions import May

from ..door import Refusal, check_person, lock, log
from ..messages import notice
from . import half_time
from .staff import staff_of

ACKNOWLEDGE = May("acknowledge_cardreceipt", party=Role.AGENCY)


def announced_results(participation: Participation) -> ResultSet | None:
    """The result set whose figures of this agency are open to it, or None."""
    rows = ResultSet.objects.filter(cycle=participation.cycle_id, state__in=ResultState.seen_by_agency())
    return rows.filter(agency_results__participation=participation).distinct().first()


def receipt_of(participation: Participation) -> CardReceipt | None:
    """The receipt of the agency's report card, or None."""
    return CardReceipt.objects.filter(participation=participation).select_related("acknowledged_by").first()


def figures_code(result_set: ResultSet) -> str:
    """The integrity code of the figures that stand; an erratum gives new ones, to be read again."""
    rows = Snapshot.objects.filter(result_set=result_set, part=SnapshotPart.FIGURES).order_by("-number")
    return rows.values_list("sha256", flat=True).first() or ""


def code_to_read(participation: Participation) -> str | None:
    """The integrity code of the figures of the card that is open to the agency, or None while there is no card."""
    if participation.cycle.kind == CycleKind.INTERIM:
        return half_time.code_to_read(participation)
    results = announced_results(participation)
    return None if results is None else figures_code(results)


def no_card(participation: Participation) -> Refusal:
    """The refusal that says when there will be a card to read."""
    if participation.cycle.kind == CycleKind.INTERIM:
        return Refusal(_("There is no card yet: it can be read when the interim scores of the agency are disclosed."))
    return Refusal(_("There is no report card yet: it can be read when the results are announced."))


def waits(participation: Participation) -> bool:
    """Whether there is a card that the agency has not acknowledged."""
    code = code_to_read(participation)
    return code is not None and not is_read(receipt_of(participation), code)


@transaction.atomic
def ask_for_meeting(
    participation: Participation, *, by: User, note: str = "", on_behalf: OnBehalf | None = None
) -> Participation:
    """The agency asks for a meeting about its card: staff are told, once a day, and record the meeting as a visit.

    Raises Forbidden, and Refusal while there is no card or without what the meeting should be about.
    """
    check_person(ACKNOWLEDGE, participation, by, on_behalf)
    if code_to_read(participation) is None:
        raise no_card(participation)
    if not note.strip():
        raise Refusal(_("Write what the meeting should be about."))
    log(participation, "ask_for_meeting", by=by, on_behalf=on_behalf, note=note)
    words = {"agency": participation, "note": note}
    notice.tell(
        staff_of(participation.cycle),
        event=f"meeting:{participation.pk}:{timezone.localdate()}",
        cycle=participation.cycle,
        text=lambda: _("“%(agency)s” asks for a meeting about its report card: %(note)s") % words,
    )
    return participation


def meetings_asked_for() -> QuerySet[TransitionLog]:
    """The log rows of agencies that asked for a meeting about their card; `object_id` is their participation."""
    kind = ContentType.objects.get_for_model(Participation)
    return TransitionLog.objects.filter(content_type=kind, name="ask_for_meeting")


def is_asked_for(participation: int) -> bool:
    """Whether this agency in a cycle (its key) asked for a meeting: it is recorded as a visit, also in the archive."""
    return meetings_asked_for().filter(object_id=participation).exists()


def is_read(receipt: CardReceipt | None, code: str) -> bool:
    """Whether the agency acknowledged the figures of this integrity code."""
    return receipt is not None and receipt.sha256 == code


@transaction.atomic
def acknowledge(
    participation: Participation,
    *,
    by: User,
    comment: str = "",
    may_be_named: bool = False,
    on_behalf: OnBehalf | None = None,
) -> CardReceipt:
    """The agency has read its report card; the provincial organization records it by a letter.

    A second acknowledgement of the same figures changes nothing. Raises Forbidden, and Refusal while there is no card.
    """
    participation = lock(Participation, participation.pk)
    check_person(ACKNOWLEDGE, participation, by, on_behalf)
    receipt, code = receipt_of(participation), code_to_read(participation)
    if code is None:
        raise no_card(participation)
    if receipt is not None and is_read(receipt, code):
        return receipt
    receipt, _made = CardReceipt.objects.update_or_create(
        participation=participation,
        defaults={
            "sha256": code,
            "comment": comment,
            "may_be_named": may_be_named,
            "acknowledged_at": timezone.now(),
            "acknowledged_by": by,
        },
    )
    log(participation, "acknowledge_card", by=by, on_behalf=on_behalf, note=comment)
    return receipt
