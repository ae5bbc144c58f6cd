"""Who handles the tickets of the service desk: never the person whom a ticket complains of."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User

from .permissions import May
from .roles import SCHEDULER
from .set_aside import is_complained_of


class MayHandle(May):
    """Staff of the provincial organization whom the ticket does not complain of."""

    def own(self, instance: Any, user: User | None) -> bool:
        """Whether the person may work on this ticket."""
        return super().own(instance, user) and user is not None and not is_complained_of(instance, user)


class MayAskAgain(MayHandle):
    """The asker, or who handles the ticket."""

    def own(self, instance: Any, user: User | None) -> bool:
        """Whether the person may close or reopen this ticket."""
        if user is None:
            return False
        # For an asker without an account the system's own account takes the step, with which nobody logs in.
        acts_for = instance.author_id is None and user.username == SCHEDULER
        asker = acts_for or (user.is_active and instance.author_id == user.pk)
        return asker or super().own(instance, user)


may_handle = MayHandle("handle_ticket")
may_ask_again = MayAskAgain("handle_ticket")
