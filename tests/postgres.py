"""Run a command with DATABASE_URL of a PostgreSQL cluster of its own: python -m tests.postgres -- pytest -n 2

The cluster lives in a temporary folder, listens on a socket there, and is gone at the end.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "wal_level": "minimal"}
FAST |= {"max_wal_senders": "0", "max_wal_size": "4GB", "checkpoint_timeout": "1h", "shared_buffers": "256MB"}
FAST |= {"autovacuum": "off", "jit": "off"}  # tables of a few rows, queries asked once: nothing to gain by either


def programs() -> Path | None:
    """The newest folder that holds initdb and pg_ctl."""
    packaged = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]), reverse=True
    )
    if packaged:
        return packaged[0].parent
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


def postgres_user() -> list[str]:
    """initdb refuses to work as root: the prefix that runs a command as Debian's postgres."""
    if os.geteuid() != 0:
        return []
    if shutil.which("runuser"):
        return ["runuser", "-u", "postgres", "--"]
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--"]


@contextmanager
def cluster(folder: Path):
    """A running cluster in `folder`; yields its DATABASE_URL."""
    binaries, as_postgres = programs(), postgres_user()
    data, log = folder / "data", folder / "log"
    if as_postgres:
        owner = pwd.getpwnam("postgres")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    options = {"listen_addresses": "''", "unix_socket_directories": f"'{folder}'", **FAST}

    def run(program, *arguments):
        command = [*as_postgres, binaries / program, "-D", data, *arguments]
        subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL)

    run("initdb", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
    settings = " ".join(f"-c {name}={value}" for name, value in options.items())
    run("pg_ctl", "--wait", f"--log={log}", f"--options={settings}", "start")
    try:
        yield f"postgres://postgres@{quote(str(folder), safe='')}/evaluation"
    finally:
        run("pg_ctl", "--wait", "--mode=immediate", "stop")


def stop(signum, frame):
    sys.exit(128 + signum)


def main(command: list[str]) -> int:
    if programs() is None:
        sys.stdout.write("PostgreSQL is not installed: the tests were not repeated on it.\n")
        return 0
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGHUP, stop)
    folder = Path(tempfile.mkdtemp(prefix="evaluation-postgres-"))
    try:
        with cluster(folder) as url:
            child = subprocess.Popen(command, env=os.environ | {"DATABASE_URL": url})
            try:
                return child.wait()
            finally:
                child.terminate()
                child.wait(timeout=60)
    except KeyboardInterrupt:
        return 130
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    arguments = sys.argv[1:]
    sys.exit(main(arguments[1:] if arguments[:1] == ["--"] else arguments))
