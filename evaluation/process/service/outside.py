"""The service desk before log-in: limits for each address, and tickets whose asker shows a number and a code.

Nothing that is asked here says whether a number, an account or a person exists: an unknown number and a wrong code get
the same answer.
"""

import datetime
import ipaddress
import re
import secrets
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from evaluation.models import OutsideRequest, Province, Ticket
from evaluation.persian import to_latin_digits

from ..door import Refusal
from .desk import open_provinces
from .ticket import file_ticket

CODE_DIGITS = 12
FILE, LOOK_UP, WRITE = "file", "look_up", "write"
HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)
LIMITS = {FILE: (5, HOUR), LOOK_UP: (10, HOUR), WRITE: (20, HOUR)}  # requests of one address
MAX_FILED = (200, DAY)  # tickets of all addresses together: a flood from many of them fills no table
KEPT_FOR = DAY
IPV6_NETWORK = 64  # bits that one subscriber has; the rest of an address is theirs to change


class TooMany(Refusal):
    """The address has asked too often; it is answered again later."""


def address_key(address: str) -> str:
    """What is kept of an address: a keyed sum, of an IPv6 address that of its network."""
    try:
        parsed = ipaddress.ip_address(address.strip())
    except ValueError:
        return salted_hmac("desk.address", address, algorithm="sha256").hexdigest()
    if parsed.version == 6:
        parsed = ipaddress.ip_network((parsed, IPV6_NETWORK), strict=False).network_address
    return salted_hmac("desk.address", str(parsed), algorithm="sha256").hexdigest()


@transaction.atomic
def count(action: str, address: str, at: datetime.datetime | None = None) -> None:
    """Count one request of an address. Raises TooMany above the limit, and counts no more than the limit.

    Rows older than a day are removed: a count is all that is kept of people without an account.
    """
    now, key = at or timezone.now(), address_key(address)
    OutsideRequest.objects.filter(at__lt=now - KEPT_FOR).delete()
    most, within = LIMITS[action]
    own = OutsideRequest.objects.filter(action=action, address_key=key, at__gt=now - within).count()
    total, whole = MAX_FILED
    flooded = action == FILE and OutsideRequest.objects.filter(action=FILE, at__gt=now - whole).count() >= total
    if own >= most or flooded:
        raise TooMany(_("Too many requests came from your network. Try again in an hour, or call the office by phone."))
    OutsideRequest.objects.create(action=action, address_key=key, at=now)


def new_code() -> str:
    """The secret part of a ticket: shown once, kept as a sum."""
    return "".join(str(secrets.randbelow(10)) for _digit in range(CODE_DIGITS))


def digits_of(text: str) -> str:
    """A number or code as it is kept, whatever stands between the digits and whichever script they are in."""
    return re.sub(r"[^0-9]", "", to_latin_digits(text))


def code_hash(reference: str, code: str) -> str:
    """What is kept of a code: keyed with the secret of the installation, and tied to its ticket."""
    return salted_hmac("desk.code", f"{reference}:{code}", algorithm="sha256").hexdigest()


def file_from_outside(province: Province, *, address: str, **words: Any) -> tuple[Ticket, str]:
    """Receive a ticket of somebody without an account. Returns (ticket, its code, which is told this once).

    Raises TooMany, and Refusal as `file_ticket` does, or where the province's desk is not open before log-in.
    """
    if not open_provinces().filter(pk=province.pk).exists():
        raise Refusal(_("The service desk of this province is open after log-in only."))
    count(FILE, address)
    code = new_code()
    with transaction.atomic():
        ticket = file_ticket(province, **words)
        ticket.code_hash = code_hash(ticket.reference, code)
        ticket.save(update_fields=["code_hash"])
    return ticket, code


def look_up(reference: str, code: str, *, address: str) -> Ticket:
    """The ticket with this number and code. Raises TooMany, and one and the same Refusal for whatever does not fit."""
    count(LOOK_UP, address)
    number, secret = digits_of(reference), digits_of(code)
    ticket = Ticket.objects.filter(reference=number, author=None).exclude(code_hash="").first()
    kept = ticket.code_hash if ticket else code_hash("", "")
    if not constant_time_compare(kept, code_hash(number, secret)) or ticket is None:
        raise Refusal(_("There is no ticket with this number and code."))
    return ticket
