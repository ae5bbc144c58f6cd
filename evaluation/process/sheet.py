"""Uploads of workbooks: kept with their trial run, written as a unit; and the rows of catalogue that they write."""

import hashlib

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from evaluation.enums import ImportState, ListState, Role, Slice
from evaluation.models import Agency, Axis, Headquarters, ImportRun, Indicator
from evaluation.rules.permissions import holds
from evaluation.rules.roles import memberships_of

from . import indicator as catalogue
from .door import Forbidden, Refusal, log

BATCH = 400
AGENCY_FIELDS = ("name", "kind", "headquarters", "group", "national_id", "ranked")
INDICATOR_FIELDS = (
    "axis parent title points weight unit nature direction scale target scorer steward evidence_rule guide "
    "legal_basis slice"
).split()


# -- runs -----------------------------------------------------------------------------------------


def keep(workbook, *, data, file_name, by, cycle=None, province=None, on_behalf=None):
    """Store an upload with its hash, before its trial run. Returns the ImportRun."""
    run = ImportRun(
        workbook=workbook,
        state=ImportState.REFUSED,
        cycle=cycle,
        province=cycle.province if cycle else province,
        file_name=file_name[:250],
        sha256=hashlib.sha256(data).hexdigest(),
        on_behalf_of=on_behalf,
        uploaded_by=by,
    )
    run.file.save(f"{workbook}.{file_name.rpartition('.')[2].lower()}", ContentFile(data), save=False)
    run.save()
    return run


def note_trial(run, *, counts, report, clean):
    """Keep what the trial run found; a run with faults can never be written."""
    run.state = ImportState.TRIED if clean else ImportState.REFUSED
    run.report = report
    for kind, count in counts.items():
        setattr(run, kind, count)
    run.save()
    return run


def content(run):
    """The stored bytes. Raises Refusal when they are not those of the trial run."""
    with run.file.open("rb") as file:
        data = file.read()
    if hashlib.sha256(data).hexdigest() != run.sha256:
        raise Refusal(_("The stored file is not the one that was tried. Upload it again."))
    return data


def may_confirm(run, user):
    """Whoever uploaded the workbook, and the manager of its province."""
    return run.uploaded_by_id == user.pk or holds(user, "import_line", run, among=[Role.MANAGER])


def lock(run, *, by):
    """The run under its lock, ready to be written once. Raises Forbidden, or Refusal when that was done already."""
    run = ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if not may_confirm(run, by):
        raise Forbidden("confirm_importrun")
    if run.state == ImportState.WRITTEN:
        raise Refusal(_("This workbook was written already; it is written once."))
    if run.state != ImportState.TRIED:
        raise Refusal(_("The trial run found errors: mend the workbook and upload it again."))
    return run


def finish(run, *, counts, report, by):
    """The receipt: what was written, when, and a log row."""
    source, run.state, run.written_at = run.state, ImportState.WRITTEN, timezone.now()
    run.report = report
    for kind, count in counts.items():
        setattr(run, kind, count)
    run.save()
    log(run, "write", source=source, target=run.state, by=by, on_behalf=run.on_behalf_of, note=run.file_name)
    return run


# -- agencies -------------------------------------------------------------------------------------


def may_import_agencies(by, province):
    """Whether an active membership lets the person import agencies into this province."""
    if by.is_superuser:
        return True
    here = {each.role for each in memberships_of(by) if province and each.province_id == province.pk}
    return holds(by, "import_agency", among=here)


@transaction.atomic
def write_agencies(province, *, new, changed, headquarters, by):
    """Save agencies of one province; `headquarters` are those that the workbook named first. Raises Forbidden."""
    if not may_import_agencies(by, province):
        raise Forbidden("import_agency")
    number = Headquarters.objects.count()
    for body in headquarters:
        while Headquarters.objects.filter(code=(code := f"HQ-{number + 1:02}")).exists():
            number += 1
        body.code, number = code, number + 1
        body.save()
    Agency.objects.bulk_create(new, batch_size=BATCH)
    Agency.objects.bulk_update(changed, AGENCY_FIELDS, batch_size=BATCH)


# -- indicators -----------------------------------------------------------------------------------


def check_catalogue(dimension):
    """Raise Refusal when a dimension's catalogue is frozen: the verb then is `amend`."""
    if dimension.frozen_at:
        raise Refusal(
            _("The catalogue of “%(name)s” is frozen. A change goes through “Amend” on the indicator, with a reason.")
            % {"name": dimension}
        )


def check_slice(specific_list, indicator):
    """Raise Refusal for an indicator of the nation's slice on a list that the national organization finalised."""
    if specific_list.state == ListState.FINALISED and indicator.slice != Slice.PROVINCIAL:
        raise Refusal(
            _("The list of “%(name)s” is finalised: only the provincial slice is open.")
            % {"name": specific_list.agency}
        )


@transaction.atomic
def write_catalogue(cycle, *, axes, changed_axes, new, changed, by):
    """Save axes and general indicators, parents before measures. Raises Forbidden, or Refusal after the freeze."""
    if not holds(by, "import_indicator", cycle, among=Role.mpo()):
        raise Forbidden("import_indicator")
    dimensions = {each.dimension for each in (*axes, *changed_axes, *new, *changed)}
    for dimension in dimensions:
        dimension.refresh_from_db(fields=["frozen_at"])
        check_catalogue(dimension)
    Axis.objects.bulk_create(axes)
    Axis.objects.bulk_update(changed_axes, ["maximum"])
    save_indicators(new, changed)


@transaction.atomic
def write_specific(lists, *, new, changed, by, on_behalf=None):
    """Save specific indicators on lists that are open to the person. `lists`: {agency id: SpecificList}."""
    if not holds(by, "import_indicator"):
        raise Forbidden("import_indicator")
    touched = {indicator.agency_id for indicator in (*new, *changed)}
    for agency in touched:
        catalogue.check_proposal(lists[agency], by=by, on_behalf=on_behalf)
    for indicator in (*new, *changed):
        check_slice(lists[indicator.agency_id], indicator)
    save_indicators(new, changed)
    for agency in touched:
        log(lists[agency], "import", target=lists[agency].state, by=by, on_behalf=on_behalf)


def save_indicators(new, changed):
    Indicator.objects.bulk_create([each for each in new if each.parent is None], batch_size=BATCH)
    Indicator.objects.bulk_create([each for each in new if each.parent is not None], batch_size=BATCH)
    Indicator.objects.bulk_update(changed, INDICATOR_FIELDS, batch_size=BATCH)
