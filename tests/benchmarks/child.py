"""A measurement in a process, a folder and a database of its own, without what the environment says of services."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests import postgres

OUTSIDE = ("DATABASE_URL", "REDIS_URL", "S3_BUCKET", "SMTP_HOST", "SITE_URL", "DEBUG", "SECRET_KEY", "UPLOAD_MB")


def measured(module, *arguments, **where):
    """What `python -m module arguments` prints as JSON; `where` are variables of its environment."""
    own = {name: value for name, value in os.environ.items() if name not in OUTSIDE}
    with tempfile.TemporaryDirectory(prefix="evaluation-benchmarks-") as folder:
        env = own | {"DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "backoffice.settings"} | where
        command = [sys.executable, "-m", module, *arguments]
        return json.loads(subprocess.run(command, env=env, check=True, stdout=subprocess.PIPE).stdout)


def on_postgres(module, *arguments):
    """`measured` on a PostgreSQL cluster of its own."""
    import psycopg  # SQLite alone needs none

    folder = Path(tempfile.mkdtemp(prefix="evaluation-postgres-"))
    try:
        with postgres.cluster(folder) as url:
            with psycopg.connect(url.removesuffix("evaluation") + "postgres", autocommit=True) as server:
                server.execute("CREATE DATABASE evaluation")
            return measured(module, *arguments, DATABASE_URL=url)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
