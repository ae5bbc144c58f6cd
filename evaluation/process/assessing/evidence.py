"""Evidence files of a line: added and removed while the self-assessment is open, never lost."""

from collections.abc import Callable, Iterable, Sequence

from django.contrib.auth.models import User
from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from evaluation.enums import EvidenceRule, MarkLevel
from evaluation.models import Assessment, Evidence, Line, OnBehalf
from evaluation.models.stored_file import digest

from ..door import Refusal, lock
from ..files import room
from ..files.accept import accept
from .line import check_entry


def attach(line: Line, file: File, *, by: User, title: str = "", on_behalf: OnBehalf | None = None) -> Evidence:
    """Keep an uploaded file as evidence of a line, with size and SHA-256. Raises Refusal for what may not be kept."""
    accept(file, by=by)
    return attach_many([(line, file, title)], by=by, on_behalf=on_behalf)[0]


@transaction.atomic
def attach_many(
    files: Iterable[tuple[Line, File, str]], *, by: User, on_behalf: OnBehalf | None = None
) -> list[Evidence]:
    """The bulk form of `attach`: (line, uploaded file, title), all or nothing. Returns the evidence."""
    files = list(files)
    for key in sorted({line.assessment_id for line, _file, _title in files}):
        check_entry(lock(Assessment, key), MarkLevel.SELF, by=by, on_behalf=on_behalf)
    places = ("indicator", "assessment__participation__cycle", "assessment__participation__agency")
    lines = Line.objects.select_related(*places).in_bulk([line.pk for line, _file, _title in files])
    present = set(Evidence.objects.filter(line__in=lines, removed_at=None).values_list("line_id", "sha256"))
    kept = []
    for line, file, title in files:
        line = lines[line.pk]
        if line.indicator.evidence_rule == EvidenceRule.NONE:
            raise Refusal(_("“%(line)s” takes no evidence.") % {"line": line})
        size, sha256 = digest(accept(file, by=by))
        if (line.pk, sha256) in present:
            raise Refusal(_("This file is attached to the line already."))
        present.add((line.pk, sha256))
        kept.append(
            Evidence(
                line=line,
                title=(title or file.name)[:250],
                file=file,
                size=size,
                sha256=sha256,
                uploaded_by=by,
                on_behalf_of=on_behalf,
            )
        )
    check_room(kept)
    return Evidence.objects.bulk_create(kept)


def check_room(evidence: Sequence[Evidence]) -> None:
    """Raise Refusal where new evidence would go beyond the quotas of its lines, agencies or cycles."""
    room.check_lines(added(evidence, lambda row: row.line_id))
    places = {row.line.assessment_id: row.line.assessment for row in evidence}
    for key, size in added(evidence, lambda row: row.line.assessment_id).items():
        participation = places[key].participation
        room.check_quotas(size, cycle=participation.cycle, agency=participation.agency)


def added(evidence: Iterable[Evidence], key: Callable[[Evidence], int]) -> dict[int, int]:
    """{key of each: bytes}."""
    sizes: dict[int, int] = {}
    for row in evidence:
        sizes[key(row)] = sizes.get(key(row), 0) + row.size
    return sizes


@transaction.atomic
def remove(evidence: Evidence, *, by: User, on_behalf: OnBehalf | None = None) -> Evidence:
    """Take a file off the line; file and row are kept, marked as removed."""
    evidence = Evidence.objects.select_for_update(of=("self",)).get(pk=evidence.pk)
    check_entry(lock(Assessment, evidence.line.assessment_id), MarkLevel.SELF, by=by, on_behalf=on_behalf)
    if evidence.removed_at is None:
        evidence.removed_at, evidence.removed_by = timezone.now(), by
        evidence.save(update_fields=["removed_at", "removed_by"])
    return evidence
