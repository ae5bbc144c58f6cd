"""Letters of steps on behalf, as people hand them in: their files are asked the room of the cycle first."""

from typing import Any

from django.contrib.auth.models import User
from django.core.files import File

from evaluation.models import Cycle, OnBehalf

from .. import audit
from .accept import check_rows


def act_on_behalf(cycle: Cycle, *, file: File | None, by: User, **letter: Any) -> OnBehalf:
    """As `audit.act_on_behalf`, for an uploaded file. Raises Refusal also where the cycle has no room for it."""
    if file:
        check_rows(OnBehalf(cycle=cycle, file=file), by=by)
    return audit.act_on_behalf(cycle, file=file, by=by, **letter)
