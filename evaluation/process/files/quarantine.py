"""Infected uploads: moved out of reach, logged, and told to the person and the system administrators."""

import secrets

from django.contrib.auth.models import User
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from evaluation.enums import FileEventKind
from evaluation.models import FileEvent
from evaluation.models.stored_file import clean_name, digest

from ..messages import notice
from . import events

FOLDER = "quarantine"


def put_away(file: File, name: str, *, infection: str, by: User | None) -> FileEvent:
    """Keep an infected upload where no page hands it out. Returns its log row.

    Call it outside of a transaction: what refuses the upload would take the row back.
    """
    size, sha256 = digest(file)
    path = default_storage.save(f"{FOLDER}/{secrets.token_hex(16)}.infected", File(file))
    file.seek(0)
    row = FileEvent.objects.create(
        kind=FileEventKind.INFECTED, by=by, name=clean_name(name), size=size, sha256=sha256, source=path, note=infection
    )
    words = {"name": row.name, "found": infection, "person": (by and (by.get_full_name() or by.get_username())) or "—"}
    notice.tell([by] if by else [], event=f"infected {row.pk}", text=lambda: told_uploader() % words)
    others = [user for user in events.administrators() if by is None or user.pk != by.pk]
    notice.tell(others, event=f"infected {row.pk}", text=lambda: told_administrators() % words)
    return row


def told_uploader() -> str:
    return _(
        "Your file “%(name)s” is infected (%(found)s) and was put into quarantine; it was stored nowhere else. Clean "
        "your computer and choose a clean copy."
    )


def told_administrators() -> str:
    return _(
        "%(person)s uploaded the infected file “%(name)s” (%(found)s); it lies in quarantine. See the log of files."
    )
