"""Stored files stay what they were: compared with their hash when they go out and each night; orphans are removed."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.apps import apps
from django.core.files import File
from django.core.files.storage import default_storage
from django.utils import timezone
from django.utils.translation import gettext as _

from evaluation.enums import FileEventKind
from evaluation.models.stored_file import digest, stored_file_fields

from . import events, quarantine

AGE = timedelta(days=1)  # of an orphan: younger files may belong to a transaction that is still open
MAX_SHARE = 0.5  # of the store: more orphans than that mean that the database is not the store's
FEW = 20  # orphans that are removed whatever their share


class FileFault(Exception):
    """A stored file that cannot go out: `kind` is a FileEventKind, the text a whole sentence for the person."""

    def __init__(self, kind: FileEventKind, sentence: str) -> None:
        self.kind = kind
        super().__init__(sentence)


def opened(file: File) -> File:
    """An open handle of a stored file whose content is what was uploaded, at its beginning.

    It is read once in pieces for the comparison, and again by whoever sends it. Raises FileFault; staff are told then.
    """
    handle, fault = compared(file)
    if fault is None:
        return handle
    events.found_at_fault(fault, file)
    raise FileFault(fault, SENTENCES[fault]() % {"name": file.shown_name})


SENTENCES = {
    FileEventKind.CHANGED: lambda: _(
        "The file “%(name)s” cannot be handed out: it was changed in the store and is not the one that was uploaded. "
        "The managers and the system administrator have been told. Try again later, or ask for the original."
    ),
    FileEventKind.MISSING: lambda: _(
        "The file “%(name)s” cannot be handed out: it is missing from the store. The managers and the system "
        "administrator have been told. Try again later, or ask for the original."
    ),
}


def compared(file: File) -> tuple[File, None] | tuple[None, FileEventKind]:
    """(open handle, None) of a sound stored file, (None, FileEventKind) of one that is changed or missing.

    A row from before hashes were kept has none: its file is believed.
    """
    try:
        handle = file.storage.open(file.name, "rb")
    except FileNotFoundError:
        return None, FileEventKind.MISSING
    _size, sha256 = digest(handle)
    if file.stated_hash and sha256 != file.stated_hash:
        handle.close()
        return None, FileEventKind.CHANGED
    return handle, None


def all_stored() -> Iterator[File]:
    """Every stored file of every row, one by one."""
    for model in apps.get_app_config("evaluation").get_models():
        for field in stored_file_fields(model):
            rows = model._base_manager.exclude(**{field.name: ""})
            for row in rows.iterator(chunk_size=200):
                yield getattr(row, field.attname)


def check_all() -> list[tuple[FileEventKind, File]]:
    """Compare every stored file with its hash. Returns [(kind, file)] of those at fault; staff are told of each."""
    faults = []
    for file in all_stored():
        handle, fault = compared(file)
        if handle is not None:
            handle.close()
        if fault is not None:
            events.found_at_fault(fault, file)
            faults.append((fault, file))
    return faults


class TooManyOrphans(Exception):
    """More than half of the store belongs to no row: nothing was removed."""


def remove_orphans(at: datetime | None = None) -> int:
    """Delete stored files that no row names and that are older than a day. Returns how many. Raises TooManyOrphans.

    They come from killed workers and from files that were replaced. The quarantine is left alone.
    """
    at = at or timezone.now()
    named = {
        name
        for model in apps.get_app_config("evaluation").get_models()
        for field in stored_file_fields(model)
        for name in model._base_manager.exclude(**{field.name: ""}).values_list(field.name, flat=True)
    }
    stored = list(walk(""))
    orphans = [name for name in stored if name not in named and at - default_storage.get_modified_time(name) > AGE]
    if len(orphans) > max(FEW, MAX_SHARE * len(stored)):
        raise TooManyOrphans(len(orphans))
    for name in orphans:
        default_storage.delete(name)
    return len(orphans)


def walk(folder: str) -> Iterator[str]:
    """The names of all files in the folders that rows store into."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:  # nothing was stored yet
        return
    for name in sorted(files):
        yield f"{folder}/{name}" if folder else name
    for name in sorted(folders):
        path = f"{folder}/{name}" if folder else name
        if path != quarantine.FOLDER:
            yield from walk(path)
