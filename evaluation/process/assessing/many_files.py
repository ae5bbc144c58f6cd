"""The verbs of an assessment for many files at once: the same rows as the single ones write, by few statements.

Each gives the Batch: files done, and those left out with the sentence that the single verb would have refused with.
"""

from collections.abc import Sequence
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from evaluation.enums import AssessmentState, Ground, Role
from evaluation.models import Assessment
from evaluation.rules.may_fail import begun

from .. import audit
from ..door import Batch
from ..door_many import Letters, lock_many, perform_many
from . import feed
from .line import copy_self_to_hq, write_final
from .moves import APPROVED, NO_HEADQUARTERS, SUBMITTED, tell_disclosed, tell_sides


@transaction.atomic
def open_scoring(assessments: Sequence[Assessment], *, by: User, note: str = "") -> Batch:
    """`assessment.open_scoring` of each."""
    batch = perform_many(assessments, "open_scoring", by=by, note=note)
    feed.write_waiting(batch.done, by=by)
    return batch


def finish_scoring(assessments: Sequence[Assessment], *, by: User, note: str = "") -> Batch:
    """`assessment.finish_scoring` of each."""
    return perform_many(assessments, "finish_scoring", by=by, note=note)


@transaction.atomic
def disclose(assessments: Sequence[Assessment], *, by: User, note: str = "") -> Batch:
    """`assessment.disclose` of each."""
    batch = perform_many(assessments, "disclose", by=by, note=note)
    tell_disclosed(batch.done)
    return batch


@transaction.atomic
def confirm(assessments: Sequence[Assessment], *, by: User, note: str = "") -> Batch:
    """`assessment.confirm` of each."""
    batch = perform_many(assessments, "confirm", by=by, note=note)
    write_final(batch.done, by=by)
    return batch


def mark_absent(assessments: Sequence[Assessment], *, by: User, reason: str, held: bool = False) -> Batch:
    """`assessment.mark_absent` of each; `held` as in `perform_many`."""
    return perform_many(assessments, "mark_absent", by=by, note=reason, held=held)


@transaction.atomic
def approve(
    assessments: Sequence[Assessment],
    *,
    by: User,
    on_behalf: Letters = None,
    note: str = "",
    ground: Ground | None = None,
) -> Batch:
    """`assessment.approve` of each."""
    batch = perform_many(assessments, "approve", by=by, on_behalf=on_behalf, note=note, ground=ground)
    copy_self_to_hq(batch.done, by=by, on_behalf=on_behalf)
    tell_sides(batch.done, Role.AGENCY, "approve", APPROVED)
    return batch


# -- the rules for silent sides --------------------------------------------------------------------
# They write the rule in the place of a letter before anything is refused: callers that find a file left out roll back.


def approve_by_rule(assessments: Sequence[Assessment], *, by: User, note: str = "") -> Batch:
    """`assessment.approve_by_rule` of each."""
    bodies = {file.pk: (file.cycle, file.agency.headquarters or file.agency) for file in assessments}
    rules = audit.by_rule_many(bodies, role=Role.HEADQUARTERS, by=by)
    return approve(assessments, by=by, on_behalf=rules, note=note, ground=Ground.RULE)


@transaction.atomic
def submit_by_rule(assessments: Sequence[Assessment], *, by: User, at: datetime, held: bool = False) -> Batch:
    """`assessment.submit` of each in the place of its silent agency, without a report: that is made later.

    `held` as in `perform_many`.
    """
    bodies = {file.pk: (file.cycle, file.agency) for file in assessments}
    rules = audit.by_rule_many(bodies, role=Role.AGENCY, by=by)
    batch = perform_many(assessments, "submit", by=by, on_behalf=rules, at=at, ground=Ground.RULE, held=held)
    forget_reports([file for file in batch.done if file.report_sha256])
    alone = [file for file in batch.done if file.agency.headquarters_id is None]
    answered = [file for file in batch.done if file.agency.headquarters_id is not None]
    tell_sides(answered, Role.HEADQUARTERS, "submit", SUBMITTED)
    if not alone:
        return batch
    scheduler = audit.scheduler(alone[0].cycle.province)
    approved = approve_by_rule(alone, by=scheduler, note=str(NO_HEADQUARTERS))
    return Batch(answered + approved.done, batch.left_out + approved.left_out)


def forget_reports(assessments: Sequence[Assessment]) -> None:
    """Take the report of what was submitted before it was returned from these files."""
    keys = [file.pk for file in assessments]
    Assessment.objects.filter(pk__in=keys).update(
        report_file="", report_file_name="", report_file_size=0, report_sha256=""
    )


@transaction.atomic
def settle_silent(assessments: Sequence[Assessment], *, by: User, at: datetime, held: bool = False) -> Batch:
    """Apply the rule for silent agencies, of one province, to each file.

    A draft in which any line is filled is submitted, of any other its agency is marked as absent. The files are locked
    once for both.
    """
    assessments = assessments if held else lock_many(assessments)
    if not assessments:
        return Batch([], [])
    filled = begun(assessments)
    drafts = [file for file in assessments if file.pk in filled and file.state == AssessmentState.DRAFTING]
    empty = [file for file in assessments if file not in drafts]
    submitted = submit_by_rule(drafts, by=by, at=at, held=True)
    absent = mark_absent(empty, by=by, reason=_("No line was filled before the window closed."), held=True)
    return Batch(submitted.done + absent.done, submitted.left_out + absent.left_out)
