"""What the numbers were measured on, without names or paths of the machine."""

import os
import platform
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
