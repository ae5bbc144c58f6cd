"""The package of a transfer: a ZIP with manifest, lines and evidence register that anybody can verify.

`manifest.json` names cycle, direction, items and counts, and each other file with its size in bytes and its SHA-256. In
the two directions before the evaluation `lines.xlsx` has exactly the columns of the workbook `received`, which imports
it (docs/spreadsheets.md).
"""

import hashlib
import json
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from django.utils.translation import gettext as _

from evaluation import workbook
from evaluation.enums import TransferDirection
from evaluation.models import Evidence, Line
from evaluation.process.assessing.transfer import items
from evaluation.process.door import Refusal
from evaluation.process.files import keeping

from .archive import pack, settled
from .sheets import evidence_sheet, final_sheet, received_sheet

MAX_NAME_BYTES = 200  # of a file in the package, beside its hash: disks take 255

FORMAT = "evaluation-transfer/1"
MANIFEST, LINES, REGISTER = "manifest.json", "lines.xlsx", "evidence.xlsx"
EVIDENCE_LIMIT = 50 * 1024 * 1024  # bytes of all files together; above it only the register is sent


def build(transfer, *, evidence_limit=EVIDENCE_LIMIT):
    """(bytes, SHA-256 in hex) of the package of a transfer; equal rows give equal bytes.

    Evidence files are included when all of them together are not larger than `evidence_limit` bytes.
    """
    assessments = list(items(transfer).order_by("participation__agency__code", "dimension__code"))
    lines, evidence = lines_of(assessments), evidence_of(assessments)
    with_files = sum(file.size for file in evidence) <= evidence_limit
    paths = {file.pk: path_of(file) for file in evidence} if with_files else {}
    sheet = final_sheet if transfer.direction == TransferDirection.REPORT else received_sheet
    files = {
        LINES: settled(workbook.build([sheet(lines)])),
        REGISTER: settled(workbook.build([evidence_sheet(evidence, paths)])),
        **{paths[file.pk]: content_of(file) for file in evidence if file.pk in paths},
    }
    manifest = manifest_of(transfer, assessments, lines, evidence, files)
    files[MANIFEST] = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True).encode()
    content = pack(files)
    return content, digest(content)


def digest(content):
    """The SHA-256 of these bytes in hex."""
    return hashlib.sha256(content).hexdigest()


def lines_of(assessments):
    """The lines of these assessments by agency, dimension and code."""
    lines = Line.objects.filter(assessment__in=assessments).select_related(
        "indicator", "assessment__dimension", "assessment__participation__agency"
    )
    return list(
        lines.order_by("assessment__participation__agency__code", "assessment__dimension__code", "indicator__code")
    )


def evidence_of(assessments):
    """The evidence of these assessments that was not removed, in the order of the lines."""
    kept = Evidence.objects.filter(line__assessment__in=assessments, removed_at=None).select_related(
        "line__indicator", "line__assessment__dimension", "line__assessment__participation__agency"
    )
    return list(
        kept.order_by(
            "line__assessment__participation__agency__code",
            "line__assessment__dimension__code",
            "line__indicator__code",
            "sha256",
        )
    )


def path_of(evidence):
    """The path of a file in the package; its hash keeps files of one name apart."""
    line = evidence.line
    folder = (line.assessment.agency.code, line.assessment.dimension.code, line.indicator.code)
    name = f"{evidence.sha256[:8]}-{short(evidence.file.shown_name)}"
    return "/".join(("evidence", *(part.replace("/", "_").strip(".") or "_" for part in folder), name))


def short(name):
    """A name that every disk takes, with its suffix: the register of evidence has the whole one."""
    stem, dot, suffix = name.rpartition(".")
    stem, suffix = (stem, dot + suffix) if dot else (name, "")
    return stem.encode()[: MAX_NAME_BYTES - len(suffix.encode())].decode(errors="ignore") + suffix


def content_of(evidence):
    """The bytes of an evidence file. Raises Refusal where it was changed or is missing."""
    try:
        with keeping.opened(evidence.file) as file:
            return file.read()
    except keeping.FileFault as fault:
        raise Refusal(str(fault)) from None


def manifest_of(transfer, assessments, lines, evidence, files):
    """The manifest as plain data."""
    cycle = transfer.cycle
    return {
        "format": FORMAT,
        "transfer": transfer.pk,
        "direction": transfer.direction,
        "letter": {
            "number": transfer.letter_number,
            "date": transfer.letter_date.isoformat() if transfer.letter_date else None,
        },
        "cycle": {
            "province": cycle.province.code,
            "performance_year": cycle.performance_year,
            "kind": cycle.kind,
            "title": cycle.title,
        },
        "counts": {"assessments": len(assessments), "lines": len(lines), "evidence": len(evidence)},
        "items": [item_of(assessment, lines) for assessment in assessments],
        "files": {name: {"size": len(content), "sha256": digest(content)} for name, content in sorted(files.items())},
    }


def item_of(assessment, lines):
    """One assessment of the manifest, with its number of lines."""
    return {
        "agency": assessment.agency.code,
        "name": assessment.agency.name,
        "dimension": assessment.dimension.code,
        "lines": sum(line.assessment_id == assessment.pk for line in lines),
        "self_assessment_report": assessment.report_sha256,
    }


def verify(content, sha256):
    """The manifest (dict) of a package (bytes).

    Raises Refusal when the bytes do not have this SHA-256, when a file differs from its manifest, is missing or was
    added, or when it is no package of ours.
    """
    if digest(content) != sha256:
        raise Refusal(
            _("The package does not match its integrity code. Receive it again; if the error returns, tell the sender.")
        )
    try:
        with ZipFile(BytesIO(content)) as archive:
            manifest = json.loads(archive.read(MANIFEST))
            files = {name: archive.read(name) for name in archive.namelist() if name != MANIFEST}
        stated = {name: entry["sha256"] for name, entry in manifest["files"].items()}
        known = manifest["format"] == FORMAT
    except (BadZipFile, KeyError, TypeError, ValueError, AttributeError):
        known = False
    if not known:
        raise Refusal(_("The file is not a package of a transfer: choose the file of the package."))
    if wrong := sorted(name for name in stated.keys() | files.keys() if stated.get(name) != hashed(files, name)):
        raise Refusal(
            _("These files of the package differ from its manifest: %(names)s. Ask the sender for the right package.")
            % {"names": "، ".join(wrong[:5])}
        )
    return manifest


def hashed(files, name):
    """The SHA-256 of a file of the package, or None where it is missing."""
    return digest(files[name]) if name in files else None
