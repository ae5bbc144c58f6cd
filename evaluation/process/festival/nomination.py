"""Who is nominated beside the figures: teams and people whom agencies name, and whom the governor proposes."""

import re
from datetime import date
from typing import Any

from django.contrib.auth.models import User
from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from evaluation.enums import FestivalState, NomineeOrigin, Recipient, Role, Within
from evaluation.models import Agency, AwardKind, Festival, Nominee, OnBehalf
from evaluation.persian import localise_digits
from evaluation.rules.permissions import May, holds

from ..door import Forbidden, Refusal, check_person, lock, log
from ..files.accept import check_rows
from . import candidates

NOMINATE = May("nominate_nominee", party=Role.AGENCY)
FIELDS = ("name", "members", "reason", "figure", "part")


def check_open(festival: Festival) -> None:
    """Raise Refusal unless agencies may nominate now."""
    now = timezone.now()
    if festival.state != FestivalState.NOMINATING:
        raise Refusal(_("The nominations of this festival are not open."))
    if festival.nominations_from is None or now < festival.nominations_from:
        raise Refusal(_("The nominations have not begun yet."))
    if festival.nominations_until is not None and now >= festival.nominations_until:
        raise Refusal(_("The nominations are over; ask the provincial organization if you need more time."))


def check_nominator(festival: Festival, agency: Agency, *, by: User, on_behalf: OnBehalf | None = None) -> None:
    """Raise unless the window is open, the agency takes part, and the person may nominate for it."""
    check_open(festival)
    if not festival.cycle.participations.filter(agency=agency).exists():
        raise Refusal(_("“%(agency)s” does not take part in this cycle.") % {"agency": agency})
    if not holds(by, "nominate_nominee", agency):
        check_person(May("nominate_nominee", party=Role.AGENCY), festival, by, on_behalf)
        if on_behalf is None:
            raise Forbidden("nominate_nominee")


def check_kind(festival: Festival, kind: AwardKind, *, origin: NomineeOrigin) -> None:
    """Raise Refusal unless this kind of award belongs to the festival and takes such nominations."""
    if not festival.kinds.filter(pk=kind.pk).exists():
        raise Refusal(_("The festival does not give this award: %(kind)s.") % {"kind": kind})
    taken = kind.from_agencies if origin == NomineeOrigin.AGENCY else kind.from_governor
    if not taken:
        sentence = (
            _("Agencies do not nominate for this award: %(kind)s.")
            if origin == NomineeOrigin.AGENCY
            else _("The governor proposes nobody for this award: %(kind)s.")
        )
        raise Refusal(sentence % {"kind": kind})


def member_names(text: str) -> list[str]:
    """The names of the members of a team, from a text with one on each line or with a comma or “|” between them."""
    return [name for part in re.split(r"[\n،؛,;|]", text) if (name := part.strip())]


def faults_of(nominee: Nominee) -> dict[str, str]:
    """{field: sentence} of what a nomination lacks, or has too much of; empty where it can be taken."""
    kind, members = nominee.kind, member_names(nominee.members)
    faults = {}
    if not nominee.name.strip():
        faults["name"] = _("Write the name of whom you nominate.")
    if not nominee.reason.strip():
        faults["reason"] = _("A nomination needs its reason.")
    if kind.recipient == Recipient.TEAM and not members:
        faults["members"] = _("Name the members of the team, one on each line.")
    if kind.team_size and len(members) > kind.team_size:
        sentence = _("A team of this award has at most %(most)s members; %(count)s are named.")
        figures = {"most": localise_digits(kind.team_size), "count": localise_digits(len(members))}
        faults["members"] = sentence % figures
    titles = [topic.title for topic in candidates.topics_of(kind)]
    if kind.within == Within.TOPIC and titles and nominee.part not in titles:
        faults["part"] = _("Choose the topic; this award has: %(topics)s.") % {"topics": "، ".join(titles)}
    return faults


def check_nominee(nominee: Nominee) -> None:
    """Raise Refusal for a nominee without name or reason, too many members, or a topic that its kind does not have."""
    if faults := faults_of(nominee):
        raise Refusal(*faults.values())


