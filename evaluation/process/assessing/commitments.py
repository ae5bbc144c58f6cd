"""The commitments of a cycle, which each person of an agency accepts once."""

from django.conf import settings
from django.contrib.auth.models import User

from evaluation.enums import CycleKind, Role, Stage
from evaluation.models import Agency, Commitment, Cycle
from evaluation.rules.roles import memberships_of

STANDARD_TEXT = settings.BASE_DIR / "fixtures" / "commitments_fa.txt"


def accept_commitments(cycle: Cycle, agency: Agency, *, by: User, text: str) -> Commitment:
    """An agency's person accepts the commitments of the cycle, once."""
    commitment, _created = Commitment.objects.get_or_create(
        cycle=cycle, agency=agency, user=by, defaults={"text": text}
    )
    return commitment


def text_of(cycle: Cycle) -> str:
    """The cycle's own text, else the standard one."""
    return cycle.commitment_text.strip() or STANDARD_TEXT.read_text(encoding="utf-8").strip()


def pending_commitment(user: User) -> tuple[Cycle, Agency] | None:
    """The first (cycle, agency) whose commitments this person still has to accept, or None."""
    for membership in memberships_of(user):
        if membership.role == Role.AGENCY and (cycle := cycle_to_commit_to(user, membership.agency)):
            return cycle, membership.agency
    return None


def cycle_to_commit_to(user: User, agency: Agency) -> Cycle | None:
    """A running cycle in which the agency takes part (or may yet) without an acceptance of this person.

    Every request of an agency asks it: as a rule nothing waits, and one short query says so.
    """
    accepted = Commitment.objects.filter(agency=agency, user=user).values("cycle")
    running = Cycle.objects.filter(province=agency.province_id, kind=CycleKind.ANNUAL, stage__in=Stage.worked())
    waiting = running.exclude(pk__in=accepted).order_by("-performance_year").values_list("pk", flat=True)
    for key in waiting:
        cycle = Cycle.objects.get(pk=key)
        if cycle.participants_fixed_at is None or cycle.participations.filter(agency=agency).exists():
            return cycle
    return None
