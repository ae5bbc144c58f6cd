"""The log of files, and who is told of what staff have to look into."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.core.files import File
from django.utils import timezone
from django.utils.translation import gettext as _

from evaluation.enums import FileEventKind
from evaluation.models import Cycle, FileEvent, Notice

from ..door import context
from ..messages import notice

if TYPE_CHECKING:
    from evaluation.process.messages.notice import Sentence


def source_of(file: File) -> str:
    """Table, row and field of a stored file, as the log names it."""
    return f"{file.instance._meta.model_name}/{file.instance.pk}/{file.field.name}"


def cycle_of(row: Any) -> Cycle | None:
    """The cycle that a row with files belongs to, or None."""
    for name in ("circular", "visit", "objection", "result_set"):
        row = getattr(row, name, None) or row
    return context(row)[0]


def downloaded(file: File, *, by: User) -> FileEvent:
    """A stored file went out to a person."""
    return FileEvent.objects.create(
        kind=FileEventKind.DOWNLOADED,
        by=by,
        name=file.shown_name,
        size=file.stated_size,
        sha256=file.stated_hash,
        source=source_of(file),
        cycle=cycle_of(file.instance),
    )


def exported(name: str, *, by: User, size: int = 0, address: str = "", cycle: Cycle | None = None) -> FileEvent:
    """A file that was made when it was asked for went out to a person: a workbook, a book, a marked copy."""
    kind = FileEventKind.EXPORTED
    return FileEvent.objects.create(kind=kind, by=by, name=name[-255:], size=size, source=address[:250], cycle=cycle)


def found_at_fault(kind: FileEventKind, file: File, note: str = "") -> None:
    """A stored file is changed or missing: logged and told once a day to those who have to look into it."""
    today, source = timezone.localdate(), source_of(file)
    if FileEvent.objects.filter(source=source, kind=kind, at__date=today).exists():
        return
    cycle = cycle_of(file.instance)
    FileEvent.objects.create(
        kind=kind,
        name=file.shown_name,
        size=file.stated_size,
        sha256=file.stated_hash,
        source=source,
        cycle=cycle,
        note=note,
    )
    tell_staff(cycle, event=f"file {kind} {source} {today}", text=lambda: TOLD[kind]() % {"name": file.shown_name})


TOLD = {
    FileEventKind.CHANGED: lambda: _(
        "The stored file “%(name)s” is not the one that was uploaded: it was changed outside the system. The log of "
        "files says where it belongs."
    ),
    FileEventKind.MISSING: lambda: _(
        "The stored file “%(name)s” is missing from the store. The log of files says where it belongs; take "
        "it from a backup."
    ),
}


def administrators() -> list[User]:
    """The people who look after the system."""
    return list(get_user_model().objects.filter(is_superuser=True, is_active=True).order_by("pk"))


def tell_staff(cycle: Cycle | None, *, event: str, text: Sentence) -> list[Notice]:
    """A notice to the system administrators and to the managers of the cycle's province."""
    people = {user.pk: user for user in [*administrators(), *(notice.managers(cycle) if cycle else [])]}
    return notice.tell(people.values(), event=event, text=text, cycle=cycle)
