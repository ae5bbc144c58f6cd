"""The people of the provincial organization who are told of cards and plans."""

from django.contrib.auth.models import User

from evaluation.enums import Role
from evaluation.models import Cycle

from ..audit import SCHEDULER
from ..messages import notice


def staff_of(cycle: Cycle) -> list[User]:
    """The managers and experts of the cycle's province, without the scheduler's account."""
    people = [user for role in Role.mpo() for user in notice.people(role, province=cycle.province_id)]
    return [user for user in people if user.username != SCHEDULER]
