"""Actions of an improvement plan: their progress as the agency reports it, with files that show it."""

from django.contrib.auth.models import User
from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from evaluation.enums import PlanState, Role
from evaluation.models import ActionFile, ImprovementAction, OnBehalf
from evaluation.models.stored_file import digest
from evaluation.persian import localise_digits
from evaluation.rules.permissions import May

from ..door import Refusal, check_person, lock, log
from ..files.accept import check_rows

REPORT = May("report_improvementaction", party=Role.AGENCY)


def in_follow_up(action: ImprovementAction) -> bool:
    """Whether progress of the action can be reported now."""
    return action.plan.state == PlanState.FOLLOW_UP


@transaction.atomic
def report(
    action: ImprovementAction,
    *,
    by: User,
    progress: int,
    note: str,
    file: File | None = None,
    on_behalf: OnBehalf | None = None,
) -> ImprovementAction:
    """Record how far an action is (`progress` in percent), with what was done and a file that shows it.

    Raises Forbidden, and Refusal where the plan is not in follow-up, the note is empty or the file is not accepted.
    """
    action = lock(ImprovementAction, action.pk)
    check_person(REPORT, action, by, on_behalf)
    if not in_follow_up(action):
        raise Refusal(_("Progress is reported while the plan is in follow-up."))
    if not note.strip():
        raise Refusal(_("Write what was done for this action."))
    if file:
        attach(action, file, by=by, title=note)
    action.progress, action.progress_note = progress, note
    action.reported_at, action.reported_by = timezone.now(), by
    action.save(update_fields=["progress", "progress_note", "reported_at", "reported_by"])
    reached = _("%(percent)s percent: %(note)s") % {"percent": localise_digits(progress), "note": note}
    log(action, "report_progress", by=by, on_behalf=on_behalf, note=reached)
    return action


def attach(action: ImprovementAction, file: File, *, by: User, title: str) -> ActionFile:
    """Keep a file of an action. Raises Refusal where it is there already or the cycle has no room for it."""
    row = ActionFile(action=action, file=file, title=title[:250], uploaded_by=by)
    check_rows(row, by=by)
    row.sha256 = digest(row.file.file)[1]
    if ActionFile.objects.filter(action=action, sha256=row.sha256).exists():
        raise Refusal(_("This file is attached to the action already."))
    row.save()
    return row
