"""`python -m tests.mutation`: a sample of the mutants of `evaluation/rules`, each tried against the tests reaching it.

A mutant that no test notices, a survivor, is printed with its difference: a rule that no test holds, or a change that
changes nothing. The same seed draws the same sample. On SQLite, one process at a time.
"""

import argparse
import os
import pickle
import subprocess
import sys
import tempfile
from itertools import islice
from pathlib import Path

from tests.mutation.changes import sample_of

FOLDER = Path("evaluation/rules")
TESTS = ("tests/rules", "tests/models", "tests/process", "tests/architecture/test_tables.py")
LEFT_OUT = ("demo_password.py", "demo_data.py")  # a password and rows of the demo: no rules of the product


def main() -> int:
    arguments = parsed()
    paths = [path for path in sorted(FOLDER.glob("*.py")) if path.name not in LEFT_OUT]
    number, mutants = sample_of(paths, arguments.seed)
    drawn = enumerate(islice(mutants, arguments.sample), 1)
    sample = {
        place: mutant for place, mutant in drawn if place >= arguments.first and arguments.only in str(mutant.path)
    }
    print(f"{number} mutants of {FOLDER}, {len(sample)} are tried (seed {arguments.seed})", flush=True)
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        chosen = Path(folder, "mutants.pickle")
        chosen.write_bytes(pickle.dumps(sample))
        command = [sys.executable, "-m", "pytest", "-p", "tests.mutation.trial", "-q", "-s", *TESTS]
        environment = os.environ | {"MUTANTS": str(chosen), "HYPOTHESIS_PROFILE": "mutants", "TMPDIR": folder}
        return subprocess.run(command, env=environment, check=False).returncode


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("--sample", type=int, default=300, help="how many mutants are drawn")
    parser.add_argument("--first", type=int, default=1, help="the number of the first of them that is tried")
    parser.add_argument("--seed", default="rules", help="another seed draws another sample")
    parser.add_argument("--only", default="", help="those of the sample whose path contains this")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
