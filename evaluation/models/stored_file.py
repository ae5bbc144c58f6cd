"""Files of rows: kept under a short random name, with their own name, size and SHA-256 in columns beside.

A disk takes names of 255 bytes, some 125 Persian letters; people give longer ones. So the storage knows a random name
and the row knows the person's.
"""

import hashlib
import secrets
import threading
import unicodedata
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import UploadedFile
from django.db import connections, models, router, transaction
from django.utils.translation import gettext_lazy as _

MAX_NAME = 255  # characters: no file system gives a file a longer name
MAX_SUFFIX = 8
RANDOM_BYTES = 16
KEPT_SIGNS = "\u200c\u200d"  # the half-space and its opposite belong to Persian words


class NotAccepted(Exception):
    """An uploaded file was about to be stored that `process.files` had not looked at: an error of ours."""


def clean_name(name):
    """A file's own name without its folders and without signs that nobody sees, which can turn its suffix around."""
    name = PurePosixPath(str(name).replace("\\", "/")).name
    visible = (sign for sign in name if sign in KEPT_SIGNS or unicodedata.category(sign) not in ("Cc", "Cf", "Cs"))
    return "".join(visible).strip()[-MAX_NAME:]


def digest(file):
    """(size in bytes, SHA-256) of an open file, read in pieces; afterwards it stands at its beginning."""
    hashed, size = hashlib.sha256(), 0
    file.seek(0)
    for piece in iter(lambda: file.read(2**16), b""):
        hashed.update(piece)
        size += len(piece)
    file.seek(0)
    return size, hashed.hexdigest()


class StoredFile(models.fields.files.FieldFile):
    """The file of one row; `shown_name`, `stated_size` and `stated_hash` are what the row says of it."""

    def _column(self, what):
        return self.field.columns[what]

    @property
    def shown_name(self):
        """The name that the person gave it."""
        return getattr(self.instance, self._column("name"), "") or PurePosixPath(self.name or "").name

    @property
    def stated_size(self):
        return getattr(self.instance, self._column("size"))

    @property
    def stated_hash(self):
        return getattr(self.instance, self._column("sha256"))

    def save(self, name, content, save=True):
        """Store the content under a random name and write its own name, size and SHA-256 into the row's columns."""
        if isinstance(content, UploadedFile) and not getattr(content, "accepted", False):
            raise NotAccepted(f"{self.instance._meta.label}.{self.field.name}")
        size, sha256 = digest(content)
        for what, value in (("name", clean_name(name)), ("size", size), ("sha256", sha256)):
            setattr(self.instance, self._column(what), value)
        path = self.field.generate_filename(self.instance, name)
        try:
            self.name = self.storage.save(path, content, max_length=self.field.max_length)
        except BaseException:
            self.storage.delete(path)  # a part of it may have been written
            raise
        setattr(self.instance, self.field.attname, self.name)
        self._committed = True
        note_written(self.storage, self.name, using=self.instance._state.db or router.db_for_write(type(self.instance)))
        if save:
            self.instance.save()

    save.alters_data = True


class StoredFileField(models.FileField):
    """A file with the columns `<field>_name`, `<field>_size` and `<field>_sha256`, which it makes and fills.

    A model that has one of them under another name says so: `size="size"`. In migrations it is a plain FileField.
    """

    attr_class = StoredFile

    if TYPE_CHECKING:  # a row holds a StoredFile and takes any file

        def __get__(self, row: object, owner: type | None = None) -> Any: ...
        def __set__(self, row: object, value: object) -> None: ...

    def __init__(self, *args, size=None, sha256=None, name_column=None, **kwargs):
        self.given = {"name": name_column, "size": size, "sha256": sha256}
        super().__init__(*args, **kwargs)

    def contribute_to_class(self, cls, name):
        super().contribute_to_class(cls, name)
        self.columns = {what: column or f"{name}_{what}" for what, column in self.given.items()}
        if cls._meta.abstract:
            return
        for what, column in self.given.items():
            if column is None:
                cls.add_to_class(self.columns[what], COLUMNS[what]())

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.FileField", args, kwargs

    def clone(self):
        """For the states of migrations, which list the columns by themselves."""
        _name, _path, args, kwargs = self.deconstruct()
        return models.FileField(*args, **kwargs)

    def formfield(self, **kwargs):
        """A name of any length: the row keeps it, not the storage."""
        return super().formfield(**{"max_length": None, **kwargs})

    def generate_filename(self, instance, filename):
        """A random name in the field's folder, with the suffix where it is a short plain one."""
        suffix = PurePosixPath(clean_name(filename)).suffix.lower()
        plain = suffix[1:].isalnum() and suffix.isascii() and len(suffix) <= MAX_SUFFIX + 1
        return super().generate_filename(instance, secrets.token_hex(RANDOM_BYTES) + (suffix if plain else ""))


COLUMNS = {
    "name": lambda: models.CharField(_("file name"), max_length=MAX_NAME, blank=True, default="", editable=False),
    "size": lambda: models.PositiveBigIntegerField(_("size in bytes"), default=0, editable=False),
    "sha256": lambda: models.CharField("SHA-256", max_length=64, blank=True, default="", editable=False),
}


def stored_file_fields(model):
    return [field for field in model._meta.concrete_fields if isinstance(field, StoredFileField)]


def copied_columns(file):
    """{column: value} that go with a stored file into the same field of another row."""
    return {name: getattr(file.instance, name) for name in file.field.columns.values()}


# -- what was written by transactions that came to nothing ----------------------------------------

_written = threading.local()


def note_written(storage, name, *, using):
    """Remember a file until the transaction that wrote it is committed."""
    pending = _written.__dict__.setdefault("files", {})
    pending[name] = storage
    transaction.on_commit(lambda: pending.pop(name, None), using=using)


def remove_rolled_back():
    """Delete the files of transactions that were rolled back; at the end of a request. Returns their names.

    Inside a transaction nobody knows yet what becomes of them: nothing is deleted.
    """
    if any(connection.in_atomic_block for connection in connections.all(initialized_only=True)):
        return []
    pending = _written.__dict__.pop("files", {})
    for name, storage in pending.items():
        storage.delete(name)
    return list(pending)
