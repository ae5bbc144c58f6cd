"""Visits to agencies, and the feedback sheet: written from the findings, issued, acknowledged."""

from collections.abc import Iterable

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from evaluation.enums import FindingKind, Role
from evaluation.models import FeedbackSheet, OnBehalf, Visit, VisitFile, VisitFinding
from evaluation.models.stored_file import digest
from evaluation.rules.archive import is_archived
from evaluation.rules.permissions import May, holds

from ..door import Forbidden, Refusal, check_person, lock, log
from ..files.accept import check_rows
from ..messages import notice

ACKNOWLEDGE = May("acknowledge_feedbacksheet", party=Role.AGENCY)


def is_open(visit: Visit) -> bool:
    """Whether a visit may still be written: its findings are fixed with the feedback sheet that was issued."""
    if is_archived(visit.cycle):
        return False
    return not FeedbackSheet.objects.filter(participation=visit.participation_id, issued_at__isnull=False).exists()


def keep_file(row: VisitFile, *, by: User) -> VisitFile:
    """Complete a file of a visit that is about to be saved: its SHA-256 and who brought it. Raises Refusal."""
    check_rows(row, by=by)
    row.sha256, row.uploaded_by = digest(row.file.file)[1], by
    if VisitFile.objects.filter(visit=row.visit, sha256=row.sha256).exclude(pk=row.pk).exists():
        raise Refusal(_("This file is attached to the visit already."))
    return row


@transaction.atomic
def prepare_feedback_sheet(visit: Visit, *, by: User) -> FeedbackSheet:
    """The draft of the agency's feedback sheet, with strengths and weaknesses from the findings of all its visits.

    A sheet that is there already is filled anew while nothing was typed in it. Raises Refusal once it is issued.
    """
    if not holds(by, "issue_feedbacksheet", visit.participation):
        raise Forbidden("issue_feedbacksheet")
    sheet, created = FeedbackSheet.objects.get_or_create(participation=visit.participation)
    if sheet.issued_at:
        raise Refusal(_("The feedback sheet of “%(name)s” has been issued already.") % {"name": sheet})
    findings = VisitFinding.objects.filter(visit__participation=visit.participation_id).select_related(
        "line__indicator"
    )
    sheet.strengths = sheet.strengths or listed(findings, FindingKind.STRENGTH)
    sheet.weaknesses = sheet.weaknesses or listed(findings, FindingKind.WEAKNESS)
    sheet.save(update_fields=["strengths", "weaknesses"])
    if created:
        log(sheet, "prepare", by=by)
    return sheet


def listed(findings: Iterable[VisitFinding], kind: FindingKind) -> str:
    """One finding a line, each after its indicator."""
    return "\n".join(f"{finding.line.indicator.title}: {finding.text}" for finding in findings if finding.kind == kind)


@transaction.atomic
def issue_feedback_sheet(sheet: FeedbackSheet, *, by: User, note: str = "") -> FeedbackSheet:
    """Hand the feedback sheet to the agency and tell its people; from now on it is fixed. Raises Refusal, Forbidden."""
    sheet = lock(FeedbackSheet, sheet.pk)
    if not holds(by, "issue_feedbacksheet", sheet):
        raise Forbidden("issue_feedbacksheet")
    if sheet.issued_at:
        raise Refusal(_("The feedback sheet of “%(name)s” has been issued already.") % {"name": sheet})
    if not any(text.strip() for text in (sheet.text, sheet.strengths, sheet.weaknesses)):
        raise Refusal(_("The feedback sheet is empty: write its text, strengths or weaknesses first."))
    sheet.issued_at, sheet.issued_by = timezone.now(), by
    sheet.save(update_fields=["issued_at", "issued_by"])
    log(sheet, "issue", by=by, note=note)
    notice.tell(
        notice.people(Role.AGENCY, agency=sheet.participation.agency_id),
        event=f"feedback:{sheet.pk}",
        cycle=sheet.cycle,
        text=lambda: (
            _("The feedback sheet of “%(cycle)s” is ready: please read and acknowledge it.") % {"cycle": sheet.cycle}
        ),
    )
    return sheet


@transaction.atomic
def acknowledge_feedback_sheet(
    sheet: FeedbackSheet, *, by: User, comment: str = "", on_behalf: OnBehalf | None = None
) -> FeedbackSheet:
    """The agency has read its feedback sheet, with its comment; the provincial organization does it with a letter.

    A second acknowledgement changes nothing. Raises Refusal before the issue, and Forbidden.
    """
    sheet = lock(FeedbackSheet, sheet.pk)
    check_person(ACKNOWLEDGE, sheet, by, on_behalf)
    if not sheet.issued_at:
        raise Refusal(_("Only a feedback sheet that was issued is acknowledged."))
    if sheet.acknowledged_at:
        return sheet
    sheet.acknowledged_at, sheet.acknowledged_by, sheet.comment = timezone.now(), by, comment
    sheet.save(update_fields=["acknowledged_at", "acknowledged_by", "comment"])
    log(sheet, "acknowledge", by=by, on_behalf=on_behalf, note=comment)
    return sheet
