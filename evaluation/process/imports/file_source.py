"""How the files of a source are read, kept under its name."""

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from evaluation.models import FileSource, ImportRun
from evaluation.persian import normalise
from evaluation.rules.permissions import holds

from ..door import Refusal
from .import_run import locked


@transaction.atomic
def keep_source(run: ImportRun, name: str, *, by: User) -> FileSource:
    """Keep how this file is read under a name; a source of this name takes the new ones. Raises Forbidden, Refusal."""
    run = locked(run, by=by)
    name = normalise(name)
    if not name or not (run.headings or run.values):
        raise Refusal(_("Name the source, and at least one of its columns or values."))
    kept = FileSource.objects.filter(province=run.province, workbook=run.workbook, name=name).first()
    if kept is not None and kept.saved_by != by and not holds(by, "change_filesource", kept):
        raise Refusal(_("There is a source of this name for the workbook already."))
    if kept is None:
        kept = FileSource(province=run.province, workbook=run.workbook, name=name)
    kept.headings, kept.values, kept.saved_by = run.headings, run.values, by
    kept.save()
    return kept
