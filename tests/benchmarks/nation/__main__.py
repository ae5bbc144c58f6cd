"""python -m tests.benchmarks.nation [--agencies 16 --provinces 4 --years 3]: measures and writes docs/benchmarks.md."""

import argparse
import json
import sys

from tests import postgres

from .. import child, page
from . import tables

PEOPLE = ("manager", "agency", "headquarters", "evaluator", "administrator")
FIRST, LAST = "<!-- nation: first line -->", "<!-- nation: last line -->"


def arguments():
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.nation", description=__doc__)
    parser.add_argument("--agencies", type=int, default=16, help="agencies of a province, 1 to 64 (16)")
    parser.add_argument("--provinces", type=int, default=4, help="provinces of the nation, 1 to 31 (4)")
    parser.add_argument("--years", type=int, default=3, help="cycles of each province (3)")
    parser.add_argument("--people", nargs="*", choices=PEOPLE, default=PEOPLE, help="who looks at pages (all)")
    parser.add_argument("--print", action="store_true", help="print the tables without writing them")
    return parser.parse_args()


def main():
    if postgres.programs() is None:
        sys.exit("PostgreSQL is not installed, and a nation is measured on it alone.")
    options = arguments()
    size = {name: getattr(options, name) for name in ("agencies", "provinces", "years", "people")}
    text = tables.text(child.on_postgres("tests.benchmarks.nation.one", json.dumps(size)))
    sys.stdout.write(text)
    if not options.print:
        page.write(text, first=FIRST, last=LAST)


main()
