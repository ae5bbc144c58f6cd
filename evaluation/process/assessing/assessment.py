"""The verbs of an assessment (docs/process.md#assessment).

Each runs a transition, its effects and its notices in one transaction.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation.enums import AssessmentState, BehalfBasis, Ground, Role
from evaluation.models import Assessment, Exemption, Line, OnBehalf, TransitionLog
from evaluation.rules import sentences
from evaluation.rules.permissions import holds

from .. import audit
from ..door import RELATED, Forbidden, Refusal, lock, log, perform
from . import feed
from .line import copy_self_to_hq, write_final
from .moves import APPROVED, NO_HEADQUARTERS, SUBMITTED, own_deadline, tell_disclosed, tell_side

REPORT_COLUMNS = ("report_file", "report_file_name", "report_file_size", "report_sha256")


@transaction.atomic
def submit(
    assessment: Assessment,
    *,
    by: User,
    on_behalf: OnBehalf | None = None,
    note: str = "",
    at: datetime | None = None,
    ground: Ground | None = None,
    report: bytes | None = None,
) -> Assessment:
    """Submit to the headquarters. The file of an agency without headquarters is approved at once, with a row in the
    log.

    `report` is the frozen self-assessment report (bytes of a PDF, made by the reports), kept with its SHA-256.
    """
    assessment = perform(assessment, "submit", by=by, on_behalf=on_behalf, note=note, at=at, ground=ground)
    if report is not None:
        freeze_report(assessment, report)
    elif assessment.report_sha256:  # of what was submitted before it was returned
        assessment.report_file = ""
        assessment.report_file_name, assessment.report_file_size, assessment.report_sha256 = "", 0, ""
        assessment.save(update_fields=REPORT_COLUMNS)
    if assessment.agency.headquarters_id is None:
        cycle = assessment.cycle
        scheduler = audit.scheduler(cycle.province)
        return approve_by_rule(assessment, by=scheduler, note=str(NO_HEADQUARTERS))
    tell_side(assessment, Role.HEADQUARTERS, "submit", SUBMITTED)
    return assessment


def freeze_report(assessment: Assessment, report: bytes) -> None:
    """Keep the bytes of a PDF as the report of the self-assessment, with their SHA-256."""
    assessment.report_file = ContentFile(report, name=f"self-assessment-{assessment.pk}.pdf")
    assessment.save(update_fields=REPORT_COLUMNS)


def unreported() -> QuerySet[Assessment]:
    """Self-assessments that a rule submitted when their window ended and that have no report yet, oldest first."""
    by_rule = TransitionLog.objects.filter(
        content_type=ContentType.objects.get_for_model(Assessment),
        object_id=OuterRef("pk"),
        name="submit",
        on_behalf_of__basis=BehalfBasis.RULE,
    )
    waiting = Assessment.objects.filter(Exists(by_rule), report_sha256="", submitted_at__isnull=False)
    return waiting.exclude(state__in=AssessmentState.open_to_agency()).order_by("submitted_at", "pk")


def complete_report(assessment: Assessment, typeset: Callable[[Assessment], bytes]) -> bool:
    """Freeze the report of a self-assessment that has none; `typeset(assessment)` gives the bytes of a PDF.

    Nothing is locked while it is typeset. Returns False where another worker has done it, where the file was submitted
    anew meanwhile, and where it is with its agency again: submitting it makes a report.
    """
    seen = Assessment.objects.select_related(*RELATED["assessment"]).get(pk=assessment.pk)
    if not waits_for_report(seen):
        return False
    report = typeset(seen)
    with transaction.atomic():
        assessment = lock(Assessment, assessment.pk)
        if not waits_for_report(assessment) or assessment.submitted_at != seen.submitted_at:
            return False
        freeze_report(assessment, report)
        return True


def waits_for_report(assessment: Assessment) -> bool:
    """Whether it was submitted, stands so, and has no report."""
    return not assessment.report_sha256 and assessment.state not in AssessmentState.open_to_agency()


@transaction.atomic
def return_(
    assessment: Assessment,
    *,
    by: User,
    reason: str,
    deadline: datetime | None = None,
    on_behalf: OnBehalf | None = None,
    line_reasons: Mapping[int, str] | None = None,
) -> Assessment:
    """The headquarters returns the self-assessment, with a reason and, line by line, what is wrong.

    `line_reasons` is {line pk: text}, written into the headquarters' notes; `deadline` an aware datetime.
    """
    line_reasons = line_reasons or {}
    for line in assessment.lines.filter(pk__in=line_reasons):
        line.hq_note = line_reasons[line.pk]
        line.version += 1
        line.save(update_fields=["hq_note", "version"])
    assessment = perform(
        assessment, "return_", by=by, on_behalf=on_behalf, note=reason, deadline=deadline or own_deadline(assessment)
    )
    tell_side(
        assessment, Role.AGENCY, "return", gettext_lazy("“%(name)s” was returned: please correct and submit it again.")
    )
    return assessment


@transaction.atomic
def approve(
    assessment: Assessment, *, by: User, on_behalf: OnBehalf | None = None, note: str = "", ground: Ground | None = None
) -> Assessment:
    """The headquarters approves; lines that it did not change get the agency's own figures at its level."""
    assessment = perform(assessment, "approve", by=by, on_behalf=on_behalf, note=note, ground=ground)
    copy_self_to_hq([assessment], by=by, on_behalf=on_behalf)
    tell_side(assessment, Role.AGENCY, "approve", APPROVED)
    return assessment


