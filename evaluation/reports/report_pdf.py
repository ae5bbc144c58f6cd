"""The self-assessment report that a submission freezes: lines, explanations, evidence register with hashes."""

from decimal import Decimal
from itertools import groupby

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from evaluation import persian
from evaluation.models import Evidence

from .typeset import figure, typeset, whole


def self_assessment(assessment, *, at=None):
    """The bytes of the report (A4, Persian) on the figures as they are now; `at` is the moment printed on it.

    A pure reading: hand the bytes to `process.assessment.submit(..., report=)`, which keeps them with their SHA-256.
    """
    at = at or timezone.now()
    with translation.override("fa"):
        return typeset("self_assessment", content(assessment, at), at=at)


def content(assessment, at):
    """The texts of the report as data."""
    lines = list(
        assessment.lines.select_related("indicator__axis").order_by("indicator__axis__number", "indicator__code")
    )
    evidence = list(
        Evidence.objects.filter(line__assessment=assessment, removed_at=None)
        .select_related("line__indicator")
        .order_by("line__indicator__code", "uploaded_at")
    )
    heading = _("Self-assessment report")
    return {
        "title": f"{heading} · {assessment}",
        "heading": heading,
        "subject": f"{assessment.agency} · {assessment.dimension}",
        "footer": f"{heading} · {assessment} · {assessment.cycle.title}",
        "letter": letter(assessment, evidence, at),
        "facts": facts(assessment, lines, evidence),
        "axes": [
            {"title": str(axis or _("Lines")), "rows": [row(line) for line in members]}
            for axis, members in groupby(lines, key=lambda line: line.indicator.axis)
        ],
        "sum": _("Sum of the self-assessment: %(total)s of %(maximum)s points")
        % {"total": figure(total(lines, "self_score")), "maximum": figure(total(lines, "maximum"), None)},
        "evidence": [register_row(evidence_file) for evidence_file in evidence],
        "words": words(),
        "signatures": [_("Person in charge of the evaluation"), _("Head of the agency")],
        "sign": _("Name, signature and stamp"),
    }


def letter(assessment, evidence, at):
    """The head of an official paper; its number is written by the agency's registry."""
    count = len(evidence)
    attached = ngettext("%(count)s evidence file", "%(count)s evidence files", count) % {"count": whole(count)}
    return {
        "opening": _("In the name of God"),
        "sender": str(assessment.agency),
        "facts": [
            (_("Number"), "…………"),
            (_("Date"), persian.format_jalali_datetime(at, "long")),
            (_("Attachments"), attached if count else pgettext("attachments", "none")),
        ],
    }


def words():
    """The headings of the report."""
    return {
        "lines": _("Lines"),
        "columns": [_("Code"), _("Indicator"), _("Target"), _("Actual"), _("Score"), _("Maximum")],
        "evidence": _("Evidence register"),
        "evidence_columns": [_("Code"), _("Evidence"), _("Size"), _("Integrity code")],
        "no_evidence": _("No evidence file was attached."),
    }


def total(lines, column):
    """The sum of a column of points over the lines that are not exempt."""
    return sum((getattr(line, column) or Decimal(0) for line in lines if not line.exempt), Decimal(0))


def facts(assessment, lines, evidence):
    """[(name, value)] of the self-assessment."""
    own = [line for line in lines if not line.exempt and not line.indicator.outside_agency]
    filled = sum(line.self_actual is not None or line.self_score is not None for line in own)
    return [
        (_("Executive agency"), f"{assessment.agency} ({persian.localise_digits(assessment.agency.code)})"),
        (_("Agency headquarters"), str(assessment.agency.headquarters or "—")),
        (_("Evaluation cycle"), assessment.cycle.title),
        (_("Dimension"), assessment.dimension.title),
        (_("Lines filled"), _("%(done)s of %(total)s") % {"done": whole(filled), "total": whole(len(own))}),
        (_("Evidence files"), whole(len(evidence))),
    ]


def row(line):
    """The texts of one line."""
    note = line.self_note
    if line.exempt:
        note = _("Not applicable")
    elif line.indicator.outside_agency:
        note = _("Filled by its steward or an external system")
    return {
        "code": line.indicator.code,
        "title": line.indicator.title,
        "note": note,
        "target": figure(line.target, None),
        "actual": figure(line.self_actual, None),
        "score": figure(line.self_score),
        "maximum": figure(line.maximum),
    }


def register_row(evidence):
    """The texts of one evidence file."""
    return {
        "code": evidence.line.indicator.code,
        "title": evidence.title,
        "file": evidence.file.shown_name,
        "size": _("%(kilobytes)s KB") % {"kilobytes": whole(-(-evidence.size // 1024))},
        "sha256": evidence.sha256,
    }
