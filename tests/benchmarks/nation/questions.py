"""A process that opens one database and answers questions about it, and the process that asks.

Two databases are compared in turns, and Django opens one for each process.
"""

import json
import os
import subprocess
import sys
from contextlib import contextmanager

from . import ready


@contextmanager
def answered_by(url):
    """A process with this DATABASE_URL; yields ask(name of a method of `pages.Walk`, arguments)."""
    process = subprocess.Popen(
        [sys.executable, "-m", __name__],
        env=os.environ | {"DATABASE_URL": url},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )

    def ask(name, *arguments):
        process.stdin.write(json.dumps([name, *arguments]) + "\n")
        process.stdin.flush()
        if answer := process.stdout.readline():
            return json.loads(answer)
        raise RuntimeError(f"no answer to {name} {arguments}")

    try:
        yield ask
    finally:
        process.stdin.close()  # the end of its questions
        process.wait()


def answer():
    """Read questions until there are no more; each is a line of JSON, and so is each answer."""
    answers, sys.stdout = sys.stdout, sys.stderr  # what else is printed does not stand among the answers
    ready.set_up()
    from .pages import Walk  # models are ready now

    walk = Walk()
    for question in sys.stdin:
        name, *arguments = json.loads(question)
        answers.write(json.dumps(getattr(walk, name)(*arguments)) + "\n")
        answers.flush()


if __name__ == "__main__":
    answer()
