"""python -m tests.benchmarks [rows …]: measures on SQLite and PostgreSQL, prints and writes the tables."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests import postgres

from . import page

SIZES = ("12000", "60000")
OUTSIDE = ("DATABASE_URL", "REDIS_URL", "S3_BUCKET", "SMTP_HOST", "SITE_URL", "DEBUG", "SECRET_KEY", "UPLOAD_MB")


def measured(sizes, **where):
    """What one child found on its database, in a folder of its own."""
    own = {name: value for name, value in os.environ.items() if name not in OUTSIDE}
    with tempfile.TemporaryDirectory(prefix="evaluation-benchmarks-") as folder:
        env = own | {"DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "backoffice.settings"} | where
        command = [sys.executable, "-m", "tests.benchmarks.one", *sizes]
        return json.loads(subprocess.run(command, env=env, check=True, stdout=subprocess.PIPE).stdout)


def on_postgres(sizes):
    import psycopg  # SQLite alone needs none

    folder = Path(tempfile.mkdtemp(prefix="evaluation-postgres-"))
    try:
        with postgres.cluster(folder) as url:
            with psycopg.connect(url.removesuffix("evaluation") + "postgres", autocommit=True) as server:
                server.execute("CREATE DATABASE evaluation")
            return measured(sizes, DATABASE_URL=url)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main(*sizes):
    sizes = sizes or SIZES
    found = [measured(sizes)]
    if postgres.programs() is None:
        sys.stdout.write("PostgreSQL is not installed: measured on SQLite alone.\n")
    else:
        found.append(on_postgres(sizes))
    text = page.tables(found)
    sys.stdout.write(text)
    page.write(text)


main(*sys.argv[1:])
