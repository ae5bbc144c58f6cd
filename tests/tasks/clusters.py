"""A site of its own for real clusters: a scratch database and folder, shared by this process and theirs.

The database is a copy of the empty one that the tests were given, so that nothing has to be migrated again. Clusters
run in process groups of their own: a SIGKILL of django-q2's main process alone would leave its workers behind.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.test import override_settings
from django_q.models import OrmQ, Task

from tests import snapshots

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 180  # seconds; nothing here is timed, this only ends a test that would wait for ever


def free_port():
    """A port of this machine on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(condition, *, seconds=PATIENCE):
    """What `condition` gives, as soon as it is true."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)
    return found


class Cluster:
    """`manage.py qcluster` in a process group of its own; `hold` names the function at which its workers stop."""

    def __init__(self, site, *, hold="", workers=1, guard_cycle=1):
        for mark in ("held", "released"):
            (site.folder / mark).unlink(missing_ok=True)
        self.site = site
        environment = site.environment | {"HOLD": hold, "WORKERS": str(workers), "GUARD_CYCLE": str(guard_cycle)}
        with (site.folder / "clusters.log").open("a") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "qcluster"],
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def wait_until_held(self):
        wait_until((self.site.folder / "held").exists)

    def release(self):
        (self.site.folder / "released").touch()

    def kill(self):
        """SIGKILL for the main process and all its workers at once."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class Site:
    def __init__(self, folder, database_url):
        self.folder, self.clusters = folder, []
        self.environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.tasks.cluster_settings",
            "DATA_DIR": str(folder),
            "SECRET_KEY": settings.SECRET_KEY,
            "LOG_LEVEL": "WARNING",
        }
        if database_url:
            self.environment["DATABASE_URL"] = database_url

    def cluster(self, **kwargs):
        self.clusters.append(Cluster(self, **kwargs))
        return self.clusters[-1]

    def kill_all(self):
        while self.clusters:
            self.clusters.pop().kill()

    def rest(self):
        """Wait until nothing is queued or under way."""
        wait_until(lambda: not OrmQ.objects.exists())

    def results(self):
        return [task.result for task in Task.objects.order_by("started")]


@contextmanager
def scratch_site(folder):
    """A Site in `folder`; the default connection of this process is its database meanwhile."""
    usual = connection.settings_dict["NAME"]
    name = copy_of_database(usual, folder)
    shared = {"CACHES": shared_caches(folder), "MEDIA_ROOT": folder / "media"}
    switch_to(name)
    site = Site(folder, database_url(name))
    try:
        with override_settings(**shared):
            if not on_sqlite():
                call_command("createcachetable", verbosity=0)
            try:
                yield site
            finally:
                site.kill_all()
    finally:
        switch_to(usual)
        drop(name)


def on_sqlite():
    return connection.vendor == "sqlite"


def shared_caches(folder):
    """As in `backoffice.settings`."""
    if on_sqlite():
        return {
            "default": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": folder / "cache"}
        }
    return {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}


def switch_to(name):
    connections.close_all()
    connection.settings_dict["NAME"] = name
    snapshots.read_content_types()


def copy_of_database(usual, folder):
    if on_sqlite():
        connection.ensure_connection()
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        return shutil.copy(usual, folder / "db.sqlite3")
    connections.close_all()
    name = f"{usual}_clusters"
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{usual}"')
    return name


def database_url(name):
    if on_sqlite():
        return ""
    place = connection.settings_dict
    return f"postgres://{place['USER']}:{quote(place['PASSWORD'])}@{quote(place['HOST'], safe='')}/{name}"


def drop(name):
    if not on_sqlite():
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
