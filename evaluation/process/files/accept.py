"""The one rule for every file that a person uploads: evidence, circulars, minutes, visits, objections, workbooks, …

A form asks `accept` before its verb opens a transaction; a verb asks `check_rows` for the room in the cycle. A row
takes no upload that `accept` has not seen (`models.stored_file.NotAccepted`).
"""

from django.conf import settings
from django.contrib.auth.models import User
from django.core.files import File
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from evaluation.models.stored_file import clean_name, stored_file_fields
from evaluation.persian import localise_digits

from ..door import Refusal, context
from . import content, events, quarantine, room, scanner


def accept(file: File, *, by: User | None = None) -> File:
    """Look at an uploaded file: size, content, scanner, free disk. Returns it. Raises Refusal with a whole sentence.

    A second call does nothing. Called outside of a transaction, the quarantine of an infected file is kept.
    """
    if getattr(file, "accepted", False):
        return file
    name, by = clean_name(file.name), by or getattr(file, "uploader", None)
    check_size(file, name)
    if sentence := content.fault(file, name):
        raise Refusal(sentence)
    room.check_disk(file.size)
    check_scanner(file, name, by=by)
    file.seek(0)
    file.accepted = True
    return file


def check_size(file: File, name: str) -> None:
    if not file.size:
        raise Refusal(_("The file “%(name)s” is empty, so nothing was stored. Choose the right file.") % {"name": name})
    if file.size > settings.UPLOAD_MAX_BYTES:
        text = _(
            "The file “%(name)s” was not stored: it has %(size)s megabytes, and %(most)s are allowed. Divide it or "
            "make its pictures smaller."
        )
        sizes = {"size": room.megabytes(file.size), "most": localise_digits(settings.UPLOAD_MAX_BYTES // room.MEGABYTE)}
        raise Refusal(text % {"name": name, **sizes})


def check_scanner(file: File, name: str, *, by: User | None) -> None:
    if not scanner.is_set():
        return
    try:
        infection = scanner.found_in(file)
    except scanner.Unreachable as error:
        reason = str(error)
        events.tell_staff(
            None,
            event=f"scanner {timezone.localdate()}",
            text=lambda: (
                _("The scanner for harmful files gives no answer, so uploads are refused: %(reason)s")
                % {"reason": reason}
            ),
        )
        raise Refusal(
            _(
                "The file “%(name)s” was not stored: the scanner for harmful files gives no answer. The system "
                "administrator has been told. Try again later."
            )
            % {"name": name}
        ) from None
    if infection:
        quarantine.put_away(file, name, infection=infection, by=by)
        raise Refusal(
            _(
                "The file “%(name)s” was not stored: it is infected (%(found)s) and was put into quarantine. The "
                "system administrator has been told. Clean your computer and choose a clean copy."
            )
            % {"name": name, "found": infection}
        )


def fresh_files(row: Model) -> list[File]:
    """Files of a row that are not stored yet."""
    files = (getattr(row, field.attname) for field in stored_file_fields(type(row)))
    return [file for file in files if file and not file._committed]


def check_rows(*rows: Model, by: User | None = None) -> None:
    """Accept the new files of rows that are about to be saved, and ask the quotas of their places. Raises Refusal.

    All rows belong to one cycle. The files of a line are asked its own quota and that of its agency, too.
    """
    files = [file for row in rows for file in fresh_files(row)]
    for file in files:
        if isinstance(file.file, UploadedFile):
            accept(file.file, by=by)
    if not files:
        return
    adding, line = sum(file.size for file in files), getattr(rows[0], "line", None)
    if line is not None:
        room.check_lines({line.pk: adding})
    cycle = events.cycle_of(rows[0])
    room.check_quotas(adding, cycle=cycle, agency=context(rows[0])[1] if line is not None else None)
