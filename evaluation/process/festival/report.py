"""The report of a festival to the national organization, as a transfer with its receipt (Tehran 22)."""

from datetime import date

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from evaluation.enums import TransferDirection
from evaluation.models import Festival, Transfer

from ..assessing import transfer
from ..door import Refusal, log, perform


@transaction.atomic
def report(
    festival: Festival, *, by: User, letter_number: str, letter_date: date, package: bytes, sha256: str, note: str = ""
) -> Festival:
    """Send the report of the festival: `package` are the bytes of its files, `sha256` their integrity code in hex.

    Raises Refusal for a letter dated in the future, before the ceremony was held and described, and while an earlier
    report stands; and Forbidden.
    """
    if letter_date > timezone.localdate():
        raise Refusal(_("A letter that was sent is not dated in the future."))
    festival = perform(festival, "report", by=by, note=note or letter_number)
    sent = Transfer.objects.create(
        cycle=festival.cycle,
        direction=TransferDirection.FESTIVAL,
        letter_number=letter_number,
        letter_date=letter_date,
        prepared_by=by,
    )
    log(sent, "prepare", target=sent.state, by=by)
    transfer.send(sent, by=by, package=package, sha256=sha256)
    return festival
