"""python -m tests.benchmarks [rows …]: measures on SQLite and PostgreSQL, prints and writes the tables."""

import sys

from tests import postgres

from . import child, page

SIZES = ("12000", "60000")
ONE = "tests.benchmarks.one"


def main(*sizes):
    sizes = sizes or SIZES
    found = [child.measured(ONE, *sizes)]
    if postgres.programs() is None:
        sys.stdout.write("PostgreSQL is not installed: measured on SQLite alone.\n")
    else:
        found.append(child.on_postgres(ONE, *sizes))
    text = page.tables(found)
    sys.stdout.write(text)
    page.write(text)


main(*sys.argv[1:])
