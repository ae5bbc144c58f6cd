"""Evidence files of a line: added and removed while the self-assessment is open, never lost."""

import hashlib

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from evaluation.enums import EvidenceRule, MarkLevel
from evaluation.models import Assessment, Evidence, Line

from ..door import Refusal, lock
from .line import check_entry

ALLOWED = "pdf jpg jpeg png tif tiff doc docx xls xlsx ods odt ppt pptx txt csv zip rar 7z mp4".split()


def attach(line, file, *, by, title="", on_behalf=None):
    """Keep an uploaded file as evidence of a line, with size and SHA-256. Raises Refusal for what may not be kept."""
    return attach_many([(line, file, title)], by=by, on_behalf=on_behalf)[0]


@transaction.atomic
def attach_many(files, *, by, on_behalf=None):
    """The bulk form of `attach`: (line, uploaded file, title), all or nothing. Returns the evidence."""
    files = list(files)
    for key in sorted({line.assessment_id for line, _file, _title in files}):
        check_entry(lock(Assessment, key), MarkLevel.SELF, by=by, on_behalf=on_behalf)
    lines = Line.objects.select_related("indicator").in_bulk([line.pk for line, _file, _title in files])
    present = set(Evidence.objects.filter(line__in=lines, removed_at=None).values_list("line_id", "sha256"))
    kept = []
    for line, file, title in files:
        line, sha256 = lines[line.pk], check_file(lines[line.pk], file)
        if (line.pk, sha256) in present:
            raise Refusal(_("This file is attached to the line already."))
        present.add((line.pk, sha256))
        kept.append(
            Evidence(
                line=line,
                title=(title or file.name)[:250],
                file=file,
                size=file.size,
                sha256=sha256,
                uploaded_by=by,
                on_behalf_of=on_behalf,
            )
        )
    return Evidence.objects.bulk_create(kept)


def check_file(line, file):
    """The SHA-256 of an uploaded file that may be kept as evidence of the line; raises Refusal otherwise."""
    if line.indicator.evidence_rule == EvidenceRule.NONE:
        raise Refusal(_("“%(line)s” needs no evidence, and no file is accepted for it.") % {"line": line})
    return fingerprint(file)


def fingerprint(file):
    """The SHA-256 of an uploaded file of a kind and size that is kept; raises Refusal otherwise."""
    suffix = file.name.rsplit(".", 1)[-1].lower() if "." in file.name else ""
    if suffix not in ALLOWED:
        raise Refusal(
            _("Files ending in “%(suffix)s” are not accepted. Send the file as one of: %(allowed)s.")
            % {"suffix": suffix or "—", "allowed": " ".join(ALLOWED)}
        )
    if file.size > settings.UPLOAD_MAX_BYTES:
        raise Refusal(
            _("The file is larger than %(megabytes)s megabytes: send a smaller one.")
            % {"megabytes": settings.UPLOAD_MAX_BYTES // (1024 * 1024)}
        )
    if not file.size:
        raise Refusal(_("The file is empty: choose another file."))
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


@transaction.atomic
def remove(evidence, *, by, on_behalf=None):
    """Take a file off the line; file and row are kept, marked as removed."""
    evidence = Evidence.objects.select_for_update(of=("self",)).get(pk=evidence.pk)
    check_entry(lock(Assessment, evidence.line.assessment_id), MarkLevel.SELF, by=by, on_behalf=on_behalf)
    if evidence.removed_at is None:
        evidence.removed_at, evidence.removed_by = timezone.now(), by
        evidence.save(update_fields=["removed_at", "removed_by"])
    return evidence
