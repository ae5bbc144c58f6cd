"""All measurements on the database that the environment names: python -m tests.benchmarks.one 12000 60000

Prints one JSON object. Works in DATA_DIR, which the caller makes and removes.
"""

import json
import sys
import tempfile
from pathlib import Path


def main(*sizes):
    import django  # its settings come from the environment of this process

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    from . import imports, year  # models are ready now

    settings.LOGGING_CONFIG = None
    call_command("migrate", verbosity=0)
    call_command("createcachetable")
    with tempfile.TemporaryDirectory() as folder:
        found = {
            "database": _version(connection),
            "year": year.measure(times=5),
            "stock": imports.measure_stock(times=2),
            "imports": [imports.measure(int(size), times=5 if int(size) <= 12_000 else 3) for size in sizes],
            "memory": [imports.memory(int(size), Path(folder)) for size in sizes],
        }
    sys.stdout.write(json.dumps(found))


def _version(connection):
    with connection.cursor() as cursor:
        cursor.execute("SELECT sqlite_version()" if connection.vendor == "sqlite" else "SHOW server_version")
        return f"{connection.display_name} {cursor.fetchone()[0].split()[0]}"


if __name__ == "__main__":
    main(*sys.argv[1:])
