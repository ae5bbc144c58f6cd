"""How much may still be stored: quotas of a line, an agency and a cycle, and what is free on the disk."""

import shutil
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage
from django.db.models import (
    BigIntegerField,
    Expression,
    IntegerField,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation.models import Agency, Cycle
from evaluation.models.stored_file import stored_file_fields
from evaluation.persian import format_decimal, localise_digits
from evaluation.rules import paths
from evaluation.rules.statements import statement

from ..door import Refusal
from . import events

MEGABYTE = 2**20
OF_AGENCY = {  # what an agency itself uploads: the path to its line, and which rows count; what it removed does not
    "evidence": ("line", Q(removed_at=None)),
    "objectionversion": ("objection__line", Q()),
}
UNCOUNTED = ("objection",)  # its file is that of its newest version

FULL = {
    "line": gettext_lazy(
        "The file was not stored: the files of this indicator would take %(used)s megabytes, and %(most)s are allowed. "
        "Remove a file that is not needed, or choose a smaller one."
    ),
    "agency": gettext_lazy(
        "The file was not stored: the files of this agency would take %(used)s megabytes in this cycle, and %(most)s "
        "are allowed. Remove files that are not needed, or ask the provincial organization."
    ),
    "cycle": gettext_lazy(
        "The file was not stored: the files of this cycle would take %(used)s megabytes, and %(most)s are allowed. Ask "
        "the system administrator for more room."
    ),
}

DISK_FULL = gettext_lazy(
    "No file can be stored at the moment: the disk of the system is nearly full. What you have typed is kept; the "
    "system administrator has been told. Try again later."
)


def check_quotas(adding: int, *, cycle: Cycle | None, agency: Agency | None = None) -> None:
    """Raise Refusal when `adding` bytes would go beyond the quota of the cycle, or of the agency in it."""
    if cycle is None:
        return
    used = usage(cycle, agency)
    check("cycle", used["cycle"] + adding, settings.QUOTA_CYCLE_BYTES)
    if agency is not None:
        check("agency", used["agency"] + adding, settings.QUOTA_AGENCY_BYTES)


def check_lines(adding: Mapping[int, int]) -> None:
    """Raise Refusal when a line would hold more than its quota; `adding` is {key of a line: bytes}."""
    used = dict.fromkeys(adding, 0)
    for model, column in of_agencies():
        path, counts = OF_AGENCY[model._meta.model_name]
        rows = model._base_manager.filter(counts, **{f"{path}__in": adding}).order_by()
        for key, size in rows.values_list(path).annotate(Sum(column)):
            used[key] += size
    for key, size in adding.items():
        check("line", used[key] + size, settings.QUOTA_LINE_BYTES)


def check(name: str, size: int, quota: int) -> None:
    """Raise Refusal when the size is above the quota; 0 is no quota."""
    if quota and size > quota:
        raise Refusal(FULL[name] % {"used": megabytes(size), "most": megabytes(quota)})


def usage(cycle: Cycle, agency: Agency | None = None) -> dict[str, int]:
    """{"cycle", "agency": bytes stored}, in one query."""
    (sizes,) = stored_bytes.rows(cycle.pk, agency and agency.pk)
    return {name: int(size) for name, size in zip(("cycle", "agency"), sizes, strict=False)}


@statement
def stored_bytes(cycle: int, agency: int | None) -> QuerySet[Cycle]:
    """The bytes of a cycle, and of an agency in it where one is named, by their keys."""
    sums = {"of_cycle": total(lambda model: Q(**{paths.CYCLE[model]: OuterRef("pk")}), counted())}
    if agency is not None:

        def own(model: str) -> Q:
            return Q(**{paths.CYCLE[model]: cycle, paths.AGENCY[model]: agency}) & OF_AGENCY[model][1]

        sums["of_agency"] = total(own, of_agencies())
    return Cycle.objects.filter(pk=cycle).values_list(*sums.values())


def of_agencies() -> list[tuple[type[Model], str]]:
    return [(model, column) for model, column in counted() if model._meta.model_name in OF_AGENCY]


def counted() -> list[tuple[type[Model], str]]:
    """(model, its column of bytes) of every stored file that belongs to a cycle."""
    return [
        (model, field.columns["size"])
        for model in apps.get_app_config("evaluation").get_models()
        if model._meta.model_name not in UNCOUNTED and model._meta.model_name in paths.CYCLE
        for field in stored_file_fields(model)
    ]


def total(where: Callable[[str], Q], columns: Iterable[tuple[type[Model], str]]) -> Expression:
    """The sum of the columns over the rows that `where` (model name → Q) names, as one expression."""
    expression = Value(0, output_field=BigIntegerField())
    for model, column in columns:
        rows = model._base_manager.filter(where(model._meta.model_name)).order_by()
        rows = rows.annotate(one=Value(1, output_field=IntegerField())).values("one").annotate(sum=Sum(column))
        expression = expression + Coalesce(Subquery(rows.values("sum"), output_field=BigIntegerField()), 0)
    return expression


def megabytes(number: int) -> str:
    """Bytes in megabytes, with one decimal below ten, in the digits of the reader."""
    value = number / MEGABYTE
    return localise_digits(round(value)) if value >= 10 else format_decimal(round(value, 1))


def check_disk(adding: int) -> None:
    """Raise Refusal when the disk would be left with less than FREE_DISK_MB; administrators are told once a day."""
    if not isinstance(default_storage, FileSystemStorage):
        return
    if free_space() - adding >= settings.FREE_DISK_BYTES:
        return
    events.tell_staff(
        None,
        event=f"disk full {timezone.localdate()}",
        text=lambda: _("The disk of the file store is nearly full, so uploads are refused. Make room on it."),
    )
    raise Refusal(DISK_FULL)


def free_space() -> int:
    """Free bytes on the disk that holds the store."""
    place = Path(settings.MEDIA_ROOT)
    while not place.exists():  # before the first upload
        place = place.parent
    return shutil.disk_usage(place).free
