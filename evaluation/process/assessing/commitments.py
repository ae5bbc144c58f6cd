"""The commitments of a cycle, which each person of an agency accepts once."""

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef

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
    """A running cycle in which the agency takes part (or may yet) without an acceptance of this person."""
    accepted = Commitment.objects.filter(cycle=OuterRef("pk"), agency=agency, user=user)
    part = Cycle.objects.filter(pk=OuterRef("pk"), participations__agency=agency)
    cycles = Cycle.objects.filter(province=agency.province_id, kind=CycleKind.ANNUAL)
    cycles = cycles.exclude(stage__in=[Stage.DRAFT, Stage.CLOSED])
    cycles = cycles.filter(
        Exists(part) | ~Exists(Cycle.objects.filter(pk=OuterRef("pk"), participants_fixed_at__isnull=False))
    )
    return cycles.filter(~Exists(accepted)).order_by("-performance_year").first()
