"""The committee's choice: marks of its members, awards with their reason, and who steps out."""

from collections.abc import Mapping
from decimal import Decimal

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from evaluation.enums import FestivalState, Recipient
from evaluation.models import Award, CommitteeMember, CommitteeSession, Festival, Nominee, NomineeMark
from evaluation.persian import localise_digits
from evaluation.rules.permissions import holds

from ..door import Forbidden, Refusal, lock, log


def members_of(festival: Festival) -> QuerySet[CommitteeMember]:
    """The members of the festival's committee who are in office today."""
    today = timezone.localdate()
    seats = CommitteeMember.objects.filter(committee=festival.committee_id)
    seats = seats.filter(Q(since=None) | Q(since__lte=today)).filter(Q(until=None) | Q(until__gte=today))
    return seats.order_by("pk")


def stepping_out(nominee: Nominee) -> QuerySet[CommitteeMember]:
    """The members who declared a conflict of interest with the nominee's agency."""
    declared = nominee.festival.conflicts.filter(agency=nominee.agency_id) if nominee.agency_id else ()
    return members_of(nominee.festival).filter(pk__in=[conflict.member_id for conflict in declared])


def voting(nominee: Nominee) -> QuerySet[CommitteeMember]:
    """The members who score and decide on this nominee."""
    return members_of(nominee.festival).exclude(pk__in=stepping_out(nominee))


def opened(nominee: Nominee, by: User, codename: str) -> Nominee:
    """The nominee, its festival locked, while the committee chooses.

    Raises Forbidden, also for a person who is a member with a conflict, and Refusal.
    """
    festival = lock(Festival, nominee.festival_id)
    nominee = Nominee.objects.select_related("kind", "agency", "festival__cycle").get(pk=nominee.pk)
    if not holds(by, codename, nominee):
        raise Forbidden(codename)
    if festival.state != FestivalState.CHOOSING:
        raise Refusal(_("The committee does not choose now: hand it the candidates, or open the choice again."))
    if stepping_out(nominee).filter(user=by).exists():
        raise Refusal(
            _("You declared a conflict of interest with “%(agency)s”: somebody else records the choice.")
            % {"agency": nominee.agency}
        )
    return nominee


@transaction.atomic
def score(nominee: Nominee, *, by: User, marks: Mapping[CommitteeMember, tuple[Decimal | None, str]]) -> Nominee:
    """Record what members give the nominee: {member: (mark out of a hundred, reason)}; None takes a mark away.

    Raises Refusal for a member who stepped out, a mark outside of 0 to 100 or without reason, and Forbidden.
    """
    nominee = opened(nominee, by, "score_nominee")
    allowed = set(voting(nominee))
    for member, (mark, reason) in marks.items():
        check_mark(nominee, member, mark, reason, allowed=allowed)
        if mark is None:
            nominee.marks.filter(member=member).delete()
            continue
        NomineeMark.objects.update_or_create(
            nominee=nominee,
            member=member,
            defaults={"score": mark, "reason": reason, "recorded_by": by, "given_on": timezone.now()},
        )
    log(nominee.festival, "score_nominee", by=by, note=str(nominee))
    return nominee


def check_mark(
    nominee: Nominee, member: CommitteeMember, mark: Decimal | None, reason: str, *, allowed: set[CommitteeMember]
) -> None:
    """Raise Refusal for a mark that cannot stand."""
    if member not in allowed:
        sentence = _("“%(member)s” steps out for “%(agency)s” and gives no mark.")
        raise Refusal(sentence % {"member": member, "agency": nominee.agency or nominee.name})
    if mark is None:
        return
    if not 0 <= mark <= 100:
        raise Refusal(_("A mark is between 0 and 100."))
    if not reason.strip():
        raise Refusal(_("The mark of “%(member)s” needs its reason.") % {"member": member})


