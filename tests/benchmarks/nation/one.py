"""All measurements in the empty database that the environment names, and in a copy of it that keeps one province.

Prints one JSON object. Works in DATA_DIR, which the caller makes and removes.
"""

import json
import os
import sys
import time

from . import questions, ready, turns

PROVINCE = "province"  # the database that keeps it


def main(size):
    ready.set_up()
    from django.core.management import call_command

    from . import closing, rows, verbs  # models are ready now

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    tell("migrated")
    seconds = {"seed": timed(call_command, "seed_demo", until="festival", agencies=size["agencies"], verbosity=0)}
    rows.vacuum()
    rows.copy_database(PROVINCE)
    rows.work_alone()
    tell("the province is seeded")
    nation = {"provinces": size["provinces"], "years": size["years"]}
    seconds["make_nation"] = timed(call_command, "make_nation", **nation, verbosity=0)
    rows.vacuum()
    tell("the nation is made")
    counted, url = rows.counted(), os.environ["DATABASE_URL"]
    with questions.answered_by(f"{url.rpartition('/')[0]}/{PROVINCE}") as province, questions.answered_by(url) as whole:
        pages = turns.measure(size["people"], province, whole)
    tell("the pages are measured")
    found = {
        "size": size,
        "seconds": seconds,
        "rows": counted,
        "pages": pages,
        "verbs": verbs.measure(),
        "closing": closing.measure(),
    }
    sys.stdout.write(json.dumps(found))


def tell(sentence):
    """Where the measuring has come to, for whoever waits for it."""
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {sentence}\n")


def timed(work, *args, **kwargs):
    """Wall seconds of a call."""
    started = time.perf_counter()
    work(*args, **kwargs)
    return time.perf_counter() - started


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