def approve_by_rule(assessment: Assessment, *, by: User, note: str = "") -> Assessment:
    """Approve in the place of a headquarters that is silent or does not exist, by the cycle's rule."""
    body = assessment.agency.headquarters or assessment.agency
    rule = audit.by_rule(assessment.cycle, role=Role.HEADQUARTERS, body=body, by=by)
    return approve(assessment, by=by, on_behalf=rule, note=note, ground=Ground.RULE)


@transaction.atomic
def open_scoring(assessment: Assessment, *, by: User, note: str = "") -> Assessment:
    """Hand a received assessment to the evaluators; its lines get the outside figures that came before."""
    assessment = perform(assessment, "open_scoring", by=by, note=note)
    feed.write_waiting([assessment], by=by)
    return assessment


@transaction.atomic
def send_back(assessment: Assessment, *, by: User, reason: str, deadline: datetime | None = None) -> Assessment:
    """The province sends the file back to the agency, with a reason and a deadline of its own."""
    assessment = perform(assessment, "send_back", by=by, note=reason, deadline=deadline or own_deadline(assessment))
    tell_side(
        assessment,
        Role.AGENCY,
        "send_back",
        gettext_lazy("“%(name)s” was sent back: please correct and submit it again."),
    )
    return assessment


def finish_scoring(assessment: Assessment, *, by: User, note: str = "") -> Assessment:
    """Finish the scoring: every line has its initial score. Raises Refusal naming lines without one."""
    return perform(assessment, "finish_scoring", by=by, note=note)


@transaction.atomic
def disclose(assessment: Assessment, *, by: User, note: str = "") -> Assessment:
    """Show the initial results to the agency and its headquarters."""
    assessment = perform(assessment, "disclose", by=by, note=note)
    tell_disclosed([assessment])
    return assessment


@transaction.atomic
def confirm(assessment: Assessment, *, by: User, note: str = "") -> Assessment:
    """Final confirmation: writes `final` on every line."""
    assessment = perform(assessment, "confirm", by=by, note=note)
    write_final([assessment], by=by)
    return assessment


def mark_absent(assessment: Assessment, *, by: User, reason: str) -> Assessment:
    """Mark that the agency did not take part: its total is 0, and it is left out of ranks and means."""
    return perform(assessment, "mark_absent", by=by, note=reason)


def withdraw(assessment: Assessment, *, by: User, reason: str) -> Assessment:
    """Record that the agency leaves the evaluation, with a reason."""
    return perform(assessment, "withdraw", by=by, note=reason)


# -- exemptions -----------------------------------------------------------------------------------


@transaction.atomic
def exempt(line: Line, *, by: User, reason: str, document: str = "") -> Exemption:
    """An indicator does not apply to this agency: decided before scoring opens, later only with a reason that says so.

    Raises Refusal without a reason, on a scored line and after the confirmation.
    """
    assessment = Assessment.objects.select_for_update(of=("self",)).get(pk=line.assessment_id)
    if not holds(by, "decide_exemption", line):
        raise Forbidden("decide_exemption")
    if not reason.strip():
        raise Refusal(_("An exemption needs a reason."))
    if assessment.state in (AssessmentState.CONFIRMED, AssessmentState.REPORTED, *AssessmentState.out()):
        raise Refusal(_("“%(name)s” is confirmed; reopen it first.") % {"name": assessment})
    exemption, _created = Exemption.objects.update_or_create(
        line=line, defaults={"reason": reason, "document": document, "decided_by": by, "decided_at": timezone.now()}
    )
    Line.objects.filter(pk=line.pk).update(exempt=True, version=line.version + 1)
    log(exemption, "exempt", by=by, note=reason)
    return exemption


@transaction.atomic
def lift_exemption(line: Line, *, by: User, reason: str) -> None:
    """Take an exemption back, with a reason. Raises Refusal, Forbidden."""
    if not holds(by, "decide_exemption", line):
        raise Forbidden("decide_exemption")
    if not reason.strip():
        raise Refusal(sentences.REASON_NEEDED)
    log(line, "lift_exemption", by=by, note=reason)
    Exemption.objects.filter(line=line).delete()
    Line.objects.filter(pk=line.pk).update(exempt=False, version=line.version + 1)
