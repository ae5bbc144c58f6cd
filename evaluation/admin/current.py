"""The cycles that a person works in now."""

from evaluation.enums import Stage
from evaluation.models import Cycle


def current_cycles(user):
    """The running cycles that this person knows, the latest of each province first; without any, the latest one."""
    rows = (
        Cycle.objects.visible_to(user)
        .select_related("province", "template")
        .order_by("-performance_year", "kind", "-pk")
    )
    running = list(rows.exclude(stage=Stage.CLOSED))
    return running or list(rows[:1])
