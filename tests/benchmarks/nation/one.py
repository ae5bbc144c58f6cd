"""All measurements in the empty database that the environment names: one province first, then the nation.

Prints one JSON object. Works in DATA_DIR, which the caller makes and removes.
"""

import json
import logging
import sys
import time


def main(size):
    import django  # its settings come from the environment of this process

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from . import closing, pages, rows, verbs  # models are ready now

    logging.disable(logging.CRITICAL)  # pages that refuse somebody
    settings.ALLOWED_HOSTS = ["*"]
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    tell("migrated")
    seconds = {"seed": timed(call_command, "seed_demo", until="festival", agencies=size["agencies"], verbosity=0)}
    rows.vacuum()
    rows.work_alone()
    tell("seeded")
    province = pages.measure(size["people"])
    tell("the province is measured")
    nation = {"provinces": size["provinces"], "years": size["years"]}
    seconds["make_nation"] = timed(call_command, "make_nation", **nation, verbosity=0)
    rows.vacuum()
    tell("the nation is made")
    found = {
        "size": size,
        "seconds": seconds,
        "rows": rows.counted(),
        "province": province,
        "nation": pages.measure(size["people"], before=province),
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
