"""Letters of steps on behalf, as people hand them in: their files are asked the room of the cycle first."""

from evaluation.models import OnBehalf

from .. import audit
from .accept import check_rows


def act_on_behalf(cycle, *, file, by, **letter):
    """As `audit.act_on_behalf`, for an uploaded file. Raises Refusal also where the cycle has no room for it."""
    if file:
        check_rows(OnBehalf(cycle=cycle, file=file), by=by)
    return audit.act_on_behalf(cycle, file=file, by=by, **letter)