def mean_mark(nominee: Nominee) -> Decimal | None:
    """The mean of the marks of the members who do not step out; None without any."""
    scores = list(nominee.marks.filter(member__in=voting(nominee)).values_list("score", flat=True))
    return sum(scores, Decimal(0)) / len(scores) if scores else None


@transaction.atomic
def choose(nominee: Nominee, *, by: User, session: CommitteeSession, reason: str) -> Award:
    """Record that the committee gives the award to this nominee, in a session of its own, and why.

    Who declared a conflict with its agency is named as stepped out. Raises Refusal for a session of another committee
    or day to come, beyond the number of awards, and for a second award where the festival gives one; and Forbidden.
    """
    nominee = opened(nominee, by, "choose_nominee")
    check_session(nominee.festival, session)
    if not reason.strip():
        raise Refusal(_("An award needs its reason."))
    if Award.objects.filter(nominee=nominee).exists():
        raise Refusal(_("“%(name)s” has this award already.") % {"name": nominee.name})
    if faults := over_limits(nominee):
        raise Refusal(*faults)
    absent = list(stepping_out(nominee))
    if not voting(nominee).exists():
        raise Refusal(_("Every member of the committee steps out for this agency: nobody is left to decide."))
    award = Award.objects.create(
        nominee=nominee, session=session, reason=reason, score=mean_mark(nominee), decided_by=by
    )
    award.stepped_out.set(absent)
    log(nominee.festival, "choose", by=by, note=f"{nominee}: {reason}")
    return award


def check_session(festival: Festival, session: CommitteeSession) -> None:
    """Raise Refusal unless the session is one of the festival's committee in its cycle, and was held."""
    if session.committee_id != festival.committee_id or session.cycle_id != festival.cycle_id:
        raise Refusal(_("Name a session of the festival's committee in this cycle."))
    if session.held_on > timezone.localdate():
        raise Refusal(_("The session is dated in the future: record it after it was held."))


def over_limits(nominee: Nominee) -> list[str]:
    """Sentences that say why one more award of this kind cannot be given to this nominee; empty where it can."""
    festival, kind = nominee.festival, nominee.kind
    awards = Award.objects.filter(nominee__festival=festival)
    of_kind = awards.filter(nominee__kind=kind)
    faults = []
    if kind.in_each is not None and of_kind.filter(nominee__part=nominee.part).count() >= kind.in_each:
        faults.append(limit_sentence(kind, kind.in_each, nominee.part))
    if kind.in_all is not None and of_kind.count() >= kind.in_all:
        faults.append(limit_sentence(kind, kind.in_all, ""))
    others = awards.filter(nominee__agency=nominee.agency_id, nominee__kind__recipient=Recipient.AGENCY)
    if nominee.agency_id and kind.recipient == Recipient.AGENCY and others.exists():
        if festival.one_award or kind.once:
            faults.append(_("“%(agency)s” has another award of this festival.") % {"agency": nominee.agency})
        elif others.filter(nominee__kind__once=True).exists():
            faults.append(
                _("“%(agency)s” has an award that is only for agencies without another one.")
                % {"agency": nominee.agency}
            )
    return faults


def limit_sentence(kind: object, most: int, part: str) -> str:
    """The sentence for an award of which there is no further one."""
    words = {"kind": kind, "most": localise_digits(most), "part": part}
    if part:
        return _("“%(kind)s” gives %(most)s in “%(part)s”, and they are given.") % words
    return _("“%(kind)s” gives %(most)s in all, and they are given.") % words


@transaction.atomic
def revoke(nominee: Nominee, *, by: User, reason: str) -> None:
    """Take an award back while the committee still chooses, with the reason."""
    nominee = opened(nominee, by, "choose_nominee")
    award = Award.objects.filter(nominee=nominee).first()
    if award is None:
        raise Refusal(_("“%(name)s” has no award of this kind.") % {"name": nominee.name})
    if not reason.strip():
        raise Refusal(_("Give a reason for this action."))
    award.delete()
    log(nominee.festival, "revoke", by=by, note=f"{nominee}: {reason}")
