"""What each part of a trial run of the scores workbook costs: python -m tests.benchmarks.checks [rows]

Prints a table in Markdown, in shares of the processor time of the whole run, on SQLite in a folder of its own.
"""

import os
import sys
import tempfile
import time
from collections import Counter

ROUNDS = 5  # of which each part's least time counts
PARTS = {  # what it is called: (module below evaluation.resources, class or "", function); no part stands in another
    "guard: harmful files, formulas, hidden rows": ("reading.reader", "", "guarded"),
    "values of the sheet by the library": ("reading.reader", "", "_rows"),
    "headings found": ("tables.table", "", "recognised"),
    "totals, units, signatures": ("tables.table", "Table", "_take_out_others"),
    "codes as they are seen": ("tables.table", "", "put_texts_as_seen"),
    "cells read by their columns": ("tables.table", "", "typed_column"),
    "warnings on cells": ("workbooks.base", "", "notes_on"),
    "cells that are not read": ("workbooks.base", "", "unread_cells"),
    "rows wider than the headings": ("workbooks.base", "", "wide"),
    "values that may be named": ("workbooks.base", "WorkbookResource", "reword"),
    "same key twice": ("workbooks.base", "WorkbookResource", "check_keys"),
    "standing rows": ("workbooks.scores", "Scores", "look_up"),
    "rights and windows": ("workbooks.figure_workbook", "line_verbs", "gates_of"),
    "usual rows: edited since, compared, limits, scored": ("workbooks.usual_rows", "UsualRows", "verdict"),
    "other rows: the same one by one": ("workbooks.scores", "Scores", "judge"),
    "other rows: scored, and figures far from last year's": ("workbooks.scores", "Scores", "check_all"),
    "list of what would change": ("workbooks.scores", "Scores", "plan_of"),
}


def timed(function, name, spent):
    """The function, which adds its processor time to `spent`; what it yields is made at once."""

    def work(*args, **kwargs):
        start = time.thread_time()
        result = function(*args, **kwargs)
        result = list(result) if hasattr(result, "__next__") else result
        spent[name] += time.thread_time() - start
        return result

    return work


def main(rows="12000"):
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "backoffice.settings"}
        import django  # its settings come from the environment

        django.setup()
        from importlib import import_module

        from django.core.management import call_command

        from . import books, product, world
        from .imports import PER_AGENCY
        from .rounds import clear

        call_command("migrate", verbosity=0)
        call_command("createcachetable")
        made = world.make("checks", agencies=int(rows) // 75, **PER_AGENCY)
        data, spent, least = books.filled(made), Counter(), {}
        for name, (module, owner, function) in PARTS.items():
            place = import_module(f"evaluation.resources.{module}")
            place = getattr(place, owner) if owner else place
            setattr(place, function, timed(getattr(place, function), name, spent))
        from evaluation.resources import runs  # the parts are timed in the thread that works

        runs.try_run = timed(runs.try_run, "whole", spent)
        runs.JOBS = dict.fromkeys(runs.JOBS, runs.try_run)
        for _round in range(ROUNDS):
            clear()
            run = product.upload(made, data)
            spent.clear()
            product.trial(run)
            least = {name: min(taken, least.get(name, taken)) for name, taken in spent.items()}
    whole = least.pop("whole")
    sys.stdout.write("| Part of the trial run | share |\n| --- | --- |\n")
    for name, taken in sorted(least.items(), key=lambda pair: -pair[1]):
        sys.stdout.write(f"| {name} | {taken / whole:.1%} |\n")
    sys.stdout.write(f"| everything else | {1 - sum(least.values()) / whole:.1%} |\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
