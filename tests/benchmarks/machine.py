"""What the numbers were measured on, without names or paths of the machine."""

import os
import platform
import socket
from importlib.metadata import version
from pathlib import Path

PACKAGES = ("Django", "psycopg", "python-calamine", "openpyxl", "django-import-export")


def described():
    """[(what, value)] of this machine and the versions that matter."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    system = platform.freedesktop_os_release()["PRETTY_NAME"] if platform.system() == "Linux" else platform.platform()
    return [
        ("processor", f"{_processor()}, {os.cpu_count()} cores"),
        ("memory", f"{memory:.0f} GiB"),
        ("system", f"{system}, {platform.machine()}"),
        ("Python", platform.python_version()),
        *((package, version(package)) for package in PACKAGES),
    ]


def _processor():
    about = Path("/proc/cpuinfo")
    lines = about.read_text().splitlines() if about.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or "unknown"


def cpu_seconds(pid):
    """The processor time of a process and all its children so far, ended ones too, in seconds (Linux)."""
    seconds, waiting = 0.0, [pid]
    while waiting:
        process = Path(f"/proc/{waiting.pop()}")
        try:
            fields = (process / "stat").read_text().rpartition(")")[2].split()
            waiting += [int(child) for task in (process / "task").iterdir() for child in _children(task)]
        except FileNotFoundError:  # it ended meanwhile; its parent counts it
            continue
        seconds += sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
    return seconds


def _children(task):
    return (task / "children").read_text().split()


def free_port():
    """A port on this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
