"""The commitments of a cycle, which each person of an agency accepts; a changed text is accepted anew."""

import hashlib
from datetime import date
from functools import cache

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from evaluation.enums import CycleKind, Role, Stage
from evaluation.models import Agency, Agreement, Commitment, Cycle
from evaluation.persian import normalise
from evaluation.rules.roles import memberships_of
from evaluation.rules.statements import statement

from ..in_force import in_force, published

STANDARD_TEXT = settings.BASE_DIR / "fixtures" / "commitments_fa.txt"


def accept_commitments(cycle: Cycle, agency: Agency, *, by: User, text: str) -> Commitment:
    """An agency's person accepts this text of the commitments of the cycle, once."""
    text = normalise(text)
    commitment, _created = Commitment.objects.get_or_create(
        cycle=cycle, agency=agency, user=by, text_hash=hash_of(text), defaults={"text": text}
    )
    return commitment


def hash_of(text: str) -> str:
    """The sum by which two texts are known to be the same."""
    return hashlib.sha256(normalise(text).encode()).hexdigest()


def text_of(cycle: Cycle) -> str:
    """The text to accept: the cycle's own, else that of the agreement in force there, else the standard one."""
    if own := cycle.commitment_text.strip():
        return normalise(own)
    agreement = in_force(Agreement, cycle.province_id)
    return agreement.text if agreement else standard_text()


@cache
def standard_text() -> str:
    """The text of our fixtures, for an installation without an agreement."""
    return normalise(STANDARD_TEXT.read_text(encoding="utf-8"))


def text_to_accept(day: date) -> Case:
    """`text_of` on a day as a column of cycles, so that one query says whether anything waits."""
    shared_last = F("province").asc(nulls_last=True)
    agreements = published(Agreement, day).filter(Q(province=OuterRef("province")) | Q(province=None))
    agreed = Subquery(agreements.order_by(shared_last, "-version").values("text")[:1])
    standard = Value(standard_text(), output_field=Cycle._meta.get_field("commitment_text"))
    return Case(When(~Q(commitment_text=""), then=F("commitment_text")), default=Coalesce(agreed, standard))


def pending_commitment(user: User) -> tuple[Cycle, Agency] | None:
    """The first (cycle, agency) whose commitments this person still has to accept, or None."""
    for membership in memberships_of(user):
        if membership.role == Role.AGENCY and (cycle := cycle_to_commit_to(user, membership.agency)):
            return cycle, membership.agency
    return None


def cycle_to_commit_to(user: User, agency: Agency) -> Cycle | None:
    """A running cycle in which the agency takes part (or may yet) whose present text this person has not accepted.

    A changed text is accepted anew. Every request of an agency asks it: as a rule nothing waits, and one query says so.
    """
    for (key,) in not_accepted.rows(user.pk, agency.pk, agency.province_id, timezone.localdate()):
        cycle = Cycle.objects.get(pk=key)
        if cycle.participants_fixed_at is None or cycle.participations.filter(agency=agency).exists():
            return cycle
    return None


@statement
def not_accepted(user: int, agency: int, province: int, day: date) -> QuerySet[Cycle, tuple[int]]:
    """The keys of the province's running cycles whose present text the person has not accepted for the agency."""
    accepted = Commitment.objects.filter(
        agency=agency, user=user, cycle=OuterRef("pk"), text=OuterRef("text_to_accept")
    )
    running = Cycle.objects.filter(province=province, kind=CycleKind.ANNUAL, stage__in=Stage.worked())
    running = running.annotate(text_to_accept=text_to_accept(day)).filter(~Exists(accepted))
    return running.order_by("-performance_year").values_list("pk")
