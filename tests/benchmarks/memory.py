"""The peak of memory of one import, in bytes, told by a process of its own.

python -m tests.benchmarks.memory idle|plain|product CODE FILE
"""

import os
import resource
import subprocess
import sys
from pathlib import Path

from .rounds import clear

WHO = ("idle", "plain", "product")


def peaks(made, path):
    """{who: bytes} for one province and one workbook."""
    found = {}
    for who in WHO:
        found[who] = _peak(who, made.cycle.province.code, path)
        clear()
    return found


def _peak(who, code, path):
    command = [sys.executable, "-m", "tests.benchmarks.memory", who, code, str(path)]
    return int(subprocess.run(command, check=True, capture_output=True, text=True, env=os.environ).stdout)


def main(who, code, path):
    import django  # a process of its own: settings are named by the parent

    django.setup()
    from . import plain, product, world  # models are ready now

    data, made = Path(path).read_bytes(), world.found(code)
    if who == "plain":
        plain.lines(made, data)
    elif who == "product":
        product.write(product.confirm(product.trial(product.upload(made, data))))
    sys.stdout.write(str(peak()))


def peak():
    """Linux lets a child begin with its parent's peak in `getrusage`; what the kernel says of the process does not."""
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    for line in lines:
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    main(*sys.argv[1:])
