"""States in the words of who looks: agencies and their headquarters read with whom a paper is.

Everybody else reads the labels of the enumerations, which name every body by its title. A person with another role
beside these reads them as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from evaluation.enums import AssessmentState, ListState, ObjectionState, Role, TransferState

from .roles import roles_of

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.db.models import Model

type Text = str | Promise

TO_NATIONAL = _("Approved: waits to be sent to the national organization")
WITH_NATIONAL = _("With the national organization")
WITH_EVALUATORS = _("With the evaluators: being scored")
AWAITING_EVALUATION = _("With the province: awaits evaluation")
AWAITING_RESULTS = _("With the province: initial results to come")
TRANSFERS = {
    TransferState.PREPARED: _("Ready to be sent"),
    TransferState.SENT: _("Sent: receipt not confirmed yet"),
    TransferState.RECEIVED: _("Receipt confirmed"),
    TransferState.REFUSED: _("Refused by the recipient"),
    TransferState.SUPERSEDED: TransferState.SUPERSEDED.label,
}
LISTS_OUTSIDE = {  # lists that have left the headquarters
    ListState.SENT: _("With the national organization: to be finalised"),
    ListState.FINALISED: _("With the province: provincial slice to be added"),
    ListState.SLICED: _("With the province: being reviewed"),
    ListState.REVIEWED: _("With the province: to be frozen"),
    ListState.FROZEN: _("Definite"),
}

ASSESSMENTS_FOR_AGENCY = {
    AssessmentState.NOT_STARTED: _("With you: not started"),
    AssessmentState.DRAFTING: _("With you: being filled in"),
    AssessmentState.SUBMITTED: _("With your headquarters: awaits approval"),
    AssessmentState.RETURNED: _("With you: returned for correction"),
    AssessmentState.APPROVED: TO_NATIONAL,
    AssessmentState.SENT: WITH_NATIONAL,
    AssessmentState.RECEIVED: AWAITING_EVALUATION,
    AssessmentState.UNDER_EVALUATION: WITH_EVALUATORS,
    AssessmentState.SCORED: AWAITING_RESULTS,
    AssessmentState.DISCLOSED: _("Your initial results are announced"),
    AssessmentState.CONFIRMED: _("Your scores are finally confirmed"),
    AssessmentState.REPORTED: _("Your scores are reported to the national organization"),
    AssessmentState.ABSENT: _("You did not take part"),
    AssessmentState.WITHDRAWN: _("You left the evaluation"),
}
OBJECTIONS_FOR_AGENCY = {
    ObjectionState.FILED: _("With the province: awaits a decision"),
    ObjectionState.ACCEPTED: _("Your objection was accepted"),
    ObjectionState.PARTLY: _("Your objection was partly accepted"),
    ObjectionState.REJECTED: _("Your objection was rejected"),
    ObjectionState.WITHDRAWN: _("Withdrawn by you"),
}
LISTS_FOR_AGENCY = {
    ListState.DRAFTING: _("With you: being drafted"),
    ListState.ENDORSED: _("With your headquarters: to be sent to the national organization"),
    **LISTS_OUTSIDE,
}
ASSESSMENTS_FOR_HEADQUARTERS = {
    AssessmentState.NOT_STARTED: _("With the agency: not started"),
    AssessmentState.DRAFTING: _("With the agency: being filled in"),
    AssessmentState.SUBMITTED: _("With you: awaits approval"),
    AssessmentState.RETURNED: _("With the agency: returned for correction"),
    AssessmentState.APPROVED: TO_NATIONAL,
    AssessmentState.SENT: WITH_NATIONAL,
    AssessmentState.RECEIVED: AWAITING_EVALUATION,
    AssessmentState.UNDER_EVALUATION: WITH_EVALUATORS,
    AssessmentState.SCORED: AWAITING_RESULTS,
    AssessmentState.DISCLOSED: _("The agency's initial results are announced"),
    AssessmentState.CONFIRMED: _("The agency's scores are finally confirmed"),
    AssessmentState.REPORTED: _("The agency's scores are reported to the national organization"),
    AssessmentState.ABSENT: _("The agency did not take part"),
    AssessmentState.WITHDRAWN: _("The agency left the evaluation"),
}
OBJECTIONS_FOR_HEADQUARTERS = {
    ObjectionState.FILED: _("With the province: awaits a decision"),
    ObjectionState.ACCEPTED: _("The agency's objection was accepted"),
    ObjectionState.PARTLY: _("The agency's objection was partly accepted"),
    ObjectionState.REJECTED: _("The agency's objection was rejected"),
    ObjectionState.WITHDRAWN: _("Withdrawn by the agency"),
}
LISTS_FOR_HEADQUARTERS = {
    ListState.DRAFTING: _("With the agency: being drafted"),
    ListState.ENDORSED: _("With you: to be sent to the national organization"),
    **LISTS_OUTSIDE,
}
WORDS: dict[Role, dict[str, Mapping[Any, Text]]] = {  # by the name of a model
    Role.AGENCY: {
        "assessment": ASSESSMENTS_FOR_AGENCY,
        "objection": OBJECTIONS_FOR_AGENCY,
        "specificlist": LISTS_FOR_AGENCY,
        "transfer": TRANSFERS,
    },
    Role.HEADQUARTERS: {
        "assessment": ASSESSMENTS_FOR_HEADQUARTERS,
        "objection": OBJECTIONS_FOR_HEADQUARTERS,
        "specificlist": LISTS_FOR_HEADQUARTERS,
        "transfer": TRANSFERS,
    },
}


def point_of_view(user: User) -> Role | None:
    """The role in whose words this person reads states; None for the labels of the enumerations."""
    if not user.is_authenticated or user.is_superuser:
        return None
    roles = roles_of(user)
    return next((role for role in roles if role in WORDS), None) if len(roles) == 1 else None


def own_words(table: str, reader: Role | None) -> Mapping[Any, Text]:
    """{state: text} of a table, by its model's name, for a `point_of_view`; empty where the labels hold."""
    return WORDS[reader].get(table, {}) if reader else {}


def state_text(obj: Model, reader: Role | None, field: str = "state") -> Text:
    """The state of a row in the words of a `point_of_view`, else its label."""
    words = own_words(obj._meta.model_name or "", reader) if field == "state" else {}
    value = getattr(obj, field)
    return words[value] if value in words else _labels(obj._meta.get_field(field)).get(value, value)


@cache
def _labels(field: Any) -> dict[Any, Text]:
    """{state: label} of a field of a model; `get_…_display` makes this dictionary anew for each row."""
    return dict(field.flatchoices)
