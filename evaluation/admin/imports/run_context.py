"""What the page of an import shows in each state: its steps, its report, the buttons of its uploader."""

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation.enums import ImportJob, ImportState
from evaluation.models import ImportRun
from evaluation.persian import localise_digits
from evaluation.process.imports import import_run
from evaluation.resources.tables import faults

from .. import labels
from . import changes, planned, progress
from .workbooks import import_url

WIZARD_STEPS = (
    gettext_lazy("Upload"),
    gettext_lazy("Headings"),
    gettext_lazy("Trial run"),
    gettext_lazy("Confirmation"),
    gettext_lazy("Receipt"),
)
MAX_KINDS, MAX_MILD = 100, 12  # of one cause on a page: errors, warnings
UPLOAD, HEADINGS, TRIAL, CONFIRM, RECEIPT = range(len(WIZARD_STEPS))
STEP_OF = {
    ImportState.MAPPING: HEADINGS,
    ImportState.REFUSED: TRIAL,
    ImportState.TRIED: CONFIRM,
    ImportState.WRITTEN: RECEIPT,
    ImportState.UNDONE: RECEIPT,
}
WRONG = (ImportState.REFUSED, ImportState.FAILED)
PART_OF_STATE = {
    ImportState.MAPPING: "mapping",
    ImportState.QUEUED: "work",
    ImportState.RUNNING: "work",
    ImportState.TRIED: "report",
    ImportState.REFUSED: "report",
    ImportState.WRITTEN: "receipt",
    ImportState.UNDONE: "receipt",
    ImportState.FAILED: "stopped",
    ImportState.CANCELLED: "stopped",
}
ADDRESSES = ("confirm", "cancel", "here", "again", "headings", "values", "source", "undo", "marked", "progress")


def steps(run=None):
    """The steps of the wizard with where an upload stands."""
    here = UPLOAD if run is None else STEP_OF.get(run.state, CONFIRM if run.job == ImportJob.WRITE else TRIAL)
    return steps_at(here, run)


def steps_at(here, run=None):
    over = run is not None and here == RECEIPT
    wizard = []
    for at, title in enumerate(WIZARD_STEPS):
        done = at < here or over
        tone = "done" if done else "next" if at > here else "wrong" if run and run.state in WRONG else "now"
        wizard.append({"number": at + 1, "title": title, "tone": tone, "here": at == here})
    return wizard


def run_number(run):
    return localise_digits(run.pk)


def run_title(run):
    if run.undoes_id:
        return _("Undoing of import %(number)s") % {"number": localise_digits(run.undoes_id)}
    return _("Import %(number)s") % {"number": run_number(run)}


def run_addresses(run):
    return {name: import_url(name, object_id=run.pk) for name in ADDRESSES}


def run_context(run, user, query):
    """What every state shares, and what its part shows."""
    part = PART_OF_STATE[run.state]
    return {
        "run": run,
        "title": run_title(run),
        "steps": None if run.undoes_id else steps(run),
        "part": f"admin/evaluation/imports/parts/{part}.html",
        "owns": import_run.may_confirm(run, user),
        "urls": run_addresses(run),
        "again_url": import_url("add", {"workbook": run.workbook, "cycle": run.cycle_id}),
        "named_values": bool(run.report.get("values") or run.values) and run.state in ImportState.tried_out(),
        "has_names": bool(run.headings or run.values),
        "back_url": reverse("admin:evaluation_importrun_changelist"),
        "uploaded_by": labels.person(run.uploaded_by),
        **CONTEXT_OF_PART[part](run, query),
    }


def work(run, _query):
    return {"work": progress.work_of(run)}


def report(run, query):
    return {
        "planned": planned.page_of(run, query) if run.state == ImportState.TRIED else None,
        "faults": cut(faults.grouped(run.report), MAX_KINDS),
        "warnings": cut(faults.grouped_warnings(run.report), MAX_MILD),
        "can_mark": can_mark(run),
        "can_name": bool(headings_of(run)),
        "rechecked": run.job == ImportJob.WRITE,
        "nothing": not (run.new or run.changed),
    }


def headings_of(run):
    """What the reader saw of headings that a person may name (resources.headings.as_data), or None."""
    return run.report.get("headings") or run.report.get("unread")


def cut(groups, most):
    """The groups of a report with the first kinds of each, places as (sheet, cell), and how many are not listed."""
    shortened = [group | {"kinds": [parted(kind) for kind in group["kinds"][:most]]} for group in groups]
    return [group | {"left_out": group["count"] - sum(kind["count"] for kind in group["kinds"])} for group in shortened]


def parted(kind):
    """A cell's address keeps its Latin digits; a warning about a whole sheet has none."""
    places = [place.rpartition("!") if "!" in place else (place, "", "") for place in kind["places"]]
    return kind | {"places": [(sheet, cell) for sheet, _mark, cell in places]}


def can_mark(run):
    """Whether a report names cells that can be marked; a receipt's cells are what they were to be."""
    named = run.report.get("faults") or run.report.get("warnings")
    return bool(named) and run.state in (ImportState.TRIED, ImportState.REFUSED)


def receipt(run, query):
    """The receipt of an import, or of an undoing: what was changed, and what an undoing made of it."""
    source = run.undoes or run
    undoing = ImportRun.objects.filter(undoes=source).first()
    by = import_run.written_by(run)
    return {
        "source": source,
        "undoing": undoing,
        "written_by": labels.person(by) if by else labels.person(run.asked_by) if run.asked_by else "",
        "warnings": cut(faults.grouped_warnings(run.report), MAX_MILD),
        "outcomes": changes.outcomes(source) if source.state == ImportState.UNDONE else [],
        "changes": changes.page_of(source, query),
        "chosen": query.get("outcome", ""),
        "why_not_undo": [] if undoing else import_run.why_not_undo(run),
    }


def counts_of_undo(run):
    """How many rows an undoing would take out, and how many it would set back."""
    return run.changes.aggregate(
        made=Count("pk", filter=Q(before__isnull=True)), edited=Count("pk", filter=Q(before__isnull=False))
    )


def nothing(_run, _query):
    return {}


CONTEXT_OF_PART = {"mapping": nothing, "work": work, "report": report, "receipt": receipt, "stopped": nothing}
