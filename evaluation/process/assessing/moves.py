"""The plain moves of an assessment: each runs its transition and tells the people whose turn it is.

`line` and `transfer` import them, since they start, send, receive and refuse assessments themselves.
"""

import datetime
from collections.abc import Sequence
from functools import partial

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy

from evaluation.enums import CycleKind, Ground, NoticeKind, Part, Role, Stage
from evaluation.models import Assessment, OnBehalf
from evaluation.persian import midnight_after

from ..door import perform
from ..messages import notice

RETURN_DAYS = 7  # the deadline of a return when nobody gives one
KINDS = {
    "submit": NoticeKind.SUBMITTED,
    "return": NoticeKind.RETURNED,
    "refuse": NoticeKind.RETURNED,
    "send_back": NoticeKind.RETURNED,
    "bring_back": NoticeKind.RETURNED,
    "approve": NoticeKind.APPROVED,
    "disclose": NoticeKind.DISCLOSED,
}


SUBMITTED = gettext_lazy("“%(name)s” was submitted and is waiting for your approval.")
APPROVED = gettext_lazy("“%(name)s” was approved by your headquarters.")
DISCLOSED = gettext_lazy("The initial results of “%(name)s” are disclosed and can be viewed.")
HALF_TIME = gettext_lazy("The half-time card of “%(name)s” is ready: please read and acknowledge it.")
NO_HEADQUARTERS = gettext_lazy("The agency has no headquarters.")


def start(
    assessment: Assessment, *, by: User, on_behalf: OnBehalf | None = None, at: datetime.datetime | None = None
) -> Assessment:
    """Start the self-assessment; called when its first line is saved."""
    return perform(assessment, "start", by=by, on_behalf=on_behalf, at=at)


def send(assessment: Assessment, *, by: User, on_behalf: OnBehalf | None = None) -> Assessment:
    """Mark as sent to the national organization; called by the transfer that contains it."""
    return perform(assessment, "send", by=by, on_behalf=on_behalf)


@transaction.atomic
def refuse(
    assessment: Assessment,
    *,
    by: User,
    reason: str,
    deadline: datetime.datetime | None = None,
    on_behalf: OnBehalf | None = None,
) -> Assessment:
    """The national organization refuses the file; the agency corrects it."""
    assessment = perform(
        assessment, "refuse", by=by, on_behalf=on_behalf, note=reason, deadline=deadline or own_deadline(assessment)
    )
    tell_side(
        assessment, Role.AGENCY, "refuse", gettext_lazy("“%(name)s” was refused: please correct and submit it again.")
    )
    return assessment


def receive(assessment: Assessment, *, by: User, ground: Ground | None = None) -> Assessment:
    """Record the province's receipt; `ground` (Ground) where no transfer brought the file."""
    return perform(assessment, "receive", by=by, ground=ground)


def report(assessment: Assessment, *, by: User) -> Assessment:
    """Mark as reported to the national organization; called by the transfer that contains it."""
    return perform(assessment, "report", by=by)


def own_deadline(assessment: Assessment) -> datetime.datetime:
    """The end of the running transfer window, but never before the end of the day a week from now."""
    week = midnight_after(timezone.localdate() + datetime.timedelta(days=RETURN_DAYS))
    window = assessment.cycle.windows.of(assessment.cycle, Stage.TRANSFER, part=Part.HEADQUARTERS).last()
    return max(window.closes_at, week) if window else week


def tell_side(assessment: Assessment, role: Role, event: str, sentence: str) -> None:
    """Tell the people of the agency, or of its headquarters, of a step; `sentence` is lazy and has %(name)s."""
    tell_sides([assessment], role, event, sentence)


def tell_sides(assessments: Sequence[Assessment], role: Role, event: str, sentence: str) -> None:
    """`tell_side` for the same step on many files."""
    at, agencies = timezone.now(), {file.pk: file.agency for file in assessments}
    place = "agency" if role == Role.AGENCY else "headquarters"
    keys = {key: agency.pk if role == Role.AGENCY else agency.headquarters_id for key, agency in agencies.items()}
    people = notice.people_of(role, place, keys.values())
    notice.tell_many(
        notice.Tiding(
            people.get(keys[file.pk], []),
            event=f"{event}:{file.pk}:{at:%Y%m%d%H%M%S}",
            kind=KINDS[event],
            cycle=file.cycle,
            text=partial(named, sentence, file),
        )
        for file in assessments
    )


def tell_disclosed(assessments: Sequence[Assessment]) -> None:
    """Tell the agencies that their scores can be read: of an interim evaluation, the half-time card."""
    halves = [file for file in assessments if file.cycle.kind == CycleKind.INTERIM]
    wholes = [file for file in assessments if file.cycle.kind != CycleKind.INTERIM]
    for files, sentence in ((halves, HALF_TIME), (wholes, DISCLOSED)):
        if files:
            tell_sides(files, Role.AGENCY, "disclose", sentence)


def named(sentence: str, assessment: Assessment) -> str:
    """The sentence about this file, in the active language."""
    return sentence % {"name": assessment}
