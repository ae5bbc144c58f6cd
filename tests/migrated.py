"""The database is migrated once and copied: every worker starts from a copy, and so does every later run on SQLite.

The roles are loaded into it as production loads them, since nearly every test needs their fifteen hundred rows.
Migrating costs some seconds of a processor, a copy a fraction of one. The template has a name that changes with
what the migrations depend on. On SQLite it is a file that stays in pytest's cache; on PostgreSQL it is a database of
the same server.
"""

import fcntl
import hashlib
import os
import shutil
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
# Permissions and content types are rows too: they come from the models, the apps from the settings.
ROLES = "fixtures/roles.json"
SOURCES = ("backoffice/settings.py", "evaluation/enums", "evaluation/models", "evaluation/migrations", ROLES)
PACKAGES = ("django", "django-q2", "django-fsm-2")
TEMPLATES = 3  # files that stay, for those who go back and forth between branches


def copy_instead_of_migrating(folder: Path) -> None:
    """Let the test database be a copy of the template, which the first process makes; `folder` outlives the run."""
    name_of_copy = connection.creation._get_test_db_name()

    def create_test_db(**_options):
        if connection.vendor == "sqlite":
            shutil.copyfile(template_file(folder), name_of_copy)
        else:
            _copy_database(folder, name_of_copy)
        _use(name_of_copy)
        connection.ensure_connection()
        return name_of_copy

    connection.creation.create_test_db = create_test_db


def fingerprint() -> str:
    """A word that changes with the migrations, the models and the packages whose tables are made."""
    digest = hashlib.sha256(" ".join(f"{name} {version(name)}" for name in PACKAGES).encode())
    for source in SOURCES:
        place = ROOT / source
        for path in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


@contextmanager
def _locked(path):
    """One process at a time is in this block with this path."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _use(name):
    connection.close()
    settings.DATABASES[connection.alias]["NAME"] = name
    connection.settings_dict["NAME"] = name


def _migrate(name):
    """Create the database `name` by the migrations, as Django would, load the roles, and leave it closed."""
    usual, test = connection.settings_dict["NAME"], connection.settings_dict["TEST"]
    name_of_copy, test["NAME"] = test["NAME"], name
    try:
        creation = connection.creation
        type(creation).create_test_db(creation, verbosity=0, autoclobber=True, serialize=False)
        call_command("loaddata", ROLES, verbosity=0)
    finally:
        test["NAME"] = name_of_copy
        _use(usual)


def template_file(folder: Path) -> Path:
    """The migrated SQLite file, made where there is none.

    It is migrated under another name, so that an interrupted run leaves no half of one. Closed by the last connection,
    the file holds everything: no log is left beside it.
    """
    with _locked(folder / "sqlite.lock"):
        path = folder / f"migrated-{fingerprint()}.sqlite3"
        if not path.exists():
            part = path.with_suffix(".part")
            _migrate(part)
            os.replace(part, path)
            for older in sorted(folder.glob("migrated-*.sqlite3"), key=os.path.getmtime)[:-TEMPLATES]:
                older.unlink()
    return path


def _copy_database(folder, name):
    """Create the database `name` on the server as a copy of the template, made where there is none."""
    template = f"migrated_{fingerprint()}"
    with _locked(folder / "postgresql.lock"):
        with connection._nodb_cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [template])
            made = cursor.fetchone()
        if not made:
            _migrate(f"{template}_part")
        with connection._nodb_cursor() as cursor:
            if not made:
                cursor.execute(f'ALTER DATABASE "{template}_part" RENAME TO "{template}"')
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