@transaction.atomic
def nominate(
    festival: Festival,
    *,
    by: User,
    agency: Agency,
    kind: AwardKind,
    on_behalf: OnBehalf | None = None,
    file: File | None = None,
    **fields: Any,
) -> Nominee:
    """An agency nominates a team, a manager, an expert or itself; `fields` are those of FIELDS.

    Raises Refusal outside of the window and for what the award does not take, and Forbidden.
    """
    festival = lock(Festival, festival.pk)
    check_nominator(festival, agency, by=by, on_behalf=on_behalf)
    check_kind(festival, kind, origin=NomineeOrigin.AGENCY)
    nominee = Nominee(festival=festival, kind=kind, agency=agency, origin=NomineeOrigin.AGENCY, entered_by=by, **fields)
    save(nominee, file=file, by=by)
    log(nominee, "nominate", by=by, on_behalf=on_behalf)
    return nominee


@transaction.atomic
def revise(
    nominee: Nominee, *, by: User, on_behalf: OnBehalf | None = None, file: File | None = None, **fields: Any
) -> Nominee:
    """Change a nomination of an agency while the window is open; `fields` are those of FIELDS."""
    nominee = own_nomination(nominee, by=by, on_behalf=on_behalf)
    for name, value in fields.items():
        setattr(nominee, name, value)
    save(nominee, file=file, by=by)
    log(nominee, "revise_nominee", by=by, on_behalf=on_behalf)
    return nominee


@transaction.atomic
def take_back(nominee: Nominee, *, by: User, on_behalf: OnBehalf | None = None) -> None:
    """Remove a nomination of an agency while the window is open; the log of the festival keeps its name."""
    nominee = own_nomination(nominee, by=by, on_behalf=on_behalf)
    log(nominee.festival, "take_back", by=by, on_behalf=on_behalf, note=f"{nominee} · {nominee.agency}")
    nominee.delete()


def own_nomination(nominee: Nominee, *, by: User, on_behalf: OnBehalf | None) -> Nominee:
    """The nominee, locked, where the person may still change it. Raises Refusal, Forbidden."""
    nominee = (
        Nominee.objects.select_for_update(of=("self",)).select_related("festival__cycle", "agency").get(pk=nominee.pk)
    )
    if nominee.origin != NomineeOrigin.AGENCY or nominee.agency is None:
        raise Refusal(_("This candidate was not nominated by an agency."))
    check_nominator(nominee.festival, nominee.agency, by=by, on_behalf=on_behalf)
    return nominee


@transaction.atomic
def enter_proposal(
    festival: Festival,
    *,
    by: User,
    kind: AwardKind,
    letter_number: str,
    letter_date: date,
    agency: Agency | None = None,
    **fields: Any,
) -> Nominee:
    """Record whom the governor proposes, with the number and date of the letter, until the choice is finished."""
    festival = lock(Festival, festival.pk)
    if not holds(by, "add_nominee", festival):
        raise Forbidden("add_nominee")
    if festival.state not in (FestivalState.PREPARING, FestivalState.NOMINATING, FestivalState.CHOOSING):
        raise Refusal(_("The choice is finished: open it again to add a candidate."))
    check_kind(festival, kind, origin=NomineeOrigin.GOVERNOR)
    if letter_date > timezone.localdate():
        raise Refusal(_("A letter that came in is not dated in the future."))
    if kind.recipient == Recipient.AGENCY and agency is None:
        raise Refusal(_("This award honours an agency: choose it."))
    nominee = Nominee(
        festival=festival,
        kind=kind,
        agency=agency,
        origin=NomineeOrigin.GOVERNOR,
        letter_number=letter_number,
        letter_date=letter_date,
        entered_by=by,
        **fields,
    )
    save(nominee, by=by)
    log(festival, "enter_proposal", by=by, note=str(nominee))
    return nominee


def save(nominee: Nominee, *, by: User, file: File | None = None) -> None:
    """Check and save a nominee with its file. Raises Refusal, also for one who is nominated already."""
    if file:
        nominee.file = file
        check_rows(nominee, by=by)
    if nominee.kind.recipient == Recipient.AGENCY and nominee.agency and not nominee.name.strip():
        nominee.name = nominee.agency.name
    nominee.members = "\n".join(member_names(nominee.members))
    check_nominee(nominee)
    twins = Nominee.objects.filter(
        festival=nominee.festival, kind=nominee.kind, part=nominee.part, agency=nominee.agency, name=nominee.name
    )
    if twins.exclude(pk=nominee.pk).exists():
        raise Refusal(_("This candidate is nominated for this award already."))
    nominee.save()
